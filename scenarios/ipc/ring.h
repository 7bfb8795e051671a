// SPDX-License-Identifier: Apache-2.0
// A ring of bytes in memory that two processes share: one writes, one reads, and each sleeps on a futex only when it
// has to. The copy in and the copy out are part of what a message costs.
#pragma once

#include <linux/futex.h>

#include "scenarios/sys.h"

namespace aios::scenario::ipc {

struct Ring {
  static constexpr unsigned kBytes = 64 * 1024;

  alignas(64) unsigned head;  // written so far
  unsigned reader_sleeps;
  alignas(64) unsigned tail;  // read so far
  unsigned writer_sleeps;
  alignas(64) char bytes[kBytes];
};

// Sleeps until `word` is no longer `seen`. `sleeps` tells the other side that a wake is wanted.
inline void ring_wait(unsigned* word, unsigned seen, unsigned* sleeps) {
  __atomic_store_n(sleeps, 1, __ATOMIC_SEQ_CST);
  while (__atomic_load_n(word, __ATOMIC_SEQ_CST) == seen) sys::futex(word, FUTEX_WAIT, seen);
  __atomic_store_n(sleeps, 0, __ATOMIC_RELAXED);
}
inline void ring_advance(unsigned* word, unsigned value, const unsigned* sleeps) {
  __atomic_store_n(word, value, __ATOMIC_SEQ_CST);
  if (__atomic_load_n(sleeps, __ATOMIC_SEQ_CST) != 0) sys::futex(word, FUTEX_WAKE, 1);
}

inline unsigned least(unsigned a, unsigned b) { return a < b ? a : b; }

inline void ring_write(Ring& ring, const char* from, long size) {
  auto left = static_cast<unsigned>(size);
  unsigned head = ring.head;
  while (left > 0) {
    const unsigned tail = __atomic_load_n(&ring.tail, __ATOMIC_ACQUIRE);
    const unsigned room = Ring::kBytes - (head - tail);
    if (room == 0) {
      ring_wait(&ring.tail, tail, &ring.writer_sleeps);
      continue;
    }
    const unsigned at = head % Ring::kBytes;
    const unsigned piece = least(least(left, room), Ring::kBytes - at);
    __builtin_memcpy(ring.bytes + at, from, piece);
    from += piece;
    left -= piece;
    head += piece;
    ring_advance(&ring.head, head, &ring.reader_sleeps);
  }
}

inline void ring_read(Ring& ring, char* to, long size) {
  auto left = static_cast<unsigned>(size);
  unsigned tail = ring.tail;
  while (left > 0) {
    const unsigned head = __atomic_load_n(&ring.head, __ATOMIC_ACQUIRE);
    if (head == tail) {
      ring_wait(&ring.head, head, &ring.reader_sleeps);
      continue;
    }
    const unsigned at = tail % Ring::kBytes;
    const unsigned piece = least(least(left, head - tail), Ring::kBytes - at);
    __builtin_memcpy(to, ring.bytes + at, piece);
    to += piece;
    left -= piece;
    tail += piece;
    ring_advance(&ring.tail, tail, &ring.writer_sleeps);
  }
}

}  // namespace aios::scenario::ipc
