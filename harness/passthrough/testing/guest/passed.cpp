// SPDX-License-Identifier: Apache-2.0
// The guest of the nested test: a kernel of a few KiB that finds the devices which were passed through to it, reads and
// writes their registers, has one copy memory both ways, and at last sends it where the guest has no memory.
namespace {

using u8 = unsigned char;
using u16 = unsigned short;
using u32 = unsigned;

constexpr u16 kSerial = 0x3f8;
constexpr u32 kEduId = 0x11e81234, kEduMemory = 0x40000, kNobodysMemory = 0x8000000;

void out8(u16 port, u8 value) { asm volatile("outb %0, %1" ::"a"(value), "Nd"(port)); }
void out32(u16 port, u32 value) { asm volatile("outl %0, %1" ::"a"(value), "Nd"(port)); }
u8 in8(u16 port) {
  u8 value;
  asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
  return value;
}
u32 in32(u16 port) {
  u32 value;
  asm volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
  return value;
}

void say(const char* text) {
  for (; *text != 0; ++text) {
    while ((in8(kSerial + 5) & 0x20) == 0) {
    }
    out8(kSerial, static_cast<u8>(*text));
  }
}

void say_number(u32 value) {
  char digits[9];
  for (int i = 0; i < 8; ++i) digits[i] = "0123456789abcdef"[(value >> (28 - 4 * i)) & 15];
  digits[8] = 0;
  say(digits);
}

u32 config(u32 function, u32 at) {
  out32(0xcf8, 0x80000000U | (function << 8) | at);
  return in32(0xcfc);
}

void set_config(u32 function, u32 at, u32 value) {
  out32(0xcf8, 0x80000000U | (function << 8) | at);
  out32(0xcfc, value);
}

volatile u32& memory(u32 address) { return *reinterpret_cast<volatile u32*>(address); }

bool copy(u32 registers, u32 from, u32 to, u32 bytes, u32 direction) {
  memory(registers + 0x80) = from;
  memory(registers + 0x84) = 0;
  memory(registers + 0x88) = to;
  memory(registers + 0x8c) = 0;
  memory(registers + 0x90) = bytes;
  memory(registers + 0x94) = 0;
  memory(registers + 0x98) = 1 | direction;
  for (u32 turns = 0; turns < 200'000'000; ++turns) {
    if ((memory(registers + 0x98) & 1) == 0) return true;
  }
  return false;
}

u32 source[16], target[16];

void use_edu(u32 function) {
  set_config(function, 4, config(function, 4) | 6);  // memory and bus master
  const u32 registers = config(function, 0x10) & ~15U;
  say("edu: id ");
  say_number(memory(registers));
  memory(registers + 4) = 0x12345678;
  say(memory(registers + 4) == ~0x12345678U ? "\r\nedu: registers answer\r\n" : "\r\nedu: registers do not answer\r\n");
  for (u32 i = 0; i < 16; ++i) source[i] = 0xa105beefU + i;
  const auto address = [](u32* at) { return static_cast<u32>(reinterpret_cast<unsigned long>(at)); };
  bool same = copy(registers, address(source), kEduMemory, sizeof source, 0) &&
              copy(registers, kEduMemory, address(target), sizeof target, 2);
  for (u32 i = 0; i < 16; ++i) same = same && static_cast<volatile u32&>(target[i]) == source[i];
  say(same ? "edu: memory there and back\r\n" : "edu: memory came back different\r\n");
  say(copy(registers, kEduMemory, kNobodysMemory, 64, 2) ? "edu: stray write sent\r\n" : "edu: stray write hangs\r\n");
}

void look_at(u32 function) {
  const u32 id = config(function, 0);
  if ((id & 0xffff) == 0xffff) return;
  const u32 kind = config(function, 8) >> 16;
  if (id == kEduId) use_edu(function);
  if ((kind >> 8) == 3 || kind == 0x0403) {
    set_config(function, 4, config(function, 4) | 2);
    say(kind == 0x0403 ? "sound: " : "display: ");
    say_number(id);
    say(" first word ");
    say_number(memory(config(function, 0x10) & ~15U));
    say("\r\n");
  }
}

}  // namespace

extern "C" void passed_main() {
  say("passed: the guest is up\r\n");
  for (u32 bus = 0; bus < 4; ++bus) {
    for (u32 function = 0; function < 256; ++function) look_at((bus << 8) | function);
  }
  say("passed: done\r\n");
}

asm(".section .multiboot, \"a\"\n.align 4\n.long 0x1badb002, 3, -(0x1badb002 + 3)\n"
    ".text\n.globl _start\n_start:\ncli\ncld\nmovl $passed_stack + 16384, %esp\ncall passed_main\n1: hlt\njmp 1b\n"
    ".bss\n.align 16\npassed_stack: .skip 16384\n.text\n");
