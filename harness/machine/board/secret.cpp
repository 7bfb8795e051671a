// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/board/secret.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdlib>

#include "harness/support/files.h"
#include "harness/support/text.h"

namespace aios::board {

Result<std::string> read_secret(std::string_view source) {
  constexpr std::uint64_t kMostSecret = 4096;
  if (source.starts_with("env:")) {
    const std::string name(source.substr(4));
    const char* value = std::getenv(name.c_str());
    if (value != nullptr && *value != '\0') return std::string(value);
    return config_error(fmt::format("the password is not there: the variable {} is not set", name), "machine file",
                        fmt::format("export {}=...", name));
  }
  if (!source.starts_with("file:")) return config_error("a password is named by env:NAME or file:PATH", "machine file");
  const fs::path path(source.substr(5));
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && (info.st_mode & 0077) != 0) {
    return config_error("others may read the password", path.string(), fmt::format("chmod 600 {}", path.string()));
  }
  auto text = read_file(path, kMostSecret);
  if (!text.ok()) return config_error("the password cannot be read: " + text.error().what, path.string());
  return std::string(trim(*text));
}

}  // namespace aios::board
