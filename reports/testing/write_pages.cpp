// SPDX-License-Identifier: Apache-2.0
// Writes the pages that page_test.py opens:  aios_report_pages FOLDER
#include <cstdio>

#include "harness/export/csv.h"
#include "harness/export/testing/example_run.h"
#include "harness/support/files.h"
#include "reports/explanation.h"
#include "reports/html.h"
#include "reports/testing/page_report.h"

using namespace aios;

int main(int count, char** words) {
  if (count != 2) return std::fprintf(stderr, "usage: aios_report_pages FOLDER\n"), 2;
  const fs::path folder = words[1];
  bool written = true;
  const auto write = [&](const std::string& name, const std::string& text) {
    written = write_file_atomic(folder / name, text).ok() && written;
  };
  const ReportModel full = testing::full_report();
  write("example.html", render_html(full));
  write("example.csv", export_csv(full.runs));
  write("explain.html", render_explanation_html(*full.explanation, full.graphs, {}));
  write("hostile.html", render_html(testing::full_hostile_report()));
  write("large.html", render_html(testing::large_report()));
  write("single.html", render_html(make_report({testing::example_run()}, {}, "", "0.1.0")));
  write("empty.html", render_html({}));
  return written ? 0 : 1;
}
