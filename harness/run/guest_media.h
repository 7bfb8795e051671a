// SPDX-License-Identifier: Apache-2.0
// What a planned boot takes with it: its orders, and the initramfs that carries them. A scenario's image holds its own
// program and nothing of the other scenarios, so that its figures do not hang on what else was asked for.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "harness/image/guest_image.h"
#include "harness/model/kernel.h"
#include "harness/run/plan.h"

namespace aios {

// Without the modules, whose places only the image knows.
Orders orders_of(const Plan& plan, const PlannedBoot& boot);

// Whether the image only says where the orders stand, and QEMU hands over the rest once the guest is ready. So one
// image does for every scenario of a program, and one saved guest too. Needs exact mode on QEMU, and a kernel that lets
// PID 1 have two ports.
bool orders_come_later(const Plan& plan, const PlannedBoot& boot, const BuiltKernel& kernel);
// What QEMU then hands over, under the name kLaterOrders.
inline constexpr char kLaterOrders[] = "orders";
Result<std::string> later_orders(const Plan& plan, const PlannedBoot& boot);

class GuestMedia {
 public:
  // `programs`: the folder that holds init and bin/NAME.
  GuestMedia(const BuiltKernel& kernel, fs::path programs) : kernel_(&kernel), programs_(std::move(programs)) {}

  Result<ImageFile> make(const Plan& plan, const PlannedBoot& boot, const fs::path& out);

 private:
  Result<const GuestBase*> base(const std::string& program);
  Result<ImageFile> program_itself(const Plan& plan, const PlannedBoot& boot) const;

  const BuiltKernel* kernel_;
  fs::path programs_;
  std::mutex mutex_;
  std::map<std::string, GuestBase> bases_;
};

}  // namespace aios
