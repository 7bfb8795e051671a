// SPDX-License-Identifier: Apache-2.0
#include "scenarios/ipc/transport.h"

#include <linux/fcntl.h>
#include <linux/ipc.h>
#include <linux/mqueue.h>

namespace aios::scenario::ipc {
namespace {

constexpr long kUnix = 1, kStream = 1, kDatagram = 2;
constexpr long kNoSpace = -28;  // ENOSPC, where shared memory is refused
constexpr long kRings = 2 * sizeof(Ring);

long open_sockets(Link& link, long type) {
  int ends[2];
  const long result = sys::call(__NR_socketpair, kUnix, type, 0, sys::as_long(ends));
  if (result < 0) return result;
  link.in[0] = link.out[0] = ends[0];
  link.in[1] = link.out[1] = ends[1];
  return 0;
}

void free_shared(void* at, long size) {
  if (at != nullptr) sys::munmap(at, size);
}

}  // namespace

long Pipe::open(Link& link) {
  for (int side = 0; side < 2; ++side) {
    int ends[2];
    const long result = sys::pipe(ends);
    if (result < 0) return result;
    link.in[1 - side] = ends[0];
    link.out[side] = ends[1];
  }
  return 0;
}

long UnixSocket::open(Link& link) { return open_sockets(link, kStream); }
long UnixDatagram::open(Link& link) { return open_sockets(link, kDatagram); }

long EventCounter::open(Link& link) {
  for (int side = 0; side < 2; ++side) {
    const long fd = sys::call(__NR_eventfd2, 0, 0);
    if (fd < 0) return fd;
    link.in[side] = link.out[1 - side] = fd;
  }
  return 0;
}

long FutexWord::open(Link& link) {
  link.words = static_cast<unsigned*>(map_shared(kPage));
  return link.words == nullptr ? kNoSpace : 0;
}
void FutexWord::close(Link& link) { free_shared(link.words, kPage); }

long SharedRing::open(Link& link) {
  auto* rings = static_cast<Ring*>(map_shared(kRings));
  link.to[0] = rings;
  link.to[1] = rings == nullptr ? nullptr : rings + 1;
  return rings == nullptr ? kNoSpace : 0;
}
void SharedRing::close(Link& link) { free_shared(link.to[0], kRings); }

long SysvQueue::open(Link& link) {
  for (int side = 0; side < 2; ++side) {
    const long id = sys::call(__NR_msgget, IPC_PRIVATE, 0600);
    if (id < 0) return id;
    link.in[1 - side] = link.out[side] = id;
  }
  *reinterpret_cast<long*>(link.buffer - 8) = 1;
  return 0;
}
void SysvQueue::close(Link& link) {
  for (const long id : link.in) {
    if (id >= 0) sys::call(__NR_msgctl, id, IPC_RMID, 0);
  }
}

long PosixQueue::open(Link& link) {
  mq_attr shape{};
  shape.mq_maxmsg = 4;
  shape.mq_msgsize = link.size;
  static constexpr const char* kNames[2] = {"aios-ipc-0", "aios-ipc-1"};
  for (int side = 0; side < 2; ++side) {
    sys::call(__NR_mq_unlink, sys::as_long(kNames[side]));
    const long fd =
        sys::call(__NR_mq_open, sys::as_long(kNames[side]), O_RDWR | O_CREAT | O_EXCL, 0600, sys::as_long(&shape));
    if (fd < 0) return fd;
    sys::call(__NR_mq_unlink, sys::as_long(kNames[side]));
    link.in[1 - side] = link.out[side] = fd;
  }
  return 0;
}

}  // namespace aios::scenario::ipc
