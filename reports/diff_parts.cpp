// SPDX-License-Identifier: Apache-2.0
#include "reports/diff_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "harness/support/json.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr int kDeepestDocument = 8;

void flatten(const Json& value, const std::string& name, int depth, std::map<std::string, std::string>& out) {
  if (value.is_object() && depth < kDeepestDocument) {
    for (const auto& [key, member] : value.items())
      flatten(member, name.empty() ? key : fmt::format("{}.{}", name, key), depth + 1, out);
    return;
  }
  out[name] = value.is_string() ? value.get<std::string>() : dump_json(value);
}

// A command line as a shell reads it: blanks part words, quotes hold them together.
std::vector<std::string> shell_words(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool open = false;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      open = true;
    } else if (c == '\\' && i + 1 < line.size()) {
      word += line[++i];
    } else if (c == ' ' || c == '\n') {
      if (open || !word.empty()) words.push_back(std::exchange(word, {}));
      open = false;
    } else {
      word += c;
    }
  }
  if (open || !word.empty()) words.push_back(word);
  return words;
}

// "/tmp/x/bzImage" -> "bzImage" and "fd=21" -> "fd=N", also inside "file=/a/b,id=c": where it lay is no difference.
std::string without_place(std::string_view word) {
  std::string out;
  std::size_t piece = 0;  // where the path or number began in `out`
  for (const char c : word) {
    if (c == ',' || c == '=' || c == ':') {
      out += c;
      piece = out.size();
    } else if (c == '/') {
      out.resize(piece);
    } else {
      out += c;
    }
  }
  if (word.find("/fd/") != std::string_view::npos) {
    out.resize(piece);
    out += 'N';
  }
  for (const char* name : {"fd=", "fd:"}) {
    auto at = out.find(name);
    if (at == std::string::npos) continue;
    at += 3;
    std::size_t end = at;
    while (end < out.size() && std::isdigit(static_cast<unsigned char>(out[end])) != 0) ++end;
    if (end > at) out.replace(at, end - at, "N");
  }
  return out;
}

}  // namespace

std::map<std::string, std::string> provenance_facts(const RunRecord& run) {
  std::map<std::string, std::string> out;
  const auto add = [&](const std::string& name, const std::string& value) {
    if (!value.empty()) out[name] = value;
  };
  add("subject", run.subject);
  add("kernel", run.kernel);
  add("kernel version", run.kernel_version);
  add("label", run.label);
  add("machine", run.machine);
  add("mode", run.mode);
  add("fidelity", std::string(to_string(run.fidelity)));
  add("scenarios", join(run.scenarios, ", "));
  add("append", join(run.append, " "));
  for (const auto& [key, value] : run.sysctls) add("sysctl " + key, value);
  add("null changes", std::to_string(run.perturbations.empty() ? 0 : run.perturbations.size() - 1));
  add("boots", std::to_string(run.boots.size()));
  add("outcome", run.outcome);
  add("host", run.provenance.host);
  add("host kernel", run.provenance.host_kernel);
  add("host processor", run.provenance.host_cpu);
  add("QEMU", run.provenance.qemu_version);
  add("harness version", run.provenance.harness_version);
  for (const auto& [key, value] : run.inputs) add("input " + key, value);
  for (const auto& [key, value] : run.provenance.extra) {
    if (key == "command" || key == "resumed" || key == "kernel_from_cache") continue;
    const bool json = value.starts_with('{');
    const auto parsed = json ? parse_json(value, key) : Result<Json>(config_error("no JSON"));
    std::map<std::string, std::string> flat;
    if (parsed.ok()) {
      flatten(*parsed, "", 0, flat);
    } else {
      flat[""] = value;
    }
    for (const auto& [name, text] : flat) add(name.empty() ? key : fmt::format("{} {}", key, name), text);
  }
  return out;
}

std::vector<std::string> command_words(const RunRecord& run) {
  std::vector<std::string> out;
  const auto command = run.provenance.extra.find("command");
  const auto words = command == run.provenance.extra.end() ? std::vector<std::string>() : shell_words(command->second);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "-append" && i + 1 < words.size()) {
      for (const std::string& word : split_words(words[++i])) out.push_back("kernel: " + word);
    } else {
      // A flag and its value belong together.
      const bool flag = words[i].starts_with('-') && i + 1 < words.size() && !words[i + 1].starts_with('-');
      const std::string word = without_place(words[i]);
      out.push_back(flag ? word + " " + without_place(words[i + 1]) : word);
      if (flag) ++i;
    }
  }
  if (words.empty()) {
    for (const std::string& word : run.append) out.push_back("kernel: " + word);
  }
  return out;
}

std::pair<std::vector<std::string>, std::vector<std::string>> words_apart(const std::vector<std::string>& first,
                                                                          const std::vector<std::string>& second) {
  const auto only = [](const std::vector<std::string>& in, const std::vector<std::string>& not_in) {
    std::map<std::string, int> there;
    for (const std::string& word : not_in) ++there[word];
    std::vector<std::string> out;
    for (const std::string& word : in) {
      if (--there[word] < 0) out.push_back(word);
    }
    return out;
  };
  return {only(first, second), only(second, first)};
}

}  // namespace aios
