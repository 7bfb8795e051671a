// SPDX-License-Identifier: Apache-2.0
#include "images/init/fw_cfg.h"

#include <sys/io.h>
#include <cstdint>
#include <cstring>

namespace aios::init {
namespace {

constexpr unsigned short kSelector = 0x510, kData = 0x511;
constexpr unsigned short kDirectory = 0x19;
constexpr std::uint32_t kMostFiles = 1024;

struct File {  // all numbers big-endian
  std::uint32_t size;
  std::uint16_t select, reserved;
  char name[56];
};
static_assert(sizeof(File) == 64);

// The C library's insb does not tell the compiler that it writes to memory.
void read_bytes(void* into, std::size_t count) {
  asm volatile("rep insb" : "+D"(into), "+c"(count) : "d"(kData) : "memory");
}

}  // namespace

bool allow_fw_cfg(bool allowed) { return ::ioperm(kSelector, 2, allowed ? 1 : 0) == 0; }

long read_fw_cfg(const char* name, char* buffer, std::size_t size) {
  ::outw(kDirectory, kSelector);
  std::uint32_t count = 0;
  read_bytes(&count, sizeof count);
  count = __builtin_bswap32(count);
  for (std::uint32_t i = 0; i < count && i < kMostFiles; ++i) {
    File file;
    read_bytes(&file, sizeof file);
    if (::strncmp(file.name, name, sizeof file.name) != 0) continue;
    const std::uint32_t length = __builtin_bswap32(file.size);
    const std::size_t kept = length < size ? length : size - 1;
    ::outw(__builtin_bswap16(file.select), kSelector);
    read_bytes(buffer, kept);
    buffer[kept] = '\0';
    return static_cast<long>(length);
  }
  return -1;
}

}  // namespace aios::init
