// SPDX-License-Identifier: Apache-2.0
// A store as a folder of static pages: one page that lists all runs and finds among them, one of every metric over
// time, and a page a run. What is made here is text; harness/cli reads the store and writes the files.
//
//   index.html  metrics.html  site.json  runs/ID.html  assets/echarts-VERSION.js  assets/history.js
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/trend.h"
#include "harness/model/run_record.h"

namespace aios {

inline constexpr int kSiteSchema = 1;
inline constexpr char kSiteHistoryFile[] = "assets/history.js";

// What the list shows of a run.
struct SiteRun {
  std::string id, started, subject, kernel, kernel_version, machine, mode, fidelity, label, outcome;
  std::string verdict;   // of the gate that judged it, if one did
  std::string sentence;  // the headline of its page
  std::string key;       // of what its page was made from: the same key, the same page
  std::int64_t boots = 0, samples = 0;
  bool page = false;  // it has one: runs that cannot be read have none
};

std::string site_page_of(std::string_view id);  // "runs/ID.html"
std::string site_library_file();                // "assets/echarts-6.1.0.js"

// `runs` newest first.
std::string render_site_index(const std::vector<SiteRun>& runs, const std::string& harness_version);
// The charts are drawn from assets/history.js; the table of changes is in the page.
std::string render_site_metrics(const std::vector<TrendSeries>& series, const std::vector<SiteRun>& runs,
                                const std::string& harness_version);
std::string render_site_history(const std::vector<TrendSeries>& series, const std::vector<SiteRun>& runs);

// The list as a file for programs, and for the next time: pages with the same key are not made again.
std::string site_to_json(const std::vector<SiteRun>& runs, const std::string& maker);
struct StoredSite {
  std::string maker;
  std::vector<SiteRun> runs;
};
// Empty where it cannot be read: then every page is made again.
StoredSite site_from_json(const std::string& text);

// What a history needs of a run and no more: a store of a thousand runs then fits into memory.
RunRecord light_run(RunRecord run);

}  // namespace aios
