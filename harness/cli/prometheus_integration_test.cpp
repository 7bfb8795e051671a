// SPDX-License-Identifier: Apache-2.0
// serve, push and export against the real thing: a Prometheus that scrapes, a push gateway that keeps, promtool that
// checks; what is read back by query is what `run` printed.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "harness/cli/testing/bench_program.h"
#include "harness/cli/testing/service.h"
#include "harness/cli/testing/tiny_history.h"
#include "harness/support/text.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The tiny kernel with a ledger of its own, an older commit of it as the baseline, and the kernel that is running.
class PrometheusLab : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string first = tiny_.head();
    tiny_.write(
        "../data/kernels/tiny/claims.toml",
        "kernel = \"tiny\"\ndocument = \"tiny\"\n[[claims]]\nid = \"Z1\"\nclaim = \"a call is short\"\n"
        "section = \"1\"\ntargets = [\"syscall.null < 10 instructions\"]\n[[claims]]\nid = \"Z2\"\n"
        "claim = \"a call is not long\"\nsection = \"1\"\ntargets = [\"syscall.null < 100000 instructions\"]\n");
    std::string base = read_file(tiny_.data() / "kernels/tiny/kernel.toml").value();
    base.replace(base.find("\"tiny\""), 6, "\"tinybase\"");
    base.insert(base.find("kind ="), "ref = \"" + first + "\"\n");
    fs::create_directories(tiny_.data() / "kernels/tinybase");
    ASSERT_TRUE(write_file_atomic(tiny_.data() / "kernels/tinybase/kernel.toml", base).ok());
    fs::create_directory_symlink(fs::path(AIOS_SOURCE_DIR) / "kernels/host", tiny_.data() / "kernels/host");
  }
  double measure(const std::string& kernel) {
    const Json run = bench_json({"run", kernel, "--scenario", "syscall", "--json"}, 0, env());
    return run.at("samples").at(0).value("value", -1.0);
  }
  std::map<std::string, std::string> env() const {
    auto out = tiny_.environment();
    out.emplace("CI", "true");
    return out;
  }
  Service serve(std::vector<std::string> words = {}) {
    words.insert(words.begin(), {bench_program(), "serve", "--listen", "127.0.0.1:0"});
    return {std::move(words), folder() / "serve.log", env()};
  }
  fs::path folder() const { return scratch_.path(); }
  fs::path file(const std::string& name, const std::string& text) const {
    EXPECT_TRUE(write_file_atomic(folder() / name, text).ok());
    chmod((folder() / name).c_str(), 0600);
    return folder() / name;
  }
  static void expect_promtool_has_no_complaint(const fs::path& text) {
    const auto got =
        run_command({.argv = {"sh", "-c", "promtool check metrics < " + text.string()}}, {.merge_stderr = true});
    ASSERT_TRUE(got.ok());
    EXPECT_TRUE(got->exit.success()) << got->out;
    EXPECT_EQ(got->out, "");
  }

  TinyHistory tiny_;
  ScratchFolder scratch_ = ScratchFolder::create("aios-prometheus").value();
};

const char* const kNull = R"(aios_bench_result_instructions{kernel="tiny",metric="syscall.null"})";

