// SPDX-License-Identifier: Apache-2.0
#include "harness/build/kernel_build.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/build/linux_artifact.h"
#include "harness/build/linux_build.h"
#include "harness/build/make_build.h"
#include "harness/build/module_build.h"
#include "harness/build/prebuilt_kernel.h"
#include "harness/build/running_kernel.h"
#include "harness/support/text.h"

namespace aios {
namespace {

// The fragments of the command line come last, so that they have the last word.
Kernel with_configs(const Kernel& kernel, const Subject& subject) {
  Kernel out = kernel;
  const auto add = [&](std::vector<ConfigFragment>& fragments) {
    for (const auto& config : subject.configs) fragments.push_back({config, {}});
  };
  if (out.variants.empty()) add(out.fragments);
  for (auto& variant : out.variants) add(variant.fragments);
  return out;
}

Status refuse_without_kconfig(const Kernel& kernel) {
  if (kernel.source.kind == SourceKind::image || kernel.source.kind == SourceKind::debian_image ||
      kernel.source.kind == SourceKind::running) {
    return config_error(fmt::format("{} is prebuilt: nothing was asked of its configuration", kernel.name));
  }
  if (kernel.make) return config_error(fmt::format("{} is built by a plain make: it has no Kconfig", kernel.name));
  return {};
}

Status refuse_ref_and_variant(const Kernel& kernel, const Subject& subject) {
  if (!subject.configs.empty()) {
    return config_error(fmt::format("{} is prebuilt: its configuration cannot be changed", kernel.name), "--config");
  }
  if (!subject.ref.empty()) {
    return config_error(
        fmt::format("{} is prebuilt and has no refs, so '@{}' means nothing", kernel.name, subject.ref));
  }
  if (!subject.variant.empty() && kernel.variants.empty()) {
    return config_error(fmt::format("{} has no variants, so ':{}' means nothing", kernel.name, subject.variant));
  }
  return {};
}

Status refuse_modules(const Kernel& kernel, const Subject& subject) {
  if (subject.with_modules.empty() && subject.without_modules.empty()) return {};
  return config_error(
      fmt::format("{} is the kernel that runs here: nothing is loaded into it or taken out", kernel.name));
}

// How to find out what modules are built against, where any can be; asked only where one is wanted.
using FindModuleTarget = std::function<Result<ModuleTarget>()>;

Status add_modules(const Kernel& kernel, const Subject& subject, const FindModuleTarget& target, BuiltKernel& built,
                   const BuildEnv& env) {
  built.load_modules = kernel.modules;
  for (const auto& module : subject.with_modules) {
    if (target && has_module_source(kernel, module)) {
      auto against = target();
      if (!against.ok()) return std::move(against).error().wrap(fmt::format("'+{}'", module));
      built.module_files.push_back(TRY(build_module(kernel, *against, module, env)));
    } else if (has_module(built, module)) {
      built.load_modules.push_back(module);
    } else {
      return config_error(
          fmt::format("'+{}': {} has no module of that name", module, kernel.name),
          (kernel.folder / "modules").string(),
          "a module is a folder there or in kernels/codex, or one that the kernel's own configuration builds");
    }
  }
  for (const auto& module : subject.without_modules) {
    if (std::erase(built.load_modules, module) == 0) {
      return config_error(fmt::format("'-{}': {} does not load a module of that name{}", module, kernel.name,
                                      did_you_mean(module, built.load_modules)));
    }
  }
  return {};
}

}  // namespace

Result<BuiltKernel> build_kernel(const Kernel& kernel, const Subject& subject, const BuildEnv& env) {
  BuiltKernel built;
  if (kernel.source.kind == SourceKind::image) {
    TRY(refuse_ref_and_variant(kernel, subject));
    built = TRY(take_image(kernel.source.location, kernel.name, env));
  } else if (kernel.source.kind == SourceKind::running) {
    TRY(refuse_ref_and_variant(kernel, subject));
    TRY(refuse_modules(kernel, subject));
    built = TRY(running_kernel(kernel.name));
  } else if (kernel.source.kind == SourceKind::debian_image) {
    TRY(refuse_ref_and_variant(kernel, subject));
    built = TRY(fetch_prebuilt(kernel, env));
    const auto headers = [&] { return module_target(built, package_version_of(built), env); };
    TRY(add_modules(kernel, subject, headers, built, env));
  } else if (kernel.make) {
    built = TRY(build_with_make(kernel, subject, env));
    TRY(add_modules(kernel, subject, nullptr, built, env));
  } else {
    const Kernel configured = with_configs(kernel, subject);
    const LinuxPlan plan = TRY(plan_linux(configured, subject.ref, subject.variant, env));
    const bool cached = TRY(build_linux(configured, plan, env));
    built = TRY(read_linux_artifact(plan.artifact));
    built.from_cache = cached;
    TRY(add_modules(
        kernel, subject, [&] { return module_target(plan, built); }, built, env));
  }
  built.subject = subject.text();
  built.name = kernel.name;
  built.command_line = kernel.command_line;
  built.markers = kernel.markers;
  built.linux_kernel = kernel.linux_kernel;
  return built;
}

Result<BuiltKernel> image_as_is(const Subject& subject, std::vector<std::string> markers, const BuildEnv& env) {
  BuiltKernel built = TRY(take_image(subject.image, subject.text(), env));
  built.markers = std::move(markers);
  return built;
}

Result<ConfiguredTree> configure_only(const Kernel& kernel, const Subject& subject, const BuildEnv& env) {
  TRY(refuse_without_kconfig(kernel));
  const Kernel configured = with_configs(kernel, subject);
  return configure_linux(configured, TRY(plan_linux(configured, subject.ref, subject.variant, env)), env);
}

Result<ConfigAudit> audit_kernel(const Kernel& kernel, const Subject& subject, const BuildEnv& env) {
  TRY(refuse_without_kconfig(kernel));
  const Kernel configured = with_configs(kernel, subject);
  return audit_linux(configured, TRY(plan_linux(configured, subject.ref, subject.variant, env)), env);
}

}  // namespace aios
