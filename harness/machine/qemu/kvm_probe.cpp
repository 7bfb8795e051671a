// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/qemu/kvm_probe.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include <array>
#include <cerrno>

#include "harness/machine/qemu/qemu_machine.h"
#include "harness/machine/watch.h"
#include "harness/support/files.h"
#include "harness/support/json.h"

extern "C" const char aios_kvm_probe_begin[], aios_kvm_probe_end[];

namespace aios::qemu {
namespace {

constexpr const char* kMarker = "kvm probe: alive";
// In this order: the processor as it is; then models that ask for less (`host` is refused where an MSR is).
constexpr std::array<const char*, 3> kModels{"host", "max", "qemu64"};

std::string file_identity(const std::filesystem::path& path) {
  struct stat status {};
  if (path.empty() || ::stat(path.c_str(), &status) != 0) return "none";
  return fmt::format("{}:{}:{}:{}:{}", status.st_dev, status.st_ino, status.st_rdev, status.st_size,
                     status.st_mtim.tv_sec);
}

// The whole of a guest that boots or does not; the evidence says which.
Result<BootEvidence> try_model(const char* model, const MachineEnvironment& environment, const KvmProbeOptions& options,
                               const std::filesystem::path& scratch) {
  BootSpec spec;
  spec.label = "KVM probe";
  spec.machine = {.name = "kvm probe",
                  .backend = "qemu",
                  .accelerator = "kvm",
                  .board = "q35",
                  .cpu_model = model,
                  .memory_mb = 64};
  spec.image = scratch / "probe";
  spec.exit_device = true;
  WatchPlan plan;
  plan.markers = {kMarker};
  plan.wanted = WantedEnd::guest_exit;
  plan.deadline = plan.silence = plan.stall = options.deadline;
  plan.linux_crash_rules = false;
  TRY(write_file_atomic(spec.image,
                        {aios_kvm_probe_begin, static_cast<std::size_t>(aios_kvm_probe_end - aios_kvm_probe_begin)}));
  QemuMachine machine(environment, KvmTrust::blind);
  return watch_boot(machine, spec, plan, {}, scratch, environment);
}

std::optional<KvmVerdict> remembered(const KvmProbeOptions& options, const std::string& identity) {
  if (options.cache_file.empty()) return std::nullopt;
  const auto text = read_file(options.cache_file, 1U << 16);
  if (!text) return std::nullopt;
  const auto json = parse_json(*text, options.cache_file.string());
  if (!json || !json->is_object() || string_or(*json, "identity") != identity) return std::nullopt;
  return KvmVerdict{.works = json->contains("works") && (*json)["works"] == true,
                    .cpu_model = string_or(*json, "cpu_model"),
                    .reason = string_or(*json, "reason"),
                    .remembered = true};
}

void remember(const KvmProbeOptions& options, const std::string& identity, const KvmVerdict& verdict) {
  if (options.cache_file.empty()) return;
  const Json json{
      {"identity", identity}, {"works", verdict.works}, {"cpu_model", verdict.cpu_model}, {"reason", verdict.reason}};
  // A verdict that cannot be kept is asked for again next time.
  if (make_folders(options.cache_file.parent_path()).ok())
    (void)write_file_atomic(options.cache_file, dump_json(json, 2)).ok();
}

}  // namespace

std::string kvm_identity(const std::filesystem::path& device) {
  utsname name{};
  ::uname(&name);
  const auto boot = read_file("/proc/sys/kernel/random/boot_id", 64).value_or("");
  return fmt::format("{} {} {} qemu {} device {}", name.release, name.version, boot.substr(0, 36),
                     file_identity(find_program("qemu-system-x86_64")), file_identity(device));
}

Result<KvmVerdict> probe_kvm(const MachineEnvironment& environment, const KvmProbeOptions& options) {
  if (!std::filesystem::exists(options.device)) {
    return KvmVerdict{.reason = fmt::format("there is no {}", options.device.string())};
  }
  const UniqueFd device(::open(options.device.c_str(), O_RDWR | O_CLOEXEC));
  if (!device) {
    return KvmVerdict{.reason = fmt::format("{}: {}", options.device.string(), system_error("", "", errno).what)};
  }
  const std::string identity = kvm_identity(options.device);
  if (auto known = remembered(options, identity)) return *known;

  const auto scratch = TRY(ScratchFolder::create("aios-kvm-probe"));
  KvmVerdict verdict;
  for (const char* model : kModels) {
    const auto evidence = TRY(try_model(model, environment, options, scratch.path()));
    if (evidence.state == EndState::cancelled) return interrupted();
    if (evidence.wanted) {
      verdict = {.works = true,
                 .cpu_model = model,
                 .reason = fmt::format("a guest booted in {:.2f} s", seconds(evidence.phases.ended))};
      break;
    }
    verdict.reason += fmt::format("{}-cpu {}: {}", verdict.reason.empty() ? "" : "; ", model, evidence.detail);
    // Only a refusal is about the model. What hangs with one hangs with all, and every try costs the deadline.
    if (evidence.state != EndState::machine_died && evidence.state != EndState::loader_refusal) break;
  }
  if (!verdict.works) verdict.reason = "it opens, but boots nothing: " + verdict.reason;
  remember(options, identity, verdict);
  return verdict;
}

}  // namespace aios::qemu
