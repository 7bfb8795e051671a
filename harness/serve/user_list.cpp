// SPDX-License-Identifier: Apache-2.0
#include "harness/serve/user_list.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/stat.h>

#include <cerrno>

#include "harness/support/hash.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::uint64_t kMaxUserList = 64U << 10;

// Hashed first: of one length, so that nothing of the length shows either.
bool equal_secret(const std::string& a, const std::string& b) {
  const std::string x = sha256(a);
  const std::string y = sha256(b);
  return CRYPTO_memcmp(x.data(), y.data(), x.size()) == 0;
}

}  // namespace

Result<std::vector<User>> read_user_list(const fs::path& file) {
  struct stat about {};
  if (stat(file.c_str(), &about) != 0) {
    return config_error(fmt::format("there is no file '{}'", file.string()), "--auth-file",
                        "one line a user: USER:PASSWORD");
  }
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return config_error("others than its owner can read the passwords", file.string(),
                        fmt::format("chmod 600 {}", file.string()));
  }
  std::vector<User> users;
  int number = 0;
  for (const auto& line : split(TRY(read_file(file, kMaxUserList)), '\n')) {
    ++number;
    const std::string_view text = trim(line);
    if (text.empty() || text.starts_with('#')) continue;
    const auto colon = text.find(':');
    if (colon == 0 || colon == std::string_view::npos || colon + 1 == text.size()) {
      return config_error("not of the form USER:PASSWORD", fmt::format("{}:{}", file.string(), number));
    }
    users.push_back({std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))});
  }
  if (users.empty()) return config_error("there is no user in it", file.string(), "one line a user: USER:PASSWORD");
  return users;
}

bool may_enter(const std::vector<User>& users, const std::string& name, const std::string& password) {
  bool found = false;
  for (const User& user : users) {
    const bool same_name = equal_secret(user.name, name);
    const bool same_password = equal_secret(user.password, password);
    found = (same_name && same_password) || found;
  }
  return found;
}

}  // namespace aios
