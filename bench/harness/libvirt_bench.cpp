// SPDX-License-Identifier: Apache-2.0
// What the back end adds to libvirt: the same domain made, run and ended with libvirt's C API by hand, and as a machine
// under watch, in turns. The guest says that it is done and powers off. More than 50 ms is an error. Skipped where
// libvirtd is not installed.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <vector>

#include "harness/machine/libvirt/errors.h"
#include "harness/machine/libvirt/libvirt_machine.h"
#include "harness/machine/libvirt/testing/own_daemon.h"
#include "harness/machine/machines.h"
#include "harness/machine/watch.h"

namespace aios::libvirt {
namespace {

constexpr double kMostAddedMilliseconds = 50;

int on_end(virConnectPtr /*connect*/, virDomainPtr /*domain*/, int event, int /*detail*/, void* opaque) {
  if (event == VIR_DOMAIN_EVENT_STOPPED) static_cast<Mailbox*>(opaque)->put({Fact::stopped, {}, 0});
  return 0;
}

class DomainBench {
 public:
  DomainBench() {
    spec_.machine = find_machine(built_in_machines(), "libvirt-exact").value();
    spec_.machine.memory_mb = 64;
    spec_.machine.libvirt->uri = daemon_.uri();
    spec_.image = AIOS_DONE_IMAGE;
    spec_.label = "done";
    plan_.wanted = WantedEnd::power_off;
    plan_.linux_crash_rules = false;
    adapt_plan(spec_.machine, plan_);
  }

  // Connect, make, start, wait until it is over. Files and console lie where a person would have put them before.
  Status by_hand() {
    const ScratchFolder scratch = TRY(ScratchFolder::create("aios-libvirt-bench"));
    DomainPlace names{.name = fmt::format("by-hand-{}", ++made_),
                      .uuid = fmt::format("0a0b0c0d-0000-4000-8000-{:012}", made_)};
    const Artifacts artifacts = TRY(Artifacts::here(spec_, scratch.path(), names, true));
    const std::string xml = TRY(domain_xml(spec_, artifacts.place()));
    const auto start = clock_.monotonic();
    const Connection connection = TRY(Connection::open(daemon_.uri()));
    Mailbox mail;
    const int watch = virConnectDomainEventRegisterAny(connection.get(), nullptr, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                                       VIR_DOMAIN_EVENT_CALLBACK(on_end), &mail, nullptr);
    const Handle<virDomain> domain(virDomainCreateXML(connection.get(), xml.c_str(), VIR_DOMAIN_START_AUTODESTROY));
    if (!domain) return last_error("by hand", {});
    while (mail.take().empty()) {
      pollfd wait{mail.fd(), POLLIN, 0};
      if (::poll(&wait, 1, 20'000) != 1) return infra_fault("the domain did not end");
    }
    by_hand_.push_back(milliseconds(clock_.monotonic() - start));
    virConnectDomainEventDeregisterAny(connection.get(), watch);
    return {};
  }

  Status as_machine() {
    const ScratchFolder scratch = TRY(ScratchFolder::create("aios-libvirt-bench"));
    const MachineEnvironment environment{&clock_, &cancel_};
    const auto machine = make(environment);
    const auto start = clock_.monotonic();
    const BootEvidence evidence = TRY(watch_boot(*machine, spec_, plan_, {}, scratch.path(), environment));
    as_machine_.push_back(milliseconds(clock_.monotonic() - start));
    if (evidence.state == EndState::power_off) return {};
    return infra_fault(fmt::format("it ended otherwise: {}", evidence.detail));
  }

  double hand() { return median(by_hand_); }
  double machine() { return median(as_machine_); }

 private:
  static double milliseconds(Duration duration) { return static_cast<double>(duration.count()) / 1e6; }
  static double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
  }

  OwnDaemon daemon_;
  SystemClock clock_;
  CancelToken cancel_;
  BootSpec spec_;
  WatchPlan plan_;
  int made_ = 0;
  std::vector<double> by_hand_, as_machine_;
};

void libvirt_boot(benchmark::State& state) {
  if (!OwnDaemon::possible()) {
    state.SkipWithError("libvirt-daemon is not installed");
    return;
  }
  DomainBench bench;
  if (const Status warm = bench.by_hand(); !warm.ok()) state.SkipWithError(warm.error().describe().c_str());
  for (auto _ : state) {
    for (const Status& done : {bench.by_hand(), bench.as_machine()}) {
      if (!done.ok()) {
        state.SkipWithError(done.error().describe().c_str());
        return;
      }
    }
  }
  state.counters["by_hand_ms"] = bench.hand();
  state.counters["as_machine_ms"] = bench.machine();
  state.counters["added_ms"] = bench.machine() - bench.hand();
  if (bench.machine() - bench.hand() > kMostAddedMilliseconds) {
    state.SkipWithError(fmt::format("the back end adds {:.0f} ms to libvirt's {:.0f} ms: at most {:.0f}",
                                    bench.machine() - bench.hand(), bench.hand(), kMostAddedMilliseconds)
                            .c_str());
  }
}
BENCHMARK(libvirt_boot)->Iterations(11)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace aios::libvirt
