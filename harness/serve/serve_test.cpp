// SPDX-License-Identifier: Apache-2.0
#include <curl/curl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <thread>

#include "harness/export/testing/example_run.h"
#include "harness/serve/health.h"
#include "harness/serve/listen_address.h"
#include "harness/serve/metrics_server.h"
#include "harness/serve/push.h"
#include "harness/serve/results_source.h"
#include "harness/serve/user_list.h"
#include "harness/store/verdict_note.h"

namespace aios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class ServeTest : public ::testing::Test {
 protected:
  // As the program stores it; the console's log too.
  std::string add(Store& store, RunRecord run, const std::string& console = {}) {
    RunBundle bundle = store.create_run(run).value();
    const std::vector<BootRecord> boots = run.boots;
    for (BootRecord boot : boots) {
      boot.logs.clear();
      if (!console.empty()) boot.logs["console"] = bundle.write_log("boot.console.log", console).value();
      std::vector<Sample> samples;
      for (const Sample& sample : run.samples) {
        if (sample.boot == boot.index) samples.push_back(sample);
      }
      EXPECT_TRUE(bundle.append_boot(boot, samples).ok());
    }
    EXPECT_TRUE(bundle.seal(run).ok());
    return bundle.id();
  }
  std::string text(ResultsSource& source) { return exposition_text(source.gather().value()->families); }
  fs::path file(const char* name, const std::string& content, mode_t mode = 0600) {
    const fs::path path = scratch_.path() / name;
    EXPECT_TRUE(write_file_atomic(path, content).ok());
    chmod(path.c_str(), mode);
    return path;
  }
  ScratchFolder scratch_ = ScratchFolder::create("aios-serve").value();
};

TEST_F(ServeTest, ANewRunIsSeenAndAnUnchangedStoreIsNotReadAgain) {
  Store store = Store::open(scratch_.path() / "store").value();
  ResultsSource source(store, {}, "1");
  EXPECT_THAT(text(source), Not(HasSubstr("aios_bench_result")));
  add(store, testing::example_run());
  const auto first = source.gather().value();
  EXPECT_THAT(exposition_text(first->families), HasSubstr("metric=\"syscall.null\""));
  EXPECT_EQ(source.gather().value(), first);
  add(store, testing::example_base());
  EXPECT_THAT(text(source), HasSubstr("kernel=\"debian\""));
  EXPECT_THAT(text(source), HasSubstr("aios_bench_store_runs{kernel=\"debian\""));
}

TEST_F(ServeTest, AGatesWordIsServedWhenItComes) {
  Store store = Store::open(scratch_.path() / "store").value();
  ResultsSource source(store, {}, "1");
  const std::string id = add(store, testing::example_run());
  EXPECT_THAT(text(source), Not(HasSubstr("aios_bench_gate_verdict")));
  ASSERT_TRUE(write_verdict(store, {id, "base", "fail", "2026-11-20T20:00:00Z"}).ok());
  EXPECT_THAT(text(source), HasSubstr("aios_bench_gate_verdict{kernel=\"aios\",variant=\"\",machine=\"qemu-exact\","
                                      "verdict=\"fail\"} 1"));
}

TEST_F(ServeTest, TheKernelsOwnMetricsComeFromTheConsoleOfItsLatestRun) {
  Store store = Store::open(scratch_.path() / "store").value();
  ResultsSource source(store, {}, "1");
  RunRecord run = testing::example_run();
  run.boots.resize(1);
  add(store, run,
      "booting\n[    0.100000] # aios-bench metrics begin\n[    0.100001] # TYPE context_switches_total counter\n"
      "[    0.100002] context_switches_total 12\n[    0.100003] # aios-bench metrics end\n");
  EXPECT_THAT(text(source), HasSubstr("context_switches_total{kernel=\"aios\",variant=\"\",machine=\"qemu-exact\"} "
                                      "12\n"));
}

TEST(RunsThatSpeak, TheNewestOfEachScenarioAndTheNewestJudged) {
  const auto run = [](const char* id, const char* subject, std::vector<std::string> scenarios,
                      const char* outcome = "complete") {
    RunSummary out;
    out.id = id;
    out.subject = subject;
    out.kernel = "aios";
    out.machine = "qemu-exact";
    out.mode = "exact";
    out.outcome = outcome;
    out.scenarios = std::move(scenarios);
    return out;
  };
  RunSummary with_words = run("8", "aios", {"page_fault"});
  with_words.own_words = true;
  const std::vector<RunSummary> newest_first = {
      run("9", "aios", {"syscall"}, "infra"),  with_words,
      run("7", "aios", {"syscall"}, "failed"), run("6", "aios@v2", {"syscall"}),
      run("5", "aios", {"syscall"}),           run("4", "aios", {"syscall", "boot"}),
      run("3", "aios:trace", {"boot"})};
  std::vector<std::string> ids;
  for (const RunSummary* chosen : runs_that_speak(newest_first)) ids.push_back(chosen->id);
  EXPECT_THAT(ids, ElementsAre("7", "6", "4", "3"));
}

