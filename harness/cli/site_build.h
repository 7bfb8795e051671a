// SPDX-License-Identifier: Apache-2.0
// A store as a folder of static pages (reports/site.h), kept up to date: only what changed is written, each file whole
// or not at all, the list last, so that a reader never sees a link that leads nowhere.
#pragma once

#include "harness/cli/context.h"
#include "harness/store/store.h"

namespace aios {

struct SiteResult {
  std::size_t runs = 0;     // listed
  std::size_t written = 0;  // pages of runs that were made and differ from what was there
  std::size_t kept = 0;     // pages that stay as they are
  std::size_t removed = 0;  // pages of runs that are gone
  std::size_t series = 0;
};

// A config error where the folder holds something else than such a site.
Result<SiteResult> build_site(const Context& context, Store& store, const fs::path& folder);

}  // namespace aios
