// SPDX-License-Identifier: Apache-2.0
// Reports as aios-init does, without a word of what it is told: one scenario, one operation.
#include "mark.h"

void measured_path(void);

static void out8(unsigned short port, unsigned char value) { __asm__ volatile("outb %0, %1" ::"a"(value), "Nd"(port)); }
static unsigned char in8(unsigned short port) {
  unsigned char value;
  __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
  return value;
}

static void put(char c) {
  while ((in8(0x3fd) & 0x20) == 0) {
  }
  out8(0x3f8, (unsigned char)c);
}
static void put_text(const char* text) {
  while (*text != '\0') put(*text++);
}
static unsigned length_of(const char* text) {
  unsigned length = 0;
  while (text[length] != '\0') ++length;
  return length;
}

static unsigned crc32_of(const char* bytes, unsigned length) {
  unsigned crc = ~0u;
  for (unsigned i = 0; i < length; ++i) {
    crc ^= (unsigned char)bytes[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0);
  }
  return ~crc;
}

static void send(const char* json) {
  const unsigned length = length_of(json);
  const unsigned crc = crc32_of(json, length);
  put_text("\n@AB1 ");
  if (length >= 100) put((char)('0' + length / 100));
  if (length >= 10) put((char)('0' + length / 10 % 10));
  put((char)('0' + length % 10));
  put(' ');
  for (int shift = 28; shift >= 0; shift -= 4) put("0123456789abcdef"[(crc >> shift) & 15]);
  put(' ');
  put_text(json);
  put('\n');
}

static void nothing(void) { __asm__ volatile("" ::: "memory"); }

static void region(void (*operation)(), const char* name) {
  aios_mark_tag(crc32_of(name, length_of(name)));
  aios_mark_region_begin();
  for (int i = 0; i < 50; ++i) {
    aios_mark_iter_begin();
    operation();
    aios_mark_iter_end();
  }
  aios_mark_region_end();
}

void kernel_main(void) {
  AIOS_MARK_POINT(1);
  send("{\"t\":\"hello\",\"v\":1,\"kernel\":\"tiny\",\"cmdline\":\"\"}");
  AIOS_MARK_POINT(2);
  send("{\"t\":\"ready\"}");
  send("{\"t\":\"begin\",\"scenario\":\"syscall\"}");
  region(nothing, "_overhead");
  send("{\"t\":\"region\",\"n\":0,\"name\":\"_overhead\",\"iterations\":50}");
  region(measured_path, "syscall.null");
  send("{\"t\":\"region\",\"n\":1,\"name\":\"syscall.null\",\"iterations\":50}");
  send("{\"t\":\"end\",\"scenario\":\"syscall\",\"exit\":0}");
  put_text("\033[31mwhat a terminal must not obey\n");
  put_text(
      "# aios-bench metrics begin\n"
      "# HELP tiny_context_switches_total Switches between tasks.\n"
      "# TYPE tiny_context_switches_total counter\n"
      "tiny_context_switches_total{cpu=\"0\"} 12\n"
      "# HELP tiny_page_fault_cycles What a page fault takes.\n"
      "# TYPE tiny_page_fault_cycles histogram\n"
      "tiny_page_fault_cycles_bucket{le=\"1000\"} 3\n"
      "tiny_page_fault_cycles_bucket{le=\"+Inf\"} 4\n"
      "tiny_page_fault_cycles_sum 2900\n"
      "tiny_page_fault_cycles_count 4\n"
      "# aios-bench metrics end\n");
  AIOS_MARK_POINT(3);
  send("{\"t\":\"done\"}");
}
