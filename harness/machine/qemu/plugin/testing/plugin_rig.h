// SPDX-License-Identifier: Apache-2.0
// Boots the tiny guests of this folder in exact mode, with the plugin or without it, and reads back what it wrote.
#pragma once

#include <gmock/gmock.h>

#include <iterator>
#include <optional>
#include <sstream>
#include <string>

#include "harness/machine/qemu/counts.h"
#include "harness/support/files.h"
#include "harness/support/process.h"

namespace aios {

struct Boot {
  ExitState exit;
  std::string said;  // on the debug console
  std::string counts_text;
  GuestCounts counts;
};

class PluginBoot : public testing::Test {
 protected:
  void SetUp() override {
    auto folder = ScratchFolder::create("aios-plugin-test");
    ASSERT_TRUE(folder.ok());
    folder_.emplace(std::move(*folder));
  }

  fs::path at(const char* name) const { return folder_->path() / name; }

  // `plugin` empty: without the plugin; else more of its arguments, each with a comma before it.
  Captured qemu(const std::string& guest, std::optional<std::string> plugin) {
    // qboot: SeaBIOS would be fifteen million instructions before the guest's first.
    std::istringstream words(
        "qemu-system-x86_64 -M q35,sata=off,usb=off,smbus=off -bios qboot.rom -accel tcg -cpu qemu64 -m 32 -nodefaults "
        "-display none -vga none -no-reboot -icount shift=0,sleep=off -rtc base=2020-01-01,clock=vm "
        "-device isa-debug-exit,iobase=0xf4,iosize=4 -device isa-debugcon,iobase=0xe9,chardev=said");
    Command command;
    command.argv.assign(std::istream_iterator<std::string>(words), {});
    command.argv.insert(command.argv.end(), {"-chardev", "file,id=said,path=" + at("said").string(), "-kernel",
                                             AIOS_GUESTS "/" + guest + ".elf"});
    if (plugin) {
      command.argv.insert(command.argv.end(), {"-plugin", AIOS_PLUGIN ",out=" + at("counts").string() + *plugin});
    }
    auto ran = run_command(std::move(command), {.timeout = std::chrono::seconds(30)});
    EXPECT_TRUE(ran.ok()) << ran.error().describe();
    return ran.ok() ? *ran : Captured{};
  }

  Boot boot(const std::string& guest, std::optional<std::string> plugin = "") {
    Boot out;
    const Captured ran = qemu(guest, plugin);
    out.exit = ran.exit;
    EXPECT_EQ(ran.exit.code, 33) << ran.err;  // what isa-debug-exit makes of 0x10
    out.said = read_file(at("said")).value_or("");
    if (!plugin) return out;
    out.counts_text = read_file(at("counts")).value_or("");
    auto counts = parse_counts(out.counts_text, "counts");
    EXPECT_TRUE(counts.ok()) << counts.error().describe();
    if (counts.ok()) out.counts = *counts;
    return out;
  }

  std::optional<ScratchFolder> folder_;
};

}  // namespace aios
