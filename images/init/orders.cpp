// SPDX-License-Identifier: Apache-2.0
#include "images/init/orders.h"

#include <cerrno>
#include <cstring>

#include "harness/guest/mark.h"
#include "harness/guest/orders_limits.h"
#include "images/init/child.h"
#include "images/init/conditions.h"
#include "images/init/fw_cfg.h"
#include "images/init/report.h"
#include "images/init/setup.h"
#include "images/init/shell.h"
#include "images/init/text.h"

namespace aios::init {
namespace {

struct Words {
  char* at[wire::kMaxOrderWords + 1] = {};  // ends with nullptr
  std::size_t count = 0;
};

struct State {
  bool may_have_more = true;  // orders of the second kind do not lead on to a third
  const char* mode = "exact";
  long deadline_ms = 0;
  Ending* ending = nullptr;
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// %20 becomes a blank; a lone % is the empty word.
void decode(char* word) {
  char* out = word;
  for (const char* in = word; *in != '\0'; ++in) {
    if (*in == '%' && hex_digit(in[1]) >= 0 && hex_digit(in[2]) >= 0) {
      *out++ = static_cast<char>(hex_digit(in[1]) * 16 + hex_digit(in[2]));
      in += 2;
    } else if (*in != '%') {
      *out++ = *in;
    }
  }
  *out = '\0';
}

Words split(char* line) {
  Words words;
  char* rest = line;
  for (char* word = ::strsep(&rest, " "); word != nullptr; word = ::strsep(&rest, " ")) {
    if (*word == '\0' || words.count == wire::kMaxOrderWords) continue;
    decode(word);
    words.at[words.count++] = word;
  }
  return words;
}

bool is(const char* word, const char* name) { return ::strcmp(word, name) == 0; }

long number(const char* text) {
  long value = 0;
  for (; *text >= '0' && *text <= '9' && value < 100'000'000; ++text) value = value * 10 + (*text - '0');
  return value;
}

void run(Words& words, const State& state) {
  announce_ready();
  const char* const scenario = words.at[1];
  report_begin(scenario);
  const Outcome outcome =
      run_program(words.at + 2, {.scenario = scenario, .mode = state.mode, .deadline_ms = state.deadline_ms});
  report_end(scenario, outcome.exit_code, outcome.signal, outcome.detail);
}

bool parse_ending(const char* word, Ending& ending) {
  if (is(word, "poweroff")) return ending = Ending::power_off, true;
  if (is(word, "reboot")) return ending = Ending::reboot, true;
  if (is(word, "halt")) return ending = Ending::halt, true;
  if (is(word, "exit")) return ending = Ending::debug_exit, true;
  return false;
}

void follow_text(char* text, State& state);

// Between POINT 4 and POINT 5 a guest can be saved: whoever goes on from there reads orders of its own.
bool follow_more(const char* name, State& state) {
  if (!state.may_have_more) return false;
  state.may_have_more = false;
  mark_ready();
  AIOS_MARK_POINT(4);
  const bool allowed = allow_fw_cfg(true);
  AIOS_MARK_POINT(5);
  static char text[wire::kMaxOrders + 1];
  const long length = allowed ? read_fw_cfg(name, text, sizeof text) : -1;
  const int error = allowed ? ENOENT : errno;
  // Without ports a process is switched to and from as any other.
  if (allowed) allow_fw_cfg(false);
  announce_ready();
  if (length < 0) {
    report_failure("cannot read the orders in", name, error);
  } else {
    follow_text(text, state);
  }
  return true;
}

bool follow(Words& words, State& state) {
  const char* const order = words.at[0];
  if (is(order, "shell")) {
    announce_ready();
    run_shell(state.mode);
    return true;
  }
  if (is(order, "throttling")) {
    tell_throttling();
    return true;
  }
  if (words.count < 2) return false;
  char* const first = words.at[1];
  if (is(order, "mode")) {
    state.mode = is(first, "timed") ? "timed" : "exact";
  } else if (is(order, "console")) {
    set_console_level(static_cast<int>(number(first)));
  } else if (is(order, "module")) {
    load_module(first, words.at + 2);
  } else if (is(order, "sysctl")) {
    apply_sysctl(first);
  } else if (is(order, "condition") && words.count >= 4) {
    set_condition(first, words.at[2], words.at + 3);
  } else if (is(order, "deadline")) {
    state.deadline_ms = number(first);
  } else if (is(order, "run") && words.count >= 3) {
    run(words, state);
  } else if (is(order, "more")) {
    return follow_more(first, state);
  } else if (is(order, "end")) {
    return parse_ending(first, *state.ending);
  } else {
    return false;
  }
  return true;
}

void follow_text(char* text, State& state) {
  char* rest = text;
  char* line = ::strsep(&rest, "\n");
  if (line == nullptr || !is(line, "aios-orders 1")) {
    report_log("aios-init: the orders are not of version 1: nothing is run");
    return;
  }
  while ((line = ::strsep(&rest, "\n")) != nullptr) {
    if (*line == '\0' || *line == '#') continue;
    Text<128> shown;
    shown << "aios-init: cannot follow the order: " << line;
    Words words = split(line);
    if (words.count > 0 && !follow(words, state)) report_log(shown.c_str());
  }
}

}  // namespace

void mark_ready() {
  static bool marked = false;
  if (marked) return;
  marked = true;
  AIOS_MARK_POINT(2);  // before the frames: writing to a serial line is not part of becoming ready
}

void announce_ready() {
  static bool announced = false;
  if (announced) return;
  announced = true;
  mark_ready();
  report_hello();
  report_ready();
}

bool follow_orders(const char* path, Ending& ending) {
  static char text[wire::kMaxOrders + 1];
  if (read_start(path, text, sizeof text) < 0) return false;
  State state{.ending = &ending};
  follow_text(text, state);
  return true;
}

}  // namespace aios::init
