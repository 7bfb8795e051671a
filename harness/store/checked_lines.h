// SPDX-License-Identifier: Apache-2.0
// Files of checksummed lines: each line is {"crc32":"0badf00d","data":{...}}, so that jq reads it and a flipped bit or
// a torn write is found. A batch is one write and one fdatasync: on disk when append returns, or not there at all.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/support/files.h"

namespace aios {

std::string checked_line(std::string_view json);
// The JSON inside a line, or nothing where the checksum does not hold.
std::optional<std::string_view> open_checked_line(std::string_view line);

class CheckedLineWriter {
 public:
  // Appends after `keep_bytes`: what stands behind them in an older file (a torn line, a boot in flight) is cut off.
  static Result<CheckedLineWriter> open(const fs::path& path, std::uint64_t keep_bytes);
  Status append(const std::vector<std::string>& json_lines);

 private:
  CheckedLineWriter(UniqueFd fd, fs::path path, std::uint64_t size)
      : fd_(std::move(fd)), path_(std::move(path)), size_(size) {}
  UniqueFd fd_;
  fs::path path_;
  std::uint64_t size_ = 0;
};

struct LinesRead {
  std::uint64_t lines = 0;
  std::uint64_t good_bytes = 0;  // up to the end of the last whole line
  bool torn = false;             // the last line had not been written to its end
};

// Calls `take` for each line; `end` is the offset behind it. A last line without its end is torn and left out; any
// other bad line is an error that names it.
using TakeLine = std::function<Status(std::string_view json, const std::string& where, std::uint64_t end)>;
Result<LinesRead> read_checked_lines(const fs::path& path, const TakeLine& take);

}  // namespace aios
