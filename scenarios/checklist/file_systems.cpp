// SPDX-License-Identifier: Apache-2.0
// File systems, each mounted and used. ext4 and xfs come as images without their empty parts (block_image.h).
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <initializer_list>

#include "scenarios/checklist/block_image.h"
#include "scenarios/checklist/check.h"
#include "scenarios/checklist/tools.h"

namespace aios::checklist {
namespace {

constexpr const char* kText = "written and read back\n";

struct Path {
  Path(const char* folder, const char* name) { std::snprintf(text, sizeof text, "%s/%s", folder, name); }
  char text[256];
};

Outcome write_and_read_back(const char* folder) {
  const Path file(folder, "file");
  if (!create_file(file.text, kText)) return refused("writing a file");
  return holds(file.text, kText) ? yes("a file was written and read back")
                                 : no("what was read is not what was written");
}

Outcome fs_tmpfs() {
  const char* folder = scratch("tmpfs");
  if (::mount("none", folder, "tmpfs", 0, "size=1m") != 0) return refused("mount");
  return write_and_read_back(folder);
}

Outcome fs_proc() {
  const char* folder = scratch("proc");
  if (::mount("none", folder, "proc", 0, nullptr) != 0) return refused("mount");
  char link[32] = {}, own[32];
  if (::readlink(Path(folder, "self").text, link, sizeof link - 1) < 0) return refused("self");
  std::snprintf(own, sizeof own, "%d", ::getpid());
  return std::strcmp(link, own) == 0 ? yes("it shows the process that looks") : no("self is %s, not %s", link, own);
}

Outcome fs_sysfs() {
  const char* folder = scratch("sysfs");
  if (::mount("none", folder, "sysfs", 0, nullptr) != 0) return refused("mount");
  return exists(Path(folder, "kernel").text) ? yes("it shows the kernel's directory")
                                             : no("it has no kernel directory");
}

Outcome fs_devtmpfs() {
  const char* folder = scratch("devtmpfs");
  if (::mount("none", folder, "devtmpfs", 0, nullptr) != 0) return refused("mount");
  const int file = ::open(Path(folder, "zero").text, O_RDONLY | O_CLOEXEC);
  if (file < 0) return refused("its zero device");
  char byte = 1;
  return ::read(file, &byte, 1) == 1 && byte == 0 ? yes("its zero device reads as zeros")
                                                  : no("its zero device does not");
}

Outcome fs_overlay() {
  const char* base = scratch("overlay");
  if (::mount("none", base, "tmpfs", 0, nullptr) != 0) return refused("a tmpfs to lay over");
  const Path lower(base, "lower"), upper(base, "upper"), work(base, "work"), merged(base, "merged");
  for (const Path* folder : {&lower, &upper, &work, &merged}) make_folder(folder->text);
  create_file(Path(lower.text, "file").text, "below\n");
  char options[900];
  std::snprintf(options, sizeof options, "lowerdir=%s,upperdir=%s,workdir=%s", lower.text, upper.text, work.text);
  if (::mount("none", merged.text, "overlay", 0, options) != 0) return refused("mount");
  if (!holds(Path(merged.text, "file").text, "below\n")) return no("the lower file does not show through");
  if (!create_file(Path(merged.text, "file").text, kText)) return refused("writing through it");
  const bool apart = holds(Path(upper.text, "file").text, kText) && holds(Path(lower.text, "file").text, "below\n");
  return apart ? yes("a write went to the upper layer alone") : no("a write did not stay in the upper layer");
}

Outcome on_image(const char* type, const BlockImage& image, bool read_only_first) {
  BlockDevice device;
  if (const Outcome made = device.create(image); made.kind != Outcome::yes) return made;
  const char* folder = scratch(type);
  if (read_only_first) {
    if (::mount(device.path(), folder, type, MS_RDONLY, nullptr) != 0) return refused("mount, read-only");
    if (create_file(Path(folder, "file").text, kText) || errno != EROFS) return no("a read-only mount took a write");
    if (::mount(nullptr, folder, nullptr, MS_REMOUNT, nullptr) != 0) return refused("remount, writable");
  } else if (::mount(device.path(), folder, type, 0, nullptr) != 0) {
    return refused("mount");
  }
  const Outcome outcome = write_and_read_back(folder);
  if (::umount(folder) != 0) return refused("umount");
  return outcome;
}

Outcome fs_ext4() { return on_image("ext4", ext4_image(), true); }
Outcome fs_xfs() { return on_image("xfs", xfs_image(), false); }

constexpr Check kChecks[] = {
    {"fs_tmpfs", fs_tmpfs},     {"fs_proc", fs_proc}, {"fs_sysfs", fs_sysfs}, {"fs_devtmpfs", fs_devtmpfs},
    {"fs_overlay", fs_overlay}, {"fs_ext4", fs_ext4}, {"fs_xfs", fs_xfs},
};

}  // namespace

const Group kFileSystemChecks = group_of(kChecks);

}  // namespace aios::checklist
