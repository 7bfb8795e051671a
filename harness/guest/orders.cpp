// SPDX-License-Identifier: Apache-2.0
#include "harness/guest/orders.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/guest/orders_limits.h"

namespace aios {
namespace {

std::string word(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f && c != '%') {
      escaped += c;
    } else {
      escaped += fmt::format("%{:02x}", byte);
    }
  }
  return escaped.empty() ? "%" : escaped;  // a lone % is the empty word
}

std::string_view end_name(EndOrder end) {
  switch (end) {
    case EndOrder::poweroff:
      return "poweroff";
    case EndOrder::reboot:
      return "reboot";
    case EndOrder::halt:
      return "halt";
    case EndOrder::exit:
      return "exit";
  }
  return "poweroff";
}

Status add_line(std::string& text, const std::vector<std::string>& words) {
  std::string line;
  for (const auto& each : words) line += (line.empty() ? "" : " ") + word(each);
  if (line.size() > wire::kMaxOrderLine || words.size() > wire::kMaxOrderWords) {
    return config_error(
        fmt::format("an order for the guest is too long ({} bytes, {} words)", line.size(), words.size()),
        line.substr(0, 80), fmt::format("at most {} bytes and {} words", wire::kMaxOrderLine, wire::kMaxOrderWords));
  }
  text += line + '\n';
  return {};
}

}  // namespace

Result<std::string> write_orders(const Orders& orders) {
  std::string text = "aios-orders 1\n";
  TRY(add_line(text, {"mode", orders.mode == Mode::timed ? "timed" : "exact"}));
  TRY(add_line(text, {"console", std::to_string(std::clamp(orders.console_level, 1, 8))}));
  for (const auto& module : orders.modules) {
    std::vector<std::string> words = {"module", module.path};
    words.insert(words.end(), module.parameters.begin(), module.parameters.end());
    TRY(add_line(text, words));
  }
  for (const auto& sysctl : orders.sysctls) {
    if (sysctl.find('=') == std::string::npos || sysctl.starts_with('=')) {
      return config_error(fmt::format("'{}' is no sysctl setting", sysctl), {}, "write it as key=value");
    }
    TRY(add_line(text, {"sysctl", sysctl}));
  }
  for (const auto& condition : orders.conditions) {
    std::vector<std::string> words = {"condition", condition.name, condition.value};
    words.insert(words.end(), condition.patterns.begin(), condition.patterns.end());
    TRY(add_line(text, words));
  }
  if (orders.tell_throttling) TRY(add_line(text, {"throttling"}));
  double deadline = 0;
  for (const auto& run : orders.runs) {
    if (run.scenario.empty() || run.program.empty()) return internal_error("a run order without scenario or program");
    if (run.deadline_seconds != deadline) {
      deadline = run.deadline_seconds;
      TRY(add_line(text, {"deadline", fmt::format("{}", static_cast<long long>(deadline * 1000))}));
    }
    std::vector<std::string> words = {"run", run.scenario, run.program};
    words.insert(words.end(), run.arguments.begin(), run.arguments.end());
    TRY(add_line(text, words));
  }
  if (orders.tell_throttling) TRY(add_line(text, {"throttling"}));
  if (orders.shell) TRY(add_line(text, {"shell"}));
  TRY(add_line(text, orders.more.empty() ? std::vector<std::string>{"end", std::string(end_name(orders.end))}
                                         : std::vector<std::string>{"more", orders.more}));
  if (text.size() > wire::kMaxOrders) {
    return config_error(fmt::format("the orders for the guest are too long ({} bytes)", text.size()), {},
                        fmt::format("at most {} bytes", wire::kMaxOrders));
  }
  return text;
}

}  // namespace aios
