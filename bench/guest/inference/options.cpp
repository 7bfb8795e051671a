// SPDX-License-Identifier: Apache-2.0
#include "bench/guest/inference/options.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>

namespace aios::inference {
namespace {

constexpr long kMostTokens = 100'000;
constexpr double kMostSeconds = 3600;
constexpr long kMostHogs = 64;

std::optional<long> whole(const std::string& text, long least, long most) {
  char* end = nullptr;
  errno = 0;
  const long value = std::strtol(text.c_str(), &end, 10);
  if (text.empty() || *end != '\0' || errno != 0 || value < least || value > most) return std::nullopt;
  return value;
}

class Parser {
 public:
  Options run(int count, char** words) {
    for (int i = 1; i < count && out_.error.empty(); ++i) {
      std::string word = words[i];
      if (word.rfind("--", 0) != 0) {
        scenario(word);
        continue;
      }
      if (flag(word)) continue;
      std::string value;
      if (const auto at = word.find('='); at != std::string::npos) {
        value = word.substr(at + 1);
        word.resize(at);
      } else if (i + 1 < count) {
        value = words[++i];
      } else {
        fail("'" + word + "' takes a value, or is not known");
        break;
      }
      option(word, value);
    }
    if (own_.load.any() || own_.nice != 0 || own_.fifo != 0) {
      own_.name = "run";
      out_.arms.push_back(own_);
    }
    if (out_.arms.empty() && !out_.prefill && !out_.load) out_.arms.push_back({.name = "alone"});
    return std::move(out_);
  }

 private:
  void fail(std::string why) {
    if (out_.error.empty()) out_.error = std::move(why);
  }

  void scenario(const std::string& word) {
    if (named_) return fail("'" + word + "': one scenario is named already");
    named_ = true;
    out_.scenario = word;
  }

  bool flag(const std::string& word) {
    if (word == "--prefill") return out_.prefill = true;
    if (word == "--load") return out_.load = true;
    if (word == "--console") return out_.console = true;
    if (word == "--faults") return own_.load.faults = true;
    if (word == "--io") return own_.load.io = true;
    if (word == "--memory-pressure") return own_.load.memory = true;
    return false;
  }

  long number(const std::string& option, const std::string& value, long least, long most) {
    const auto parsed = whole(value, least, most);
    if (!parsed) {
      fail(option + " takes a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ", not '" +
           value + "'");
    }
    return parsed.value_or(0);
  }

  void option(const std::string& word, const std::string& value) {
    if (word == "--exact" || word == "--tokens") {
      out_.exact = out_.exact || word == "--exact";
      out_.tokens = number(word, value, 1, kMostTokens);
    } else if (word == "--timed" || word == "--seconds") {
      out_.seconds = std::strtod(value.c_str(), nullptr);
      if (!(out_.seconds > 0 && out_.seconds <= kMostSeconds)) fail(word + " takes seconds, not '" + value + "'");
    } else if (word == "--warm-up") {
      out_.warm_up = number(word, value, 1, kMostTokens);
    } else if (word == "--arm") {
      arm(value);
    } else if (word == "--hogs") {
      own_.load.hogs = static_cast<int>(number(word, value, 0, kMostHogs));
    } else if (word == "--nice") {
      own_.nice = static_cast<int>(number(word, value, -20, 19));
    } else if (word == "--fifo") {
      own_.fifo = static_cast<int>(number(word, value, 1, 99));
    } else if (word == "--load-way") {
      out_.load = true;
      out_.load_way = value;
    } else if (word == "--model") {
      out_.model = value;
    } else if (word == "--folder") {
      out_.folder = value;
    } else if (word == "--background") {
      out_.background = value;
    } else if (word == "--slot") {
      out_.slot = static_cast<int>(number(word, value, 0, 4095));
    } else if (word == "--counters") {
      out_.counters = static_cast<int>(number(word, value, 0, 1'000'000));
    } else if (word == "--gate") {
      out_.gate = static_cast<int>(number(word, value, 0, 1'000'000));
    } else {
      fail("unknown option '" + word + "'");
    }
  }

  void arm(const std::string& text) {
    Arm arm;
    const auto colon = text.find(':');
    arm.name = text.substr(0, colon);
    if (arm.name.empty()) return fail("--arm takes NAME or NAME:WORD,..., not '" + text + "'");
    for (const Arm& other : out_.arms) {
      if (other.name == arm.name) return fail("the arm '" + arm.name + "' is named twice");
    }
    std::string rest = colon == std::string::npos ? "" : text.substr(colon + 1);
    while (!rest.empty()) {
      const auto comma = std::min(rest.find(','), rest.size());
      arm_word(arm, rest.substr(0, comma));
      rest.erase(0, comma + 1);
    }
    out_.arms.push_back(std::move(arm));
  }

  void arm_word(Arm& arm, const std::string& word) {
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
    if (name == "hogs") {
      arm.load.hogs = static_cast<int>(number("hogs", value, 0, kMostHogs));
    } else if (name == "nice") {
      arm.nice = static_cast<int>(number("nice", value, -20, 19));
    } else if (name == "fifo") {
      arm.fifo = static_cast<int>(number("fifo", value, 1, 99));
    } else if (word == "faults") {
      arm.load.faults = true;
    } else if (word == "io") {
      arm.load.io = true;
    } else if (word == "memory") {
      arm.load.memory = true;
    } else {
      fail("the arm '" + arm.name + "': '" + word + "' is none of hogs=N, faults, io, memory, nice=N, fifo=N");
    }
  }

  Options out_;
  Arm own_;
  bool named_ = false;
};

}  // namespace

Options parse_options(int count, char** words) { return Parser().run(count, words); }

}  // namespace aios::inference
