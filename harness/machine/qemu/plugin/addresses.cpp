// SPDX-License-Identifier: Apache-2.0
#include "addresses.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace aios::count {
namespace {

bool parse(char* text, Addresses::Entry& out) {
  char* end = nullptr;
  errno = 0;
  out.address = std::strtoull(text, &end, 16);
  if (end == text || errno != 0 || (*end != ' ' && *end != '\t')) return false;
  while (*end == ' ' || *end == '\t') ++end;
  const std::size_t length = std::strcspn(end, " \t\r\n");
  if (length == 0) return false;
  out.seen = false;
  const std::size_t kept = std::min(length, Addresses::kMaxName);
  std::memcpy(out.name, end, kept);
  out.name[kept] = '\0';
  out.counted = std::strcmp(out.name, "@interrupt") == 0   ? kInterrupts
                : std::strcmp(out.name, "@exception") == 0 ? kExceptions
                                                           : kNoClass;
  return true;
}

}  // namespace

const char* Addresses::load(const char* path, std::size_t& line) {
  line = 0;
  std::FILE* file = std::fopen(path, "re");
  if (file == nullptr) return "cannot be opened";
  std::size_t capacity = 0;
  const char* error = nullptr;
  char text[512];
  while (error == nullptr && std::fgets(text, sizeof text, file) != nullptr) {
    ++line;
    if (text[0] == '\n' || text[0] == '#') continue;
    if (count_ == kMaxEntries) {
      error = "has more than 65536 addresses";
      break;
    }
    if (count_ == capacity) {
      capacity = capacity == 0 ? 256 : capacity * 2;
      auto* grown = static_cast<Entry*>(std::realloc(entries_, capacity * sizeof(Entry)));
      if (grown == nullptr) {
        error = "does not fit into memory";
        break;
      }
      entries_ = grown;
    }
    if (parse(text, entries_[count_])) {
      if (entries_[count_].counted != kNoClass) count_handlers_ = true;
      ++count_;
    } else {
      error = "has a line that is not \"HEXADDR NAME\"";
    }
  }
  std::fclose(file);
  std::sort(entries_, entries_ + count_, [](const Entry& a, const Entry& b) {
    return a.address != b.address ? a.address < b.address : std::strcmp(a.name, b.name) < 0;
  });
  return error;
}

std::span<Addresses::Entry> Addresses::find(std::uint64_t address) {
  if (count_ == 0 || address < entries_[0].address || address > entries_[count_ - 1].address) return {};
  Entry* const first = std::lower_bound(entries_, entries_ + count_, address,
                                        [](const Entry& e, std::uint64_t a) { return e.address < a; });
  Entry* last = first;
  while (last != entries_ + count_ && last->address == address) ++last;
  return {first, last};
}

}  // namespace aios::count
