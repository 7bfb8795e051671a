// SPDX-License-Identifier: Apache-2.0
#include "scenarios/codex_fuzz/worker.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csetjmp>
#include <csignal>
#include <cstring>

#include "scenarios/codex_fuzz/targets.h"

namespace aios::fuzz {
namespace {

constexpr unsigned long kPage = 4096;
constexpr int kFiles = 6, kMaps = 12;
constexpr unsigned kSeldom = 400;  // one call in so many waits for a device, forks or closes everything

sigjmp_buf after_fault;
void on_fault(int) { siglongjmp(after_fault, 1); }

// Until it is done, or falls into a hole.
template <typename Body>
[[gnu::noinline]] void as_far_as_it_goes(const Body& body) {
  if (sigsetjmp(after_fault, 1) == 0) body();
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ULL + 1) {}
  std::uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }
  unsigned below(unsigned bound) { return static_cast<unsigned>((next() >> 16) % bound); }
  bool once_in(unsigned times) { return below(times) == 0; }
  // A number that somebody might have forgotten.
  std::uint64_t number() {
    static constexpr std::uint64_t kOdd[] = {0,
                                             1,
                                             2,
                                             3,
                                             63,
                                             64,
                                             65,
                                             4095,
                                             4096,
                                             65535,
                                             65536,
                                             0x7fffffff,
                                             1U << 31,
                                             0xffffffff,
                                             ~0ULL,
                                             1ULL << 32,
                                             1ULL << 63,
                                             0x8000000000ULL,
                                             0xffff888000000000ULL};
    switch (below(4)) {
      case 0:
        return kOdd[below(sizeof kOdd / sizeof kOdd[0])];
      case 1:
        return next();
      default:
        return below(4200);
    }
  }

 private:
  std::uint64_t state_;
};

struct Open {
  int fd = -1;
  const Target* target = nullptr;  // nullptr: what a call made, a dma-buf
  bool shared = false;
};

struct Map {
  unsigned char* at = nullptr;
  unsigned long size = 0;
};

