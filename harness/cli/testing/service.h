// SPDX-License-Identifier: Apache-2.0
// Programs that serve while a test runs (ours, Prometheus, a push gateway), started by hand on loopback and ended with
// the object, and the little HTTP that asks them.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "harness/support/json.h"
#include "harness/support/process.h"

namespace aios {

// What listens on it next is the caller's; nobody else takes it in between, on a machine that is not full of tests.
inline int free_port() {
  const UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  EXPECT_EQ(bind(fd.get(), reinterpret_cast<sockaddr*>(&at), size), 0);
  getsockname(fd.get(), reinterpret_cast<sockaddr*>(&at), &size);
  return ntohs(at.sin_port);
}

inline bool eventually(const std::function<bool()>& holds, std::chrono::seconds limit = std::chrono::seconds(30)) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (std::chrono::steady_clock::now() < end) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

struct HttpAnswer {
  int status = 0;  // 0: nobody answered
  std::string body;
};

inline HttpAnswer http_get(int port, const std::string& path, const std::string& headers = {}) {
  const UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(static_cast<std::uint16_t>(port));
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd.get(), reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) return {};
  const std::string request = "GET " + path + " HTTP/1.0\r\nHost: 127.0.0.1\r\n" + headers + "\r\n";
  if (send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return {};
  std::string all;
  char buffer[16384];
  for (ssize_t got = 0; (got = recv(fd.get(), buffer, sizeof buffer, 0)) > 0;) {
    all.append(buffer, static_cast<std::size_t>(got));
  }
  if (all.size() < 12) return {};
  const auto end = all.find("\r\n\r\n");
  return {std::atoi(all.c_str() + 9), end == std::string::npos ? "" : all.substr(end + 4)};
}

inline std::string url_escape(const std::string& text) {
  std::string out;
  for (const unsigned char c : text) {
    char hex[4];
    std::snprintf(hex, sizeof hex, "%%%02X", c);
    out += std::isalnum(c) != 0 ? std::string(1, static_cast<char>(c)) : hex;
  }
  return out;
}

// Standard output and error go to a file that a test can read while the program runs.
class Service {
 public:
  Service(std::vector<std::string> argv, fs::path log, std::map<std::string, std::string> env = {})
      : log_(std::move(log)) {
    const UniqueFd out(open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    auto child =
        Child::spawn({.argv = std::move(argv), .env = std::move(env), .stdout_fd = out.get(), .stderr_fd = out.get()});
    EXPECT_TRUE(child.ok()) << (child.ok() ? "" : child.error().describe());
    if (child.ok()) child_.emplace(std::move(*child));
  }
  ~Service() {
    if (child_) child_->kill_and_wait();
  }
  std::string said() const { return read_file(log_).value_or(""); }
  bool runs() { return child_ && !child_->poll(); }
  // As Ctrl-C does.
  ExitState interrupt() {
    child_->signal_group(SIGINT);
    EXPECT_TRUE(eventually([&] { return child_->poll().has_value(); })) << "it does not end";
    return child_->poll() ? child_->wait() : child_->kill_and_wait();
  }
  // The port in "http://127.0.0.1:PORT/..." of what it said.
  int port_said() {
    const auto port = [&] {
      const std::string text = said();
      const auto at = text.find("://127.0.0.1:");
      return at == std::string::npos ? 0 : std::atoi(text.c_str() + at + 13);
    };
    EXPECT_TRUE(eventually([&] { return port() != 0 || !runs(); }));
    EXPECT_NE(port(), 0) << said();
    return port();
  }

 private:
  fs::path log_;
  std::optional<Child> child_;
};

// A real Prometheus that scrapes what its configuration says, every second.
class PrometheusServer {
 public:
  // `scrape`: the lines of one scrape_configs entry.
  PrometheusServer(const fs::path& folder, const std::string& scrape) : port_(free_port()) {
    const fs::path config = folder / "prometheus.yml";
    EXPECT_TRUE(write_file_atomic(config, "global:\n  scrape_interval: 1s\nscrape_configs:\n" + scrape).ok());
    const auto checked = run_command({.argv = {"promtool", "check", "config", config.string()}});
    EXPECT_TRUE(checked.ok() && checked->exit.success()) << (checked.ok() ? checked->err : "promtool is not installed");
    service_.emplace(
        std::vector<std::string>{"prometheus", "--config.file=" + config.string(),
                                 "--storage.tsdb.path=" + (folder / "tsdb").string(),
                                 "--web.listen-address=127.0.0.1:" + std::to_string(port_), "--log.level=warn"},
        folder / "prometheus.log");
    EXPECT_TRUE(eventually([&] { return http_get(port_, "/-/ready").status == 200; })) << service_->said();
  }

  // The samples of an instant query: [{"metric":{...},"value":[time,"1"]}]; what is wrong fails the test.
  Json query(const std::string& expression) {
    const HttpAnswer answer = http_get(port_, "/api/v1/query?query=" + url_escape(expression));
    auto json = parse_json(answer.body, "Prometheus");
    EXPECT_TRUE(answer.status == 200 && json.ok()) << expression << ": " << answer.body;
    return json.ok() && answer.status == 200 ? json->at("data").at("result") : Json::array();
  }
  std::optional<double> value(const std::string& expression) {
    const Json result = query(expression);
    if (result.size() != 1) return std::nullopt;
    return std::strtod(result[0].at("value").at(1).get<std::string>().c_str(), nullptr);
  }
  // Until it is so: it is scraped once a second.
  void expect_value(const std::string& expression, double wanted) {
    EXPECT_TRUE(eventually([&] { return value(expression) == wanted; }))
        << expression << " is " << value(expression).value_or(-1) << ", not " << wanted << "\n"
        << service_->said();
  }

 private:
  int port_;
  std::optional<Service> service_;
};

}  // namespace aios
