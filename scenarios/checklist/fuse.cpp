// SPDX-License-Identifier: Apache-2.0
// fuse with a server in a child process: one folder with one file in it.
#include <fcntl.h>
#include <linux/fuse.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "scenarios/checklist/check.h"
#include "scenarios/checklist/tools.h"

namespace aios::checklist {
namespace {

constexpr std::uint64_t kFile = 2;
constexpr char kContent[] = "served from user space\n";

void fill(fuse_attr& attributes, std::uint64_t node) {
  attributes.ino = node;
  attributes.mode = node == kFile ? S_IFREG | 0444 : S_IFDIR | 0755;
  attributes.nlink = 1;
  attributes.size = node == kFile ? sizeof kContent - 1 : 0;
}

class Server {
 public:
  explicit Server(int device) : device_(device) {}

  void serve() {
    alignas(8) static char request[64 * 1024 + 4096];
    for (;;) {
      const ssize_t size = ::read(device_, request, sizeof request);
      if (size < static_cast<ssize_t>(sizeof(fuse_in_header))) return;
      fuse_in_header header;
      std::memcpy(&header, request, sizeof header);
      answer(header, request + sizeof header);
    }
  }

 private:
  void answer(const fuse_in_header& header, const char* body) {
    switch (header.opcode) {
      case FUSE_INIT: {
        fuse_init_out out{};
        out.major = FUSE_KERNEL_VERSION;
        out.minor = FUSE_KERNEL_MINOR_VERSION;
        out.max_write = 4096;
        return reply(header, &out, sizeof out);
      }
      case FUSE_LOOKUP: {
        if (std::strcmp(body, "file") != 0) return fail(header, 2);  // ENOENT
        fuse_entry_out out{};
        out.nodeid = kFile;
        fill(out.attr, kFile);
        return reply(header, &out, sizeof out);
      }
      case FUSE_GETATTR: {
        fuse_attr_out out{};
        fill(out.attr, header.nodeid);
        return reply(header, &out, sizeof out);
      }
      case FUSE_OPEN: {
        const fuse_open_out out{};
        return reply(header, &out, sizeof out);
      }
      case FUSE_READ: {
        fuse_read_in in;
        std::memcpy(&in, body, sizeof in);
        const std::size_t from = in.offset < sizeof kContent - 1 ? in.offset : sizeof kContent - 1;
        return reply(header, kContent + from, sizeof kContent - 1 - from);
      }
      case FUSE_FLUSH:
      case FUSE_RELEASE:
        return reply(header, nullptr, 0);
      case FUSE_FORGET:
      case FUSE_BATCH_FORGET:
        return;
      default:
        return fail(header, 38);  // ENOSYS
    }
  }
  void reply(const fuse_in_header& header, const void* body, std::size_t size) { send(header, 0, body, size); }
  void fail(const fuse_in_header& header, int error) { send(header, -error, nullptr, 0); }
  void send(const fuse_in_header& header, int error, const void* body, std::size_t size) {
    char message[512];
    fuse_out_header out{};
    out.len = static_cast<std::uint32_t>(sizeof out + size);
    out.error = error;
    out.unique = header.unique;
    std::memcpy(message, &out, sizeof out);
    if (size > 0) std::memcpy(message + sizeof out, body, size);
    if (::write(device_, message, out.len) < 0) ::_exit(1);
  }

  int device_;
};

Outcome fs_fuse() {
  const char* folder = scratch("fuse");
  const int device = ::open("/dev/fuse", O_RDWR | O_CLOEXEC);
  if (device < 0) return refused("/dev/fuse");
  char options[64], path[256];
  std::snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", device);
  std::snprintf(path, sizeof path, "%s/file", folder);
  if (::mount("checklist", folder, "fuse", MS_NOSUID | MS_NODEV, options) != 0) return refused("mount");
  const int server = fork_child();
  if (server == 0) {
    Server(device).serve();
    leave(0);
  }
  const bool same = holds(path, kContent);
  ::kill(server, SIGKILL);
  ::close(device);
  reap_child(server);
  ::umount2(folder, MNT_DETACH);
  return same ? yes("a file was read through its server") : no("the file read is not the one served");
}

constexpr Check kChecks[] = {{"fs_fuse", fs_fuse}};

}  // namespace

const Group kFuseChecks = group_of(kChecks);

}  // namespace aios::checklist
