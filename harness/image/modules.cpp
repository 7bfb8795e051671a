// SPDX-License-Identifier: Apache-2.0
#include "harness/image/modules.h"

#include <archive.h>
#include <archive_entry.h>
#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::size_t kModuleLimit = 128U << 20;

std::string canonical(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '-', '_');
  return text;
}

// "overlay.ko.xz" -> "overlay"; empty: no module.
std::string name_of(const fs::path& path) {
  const std::string file = path.filename().string();
  for (const std::string_view ending : {".ko", ".ko.xz", ".ko.gz", ".ko.zst"}) {
    if (file.ends_with(ending)) return canonical(file.substr(0, file.size() - ending.size()));
  }
  return {};
}

Result<std::string> decompressed(const fs::path& path) {
  struct Free {
    void operator()(archive* a) const { ::archive_read_free(a); }
  };
  const std::unique_ptr<archive, Free> reader(::archive_read_new());
  ::archive_read_support_filter_all(reader.get());
  ::archive_read_support_format_raw(reader.get());
  const auto fail = [&] {
    const char* const why = ::archive_error_string(reader.get());
    return infra_fault(fmt::format("cannot unpack the module: {}", why != nullptr ? why : "unknown"), path.string());
  };
  archive_entry* entry = nullptr;
  if (::archive_read_open_filename(reader.get(), path.c_str(), 65536) != ARCHIVE_OK ||
      ::archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK) {
    return fail();
  }
  std::string content;
  char buffer[65536];
  for (;;) {
    const la_ssize_t got = ::archive_read_data(reader.get(), buffer, sizeof buffer);
    if (got < 0) return fail();
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > kModuleLimit) return infra_fault("the module unpacks to more than 128 MiB", path.string());
  }
}

struct Tree {
  std::string version;
  fs::path folder;
  std::map<std::string, fs::path> files;  // by name
  std::set<std::string> built_in;
};

Result<Tree> read_tree(const fs::path& root) {
  const fs::path all = root / "lib/modules";
  std::error_code code;
  std::vector<fs::path> versions;
  for (const auto& entry : fs::directory_iterator(all, code)) {
    if (entry.is_directory(code)) versions.push_back(entry.path());
  }
  if (versions.size() != 1) {
    return config_error(fmt::format("{} kernel versions where one was expected", versions.size()), all.string(),
                        "the folder must hold lib/modules/VERSION, as modules_install leaves it");
  }
  Tree tree{.version = versions[0].filename().string(), .folder = versions[0]};
  for (fs::recursive_directory_iterator it(tree.folder, code), end; !code && it != end; it.increment(code)) {
    const std::string name = name_of(it->path());
    if (!name.empty() && !it->is_directory(code)) tree.files[name] = it->path();
  }
  if (fs::exists(tree.folder / "modules.builtin", code)) {
    for (const auto& line : split(TRY(read_file(tree.folder / "modules.builtin")), '\n')) {
      if (const std::string name = name_of(line); !name.empty()) tree.built_in.insert(name);
    }
  }
  return tree;
}

struct Collector {
  const Tree& tree;
  std::vector<GuestModule> modules;
  std::set<std::string> begun;

  Status add(const std::string& name, const std::string& needed_by) {
    if (tree.built_in.contains(name) || !begun.insert(name).second) return {};
    const auto found = tree.files.find(name);
    if (found == tree.files.end()) {
      std::vector<std::string> known;
      for (const auto& [each, path] : tree.files) known.push_back(each);
      return config_error(
          fmt::format("kernel {} has no module '{}'{}{}", tree.version, name,
                      needed_by.empty() ? "" : ", which " + needed_by + " needs", did_you_mean(name, known)),
          tree.folder.string());
    }
    const bool packed = found->second.extension() != ".ko";
    std::string content = packed ? TRY(decompressed(found->second)) : TRY(read_file(found->second, kModuleLimit));
    const auto depends = module_info(content, "depends");
    if (!depends.ok()) return Error(depends.error()).wrap("cannot read the module", found->second.string());
    for (const auto& list : *depends) {
      for (const auto& other : split(list, ',')) {
        if (!other.empty()) TRY(add(canonical(other), name));
      }
    }
    std::string path = "/lib/modules/" + tree.version + "/" + fs::relative(found->second, tree.folder).string();
    if (packed) path.resize(path.rfind('.'));
    modules.push_back({name, std::move(path), std::move(content)});
    return {};
  }
};

template <typename T>
std::optional<T> read_at(std::string_view bytes, std::uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

}  // namespace

Result<std::vector<std::string>> module_info(std::string_view elf, std::string_view key) {
  const auto header = read_at<Elf64_Ehdr>(elf, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_ident[EI_CLASS] != ELFCLASS64) {
    return config_error("not a 64-bit ELF module");
  }
  const auto section = [&](unsigned index) {
    return read_at<Elf64_Shdr>(elf, header->e_shoff + std::uint64_t{index} * sizeof(Elf64_Shdr));
  };
  const auto names = section(header->e_shstrndx);
  for (unsigned i = 0; names && i < header->e_shnum; ++i) {
    const auto each = section(i);
    if (!each || each->sh_type != SHT_PROGBITS) continue;
    const std::uint64_t name_at = names->sh_offset + each->sh_name;
    constexpr std::string_view kName(".modinfo\0", 9);
    if (name_at > elf.size() || elf.substr(name_at, kName.size()) != kName) continue;
    if (each->sh_offset > elf.size()) break;
    std::vector<std::string> values;
    for (const auto& field : split(elf.substr(each->sh_offset, each->sh_size), '\0')) {
      if (field.size() > key.size() && field.starts_with(key) && field[key.size()] == '=') {
        values.push_back(field.substr(key.size() + 1));
      }
    }
    return values;
  }
  return config_error("the module has no .modinfo section");
}

Result<std::vector<GuestModule>> collect_modules(const fs::path& root, const std::vector<std::string>& wanted) {
  if (wanted.empty()) return std::vector<GuestModule>{};
  const Tree tree = TRY(read_tree(root));
  Collector collector{tree, {}, {}};
  for (const auto& name : wanted) TRY(collector.add(canonical(name), {}));
  return std::move(collector.modules);
}

}  // namespace aios
