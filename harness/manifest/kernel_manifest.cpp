// SPDX-License-Identifier: Apache-2.0
#include "harness/manifest/kernel_manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/manifest/toml_reader.h"
#include "harness/support/text.h"

namespace aios {
namespace {

const std::map<std::string, SourceKind, std::less<>>& source_kinds() {
  static const std::map<std::string, SourceKind, std::less<>> kinds{{"directory", SourceKind::directory},
                                                                    {"git", SourceKind::git},
                                                                    {"tarball", SourceKind::tarball},
                                                                    {"debian-source", SourceKind::debian_source},
                                                                    {"debian-image", SourceKind::debian_image},
                                                                    {"image", SourceKind::image},
                                                                    {"running", SourceKind::running}};
  return kinds;
}

bool builds_from_source(SourceKind kind) {
  return kind != SourceKind::debian_image && kind != SourceKind::image && kind != SourceKind::running;
}

bool is_package_name(std::string_view name) {
  return !name.empty() && name.front() != '-' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-.") == std::string_view::npos;
}

Result<KernelSource> read_source(TomlTable table, const fs::path& folder) {
  std::vector<std::string> words;
  for (const auto& [word, kind] : source_kinds()) words.push_back(word);
  KernelSource source;
  source.kind = source_kinds().find(TRY(table.word("kind", words)))->second;
  if (source.kind == SourceKind::running) {
    TRY(table.done());
    return source;
  }
  source.location = TRY(table.string("location"));
  source.ref = TRY(table.string_or("ref", ""));
  if (!source.ref.empty() && source.kind != SourceKind::git) {
    return table.error("ref", "key 'source.ref' belongs to kind = \"git\" only");
  }
  if (source.ref.starts_with('-')) return table.error("ref", "key 'source.ref' cannot begin with '-'");
  if (source.kind == SourceKind::debian_source || source.kind == SourceKind::debian_image) {
    if (!is_package_name(source.location)) {
      return table.error("location", "key 'source.location' must be the name of a package",
                         "e.g. \"linux-source-6.12\"");
    }
  } else {
    source.location = (folder / source.location).lexically_normal().string();
  }
  TRY(table.done());
  return source;
}

Result<std::vector<fs::path>> read_files(TomlTable& table, const char* key, const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const auto& name : TRY(table.strings_or_none(key))) {
    fs::path path = folder / name;
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored)) {
      return table.error(key, fmt::format("key '{}' names a file that does not exist: {}", key, name));
    }
    paths.push_back(std::move(path));
  }
  return paths;
}

Result<std::vector<ConfigFragment>> read_fragments(TomlTable& table, const fs::path& folder) {
  std::vector<ConfigFragment> fragments;
  for (auto& path : TRY(read_files(table, "fragments", folder))) fragments.push_back({std::move(path), {}});
  return fragments;
}

// `documents` says which of the fragments are promises: fragment -> the document's name in reports.
Status read_documents(TomlTable& config, std::vector<ConfigFragment>& fragments) {
  for (auto& entry : TRY(config.tables_or_none("documents"))) {
    const std::string name = TRY(entry.string("fragment"));
    const auto match = std::find_if(fragments.begin(), fragments.end(), [&](const ConfigFragment& fragment) {
      return fragment.path.string().ends_with("/" + name);
    });
    if (match == fragments.end()) {
      return entry.error("fragment", fmt::format("'{}' is not among config.fragments", name));
    }
    match->document = TRY(entry.string("name"));
    TRY(entry.done());
  }
  return {};
}

Status read_config(TomlTable table, Kernel& kernel) {
  kernel.base_config = TRY(table.string_or("base", "tinyconfig"));
  std::error_code ignored;
  const fs::path as_file = kernel.folder / kernel.base_config;
  if (fs::is_regular_file(as_file, ignored)) {
    kernel.base_config = as_file.string();
  } else if (!kernel.base_config.ends_with("config") || kernel.base_config.find('/') != std::string::npos) {
    return table.error("base", "key 'config.base' must be a make target such as \"tinyconfig\", or a file here");
  }
  kernel.fragments = TRY(read_fragments(table, kernel.folder));
  TRY(read_documents(table, kernel.fragments));
  kernel.patches = TRY(read_files(table, "patches", kernel.folder));
  return table.done();
}

Status read_build(TomlTable table, Kernel& kernel) {
  const bool make = TRY(table.word_or("builder", {"linux", "make"}, "linux")) == "make";
  const std::string image = TRY(table.string_or("image", ""));
  std::vector<std::string> words = TRY(table.strings_or_none("words"));
  if (make && image.empty()) {
    return table.error("image", "key 'build.image' is missing: what the Makefile leaves", "e.g. \"kernel.elf\"");
  }
  if (!make && (!image.empty() || !words.empty())) {
    return table.error(image.empty() ? "words" : "image", "this key belongs to builder = \"make\" only");
  }
  const fs::path below = fs::path(image).lexically_normal();
  if (make && (below.is_absolute() || below.string().starts_with(".."))) {
    return table.error("image", "key 'build.image' must lie below the folder that is built in");
  }
  for (const auto& word : words) {
    if (word.starts_with('-')) return table.error("words", "key 'build.words' takes targets and variables, no options");
  }
  if (make) kernel.make = MakeRecipe{image, std::move(words)};
  return table.done();
}

