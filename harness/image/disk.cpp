// SPDX-License-Identifier: Apache-2.0
#include "harness/image/disk.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>

#include "harness/support/hash.h"
#include "harness/support/process.h"

namespace aios {
namespace {

// GRUB takes the words as a script would: quoting keeps them as they are.
std::string quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

Result<std::string> grub_config(const GrubIso& iso) {
  std::string words;
  for (const char c : iso.command_line) {
    if (c == '\n' || c == '\0') return config_error("a kernel command line of more than one line");
  }
  // Word by word: one quoted text would reach the kernel as a single quoted parameter.
  for (std::size_t at = 0; at < iso.command_line.size();) {
    const std::size_t end = std::min(iso.command_line.find(' ', at), iso.command_line.size());
    if (end > at) words += " " + quoted(iso.command_line.substr(at, end - at));
    at = end + 1;
  }
  std::string config = "set timeout=0\nset default=0\n";
  if (!iso.serial_terminal.empty()) {
    config +=
        fmt::format("serial --unit={} --speed=115200\nterminal_input serial console\nterminal_output serial console\n",
                    iso.serial_terminal);
  }
  const auto [kernel, module] = [&]() -> std::pair<std::string_view, std::string_view> {
    switch (iso.protocol) {
      case GrubIso::Protocol::multiboot:
        return {"multiboot", "module"};
      case GrubIso::Protocol::multiboot2:
        return {"multiboot2", "module2"};
      case GrubIso::Protocol::linux_image:
        break;
    }
    return {"linux", "initrd"};
  }();
  config += fmt::format("menuentry 'kernel under test' {{\n  {} /boot/kernel{}\n", kernel, words);
  if (!iso.initrd.empty()) config += fmt::format("  {} /boot/initrd\n", module);
  return config + "  boot\n}\n";
}

Status set_times(const fs::path& tree) {
  // 2020-01-01, the date that the machines' clocks begin at too.
  const auto time = fs::file_time_type::clock::from_sys(std::chrono::sys_seconds(std::chrono::seconds(1'577'836'800)));
  std::error_code code;
  fs::last_write_time(tree, time, code);
  for (fs::recursive_directory_iterator it(tree, code), end; !code && it != end; it.increment(code)) {
    fs::last_write_time(it->path(), time, code);
  }
  if (code) return system_error("cannot set file times", tree.string(), code.value());
  return {};
}

// grub-mkrescue makes the UEFI part's file system with mformat, which takes its serial number from the clock. A mformat
// of our own before it on the PATH gives it a fixed one.
Status fix_serial_number(const fs::path& tools) {
  const fs::path real = find_program("mformat");
  if (real.empty()) return {};  // grub-mkrescue then says itself what is missing
  TRY(make_folders(tools));
  TRY(write_file_atomic(tools / "mformat", fmt::format("#!/bin/sh\nexec {} -N 20200101 \"$@\"\n", real.string())));
  std::error_code code;
  fs::permissions(tools / "mformat", fs::perms(0755), code);
  if (code) return system_error("cannot make a program", tools.string(), code.value());
  return {};
}

std::string path_with(const fs::path& tools) {
  const char* before = std::getenv("PATH");
  return tools.string() + ":" + (before != nullptr ? before : "/usr/bin:/bin");
}

}  // namespace

Result<ImageFile> make_grub_iso(const GrubIso& iso, const fs::path& out, const CancelToken* cancel) {
  const ScratchFolder scratch = TRY(ScratchFolder::create("aios-iso"));
  const fs::path tree = scratch.path() / "tree";
  TRY(make_folders(tree / "boot/grub"));
  TRY(copy_file_to(iso.kernel, tree / "boot/kernel"));
  if (!iso.initrd.empty()) TRY(copy_file_to(iso.initrd, tree / "boot/initrd"));
  TRY(write_file_atomic(tree / "boot/grub/grub.cfg", TRY(grub_config(iso))));
  TRY(set_times(tree));
  const fs::path tools = scratch.path() / "tools";
  TRY(fix_serial_number(tools));
  const fs::path made = scratch.path() / "image.iso";
  Command command{
      .argv = {"grub-mkrescue", "--output=" + made.string(), tree.string(), "--", "-volume_date", "uuid",
               "2020010100000000", "-volume_date", "all_file_dates", "2020010100000000"},
      .env = {{"SOURCE_DATE_EPOCH", "1577836800"}, {"TZ", "UTC"}, {"LC_ALL", "C"}, {"PATH", path_with(tools)}}};
  auto run = run_checked(std::move(command), {.merge_stderr = true, .cancel = cancel});
  if (!run.ok()) {
    return std::move(run).error().wrap("cannot make the GRUB ISO (it takes grub-pc-bin, xorriso and mtools)",
                                       out.string());
  }
  return write_image(out, {TRY(read_file(made, 4ULL << 30))});
}

}  // namespace aios
