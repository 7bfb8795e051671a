// SPDX-License-Identifier: Apache-2.0
#include "harness/manifest/machines_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/manifest/machine_manifest.h"
#include "harness/support/text.h"

namespace aios {
namespace {

bool is_machine_name(std::string_view name) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return !name.empty() && name.size() <= 64 && name.find_first_not_of(kAllowed) == std::string_view::npos;
}

class MachinesReader {
 public:
  MachinesReader(const std::vector<MachineSpec>& known, TomlTable& tables, std::string file)
      : known_(known), tables_(tables), names_(tables.keys()), file_(std::move(file)) {}

  Result<std::vector<MachineSpec>> all() {
    std::vector<MachineSpec> out;
    for (const std::string& name : names_) out.push_back(TRY(machine(name)));
    return out;
  }

 private:
  Result<MachineSpec> machine(const std::string& name) {
    if (const auto found = read_.find(name); found != read_.end()) return found->second;
    if (!is_machine_name(name)) {
      return tables_.error(name, "is no name for a machine", "letters, digits, - and _; at most 64 of them");
    }
    TomlTable table = TRY(tables_.table(name));
    MachineSpec out;
    const std::string like = TRY(table.string_or("like", {}));
    if (!like.empty()) {
      under_way_.insert(name);
      out = TRY(model_for(name, like, table));
      under_way_.erase(name);
    } else if (!table.has("backend")) {
      return table.error({}, fmt::format("machine '{}' says neither what it is like nor its back end", name),
                         R"(add like = "libvirt", or backend, fidelity and abilities)");
    }
    out.name = name;
    out.defined_in = file_;
    out.description = like.empty() ? "from " + file_ : fmt::format("like {}, from {}", like, file_);
    TRY(read_machine_keys(table, out, !like.empty()));
    TRY(table.done());
    read_.emplace(name, out);
    return out;
  }

  Result<MachineSpec> model_for(const std::string& name, const std::string& like, TomlTable& table) {
    const bool here = std::find(names_.begin(), names_.end(), like) != names_.end();
    if (here && like != name) {
      if (!under_way_.contains(like)) return machine(like);
      return table.error("like", fmt::format("'{}' and '{}' are each like the other", name, like));
    }
    std::vector<std::string> all = names_;
    for (const MachineSpec& machine : known_) {
      if (machine.name == like) return machine;
      all.push_back(machine.name);
    }
    return table.error("like", fmt::format("there is no machine '{}'{}", like, did_you_mean(like, all)),
                       fmt::format("known are: {}", join(all, ", ")));
  }

  const std::vector<MachineSpec>& known_;
  TomlTable& tables_;
  std::vector<std::string> names_;
  std::string file_;
  std::map<std::string, MachineSpec> read_;
  std::set<std::string> under_way_;
};

}  // namespace

Result<std::vector<MachineSpec>> add_machines_file(std::vector<MachineSpec> known, const fs::path& file) {
  const TomlFile document = TRY(TomlFile::read(file));
  TomlTable root = document.root();
  auto tables = TRY(root.table_or_none("machine"));
  TRY(root.done());
  if (!tables) return known;
  std::vector<MachineSpec> fresh = TRY(MachinesReader(known, *tables, file.string()).all());
  for (MachineSpec& machine : fresh) {
    const auto place =
        std::find_if(known.begin(), known.end(), [&](const auto& old) { return old.name == machine.name; });
    if (place == known.end()) {
      known.push_back(std::move(machine));
    } else {
      *place = std::move(machine);
    }
  }
  return known;
}

fs::path project_machines_file(const fs::path& folder) {
  std::error_code code;
  fs::path nearest;
  for (fs::path at = folder;; at = at.parent_path()) {
    if (nearest.empty() && fs::is_regular_file(at / kMachinesFile, code)) nearest = at / kMachinesFile;
    if (at == folder && !nearest.empty()) return nearest;
    if (fs::exists(at / ".git", code)) return nearest;
    if (at == at.parent_path()) return {};
  }
}

}  // namespace aios
