// SPDX-License-Identifier: Apache-2.0
// An initramfs as a value: entries in, bytes out (cpio "newc", which every Linux unpacks). The same entries give the
// same bytes, in whatever order and folder they came: sorted, owned by root, without times, inode numbers counted.
// Linux accepts several archives one behind the other, so a large base is packed once and a small part is put behind
// it.
//
//   auto bytes = TRY(pack_initramfs({file_entry("/init", path, 0755), text_entry("/aios/orders", orders)}));
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/support/files.h"

namespace aios {

struct ImageEntry {
  enum class Kind { file, folder, link, device };
  Kind kind = Kind::file;
  std::string path;  // in the guest: "/aios/bin/operations"
  unsigned mode = 0644;
  fs::path source;                // file: taken from here, or, when this is empty,
  std::string content;            // these bytes; link: its target
  unsigned major = 0, minor = 0;  // character device
};

ImageEntry file_entry(std::string path, fs::path source, unsigned mode = 0755);
ImageEntry text_entry(std::string path, std::string content, unsigned mode = 0644);
ImageEntry folder_entry(std::string path, unsigned mode = 0755);
ImageEntry link_entry(std::string path, std::string target);
ImageEntry device_entry(std::string path, unsigned major, unsigned minor, unsigned mode = 0600);

// none: what exact mode uses, since the guest's kernel pays for every byte that it has to decompress.
enum class Compression { none, gzip, zstd };

// Folders above an entry are made where they are missing. Two entries of one path are a config error.
Result<std::string> pack_initramfs(std::vector<ImageEntry> entries, Compression compression = Compression::none);

struct ImageFile {
  fs::path path;
  std::uint64_t bytes = 0;
  std::string sha256;
};

// The parts one behind the other (each a whole archive), in one file: whole or not there at all. Not synced to disk: an
// image is made for one boot and can be made again.
Result<ImageFile> write_image(const fs::path& path, const std::vector<std::string_view>& parts);

}  // namespace aios