class Worker {
 public:
  Worker(const WorkerOrder& order, Shared& shared) : order_(order), shared_(shared), random_(order.seed) {
    // Two pages of which the second is nobody's: a structure can end in the middle of it.
    edge_ = static_cast<unsigned char*>(
        ::mmap(nullptr, 2 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    ::mprotect(edge_ + kPage, kPage, PROT_NONE);
  }

  void run() {
    for (std::uint64_t i = 0; i < order_.calls && !shared_.stop; ++i) {
      as_far_as_it_goes([this] { step(); });
      shared_.calls.fetch_add(1, std::memory_order_relaxed);
    }
  }

 private:
  void step() {
    switch (random_.below(12)) {
      case 0:
        return reopen();
      case 1:
        return map();
      case 2:
        return use_map();
      case 3:
        return random_.once_in(4) ? other_call() : control();
      default:
        return control();
    }
  }

  Open& any_file() { return files_[random_.below(kFiles)]; }

  void reopen() {
    Open& file = any_file();
    if (file.fd >= 0 && !file.shared) ::close(file.fd);
    const unsigned which = random_.below(static_cast<unsigned>(kTargetCount));
    file.target = &kTargets[which];
    file.shared = order_.files[which] >= 0 && random_.once_in(2);
    file.fd = file.shared ? order_.files[which] : ::open(file.target->device, random_.once_in(8) ? O_RDONLY : O_RDWR);
  }

  unsigned char* structure(unsigned size) {
    unsigned char* at = edge_ + random_.below(64) * 8;
    for (unsigned i = 0; i + 4 <= size; i += 4) {
      const auto word = static_cast<std::uint32_t>(random_.once_in(3) ? random_.number() : random_.once_in(2) ? 0 : 1);
      std::memcpy(at + i, &word, 4);
    }
    // Mostly whole, so that what comes after the first check is reached.
    if (!random_.once_in(8)) std::memcpy(at, &size, 4);
    if (size >= 16 && !random_.once_in(8)) std::memset(at + size - 8, 0, 8);
    if (size >= 16 && random_.once_in(2)) std::memset(at + 4, 0, 4);
    return at;
  }

  unsigned long argument_of(const Command& command) {
    switch (random_.below(24)) {
      case 0:
        return random_.next();
      case 1:
        return reinterpret_cast<unsigned long>(edge_ + kPage - 8 * (1 + random_.below(4)));
      case 2:
        return 0xffffffff81000000UL + random_.below(1 << 20);
      case 3:
        return maps_[random_.below(kMaps)].at == nullptr ? 0 : reinterpret_cast<unsigned long>(maps_[0].at);
      default:
        break;
    }
    if (command.takes == Takes::nothing) return 0;
    if (command.takes == Takes::number) return random_.number();
    return reinterpret_cast<unsigned long>(structure(_IOC_SIZE(command.code)));
  }

  void control() {
    Open& file = any_file();
    if (file.target == nullptr) return other_call();
    const Command& command = file.target->commands[random_.below(static_cast<unsigned>(file.target->command_count))];
    if (command.waits && !random_.once_in(kSeldom)) return;
    unsigned long code = command.code;
    if (random_.once_in(30)) code ^= 1UL << random_.below(32);
    const unsigned long argument = argument_of(command);
    const int result = ::ioctl(file.fd, code, argument);
    // The one that makes a file: the descriptor is the fifth word of its structure.
    if (result != 0 || command.takes != Takes::structure || std::strcmp(file.target->module, "ai_mem") != 0) return;
    if (_IOC_NR(code) == 0xa7) keep(*reinterpret_cast<const int*>(argument + 16));
  }

  void keep(int fd) {
    if (fd < 0) return;
    Open& file = any_file();
    if (file.fd >= 0 && !file.shared) ::close(file.fd);
    file = {fd, nullptr, false};
  }

  void map() {
    const Open& file = any_file();
    Map& map = maps_[random_.below(kMaps)];
    if (map.at != nullptr) ::munmap(map.at, map.size);
    map = {};
    const unsigned pages = file.target != nullptr ? file.target->pages : 8;
    if (pages == 0) return;
    const unsigned long size = (random_.once_in(16) ? random_.below(2 * pages) + 1 : random_.below(4) + 1) * kPage;
    const int protection = random_.once_in(8) ? static_cast<int>(random_.below(8)) : PROT_READ | PROT_WRITE;
    const int flags = random_.once_in(12) ? MAP_PRIVATE : MAP_SHARED;
    // Single blocks are taken from the pool's end.
    const unsigned first =
        random_.once_in(2) ? pages - 1 - random_.below(pages < 64 ? pages : 64) : random_.below(pages);
    void* at = ::mmap(nullptr, size, protection, flags, file.fd, static_cast<off_t>(first * kPage));
    if (at != MAP_FAILED) map = {static_cast<unsigned char*>(at), size};
  }

  void use_map() {
    Map& map = maps_[random_.below(kMaps)];
    if (map.at == nullptr) return;
    const unsigned long page = random_.below(static_cast<unsigned>(map.size / kPage)) * kPage;
    switch (random_.below(9)) {
      case 0:
        ::munmap(map.at + page, kPage);  // a hole, which later accesses fall into
        return;
      case 1:
        ::mprotect(map.at + page, kPage, static_cast<int>(random_.below(4)));
        return;
      case 2: {
        void* moved =
            ::mremap(map.at, map.size, (random_.below(8) + 1) * kPage, random_.once_in(2) ? MREMAP_MAYMOVE : 0);
        if (moved != MAP_FAILED) map = {};
        return;
      }
      case 3:
        ::madvise(map.at + page, kPage, static_cast<int>(random_.below(26)));
        return;
      case 4:
        ::mlock(map.at + page, kPage);
        return;
      case 5: {
        // By reference: nobody may get hold of a page in this way.
        iovec out = {map.at + page, 64}, in = {edge_, 64};
        ::syscall(SYS_process_vm_readv, ::getpid(), &in, 1, &out, 1, 0);
        return;
      }
      case 6:
        ::msync(map.at + page, kPage, MS_SYNC);
        return;
      default:
        map.at[page + random_.below(kPage)] ^= 1;
    }
  }

  void other_call() {
    const Open& file = any_file();
    switch (random_.below(10)) {
      case 0:
        ::read(file.fd, edge_, random_.below(4096));
        return;
      case 1:
        ::write(file.fd, edge_, random_.below(4096));
        return;
      case 2:
        ::lseek(file.fd, static_cast<off_t>(random_.number()), static_cast<int>(random_.below(5)));
        return;
      case 3: {
        pollfd one = {file.fd, POLLIN | POLLOUT, 0};
        ::poll(&one, 1, 0);
        return;
      }
      case 4:
        return look();
      case 5:
        return random_.once_in(kSeldom) ? in_a_child() : look();
      case 6:
        ::fcntl(file.fd, F_SETFL, static_cast<int>(random_.below(2)) * O_NONBLOCK);
        return;
      case 7:
        ::ftruncate(file.fd, static_cast<off_t>(random_.number()));
        return;
      default:
        if (random_.once_in(kSeldom)) close_all();
    }
  }

  void look() {
    const int fd = ::open(kTargets[random_.below(static_cast<unsigned>(kTargetCount))].report, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    while (::read(fd, edge_, random_.below(4095) + 1) > 0 && !random_.once_in(8)) {
    }
    ::close(fd);
  }

  // A child has the mappings and the files, and ends with them.
  void in_a_child() {
    const pid_t child = ::fork();
    if (child == 0) {
      for (const Map& map : maps_) {
        as_far_as_it_goes([&] {
          if (map.at != nullptr) map.at[0] ^= 1;
        });
      }
      ::_exit(0);
    }
    if (child > 0) ::waitpid(child, nullptr, 0);
  }

  void close_all() {
    for (Map& map : maps_) {
      if (map.at != nullptr) ::munmap(map.at, map.size);
      map = {};
    }
    for (Open& file : files_) {
      if (file.fd >= 0 && !file.shared) ::close(file.fd);
      file = {};
    }
  }

  const WorkerOrder& order_;
  Shared& shared_;
  Random random_;
  Open files_[kFiles];
  Map maps_[kMaps];
  unsigned char* edge_;
};

}  // namespace

void work(const WorkerOrder& order, Shared& shared) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  struct sigaction action = {};
  action.sa_handler = on_fault;
  action.sa_flags = SA_NODEFER;
  for (const int signal : {SIGSEGV, SIGBUS}) ::sigaction(signal, &action, nullptr);
  if (!order.privileged) ::syscall(SYS_setresuid, 65534, 65534, 65534);
  Worker worker(order, shared);
  worker.run();
  ::_exit(0);
}

}  // namespace aios::fuzz
