// SPDX-License-Identifier: Apache-2.0
// The counting plugin's entry: what is added to each translated block. A block is cut into segments of which only the
// last instruction can leave the block; each segment adds its length when it starts. So an instruction is counted when
// it starts, exactly: one that faults and is restarted counts again, and what it kept from running counts only later.
#include <array>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <new>

#include "addresses.h"
#include "counters.h"
#include "decode.h"
#include "output.h"
#include "profile.h"
#include "qemu_plugin_abi.h"
#include "regions.h"

namespace aios::count {
namespace {

struct Plugin {
  Counters counters;
  Output out;
  Addresses addresses;
  Regions regions{out, false};
  Profile profile;
  bool count_mmio = true;
  std::uint64_t blocks = 0, watches_seen = 0;
  std::uint64_t compare_at = 0, compare_count = 0;  // the scas or cmps executed last, and the count after it
  unsigned compare_reads = 0;                       // its reads in this iteration
};

// The interface gives the translation callback no user data; there is one plugin in a process.
Plugin* plugin = nullptr;

void on_mark(unsigned, void* userdata) {
  const auto code = reinterpret_cast<std::uintptr_t>(userdata);
  plugin->regions.mark(static_cast<MarkKind>(code >> 8), static_cast<std::uint8_t>(code), plugin->counters.read());
}

void on_block(unsigned, void* userdata) {
  plugin->profile.enter(static_cast<Block*>(userdata), plugin->counters.executed());
}

void on_watch(unsigned, void* userdata) {
  auto* const entry = static_cast<Addresses::Entry*>(userdata);
  if (entry->seen) return;
  entry->seen = true;
  ++plugin->watches_seen;
  char address[24];
  std::snprintf(address, sizeof address, "0x%" PRIx64, entry->address);
  plugin->out.begin("watch").text("name", entry->name).text("address", address);
  plugin->out.vector("at", plugin->counters.read()).end();
}

// Nothing else ran since the last execution of the same instruction: its next iteration, not a new start.
void on_compare(unsigned, void* userdata) {
  Plugin& p = *plugin;
  const auto address = reinterpret_cast<std::uintptr_t>(userdata);
  const std::uint64_t executed = p.counters.started[kInstructions];
  if (address == p.compare_at && executed == p.compare_count) ++p.counters.rep_resumed;
  p.compare_at = address;
  p.compare_count = executed + 1;
  p.compare_reads = 0;
}

// userdata: the reads that make an iteration. The second of cmps may fault, and then both happen again.
void on_compare_read(unsigned, qemu_plugin_meminfo_t, std::uint64_t, void* userdata) {
  if (++plugin->compare_reads == reinterpret_cast<std::uintptr_t>(userdata)) ++plugin->counters.rep_compared;
}

void on_single_access(unsigned, qemu_plugin_meminfo_t info, std::uint64_t vaddr, void*) {
  const qemu_plugin_hwaddr* const where = qemu_plugin_get_hwaddr(info, vaddr);
  if (where != nullptr && qemu_plugin_hwaddr_is_io(where)) ++plugin->counters.started[kMmio];
}

void add_when_started(qemu_plugin_insn* insn, std::uint64_t& counter, std::uint64_t n = 1) {
  qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64, &counter, n);
}

// QEMU 7.2 takes the kind of access for a bit mask and is off by one: R stands for stores, W for loads and stores, and
// RW, as it should, for both. The plugin's tests find out if another QEMU sees it differently.
constexpr qemu_plugin_mem_rw kStores = QEMU_PLUGIN_MEM_R;
constexpr qemu_plugin_mem_rw kAny = QEMU_PLUGIN_MEM_RW;

void add_each_access(qemu_plugin_insn* insn, qemu_plugin_mem_rw rw, std::uint64_t& counter) {
  qemu_plugin_register_vcpu_mem_inline(insn, rw, QEMU_PLUGIN_INLINE_ADD_U64, &counter, 1);
}

// QEMU hands callbacks back a pointer; a number in it needs no memory and outlives every block.
// NOLINTNEXTLINE(performance-no-int-to-ptr)
void* as_userdata(std::uintptr_t number) { return reinterpret_cast<void*>(number); }

void call_when_started(qemu_plugin_insn* insn, qemu_plugin_exec_cb callback, void* userdata) {
  qemu_plugin_register_vcpu_insn_exec_cb(insn, callback, QEMU_PLUGIN_CB_NO_REGS, userdata);
}

void instrument_rep(qemu_plugin_insn* insn, Rep rep, std::uint64_t vaddr) {
  Counters& c = plugin->counters;
  switch (rep) {
    case Rep::kNone:
      return;
    case Rep::kMovs:
      return add_each_access(insn, kStores, c.rep_plain);
    case Rep::kStosLods:
      return add_each_access(insn, kAny, c.rep_plain);
    case Rep::kOuts:
      return add_each_access(insn, kAny, c.rep_outs);
    case Rep::kIns:
      return add_each_access(insn, kAny, c.rep_ins_twice);
    case Rep::kScas:
    case Rep::kCmps:
      break;
  }
  auto* const reads = as_userdata(rep == Rep::kScas ? 1 : 2);
  call_when_started(insn, on_compare, as_userdata(vaddr));
  qemu_plugin_register_vcpu_mem_cb(insn, on_compare_read, QEMU_PLUGIN_CB_NO_REGS, kAny, reads);
}

bool is_handler(std::span<const Addresses::Entry> named) {
  for (const Addresses::Entry& entry : named) {
    if (entry.counted != kNoClass) return true;
  }
  return false;
}

bool is_compare(Rep rep) { return rep == Rep::kScas || rep == Rep::kCmps; }

// QEMU translates a block up to an instruction that crosses into the next page, gives that instruction up again, and
// still shows it to plugins. Code added to it is never generated, so it must be alone in its segment.
bool may_be_given_up(std::size_t index, std::size_t count, std::uint64_t vaddr) {
  constexpr std::uint64_t kPage = 4096, kLongestInsn = 15;
  return index > 0 && index + 1 == count && vaddr % kPage + kLongestInsn > kPage;
}

void end_profile_block(qemu_plugin_insn* first) { call_when_started(first, on_block, plugin->profile.end_block()); }

void translate(qemu_plugin_id_t, qemu_plugin_tb* tb) {
  Plugin& p = *plugin;
  ++p.blocks;
  const std::size_t n = qemu_plugin_tb_n_insns(tb);
  qemu_plugin_insn* segment = nullptr;
  std::uint64_t length = 0;
  bool cut = true;
  qemu_plugin_insn* block = nullptr;  // of the profile: one of QEMU's, but that a mark ends one too
  for (std::size_t i = 0; i < n; ++i) {
    qemu_plugin_insn* const insn = qemu_plugin_tb_get_insn(tb, i);
    const std::uint64_t vaddr = qemu_plugin_insn_vaddr(insn);
    const std::span bytes(static_cast<const std::uint8_t*>(qemu_plugin_insn_data(insn)), qemu_plugin_insn_size(insn));
    const Insn what = decode(bytes);
    const std::span<Addresses::Entry> named = p.addresses.find(vaddr);

    const bool begins_block = p.profile.on() && block == nullptr;
    if (begins_block) {
      block = insn;
      p.profile.begin_block(vaddr, is_handler(named));
    }
    const bool reads_count = what.mark != MarkKind::kNone || !named.empty() || is_compare(what.rep) || begins_block;
    if (cut || reads_count || may_be_given_up(i, n, vaddr)) {
      if (segment != nullptr) add_when_started(segment, p.counters.started[kInstructions], length);
      segment = insn;
      length = 0;
    }
    ++length;
    cut = what.can_leave;

    for (Addresses::Entry& entry : named) {
      if (entry.counted != kNoClass) {
        add_when_started(insn, p.counters.started[entry.counted]);
      } else if (!entry.seen) {
        call_when_started(insn, on_watch, &entry);
      }
    }
    if (what.mark != MarkKind::kNone) {
      const auto code = static_cast<std::uintptr_t>(what.mark) << 8 | what.mark_id;
      call_when_started(insn, on_mark, as_userdata(code));
    }
    if (what.heavy != kNoClass) add_when_started(insn, p.counters.started[what.heavy]);
    if (what.locked) add_when_started(insn, p.counters.started[kLocked]);
    if (what.rep != Rep::kNone) instrument_rep(insn, what.rep, vaddr);
    // With icount an access to a device is executed again, alone in a block of its own: only there it is looked for.
    if (p.count_mmio && n == 1 && what.can_leave && !what.stack_or_jump && what.rep == Rep::kNone) {
      qemu_plugin_register_vcpu_mem_cb(insn, on_single_access, QEMU_PLUGIN_CB_NO_REGS, kAny, nullptr);
    }
    if (block != nullptr) {
      p.profile.add_instruction(bytes, vaddr);
      if (what.mark != MarkKind::kNone || i + 1 == n) {
        end_profile_block(block);
        block = nullptr;
      }
    }
  }
  if (segment != nullptr) add_when_started(segment, p.counters.started[kInstructions], length);
}

void at_exit(qemu_plugin_id_t, void*) {
  Plugin& p = *plugin;
  const Vector total = p.counters.read();
  p.regions.finish(total);
  if (p.profile.on()) p.profile.finish();
  const MarkErrors& e = p.regions.errors();
  Output& out = p.out.begin("end").vector("total", total);
  out.field("regions", p.regions.regions()).field("points", p.regions.points()).field("watches", p.watches_seen);
  out.field("blocks", p.blocks).field("dropped_lines", p.out.dropped()).raw(",\"mark_errors\":{");
  out.raw("\"region_not_ended\":").raw(e.region_not_ended);
  out.field("region_not_begun", e.region_not_begun).field("iteration_not_ended", e.iteration_not_ended);
  out.field("iteration_not_begun", e.iteration_not_begun).field("iteration_outside", e.iteration_outside);
  out.field("too_many_regions", e.too_many_regions).field("too_many_points", e.too_many_points);
  out.raw("}").end(true);
}

int fail(const char* what, const char* detail) {
  std::fprintf(stderr, "aios_count: %s %s\n", what, detail);
  return -1;
}

int load(Addresses& addresses, const char* path) {
  std::size_t line = 0;
  const char* const error = addresses.load(path, line);
  if (error == nullptr) return 0;
  std::fprintf(stderr, "aios_count: %s:%zu: %s\n", path, line, error);
  return -1;
}

const char* value_of(const char* argument, const char* name) {
  const std::size_t n = std::strlen(name);
  return std::strncmp(argument, name, n) == 0 && argument[n] == '=' ? argument + n + 1 : nullptr;
}

int install(Plugin& p, int argc, char** argv) {
  const char* path = nullptr;
  const char* profile = nullptr;
  bool spans = false;
  for (int i = 0; i < argc; ++i) {
    if (const char* out = value_of(argv[i], "out")) {
      path = out;
    } else if (const char* watch = value_of(argv[i], "watch")) {
      if (load(p.addresses, watch) != 0) return -1;
    } else if (const char* mmio = value_of(argv[i], "mmio")) {
      p.count_mmio = std::strcmp(mmio, "off") != 0;
    } else if (const char* file = value_of(argv[i], "profile")) {
      profile = file;
    } else if (const char* outside = value_of(argv[i], "spans")) {
      spans = std::strcmp(outside, "on") == 0;
    } else {
      return fail("unknown argument (known: out, watch, mmio, profile, spans):", argv[i]);
    }
  }
  if (path == nullptr) return fail("missing argument:", "out=FILE");
  if (!p.out.open(path)) return fail("cannot write", path);
  if (profile != nullptr) {
    if (!p.profile.open(profile, spans)) return fail("cannot write", profile);
    p.regions.keep_profile(p.profile);
  }
  const bool handlers = p.addresses.count_handlers();
  p.regions.know_interrupts(handlers);
  p.out.count_class(kMmio, p.count_mmio);
  p.out.count_class(kInterrupts, handlers);
  p.out.count_class(kExceptions, handlers);
  p.out.write_header();
  return 0;
}

}  // namespace
}  // namespace aios::count

extern "C" {

__attribute__((visibility("default"))) extern const int qemu_plugin_version;
const int qemu_plugin_version = 1;

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t* info, int argc,
                                                               char** argv) {
  using namespace aios::count;
  if (std::strcmp(info->target_name, "x86_64") != 0) return fail("counts x86_64 only, not", info->target_name);
  if (info->version.cur != 1) return fail("made for version 1 of the plugin interface", "(QEMU 7)");
  if (!info->system_emulation || info->system.max_vcpus != 1) return fail("counts one processor:", "use -smp 1");
  // Never destroyed: QEMU calls the plugin once more while the process ends, after static destructors may have run.
  alignas(Plugin) static unsigned char room[sizeof(Plugin)];
  plugin = new (room) Plugin;
  if (install(*plugin, argc, argv) != 0) return -1;
  qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
  qemu_plugin_register_atexit_cb(id, at_exit, nullptr);
  return 0;
}
}
