// SPDX-License-Identifier: Apache-2.0
#include "harness/build/running_kernel.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <cerrno>
#include <cstring>

#include "harness/support/files.h"
#include "harness/support/hash.h"
#include "harness/support/json.h"

namespace aios {
namespace {

constexpr std::uint64_t kMostNotes = 1U << 20;
constexpr std::uint32_t kBuildIdType = 3;  // NT_GNU_BUILD_ID

std::uint32_t word_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

}  // namespace

std::string build_id_of(std::string_view notes) {
  const auto padded = [](std::size_t size) { return (size + 3) & ~std::size_t{3}; };
  for (std::size_t at = 0; at + 12 <= notes.size();) {
    const std::size_t name_size = word_at(notes, at);
    const std::size_t size = word_at(notes, at + 4);
    const std::uint32_t type = word_at(notes, at + 8);
    const std::size_t name = at + 12;
    if (name_size > notes.size() || size > notes.size()) return {};
    const std::size_t body = name + padded(name_size);
    if (body + size > notes.size()) return {};
    if (type == kBuildIdType && notes.substr(name, name_size) == std::string_view("GNU\0", 4)) {
      std::string out;
      for (const char c : notes.substr(body, size)) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
      return out;
    }
    at = body + padded(size);
  }
  return {};
}

Result<BuiltKernel> running_kernel(const std::string& name) {
  utsname names{};
  if (::uname(&names) != 0) return system_error("the kernel does not say what it is", "uname", errno);
  const Result<std::string> notes = read_file("/sys/kernel/notes", kMostNotes);
  const std::string build_id = notes.ok() ? build_id_of(*notes) : std::string();
  BuiltKernel built;
  built.subject = built.name = name;
  built.version = names.release;
  built.key = Sha256()
                  .field("running-1")
                  .field(names.release)
                  .field(names.version)
                  .field(names.machine)
                  .field(build_id)
                  .hex()
                  .substr(0, 32);
  built.provenance_json = dump_json(OrderedJson{{"format", 1},
                                                {"subject", name},
                                                {"key", built.key},
                                                {"version", names.release},
                                                {"build", names.version},
                                                {"build_id", build_id}});
  built.from_cache = true;
  return built;
}

}  // namespace aios
