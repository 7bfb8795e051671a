// SPDX-License-Identifier: Apache-2.0
// kernels/NAME/kernel.toml -> Kernel. Adding a kernel is adding a folder; nothing else lists them.
//
//   name = "aios"                          # the folder's name
//   description = "..."
//   [source]                               # exactly one of the kinds
//   kind = "debian-source"                 # directory, git, tarball, debian-source, debian-image, image
//   location = "linux-source-6.12"         # path (from this folder), or the package's name
//   ref = "v6.12"                          # git only
//   [build]                                # where Linux's own make does not build it
//   builder = "make"   image = "kernel.elf"   words = ["all"]
//   [config]
//   base = "tinyconfig"                    # a make target, or a file in this folder
//   fragments = ["config/doc.config", "config/more.config"]      # merged in order, without defaults
//   patches = ["patches/one.patch"]
//   [[config.documents]]                   # which of the fragments are promises, audited under this name
//   fragment = "doc.config"   name = "the design"
//   [boot]
//   command_line = ["quiet"]   modules = ["virtio_net"]   markers = ["login:"]   linux = true   frames = false
//   [[variants]]                           # added to the above, chosen as NAME:VARIANT
//   name = "gpu"   alias = "aios-gpu"   description = "..."   fragments = [...]
//   [[notes]]                              # what a document says about its options and does not hold
//   document = "the design"   options = ["SWAP", "ZRAM"]   contradiction = true   text = "..."
#pragma once

#include <string>
#include <vector>

#include "harness/model/kernel.h"
#include "harness/support/files.h"

namespace aios {

Result<Kernel> read_kernel_manifest(const fs::path& file);

// Every name that a subject may begin with: the folders under `kernels` that hold a kernel.toml, and the aliases of
// their variants. A manifest that cannot be read keeps its folder's name, so that using it says what is wrong with it.
std::vector<std::string> list_kernels(const fs::path& kernels);

// By folder name or alias; an alias makes its variant the default one.
Result<Kernel> find_kernel(const fs::path& kernels, const std::string& name);

// The variant asked for (the default one if none is), or a null pointer where a kernel has no variants.
Result<const KernelVariant*> find_variant(const Kernel& kernel, const std::string& name);

}  // namespace aios
