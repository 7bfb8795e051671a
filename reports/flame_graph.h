// SPDX-License-Identifier: Apache-2.0
// A flame graph as an SVG that needs nothing else: callers below, callees above, the width is the instructions, and
// every box says its name and figures when it is pointed at. Of two sides the width is the larger of both, so that what
// is gone is seen too; red is more in the second, blue less.
#pragma once

#include <string>
#include <vector>

#include "harness/judge/explain.h"
#include "reports/html.h"
#include "reports/html/markup.h"

namespace aios {

struct FlameOptions {
  std::string title;
  bool two_sides = false;
  double least_width = 0.3;  // boxes that are narrower are left out (their callers stay as wide)
};

// The <svg> element, to stand in a page; and a file of its own.
Html flame_graph(const std::vector<FoldedStack>& stacks, const FlameOptions& options);
std::string flame_graph_file(const std::vector<FoldedStack>& stacks, const FlameOptions& options);

}  // namespace aios
