// SPDX-License-Identifier: Apache-2.0
// What a frame says, once its JSON has been read and every field checked: a Message is a value that the rest of the
// house can use without looking again. Unknown keys are left alone (a newer guest may send more); an unknown type, a
// missing or misshapen field, a number that is not finite or a text past its bound makes the whole message an error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/model/metric.h"
#include "harness/support/result.h"

namespace aios::message {

struct Hello {  // PID 1 runs
  int version = 0;
  std::string kernel, command_line;
};
struct Ready {};  // before the first scenario
struct Begin {
  std::string scenario;
};
struct Region {             // the host counted it; this says what it was
  std::int64_t number = 0;  // the plugin's region, in order of appearance since boot
  std::string name;         // metric
  std::int64_t iterations = 0;
  std::string size;
};
struct Sample {  // what the guest measured itself
  std::string metric;
  Unit unit = Unit::count;
  double value = 0;
  std::int64_t iterations = 1;
  std::vector<RunLength> values;
  std::string detail;
};
struct Clock {  // the guest clock's figure for a region: the cross-check
  std::int64_t number = 0;
  double ticks = 0;
};
struct Check {
  std::string name;
  bool ok = false, skipped = false;
  std::string detail;
};
struct End {
  std::string scenario;
  int exit = 0;    // exit code
  int signal = 0;  // not 0: it was killed by this signal
  std::string detail;
  bool success() const { return exit == 0 && signal == 0; }
};
struct Log {
  std::string text;
};
struct Done {
  std::int64_t tainted = 0;  // Linux's taint flags: 512 after a WARN, 128 after an oops
};

}  // namespace aios::message

namespace aios {

using Message = std::variant<message::Hello, message::Ready, message::Begin, message::Region, message::Sample,
                             message::Clock, message::Check, message::End, message::Log, message::Done>;

Result<Message> decode_message(std::string_view body);

}  // namespace aios
