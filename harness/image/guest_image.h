// SPDX-License-Identifier: Apache-2.0
// The guest that every Linux scenario runs in: aios-init as /init, programs in /aios/bin, the wanted modules, a
// console. Its base is packed once a kernel and held in memory; each boot only puts its orders behind it, which takes
// milliseconds.
//
//   const GuestBase base = TRY(make_guest_base({.init = init, .programs = {operations}, .modules_root = built.modules,
//                                               .modules = built.load_modules}));
//   orders.modules = base.module_orders();
//   const ImageFile initrd = TRY(write_guest_image(base, orders, scratch / "initrd"));
#pragma once

#include <string>
#include <vector>

#include "harness/guest/orders.h"
#include "harness/image/initramfs.h"

namespace aios {

struct GuestSpec {
  fs::path init;                     // aios-init: guest/init of the build folder
  std::vector<fs::path> programs;    // become /aios/bin/NAME
  fs::path modules_root;             // holds lib/modules/VERSION; may be empty when no module is wanted
  std::vector<std::string> modules;  // by name; what they depend on comes along
  fs::path shell;                    // a static busybox for `shell`; empty: aios-init's own small shell
  std::vector<ImageEntry> extra;
  Compression compression = Compression::none;
};

struct GuestBase {
  std::string bytes;
  std::string sha256;
  std::vector<std::string> module_paths;  // in the guest, in loading order

  std::vector<ModuleOrder> module_orders() const;
};

Result<GuestBase> make_guest_base(const GuestSpec& spec);
// The orders' modules are taken as they are; `more` are entries that only this boot has.
Result<ImageFile> write_guest_image(const GuestBase& base, const Orders& orders, const fs::path& out,
                                    std::vector<ImageEntry> more = {});

// The host's static busybox, or an empty path: a dynamic one would not run in the guest.
fs::path find_static_busybox();

}  // namespace aios
