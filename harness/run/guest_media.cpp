// SPDX-License-Identifier: Apache-2.0
#include "harness/run/guest_media.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/run/board_conditions.h"
#include "harness/support/hash.h"

namespace aios {
namespace {

constexpr const char* kExtraModules = "/lib/modules/extra/";

constexpr const char* kLaterOrdersFile = "opt/aios/orders";  // kLaterOrders, as QEMU calls it
constexpr std::uint64_t kMostConfig = 16U << 20;

std::string extra_path(const fs::path& module) { return kExtraModules + module.filename().string(); }

// QEMU's, whoever started it.
bool has_fw_cfg(const MachineSpec& machine) { return machine.backend == "qemu" || machine.backend == "libvirt"; }

}  // namespace

Orders orders_of(const Plan& plan, const PlannedBoot& boot) {
  Orders orders;
  orders.mode = plan.exact() ? Mode::exact : Mode::timed;
  orders.sysctls = plan.sysctls;
  // A microvm has no power-off: it resets, and the machine takes that for its end.
  orders.end = plan.machine.board == "microvm" ? EndOrder::reboot : EndOrder::poweroff;
  if (plan.machine.board_settings && !plan.exact()) {
    orders.conditions = condition_orders(plan.machine.board_settings->conditions);
    orders.tell_throttling = true;
  }
  const Scenario* scenario = plan.scenario(boot.scenario);
  if (scenario == nullptr || scenario->program.empty()) return orders;
  RunOrder run;
  run.scenario = scenario->name;
  run.program = "/aios/bin/" + scenario->program;
  run.arguments = program_arguments(*scenario, plan.exact());
  if (!plan.exact()) run.deadline_seconds = scenario->deadline_seconds * plan.machine.deadline_scale;
  orders.runs.push_back(std::move(run));
  return orders;
}

bool orders_come_later(const Plan& plan, const PlannedBoot& boot, const BuiltKernel& kernel) {
  const Scenario* scenario = plan.scenario(boot.scenario);
  const bool asked = plan.exact() && !plan.black_box && !plan.frames && has_fw_cfg(plan.machine);
  if (!asked || scenario == nullptr || scenario->program.empty() || kernel.config.empty()) return false;
  // QEMU saves not every emulated device with the guest.
  if (!scenario->devices.empty()) return false;
  // A kernel that is locked down keeps its ports to itself.
  const auto locks = [](const std::string& word) { return word.starts_with("lockdown"); };
  if (std::any_of(plan.append.begin(), plan.append.end(), locks)) return false;
  if (std::any_of(kernel.command_line.begin(), kernel.command_line.end(), locks)) return false;
  const Result<std::string> config = read_file(kernel.config, kMostConfig);
  return config.ok() && config->find("\nCONFIG_X86_IOPL_IOPERM=y\n") != std::string::npos &&
         config->find("\nCONFIG_LOCK_DOWN_KERNEL_FORCE_INTEGRITY=y\n") == std::string::npos &&
         config->find("\nCONFIG_LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY=y\n") == std::string::npos;
}

Result<std::string> later_orders(const Plan& plan, const PlannedBoot& boot) {
  Orders orders = orders_of(plan, boot);
  orders.sysctls.clear();
  return write_orders(orders);
}

Result<const GuestBase*> GuestMedia::base(const std::string& program) {
  const auto found = bases_.find(program);
  if (found != bases_.end()) return &found->second;
  GuestSpec spec;
  spec.init = programs_ / "init";
  if (!program.empty()) {
    const fs::path path = programs_ / "bin" / program;
    if (!fs::exists(path)) {
      return config_error(fmt::format("the guest program '{}' is not there", program), path.string(),
                          "build it: cmake --build, target guest programs; or set AIOS_BENCH_GUEST");
    }
    spec.programs.push_back(path);
  }
  spec.modules_root = kernel_->modules;
  spec.modules = kernel_->load_modules;
  for (const fs::path& module : kernel_->module_files)
    spec.extra.push_back(file_entry(extra_path(module), module, 0644));
  GuestBase base = TRY(make_guest_base(spec));
  return &bases_.emplace(program, std::move(base)).first->second;
}

// Where nothing is booted the program itself is all that goes along.
Result<ImageFile> GuestMedia::program_itself(const Plan& plan, const PlannedBoot& boot) const {
  const Scenario* scenario = plan.scenario(boot.scenario);
  const fs::path path = programs_ / "bin" / (scenario == nullptr ? std::string() : scenario->program);
  if (!fs::is_regular_file(path)) {
    return config_error("the guest program is not there", path.string(),
                        "build it: cmake --build, target guest_programs; or set AIOS_BENCH_GUEST");
  }
  return ImageFile{path, fs::file_size(path), TRY(sha256_file(path))};
}

Result<ImageFile> GuestMedia::make(const Plan& plan, const PlannedBoot& boot, const fs::path& out) {
  if (plan.on_running_kernel()) return program_itself(plan, boot);
  const std::lock_guard lock(mutex_);
  const Scenario* scenario = plan.scenario(boot.scenario);
  const GuestBase* parts = TRY(base(scenario == nullptr ? std::string() : scenario->program));
  Orders orders = orders_of(plan, boot);
  if (orders_come_later(plan, boot, *kernel_)) {
    orders.runs.clear();
    orders.more = kLaterOrdersFile;
  }
  orders.modules = parts->module_orders();
  for (const fs::path& module : kernel_->module_files) {
    ModuleOrder order{extra_path(module), {}};
    if (scenario != nullptr) {
      const auto found = scenario->module_parameters.find(module.stem().string());
      if (found != scenario->module_parameters.end()) order.parameters = found->second;
    }
    orders.modules.push_back(std::move(order));
  }
  return write_guest_image(*parts, orders, out);
}

}  // namespace aios
