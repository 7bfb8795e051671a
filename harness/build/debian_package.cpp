// SPDX-License-Identifier: Apache-2.0
#include "harness/build/debian_package.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "harness/build/tarball.h"
#include "harness/support/process.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr const char* kAptLists = "/var/lib/apt/lists";
constexpr const char* kSourceFolder = "/usr/src";

// What apt knows changes with these two; while they stay, so does an answer.
std::string apt_stamp() {
  std::string stamp;
  for (const char* path : {kAptLists, "/var/lib/apt/lists/partial", "/var/lib/dpkg/status"}) {
    struct stat info {};
    if (::stat(path, &info) == 0) stamp += fmt::format("{}.{}:", info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
  }
  return stamp;
}

std::string field_of(std::string_view record, std::string_view name) {
  for (const auto& line : split(record, '\n')) {
    if (line.starts_with(name) && line.size() > name.size() && line[name.size()] == ':') {
      return std::string(trim(std::string_view(line).substr(name.size() + 1)));
    }
  }
  return {};
}

Result<std::string> apt_record(const std::string& name, const BuildEnv& env) {
  if (find_program("apt-cache").empty()) {
    return config_error("this source is a Debian package, and apt is not installed here", name,
                        "name another source in kernel.toml: a tarball, a folder or a git repository");
  }
  const auto shown =
      TRY(run_command({.argv = {"apt-cache", "show", "--no-all-versions", name}, .env = {{"LC_ALL", "C"}}},
                      {.limit = 1U << 20, .cancel = env.cancel}));
  if (shown.exit.success() && !shown.out.empty()) return shown.out;
  return config_error(fmt::format("apt knows no package '{}'", name), {}, "run `apt-get update` (as root), then again");
}

// linux-image-cloud-amd64 depends on the kernel's own package: "linux-image-6.1.0-56-cloud-amd64 (= 6.1.192-2)".
std::string kernel_behind(std::string_view record) {
  const std::string depends = field_of(record, "Depends");
  for (const auto& part : split(depends, ',')) {
    const auto words = split_words(part);
    if (!words.empty() && words[0].starts_with("linux-image-") && words[0].find_first_of("0123456789") == 12)
      return words[0];
  }
  return {};
}

Result<DebianPackage> ask_apt(const std::string& name, const BuildEnv& env) {
  std::string record = TRY(apt_record(name, env));
  const std::string kernel = kernel_behind(record);
  if (!kernel.empty()) record = TRY(apt_record(kernel, env));
  DebianPackage package{field_of(record, "Package"), field_of(record, "Version")};
  if (package.name.empty() || package.version.empty()) return infra_fault("apt's answer cannot be read", name);
  return package;
}

}  // namespace

Result<DebianPackage> resolve_debian_package(const std::string& name, const BuildEnv& env) {
  const fs::path memo = env.known() / ("package-" + name);
  const std::string stamp = apt_stamp();
  std::vector<std::string> lines;
  if (auto text = read_file(memo, 4096); text.ok()) lines = split(*text, '\n');
  if (lines.size() >= 3 && lines[0] == stamp) return DebianPackage{lines[1], lines[2]};
  auto asked = ask_apt(name, env);
  if (!asked.ok()) {
    // A machine whose package lists are gone still has what it downloaded before.
    if (lines.size() < 3 || asked.error().kind == ErrorKind::interrupted) return asked;
    env.progress->note(fmt::format("apt cannot say what {} is now; taking {} {} as before", name, lines[1], lines[2]));
    return DebianPackage{lines[1], lines[2]};
  }
  TRY(make_folders(env.known()));
  TRY(write_file_atomic(memo, fmt::format("{}\n{}\n{}\n", stamp, asked->name, asked->version)));
  return asked;
}

Result<std::vector<std::string>> debian_dependencies(const std::string& name, const BuildEnv& env) {
  const std::string record = TRY(apt_record(name, env));
  std::vector<std::string> out;
  for (const auto& part : split(field_of(record, "Depends"), ',')) {
    const auto words = split_words(part);
    if (!words.empty()) out.push_back(words[0]);
  }
  return out;
}

Result<fs::path> fetch_debian_package(const DebianPackage& package, const BuildEnv& env) {
  const fs::path folder = env.cache / "packages" / fmt::format("{}_{}", package.name, package.version);
  const auto find = [&]() -> fs::path {
    std::error_code code;
    for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
      if (it->path().extension() == ".deb") return it->path();
    }
    return {};
  };
  if (fs::path found = find(); !found.empty()) return found;
  const FileLock lock = TRY(lock_for_build(env, "package-" + package.name));
  if (fs::path found = find(); !found.empty()) return found;
  env.progress->phase(fmt::format("downloading {} {}", package.name, package.version));
  const fs::path unfinished = folder.string() + ".unfinished";
  TRY(remove_tree(unfinished));
  TRY(make_folders(unfinished));
  Command command{.argv = {"apt-get", "download", fmt::format("{}={}", package.name, package.version)},
                  .cwd = unfinished,
                  .env = {{"LC_ALL", "C"}}};
  auto downloaded = run_checked(std::move(command), {.limit = 1U << 20, .cancel = env.cancel});
  if (!downloaded.ok()) {
    TRY(remove_tree(unfinished));
    Error error = std::move(downloaded).error().wrap(fmt::format("{} cannot be downloaded", package.name));
    error.hint = "is there a network? `apt-get update` (as root) renews the lists";
    return error;
  }
  std::error_code code;
  fs::rename(unfinished, folder, code);
  if (code) return system_error("cannot rename into place", folder.string(), code.value());
  fs::path found = find();
  if (found.empty()) return infra_fault("apt-get download left no package", folder.string());
  return found;
}

Result<DebianTarball> find_debian_tarball(const std::string& name, const BuildEnv& env) {
  const std::string leaf = name + ".tar.xz";
  const fs::path installed = fs::path(kSourceFolder) / leaf;
  std::error_code code;
  if (fs::is_regular_file(installed, code)) {
    auto version =
        run_command({.argv = {"dpkg-query", "-W", "-f", "${Version}", name}}, {.limit = 4096, .cancel = env.cancel});
    return DebianTarball{installed, version.ok() && version->exit.success() ? version->out : std::string("installed")};
  }
  const DebianPackage package = TRY(resolve_debian_package(name, env));
  const fs::path folder = env.cache / "packages" / fmt::format("{}_{}.unpacked", package.name, package.version);
  const fs::path tarball = folder / "usr/src" / leaf;
  if (fs::is_regular_file(tarball, code)) return DebianTarball{tarball, package.version};
  const fs::path deb = TRY(fetch_debian_package(package, env));
  const FileLock lock = TRY(lock_for_build(env, "package-" + package.name));
  if (!fs::is_regular_file(tarball, code)) {
    const fs::path unfinished = folder.string() + ".unfinished";
    TRY(remove_tree(unfinished));
    TRY(unpack_debian_package(deb, unfinished, env));
    fs::rename(unfinished, folder, code);
    if (code) return system_error("cannot rename into place", folder.string(), code.value());
  }
  if (!fs::is_regular_file(tarball, code))
    return config_error(fmt::format("{} holds no {}", package.name, leaf), deb.string());
  return DebianTarball{tarball, package.version};
}

}  // namespace aios
