// SPDX-License-Identifier: Apache-2.0
#include "harness/build/kernel_config.h"

#include <fmt/format.h>

#include <set>

#include "harness/support/hash.h"

namespace aios {
namespace {

constexpr const char* kBaseConfig = ".config.base";
constexpr const char* kAsked = ".config.asked";
constexpr const char* kDocumentConfig = ".config.document";

struct Maker {
  const MakeRun& make;
  const Toolchain& toolchain;
  const BuildEnv& env;

  Status run(std::vector<std::string> words) const {
    MakeRun quiet = make;
    quiet.title = "configuring";
    quiet.words = {"-s"};
    quiet.words.insert(quiet.words.end(), words.begin(), words.end());
    TRY(run_make(quiet, toolchain, env));
    return {};
  }

  // Kconfig's target (allnoconfig, alldefconfig) with these values given, the result in config_name.
  Result<ConfigOutcome> settle(const std::string& target, const std::string& values, const std::string& config_name,
                               const std::vector<OptionRequest>& requests) const {
    const fs::path asked = make.objects / (config_name + kAsked);
    TRY(write_file_atomic(asked, values));
    TRY(run({"KCONFIG_CONFIG=" + config_name, "KCONFIG_ALLCONFIG=" + asked.string(), target}));
    ConfigOutcome outcome{.values = parse_dot_config(TRY(read_file(make.objects / config_name))), .answers = {}};
    if (requests.empty()) return outcome;
    std::set<std::string> names;
    for (const auto& request : requests) names.insert(request.name);
    outcome.answers =
        TRY(ask_kconfig(make.source, make.objects, config_name, {names.begin(), names.end()}, toolchain, env));
    return outcome;
  }
};

Result<std::string> base_text(const ConfigPlan& plan, const Maker& maker) {
  if (plan.base_is_file) return plan.base;
  TRY(maker.run({fmt::format("KCONFIG_CONFIG={}", kBaseConfig), plan.base}));
  return read_file(maker.make.objects / kBaseConfig);
}

}  // namespace

std::vector<OptionRequest> ConfigPlan::requests() const {
  std::vector<OptionRequest> all;
  for (const auto& fragment : fragments) all.insert(all.end(), fragment.requests.begin(), fragment.requests.end());
  return all;
}

bool ConfigPlan::asks_for(std::string_view option) const {
  bool asked = base_is_file && config_value(parse_dot_config(base), option) == "y";
  for (const auto& request : requests()) {
    if (request.name == option) asked = request.value == "y";
  }
  return asked;
}

std::string ConfigPlan::identity() const {
  Sha256 hash;
  hash.field(base);
  for (const auto& request : requests()) hash.field(request.name).field(request.value);
  return hash.hex();
}

Result<ConfigPlan> plan_config(const Kernel& kernel, const KernelVariant* variant) {
  ConfigPlan plan{.base = kernel.base_config, .fragments = {}};
  if (plan.base.find('/') != std::string::npos) {
    plan.base = TRY(read_file(plan.base, 4U << 20));
    plan.base_is_file = true;
  }
  std::vector<ConfigFragment> files = kernel.fragments;
  if (variant != nullptr) files.insert(files.end(), variant->fragments.begin(), variant->fragments.end());
  for (const auto& file : files) {
    const std::string shown = file.path.lexically_relative(kernel.folder).string();
    plan.fragments.push_back({file.document, TRY(read_fragment(file.path, shown))});
  }
  return plan;
}

Result<ConfiguredTree> configure_kernel(const Kernel& kernel, const ConfigPlan& plan, const MakeRun& make,
                                        const Toolchain& toolchain, const BuildEnv& env) {
  const Maker maker{make, toolchain, env};
  const std::string base = TRY(base_text(plan, maker));
  const std::vector<OptionRequest> requests = plan.requests();

  std::vector<OptionRequest> promised;
  for (const auto& fragment : plan.fragments) {
    if (!fragment.document.empty()) promised.insert(promised.end(), fragment.requests.begin(), fragment.requests.end());
  }
  // A document's own way: `merge_config.sh .config overlay`, which fills in defaults.
  ConfigOutcome alone;
  if (!promised.empty())
    alone = TRY(maker.settle("alldefconfig", merge_requests(base, promised), kDocumentConfig, promised));

  const ConfigOutcome outcome = TRY(maker.settle("allnoconfig", merge_requests(base, requests), ".config", requests));
  ConfiguredTree configured{
      .values = outcome.values,
      .answers = outcome.answers,
      .audit = audit_config(kernel, plan.fragments, outcome, promised.empty() ? nullptr : &alone)};
  configured.audit.subject = make.subject;
  return configured;
}

}  // namespace aios