TEST(ListenAddress, IsAnAddressAndAPort) {
  EXPECT_EQ(parse_listen_address("localhost:9464").value().text(), "127.0.0.1:9464");
  EXPECT_EQ(parse_listen_address("[::1]:1").value().text(), "[::1]:1");
  EXPECT_TRUE(parse_listen_address("[::1]:1").value().loopback());
  EXPECT_TRUE(parse_listen_address("127.8.8.8:1").value().loopback());
  EXPECT_FALSE(parse_listen_address("0.0.0.0:1").value().loopback());
  for (const char* wrong : {"9464", "host.example:1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "::1:80", ""}) {
    const auto got = parse_listen_address(wrong);
    ASSERT_FALSE(got.ok()) << wrong;
    EXPECT_EQ(got.error().kind, ErrorKind::config);
  }
}

TEST(ListenAddress, ATakenPortAndAForeignAddressHaveTheirOwnWords) {
  const UniqueFd first = listen_on({"127.0.0.1", 0, false}).value();
  const auto taken = listen_on({"127.0.0.1", port_of(first), false});
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().kind, ErrorKind::infra_fault);
  EXPECT_THAT(taken.error().what, HasSubstr("is taken"));
  const auto foreign = listen_on({"192.0.2.1", 0, false});
  ASSERT_FALSE(foreign.ok());
  EXPECT_EQ(foreign.error().kind, ErrorKind::config);
}

TEST_F(ServeTest, PasswordsThatOthersCanReadAreRefused) {
  EXPECT_THAT(read_user_list(file("open", "a:b\n", 0644)).error().hint, HasSubstr("chmod 600"));
  EXPECT_THAT(read_user_list(file("none", "# nobody\n")).error().what, HasSubstr("no user"));
  EXPECT_THAT(read_user_list(file("bad", "a:b\nnopassword\n")).error().where, HasSubstr("bad:2"));
  EXPECT_EQ(read_user_list(scratch_.path() / "missing").error().kind, ErrorKind::config);
  const auto users = read_user_list(file("good", "# who\nprom:se:cret\n\nother:x\n")).value();
  EXPECT_TRUE(may_enter(users, "prom", "se:cret"));
  EXPECT_TRUE(may_enter(users, "other", "x"));
  EXPECT_FALSE(may_enter(users, "prom", "x"));
  EXPECT_FALSE(may_enter(users, "", ""));
}

TEST_F(ServeTest, OpenToOthersOnlyWithAPasswordOrOnPurpose) {
  Store store = Store::open(scratch_.path() / "store").value();
  ResultsSource source(store, {}, "1");
  const SystemClock clock;
  const auto metrics = std::make_shared<ServedMetrics>(source, clock, store.root());
  ServeOptions options{.listen = {"0.0.0.0", 0, false}, .users = {}, .tls = {}, .insecure = false};
  const auto refused = MetricsServer::start(options, metrics);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::config);
  EXPECT_THAT(refused.error().hint, HasSubstr("--auth-file"));
  options.listen.host = "127.0.0.1";
  const auto server = MetricsServer::start(options, metrics);
  ASSERT_TRUE(server.ok()) << server.error().describe();
  EXPECT_THAT(server->url(), ::testing::MatchesRegex("http://127.0.0.1:[1-9][0-9]*/metrics"));
}

// One GET, whole.
std::string fetched(const std::string& url, const char* user_and_password) {
  std::string body;
  CURL* curl = curl_easy_init();
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_USERPWD, user_and_password);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 20L);
  const auto keep = +[](char* bytes, std::size_t size, std::size_t count, void* into) {
    static_cast<std::string*>(into)->append(bytes, size * count);
    return size * count;
  };
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
  EXPECT_EQ(curl_easy_perform(curl), CURLE_OK);
  curl_easy_cleanup(curl);
  return body;
}

