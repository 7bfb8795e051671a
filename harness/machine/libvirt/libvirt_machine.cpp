// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/libvirt/libvirt_machine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <libvirt/libvirt-qemu.h>
#include <libvirt/virterror.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "harness/machine/libvirt/errors.h"
#include "harness/machine/qemu/command_line.h"
#include "harness/support/files.h"

namespace aios::libvirt {
namespace {

// The largest that every user may have: room for a second of the fastest console there is.
constexpr int kDomainConsolePipe = 1 << 20;

std::string random_uuid() {
  unsigned char bytes[16] = {};
  [[maybe_unused]] const auto got = ::getrandom(bytes, sizeof bytes, 0);
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
  std::string text;
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", bytes[i]);
  }
  return text;
}

Status file_is_readable(const std::filesystem::path& path, std::string_view what) {
  if (path.empty() || ::access(path.c_str(), R_OK) == 0) return {};
  const int code = errno;
  return config_error(fmt::format("{} cannot be read: {}", what, system_error("", "", code).what), path.string(),
                      "check its path and permissions");
}

}  // namespace

std::unique_ptr<Machine> make(const MachineEnvironment& environment) {
  return std::make_unique<LibvirtMachine>(environment);
}

std::vector<MachineSpec> machine_specs(const MachineSpec& bounded, const MachineSpec& exact) {
  std::vector<MachineSpec> list{bounded, exact};
  list[0].name = "libvirt";
  list[0].description = "a domain of libvirt's session, emulated on the host's clock: times are upper bounds";
  list[1].name = "libvirt-exact";
  list[1].description = "a domain of libvirt's session with an instruction clock: the figures of qemu-exact";
  for (MachineSpec& machine : list) {
    machine.backend = "libvirt";
    machine.abilities.erase("snapshot");
    machine.libvirt.emplace();
  }
  return list;
}

Status LibvirtMachine::prepare(const BootSpec& spec, const std::filesystem::path& scratch) {
  spec_ = spec;
  if (!spec_.machine.libvirt) spec_.machine.libvirt.emplace();
  const LibvirtSettings& settings = *spec_.machine.libvirt;
  const UriFacts facts = uri_facts(settings.uri);
  elsewhere_ = facts.remote || !settings.pool.empty();
  TRY(check_spec(spec_, elsewhere_));
  TRY(file_is_readable(spec.image, "the image"));
  TRY(file_is_readable(spec.initrd, "the initial ramdisk"));
  for (const auto& disk : spec.disks) TRY(file_is_readable(disk.path, "the disk image"));
  if (spec.plugin) TRY(file_is_readable(spec.plugin->library, "the counting plugin"));
  mail_ = std::make_shared<Mailbox>();
  if (!mail_->open()) return system_error("cannot make an event descriptor", {}, errno);
  connection_ = TRY(Connection::open(settings.uri));
  version_ = connection_->versions();
  DomainPlace names;
  names.uuid = uuid_ = random_uuid();
  names.name = name_ = fmt::format("aios-bench-{}-{}", ::getpid(), uuid_.substr(0, 8));
  // An own session runs QEMU as the one who asks; everything else may run it as somebody else.
  const bool shared = !(facts.session || facts.embedded) || ::geteuid() == 0;
  artifacts_ = elsewhere_ ? TRY(Artifacts::uploaded(*connection_, settings.pool, spec_, std::move(names)))
                          : TRY(Artifacts::here(spec_, scratch, std::move(names), shared));
  xml_ = TRY(domain_xml(artifacts_->spec(), artifacts_->place()));
  return {};
}

