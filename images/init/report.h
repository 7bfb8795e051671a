// SPDX-License-Identifier: Apache-2.0
// What PID 1 says to the harness: the frames of harness/guest/frame.h, on the console.
#pragma once

#include <cstddef>

namespace aios::init {

void report_hello();
void report_ready();
void report_begin(const char* scenario);
void report_end(const char* scenario, int exit_code, int signal, const char* detail);
void report_done();

// Trouble that a person should read. The second says why, by errno.
void report_log(const char* text);
void report_failure(const char* what, const char* which, int error);

// The beginning of a file, terminated; the number of bytes, or -1 with errno set.
long read_start(const char* path, char* buffer, std::size_t size);

}  // namespace aios::init