// The server's threads have small stacks: what is read for the first time while it is scraped must not fill them.
TEST_F(ServeTest, AScrapeReadsWhatIsNew) {
  Store store = Store::open(scratch_.path() / "store").value();
  ResultsSource source(store, {}, "1");
  const SystemClock clock;
  const auto metrics = std::make_shared<ServedMetrics>(source, clock, store.root());
  const ServeOptions options{.listen = {"127.0.0.1", 0, false}, .users = {{"prom", "x"}}, .tls = {}, .insecure = false};
  const auto server = MetricsServer::start(options, metrics);
  ASSERT_TRUE(server.ok()) << server.error().describe();
  EXPECT_THAT(fetched(server->url(), "prom:x"), Not(HasSubstr("aios_bench_result")));
  add(store, testing::example_run(), "# aios-bench metrics begin\nfree_pages 1\n# aios-bench metrics end\n");
  EXPECT_THAT(fetched(server->url(), "prom:x"), HasSubstr("metric=\"syscall.null\""));
  EXPECT_THAT(fetched(server->url(), "prom:wrong"), Not(HasSubstr("aios_bench")));
}

TEST_F(ServeTest, HealthIsThereWithoutAStoreToRead) {
  Store store = Store::open(scratch_.path() / "store").value();
  ResultsSource source(store, {}, "1");
  const SystemClock clock;
  ServedMetrics metrics(source, clock, store.root());
  metrics.measure_store();
  std::map<std::string, prometheus::MetricFamily> by_name;
  for (auto& family : metrics.Collect()) by_name[family.name] = family;
  EXPECT_TRUE(by_name.contains("aios_bench_store_bytes"));
  EXPECT_EQ(by_name.at("aios_bench_gather_duration_seconds").metric[0].histogram.sample_count, 1U);
  EXPECT_GT(by_name.at("process_resident_memory_bytes").metric[0].gauge.value, 1e6);
  EXPECT_GT(by_name.at("process_start_time_seconds").metric[0].gauge.value, 1.7e9);
  EXPECT_EQ(by_name.at("aios_bench_gather_failures_total").metric[0].counter.value, 0);
}

TEST(Push, TheGroupIsInTheAddress) {
  EXPECT_EQ(
      push_url({.url = "http://h:9091/", .job = "nightly", .group = {{"runner", "ci 3"}, {"path", "a/b"}}}).value(),
      "http://h:9091/metrics/job/nightly/runner/ci%203/path@base64/YS9i");
  EXPECT_EQ(push_url({.url = "http://h", .job = "j", .group = {{"empty", ""}}}).value(),
            "http://h/metrics/job/j/empty@base64/=");
  EXPECT_EQ(push_url({.url = "file:///etc/passwd"}).error().kind, ErrorKind::config);
  EXPECT_EQ(push_url({.url = "http://h", .group = {{"no-label", "x"}}}).error().kind, ErrorKind::config);
  EXPECT_EQ(push_url({.url = "http://h", .group = {{"job", "x"}}}).error().kind, ErrorKind::config);
}

TEST(Push, NobodyThereAndSilenceAreToldApart) {
  const UniqueFd silent = listen_on({"127.0.0.1", 0, false}).value();
  PushTarget target{.url = "http://127.0.0.1:" + std::to_string(port_of(silent)), .timeout_seconds = 0.2};
  EXPECT_THAT(push_metrics(target, "x 1\n").error().what, HasSubstr("did not answer within 0.2 s"));
  target.url = "http://127.0.0.1:1";
  const Error refused = push_metrics(target, "x 1\n").error();
  EXPECT_EQ(refused.kind, ErrorKind::infra_fault);
  EXPECT_THAT(refused.what, HasSubstr("no push gateway answers"));
}

// A gateway that refuses everything, in its own words.
TEST(Push, ARefusalKeepsTheGatewaysWords) {
  const UniqueFd gateway = listen_on({"127.0.0.1", 0, false}).value();
  std::string request;
  std::thread server([&] {
    const UniqueFd client(accept(gateway.get(), nullptr, nullptr));
    char buffer[4096];
    while (request.find("x 1\n") == std::string::npos) {
      const auto got = recv(client.get(), buffer, sizeof buffer, 0);
      if (got <= 0) break;
      request.append(buffer, static_cast<std::size_t>(got));
    }
    const std::string answer =
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 38\r\n\r\npushed metrics are \x1b[31minconsistent!\n";
    send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
  });
  PushTarget target{.url = "http://127.0.0.1:" + std::to_string(port_of(gateway)), .user = User{"ci", "secret"}};
  const Error error = push_metrics(target, "x 1\n").error();
  server.join();
  EXPECT_EQ(error.kind, ErrorKind::infra_fault);
  EXPECT_EQ(error.what, "the push gateway refused (400): pushed metrics are \\x1b[31minconsistent!");
  EXPECT_THAT(request, HasSubstr("PUT /metrics/job/aios_bench HTTP/1.1"));
  EXPECT_THAT(request, HasSubstr("Authorization: Basic Y2k6c2VjcmV0"));
}

}  // namespace
}  // namespace aios
