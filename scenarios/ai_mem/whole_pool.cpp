// SPDX-License-Identifier: Apache-2.0
// The pool as a whole: how much there is, that all of it comes back, and that the books are right all the while.
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <vector>

#include "scenarios/ai_mem/checks.h"
#include "scenarios/ai_mem/pool.h"

namespace aios::ai_mem {
namespace {

using lines::no;
using lines::skip;
using lines::yes;

constexpr const char* kNoPool = AI_MEM_DEVICE " does not open: is ai_mem loaded?";

unsigned take_all(const Pool& pool) {
  unsigned taken = 0;
  while (pool.take() >= 0) ++taken;
  return taken;
}

bool nothing_taken() { return statistic("Used:") == 0 && statistic("Held:") == 0; }

// What the books should say, kept by whoever does the operations.
struct Books {
  Pool pool;
  long long allocated = statistic("Allocated:"), released = statistic("Released:"), refused = statistic("Refused:");
  long long total = 0;
  unsigned mapped = 0;
  std::vector<unsigned> own;
  unsigned held = 0;
  char wrong[160] = {};

  bool says(const char* name, long long wanted) {
    const long long said = statistic(name);
    if (said == wanted || wrong[0] != '\0') return said == wanted;
    std::snprintf(wrong, sizeof wrong, "%s %lld, and it is %lld", name, said, wanted);
    return false;
  }
  bool are_right() {
    unsigned blocks = 0, in_map = 0;
    const bool client = client_line(::getpid(), blocks, in_map) && blocks == own.size() && in_map == mapped;
    if (!client && wrong[0] == '\0') {
      std::snprintf(wrong, sizeof wrong, "the line of this process says %u blocks, %u mapped, and it has %zu, %u",
                    blocks, in_map, own.size(), mapped);
    }
    const auto used = static_cast<long long>(own.size());
    return says("Used:", used) & says("Held:", held) & says("Free:", total - used - held) &
           says("Allocated:", allocated) & says("Released:", released) & says("Refused:", refused) & client;
  }
};

struct Mapped {
  unsigned char* at;
  unsigned first, count;
  bool freed;
};

// One operation of any kind; the books are kept beside it.
bool step(Books& books, std::vector<Mapped>& maps, unsigned& random) {
  random = random * 1664525 + 1013904223;
  const unsigned draw = random >> 16;
  switch (draw % 7) {
    case 0:
    case 1: {
      const int block = books.pool.take();
      if (block < 0) return false;
      books.own.push_back(static_cast<unsigned>(block));
      ++books.allocated;
      return true;
    }
    case 2: {
      ai_mem_alloc run;
      const unsigned count = 1 + draw % 64;
      if (books.pool.take_run(count, AI_MEM_ANY_NODE, 0, run) != 0) return false;
      for (unsigned i = 0; i < count; ++i) books.own.push_back(run.first + i);
      books.allocated += count;
      return true;
    }
    case 3: {
      if (books.own.empty()) return true;
      const unsigned at = draw % books.own.size(), block = books.own[at];
      if (books.pool.give(block) != 0) return false;
      books.own.erase(books.own.begin() + at);
      ++books.released;
      for (auto& map : maps) {
        if (map.first != block || map.freed) continue;
        map.freed = true;
        ++books.held;
      }
      return true;
    }
    case 4: {  // what is not ours
      ++books.refused;
      return books.pool.give(books.total) == -1 && errno == EINVAL;
    }
    case 5: {
      if (books.own.empty()) return true;
      const unsigned block = books.own[draw % books.own.size()];
      for (const auto& map : maps) {
        if (map.first == block && !map.freed) return true;
      }
      unsigned char* at = books.pool.map(block, 1);
      if (at == nullptr) return false;
      maps.push_back({at, block, 1, false});
      ++books.mapped;
      return true;
    }
    default: {
      if (maps.empty()) return true;
      const Mapped map = maps.back();
      maps.pop_back();
      unmap(map.at, 1);
      --books.mapped;
      if (map.freed) --books.held;
      return true;
    }
  }
}

}  // namespace

Outcome document_form() {
  char text[256];
  if (!read_text("/proc/ai_memory", text, sizeof text)) return skip("there is no /proc/ai_memory: is ai_mem loaded?");
  const bool begins = std::strncmp(text, "Total: 256 MB\nBlock Size: 4 KB\nBlocks: 65,536\n", 46) == 0;
  return begins ? yes("Total: 256 MB, Block Size: 4 KB, Blocks: 65,536") : no("it begins: %.80s", text);
}

Outcome blocks() {
  const Pool pool;
  if (!pool.open()) return skip("%s", kNoPool);
  const unsigned taken = take_all(pool);
  return lines::counted(taken, "taken one by one until the pool refused");
}

Outcome next_is_refused() {
  const Pool pool;
  if (!pool.open()) return skip("%s", kNoPool);
  const unsigned taken = take_all(pool);
  if (pool.take() != -1 || errno != ENOMEM) return no("block %u was not refused with ENOMEM", taken + 1);
  ai_mem_alloc run;
  if (pool.take_run(1, AI_MEM_ANY_NODE, 0, run) != -1 || errno != ENOMEM) return no("a run of 1 was not refused");
  const Pool other;
  if (other.take() != -1 || errno != ENOMEM) return no("another file was given a block");
  return yes("after %u blocks: ENOMEM", taken);
}

Outcome all_given_back() {
  Pool pool;
  if (!pool.open()) return skip("%s", kNoPool);
  const unsigned total = take_all(pool);
  for (unsigned block = 0; block < total; ++block) {
    if (pool.give(block) != 0) return lines::refused("a block of its own was not taken back");
  }
  if (!nothing_taken()) return no("after free: %lld used", statistic("Used:"));
  if (take_all(pool) != total) return no("the second time there were fewer");
  pool.close();
  if (!nothing_taken()) return no("after close: %lld used", statistic("Used:"));
  const pid_t child = ::fork();
  if (child == 0) {
    const Pool own;
    const unsigned taken = take_all(own);
    if (own.map(0, taken) == nullptr) ::_exit(1);
    for (;;) ::pause();
  }
  for (int waited = 0; waited < 10'000 && statistic("Free:") != 0; ++waited) ::usleep(1000);
  unsigned blocks_of = 0, mapped = 0;
  for (int waited = 0; waited < 10'000 && mapped != total; ++waited) {
    client_line(child, blocks_of, mapped);
    ::usleep(1000);
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  if (blocks_of != total || mapped != total) return no("the child had %u blocks, %u mapped", blocks_of, mapped);
  for (int waited = 0; waited < 1000 && !nothing_taken(); ++waited) ::usleep(1000);
  return nothing_taken() ? yes("%u by free, by close, and by the death of a process that had mapped them", total)
                         : no("after death: %lld used, %lld held", statistic("Used:"), statistic("Held:"));
}

Outcome statistics_true() {
  Books books;
  if (!books.pool.open()) return skip("%s", kNoPool);
  ai_mem_info info;
  if (books.pool.info(info) != 0) return lines::refused("info");
  books.total = info.blocks;
  std::vector<Mapped> maps;
  unsigned random = 1;
  constexpr int kSteps = 400;
  for (int i = 0; i < kSteps; ++i) {
    if (!step(books, maps, random)) return lines::refused("an operation failed");
    if (!books.are_right()) return no("after operation %d: %s", i, books.wrong);
  }
  return yes("after each of %d operations, with %zu blocks in use at the end", kSteps, books.own.size());
}

}  // namespace aios::ai_mem
