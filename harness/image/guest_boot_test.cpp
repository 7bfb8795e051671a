// SPDX-License-Identifier: Apache-2.0
// Boots a real Linux with aios-init in exact mode. The kernel is the one that AIOS_TEST_KERNEL names.
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <poll.h>

#include <cstdlib>

#include "harness/guest/frame_reader.h"
#include "harness/guest/message.h"
#include "harness/image/guest_image.h"
#include "harness/support/process.h"
#include "harness/support/text.h"

namespace aios {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Boot {
  std::string console;
  std::vector<Message> messages;
  std::vector<std::string> lines;
  FrameCounts counts;
  bool ended_by_itself = false;

  template <typename T>
  std::vector<T> all() const {
    std::vector<T> found;
    for (const auto& message : messages) {
      if (const T* const one = std::get_if<T>(&message)) found.push_back(*one);
    }
    return found;
  }
};

class GuestBoot : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* const named = std::getenv("AIOS_TEST_KERNEL");
    ASSERT_NE(named, nullptr) << "set AIOS_TEST_KERNEL to a bzImage with a serial console (ci/test does)";
    kernel_ = named;
    ASSERT_TRUE(fs::exists(kernel_)) << "AIOS_TEST_KERNEL names " << kernel_ << ", which is not there";
    auto base =
        make_guest_base({.init = AIOS_BINARY_DIR "/guest/init", .programs = {AIOS_BINARY_DIR "/guest/misbehave"}});
    ASSERT_TRUE(base.ok()) << base.error().describe();
    base_ = std::move(*base);
    scratch_.emplace(*ScratchFolder::create());
  }

  Boot boot(const Orders& orders) { return boot(write_guest_image(base_, orders, scratch_->path() / "initrd")); }

  Command qemu(const ImageFile& image, const std::string& serial) const {
    const std::string machine =
        "qemu-system-x86_64 -M q35 -accel tcg -cpu max,-rdrand,-rdseed -seed 1 -icount shift=0,sleep=off "
        "-rtc base=2020-01-01,clock=vm -m 256 -smp 1 -display none -monitor none -nodefaults -no-reboot";
    Command command{.argv = split_words(machine)};
    for (const std::string& word : {std::string("-serial"), serial, std::string("-kernel"), kernel_.string(),
                                    std::string("-initrd"), image.path.string(), std::string("-append"),
                                    std::string("console=ttyS0 quiet panic=-1 random.trust_cpu=off nokaslr norandmaps "
                                                "randomize_kstack_offset=off")}) {
      command.argv.push_back(word);
    }
    return command;
  }

  Boot boot(const Result<ImageFile>& image) {
    EXPECT_TRUE(image.ok()) << image.error().describe();
    const fs::path serial = scratch_->path() / "serial";
    const auto ran = run_command(qemu(*image, "file:" + serial.string()),
                                 {.merge_stderr = true, .timeout = std::chrono::seconds(100)});
    EXPECT_TRUE(ran.ok()) << ran.error().describe();
    Boot boot = read_console(*read_file(serial));
    boot.ended_by_itself = ran.ok() && ran->exit.success();
    return boot;
  }

  static Boot read_console(std::string console) {
    Boot boot{.console = std::move(console)};
    ManualClock clock;
    FrameReader reader(
        clock,
        [&](std::string_view body) {
          auto message = decode_message(body);
          if (message.ok()) boot.messages.push_back(*message);
          return message.ok();
        },
        [&](std::string_view line) { boot.lines.emplace_back(line); });
    reader.feed(boot.console);
    reader.finish();
    boot.counts = reader.counts();
    return boot;
  }

  static RunOrder misbehave(std::string how, std::vector<std::string> more = {}, double deadline = 0) {
    more.insert(more.begin(), how);
    return {
        .scenario = how, .program = "/aios/bin/misbehave", .arguments = std::move(more), .deadline_seconds = deadline};
  }

  fs::path kernel_;
  GuestBase base_;
  std::optional<ScratchFolder> scratch_;
};