// Every expression of the dashboard, with its variables filled in.
std::vector<std::string> dashboard_expressions() {
  const fs::path file = fs::path(AIOS_SOURCE_DIR) / "reports/grafana/dashboard.json";
  const Json dashboard = parse_json(read_file(file).value(), "dashboard").value();
  std::vector<std::string> out;
  for (const auto& panel : dashboard.at("panels")) {
    for (const auto& target : panel.value("targets", Json::array())) out.push_back(target.value("expr", ""));
  }
  // A variable lists the values of a label: there must be some, but of variants, which a kernel may not have.
  for (const auto& variable : dashboard.at("templating").at("list")) {
    if (variable.value("type", "") != "query" || variable.value("name", "").ends_with("variant")) continue;
    const std::string query = variable.at("query").value("query", "");
    const auto comma = query.rfind(", ");
    EXPECT_TRUE(query.starts_with("label_values(") && comma != std::string::npos) << query;
    out.push_back(fmt::format("count by ({}) ({})", query.substr(comma + 2, query.size() - comma - 3),
                              query.substr(13, comma - 13)));
  }
  const std::vector<std::pair<std::string, std::string>> values = {
      {"$candidate_variant", ""}, {"$baseline_variant", ""}, {"$candidate", "tiny"},
      {"$baseline", "tinybase"},  {"$kernel", "tiny|host"},  {"$variant", ".*"},
      {"$machine", ".+"},         {"$scenario", ".+"},       {"$job", ".+"},
      {"$__rate_interval", "30s"}};
  for (std::string& expression : out) {
    for (const auto& [name, value] : values) {
      for (std::size_t at = 0; (at = expression.find(name, at)) != std::string::npos;) {
        expression.replace(at, name.size(), value);
      }
    }
    EXPECT_EQ(expression.find('$'), std::string::npos) << expression;
  }
  return out;
}

TEST_F(PrometheusLab, WhatIsMeasuredIsScrapedAndTheDashboardShowsIt) {
  const double first = measure("tiny");
  measure("tinybase");
  bench_json({"run", "host", "--scenario", "syscall", "--boots", "1", "--json"}, 0, env());
  Service serve = this->serve();
  const int port = serve.port_said();
  PrometheusServer prometheus(folder(), fmt::format("  - job_name: aios-bench\n    static_configs:\n"
                                                    "      - targets: [\"127.0.0.1:{}\"]\n",
                                                    port));
  prometheus.expect_value(kNull, first);
  prometheus.expect_value("up{job=\"aios-bench\"}", 1);
  // What the kernel keeps itself, under its own names.
  EXPECT_EQ(prometheus.value(R"(tiny_context_switches_total{kernel="tiny",machine="qemu-exact",cpu="0"})"), 12);
  EXPECT_EQ(prometheus.value(R"(histogram_quantile(0.5, tiny_page_fault_cycles_bucket{kernel="tiny"}))"),
            1000.0 * 2 / 3);
  EXPECT_EQ(prometheus.value(R"(count(aios_bench_claim_verdict{kernel="tiny",claim="Z1",verdict="missed"}))"), 1);
  EXPECT_EQ(prometheus.value(R"(count(aios_bench_claim_verdict{kernel="tiny",claim="Z2",verdict="met"}))"), 1);

  // Seven instructions more, and a gate that says so; nothing is started anew.
  tiny_.write_part("second", 27);
  tiny_.commit("seven more");
  EXPECT_EQ(bench({"gate", "tinybase", "tiny", "--scenario", "syscall", "--perturb", "0"}, env()).exit.code, 1);
  prometheus.expect_value(kNull, first + 7);
  prometheus.expect_value(R"(aios_bench_gate_verdict{kernel="tiny",verdict="fail"})", 1);
  EXPECT_THAT(http_get(port, "/metrics").body, Not(HasSubstr("2026")));  // no run's id is a label

  ASSERT_TRUE(serve.runs()) << serve.said();
  const auto text = folder() / "scraped";
  ASSERT_TRUE(write_file_atomic(text, http_get(port, "/metrics").body).ok());
  expect_promtool_has_no_complaint(text);
  const auto expressions = dashboard_expressions();
  EXPECT_GT(expressions.size(), 30U);
  for (const auto& expression : expressions) {
    EXPECT_TRUE(eventually([&] { return !prometheus.query(expression).empty(); }, std::chrono::seconds(5)))
        << "no data for " << expression;
  }
  const ExitState end = serve.interrupt();
  EXPECT_TRUE(end.success()) << end.describe() << serve.said();
}

