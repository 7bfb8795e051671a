// SPDX-License-Identifier: Apache-2.0
#include "harness/image/static_program.h"

#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <cstring>

namespace aios {

Status require_static_program(const fs::path& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    return config_error(
        fmt::format("the guest program '{}' cannot be opened: {}", path.filename().string(), ::strerror(errno)),
        path.string(), "build it: cmake --build of the project makes all guest programs");
  }
  Elf64_Ehdr header{};
  if (::pread(fd.get(), &header, sizeof header, 0) != sizeof header ||
      std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_machine != EM_X86_64) {
    return config_error(fmt::format("the guest program '{}' is no x86-64 ELF program", path.filename().string()),
                        path.string());
  }
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr program{};
    const auto at = static_cast<off_t>(header.e_phoff + std::uint64_t{i} * sizeof program);
    if (::pread(fd.get(), &program, sizeof program, at) != sizeof program) break;
    if (program.p_type != PT_INTERP) continue;
    return config_error(fmt::format("the guest program '{}' is linked dynamically", path.filename().string()),
                        path.string(), "link it with -static: the guest has no libraries");
  }
  return {};
}

}  // namespace aios
