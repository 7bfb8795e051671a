// SPDX-License-Identifier: Apache-2.0
// Runs the real aios-bench in a test: its exit code, what it wrote to standard output and to standard error.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "harness/support/json.h"
#include "harness/support/process.h"

namespace aios {

inline std::string bench_program() {
  const char* given = std::getenv("AIOS_BENCH");
  return given != nullptr ? given : AIOS_BINARY_DIR "/bin/aios-bench";
}

inline Captured bench(std::vector<std::string> words, std::map<std::string, std::string> env = {}, fs::path cwd = {}) {
  words.insert(words.begin(), bench_program());
  CaptureOptions options;
  options.timeout = std::chrono::minutes(10);
  env.emplace("CI", "true");
  auto got = run_command({.argv = std::move(words), .cwd = std::move(cwd), .env = std::move(env)}, options);
  if (!got.ok()) {
    ADD_FAILURE() << got.error().describe();
    return Captured{{false, 255}, {}, {}};
  }
  return std::move(got).value();
}

// Standard output must be one JSON document and nothing else.
inline Json bench_json(const std::vector<std::string>& words, int wanted_exit = 0,
                       const std::map<std::string, std::string>& env = {}) {
  const Captured got = bench(words, env);
  EXPECT_EQ(got.exit.code, wanted_exit) << got.err;
  auto parsed = parse_json(got.out, "standard output");
  EXPECT_TRUE(parsed.ok()) << got.out.substr(0, 2000);
  return parsed.ok() ? std::move(parsed).value() : Json();
}

}  // namespace aios
