// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/qemu/qemu_machine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "harness/machine/qemu/kvm_probe.h"
#include "harness/machine/qemu/passed_devices.h"
#include "harness/machine/screen_text.h"

namespace aios::qemu {
namespace {

// The largest that every user may have: room for a second of the fastest console there is.
constexpr int kConsolePipe = 1 << 20;

Status readable_file(const std::filesystem::path& path, std::string_view what) {
  if (path.empty() || ::access(path.c_str(), R_OK) == 0) return {};
  const int code = errno;
  return config_error(fmt::format("{} cannot be read: {}", what, system_error("", "", code).what), path.string(),
                      "check its path and permissions");
}

Result<std::pair<UniqueFd, UniqueFd>> pair_of_pipe() {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0) return system_error("cannot make a pipe", {}, errno);
  return std::pair{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

Result<std::pair<UniqueFd, UniqueFd>> pair_of_sockets() {
  int fds[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    return system_error("cannot make a socket", {}, errno);
  return std::pair{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

void do_not_block(const UniqueFd& fd) { ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK); }

}  // namespace

Status QemuMachine::prepare(const BootSpec& spec, const std::filesystem::path& scratch) {
  spec_ = spec;
  scratch_ = scratch;
  if (spec.machine.accelerator == "kvm" && trust_ == KvmTrust::after_probe) TRY(check_kvm());
  argv_ = TRY(command_line(spec_, firmware_));
  TRY(readable_file(spec.image, "the image"));
  TRY(readable_file(spec.initrd, "the initial ramdisk"));
  for (const auto& disk : spec.disks) TRY(readable_file(disk.path, "the disk image"));
  if (spec.plugin) TRY(readable_file(spec.plugin->library, "the counting plugin"));
  if (spec.firmware == Firmware::ovmf && ::access(firmware_.ovmf.c_str(), R_OK) != 0) {
    return config_error("OVMF is not installed", firmware_.ovmf, "install the package ovmf");
  }
  TRY(readable_file(spec.hold, "the holding plugin"));
  if (find_program(argv_.front()).empty()) {
    return config_error("QEMU is not installed", argv_.front(), "install the package qemu-system-x86");
  }
  return {};
}

Status QemuMachine::check_kvm() {
  KvmProbeOptions options;
  if (!environment_.cache_folder.empty()) options.cache_file = environment_.cache_folder / "kvm-probe.json";
  const auto verdict = TRY(probe_kvm(environment_, options));
  if (!verdict.works) {
    return config_error(fmt::format("KVM is not usable here: {}", verdict.reason), spec_.machine.name,
                        "use an emulated machine (qemu-exact, qemu-tcg); /dev/kvm needs the group kvm");
  }
  // "host" is a wish: what the probe booted with is what there is.
  if (spec_.machine.cpu_model == "host") spec_.machine.cpu_model = verdict.cpu_model;
  return {};
}

Status QemuMachine::boot() {
  if (!spec_.machine.pass_through.empty()) {
    passed_ = TRY(PassedDevices::take(spec_.machine, environment_));
    spec_.machine.pass_through = passed_->addresses();  // with all functions of each
    argv_ = TRY(command_line(spec_, firmware_));
  }
  auto console = TRY(spec_.interactive ? pair_of_sockets() : pair_of_pipe());
  if (!spec_.interactive) ::fcntl(console.first.get(), F_SETPIPE_SZ, kConsolePipe);
  auto control = TRY(pair_of_sockets());
  auto errors = TRY(pair_of_pipe());
  Command command{.argv = argv_};
  // What QEMU makes for itself (the overlay of a disk whose writes are thrown away) goes with the scratch folder.
  if (!scratch_.empty()) command.env["TMPDIR"] = scratch_.string();
  command.fds = {{console.second.get(), kConsoleFd}, {control.second.get(), kControlFd}};
  if (spec_.screen) {
    screen_.reset(::memfd_create("screen", MFD_CLOEXEC));
    if (!screen_) return system_error("cannot make a memory file", {}, errno);
    command.fds.emplace_back(screen_.get(), kScreenFd);
  }
  command.stderr_fd = errors.second.get();
  std::pair<UniqueFd, UniqueFd> hold;
  if (!spec_.hold.empty()) {
    hold = TRY(pair_of_sockets());
    command.fds.emplace_back(hold.second.get(), kHoldFd);
  }
  UniqueFd saved;
  if (!spec_.resume_from.empty()) {
    saved.reset(::open(spec_.resume_from.c_str(), O_RDONLY | O_CLOEXEC));
    if (!saved) return system_error("the saved guest cannot be read", spec_.resume_from.string(), errno);
    command.fds.emplace_back(saved.get(), kResumeFd);
  }
  child_ = TRY(Child::spawn(command));
  console_ = std::move(console.first);
  errors_ = std::move(errors.first);
  hold_ = std::move(hold.first);
  control_ = Qmp(std::move(control.first));
  do_not_block(console_);
  do_not_block(errors_);
  // Said before it is asked for: QEMU reads it when it is ready, and nobody waits.
  control_.send("qmp_capabilities", "hello");
  screen_due_ = now();
  return {};
}

Status QemuMachine::talk(std::string_view bytes) {
  if (!spec_.interactive) {
    return config_error("this boot takes no console input", spec_.machine.name, "boot it interactively");
  }
  while (!bytes.empty()) {
    const ssize_t sent = ::send(console_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EINTR)) continue;
    // A guest that reads nothing fills the buffer: what does not fit is the typist's loss, not a reason to wait.
    if (sent < 0 && errno == EAGAIN) return infra_fault("the guest does not read its console", spec_.machine.name);
    if (sent < 0) return system_error("cannot write to the console", spec_.machine.name, errno);
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

std::optional<std::string> QemuMachine::ask(std::string_view human_line, Duration until) {
  const std::string id = fmt::format("ask{}", ++questions_);
  if (ended_ || !control_.human(human_line, id)) return std::nullopt;
  while (now() < until && !ended_ && control_.open()) {
    poll_once(until, -1, false);
    if (last_answer_id_ == id) return std::exchange(last_answer_, {});
  }
  return std::nullopt;
}

void QemuMachine::wait_until(Duration until) {
  while (now() < until && !ended_) poll_once(until, -1, false);
}

Diagnosis QemuMachine::diagnose(Duration at_most, bool sysrq) {
  // A processor is known to rest only after several looks, a moment apart.
  constexpr int kLooks = 4;
  constexpr Duration kApart = std::chrono::milliseconds(10);
  const Duration until = now() + at_most;
  Diagnosis diagnosis;
  for (int i = 0; i < (down_ ? 1 : kLooks); ++i) {
    auto registers = ask("info registers", until);
    if (!registers) {
      diagnosis.notes.push_back("QEMU did not answer when it was asked for the registers");
      return diagnosis;
    }
    if (auto state = parse_registers(*registers)) diagnosis.samples.push_back(*state);
    diagnosis.registers = std::move(*registers);
    if (!down_ && i + 1 < kLooks) wait_until(std::min(until, now() + kApart));
  }
  if (sysrq && spec_.interactive && !down_) {
    // Break, then w and t: blocked tasks and all tasks, where the kernel has MAGIC_SYSRQ.
    control_.send("chardev-send-break", "break", R"({"id":"console"})");
    (void)talk("w").ok();
    const auto before = events_.size();
    wait_until(until);
    std::string said;
    for (auto i = before; i < events_.size(); ++i) said += events_[i].kind == EventKind::console ? events_[i].text : "";
    if (!said.empty()) diagnosis.notes.push_back("sysrq: " + said.substr(0, 32U << 10));
  }
  return diagnosis;
}

EndReport QemuMachine::end(Duration at_most) {
  EndReport report;
  report.command = Command{.argv = argv_}.shell_line();
  report.fidelity = argv_.empty() ? Fidelity::timed : fidelity_of(spec_);
  if (child_) {
    const Duration until = now() + at_most;
    if (!ended_) {
      if (const auto tree = ask("info qtree", until)) report.devices = device_names(*tree);
      // Only what writes something at its end is asked to end; for the others this is the quickest way.
      const bool orderly = spec_.plugin || std::any_of(spec_.disks.begin(), spec_.disks.end(),
                                                       [](const auto& d) { return d.keep_writes; });
      down_ = true;
      if (orderly && control_.send("quit", "quit")) wait_until(until);
      if (!ended_ && orderly) report.notes.push_back("QEMU did not end when it was asked to, and was killed");
    }
    child_->kill_and_wait();
    if (errors_) read_errors();
    child_.reset();
    if (passed_) report.parts = passed_->reset(report.notes);
  }
  passed_.reset();
  ended_ = true;
  console_.reset();
  errors_.reset();
  screen_.reset();
  hold_.reset();
  control_.close();
  report.words = words_;
  report.version = version_;
  for (const auto& device : devices_on_host_time(report.devices)) {
    if (report.fidelity != Fidelity::exact) break;
    report.notes.push_back(
        fmt::format("not exact: the machine has a device that completes on the host's time ({})", device));
    report.fidelity = Fidelity::counted;
  }
  if (backlog_ && report.fidelity == Fidelity::exact) {
    report.notes.push_back("not exact: the console was full for a while, and a guest can see that");
    report.fidelity = Fidelity::counted;
  }
  return report;
}

}  // namespace aios::qemu
