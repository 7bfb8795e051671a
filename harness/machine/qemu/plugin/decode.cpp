// SPDX-License-Identifier: Apache-2.0
#include "decode.h"

namespace aios::count {
namespace {

using Bytes = std::span<const std::uint8_t>;

struct Prefixes {
  bool lock = false;
  bool operand_size = false;
  std::uint8_t rep = 0;  // 0xf2 or 0xf3
  std::uint8_t rex = 0;
};

// Opcode tables, a line a meaning.
// clang-format off
bool is_legacy_prefix(std::uint8_t b) {
  switch (b) {
    case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x64: case 0x65: case 0x66: case 0x67: case 0xf0: case 0xf2:
    case 0xf3: return true;
    default: return false;
  }
}

Bytes strip_prefixes(Bytes b, Prefixes& p) {
  while (b.size() > 1 && is_legacy_prefix(b[0])) {
    if (b[0] == 0xf0) p.lock = true;
    if (b[0] == 0x66) p.operand_size = true;
    if (b[0] == 0xf2 || b[0] == 0xf3) p.rep = b[0];
    b = b.subspan(1);
  }
  // Outside 64-bit mode these bytes are one-byte instructions, and then they are the last byte.
  if (b.size() > 1 && (b[0] & 0xf0) == 0x40) {
    p.rex = b[0];
    b = b.subspan(1);
  }
  return b;
}

unsigned mod(std::uint8_t modrm) { return modrm >> 6; }
unsigned reg(std::uint8_t modrm) { return (modrm >> 3) & 7; }

Class heavy_0f01(std::uint8_t modrm) {
  if (mod(modrm) != 3) return reg(modrm) == 7 ? kInvlpg : reg(modrm) == 6 ? kCrOther : kNoClass;
  switch (modrm) {
    case 0xc9: return kHlt;  // mwait
    case 0xd1: return kCrOther;  // xsetbv
    case 0xe8: return kFence;  // serialize
    case 0xf9: return kRdtsc;  // rdtscp
    default: return reg(modrm) == 6 ? kCrOther : kNoClass;  // lmsw
  }
}

Class heavy_0fae(std::uint8_t modrm, const Prefixes& p) {
  if (mod(modrm) == 3) return reg(modrm) >= 5 && p.rep == 0 && !p.operand_size ? kFence : kNoClass;
  switch (reg(modrm)) {
    case 0: case 1: case 4: case 5:
      return kFpuState;  // fxsave fxrstor xsave xrstor
    case 6:
      return p.operand_size || p.rep != 0 ? kNoClass : kFpuState;  // xsaveopt; 66: clwb
    default: return kNoClass;
  }
}

Class heavy_0f(Bytes b, const Prefixes& p) {
  const std::uint8_t modrm = b.size() > 2 ? b[2] : 0;
  switch (b[1]) {
    case 0x01: return heavy_0f01(modrm);
    case 0x05: case 0x34: return kSyscall;
    case 0x07: case 0x35: return kSysret;
    case 0x06: case 0x20: case 0x21: case 0x23: return kCrOther;
    case 0x22: return reg(modrm) == 3 && (p.rex & 4) == 0 ? kCr3Write : kCrOther;
    case 0x08: case 0x09: return kFence;  // invd, wbinvd
    case 0x30: case 0x32: return kMsr;
    case 0x31: return kRdtsc;
    case 0x38: return b.size() > 2 && b[2] == 0x82 && p.operand_size ? kInvlpg : kNoClass;  // invpcid
    case 0xa2: return kCpuid;
    case 0xae: return heavy_0fae(modrm, p);
    case 0xc7:  // xrstors, xsavec, xsaves
      return mod(modrm) != 3 && reg(modrm) >= 3 && reg(modrm) <= 5 ? kFpuState : kNoClass;
    default: return kNoClass;
  }
}

Class heavy_class(Bytes b, const Prefixes& p) {
  switch (b[0]) {
    case 0x0f: return b.size() > 1 ? heavy_0f(b, p) : kNoClass;
    case 0x6c: case 0x6d: case 0x6e: case 0x6f:
      return p.rep != 0 ? kNoClass : kPortIo;  // with rep each iteration is a port access
    case 0xe4: case 0xe5: case 0xe6: case 0xe7: case 0xec: case 0xed: case 0xee: case 0xef: return kPortIo;
    case 0xcc: case 0xcd: case 0xce: case 0xf1: return kSoftInt;
    case 0xcf: return kIret;
    case 0xf4: return kHlt;
    default: return kNoClass;
  }
}

Rep rep_kind(std::uint8_t opcode) {
  switch (opcode) {
    case 0x6c: case 0x6d: return Rep::kIns;
    case 0x6e: case 0x6f: return Rep::kOuts;
    case 0xa4: case 0xa5: return Rep::kMovs;
    case 0xaa: case 0xab: case 0xac: case 0xad: return Rep::kStosLods;
    case 0xa6: case 0xa7: return Rep::kCmps;
    case 0xae: case 0xaf: return Rep::kScas;
    default: return Rep::kNone;
  }
}

bool stays_inside_0f(Bytes b) {
  if (b.size() < 2) return false;
  const std::uint8_t op = b[1];
  if (op == 0x1f || (op >= 0xc8 && op <= 0xcf) || (op >= 0x80 && op <= 0x8f)) return true;  // nop, bswap, jcc
  if (b.size() < 3 || mod(b[2]) != 3) return false;
  switch (op) {
    case 0xa3: case 0xab: case 0xb3: case 0xbb: case 0xba:  // bt family
    case 0xa4: case 0xa5: case 0xac: case 0xad: case 0xaf:  // shld, shrd, imul
    case 0xb6: case 0xb7: case 0xbe: case 0xbf: case 0xbc: case 0xbd:  // movzx, movsx, bsf, bsr
      return true;
    default: return (op >= 0x40 && op <= 0x4f) || (op >= 0x90 && op <= 0x9f);  // cmov, setcc
  }
}

// Register-only instructions and direct jumps: nothing in them can fault, trap or reach a device.
bool stays_inside(Bytes b, const Prefixes& p) {
  if (p.lock || p.rep != 0) return false;
  const std::uint8_t op = b[0];
  const bool has_modrm = b.size() > 1;
  const bool registers = has_modrm && mod(b[1]) == 3;
  const unsigned r = has_modrm ? reg(b[1]) : 0;
  if (op == 0x0f) return stays_inside_0f(b);
  if (op < 0x40) return (op & 7) < 4 ? registers : (op & 7) < 6;
  if (op < 0x50) return b.size() == 1;  // inc, dec outside 64-bit mode
  switch (op) {
    case 0x63: return registers && p.rex != 0;  // movsxd; arpl in other modes
    case 0x69: case 0x6b: case 0x80: case 0x81: case 0x83: case 0x84: case 0x85: case 0x86: case 0x87: case 0x88:
    case 0x89: case 0x8a: case 0x8b: case 0xc0: case 0xc1: case 0xd0: case 0xd1: case 0xd2: case 0xd3:
      return registers;
    case 0x8d: return has_modrm && !registers;  // lea reads no memory
    case 0xa8: case 0xa9: case 0xe9: case 0xeb: case 0xf5: case 0xf8: case 0xf9: case 0xfc: case 0xfd: return true;
    case 0xc6: case 0xc7: return registers && r == 0;
    case 0xf6: case 0xf7: return registers && r < 6;  // not div, idiv
    case 0xfe: case 0xff: return registers && r < 2;
    default: return (op >= 0x70 && op <= 0x7f) || (op >= 0x90 && op <= 0x99) || (op >= 0xb0 && op <= 0xbf);
  }
}

bool is_stack_or_jump(Bytes b) {
  const std::uint8_t op = b[0];
  if (op == 0xff) return b.size() > 1 && reg(b[1]) >= 2 && reg(b[1]) <= 5;
  return (op >= 0x50 && op <= 0x5f) || op == 0x68 || op == 0x6a || op == 0x9c || op == 0x9d ||
         op == 0xc2 || op == 0xc3 || op == 0xc8 || op == 0xc9 || op == 0xcf || op == 0xe8;
}

// clang-format on

}  // namespace

Insn decode(Bytes bytes) {
  Insn out;
  if (bytes.empty()) return out;
  // nopl disp32(%rax): 0f 1f 80 ID KIND 05 a1
  if (bytes.size() == 7 && bytes[0] == 0x0f && bytes[1] == 0x1f && bytes[2] == 0x80 && bytes[5] == 0x05 &&
      bytes[6] == 0xa1 && bytes[4] >= 1 && bytes[4] <= static_cast<std::uint8_t>(MarkKind::kTagDigit)) {
    out.mark = static_cast<MarkKind>(bytes[4]);
    out.mark_id = bytes[3];
    out.can_leave = false;
    return out;
  }
  Prefixes p;
  const Bytes b = strip_prefixes(bytes, p);
  if (p.rep == 0xf3 && b.size() == 3 && b[0] == 0x0f && b[1] == 0x1e && b[2] == 0xfa) {  // endbr64
    out.can_leave = false;
    return out;
  }
  out.heavy = heavy_class(b, p);
  out.locked = p.lock || ((b[0] == 0x86 || b[0] == 0x87) && b.size() > 1 && mod(b[1]) != 3);
  if (p.rep != 0) out.rep = rep_kind(b[0]);
  out.can_leave = out.heavy != kNoClass || !stays_inside(b, p);
  out.stack_or_jump = is_stack_or_jump(b);
  return out;
}

}  // namespace aios::count
