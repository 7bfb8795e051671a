// SPDX-License-Identifier: Apache-2.0
// Shell completion, made from the same declaration that parses the command line.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "harness/cli/command_line.h"
#include "harness/cli/commands.h"
#include "harness/cli/context.h"
#include "harness/support/text.h"

namespace aios {
namespace {

std::vector<std::string> flags_of(const CLI::App& command) {
  std::vector<std::string> flags;
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) flags.push_back("--" + name);
  }
  return flags;
}

// What may stand after a command besides flags; names are asked of the program itself, so that they are never stale.
std::string words_of(const std::string& command) {
  if (command == "list") return "kernels scenarios machines metrics";
  if (command == "completion") return "bash zsh";
  if (command == "store") return "rebuild push pull verify list";
  if (command == "export") return "prometheus";
  if (command == "build" || command == "run" || command == "compare" || command == "gate" || command == "shell") {
    return "$(aios-bench list kernels --names 2>/dev/null)";
  }
  return {};
}

constexpr const char* kBashScript = R"script(# bash completion for aios-bench:  source <(aios-bench completion bash)
_aios_bench() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} words=
  case $previous in
    --scenario) COMPREPLY=($(compgen -W "core all $(aios-bench list scenarios --names 2>/dev/null)" -- "$current")); return ;;
    --machine) COMPREPLY=($(compgen -W "$(aios-bench list machines --names 2>/dev/null)" -- "$current")); return ;;
    --mode) COMPREPLY=($(compgen -W "exact timed auto" -- "$current")); return ;;
    --html|--markdown|--output|--machines) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{}" -- "$current"))
    return
  fi
  case ${{COMP_WORDS[1]}} in
{}  esac
  COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))
}}
complete -F _aios_bench aios-bench
)script";

std::string bash(const CommandLine& line) {
  std::string names;
  std::string cases;
  for (const auto* command : line.commands) {
    names += command->get_name() + " ";
    cases += fmt::format("    {}) words=\"{} {}\" ;;\n", command->get_name(), join(flags_of(*command), " "),
                         words_of(command->get_name()));
  }
  return fmt::format(fmt::runtime(kBashScript), names, cases);
}

std::string zsh_quoted(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      if (c == '[' || c == ']' || c == ':') out += '\\';
      out += c;
    }
  }
  return out;
}

std::string zsh(const CommandLine& line) {
  std::string commands;
  std::string cases;
  for (const auto* command : line.commands) {
    commands += fmt::format("    '{}:{}'\n", command->get_name(), zsh_quoted(command->get_description()));
    std::string arguments;
    for (const auto* option : command->get_options()) {
      for (const auto& name : option->get_lnames()) {
        arguments += fmt::format(" '--{}[{}]'", name, zsh_quoted(option->get_description()));
      }
    }
    const std::string words = words_of(command->get_name());
    const std::string rest =
        words.empty() ? "_files" : fmt::format("_alternative \"words:word:({})\" \"files:file:_files\"", words);
    cases += fmt::format("    {}) _arguments{} '*:argument:{{ {} }}' ;;\n", command->get_name(), arguments, rest);
  }
  return fmt::format(R"script(#compdef aios-bench
# zsh completion for aios-bench:  aios-bench completion zsh > "${{fpath[1]}}/_aios-bench"
_aios_bench() {{
  local -a commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
{}  esac
}}
compdef _aios_bench aios-bench
)script",
                     commands, cases);
}

}  // namespace

CommandSpec completion_command() {
  return {"completion", "Print the completion script for a shell", "  source <(aios-bench completion bash)",
          [](FlagSet& set) -> Action {
            auto shell = std::make_shared<std::string>();
            set.add("SHELL", *shell, "bash or zsh", {.required = true, .choices = {"bash", "zsh"}});
            return [shell](Context& context) -> Result<int> {
              const CommandLine line = make_command_line();
              context.print(*shell == "bash" ? bash(line) : zsh(line));
              return kExitMet;
            };
          }};
}

}  // namespace aios
