// SPDX-License-Identifier: Apache-2.0
#include "reports/flame_graph.h"

#include <gmock/gmock.h>

#include "reports/explanation.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kHostile = "</title><script>alert(1)</script>";

std::vector<FoldedStack> hostile_stacks() {
  return {{{"root", kHostile}, 30, 40}, {{"root", "gone"}, 10, 0}, {{"root"}, 5, 5}};
}

TEST(FlameGraph, IsOneSvgInWhichNamesAreOnlyText) {
  const std::string svg = flame_graph_file(hostile_stacks(), {.title = "a<b"});
  EXPECT_TRUE(svg.starts_with("<?xml"));
  EXPECT_THAT(svg, AllOf(HasSubstr("xmlns=\"http://www.w3.org/2000/svg\""), HasSubstr("&lt;script&gt;"),
                         Not(HasSubstr("<script")), Not(HasSubstr("href"))));
  EXPECT_THAT(svg, HasSubstr("root: 45 instructions"));
}

TEST(FlameGraph, OfTwoSidesShowsWhatIsGoneToo) {
  const std::string svg = flame_graph_file(hostile_stacks(), {.title = "difference", .two_sides = true});
  EXPECT_THAT(svg, HasSubstr("gone: 10 and 0 instructions (-10)"));
  EXPECT_THAT(svg, HasSubstr("root: 45 and 45 instructions (0)"));
}

TEST(FlameGraph, OfNothingIsEmptyAndDeepStacksAreCut) {
  EXPECT_THAT(flame_graph_file({}, {.title = "nothing"}), HasSubstr("</svg>"));
  std::vector<std::string> deep(5000, "again");
  EXPECT_THAT(flame_graph_file({{deep, 1, 0}}, {.title = "deep"}), HasSubstr("</svg>"));
}

Explanation example_explanation() {
  Explanation explanation;
  explanation.first_name = "before";
  explanation.second_name = "after";
  MetricExplanation metric;
  metric.metric = "syscall.null";
  metric.first = 248;
  metric.second = 249;
  metric.difference = 1;
  metric.functions.push_back({.name = "__x64_sys_getppid",
                              .image = "kernel",
                              .first = 7,
                              .second = 8,
                              .difference = 1,
                              .state = FunctionState::changed,
                              .callers = {{"x64_sys_call", 7, 8}}});
  metric.functions.push_back({.name = kHostile, .image = "kernel", .first = 241, .second = 241});
  explanation.metrics.push_back(metric);
  return explanation;
}

TEST(ExplanationText, NamesTheFunctionAndItsCaller) {
  EXPECT_EQ(render_explanation(example_explanation(), {}),
            "after against before\n\nsyscall.null: 248 and 249 instructions, +1 (+0.40 %)\n"
            "difference  before  after  function           in      state    called by\n"
            "        +1       7      8  __x64_sys_getppid  kernel  changed  x64_sys_call\n");
}

TEST(ExplanationPage, IsSelfContainedAndHarmless) {
  const std::string page =
      render_explanation_html(example_explanation(), {{"syscall.null", hostile_stacks(), hostile_stacks(), {}}}, {});
  EXPECT_THAT(page, AllOf(HasSubstr("__x64_sys_getppid"), HasSubstr("<svg"), Not(HasSubstr("<script>alert")),
                          Not(HasSubstr("src=")), Not(HasSubstr("href="))));
}

}  // namespace
}  // namespace aios
