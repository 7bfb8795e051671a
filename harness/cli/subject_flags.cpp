// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/subject_flags.h"

#include <fmt/format.h>

#include "harness/build/kernel_build.h"
#include "harness/manifest/kernel_manifest.h"
#include "harness/support/text.h"

namespace aios {

void add_subject_flags(FlagSet& set, SubjectFlags& flags) {
  set.add("--append", flags.append, "Words added to the kernel's command line (may be repeated)",
          {.value = "WORDS", .group = "Subject"});
  set.add("--sysctl", flags.sysctls, "Set in the guest before the scenario (may be repeated)",
          {.value = "K=V", .group = "Subject"});
  set.add("--config", flags.configs,
          "Options added to the kernel's configuration, with the last word (may be repeated)",
          {.value = "FILE", .group = "Subject"});
}

Result<Subject> resolve_subject(const Context& context, const std::string& text, const SubjectFlags& flags) {
  Subject subject = TRY(parse_subject(text, list_kernels(context.paths.kernels())));
  for (const auto& words : flags.append) {
    for (auto& word : split_words(words)) subject.append.push_back(std::move(word));
  }
  for (const auto& pair : flags.sysctls) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      return config_error(fmt::format("'{}' is not of the form K=V", pair), "--sysctl",
                          "for example --sysctl vm.overcommit_memory=1");
    }
    subject.sysctls.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
  }
  for (const auto& config : flags.configs) {
    std::error_code code;
    if (!fs::is_regular_file(config, code)) {
      return config_error(fmt::format("there is no file '{}'", config), "--config",
                          "a fragment of lines such as CONFIG_AUDIT=y");
    }
    subject.configs.push_back(fs::absolute(config).lexically_normal());
  }
  return subject;
}

Result<BuiltKernel> build_subject(const Context& context, const fs::path& cache, const Subject& subject,
                                  const std::vector<std::string>& markers, int jobs) {
  BuildEnv env{cache, &context.progress, &context.cancel, jobs};
  if (subject.is_image()) return image_as_is(subject, markers, env);
  const Kernel kernel = TRY(find_kernel(context.paths.kernels(), subject.kernel));
  return build_kernel(kernel, subject, env);
}

}  // namespace aios