TEST_F(PrometheusLab, TlsAndAPasswordKeepOthersOut) {
  const double value = measure("tiny");
  const fs::path key = folder() / "key.pem";
  const fs::path certificate = folder() / "cert.pem";
  ASSERT_TRUE(run_checked({.argv = {"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                                    "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key.string(),
                                    "-out", certificate.string()}})
                  .ok());
  const fs::path users = file("users", "prom:se:cret\n");
  {
    Service plain = serve({"--auth-file", users.string()});
    const int port = plain.port_said();
    EXPECT_EQ(http_get(port, "/metrics").status, 401);
    EXPECT_EQ(http_get(port, "/metrics", "Authorization: Basic cHJvbTp3cm9uZw==\r\n").status, 401);
    EXPECT_EQ(http_get(port, "/metrics", "Authorization: Basic cHJvbTpzZTpjcmV0\r\n").status, 200);
    EXPECT_EQ(http_get(port, "/etc/passwd").status, 404);
    EXPECT_EQ(http_get(port, "/../../../etc/passwd").body.find("root:"), std::string::npos);
  }
  Service serve =
      this->serve({"--auth-file", users.string(), "--tls-cert", certificate.string(), "--tls-key", key.string()});
  const int port = serve.port_said();
  EXPECT_THAT(serve.said(), HasSubstr("https://127.0.0.1:"));
  EXPECT_NE(http_get(port, "/metrics").status, 200);  // no TLS, no answer
  PrometheusServer prometheus(
      folder(), fmt::format("  - job_name: aios-bench\n    scheme: https\n    tls_config: {{ca_file: {}}}\n"
                            "    basic_auth: {{username: prom, password: \"se:cret\"}}\n    static_configs:\n"
                            "      - targets: [\"127.0.0.1:{}\"]\n",
                            certificate.string(), port));
  prometheus.expect_value(kNull, value);
  EXPECT_TRUE(serve.interrupt().success());
}

TEST_F(PrometheusLab, WhatCannotBeServedSaysWhy) {
  Service first = serve();
  const std::string taken = fmt::format("127.0.0.1:{}", first.port_said());
  Captured got = bench({"serve", "--listen", taken}, env());
  EXPECT_EQ(got.exit.code, 3);
  EXPECT_THAT(got.err, HasSubstr("is taken"));
  got = bench({"serve", "--listen", "0.0.0.0:0"}, env());
  EXPECT_EQ(got.exit.code, 2);
  EXPECT_THAT(got.err, HasSubstr("--auth-file"));
  got = bench({"serve", "--tls-cert", "x"}, env());
  EXPECT_EQ(got.exit.code, 2);
  got = bench({"serve", "--listen", "127.0.0.1:0", "--tls-cert", "/nowhere", "--tls-key", "/nowhere"}, env());
  EXPECT_EQ(got.exit.code, 2);
  EXPECT_THAT(got.err, HasSubstr("certificate"));
  const fs::path open = file("open", "a:b\n");
  chmod(open.c_str(), 0644);
  got = bench({"serve", "--auth-file", open.string()}, env());
  EXPECT_EQ(got.exit.code, 2);
  EXPECT_THAT(got.err, HasSubstr("chmod 600"));
}

TEST_F(PrometheusLab, AFileForTheCollectorIsWholeAndHasNoComplaint) {
  const double value = measure("tiny");
  const fs::path out = folder() / "aios.prom";
  ASSERT_TRUE(write_file_atomic(out, "old\n").ok());
  struct stat before {
  }, after{};
  stat(out.c_str(), &before);
  ASSERT_EQ(bench({"export", "prometheus", "--output", out.string()}, env()).exit.code, 0);
  stat(out.c_str(), &after);
  EXPECT_NE(before.st_ino, after.st_ino);  // put in the place of the old one, never written into
  EXPECT_THAT(read_file(out).value(),
              HasSubstr(fmt::format("metric=\"syscall.null\",fidelity=\"exact\"}} {}\n", value)));
  EXPECT_THAT(read_file(out).value(), HasSubstr("tiny_context_switches_total{kernel=\"tiny\""));
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder())) ++files;
  EXPECT_EQ(files, 1U);  // nothing beside it that a collector could read
  expect_promtool_has_no_complaint(out);
}

