// SPDX-License-Identifier: Apache-2.0
#include "bench/guest/options.h"

#include <cstdlib>

namespace aios::bench {
namespace {

constexpr long kMostIterations = 1'000'000;

// 0 where the text is no whole number from 1 on.
long positive(const std::string& text) {
  char* end = nullptr;
  const long value = std::strtol(text.c_str(), &end, 10);
  return *end == '\0' && !text.empty() && value > 0 && value <= kMostIterations ? value : 0;
}

void take(Options& options, const std::string& option, const std::string& value) {
  if (option == "--exact") {
    options.exact = positive(value);
    if (options.exact == 0) options.error = "--exact takes a number of iterations, not '" + value + "'";
  } else if (option == "--exact-for") {
    const auto at = value.find('=');
    const long iterations = at == std::string::npos ? 0 : positive(value.substr(at + 1));
    if (iterations == 0) options.error = "--exact-for takes WORD=ITERATIONS, not '" + value + "'";
    options.exact_for[value.substr(0, at)] = iterations;
  } else if (option == "--timed") {
    options.timed = std::strtod(value.c_str(), nullptr);
    if (!(options.timed > 0 && options.timed < 3600)) options.error = "--timed takes seconds, not '" + value + "'";
  } else if (option == "--match") {
    options.match = value;
  } else if (option == "--folder") {
    options.folder = value;
  } else {
    options.error = "unknown option '" + option + "'";
  }
}

}  // namespace

Options parse_options(int count, char** words) {
  Options options;
  for (int i = 1; i < count && options.error.empty(); ++i) {
    const std::string word = words[i];
    if (word == "--console") {
      options.console = true;
    } else if (word == "--cycles") {
      options.cycles = true;
    } else if (word == "--list") {
      options.list = true;
    } else if (word.rfind("--", 0) != 0) {
      options.scenarios.push_back(word);
    } else if (const auto at = word.find('='); at != std::string::npos) {
      take(options, word.substr(0, at), word.substr(at + 1));
    } else if (i + 1 < count) {
      take(options, word, words[++i]);
    } else {
      options.error = "'" + word + "' takes a value";
    }
  }
  return options;
}

long exact_iterations(const Options& options, const std::string& metric) {
  const std::string dotted = "." + metric + ".";
  for (const auto& [word, iterations] : options.exact_for) {
    if (word == metric || dotted.find("." + word + ".") != std::string::npos) return iterations;
  }
  return options.exact;
}

}  // namespace aios::bench
