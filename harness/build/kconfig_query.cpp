// SPDX-License-Identifier: Apache-2.0
#include "harness/build/kconfig_query.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/support/hash.h"
#include "harness/support/json_reads.h"
#include "harness/support/process.h"
#include "harness/support/text.h"

namespace aios {
namespace {

// The parser without its front ends (conf.o, mconf.o, ...), of whichever version the tree is.
Result<std::vector<std::string>> parser_objects(const fs::path& folder) {
  std::vector<std::string> objects;
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    const std::string leaf = it->path().filename().string();
    if (leaf.ends_with(".o") && !leaf.ends_with("conf.o")) objects.push_back(it->path().string());
  }
  std::sort(objects.begin(), objects.end());
  if (objects.empty()) return infra_fault("the kernel's make has not built its Kconfig parser", folder.string());
  return objects;
}

Result<fs::path> compile_query(const fs::path& source, const fs::path& objects, const BuildEnv& env) {
  const std::string identity = sha256(kKconfigQuerySource).substr(0, 16);
  const fs::path code_file = objects / "aios_kconfig_query.c";
  const fs::path program = objects / ("aios_kconfig_query." + identity);
  std::error_code code;
  if (fs::exists(program, code)) return program;
  TRY(write_file_atomic(code_file, kKconfigQuerySource));
  const fs::path unfinished = program.string() + ".unfinished";
  Command command{.argv = {"gcc", "-O1", "-w", "-D_GNU_SOURCE", "-I" + (source / "scripts/kconfig").string(),
                           "-I" + (source / "scripts/include").string(), "-o", unfinished.string(),
                           code_file.string()}};
  for (auto& object : TRY(parser_objects(objects / "scripts/kconfig"))) command.argv.push_back(std::move(object));
  TRY(run_checked(std::move(command), {.limit = 1U << 16, .cancel = env.cancel}));
  fs::rename(unfinished, program, code);
  if (code) return system_error("cannot rename into place", program.string(), code.value());
  return program;
}

// A Kconfig whose only purpose is to run the query with everything that make exports (srctree, SRCARCH, CC, ...).
std::string wrapper_kconfig(const fs::path& program, const std::string& config_name) {
  return fmt::format(
      "mainmenu \"query\"\n"
      "query-output := $(shell,{} Kconfig {} aios_query.asked aios_query.answers 2>aios_query.errors; echo $? "
      ">>aios_query.errors)\n"
      "config AIOS_QUERY\n\tbool\n",
      program.string(), config_name);
}

}  // namespace

Result<KconfigAnswers> ask_kconfig(const fs::path& source, const fs::path& objects, const std::string& config_name,
                                   const std::vector<std::string>& options, const Toolchain& toolchain,
                                   const BuildEnv& env) {
  const fs::path program = TRY(compile_query(source, objects, env));
  const fs::path answers_file = objects / "aios_query.answers";
  std::error_code code;
  fs::remove(answers_file, code);
  TRY(write_file_atomic(objects / "aios_query.asked", join(options, "\n") + "\n"));
  TRY(write_file_atomic(objects / "aios_query.Kconfig", wrapper_kconfig(program, config_name)));
  Command command{.argv = {"make", "-s", "-C", source.string(), "O=" + objects.string(),
                           "KBUILD_KCONFIG=" + (objects / "aios_query.Kconfig").string(), "listnewconfig"},
                  .env = make_environment(env)};
  for (auto& word : compiler_words(toolchain)) command.argv.push_back(std::move(word));
  TRY(run_command(std::move(command), {.limit = 1U << 16, .merge_stderr = true, .cancel = env.cancel}));
  auto text = read_file(answers_file);
  if (!text.ok()) {
    const auto errors = read_file(objects / "aios_query.errors", 1U << 16);
    return infra_fault("this kernel's Kconfig cannot be asked why options are off", source.string(),
                       errors.ok() ? std::string(trim(*errors)) : std::string());
  }
  KconfigAnswers answers;
  for (const auto& line : split(*text, '\n')) {
    if (line.empty()) continue;
    const Json object = TRY(parse_json(line, answers_file.string()));
    answers.insert_or_assign(string_or(object, "name"),
                             KconfigAnswer{.exists = flag(object, "exists"),
                                           .type = string_or(object, "type"),
                                           .value = string_or(object, "value"),
                                           .prompt = string_or(object, "prompt"),
                                           .under = string_or(object, "under"),
                                           .has_prompt = flag(object, "has_prompt"),
                                           .chosen_instead = string_or(object, "chosen_instead"),
                                           .missing = strings_of(object, "missing"),
                                           .root_causes = strings_of(object, "root_causes"),
                                           .selected_by = strings_of(object, "selected_by")});
  }
  return answers;
}

}  // namespace aios
