// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/board/board_machine.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>

#include "harness/support/text.h"

namespace aios::board {
namespace {

constexpr std::size_t kTailKept = 4096;
constexpr std::string_view kFrameStart = "@AB1 ";

Duration span_of_seconds(double value) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(value));
}

std::string quarantine_hint(const std::string& machine) {
  return fmt::format("look at it, then: aios-bench boards clear {}", machine);
}

}  // namespace

std::unique_ptr<Machine> make(const MachineEnvironment& environment) {
  return std::make_unique<BoardMachine>(environment);
}

BoardMachine::~BoardMachine() {
  if (!over_) end(Duration{0});
}

void BoardMachine::emit(EventKind kind, std::string text) {
  MachineEvent event;
  event.kind = kind;
  event.at = now();
  event.text = std::move(text);
  events_.push_back(std::move(event));
}

Status BoardMachine::prepare(const BootSpec& spec, const std::filesystem::path& scratch) {
  spec_ = spec;
  if (!spec.machine.board_settings) {
    return config_error(
        fmt::format("machine '{}' has no table [machine.{}.board]", spec.machine.name, spec.machine.name),
        spec.machine.defined_in, "docs/boards.md has one to begin with");
  }
  settings_ = *spec.machine.board_settings;
  if (spec.program || spec.image.empty()) return config_error("a board boots a kernel, not a program", spec.label);
  const bool iso = spec.loader == Loader::cdrom;
  if (spec.loader != Loader::kernel && !(iso && settings_.boot.kind == "virtual_media")) {
    return config_error("a board boots a kernel that its loader starts (Linux, Multiboot)", spec.label,
                        "disk and firmware images are for QEMU; an ISO is for boot.kind = \"virtual_media\"");
  }
  const fs::path folder = TRY(lock_folder(settings_));
  if (const auto kept = quarantine_of(folder, board_key(settings_))) {
    return infra_fault(fmt::format("the board is in quarantine since {}: {}", kept->since, kept->why),
                       spec.machine.name, quarantine_hint(spec.machine.name));
  }
  board_ = TRY(hold_board(spec.machine, environment_));
  if (std::string note = board_->take_note(); !note.empty()) notes_.push_back(std::move(note));
  console_ = TRY(make_console(settings_, *environment_.clock));
  if (settings_.boot.kind == "kexec") return {};
  return serve(scratch);
}

Status BoardMachine::boot() {
  started_ = true;
  begun_ = now();
  const bool running = settings_.boot.kind == "kexec";
  // Asked first: it says sooner than a console whether there is anybody.
  if (!running) TRY(board_->switch_power(false));
  TRY(console_->connect());
  if (running) return kexec();
  const PowerSwitch& power = board_->power();
  if (settings_.boot.kind == "virtual_media") {
    if (!power.insert_media) return config_error("this board has no virtual media", power.name);
    const std::string reach = settings_.boot.reach.empty() ? settings_.boot.bind : settings_.boot.reach;
    media_in_ = true;
    TRY(power.insert_media(fmt::format("http://{}:{}/{}", reach, server_->http_port(), kIsoFile)));
    TRY(power.boot_once(BootFrom::cdrom));
  } else if (power.boot_once) {
    TRY(power.boot_once(BootFrom::network));
  }
  TRY(board_->switch_power(true));
  powered_ = now();
  watch_.emplace(power, span_of_seconds(settings_.power.watch_seconds));
  // When a firmware is through with an ISO cannot be seen from here.
  if (settings_.boot.kind == "virtual_media") return {};
  return wait_for_fetch();
}

void BoardMachine::read_console() {
  if (!console_ || lost_) return;
  std::string bytes = console_->read();
  if (!bytes.empty()) {
    rubbish_.feed(bytes);
    tail_ += bytes;
    if (!spoke_ && loaded_ && tail_.find(kFrameStart) != std::string::npos) spoke_ = now();
    if (tail_.size() > kTailKept) tail_.erase(0, tail_.size() - kTailKept / 2);
    emit(EventKind::console, std::move(bytes));
  }
  if (rubbish_.is_rubbish()) {
    lost_ = true;
    emit(EventKind::lost, "the console sends rubbish: is its speed the board's (console.speed)?");
  } else if (!console_->lost().empty()) {
    lost_ = true;
    emit(EventKind::lost, console_->lost());
  }
}

void BoardMachine::read_power() {
  if (!watch_) return;
  const auto news = watch_->take();
  if (!news) return;
  if (news->off) {
    read_console();  // what it said before
    emit(EventKind::power_off);
  } else {
    lost_ = true;
    if (console_ && settings_.console.kind == "ipmi") console_->give_up();
    emit(EventKind::lost, fmt::format("the board cannot be asked any more: {}", news->no_answer));
  }
}

