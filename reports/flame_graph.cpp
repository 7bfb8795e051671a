// SPDX-License-Identifier: Apache-2.0
#include "reports/flame_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

namespace aios {
namespace {

constexpr double kWidth = 1180, kRow = 17, kTop = 26, kCharacter = 6.8;
constexpr std::size_t kDeepest = 128;

struct Box {
  double first = 0, second = 0, width = 0;  // callees included
  std::map<std::string, std::unique_ptr<Box>> callees;
};

void grow(Box& root, const FoldedStack& stack) {
  const double width = std::max(stack.first, stack.second);
  if (width <= 0) return;
  Box* at = &root;
  const auto add = [&](Box& box) {
    box.first += stack.first;
    box.second += stack.second;
    box.width += width;
  };
  add(*at);
  for (std::size_t i = 0; i < stack.frames.size() && i < kDeepest; ++i) {
    auto& callee = at->callees[stack.frames[i]];
    if (!callee) callee = std::make_unique<Box>();
    at = callee.get();
    add(*at);
  }
}

std::size_t depth_of(const Box& box) {
  std::size_t deepest = 0;
  for (const auto& [name, callee] : box.callees) deepest = std::max(deepest, depth_of(*callee));
  return deepest + 1;
}

std::string figure(double value) {
  return value == std::floor(value) ? fmt::format("{:.0f}", value) : fmt::format("{:.2f}", value);
}

// Warm hues by the name, the same in every graph.
std::string colour_of(const std::string& name) {
  unsigned hash = 2166136261U;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return fmt::format("hsl({} {}% {}%)", 20 + hash % 35, 70 + hash / 64 % 20, 62 + hash / 4096 % 12);
}

std::string difference_colour(const Box& box) {
  const double difference = box.second - box.first;
  if (difference == 0) return "#e8e8e8";
  const double share = std::min(1.0, std::fabs(difference) / box.width);
  const double light = 92 - 30 * std::sqrt(share);  // dark ink on it stays readable
  return fmt::format("hsl({} 80% {:.0f}%)", difference > 0 ? 4 : 215, light);
}

class Drawing {
 public:
  Drawing(Html& out, const FlameOptions& options, double scale, double height)
      : out_(out), options_(options), scale_(scale), height_(height) {}

  void draw(const std::string& name, const Box& box, double x, std::size_t level) {
    const double width = box.width * scale_;
    if (width < options_.least_width) return;
    const double y = height_ - kRow * static_cast<double>(level + 1);
    out_.open("g");
    out_.element("title", label(name, box));
    out_.empty("rect", {{"x", fmt::format("{:.2f}", x)},
                        {"y", fmt::format("{:.1f}", y)},
                        {"width", fmt::format("{:.2f}", std::max(width - 0.4, 0.2))},
                        {"height", fmt::format("{:.1f}", kRow - 1)},
                        {"rx", "1.5"},
                        {"fill", options_.two_sides ? difference_colour(box) : colour_of(name)}});
    const auto room = static_cast<std::size_t>(std::max(0.0, (width - 6) / kCharacter));
    if (room >= 3) {
      const std::string shown = name.size() <= room ? name : name.substr(0, room - 2) + "..";
      out_.element("text", shown, {{"x", fmt::format("{:.2f}", x + 3)}, {"y", fmt::format("{:.1f}", y + 12)}});
    }
    out_.close();
    for (const auto& [callee, below] : box.callees) {
      draw(callee, *below, x, level + 1);
      x += below->width * scale_;
    }
  }

 private:
  std::string label(const std::string& name, const Box& box) const {
    if (!options_.two_sides) return fmt::format("{}: {} instructions", name, figure(box.first));
    const double by = box.second - box.first;
    return fmt::format("{}: {} and {} instructions ({}{})", name, figure(box.first), figure(box.second),
                       by > 0 ? "+" : "", figure(by));
  }

  Html& out_;
  const FlameOptions& options_;
  double scale_, height_;
};

}  // namespace

Html flame_graph(const std::vector<FoldedStack>& stacks, const FlameOptions& options) {
  Box root;
  for (const FoldedStack& stack : stacks) grow(root, stack);
  const double height = kTop + kRow * static_cast<double>(depth_of(root)) + 4;
  Html out;
  out.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                   {"viewBox", fmt::format("0 0 {:.0f} {:.0f}", kWidth + 20, height)},
                   {"width", "100%"},
                   {"role", "img"},
                   {"font-family", "ui-monospace, monospace"},
                   {"font-size", "11"}});
  out.element("title", options.title);
  out.element("text", options.title, {{"x", "10"}, {"y", "16"}, {"font-size", "13"}, {"fill", "currentColor"}});
  if (root.width > 0) Drawing(out, options, kWidth / root.width, height - 4).draw("all", root, 10, 0);
  out.close();
  return out;
}

std::string flame_graph_file(const std::vector<FoldedStack>& stacks, const FlameOptions& options) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + flame_graph(stacks, options).str() + "\n";
}

}  // namespace aios