TEST_F(PrometheusLab, APushGatewayKeepsWhatIsPushed) {
  const double value = measure("tiny");
  const int port = free_port();
  const std::string url = fmt::format("http://127.0.0.1:{}", port);
  Captured got = bench({"push", "--url", url}, env());
  EXPECT_EQ(got.exit.code, 3);
  EXPECT_THAT(got.err, HasSubstr("no push gateway answers"));
  Service gateway({"prometheus-pushgateway", fmt::format("--web.listen-address=127.0.0.1:{}", port)},
                  folder() / "gateway.log");
  ASSERT_TRUE(eventually([&] { return http_get(port, "/-/ready").status == 200; })) << gateway.said();
  got = bench({"push", "--url", url, "--job", "nightly", "--group", "runner=ci/3"}, env());
  ASSERT_EQ(got.exit.code, 0) << got.err;
  EXPECT_THAT(got.err, HasSubstr("series pushed to " + url + "/metrics/job/nightly/runner@base64/"));
  PrometheusServer prometheus(folder(), fmt::format("  - job_name: push\n    honor_labels: true\n    static_configs:\n"
                                                    "      - targets: [\"127.0.0.1:{}\"]\n",
                                                    port));
  prometheus.expect_value(
      R"(aios_bench_result_instructions{job="nightly",runner="ci/3",kernel="tiny",metric="syscall.null"})", value);
  prometheus.expect_value(R"(push_failure_time_seconds{job="nightly"})", 0);
  // Another push of the same group replaces the first whole.
  tiny_.write_part("third", 25);
  tiny_.commit("five more");
  const double later = measure("tiny");
  EXPECT_EQ(later, value + 5);
  ASSERT_EQ(bench({"push", "--url", url, "--job", "nightly", "--group", "runner=ci/3"}, env()).exit.code, 0);
  prometheus.expect_value(R"(aios_bench_result_instructions{job="nightly",kernel="tiny",metric="syscall.null"})",
                          later);
  // A gateway's own words, where it refuses.
  got = bench({"push", "--url", url + "/nothing"}, env());
  EXPECT_EQ(got.exit.code, 3);
  EXPECT_THAT(got.err, HasSubstr("404"));
  got = bench({"push", "--url", url, "--group", "no-label=x"}, env());
  EXPECT_EQ(got.exit.code, 2);
}

TEST(AlertRules, FireWhenTheyShouldAndOnlyThen) {
  const std::string folder = AIOS_SOURCE_DIR "/reports/grafana";
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"check", "rules", "alerts.yml"}, {"test", "rules", "alerts_test.yml"}}) {
    std::vector<std::string> argv = {"promtool"};
    argv.insert(argv.end(), words.begin(), words.end());
    const auto got = run_command({.argv = argv, .cwd = folder}, {.merge_stderr = true});
    ASSERT_TRUE(got.ok()) << got.error().describe();
    EXPECT_TRUE(got->exit.success()) << got->out;
  }
}

// What docs/prometheus.md shows is a configuration that Prometheus takes.
TEST(Documentation, TheScrapeConfigurationIsOne) {
  const std::string page = read_file(AIOS_SOURCE_DIR "/docs/prometheus.md").value();
  const auto scratch = ScratchFolder::create().value();
  int found = 0;
  for (std::size_t at = 0; (at = page.find("```yaml\n", at)) != std::string::npos;) {
    at += 8;
    std::string text = page.substr(at, page.find("```", at) - at);
    const std::string rules = "/etc/prometheus/aios-bench-alerts.yml";
    if (const auto place = text.find(rules); place != std::string::npos) {
      text.replace(place, rules.size(), AIOS_SOURCE_DIR "/reports/grafana/alerts.yml");
    }
    const fs::path config = scratch.path() / fmt::format("{}.yml", ++found);
    ASSERT_TRUE(write_file_atomic(config, text).ok());
    const auto got = run_command({.argv = {"promtool", "check", "config", "--syntax-only", config.string()}});
    ASSERT_TRUE(got.ok());
    EXPECT_TRUE(got->exit.success()) << text << got->err << got->out;
  }
  EXPECT_GE(found, 2);
}

}  // namespace
}  // namespace aios
