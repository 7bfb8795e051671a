// SPDX-License-Identifier: Apache-2.0
// What several checks need: whole small files, folders for this check alone, a child that answers.
#pragma once

#include <cstddef>

namespace aios::checklist {

// A file's text, cut at the buffer's end. False: it cannot be read (errno).
bool read_text(const char* path, char* to, std::size_t size);
// One write, without creating the file.
bool write_text(const char* path, const char* text);
bool create_file(const char* path, const char* text);
bool holds(const char* path, const char* text);  // the file's text is exactly this
bool exists(const char* path);
bool make_folder(const char* path);
// A folder below this check's scratch folder, made; the text lives until the program ends.
const char* scratch(const char* name);

int fork_child();
int reap_child(int child);  // its exit code, or 256 + the signal that ended it, or -1
[[noreturn]] void leave(int code);

template <typename Body>
int in_child(Body body) {
  const int child = fork_child();
  if (child == 0) leave(body());
  return reap_child(child);
}

bool wait_until(bool (*done)(), int milliseconds);  // looks every 10 ms

}  // namespace aios::checklist
