// SPDX-License-Identifier: Apache-2.0
// The facts of a run that are held side by side as texts: what identifies it, what it was made of, and the words of the
// command lines that it was started with. What differs between any two runs of the same inputs (times, folders, file
// descriptors) is no fact.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/model/run_record.h"

namespace aios {

// "host_cpu" -> "...", "input kernel" -> hash, "build source.revision" -> "6.1.192-2".
std::map<std::string, std::string> provenance_facts(const RunRecord& run);

// The emulator's words and the kernel's own ("kernel: quiet"), folders cut off.
std::vector<std::string> command_words(const RunRecord& run);

// What only the first has, and only the second; a word that comes twice counts twice.
std::pair<std::vector<std::string>, std::vector<std::string>> words_apart(const std::vector<std::string>& first,
                                                                          const std::vector<std::string>& second);

}  // namespace aios
