// SPDX-License-Identifier: Apache-2.0
// An operation: what one metric measures, written once and freestanding, so that the same source runs under Google
// Benchmark on Linux and on this host, and under a driver of their own in kernels that have no C library.
//
//   prepare   gets ready, not measured; says Unavailable with a reason where the kernel lacks what it takes
//   before    what every `once` needs anew, not measured (may be null)
//   once      the thing itself, and nothing else; the cost of calling it is measured as `_overhead` and taken off
//   finish    puts everything back, also after a prepare that said Unavailable half-way
//
// A scenario's folder has one table of them; nothing registers itself at start-up.
#pragma once

#include <new>  // freestanding: placement new only

namespace aios::scenario {

enum class Readiness { ready, unavailable };

// What an operation works on. The driver makes a fresh one for each operation.
struct Context {
  long size = 0;                                          // the operation's own parameter, from its table
  const char* folder = "/tmp";                            // where small files may be made
  int (*clock_gettime)(int clock, void* time) = nullptr;  // as a program calls it
  const char* reason = "";                                // why prepare said unavailable
  long error = 0;                                         // the error number that came with it, or 0
  long failures = 0;                                      // of `once`: its figure is worth nothing then

  // `once` says what it expects; one comparison, never taken.
  void expect(bool held) {
    if (__builtin_expect(!held, 0)) ++failures;
  }
  Readiness unavailable(const char* why, long result = 0) {
    reason = why;
    error = result < 0 ? -result : 0;
    return Readiness::unavailable;
  }

  // What an operation remembers between its parts: made first thing in prepare, found again by the others.
  template <typename T>
  T& make_state() {
    static_assert(sizeof(T) <= sizeof(memory) && alignof(T) <= 64);
    return *new (memory) T();
  }
  template <typename T>
  T& state() {
    return *reinterpret_cast<T*>(memory);
  }
  alignas(64) unsigned char memory[256] = {};
};

struct Operation {
  const char* metric;
  Readiness (*prepare)(Context&);
  void (*once)(Context&);
  void (*finish)(Context&);
  void (*before)(Context&) = nullptr;
  long size = 0;
};

struct OperationTable {
  const char* scenario;
  const Operation* operations;
  unsigned count;
};

template <unsigned N>
constexpr OperationTable table_of(const char* scenario, const Operation (&operations)[N]) {
  return {scenario, operations, N};
}

// Every scenario's table; the list itself is made from the folders when the project is built.
struct OperationTables {
  const OperationTable* const* tables;
  unsigned count;
};
OperationTables all_operations();

}  // namespace aios::scenario
