// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/flag_set.h"

#include <CLI/CLI.hpp>

namespace aios {
namespace {

void shape(CLI::Option* option, const FlagForm& form) {
  if (form.required) option->required();
  if (!form.value.empty()) option->type_name(form.value);
  if (!form.choices.empty()) option->check(CLI::IsMember(form.choices));
  if (form.show_default) option->capture_default_str();
  if (!form.group.empty()) option->group(form.group);
}

}  // namespace

void FlagSet::add(const std::string& name, bool& target, const std::string& help) { app_.add_flag(name, target, help); }

void FlagSet::add(const std::string& name, std::string& target, const std::string& help, const FlagForm& form) {
  shape(app_.add_option(name, target, help), form);
}

void FlagSet::add(const std::string& name, int& target, const std::string& help, const FlagForm& form) {
  CLI::Option* option = app_.add_option(name, target, help);
  option->check(CLI::NonNegativeNumber);
  shape(option, form);
}

void FlagSet::add(const std::string& name, double& target, const std::string& help, const FlagForm& form) {
  CLI::Option* option = app_.add_option(name, target, help);
  option->check(CLI::NonNegativeNumber);
  shape(option, form);
}

void FlagSet::add(const std::string& name, std::vector<std::string>& target, const std::string& help,
                  const FlagForm& form) {
  CLI::Option* option = app_.add_option(name, target, help);
  // One word each time, so that a flag never swallows the words behind it.
  if (name.starts_with('-')) option->allow_extra_args(false);
  shape(option, form);
}

}  // namespace aios
