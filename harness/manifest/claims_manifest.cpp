// SPDX-License-Identifier: Apache-2.0
#include "harness/manifest/claims_manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/manifest/target_text.h"
#include "harness/manifest/toml_reader.h"

namespace aios {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_claim_id(const std::string& id) {
  return id.size() >= 2 && id.size() <= 4 && id[0] >= 'A' && id[0] <= 'Z' && id[1] != '0' &&
         std::all_of(id.begin() + 1, id.end(), is_digit);
}

std::pair<char, int> order_of(const std::string& id) { return {id[0], std::stoi(id.substr(1))}; }

struct Heading {
  std::string kernel, document, pending;
};

// What the targets follow from, where they are about a difference between two subjects.
Status read_against(TomlTable& table, Claim& claim) {
  claim.subjects = TRY(table.strings_or_none("subjects"));
  claim.against = TRY(table.string_or("against", ""));
  claim.measures = TRY(table.string_or("measures", ""));
  claim.as = TRY(table.string_or("as", ""));
  if (claim.against.empty() && claim.measures.empty() && claim.as.empty()) return {};
  if (claim.against.empty() || claim.measures.empty() || (claim.as != "reduction" && claim.as != "gain")) {
    return table.error("against", "a difference takes against, measures and as",
                       "against = \"aios\"   measures = \"SCENARIO.METRIC\"   as = \"reduction\" or \"gain\"");
  }
  if (claim.subjects.empty()) return table.error("subjects", "a difference takes subjects, which are held against it");
  return {};
}

Result<Claim> read_claim(TomlTable& table, const Heading& heading) {
  Claim claim;
  claim.kernel = heading.kernel;
  claim.id = TRY(table.string("id"));
  if (!is_claim_id(claim.id)) {
    return table.error("id", fmt::format("'{}' is no claim ID", claim.id), "a capital letter and a number: A3");
  }
  claim.text = TRY(table.string("claim"));
  const std::string section = TRY(table.string_or("section", ""));
  claim.source = section.empty() ? heading.document : heading.document + ": " + section;
  const bool bound = TRY(table.boolean_or("bound", false));
  for (const std::string& text : TRY(table.strings_or_none("targets"))) {
    auto target = parse_target(text);
    if (!target.ok()) return table.error("targets", target.error().what, target.error().hint);
    // A cycle of a real processor has no bound on emulation.
    target->boundable = bound && target->unit == Unit::nanoseconds;
    claim.targets.push_back(std::move(*target));
  }
  TRY(read_against(table, claim));
  claim.needs = TRY(table.strings_or_none("needs"));
  claim.machine_file = TRY(table.string_or("machine", ""));
  claim.pending_reason = TRY(table.string_or("pending", heading.pending));
  claim.not_judged_reason = TRY(table.string_or("not_judged", ""));
  if (claim.targets.empty() && claim.pending_reason.empty() && claim.not_judged_reason.empty()) {
    return table.error("targets", fmt::format("nothing judges {}", claim.id),
                       "give it targets, or say with pending or not_judged why it has none");
  }
  TRY(table.done());
  return claim;
}

Result<fs::path> folder_of_kernels(const fs::path& root) {
  std::error_code error;
  const fs::path folder = root / "kernels";
  if (!fs::is_directory(folder, error)) return config_error("there is no folder of kernels", folder.string());
  return folder;
}

}  // namespace

Result<std::vector<Claim>> read_claims(const fs::path& file) {
  const TomlFile document = TRY(TomlFile::read(file));
  TomlTable root = document.root();
  const Heading heading = {.kernel = TRY(root.string("kernel")),
                           .document = TRY(root.string("document")),
                           .pending = TRY(root.string_or("pending", ""))};
  std::vector<Claim> claims;
  for (TomlTable& table : TRY(root.tables_or_none("claims"))) claims.push_back(TRY(read_claim(table, heading)));
  TRY(root.done());
  return claims;
}

Result<std::vector<Claim>> load_ledger(const fs::path& root) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(TRY(folder_of_kernels(root)), error)) {
    const fs::path file = entry.path() / "claims.toml";
    if (fs::exists(file, error)) files.push_back(file);
  }
  const fs::path own = root / "harness" / "claims.toml";
  if (fs::exists(own, error)) files.push_back(own);
  std::sort(files.begin(), files.end());

  std::vector<Claim> ledger;
  std::map<std::string, fs::path> seen;
  for (const fs::path& file : files) {
    for (Claim& claim : TRY(read_claims(file))) {
      const auto [known, fresh] = seen.emplace(claim.id, file);
      if (!fresh) {
        return config_error(fmt::format("claim {} stands twice", claim.id), file.string(),
                            fmt::format("the other one is in {}", known->second.string()));
      }
      ledger.push_back(std::move(claim));
    }
  }
  std::sort(ledger.begin(), ledger.end(),
            [](const Claim& a, const Claim& b) { return order_of(a.id) < order_of(b.id); });
  return ledger;
}

}  // namespace aios