Status LibvirtMachine::open_pipes() {
  const std::string& path = artifacts_->place().console;
  console_.reset(::open((path + ".out").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  // For both directions, or it could not be opened before QEMU has it.
  keys_.reset(::open((path + ".in").c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!console_ || !keys_) return system_error("the console cannot be opened", path, errno);
  ::fcntl(console_.get(), F_SETPIPE_SZ, kDomainConsolePipe);
  return {};
}

Status LibvirtMachine::create() {
  asked_for_ = true;
  domain_.reset(virDomainCreateXML(connection_->get(), xml_.c_str(),
                                   VIR_DOMAIN_START_PAUSED | VIR_DOMAIN_START_AUTODESTROY | VIR_DOMAIN_START_VALIDATE));
  if (domain_) return {};
  lost_ = is_lost(last_code());
  const std::string message = last_message();
  // QEMU left while libvirt was still talking to it, and said why.
  const auto says = [&](const char* words) { return message.find(words) != std::string::npos; };
  const bool left = says("process exited") || says("closed the monitor");
  if (left && last_code() == VIR_ERR_INTERNAL_ERROR && qemu::refuses_image(message)) {
    ended_ = down_ = true;
    emit({.kind = EventKind::ended, .text = message, .refused = true});
    return {};
  }
  return last_error("libvirt would not start the domain", connection_->uri());
}

Status LibvirtMachine::boot() {
  if (!elsewhere_) TRY(open_pipes());
  TRY(create());
  if (!domain_) return {};
  TRY(listen());
  if (elsewhere_) TRY(open_stream());
  // Asked now: when the guest has turned itself off there is nobody left to ask.
  if (const auto tree = ask("info qtree")) devices_ = qemu::device_names(*tree);
  if (virDomainResume(domain_.get()) != 0) return last_error("the domain cannot be resumed", name_);
  screen_due_ = now();
  return {};
}

Status LibvirtMachine::talk(std::string_view bytes) {
  if (!spec_.interactive) {
    return config_error("this boot takes no console input", spec_.machine.name, "boot it interactively");
  }
  while (!bytes.empty()) {
    const auto sent = stream_ ? static_cast<ssize_t>(virStreamSend(stream_.get(), bytes.data(), bytes.size()))
                              : ::write(keys_.get(), bytes.data(), bytes.size());
    if (!stream_ && sent < 0 && errno == EINTR) continue;
    // What does not fit is the typist's loss, not a reason to wait.
    if (sent < 0) return infra_fault("the guest does not read its console", spec_.machine.name);
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

std::optional<std::string> LibvirtMachine::ask(const char* line) {
  if (!domain_ || ended_ || lost_) return std::nullopt;
  char* answer = nullptr;
  if (virDomainQemuMonitorCommand(domain_.get(), line, &answer, VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP) != 0) {
    return std::nullopt;
  }
  std::string text = answer == nullptr ? "" : answer;
  std::free(answer);  // NOLINT: libvirt's strings are malloc's
  return text;
}

Diagnosis LibvirtMachine::diagnose(Duration at_most, bool sysrq) {
  // A processor is known to rest only after several looks, a moment apart.
  constexpr int kDomainLooks = 4;
  constexpr Duration kBetween = std::chrono::milliseconds(10);
  const Duration until = now() + at_most;
  Diagnosis diagnosis;
  for (int i = 0; i < (down_ ? 1 : kDomainLooks) && now() < until; ++i) {
    auto registers = ask("info registers");
    if (!registers) {
      // libvirt ends a domain that went down at once; what the processor was doing then stands in QEMU's log.
      diagnosis.registers = log();
      diagnosis.notes.push_back("QEMU was gone when it was to be asked for the registers");
      return diagnosis;
    }
    if (auto state = parse_registers(*registers)) diagnosis.samples.push_back(*state);
    diagnosis.registers = std::move(*registers);
    if (!down_ && i + 1 < kDomainLooks) wait_until(std::min(until, now() + kBetween));
  }
  if (sysrq && spec_.interactive && !down_) {
    unsigned keys[] = {56, 99, 17};  // Alt, SysRq, w: blocked tasks
    const auto before = events_.size();
    if (virDomainSendKey(domain_.get(), VIR_KEYCODE_SET_LINUX, 50, keys, 3, 0) == 0) wait_until(until);
    std::string said;
    for (auto i = before; i < events_.size(); ++i) said += events_[i].kind == EventKind::console ? events_[i].text : "";
    if (!said.empty()) diagnosis.notes.push_back("sysrq: " + said.substr(0, 32U << 10));
  }
  return diagnosis;
}

}  // namespace aios::libvirt
