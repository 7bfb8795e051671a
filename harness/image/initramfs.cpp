// SPDX-License-Identifier: Apache-2.0
#include "harness/image/initramfs.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <set>

#include "harness/support/hash.h"

namespace aios {
namespace {

struct FreeArchive {
  void operator()(archive* a) const { ::archive_write_free(a); }
};
struct FreeEntry {
  void operator()(archive_entry* e) const { ::archive_entry_free(e); }
};
using Writer = std::unique_ptr<archive, FreeArchive>;

Error archive_error(archive* writer, std::string_view path) {
  return infra_fault(fmt::format("cannot pack the initramfs: {}", ::archive_error_string(writer)), std::string(path));
}

// "/a//b/" -> "a/b"; empty: not a path that can be packed.
std::string normal_path(std::string_view path) {
  std::string normal;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    if (part == ".." || part.find('\0') != std::string_view::npos) return {};
    if (!part.empty() && part != ".") normal += (normal.empty() ? "" : "/") + std::string(part);
    at = end + 1;
  }
  return normal;
}

Status prepare(std::vector<ImageEntry>& entries) {
  std::set<std::string> seen, wanted;
  for (auto& entry : entries) {
    const std::string path = normal_path(entry.path);
    if (path.empty()) {
      return config_error(fmt::format("'{}' is no path for an initramfs", entry.path), {},
                          "an absolute path without ..");
    }
    entry.path = path;
    if (!seen.insert(path).second) return config_error(fmt::format("two entries for /{} in one initramfs", path));
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
      wanted.insert(path.substr(0, slash));
    }
  }
  for (const auto& folder : wanted) {
    if (!seen.contains(folder)) entries.push_back(folder_entry(folder));
  }
  // A folder sorts before what is in it, since its path is a prefix.
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return {};
}

unsigned file_type(ImageEntry::Kind kind) {
  switch (kind) {
    case ImageEntry::Kind::file:
      return AE_IFREG;
    case ImageEntry::Kind::folder:
      return AE_IFDIR;
    case ImageEntry::Kind::link:
      return AE_IFLNK;
    case ImageEntry::Kind::device:
      return AE_IFCHR;
  }
  return AE_IFREG;
}

Status add_entry(archive* writer, const ImageEntry& entry, std::int64_t inode) {
  std::string read;
  if (entry.kind == ImageEntry::Kind::file && !entry.source.empty()) read = TRY(read_file(entry.source));
  const std::string& content = entry.source.empty() ? entry.content : read;
  const std::unique_ptr<archive_entry, FreeEntry> header(::archive_entry_new());
  ::archive_entry_set_pathname(header.get(), entry.path.c_str());
  ::archive_entry_set_filetype(header.get(), file_type(entry.kind));
  ::archive_entry_set_perm(header.get(), static_cast<__LA_MODE_T>(entry.mode));
  ::archive_entry_set_ino64(header.get(), inode);
  ::archive_entry_set_nlink(header.get(), entry.kind == ImageEntry::Kind::folder ? 2 : 1);
  ::archive_entry_set_uid(header.get(), 0);
  ::archive_entry_set_gid(header.get(), 0);
  ::archive_entry_set_mtime(header.get(), 0, 0);
  ::archive_entry_set_size(header.get(), 0);
  if (entry.kind == ImageEntry::Kind::link) {
    ::archive_entry_set_symlink(header.get(), content.c_str());
  } else if (entry.kind == ImageEntry::Kind::device) {
    ::archive_entry_set_rdevmajor(header.get(), entry.major);
    ::archive_entry_set_rdevminor(header.get(), entry.minor);
  } else if (entry.kind == ImageEntry::Kind::file) {
    ::archive_entry_set_size(header.get(), static_cast<la_int64_t>(content.size()));
  }
  if (::archive_write_header(writer, header.get()) != ARCHIVE_OK) return archive_error(writer, entry.path);
  if (entry.kind != ImageEntry::Kind::file || content.empty()) return {};
  const la_ssize_t written = ::archive_write_data(writer, content.data(), content.size());
  if (written != static_cast<la_ssize_t>(content.size())) return archive_error(writer, entry.path);
  return {};
}

