// SPDX-License-Identifier: Apache-2.0
// Holds a guest at the place where it is saved: a second, tiny plugin that only a machine which is to be saved loads.
// At POINT 4 it says so and keeps the processor inside that instruction until it is let go. The processor waits without
// QEMU's big lock, so QEMU can be told to stop meanwhile; then it stops at the end of the block, having spent no
// virtual time. At POINT 5 it says that the guest has gone past: whoever hears that before the stop has nothing to
// save.
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "../qemu_plugin_abi.h"
#include "harness/guest/mark.h"

namespace {

// Set once, before the guest runs: the interface gives the translation callback no user data.
int wire = -1;

void say(char what) {
  while (::write(wire, &what, 1) < 0 && errno == EINTR) {
  }
}

void on_hold(unsigned, void*) {
  say('h');
  char answer;
  while (::read(wire, &answer, 1) < 0 && errno == EINTR) {
  }
}

void on_past(unsigned, void*) { say('p'); }

bool is_point(const qemu_plugin_insn* insn, unsigned char id) {
  const unsigned char mark[] = {0x0f, 0x1f, 0x80, id, AIOS_MARK_POINT_AT, 0x05, 0xa1};
  return qemu_plugin_insn_size(insn) == sizeof mark && std::memcmp(qemu_plugin_insn_data(insn), mark, sizeof mark) == 0;
}

void on_translate(qemu_plugin_id_t, qemu_plugin_tb* tb) {
  const std::size_t count = qemu_plugin_tb_n_insns(tb);
  for (std::size_t i = 0; i < count; ++i) {
    qemu_plugin_insn* const insn = qemu_plugin_tb_get_insn(tb, i);
    const qemu_plugin_exec_cb call = is_point(insn, 4) ? on_hold : is_point(insn, 5) ? on_past : nullptr;
    if (call != nullptr) qemu_plugin_register_vcpu_insn_exec_cb(insn, call, QEMU_PLUGIN_CB_NO_REGS, nullptr);
  }
}

}  // namespace

extern "C" {

__attribute__((visibility("default"))) extern const int qemu_plugin_version;
const int qemu_plugin_version = 1;

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t*, int argc,
                                                               char** argv) {
  if (argc == 1 && std::strncmp(argv[0], "wire=", 5) == 0) wire = std::atoi(argv[0] + 5);
  if (wire < 0) {
    std::fprintf(stderr, "aios_hold: needs wire=DESCRIPTOR and nothing else\n");
    return -1;
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
  return 0;
}
}
