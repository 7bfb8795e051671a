// SPDX-License-Identifier: Apache-2.0
// The descriptors of a running QEMU: what comes in on them, turned into events.
#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include "harness/machine/qemu/qemu_machine.h"
#include "harness/machine/screen_text.h"

namespace aios::qemu {
namespace {

// A line of success can be on the screen for a moment only.
constexpr Duration kScreenEvery = std::chrono::milliseconds(25);
// A serial port sends single bytes. Reading them in batches spares both sides a wake-up for each.
constexpr Duration kConsoleBatch = std::chrono::milliseconds(1);
// The pipe is said to have been full when a batch nearly was.
constexpr int kNearlyFull = (1 << 20) - (64 << 10);
// From the end of a wire until the process should be gone too.
constexpr Duration kWireGrace = std::chrono::milliseconds(500);
// Often enough for deadlines of tenths of seconds, seldom enough to cost nothing.
constexpr Duration kStarvedEvery = std::chrono::milliseconds(20);
constexpr std::size_t kWordsKept = 16U << 10;

// Lines of -d cpu_reset: "CPU Reset (CPU 0)", "EAX=00000000 EBX=...", "GDT=     ...", "ES =0000 ...".
bool is_register_dump(std::string_view line) {
  if (line.starts_with("CPU Reset")) return true;
  const auto equals = line.find('=');
  return equals != std::string_view::npos && equals <= 6 &&
         std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(equals),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' '; });
}

timespec to_timespec(Duration duration) {
  const auto ns = std::max<Duration::rep>(duration.count(), 0);
  return {.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000};
}

}  // namespace

void QemuMachine::emit(MachineEvent event) {
  event.at = now();
  events_.push_back(std::move(event));
}

Result<std::vector<MachineEvent>> QemuMachine::wait(Duration at_most, int wake_fd) {
  const Duration until = now() + at_most;
  while (events_.empty()) {
    if (!poll_once(until, wake_fd) || now() >= until) break;
  }
  return std::exchange(events_, {});
}

bool QemuMachine::poll_once(Duration until, int wake_fd, bool heed_cancel) {
  const Duration start = now();
  const bool batching = console_ && start < console_quiet_until_;
  if (batching) until = std::min(until, console_quiet_until_);
  if (spec_.screen && !down_ && !ended_) {
    if (!screen_asked_ && start >= screen_due_) look_at_screen();
    if (!screen_asked_) until = std::min(until, screen_due_);
  }
  if (wire_lost_) until = std::min(until, *wire_lost_ + kWireGrace);
  const int cancel_fd = heed_cancel && environment_.cancel != nullptr ? environment_.cancel->fd() : -1;
  pollfd waits[] = {{child_ && !ended_ ? child_->pidfd() : -1, POLLIN, 0},
                    {control_.open() ? control_.fd() : -1, POLLIN, 0},
                    {console_ && !batching ? console_.get() : -1, POLLIN, 0},
                    {errors_ ? errors_.get() : -1, POLLIN, 0},
                    {cancel_fd, POLLIN, 0},
                    {wake_fd, POLLIN, 0},
                    {hold_ ? hold_.get() : -1, POLLIN, 0}};
  const timespec timeout = to_timespec(until - start);
  if (::ppoll(waits, std::size(waits), &timeout, nullptr) < 0) return errno == EINTR;
  if (waits[6].revents != 0) read_hold();
  if (waits[3].revents != 0) read_errors();
  if (waits[2].revents != 0) read_console();
  if (waits[1].revents != 0) read_control();
  if (waits[0].revents != 0) process_ended();
  if (wire_lost_ && !ended_ && now() >= *wire_lost_ + kWireGrace) {
    wire_lost_.reset();
    if (!down_) emit({.kind = EventKind::lost, .text = "QEMU closed its console or control channel and lives on"});
  }
  return waits[4].revents == 0 && waits[5].revents == 0;
}

void QemuMachine::read_console() {
  std::string bytes;
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(console_.get(), buffer, sizeof buffer);
    if (got > 0) bytes.append(buffer, static_cast<std::size_t>(got));
    if (got < 0 && errno == EINTR) continue;
    if (got == 0 || (got < 0 && errno != EAGAIN)) {
      console_.reset();
      if (!wire_lost_) wire_lost_ = now();
    }
    // One pipe full at a time: what writes for ever is looked at in between.
    if (got <= 0 || bytes.size() >= kNearlyFull) break;
  }
  if (bytes.size() >= kNearlyFull) backlog_ = true;
  console_quiet_until_ = now() + kConsoleBatch;
  if (!bytes.empty()) emit({.kind = EventKind::console, .text = std::move(bytes)});
}

