// SPDX-License-Identifier: Apache-2.0
#include "reports/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "harness/export/testing/example_run.h"
#include "harness/support/json.h"
#include "reports/html/chart_library.h"
#include "reports/html/markup.h"
#include "reports/html/page_script.h"
#include "reports/testing/example_report.h"
#include "reports/testing/page_report.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Empty if every element is closed in order; otherwise what is wrong.
std::string nesting_fault(const std::string& page) {
  static const std::vector<std::string> kVoid = {"meta", "link"};
  std::vector<std::string> open;
  for (std::size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
    if (page.compare(at, 2, "<!") == 0) continue;
    const bool closing = page[at + 1] == '/';
    const std::size_t begin = at + (closing ? 2 : 1);
    const std::string name = page.substr(begin, page.find_first_of(" />\n", begin) - begin);
    const std::size_t end = page.find('>', at);
    if (closing) {
      if (open.empty() || open.back() != name)
        return "</" + name + "> closes " + (open.empty() ? "nothing" : open.back());
      open.pop_back();
    } else if (page[end - 1] != '/' && std::find(kVoid.begin(), kVoid.end(), name) == kVoid.end()) {
      open.push_back(name);
    }
    if (name == "script" && !closing) at = page.find("</script>", at) - 1;
  }
  return open.empty() ? "" : "<" + open.back() + "> is not closed";
}

std::string embedded_data(const std::string& page) {
  const std::string mark = "<script type=\"application/json\" id=\"data\">";
  const std::size_t begin = page.find(mark) + mark.size();
  return page.substr(begin, page.find("</script>", begin) - begin);
}

std::size_t count_of(std::string_view page, std::string_view word) {
  std::size_t count = 0;
  for (std::size_t at = page.find(word); at != std::string_view::npos; at = page.find(word, at + 1)) ++count;
  return count;
}

TEST(HtmlReport, IsWholeAndHasEverySection) {
  const std::string page = render_html(testing::full_report());
  EXPECT_EQ(nesting_fault(page), "");
  for (const char* id :
       {"comparison", "scenarios", "history", "boot", "why", "claims", "checklist", "config", "provenance", "logs"}) {
    EXPECT_THAT(page, HasSubstr(std::string("<section id=\"") + id + "\""));
    EXPECT_THAT(page, HasSubstr(std::string("href=\"#") + id + "\""));
  }
  EXPECT_THAT(page, Not(HasSubstr("{{")));
  EXPECT_THAT(page, HasSubstr("aios-bench run --repeat 20261120-180500-aios"));
}

TEST(HtmlReport, LoadsNothing) {
  const std::string page = render_html(testing::example_report());
  for (const char* word : {"http://", "https://", "src=", "@import", "url("}) EXPECT_THAT(page, Not(HasSubstr(word)));
  // Only the page's own script and the library may run: not even a script that got in.
  EXPECT_THAT(page, HasSubstr("default-src 'none'; script-src 'sha256-"));
  EXPECT_THAT(page, HasSubstr(chart_library_source()));
  const std::size_t begin = page.rfind("<script>") + 8;
  EXPECT_THAT(page, HasSubstr(script_source(page.substr(begin, page.rfind("</script>") - begin))));
}

TEST(HtmlReport, TheDataIsInsideAndReadable) {
  const auto data = parse_json(embedded_data(render_html(testing::example_report())), "page");
  ASSERT_TRUE(data.ok());
  EXPECT_EQ((*data)["runs"].size(), 2U);
  EXPECT_EQ((*data)["runs"][0]["subject"], "aios");
}

TEST(HtmlReport, NothingFromAGuestIsAlive) {
  const std::string page = render_html(testing::full_hostile_report());
  EXPECT_EQ(nesting_fault(page), "");
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_EQ(count_of(page, "<script"), 4U);  // two of data, the library, and what draws
  EXPECT_EQ(count_of(page, "</script"), 4U);
  for (const char c : page) {
    ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') << static_cast<int>(c);
    ASSERT_NE(c, '\x7f');
  }
  EXPECT_THAT(page, Not(HasSubstr("\xe2\x80\xae")));
  EXPECT_THAT(page, Not(HasSubstr("\xc2\x9b")));
  // An attribute's value ends where we end it.
  EXPECT_FALSE(std::regex_search(page.substr(0, page.find("<script")), std::regex("=\"[^\"]*\"[^ />]")));
  const auto data = parse_json(embedded_data(page), "page");
  ASSERT_TRUE(data.ok());
  EXPECT_THAT((*data)["runs"][0]["subject"].get<std::string>(), HasSubstr("</script><script>alert(1)"));
}

TEST(HtmlReport, FiveHundredMetricsStayMailable) {
  const std::string page = render_html(make_report({testing::large_run(500)}, {}, "", "0.1.0"));
  EXPECT_LT(page.size(), 2U << 20);
  EXPECT_THAT(page, HasSubstr("operation_499"));
}

TEST(HtmlReport, NothingToShowIsStillAPage) {
  EXPECT_EQ(nesting_fault(render_html({})), "");
  EXPECT_THAT(render_html({}), HasSubstr("Nothing was measured."));
}

TEST(PageScript, DataCannotEndItsElement) {
  EXPECT_EQ(for_script("{\"a\":\"</script>&\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaf\"}"),
            "{\"a\":\"\\u003c/script\\u003e\\u0026\\u2028\\u2029\xe2\x80\xaf\"}");
}

TEST(Markup, TextCannotBecomeMarkup) {
  Html html;
  html.element("td", "<b>&\x1b[1m", {{"title", "\"><script>"}});
  EXPECT_EQ(html.str(), "<td title=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt;&amp;\\x1b[1m</td>");
}

}  // namespace
}  // namespace aios
