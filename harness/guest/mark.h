// SPDX-License-Identifier: Apache-2.0
// The guest's marks: instructions that the counting plugin recognises when QEMU translates them (nopl disp32(%rax) with
// a magic displacement). No trap, no I/O, no register changed; in user and in kernel mode, in C and in C++,
// freestanding. Without the plugin, and on real hardware, a mark is a NOP.
//
//   aios_mark_tag(7);              optional: names the next region (a number the guest also reports in a frame)
//   aios_mark_region_begin();
//   for (...) { aios_mark_iter_begin(); operation(); aios_mark_iter_end(); }
//   aios_mark_region_end();
//   AIOS_MARK_POINT(3);            a point on the timeline; the id, 0 to 255, is a constant
//
// A mark itself is not counted in what it begins or ends. Regions do not nest.
#pragma once

#define AIOS_MARK_REGION_BEGIN 1
#define AIOS_MARK_REGION_END 2
#define AIOS_MARK_ITER_BEGIN 3
#define AIOS_MARK_ITER_END 4
#define AIOS_MARK_POINT_AT 5
#define AIOS_MARK_TAG_DIGIT 6

#if defined(__x86_64__) || defined(__i386__)
#define AIOS_MARK(kind, id)        \
  __asm__ volatile(                \
      ".byte 0x0f, 0x1f, 0x80\n\t" \
      ".byte %c0, %c1, 0x05, 0xa1" \
      :                            \
      : "i"((id)&0xff), "i"(kind)  \
      : "memory")
#else
#define AIOS_MARK(kind, id) __asm__ volatile("" ::: "memory")
#endif

#define AIOS_MARK_POINT(id) AIOS_MARK(AIOS_MARK_POINT_AT, id)

static inline __attribute__((always_inline)) void aios_mark_region_begin(void) { AIOS_MARK(AIOS_MARK_REGION_BEGIN, 0); }
static inline __attribute__((always_inline)) void aios_mark_region_end(void) { AIOS_MARK(AIOS_MARK_REGION_END, 0); }
static inline __attribute__((always_inline)) void aios_mark_iter_begin(void) { AIOS_MARK(AIOS_MARK_ITER_BEGIN, 0); }
static inline __attribute__((always_inline)) void aios_mark_iter_end(void) { AIOS_MARK(AIOS_MARK_ITER_END, 0); }

// A mark can only carry a constant, so a number is sent digit by digit.
#define AIOS_MARK_TAG_CASE(digit)          \
  case digit:                              \
    AIOS_MARK(AIOS_MARK_TAG_DIGIT, digit); \
    break
static inline void aios_mark_tag(unsigned tag) {
  for (int shift = 28; shift >= 0; shift -= 4) {
    switch ((tag >> shift) & 15u) {
      AIOS_MARK_TAG_CASE(0);
      AIOS_MARK_TAG_CASE(1);
      AIOS_MARK_TAG_CASE(2);
      AIOS_MARK_TAG_CASE(3);
      AIOS_MARK_TAG_CASE(4);
      AIOS_MARK_TAG_CASE(5);
      AIOS_MARK_TAG_CASE(6);
      AIOS_MARK_TAG_CASE(7);
      AIOS_MARK_TAG_CASE(8);
      AIOS_MARK_TAG_CASE(9);
      AIOS_MARK_TAG_CASE(10);
      AIOS_MARK_TAG_CASE(11);
      AIOS_MARK_TAG_CASE(12);
      AIOS_MARK_TAG_CASE(13);
      AIOS_MARK_TAG_CASE(14);
      AIOS_MARK_TAG_CASE(15);
    }
  }
}
