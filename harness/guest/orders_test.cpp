// SPDX-License-Identifier: Apache-2.0
#include "harness/guest/orders.h"

#include <gmock/gmock.h>

namespace aios {
namespace {

TEST(Orders, AreOneALine) {
  const Orders orders{.modules = {{"/lib/modules/6.1/dummy.ko", {"numdummies=2"}}},
                      .sysctls = {"vm.nr_hugepages=16"},
                      .runs = {{"syscall", "/aios/bin/operations", {"--filter=syscall", "two words", ""}, 1.5},
                               {"ipc", "/aios/bin/operations", {"100%"}, 1.5}},
                      .end = EndOrder::reboot};
  const auto text = write_orders(orders);
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(
      *text,
      "aios-orders 1\nmode exact\nconsole 1\nmodule /lib/modules/6.1/dummy.ko numdummies=2\n"
      "sysctl vm.nr_hugepages=16\ndeadline 1500\nrun syscall /aios/bin/operations --filter=syscall two%20words %\n"
      "run ipc /aios/bin/operations 100%25\nend reboot\n");
}

TEST(Orders, RefusesWhatNoGuestCouldFollow) {
  EXPECT_FALSE(write_orders({.sysctls = {"novalue"}}).ok());
  EXPECT_FALSE(write_orders({.runs = {{"", "/x", {}, 0}}}).ok());
  EXPECT_FALSE(write_orders({.runs = {{"s", "/x", {std::string(5000, 'x')}, 0}}}).ok());
  EXPECT_FALSE(write_orders({.runs = {{"s", "/x", std::vector<std::string>(70, "x"), 0}}}).ok());
  Orders many;
  for (int i = 0; i < 1000; ++i) many.runs.push_back({"s", "/x", {std::string(100, 'x')}, 0});
  EXPECT_FALSE(write_orders(many).ok());
}

}  // namespace
}  // namespace aios