void QemuMachine::read_errors() {
  char buffer[16384];
  for (;;) {
    const ssize_t got = ::read(errors_.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      if (got == 0) errors_.reset();
      return;
    }
    error_lines_.feed({buffer, static_cast<std::size_t>(got)}, [this](std::string_view line) {
      if (line == "Triple fault") triple_fault_ = true;
      if (!is_register_dump(line) && words_.size() < kWordsKept) words_ += fmt::format("{}\n", line);
    });
  }
}

void QemuMachine::read_control() {
  std::vector<QmpMessage> messages;
  const bool alive = control_.pump(messages);
  for (auto& message : messages) {
    if (message.kind == QmpKind::greeting) version_ = message.text;
    if (message.kind == QmpKind::event && message.name == "SHUTDOWN") shut_down(message);
    // Stopped by itself and not because it goes down: KVM could not go on.
    if (message.kind == QmpKind::event && message.name == "STOP" && !down_) control_.send("query-status", "stopped");
    if (message.kind == QmpKind::answer || message.kind == QmpKind::error) {
      if (message.id == "screen") screen_saved();
      if (message.id == "stopped" && !down_ && message.text.find("internal-error") != std::string::npos) {
        down_ = true;
        if (errors_) read_errors();
        emit({.kind = EventKind::gave_up, .text = words_.empty() ? "internal error" : words_});
      }
      refused_ = message.kind == QmpKind::error;
      last_answer_ = std::move(message.text);
      last_answer_id_ = std::move(message.id);
    }
  }
  if (!alive) {
    control_.close();
    if (!wire_lost_) wire_lost_ = now();
  }
}

void QemuMachine::shut_down(const QmpMessage& message) {
  if (down_ || !message.guest) return;
  down_ = true;
  // Everything that the guest said before it went, and why the processor stopped.
  if (console_) read_console();
  if (errors_) read_errors();
  if (message.reason == "guest-reset") {
    emit({.kind = triple_fault_ ? EventKind::triple_fault : EventKind::reset});
  } else {
    emit({.kind = EventKind::power_off, .text = message.reason});
  }
}

void QemuMachine::process_ended() {
  const auto state = child_->poll();
  if (!state || ended_) return;
  if (console_) read_console();
  if (errors_) read_errors();
  if (control_.open()) read_control();
  ended_ = true;
  if (down_) return;
  down_ = true;
  // isa-debug-exit leaves with an odd code; so does a QEMU that never started, but that one says why.
  if (spec_.exit_device && !state->signalled && (state->code & 1) != 0 &&
      words_.find("qemu-system") == std::string::npos) {
    emit({.kind = EventKind::guest_exit, .code = state->code >> 1});
    return;
  }
  MachineEvent event{.kind = EventKind::ended,
                     .text = fmt::format("{}{}{}", state->describe(), words_.empty() ? "" : ": ", words_)};
  event.refused = !state->signalled && state->code == 1 && refuses_image(words_);
  emit(std::move(event));
}

void QemuMachine::look_at_screen() {
  // Reading the text through the VGA's window can move its latches: exact runs therefore ask for no screen.
  const auto arguments =
      fmt::format(R"({{"val":753664,"size":{},"filename":"/proc/self/fd/{}"}})", kScreenBytes, kScreenFd);
  screen_asked_ = control_.send("pmemsave", "screen", arguments);
  if (!screen_asked_) screen_due_ = now() + kScreenEvery;
}

Duration QemuMachine::starved() {
  if (!child_ || ended_ || now() < starved_due_) return starved_;
  starved_due_ = now() + kStarvedEvery;
  std::error_code code;
  std::filesystem::directory_iterator task(fmt::format("/proc/{}/task", child_->pid()), code);
  // The second number of a thread's schedstat: nanoseconds that it was ready to run and waited. The one that waited
  // longest is the one that the guest waits for.
  for (; !code && task != std::filesystem::directory_iterator(); task.increment(code)) {
    std::ifstream file(task->path() / "schedstat");
    Duration::rep ran = 0, waited = 0;
    if (file >> ran >> waited) starved_ = std::max(starved_, Duration(waited));
  }
  return starved_;
}

void QemuMachine::screen_saved() {
  screen_asked_ = false;
  screen_due_ = now() + kScreenEvery;
  std::string cells(kScreenBytes, '\0');
  const ssize_t got = ::pread(screen_.get(), cells.data(), cells.size(), 0);
  if (got != static_cast<ssize_t>(cells.size()) || cells == last_screen_) return;
  last_screen_ = cells;
  emit({.kind = EventKind::screen, .rows = decode_screen(cells)});
}

}  // namespace aios::qemu
