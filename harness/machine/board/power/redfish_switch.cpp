// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/machine/board/power/power_switch.h"
#include "harness/machine/board/power/redfish.h"

namespace aios::board {
namespace {

using Tree = nlohmann::json;

constexpr const char* kSystems = "/redfish/v1/Systems";

Result<Tree> read_tree(const RedfishService& service, const std::string& path) {
  Tree tree = Tree::parse(TRY(service.get(path)), nullptr, false);
  if (!tree.is_object()) return infra_fault(fmt::format("{} answers with no JSON object", service.name()), path);
  return tree;
}

std::string text_at(const Tree& tree, const std::string& pointer) {
  const Tree::json_pointer at(pointer);
  return tree.contains(at) && tree.at(at).is_string() ? tree.at(at).get<std::string>() : std::string();
}

std::vector<std::string> member_paths(const Tree& tree) {
  std::vector<std::string> out;
  if (!tree.contains("Members") || !tree["Members"].is_array()) return out;
  for (const Tree& member : tree["Members"]) {
    if (member.is_object()) out.push_back(text_at(member, "/@odata.id"));
  }
  return out;
}

struct RedfishBoard {
  RedfishService service;
  std::string chosen;  // by the settings

  Result<std::string> system() const {
    if (!chosen.empty()) return chosen;
    const auto members = member_paths(TRY(read_tree(service, kSystems)));
    if (!members.empty() && !members.front().empty()) return members.front();
    return config_error(fmt::format("{} has no system", service.name()), kSystems, "name one: power.system");
  }

  Result<bool> is_on() const {
    const std::string path = TRY(system());
    const std::string state = text_at(TRY(read_tree(service, path)), "/PowerState");
    if (state.empty()) return infra_fault(fmt::format("{} tells nothing of the power", service.name()), path);
    return state == "On" || state == "PoweringOff";
  }

  Status set(bool on) const {
    const std::string path = TRY(system());
    const Tree tree = TRY(read_tree(service, path));
    std::string target = text_at(tree, "/Actions/#ComputerSystem.Reset/target");
    if (target.empty()) target = path + "/Actions/ComputerSystem.Reset";
    TRY(service.send("POST", target, Tree{{"ResetType", on ? "On" : "ForceOff"}}.dump()));
    return {};
  }

  Status boot_once(BootFrom from) const {
    const Tree boot = {{"BootSourceOverrideEnabled", "Once"},
                       {"BootSourceOverrideTarget", from == BootFrom::network ? "Pxe" : "Cd"}};
    TRY(service.send("PATCH", TRY(system()), Tree{{"Boot", boot}}.dump()));
    return {};
  }

  // The first slot for a CD: of the system itself, or of the manager that it names.
  Result<std::pair<std::string, Tree>> slot() const {
    const Tree tree = TRY(read_tree(service, TRY(system())));
    std::vector<std::string> collections = {text_at(tree, "/VirtualMedia/@odata.id")};
    if (tree.contains(Tree::json_pointer("/Links/ManagedBy")) && tree["Links"]["ManagedBy"].is_array()) {
      for (const Tree& manager : tree["Links"]["ManagedBy"]) {
        if (!manager.is_object()) continue;
        const Tree managed = TRY(read_tree(service, text_at(manager, "/@odata.id")));
        collections.push_back(text_at(managed, "/VirtualMedia/@odata.id"));
      }
    }
    for (const std::string& collection : collections) {
      if (collection.empty()) continue;
      for (const std::string& path : member_paths(TRY(read_tree(service, collection)))) {
        Tree media = TRY(read_tree(service, path));
        const Tree types = media.value("MediaTypes", Tree::array());
        const auto fits = [](const Tree& type) { return type == "CD" || type == "DVD"; };
        if (std::any_of(types.begin(), types.end(), fits)) return std::pair(path, std::move(media));
      }
    }
    return config_error(fmt::format("{} has no virtual CD", service.name()), chosen, "boot it by the network");
  }

  Status insert(const std::string& url) const {
    const auto [path, media] = TRY(slot());
    const char* const action = url.empty() ? "EjectMedia" : "InsertMedia";
    std::string target = text_at(media, fmt::format("/Actions/#VirtualMedia.{}/target", action));
    if (target.empty()) target = fmt::format("{}/Actions/VirtualMedia.{}", path, action);
    const Tree body = url.empty() ? Tree::object() : Tree{{"Image", url}, {"Inserted", true}, {"WriteProtected", true}};
    if (url.empty() && !media.value("Inserted", true)) return {};
    TRY(service.send("POST", target, body.dump()));
    return {};
  }
};

}  // namespace

PowerSwitch redfish_switch(const BoardPower& power, std::string password) {
  const RedfishBoard board{RedfishService(power, std::move(password)), power.system};
  PowerSwitch out;
  out.name = board.service.name();
  out.is_on = [board] { return board.is_on(); };
  out.set = [board](bool on) { return board.set(on); };
  out.boot_once = [board](BootFrom from) { return board.boot_once(from); };
  out.insert_media = [board](const std::string& url) { return board.insert(url); };
  return out;
}

}  // namespace aios::board
