// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/libvirt/artifacts.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <fstream>

#include "harness/machine/libvirt/errors.h"
#include "harness/machine/libvirt/xml_writer.h"
#include "harness/support/files.h"

namespace aios::libvirt {
namespace {

constexpr std::size_t kUploadChunk = 256U << 10;

Status make_pipe(const std::string& path, bool shared) {
  if (::mkfifo(path.c_str(), 0600) != 0) return system_error("cannot make a pipe", path, errno);
  if (shared && ::chmod(path.c_str(), 0666) != 0) return system_error("cannot open a pipe to others", path, errno);
  return {};
}

// A folder's name can be passed through, not listed.
void let_pass(const fs::path& folder) {
  struct stat info {};
  if (::stat(folder.c_str(), &info) == 0 && info.st_uid == ::geteuid()) {
    (void)::chmod(folder.c_str(), (info.st_mode & 07777) | 0111);
  }
}

}  // namespace

Artifacts::~Artifacts() { remove(); }

void Artifacts::remove() {
  for (const auto& volume : volumes_) virStorageVolDelete(volume.get(), 0);
  volumes_.clear();
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
  folder_.clear();
}

Status Artifacts::copy(const fs::path& from, const char* name, std::string& to) {
  to = (folder_ / name).string();
  TRY(copy_file_to(from, to));
  if (::chmod(to.c_str(), shared_ ? 0666 : 0600) != 0) return system_error("cannot open a file to others", to, errno);
  return {};
}

Status Artifacts::writable(const char* name, std::string& to) {
  to = (folder_ / name).string();
  const UniqueFd file(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) return system_error("cannot make a file for QEMU", to, errno);
  if (shared_) (void)::fchmod(file.get(), 0666);
  return {};
}

Result<Artifacts> Artifacts::here(const BootSpec& spec, const fs::path& scratch, DomainPlace names, bool shared) {
  Artifacts out;
  out.place_ = std::move(names);
  out.spec_ = spec;
  out.shared_ = shared;
  out.folder_ = fs::absolute(scratch) / out.place_.uuid;
  TRY(make_folders(out.folder_));
  if (shared) {
    let_pass(scratch);
    if (::chmod(out.folder_.c_str(), 0711) != 0) return system_error("cannot open a folder", out.folder_, errno);
  }
  DomainPlace& place = out.place_;
  TRY(out.copy(spec.image, "image", place.image));
  if (!spec.initrd.empty()) TRY(out.copy(spec.initrd, "initrd", place.initrd));
  for (std::size_t i = 0; i < spec.disks.size(); ++i) {
    std::string path = fs::absolute(spec.disks[i].path).string();
    // What is to be kept is written where it lies.
    if (!spec.disks[i].keep_writes) TRY(out.copy(spec.disks[i].path, fmt::format("disk{}", i).c_str(), path));
    place.disks.push_back(std::move(path));
  }
  place.console = (out.folder_ / "console").string();
  TRY(make_pipe(place.console + ".in", shared));
  TRY(make_pipe(place.console + ".out", shared));
  TRY(out.writable("qemu.log", place.log));
  if (!spec.plugin) return out;
  std::string path;
  TRY(out.writable("counts", place.plugin_out));
  TRY(out.copy(spec.plugin->library, "plugin.so", path));
  out.spec_.plugin->library = path;
  if (!spec.plugin->watch.empty()) {
    TRY(out.copy(spec.plugin->watch, "watch", path));
    out.spec_.plugin->watch = path;
  }
  if (!spec.plugin->profile.empty()) {
    TRY(out.writable("profile", path));
    out.spec_.plugin->profile = path;
  }
  return out;
}

Status Artifacts::bring_back(const BootSpec& wanted) const {
  if (!wanted.plugin || folder_.empty()) return {};
  std::error_code code;
  const auto bring = [&](const fs::path& from, const fs::path& to) -> Status {
    // QEMU was killed before it wrote anything: that the counts are missing is what there is to say.
    if (to.empty() || !fs::exists(from, code) || fs::file_size(from, code) == 0) return {};
    return copy_file_to(from, to);
  };
  TRY(bring(place_.plugin_out, wanted.plugin->out));
  return bring(spec_.plugin->profile, wanted.plugin->profile);
}

Status Artifacts::upload(virStoragePool* pool, const fs::path& from, const std::string& name, std::string& to) {
  std::error_code code;
  const auto size = fs::file_size(from, code);
  if (code) return system_error("cannot read what is to be uploaded", from.string(), code.value());
  XmlWriter xml;
  xml.element("volume", {}, [&] {
    xml.leaf("name", {}, name);
    xml.leaf("capacity", {}, std::to_string(size));
    xml.element("target", {}, [&] { xml.leaf("format", {{"type", "raw"}}); });
  });
  Handle<virStorageVol> volume(virStorageVolCreateXML(pool, xml.take().c_str(), 0));
  if (!volume) return last_error(fmt::format("no volume could be made for {}", name), virStoragePoolGetName(pool));
  virStorageVol* const made = volume.get();
  volumes_.push_back(std::move(volume));
  Handle<virStream> stream(virStreamNew(virStoragePoolGetConnect(pool), 0));
  if (!stream || virStorageVolUpload(made, stream.get(), 0, size, 0) != 0) {
    return last_error(fmt::format("{} cannot be uploaded", name), virStoragePoolGetName(pool));
  }
  std::ifstream file(from, std::ios::binary);
  std::string chunk(kUploadChunk, '\0');
  while (file.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || file.gcount() > 0) {
    std::size_t sent = 0;
    const auto all = static_cast<std::size_t>(file.gcount());
    while (sent < all) {
      const int now = virStreamSend(stream.get(), chunk.data() + sent, all - sent);
      if (now < 0) return last_error(fmt::format("the upload of {} broke off", name), virStoragePoolGetName(pool));
      sent += static_cast<std::size_t>(now);
    }
  }
  if (virStreamFinish(stream.get()) != 0) {
    return last_error(fmt::format("the upload of {} was not taken", name), virStoragePoolGetName(pool));
  }
  char* path = virStorageVolGetPath(made);
  if (path == nullptr) return last_error(fmt::format("{} has no path", name), virStoragePoolGetName(pool));
  to = path;
  std::free(path);  // NOLINT: libvirt's strings are malloc's
  return {};
}

Result<Artifacts> Artifacts::uploaded(const Connection& connection, const std::string& pool, const BootSpec& spec,
                                      DomainPlace names) {
  Artifacts out;
  out.place_ = std::move(names);
  out.spec_ = spec;
  const std::string pool_name = pool.empty() ? "default" : pool;
  const Handle<virStoragePool> storage(virStoragePoolLookupByName(connection.get(), pool_name.c_str()));
  if (!storage) {
    return config_error(fmt::format("there is no storage pool '{}': {}", pool_name, last_message()), connection.uri(),
                        "virsh pool-define-as NAME dir --target FOLDER && virsh pool-start NAME; then pool = \"NAME\"");
  }
  DomainPlace& place = out.place_;
  TRY(out.upload(storage.get(), spec.image, place.name + "-image", place.image));
  if (!spec.initrd.empty()) TRY(out.upload(storage.get(), spec.initrd, place.name + "-initrd", place.initrd));
  for (std::size_t i = 0; i < spec.disks.size(); ++i) {
    std::string path;
    TRY(out.upload(storage.get(), spec.disks[i].path, fmt::format("{}-disk{}", place.name, i), path));
    place.disks.push_back(std::move(path));
  }
  return out;
}

}  // namespace aios::libvirt
