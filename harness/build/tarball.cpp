// SPDX-License-Identifier: Apache-2.0
#include "harness/build/tarball.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <cerrno>
#include <memory>
#include <optional>

namespace aios {
namespace {

constexpr std::size_t kBlock = 1U << 20;
constexpr std::uint64_t kPackageLimit = 512ULL << 20;

struct ReadEnd {
  void operator()(archive* a) const { archive_read_free(a); }
};
struct WriteEnd {
  void operator()(archive* a) const { archive_write_free(a); }
};
using Reader = std::unique_ptr<archive, ReadEnd>;
using Writer = std::unique_ptr<archive, WriteEnd>;

Error archive_error(archive* a, const std::string& where) {
  const char* text = archive_error_string(a);
  if (archive_errno(a) == ENOSPC || archive_errno(a) == EDQUOT)
    return system_error("cannot unpack", where, archive_errno(a));
  return config_error(fmt::format("cannot be unpacked: {}", text != nullptr ? text : "unknown error"), where,
                      "is it whole? compare its size or checksum with where it came from");
}

Reader tar_reader() {
  Reader reader(archive_read_new());
  archive_read_support_filter_all(reader.get());
  archive_read_support_format_tar(reader.get());
  return reader;
}

Status copy_data(archive* from, archive* to, const std::string& where) {
  const void* block = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  for (;;) {
    const int got = archive_read_data_block(from, &block, &size, &offset);
    if (got == ARCHIVE_EOF) return {};
    if (got < ARCHIVE_OK) return archive_error(from, where);
    if (archive_write_data_block(to, block, size, offset) < ARCHIVE_OK) return archive_error(to, where);
  }
}

Status extract_all(archive* reader, const fs::path& target, const std::string& where, std::uint64_t total,
                   const BuildEnv& env) {
  const Writer writer(archive_write_disk_new());
  archive_write_disk_set_options(writer.get(), ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_PERM |
                                                   ARCHIVE_EXTRACT_SECURE_SYMLINKS | ARCHIVE_EXTRACT_SECURE_NODOTDOT);
  std::uint64_t count = 0;
  archive_entry* entry = nullptr;
  for (;;) {
    const int got = archive_read_next_header(reader, &entry);
    if (got == ARCHIVE_EOF) return {};
    if (got < ARCHIVE_WARN) return archive_error(reader, where);
    const char* name = archive_entry_pathname(entry);
    if (name == nullptr || *name == '/') return config_error("holds a member with an absolute name", where);
    archive_entry_set_pathname(entry, (target / name).c_str());
    if (const char* link = archive_entry_hardlink(entry)) archive_entry_set_hardlink(entry, (target / link).c_str());
    if (archive_write_header(writer.get(), entry) < ARCHIVE_OK) return archive_error(writer.get(), where);
    TRY(copy_data(reader, writer.get(), where));
    if (archive_write_finish_entry(writer.get()) < ARCHIVE_WARN) return archive_error(writer.get(), where);
    if (++count % 512 == 0) {
      if (env.cancel != nullptr) TRY(env.cancel->check());
      const auto read = static_cast<std::uint64_t>(archive_filter_bytes(reader, -1));
      env.progress->step({.text = "unpacking " + fs::path(where).filename().string(),
                          .done = read >> 20,
                          .total = total >> 20,
                          .seconds_left = {}});
    }
  }
}

// The only folder in `folder`, if nothing lies beside it.
std::optional<fs::path> only_folder(const fs::path& folder) {
  std::optional<fs::path> found;
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    if (found || !it->is_directory()) return std::nullopt;
    found = it->path();
  }
  return found;
}

}  // namespace

Status unpack_tarball(const fs::path& tarball, const fs::path& target, const BuildEnv& env) {
  const fs::path unfinished = target.string() + ".unfinished";
  TRY(remove_tree(unfinished));
  TRY(make_folders(unfinished));
  const Reader reader = tar_reader();
  if (archive_read_open_filename(reader.get(), tarball.c_str(), kBlock) != ARCHIVE_OK) {
    return archive_error(reader.get(), tarball.string());
  }
  std::error_code code;
  const auto size = fs::file_size(tarball, code);
  Status done = extract_all(reader.get(), fs::absolute(unfinished), tarball.string(), code ? 0 : size, env);
  if (!done.ok()) {
    TRY(remove_tree(unfinished));
    return done;
  }
  const auto inner = only_folder(unfinished);
  fs::rename(inner.value_or(unfinished), target, code);
  if (code) return system_error("cannot rename into place", target.string(), code.value());
  return remove_tree(unfinished);
}

Status unpack_debian_package(const fs::path& package, const fs::path& target, const BuildEnv& env) {
  const Reader outer(archive_read_new());
  archive_read_support_format_ar(outer.get());
  if (archive_read_open_filename(outer.get(), package.c_str(), kBlock) != ARCHIVE_OK) {
    return archive_error(outer.get(), package.string());
  }
  archive_entry* entry = nullptr;
  while (archive_read_next_header(outer.get(), &entry) == ARCHIVE_OK) {
    const std::string_view name(archive_entry_pathname(entry));
    if (!name.starts_with("data.tar")) continue;
    const auto size = static_cast<std::uint64_t>(archive_entry_size(entry));
    if (size > kPackageLimit) return config_error("the package is larger than any kernel", package.string());
    std::string data(size, '\0');
    if (archive_read_data(outer.get(), data.data(), data.size()) != static_cast<la_ssize_t>(size)) {
      return archive_error(outer.get(), package.string());
    }
    const Reader inner = tar_reader();
    if (archive_read_open_memory(inner.get(), data.data(), data.size()) != ARCHIVE_OK) {
      return archive_error(inner.get(), package.string());
    }
    TRY(make_folders(target));
    return extract_all(inner.get(), fs::absolute(target), package.string(), size, env);
  }
  return config_error("is not a Debian package (no data.tar in it)", package.string());
}

Result<std::string> decompress(std::string_view bytes, std::size_t limit) {
  const Reader reader(archive_read_new());
  archive_read_support_filter_all(reader.get());
  archive_read_support_format_raw(reader.get());
  archive_entry* entry = nullptr;
  if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK ||
      archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK) {
    return archive_error(reader.get(), "compressed data");
  }
  std::string out;
  std::string buffer(kBlock, '\0');
  for (;;) {
    const la_ssize_t got = archive_read_data(reader.get(), buffer.data(), buffer.size());
    if (got < 0) return archive_error(reader.get(), "compressed data");
    if (got == 0) return out;
    if (out.size() + static_cast<std::size_t>(got) > limit) {
      return config_error(fmt::format("unpacks to more than {} bytes", limit), "compressed data");
    }
    out.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace aios
