// SPDX-License-Identifier: Apache-2.0
// A kernel under test as its manifest (kernels/NAME/kernel.toml) describes it, and what building it leaves behind.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/subject.h"

namespace aios {

enum class SourceKind { directory, git, tarball, debian_source, debian_image, image, running };

struct KernelSource {
  SourceKind kind = SourceKind::directory;
  std::string location;  // path, or the package's name
  std::string ref;       // git only
};

struct ConfigFragment {
  std::filesystem::path path;
  std::string document;  // not empty: this fragment is a document's promise, audited under this name
};

// Something that a document says about its own options and that does not hold: named in the config audit.
struct DocumentNote {
  std::string document;
  std::vector<std::string> options;  // without CONFIG_; empty: about the document as a whole
  std::string text;
  bool contradiction = false;  // the document says both one thing and its opposite
};

struct KernelVariant {
  std::string name;
  std::string alias;  // a kernel name of its own that means this variant ("aios-gpu")
  std::string description;
  std::vector<ConfigFragment> fragments;  // added to the kernel's own
};

// A kernel that a plain Makefile builds: `make WORDS O=FOLDER` in its source, and what that leaves.
struct MakeRecipe {
  std::string image;               // below O=, or below the source where the Makefile knows no O=
  std::vector<std::string> words;  // targets and variables
};

struct Kernel {
  std::string name;
  std::string description;
  std::filesystem::path folder;
  KernelSource source;
  std::string base_config;  // "tinyconfig", "defconfig" or a file
  std::vector<ConfigFragment> fragments;
  std::vector<std::filesystem::path> patches;
  std::vector<DocumentNote> notes;
  std::vector<KernelVariant> variants;
  std::string default_variant;
  std::vector<std::string> modules;       // loaded by aios-init, in order
  std::vector<std::string> command_line;  // words the kernel needs on every machine
  std::vector<std::string> markers;       // for kernels that speak no protocol
  bool linux_kernel = true;
  bool frames = false;             // no Linux, but it reports in frames by itself, as aios-init does
  std::optional<MakeRecipe> make;  // not built by Linux's own make
};

// What is booted. Every file lies in the artifact's folder; what is not there is an empty path.
struct BuiltKernel {
  std::string subject;  // canonical text of the subject
  std::string name, version;
  std::string key;  // content address of the build
  std::filesystem::path folder;
  std::filesystem::path image;    // bzImage, or the black box itself
  std::filesystem::path vmlinux;  // ELF with a PVH note where there is one
  std::filesystem::path system_map;
  std::filesystem::path config;
  std::filesystem::path modules;  // the folder that holds lib/modules
  std::filesystem::path audit;    // audit.json
  std::vector<std::string> command_line;
  std::vector<std::string> markers;
  std::vector<std::string> load_modules;
  std::vector<std::filesystem::path> module_files;  // built out of tree for this subject, in the order of loading
  std::filesystem::path build_log;
  std::filesystem::path source_tree, build_tree;  // what an out-of-tree module is built against
  std::string provenance_json;                    // hashes of sources, toolchain, durations
  bool linux_kernel = true;
  bool from_cache = false;
};

}  // namespace aios
