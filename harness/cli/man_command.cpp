// SPDX-License-Identifier: Apache-2.0
// Man pages, made from the same declaration that parses the command line: one for the program, one for each command.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "harness/cli/command_line.h"
#include "harness/cli/commands.h"
#include "harness/cli/context.h"
#include "harness/support/files.h"
#include "harness/support/text.h"

namespace aios {
namespace {

std::string roff(std::string_view text) {
  std::string out;
  for (const auto& line : split(text, '\n')) {
    if (!out.empty()) out += '\n';
    if (!line.empty() && (line[0] == '.' || line[0] == '\'')) out += "\\&";
    for (const char c : line) {
      if (c == '\\') {
        out += "\\e";
      } else if (c == '-') {
        out += "\\-";
      } else {
        out += c;
      }
    }
  }
  return out;
}

std::string options_of(const CLI::App& command) {
  std::string text;
  for (const auto* option : command.get_options()) {
    std::string name = option->get_name(true, true);
    std::string form = name;
    if (option->nonpositional() && option->get_type_size() != 0) form += " " + option->get_type_name();
    text += fmt::format(".TP\n.B {}\n{}\n", roff(form), roff(option->get_description()));
  }
  return text;
}

std::string command_page(const CLI::App& command) {
  const std::string name = "aios-bench-" + command.get_name();
  return fmt::format(
      ".TH {} 1 \"\" \"aios-bench {}\" \"aios-bench\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n.B aios-bench {}\n[options]\n"
      ".SH OPTIONS\n{}.SH EXAMPLES\n.nf\n{}\n.fi\n.SH SEE ALSO\n.BR aios-bench (1)\n",
      name, AIOS_VERSION, roff(name), roff(command.get_description()), roff(command.get_name()), options_of(command),
      roff(command.get_footer()));
}

std::string main_page(const CommandLine& line) {
  std::string commands;
  for (const auto* command : line.commands) {
    commands += fmt::format(".TP\n.B {}\n{}\n", roff(command->get_name()), roff(command->get_description()));
  }
  return fmt::format(
      ".TH aios-bench 1 \"\" \"aios-bench {}\" \"aios-bench\"\n.SH NAME\naios\\-bench \\- hardware-in-the-loop tests "
      "and "
      "benchmarks for kernels\n.SH SYNOPSIS\n.B aios\\-bench\nCOMMAND [options]\n.SH DESCRIPTION\n{}\n.SH COMMANDS\n{}"
      ".SH EXIT STATUS\n.nf\n{}\n.fi\n",
      AIOS_VERSION, roff(line.app->get_description()), commands, roff(line.app->get_footer()));
}

}  // namespace

CommandSpec man_command() {
  return {"man", "Write the man pages into a folder, or print one",
          "  aios-bench man run | man -l -\n  aios-bench man --output share/man/man1", [](FlagSet& set) -> Action {
            auto name = std::make_shared<std::string>();
            auto folder = std::make_shared<std::string>();
            set.add("COMMAND", *name, "The command whose page to print; without it the program's own");
            set.add("--output", *folder, "Write all pages into this folder", {.value = "DIR"});
            return [name, folder](Context& context) -> Result<int> {
              const CommandLine line = make_command_line();
              if (!folder->empty()) {
                TRY(make_folders(*folder));
                TRY(write_file_atomic(fs::path(*folder) / "aios-bench.1", main_page(line)));
                for (const auto* page : line.commands) {
                  TRY(write_file_atomic(fs::path(*folder) / ("aios-bench-" + page->get_name() + ".1"),
                                        command_page(*page)));
                }
                return kExitMet;
              }
              if (name->empty()) {
                context.print(main_page(line));
                return kExitMet;
              }
              std::vector<std::string> names;
              for (const auto* page : line.commands) {
                names.push_back(page->get_name());
                if (page->get_name() != *name) continue;
                context.print(command_page(*page));
                return kExitMet;
              }
              return config_error(fmt::format("there is no command '{}'{}", *name, did_you_mean(*name, names)));
            };
          }};
}

}  // namespace aios