Status BoardMachine::poll_once(Duration at_most, int wake_fd) {
  if (console_) {
    if (const auto next = console_->next_try()) at_most = std::clamp(*next - now(), Duration{0}, at_most);
  }
  const int cancel_fd = environment_.cancel != nullptr ? environment_.cancel->fd() : -1;
  pollfd waits[] = {{console_ && !lost_ ? console_->fd() : -1, POLLIN, 0},
                    {watch_ ? watch_->fd() : -1, POLLIN, 0},
                    {cancel_fd, POLLIN, 0},
                    {wake_fd, POLLIN, 0}};
  const timespec timeout{.tv_sec = at_most.count() / 1'000'000'000, .tv_nsec = at_most.count() % 1'000'000'000};
  if (::ppoll(waits, std::size(waits), &timeout, nullptr) < 0 && errno != EINTR) {
    return system_error("cannot wait for the board", spec_.label, errno);
  }
  if (environment_.cancel != nullptr) TRY(environment_.cancel->check());
  read_console();
  if (waits[1].revents != 0) read_power();
  return {};
}

Result<std::vector<MachineEvent>> BoardMachine::wait(Duration at_most, int wake_fd) {
  if (board_->broken()) {
    emit(EventKind::lost, "somebody broke this board's lock and has it now");
  } else if (events_.empty()) {
    // A cancel is the watcher's to see.
    const Status polled = poll_once(std::max(at_most, Duration{0}), wake_fd);
    if (!polled.ok() && polled.error().kind != ErrorKind::interrupted) return polled.error();
  }
  return std::exchange(events_, {});
}

Status BoardMachine::talk(std::string_view bytes) {
  return console_ ? console_->write(bytes) : Status(infra_fault("the board has no console", spec_.machine.name));
}

Diagnosis BoardMachine::diagnose(Duration, bool) {
  Diagnosis out;
  if (!board_ || board_->broken()) return out;
  const Result<bool> on = board_->power().is_on();
  out.notes.push_back(on.ok() ? fmt::format("the board is {}", *on ? "on" : "off") : on.error().what);
  return out;
}

// Power, firmware and network are nobody's fault that boots a kernel.
Duration BoardMachine::starved() { return loaded_ ? *loaded_ - begun_ : powered_ - begun_; }

std::vector<std::pair<std::string, Duration>> BoardMachine::parts() const {
  std::vector<std::pair<std::string, Duration>> out;
  if (powered_ == Duration{0}) return out;
  out.emplace_back("power", powered_ - begun_);
  if (!loaded_) return out;
  const auto fetches = server_ ? server_->fetches() : std::vector<Fetch>();
  if (!fetches.empty()) {
    const Duration first = std::max(fetches.front().begun, powered_);
    out.emplace_back("firmware", first - powered_);
    out.emplace_back("network", *loaded_ - first);
  } else {
    out.emplace_back("loading", *loaded_ - powered_);
  }
  if (spoke_) out.emplace_back("kernel", *spoke_ - *loaded_);
  return out;
}

EndReport BoardMachine::end(Duration) {
  EndReport report;
  over_ = true;
  report.fidelity = spec_.machine.fidelity;
  report.version = "board";
  report.notes = notes_;
  if (!started_) return report;
  report.parts = parts();
  report.command = fmt::format("{}, {}", board_->power().name, settings_.boot.kind);
  watch_.reset();
  if (console_) {
    if (console_->reconnects() > 0) {
      report.doubts.push_back(fmt::format("the console was away {} times, for {:.1f} s: some of it may be missing",
                                          console_->reconnects(), seconds(console_->gap())));
    }
  }
  if (board_ && !board_->broken()) {
    if (media_in_) {
      const Status out = board_->power().insert_media({});
      if (!out.ok()) report.notes.push_back("the virtual CD is still in: " + out.error().what);
    }
    const Status off = board_->switch_power(false);
    if (!off.ok()) report.notes.push_back("the board could not be switched off: " + off.error().what);
    if (!off.ok() && console_ && settings_.console.kind == "ipmi") console_->give_up();
  }
  if (console_) console_->close();
  if (server_) {
    for (const Fetch& fetch : server_->fetches()) {
      report.notes.push_back(fmt::format("fetched {}: {:.3f} s", fetch.file, seconds(fetch.done - fetch.begun)));
    }
  }
  server_.reset();
  board_.reset();
  events_.clear();
  started_ = false;
  return report;
}

}  // namespace aios::board
