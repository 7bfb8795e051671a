// SPDX-License-Identifier: Apache-2.0
// What a guest is asked to do: the value that becomes /aios/orders. A text, one order a line; blanks and what is not
// printable ASCII inside a word are written %20, so that any command line survives.
//
//   aios-orders 1
//   mode exact
//   console 1
//   module /lib/modules/6.1/kernel/drivers/net/dummy.ko numdummies=2
//   sysctl vm.nr_hugepages=16
//   condition governor performance /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor     written, read back, told
//   throttling                                         how often the processors were held back: told
//   deadline 30000                                     milliseconds, for the runs that follow
//   run syscall /aios/bin/operations --filter=syscall
//   end poweroff
//
// or, in place of runs and end, the name of a file that QEMU's fw_cfg hands over. The guest says that it is ready, and
// only then reads it: there it can be saved, and whoever restores it gives it orders of its own.
//
//   more opt/aios/orders
#pragma once

#include <string>
#include <vector>

#include "harness/model/machine.h"
#include "harness/support/result.h"

namespace aios {

struct ModuleOrder {
  std::string path;  // in the guest
  std::vector<std::string> parameters;
};

struct RunOrder {
  std::string scenario;
  std::string program;  // in the guest
  std::vector<std::string> arguments;
  double deadline_seconds = 0;  // 0: the host watches; never set in exact mode, where a timer would be counted
};

struct ConditionOrder {
  std::string name, value;
  std::vector<std::string> patterns;  // of files in the guest
};

enum class EndOrder { poweroff, reboot, halt, exit };  // exit: QEMU's isa-debug-exit, else reboot

struct Orders {
  Mode mode = Mode::exact;
  int console_level = 1;  // printk's, once PID 1 runs: 1 lets only emergencies and oopses through
  std::vector<ModuleOrder> modules;
  std::vector<std::string> sysctls;  // "key=value"
  std::vector<ConditionOrder> conditions;
  bool tell_throttling = false;  // before the runs and after them
  std::vector<RunOrder> runs;
  bool shell = false;  // after the runs
  std::string more;    // where the runs and the end stand, if not here
  EndOrder end = EndOrder::poweroff;
};

// A config error for what no guest could follow: an empty name, an order too long.
Result<std::string> write_orders(const Orders& orders);

}  // namespace aios
