// SPDX-License-Identifier: Apache-2.0
// claims.toml -> Claim: the promises of a kernel's document that a machine can check. The ledger is all of them.
//
//   kernel = "aios"
//   document = "aiOS, Kernel Architecture (000_4c80e4051b789454.txt)"
//   pending = "..."                        # for every claim of this file that has no reason of its own
//   [[claims]]
//   id = "A3"                              # a letter and a number; never changes
//   claim = "the kernel image is under 10 MB"
//   section = "Configuration Strategy"     # where the document says so
//   targets = ["footprint.image_bytes < 10 MB"]      # all must hold; target_text.h has the grammar
//   subjects = ["aios+ai_mem"]             # whose runs judge it (default: the kernel as it stands)
//   against = "aios"   measures = "ipc.pipe"   as = "reduction"      # or "gain": the targets follow from this metric
//   of
//                                          # both subjects, boot by boot: 1 - with / without, or with / without
//   bound = true                           # emulation is only slower: a time met there is bounded
//   pending = "no scenario boots from a disk yet"    # not run until one does
//   not_judged = "cycles of a real processor"        # what this machine lacks
//   needs = ["cycles"]                     # abilities of a machine that could judge it ...
//   machine = "docs/machines/bare_metal.toml"        # ... and a file that describes one
#pragma once

#include <vector>

#include "harness/model/verdict.h"
#include "harness/support/files.h"

namespace aios {

Result<std::vector<Claim>> read_claims(const fs::path& file);

// Every kernels/*/claims.toml and harness/claims.toml under `root`, by letter and number. An ID that stands twice is an
// error. A folder without a kernel.toml is a kernel that is not built yet: its promises count all the same.
Result<std::vector<Claim>> load_ledger(const fs::path& root);

}  // namespace aios