TEST_F(GuestBoot, EveryEndIsReportedAndTheNextOneRuns) {
  const Orders orders{.sysctls = {"vm.overcommit_memory=1", "no.such.setting=1"},
                      .runs = {misbehave("segfault"),
                               misbehave("exit", {"3"}),
                               misbehave("abort"),
                               misbehave("orphan"),
                               misbehave("kill-init"),
                               {"missing", "/aios/bin/none", {}, 0},
                               misbehave("arguments", {"two words", "", "100%"})}};
  const Boot first = boot(orders);
  EXPECT_TRUE(first.ended_by_itself);
  EXPECT_EQ(first.counts.damaged(), 0U) << first.console;
  ASSERT_EQ(first.all<message::Hello>().size(), 1U) << first.console;
  EXPECT_THAT(first.all<message::Hello>()[0].kernel, StartsWith("Linux "));
  EXPECT_THAT(first.all<message::Hello>()[0].command_line, HasSubstr("nokaslr"));
  EXPECT_EQ(first.all<message::Ready>().size(), 1U);
  EXPECT_EQ(first.all<message::Begin>().size(), 7U);
  EXPECT_EQ(first.all<message::Done>().size(), 1U);
  EXPECT_EQ(first.messages.front().index(), Message(message::Log{}).index()) << "the sysctl's failure comes first";
  EXPECT_THAT(first.all<message::Log>()[0].text, HasSubstr("no.such.setting"));

  const auto ends = first.all<message::End>();
  ASSERT_EQ(ends.size(), 7U);
  std::vector<std::string> seen;
  for (const auto& end : ends) seen.push_back(fmt::format("{} {} {}", end.scenario, end.exit, end.signal));
  EXPECT_THAT(seen, ElementsAre("segfault 0 11", "exit 3 0", "abort 0 6", "orphan 0 0", "kill-init 0 0",
                                "missing 127 0", "arguments 0 0"));
  EXPECT_THAT(ends[0].detail, HasSubstr("Segmentation fault; kernel: "));
  EXPECT_THAT(ends[0].detail, HasSubstr("segfault at 0"));
  EXPECT_THAT(ends[5].detail, HasSubstr("cannot run /aios/bin/none: No such file"));
  std::vector<std::string> arguments;
  for (const auto& check : first.all<message::Check>()) arguments.push_back(check.detail);
  EXPECT_THAT(arguments, ElementsAre("two words", "", "100%", "exact", "arguments", ""));

  EXPECT_EQ(boot(orders).console, first.console) << "exact mode is the same twice";
}

TEST_F(GuestBoot, DeadlinesAndRebootInTimedMode) {
  const Boot timed = boot(Orders{.mode = Mode::timed,
                                 .runs = {misbehave("hang", {}, 0.3), misbehave("arguments", {}, 0.3)},
                                 .end = EndOrder::reboot});
  EXPECT_TRUE(timed.ended_by_itself);
  const auto ends = timed.all<message::End>();
  ASSERT_EQ(ends.size(), 2U) << timed.console;
  EXPECT_EQ(ends[0].signal, 9);
  EXPECT_THAT(ends[0].detail, HasSubstr("deadline of 300 ms"));
  EXPECT_TRUE(ends[1].success());
  EXPECT_EQ(timed.all<message::Check>()[0].detail, "timed");
}

TEST_F(GuestBoot, WithoutOrdersOrWithWrongOnesItSaysSoAndEnds) {
  const auto wrong =
      pack_initramfs({text_entry("/aios/orders", "aios-orders 1\nrun\nfly away\nmodule /none.ko\nend never\n")});
  ASSERT_TRUE(wrong.ok());
  const Boot confused = boot(write_image(scratch_->path() / "initrd", {base_.bytes, *wrong}));
  EXPECT_TRUE(confused.ended_by_itself);
  std::vector<std::string> texts;
  for (const auto& log : confused.all<message::Log>()) texts.push_back(log.text);
  EXPECT_THAT(texts, ElementsAre(HasSubstr("run"), HasSubstr("fly away"), HasSubstr("/none.ko: No such file"),
                                 HasSubstr("end never")));
  EXPECT_EQ(confused.all<message::Done>().size(), 1U);
}

TEST_F(GuestBoot, TheSmallShellIsInteractive) {
  const auto image = write_guest_image(base_, {.shell = true}, scratch_->path() / "initrd");
  ASSERT_TRUE(image.ok());
  int in[2], out[2];
  ASSERT_EQ(::pipe2(in, O_CLOEXEC), 0);
  ASSERT_EQ(::pipe2(out, O_CLOEXEC), 0);
  UniqueFd in_read(in[0]), in_write(in[1]), out_read(out[0]), out_write(out[1]);
  Command command = qemu(*image, "stdio");
  command.stdin_fd = in_read.get();
  command.stdout_fd = out_write.get();
  auto child = Child::spawn(command);
  ASSERT_TRUE(child.ok()) << child.error().describe();
  out_write.reset();

  // Each line is typed when the prompt for it is there.
  const std::vector<std::string> typed = {"ls /aios/bin\n", "misbehave exit 4\n", "fly\n", "exit\n"};
  const SystemClock clock;
  const Deadline deadline(clock, std::chrono::seconds(100));
  std::string console;
  std::size_t prompts = 0, searched = 0;
  while (!deadline.passed()) {
    pollfd poll{.fd = out_read.get(), .events = POLLIN};
    if (::poll(&poll, 1, deadline.left_ms()) <= 0) continue;
    char buffer[4096];
    const ssize_t got = ::read(out_read.get(), buffer, sizeof buffer);
    if (got <= 0) break;
    console.append(buffer, static_cast<std::size_t>(got));
    for (std::size_t at = 0; (at = console.find("aios# ", searched)) != std::string::npos && prompts < typed.size();) {
      const std::string& line = typed[prompts++];
      ASSERT_EQ(::write(in_write.get(), line.data(), line.size()), static_cast<ssize_t>(line.size()));
      searched = at + 6;
    }
  }
  const Boot boot = read_console(console);
  EXPECT_EQ(prompts, typed.size()) << console;
  EXPECT_THAT(boot.lines, Contains("misbehave")) << console;
  EXPECT_THAT(console, HasSubstr("[exit 4, signal 0]"));
  EXPECT_THAT(console, HasSubstr("cannot run /aios/bin/fly: No such file"));
  EXPECT_EQ(boot.all<message::Done>().size(), 1U) << console;
}

}  // namespace
}  // namespace aios
