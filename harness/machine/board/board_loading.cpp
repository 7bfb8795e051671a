// SPDX-License-Identifier: Apache-2.0
// How a board gets its kernel: what the boot server has for it, and the wait until it came for that.
#include <fmt/format.h>

#include "harness/image/disk.h"
#include "harness/machine/board/board_machine.h"
#include "harness/support/text.h"

namespace aios::board {
namespace {

constexpr std::size_t kTailShown = 600;
constexpr Duration kFetchLook = std::chrono::milliseconds(50);
constexpr const char* kKernelFile = "kernel";
constexpr const char* kInitrdFile = "initrd";

}  // namespace

Status BoardMachine::serve(const std::filesystem::path& scratch) {
  ServePlan plan;
  plan.bind = settings_.boot.bind;
  plan.http_port = settings_.boot.http_port;
  plan.tftp_port = settings_.boot.kind == "netboot" ? settings_.boot.tftp_port : 0;
  if (settings_.boot.kind == "netboot") {
    plan.files[kKernelFile] = {{}, spec_.image};
    if (!spec_.initrd.empty()) plan.files[kInitrdFile] = {{}, spec_.initrd};
  } else if (spec_.loader == Loader::cdrom) {
    plan.files[kIsoFile] = {{}, spec_.image};
  } else {
    GrubIso iso;
    iso.kernel = spec_.image;
    iso.initrd = spec_.initrd;
    iso.command_line = join(board_kernel_words(spec_), " ");
    plan.files[kIsoFile] = {{}, TRY(make_grub_iso(iso, scratch / kIsoFile, environment_.cancel)).path};
  }
  server_ = TRY(BootServer::start(plan, *environment_.clock));
  if (settings_.boot.kind != "netboot") return {};
  const std::string reach = settings_.boot.reach.empty() ? settings_.boot.bind : settings_.boot.reach;
  const std::string script = TRY(ipxe_script(spec_, fmt::format("http://{}:{}", reach, server_->http_port())));
  return server_->add(settings_.boot.file, {script, {}});
}

Status BoardMachine::wait_for_fetch() {
  const std::string last = spec_.initrd.empty() ? kKernelFile : kInitrdFile;
  const Deadline deadline(*environment_.clock, std::chrono::duration_cast<Duration>(
                                                   std::chrono::duration<double>(settings_.boot.fetch_seconds)));
  for (;;) {
    const auto fetches = server_->fetches();
    for (const Fetch& fetch : fetches) {
      if (fetch.file == last && fetch.done != Duration{0}) loaded_ = fetch.done;
    }
    if (loaded_) return {};
    std::string why;
    for (const MachineEvent& event : events_) {
      if (event.kind == EventKind::lost) why = event.text;
      if (event.kind == EventKind::power_off) why = "it went off before it had its kernel";
    }
    if (deadline.passed()) {
      why =
          fetches.empty() ? "it never asked for a file" : fmt::format("it fetched {} and no more", fetches.back().file);
    }
    if (!why.empty()) {
      const std::string said = printable(tail_.size() > kTailShown ? tail_.substr(tail_.size() - kTailShown) : tail_);
      return infra_fault(fmt::format("the board did not get its kernel: {}{}", why,
                                     said.empty() ? "" : "; last on its console: " + said),
                         spec_.machine.name,
                         fmt::format("does DHCP name {} on {}:{} as its boot file, and does the firmware boot by "
                                     "the network first?",
                                     settings_.boot.file, settings_.boot.bind, server_->tftp_port()));
    }
    TRY(poll_once(kFetchLook, -1));
  }
}

}  // namespace aios::board
