// SPDX-License-Identifier: Apache-2.0
#include "harness/run/boot_profile.h"

#include "harness/image/modules.h"
#include "harness/run/profile_assembly.h"

namespace aios {
namespace {

constexpr std::uint64_t kMaxRawProfile = 128ULL << 20;

Result<std::string> read_if_there(const fs::path& path) {
  std::error_code code;
  if (path.empty() || !fs::is_regular_file(path, code)) return std::string();
  return read_file(path);
}

Result<std::vector<ModuleFile>> module_files(const BuiltKernel& kernel) {
  std::vector<ModuleFile> out;
  if (!kernel.load_modules.empty()) {
    for (GuestModule& module : TRY(collect_modules(kernel.modules, kernel.load_modules))) {
      out.push_back({std::move(module.name), std::move(module.content)});
    }
  }
  for (const fs::path& file : kernel.module_files) out.push_back({file.stem().string(), TRY(read_file(file))});
  return out;
}

Result<CodeSources::Program> guest_program(const std::string& name, const fs::path& file, const fs::path& symbols) {
  return CodeSources::Program{name, TRY(read_if_there(file)), TRY(read_if_there(symbols))};
}

}  // namespace

Result<Profile> boot_profile(const ProfiledBoot& from) {
  const RawProfile raw = TRY(parse_profile_counts(TRY(read_file(from.file, kMaxRawProfile)), "the plugin's profile"));
  CodeSources sources;
  sources.system_map = TRY(read_if_there(from.kernel->system_map));
  sources.vmlinux = TRY(read_if_there(from.kernel->vmlinux));
  sources.modules = TRY(module_files(*from.kernel));
  // A kernel that is no Linux is an ELF file like any program, if it is one.
  if (!from.kernel->linux_kernel) {
    sources.programs.push_back(TRY(guest_program("kernel", from.kernel->image, from.kernel->image)));
  }
  const Scenario* scenario = from.plan->scenario(from.boot->scenario);
  if (scenario != nullptr && !scenario->program.empty()) {
    const std::string& name = scenario->program;
    sources.programs.push_back(TRY(guest_program(name, from.guest / "bin" / name, from.guest / "symbols" / name)));
  }
  sources.programs.push_back(TRY(guest_program("init", from.guest / "init", from.guest / "symbols/init")));
  const CodeNames names(sources, raw);
  ProfileInput input;
  input.raw = &raw;
  input.names = &names;
  input.counts = from.counts;
  input.messages = from.messages;
  input.scenario = from.boot->scenario;
  input.boot = from.boot->index;
  return assemble_profile(input);
}

}  // namespace aios