Status read_boot(TomlTable table, Kernel& kernel) {
  kernel.command_line = TRY(table.strings_or_none("command_line"));
  kernel.modules = TRY(table.strings_or_none("modules"));
  kernel.markers = TRY(table.strings_or_none("markers"));
  kernel.linux_kernel = TRY(table.boolean_or("linux", true));
  kernel.frames = TRY(table.boolean_or("frames", false));
  if (kernel.frames && kernel.linux_kernel) {
    return table.error("frames", "key 'boot.frames' is for kernels that are no Linux: set linux = false",
                       "a Linux kernel's frames come from aios-init");
  }
  return table.done();
}

Status read_variants(TomlTable& root, Kernel& kernel) {
  for (auto& table : TRY(root.tables_or_none("variants"))) {
    KernelVariant variant;
    variant.name = TRY(table.string("name"));
    variant.alias = TRY(table.string_or("alias", ""));
    variant.description = TRY(table.string_or("description", ""));
    variant.fragments = TRY(read_fragments(table, kernel.folder));
    for (const auto& other : kernel.variants) {
      if (other.name == variant.name)
        return table.error("name", fmt::format("variant '{}' is there twice", variant.name));
    }
    TRY(table.done());
    kernel.variants.push_back(std::move(variant));
  }
  kernel.default_variant =
      TRY(root.string_or("default_variant", kernel.variants.empty() ? "" : kernel.variants.front().name));
  const auto found = find_variant(kernel, kernel.default_variant);
  if (!found.ok()) return root.error("default_variant", found.error().what);
  return {};
}

Status read_notes(TomlTable& root, Kernel& kernel) {
  for (auto& table : TRY(root.tables_or_none("notes"))) {
    DocumentNote note;
    note.document = TRY(table.string("document"));
    note.options = TRY(table.strings_or_none("options"));
    note.text = TRY(table.string("text"));
    note.contradiction = TRY(table.boolean_or("contradiction", false));
    TRY(table.done());
    kernel.notes.push_back(std::move(note));
  }
  return {};
}

}  // namespace

Result<Kernel> read_kernel_manifest(const fs::path& file) {
  TomlTable root = TRY(TomlFile::read(file)).root();
  Kernel kernel;
  kernel.folder = fs::absolute(file).lexically_normal().parent_path();
  kernel.name = TRY(root.string("name"));
  if (kernel.name != kernel.folder.filename().string()) {
    return root.error("name", fmt::format("key 'name' is '{}', but the folder is called '{}'", kernel.name,
                                          kernel.folder.filename().string()));
  }
  kernel.description = TRY(root.string_or("description", ""));
  kernel.source = TRY(read_source(TRY(root.table("source")), kernel.folder));
  if (auto build = TRY(root.table_or_none("build"))) {
    if (!builds_from_source(kernel.source.kind)) {
      return root.error("build", "key 'build' is for kernels that are built, and this source is already built");
    }
    TRY(read_build(*build, kernel));
  }
  if (auto config = TRY(root.table_or_none("config"))) {
    if (kernel.make && (config->has("base") || config->has("fragments"))) {
      return root.error("config", "only Linux has such a configuration: of builder = \"make\" it is 'patches' alone");
    }
    if (!builds_from_source(kernel.source.kind)) {
      return root.error("config", "key 'config' is for kernels that are built, and this source is already built");
    }
    TRY(read_config(*config, kernel));
  } else if (builds_from_source(kernel.source.kind)) {
    kernel.base_config = "defconfig";
  }
  if (auto boot = TRY(root.table_or_none("boot"))) TRY(read_boot(*boot, kernel));
  TRY(read_variants(root, kernel));
  TRY(read_notes(root, kernel));
  TRY(root.done());
  return kernel;
}

std::vector<std::string> list_kernels(const fs::path& kernels) {
  std::vector<std::string> names;
  std::error_code code;
  for (fs::directory_iterator it(kernels, code), end; !code && it != end; it.increment(code)) {
    const fs::path file = it->path() / "kernel.toml";
    std::error_code ignored;
    if (!fs::is_regular_file(file, ignored)) continue;
    names.push_back(it->path().filename().string());
    const auto kernel = read_kernel_manifest(file);
    if (!kernel.ok()) continue;
    for (const auto& variant : kernel->variants) {
      if (!variant.alias.empty()) names.push_back(variant.alias);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<Kernel> find_kernel(const fs::path& kernels, const std::string& name) {
  const fs::path direct = kernels / name / "kernel.toml";
  std::error_code code;
  if (name.find('/') == std::string::npos && fs::is_regular_file(direct, code)) return read_kernel_manifest(direct);
  for (fs::directory_iterator it(kernels, code), end; !code && it != end; it.increment(code)) {
    auto kernel = read_kernel_manifest(it->path() / "kernel.toml");
    if (!kernel.ok()) continue;
    for (const auto& variant : kernel->variants) {
      if (variant.alias != name) continue;
      kernel->default_variant = variant.name;
      return std::move(*kernel);
    }
  }
  return config_error(fmt::format("there is no kernel '{}'{}", name, did_you_mean(name, list_kernels(kernels))),
                      kernels.string(), "`aios-bench list kernels` shows the kernels");
}

Result<const KernelVariant*> find_variant(const Kernel& kernel, const std::string& name) {
  const std::string& wanted = name.empty() ? kernel.default_variant : name;
  if (wanted.empty()) return nullptr;
  std::vector<std::string> names;
  for (const auto& variant : kernel.variants) {
    if (variant.name == wanted || (!variant.alias.empty() && variant.alias == wanted)) return &variant;
    names.push_back(variant.name);
  }
  return config_error(
      fmt::format("kernel '{}' has no variant '{}'{}", kernel.name, wanted, did_you_mean(wanted, names)),
      (kernel.folder / "kernel.toml").string(),
      names.empty() ? "it has no variants" : fmt::format("it has: {}", join(names, ", ")));
}

}  // namespace aios
