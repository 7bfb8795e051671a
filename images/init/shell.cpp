// SPDX-License-Identifier: Apache-2.0
#include "images/init/shell.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/klog.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

#include "harness/guest/frame_sink.h"
#include "images/init/child.h"
#include "images/init/text.h"

namespace aios::init {
namespace {

constexpr std::size_t kMaxWords = 32;

void say(const char* text) { wire::send_bytes(STDOUT_FILENO, text, ::strlen(text)); }

void complain(const char* what) {
  Text<512> text;
  text << what << ": " << ::strerrordesc_np(errno) << '\n';
  say(text.c_str());
}

void list(const char* path) {
  DIR* const folder = ::opendir(path);
  if (folder == nullptr) return complain(path);
  while (const dirent* entry = ::readdir(folder)) {
    Text<300> line;
    line << entry->d_name << (entry->d_type == DT_DIR ? "/\n" : "\n");
    if (entry->d_name[0] != '.') say(line.c_str());
  }
  ::closedir(folder);
}

void show(const char* path) {
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return complain(path);
  char buffer[1024];
  for (ssize_t got = 0; (got = ::read(fd, buffer, sizeof buffer)) > 0;) {
    wire::send_bytes(STDOUT_FILENO, buffer, static_cast<std::size_t>(got));
  }
  ::close(fd);
}

void show_kernel_log() {
  static char log[65536];
  constexpr int kReadAll = 3;  // SYSLOG_ACTION_READ_ALL
  const int length = ::klogctl(kReadAll, log, sizeof log);
  if (length > 0) wire::send_bytes(STDOUT_FILENO, log, static_cast<std::size_t>(length));
}

void start_program(const char** words, const char* mode) {
  Text<512> path;
  if (::strchr(words[0], '/') == nullptr) path << "/aios/bin/";
  path << words[0];
  words[0] = path.c_str();
  const Outcome outcome = run_program(words, {.scenario = "shell", .mode = mode, .interactive = true});
  if (outcome.exit_code == 0 && outcome.signal == 0) return;
  Text<600> text;
  text << "[exit " << outcome.exit_code << ", signal " << outcome.signal << "] " << outcome.detail << '\n';
  say(text.c_str());
}

// False: the person has had enough.
bool obey(char* line, const char* mode) {
  const char* words[kMaxWords + 1] = {};
  std::size_t count = 0;
  for (char* word = ::strsep(&line, " \t\r\n"); word != nullptr; word = ::strsep(&line, " \t\r\n")) {
    if (*word != '\0' && count < kMaxWords) words[count++] = word;
  }
  if (count == 0) return true;
  const auto is = [&](const char* name) { return ::strcmp(words[0], name) == 0; };
  if (is("exit") || is("poweroff")) return false;
  if (is("help")) {
    say("ls [FOLDER], cat FILE..., cd FOLDER, dmesg, exit; anything else is a program (a path, or a name in "
        "/aios/bin)\n");
  } else if (is("ls")) {
    list(count > 1 ? words[1] : ".");
  } else if (is("cat")) {
    for (std::size_t i = 1; i < count; ++i) show(words[i]);
  } else if (is("cd")) {
    if (::chdir(count > 1 ? words[1] : "/") != 0) complain(words[1]);
  } else if (is("dmesg")) {
    show_kernel_log();
  } else {
    start_program(words, mode);
  }
  return true;
}

void small_shell(const char* mode) {
  say("aios-init's own small shell; \"help\" says what it knows\n");
  for (;;) {
    say("aios# ");
    char line[1024];
    const ssize_t got = ::read(STDIN_FILENO, line, sizeof line - 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    line[got] = '\0';
    if (!obey(line, mode)) return;
  }
}

}  // namespace

void run_shell(const char* mode) {
  const RunEnvironment environment{.scenario = "shell", .mode = mode, .interactive = true};
  if (::access("/bin/busybox", X_OK) == 0) {
    const char* const install[] = {"/bin/busybox", "--install", "-s", "/bin", nullptr};
    run_program(install, {.scenario = "shell", .mode = mode});
    const char* const argv[] = {"/bin/busybox", "sh", "-l", nullptr};
    run_program(argv, environment);
  } else if (::access("/bin/sh", X_OK) == 0) {
    const char* const argv[] = {"/bin/sh", "-l", nullptr};
    run_program(argv, environment);
  } else {
    small_shell(mode);
  }
}

}  // namespace aios::init
