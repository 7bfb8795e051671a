// SPDX-License-Identifier: Apache-2.0
// What carries a message between two processes: each transport opens a link in both directions, sends and receives a
// message of the link's size, and closes. Side 0 is the measuring process, side 1 its peer.
#pragma once

#include "scenarios/ipc/ring.h"
#include "scenarios/operation.h"
#include "scenarios/peer.h"

namespace aios::scenario::ipc {

struct Link {
  long size = 0;
  char* buffer = nullptr;  // of `size` bytes, and 8 before it for a message type
  // What side s reads from and writes to.
  long in[2] = {-1, -1}, out[2] = {-1, -1};
  Ring* to[2] = {nullptr, nullptr};  // the ring that side s reads
  unsigned* words = nullptr;         // two words in shared memory, word s changes when side s is to wake
  unsigned seen = 0;
  long peer = 0;
};

inline void close_files(Link& link) {
  for (int side = 0; side < 2; ++side) {
    if (link.in[side] >= 0) sys::close(link.in[side]);
    if (link.out[side] >= 0 && link.out[side] != link.in[side]) sys::close(link.out[side]);
  }
}

// Bytes in a stream: what is large goes in pieces.
struct Stream {
  static void send(Link& link, int side) {
    for (long done = 0; done < link.size;) {
      const long written = sys::write(link.out[side], link.buffer + done, link.size - done);
      if (written <= 0) return;
      done += written;
    }
  }
  static bool receive(Link& link, int side) {
    for (long done = 0; done < link.size;) {
      const long got = sys::read(link.in[side], link.buffer + done, link.size - done);
      if (got <= 0) return false;
      done += got;
    }
    return true;
  }
};

struct Pipe : Stream {
  static long open(Link& link);
  static void close(Link& link) { close_files(link); }
};

struct UnixSocket : Stream {
  static long open(Link& link);
  static void close(Link& link) { close_files(link); }
};

// One system call a message, whole or not at all.
struct UnixDatagram {
  static long open(Link& link);
  static void send(Link& link, int side) { sys::write(link.out[side], link.buffer, link.size); }
  static bool receive(Link& link, int side) { return sys::read(link.in[side], link.buffer, link.size) == link.size; }
  static void close(Link& link) { close_files(link); }
};

struct EventCounter {
  static long open(Link& link);
  static void send(Link& link, int side) {
    const unsigned long one = 1;
    sys::write(link.out[side], &one, sizeof one);
  }
  static bool receive(Link& link, int side) {
    unsigned long count;
    return sys::read(link.in[side], &count, sizeof count) == static_cast<long>(sizeof count);
  }
  static void close(Link& link) { close_files(link); }
};

struct FutexWord {
  static long open(Link& link);
  static void send(Link& link, int side) {
    unsigned* word = link.words + (1 - side);
    __atomic_fetch_add(word, 1, __ATOMIC_RELEASE);
    sys::futex(word, FUTEX_WAKE, 1);
  }
  static bool receive(Link& link, int side) {
    unsigned* word = link.words + side;
    while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == link.seen) sys::futex(word, FUTEX_WAIT, link.seen);
    ++link.seen;
    return true;
  }
  static void close(Link& link);
};

struct SharedRing {
  static long open(Link& link);
  static void send(Link& link, int side) { ring_write(*link.to[1 - side], link.buffer, link.size); }
  static bool receive(Link& link, int side) {
    ring_read(*link.to[side], link.buffer, link.size);
    return true;
  }
  static void close(Link& link);
};

// The eight bytes before the buffer are the message's type.
struct SysvQueue {
  static long open(Link& link);
  static void send(Link& link, int side) {
    sys::call(__NR_msgsnd, link.out[side], sys::as_long(link.buffer - 8), link.size, 0);
  }
  static bool receive(Link& link, int side) {
    return sys::call(__NR_msgrcv, link.in[side], sys::as_long(link.buffer - 8), link.size, 0, 0) == link.size;
  }
  static void close(Link& link);
};

struct PosixQueue {
  static long open(Link& link);
  static void send(Link& link, int side) {
    sys::call(__NR_mq_timedsend, link.out[side], sys::as_long(link.buffer), link.size, 0, 0);
  }
  static bool receive(Link& link, int side) {
    return sys::call(__NR_mq_timedreceive, link.in[side], sys::as_long(link.buffer), link.size, 0, 0) == link.size;
  }
  static void close(Link& link) { close_files(link); }
};

}  // namespace aios::scenario::ipc