la_ssize_t append(archive*, void* target, const void* bytes, std::size_t size) {
  static_cast<std::string*>(target)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

bool set_compression(archive* writer, Compression compression) {
  switch (compression) {
    case Compression::none:
      return ::archive_write_add_filter_none(writer) == ARCHIVE_OK;
    case Compression::gzip:
      return ::archive_write_add_filter_gzip(writer) == ARCHIVE_OK &&
             ::archive_write_set_filter_option(writer, "gzip", "timestamp", nullptr) == ARCHIVE_OK;
    case Compression::zstd:
      return ::archive_write_add_filter_zstd(writer) == ARCHIVE_OK;
  }
  return false;
}

}  // namespace

ImageEntry file_entry(std::string path, fs::path source, unsigned mode) {
  return {.path = std::move(path), .mode = mode, .source = std::move(source)};
}
ImageEntry text_entry(std::string path, std::string content, unsigned mode) {
  return {.path = std::move(path), .mode = mode, .content = std::move(content)};
}
ImageEntry folder_entry(std::string path, unsigned mode) {
  return {.kind = ImageEntry::Kind::folder, .path = std::move(path), .mode = mode};
}
ImageEntry link_entry(std::string path, std::string target) {
  return {.kind = ImageEntry::Kind::link, .path = std::move(path), .mode = 0777, .content = std::move(target)};
}
ImageEntry device_entry(std::string path, unsigned major, unsigned minor, unsigned mode) {
  return {.kind = ImageEntry::Kind::device, .path = std::move(path), .mode = mode, .major = major, .minor = minor};
}

Result<std::string> pack_initramfs(std::vector<ImageEntry> entries, Compression compression) {
  TRY(prepare(entries));
  std::string bytes;
  const Writer writer(::archive_write_new());
  if (!writer || ::archive_write_set_format_cpio_newc(writer.get()) != ARCHIVE_OK ||
      !set_compression(writer.get(), compression) ||
      ::archive_write_set_bytes_per_block(writer.get(), 65536) != ARCHIVE_OK ||
      ::archive_write_set_bytes_in_last_block(writer.get(), 1) != ARCHIVE_OK ||
      ::archive_write_open(writer.get(), &bytes, nullptr, append, nullptr) != ARCHIVE_OK) {
    return archive_error(writer.get(), {});
  }
  std::int64_t inode = 0;
  for (const auto& entry : entries) TRY(add_entry(writer.get(), entry, ++inode));
  if (::archive_write_close(writer.get()) != ARCHIVE_OK) return archive_error(writer.get(), {});
  return bytes;
}

Result<ImageFile> write_image(const fs::path& path, const std::vector<std::string_view>& parts) {
  if (path.has_parent_path()) TRY(make_folders(path.parent_path()));
  std::string temporary = path.string() + ".XXXXXX";
  const UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return system_error("cannot create the image", path.string(), errno);
  ::fchmod(fd.get(), 0644);
  const auto fail = [&](int error) {
    ::unlink(temporary.c_str());
    return system_error("cannot write the image", path.string(), error);
  };
  ImageFile file{.path = path};
  Sha256 hash;
  const auto put = [&](std::string_view bytes) {
    hash.update(bytes);
    file.bytes += bytes.size();
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd.get(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  };
  for (const auto part : parts) {
    // Linux finds the next archive on a multiple of four.
    static constexpr std::string_view kPadding("\0\0\0", 3);
    if (!put(kPadding.substr(0, (4 - file.bytes % 4) % 4)) || !put(part)) return fail(errno);
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return fail(errno);
  file.sha256 = hash.hex();
  return file;
}

}  // namespace aios
