// SPDX-License-Identifier: Apache-2.0
// How a command declares its flags. A thin face before CLI11, so that its large header is read once and not by every
// command; what a flag writes into must outlive the parsing (commands hold it in a shared_ptr).
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace aios {

struct FlagForm {
  bool required = false;
  std::string value;                 // what stands for the value in --help: "FILE", "N"
  std::vector<std::string> choices;  // only these words
  bool show_default = false;
  std::string group;
};

class FlagSet {
 public:
  explicit FlagSet(CLI::App& app) : app_(app) {}

  // "SUBJECT" is positional, "--json" and "-j,--jobs" are flags.
  void add(const std::string& name, bool& target, const std::string& help);
  void add(const std::string& name, std::string& target, const std::string& help, const FlagForm& form = {});
  void add(const std::string& name, int& target, const std::string& help, const FlagForm& form = {});
  void add(const std::string& name, double& target, const std::string& help, const FlagForm& form = {});
  // May be repeated; a positional one takes all words that are left.
  void add(const std::string& name, std::vector<std::string>& target, const std::string& help,
           const FlagForm& form = {});

 private:
  CLI::App& app_;
};

}  // namespace aios
