// SPDX-License-Identifier: Apache-2.0
// What takes long says what it is doing: as events, not as text. The command line turns them into a live line on a
// terminal and plain lines in CI; tests record them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aios {

struct ProgressStep {
  std::string_view text;  // "building aios: fs/ext4/inode.o"
  std::uint64_t done = 0;
  std::uint64_t total = 0;  // 0: not known
  std::optional<double> seconds_left;
};

class Progress {
 public:
  virtual ~Progress() = default;
  virtual void phase(std::string_view text) = 0;      // a new stretch of work begins; always shown
  virtual void step(const ProgressStep& step) = 0;    // may come often; shown now and then
  virtual void note(std::string_view text) = 0;       // something a person should see (a result, a warning)
  virtual void console(std::string_view /*line*/) {}  // a line of a guest's console, shown on request
};

class NoProgress final : public Progress {
 public:
  void phase(std::string_view) override {}
  void step(const ProgressStep&) override {}
  void note(std::string_view) override {}
};

}  // namespace aios
