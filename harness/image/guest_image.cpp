// SPDX-License-Identifier: Apache-2.0
#include "harness/image/guest_image.h"

#include <fmt/format.h>

#include "harness/image/modules.h"
#include "harness/image/static_program.h"
#include "harness/support/hash.h"

namespace aios {

std::vector<ModuleOrder> GuestBase::module_orders() const {
  std::vector<ModuleOrder> orders;
  for (const auto& path : module_paths) orders.push_back({path, {}});
  return orders;
}

Result<GuestBase> make_guest_base(const GuestSpec& spec) {
  std::vector<ImageEntry> entries = {file_entry("/init", spec.init),
                                     // Linux opens it before PID 1 runs; devtmpfs then covers it.
                                     device_entry("/dev/console", 5, 1), folder_entry("/proc", 0555),
                                     folder_entry("/sys", 0555), folder_entry("/run"), folder_entry("/tmp", 01777)};
  TRY(require_static_program(spec.init));
  for (const auto& program : spec.programs) {
    TRY(require_static_program(program));
    entries.push_back(file_entry("/aios/bin/" + program.filename().string(), program));
  }
  if (!spec.shell.empty()) {
    TRY(require_static_program(spec.shell));
    entries.push_back(file_entry("/bin/busybox", spec.shell));
    entries.push_back(link_entry("/bin/sh", "busybox"));
  }
  GuestBase base;
  for (auto& module : TRY(collect_modules(spec.modules_root, spec.modules))) {
    base.module_paths.push_back(module.guest_path);
    entries.push_back(text_entry(std::move(module.guest_path), std::move(module.content)));
  }
  entries.insert(entries.end(), spec.extra.begin(), spec.extra.end());
  base.bytes = TRY(pack_initramfs(std::move(entries), spec.compression));
  base.sha256 = sha256(base.bytes);
  return base;
}

Result<ImageFile> write_guest_image(const GuestBase& base, const Orders& orders, const fs::path& out,
                                    std::vector<ImageEntry> more) {
  more.push_back(text_entry("/aios/orders", TRY(write_orders(orders))));
  const std::string part = TRY(pack_initramfs(std::move(more)));
  return write_image(out, {base.bytes, part});
}

fs::path find_static_busybox() {
  const fs::path path = find_program("busybox");
  return !path.empty() && require_static_program(path).ok() ? path : fs::path{};
}

}  // namespace aios
