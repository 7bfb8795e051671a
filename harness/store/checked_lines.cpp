// SPDX-License-Identifier: Apache-2.0
#include "harness/store/checked_lines.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <fstream>

#include "harness/support/hash.h"

namespace aios {
namespace {

constexpr std::string_view kLineHead = R"({"crc32":")";
constexpr std::string_view kMiddle = R"(","data":)";
constexpr std::size_t kMaxLine = 64U << 20;

}  // namespace

std::string checked_line(std::string_view json) {
  return fmt::format("{}{:08x}{}{}}}", kLineHead, crc32(json), kMiddle, json);
}

std::optional<std::string_view> open_checked_line(std::string_view line) {
  constexpr std::size_t kOverhead = kLineHead.size() + 8 + kMiddle.size() + 1;
  if (line.size() < kOverhead || !line.starts_with(kLineHead) || line.back() != '}') return std::nullopt;
  if (line.substr(kLineHead.size() + 8, kMiddle.size()) != kMiddle) return std::nullopt;
  const std::string_view json = line.substr(kOverhead - 1, line.size() - kOverhead);
  if (line.substr(kLineHead.size(), 8) != fmt::format("{:08x}", crc32(json))) return std::nullopt;
  return json;
}

Result<CheckedLineWriter> CheckedLineWriter::open(const fs::path& path, std::uint64_t keep_bytes) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  if (!fd) return system_error("cannot open for appending", path.string(), errno);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return system_error("cannot look at", path.string(), errno);
  if (static_cast<std::uint64_t>(info.st_size) < keep_bytes) {
    return infra_fault(fmt::format("is {} bytes long, expected at least {}", info.st_size, keep_bytes), path.string());
  }
  if (static_cast<std::uint64_t>(info.st_size) > keep_bytes &&
      ::ftruncate(fd.get(), static_cast<off_t>(keep_bytes)) != 0) {
    return system_error("cannot cut off a torn end", path.string(), errno);
  }
  return CheckedLineWriter(std::move(fd), path, keep_bytes);
}

Status CheckedLineWriter::append(const std::vector<std::string>& json_lines) {
  std::string whole;
  for (const std::string& json : json_lines) whole += checked_line(json) + '\n';
  std::size_t done = 0;
  int failed = 0;
  while (done < whole.size() && failed == 0) {
    const ssize_t got = ::pwrite(fd_.get(), whole.data() + done, whole.size() - done, static_cast<off_t>(size_ + done));
    if (got >= 0) {
      done += static_cast<std::size_t>(got);
    } else if (errno != EINTR) {
      failed = errno;
    }
  }
  if (failed == 0 && ::fdatasync(fd_.get()) != 0) failed = errno;
  if (failed != 0) {
    // A full disk must not leave half a batch that the next one would be glued to.
    [[maybe_unused]] const int cut = ::ftruncate(fd_.get(), static_cast<off_t>(size_));
    return system_error("cannot write", path_.string(), failed);
  }
  size_ += whole.size();
  return {};
}

Result<LinesRead> read_checked_lines(const fs::path& path, const TakeLine& take) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return system_error("cannot read", path.string(), errno);
  LinesRead out;
  std::string line;
  std::uint64_t at = 0;
  while (std::getline(file, line)) {
    // A write that was torn has no line end; a bad line that has one was damaged later.
    if (file.eof()) {
      out.torn = true;
      break;
    }
    at += line.size() + 1;
    const auto json = line.size() <= kMaxLine ? open_checked_line(line) : std::nullopt;
    if (!json) {
      return infra_fault("corrupted line: the checksum does not hold",
                         fmt::format("{}:{}", path.string(), out.lines + 1), "pull the run again from another store");
    }
    ++out.lines;
    out.good_bytes = at;
    TRY(take(*json, fmt::format("{}:{}", path.string(), out.lines), at));
  }
  return out;
}

}  // namespace aios
