// SPDX-License-Identifier: Apache-2.0
// The inference program's command line:
//
//   inference [SCENARIO] [--exact TOKENS | --tokens TOKENS | --timed SECONDS] [--warm-up TOKENS]
//             [--arm NAME[:WORD,...]]... [--prefill] [--load]
//             [--hogs N] [--faults] [--io] [--memory-pressure] [--nice N] [--fifo PRIORITY]
//             [--model FILE] [--folder FOLDER] [--console]
//
// An arm is a measurement beside a load. Its words: hogs=N (processes that compute, N a processor), faults, io, memory
// (each one process), nice=N and fifo=PRIORITY (of the inference itself). The same as options of their own make one arm
// called `run`. --exact puts the host's marks around each token and reads the virtual clock; --tokens and --timed read
// the real one. --prefill and --load measure the prompt and the loading of the model, too.
#pragma once

#include <string>
#include <vector>

namespace aios::inference {

struct Load {
  int hogs = 0;  // a processor
  bool faults = false, io = false, memory = false;

  bool any() const { return hogs > 0 || faults || io || memory; }
};

struct Arm {
  std::string name;
  Load load;
  int nice = 0;
  int fifo = 0;  // a priority of SCHED_FIFO; 0: not
};

struct Options {
  std::string scenario = "inference";  // the metrics' names begin with it
  bool exact = false;
  long tokens = 0;     // so many; 0: for `seconds`
  double seconds = 1;  // of each arm
  long warm_up = 4;    // tokens under load that are not measured
  std::vector<Arm> arms;
  bool prefill = false, load = false;
  std::string load_way;  // of --load: this one alone
  std::string model;     // empty: the one that the program carries
  std::string folder = "/tmp";
  bool console = false;
  // What a background process of its own is told; nobody else uses it.
  std::string background;
  int slot = 0, counters = -1, gate = -1;
  std::string error;  // not empty: what was wrong with the command line
};

Options parse_options(int count, char** words);

}  // namespace aios::inference
