// SPDX-License-Identifier: Apache-2.0
// The kernel as the operations call it: Linux system calls without a C library, each a function that returns what the
// kernel returned (a negative error number where it failed). A kernel of our own brings a sys.h of its own.
#pragma once

#include <asm/unistd.h>

#ifndef __x86_64__
#error "the operations know the system calls of Linux on x86-64 only"
#endif

namespace aios::sys {

#define AIOS_SYSCALL_INLINE [[gnu::always_inline]] inline

AIOS_SYSCALL_INLINE long call(long number) {
  long result;
  asm volatile("syscall" : "=a"(result) : "a"(number) : "rcx", "r11", "memory");
  return result;
}
AIOS_SYSCALL_INLINE long call(long number, long a) {
  long result;
  asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a) : "rcx", "r11", "memory");
  return result;
}
AIOS_SYSCALL_INLINE long call(long number, long a, long b) {
  long result;
  asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b) : "rcx", "r11", "memory");
  return result;
}
AIOS_SYSCALL_INLINE long call(long number, long a, long b, long c) {
  long result;
  asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}
AIOS_SYSCALL_INLINE long call(long number, long a, long b, long c, long d) {
  long result;
  register long r10 asm("r10") = d;
  asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
  return result;
}
AIOS_SYSCALL_INLINE long call(long number, long a, long b, long c, long d, long e, long f = 0) {
  long result;
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
}

template <typename T>
AIOS_SYSCALL_INLINE long as_long(T* pointer) {
  return reinterpret_cast<long>(pointer);
}

AIOS_SYSCALL_INLINE long getppid() { return call(__NR_getppid); }
AIOS_SYSCALL_INLINE long sched_yield() { return call(__NR_sched_yield); }
AIOS_SYSCALL_INLINE long read(long fd, void* to, long size) { return call(__NR_read, fd, as_long(to), size); }
AIOS_SYSCALL_INLINE long write(long fd, const void* from, long size) {
  return call(__NR_write, fd, as_long(from), size);
}
AIOS_SYSCALL_INLINE long pread(long fd, void* to, long size, long at) {
  return call(__NR_pread64, fd, as_long(to), size, at);
}
AIOS_SYSCALL_INLINE long open(const char* path, long flags, long mode = 0) {
  return call(__NR_open, as_long(path), flags, mode);
}
AIOS_SYSCALL_INLINE long close(long fd) { return call(__NR_close, fd); }
AIOS_SYSCALL_INLINE long unlink(const char* path) { return call(__NR_unlink, as_long(path)); }
AIOS_SYSCALL_INLINE long ftruncate(long fd, long size) { return call(__NR_ftruncate, fd, size); }
AIOS_SYSCALL_INLINE long pipe(int* ends) { return call(__NR_pipe, as_long(ends)); }
AIOS_SYSCALL_INLINE long fork() { return call(__NR_fork); }
AIOS_SYSCALL_INLINE long kill(long pid, long signal) { return call(__NR_kill, pid, signal); }
AIOS_SYSCALL_INLINE long wait4(long pid, int* status, long options = 0) {
  return call(__NR_wait4, pid, as_long(status), options, 0);
}
AIOS_SYSCALL_INLINE long execve(const char* path, const char* const* words, const char* const* environment) {
  return call(__NR_execve, as_long(path), as_long(words), as_long(environment));
}
AIOS_SYSCALL_INLINE long munmap(void* at, long size) { return call(__NR_munmap, as_long(at), size); }
AIOS_SYSCALL_INLINE long madvise(void* at, long size, long advice) {
  return call(__NR_madvise, as_long(at), size, advice);
}
AIOS_SYSCALL_INLINE long futex(const unsigned* word, long operation, unsigned value) {
  return call(__NR_futex, as_long(word), operation, value, 0);
}
[[noreturn]] AIOS_SYSCALL_INLINE void exit_thread(long code) {
  for (;;) call(__NR_exit, code);
}
[[noreturn]] AIOS_SYSCALL_INLINE void exit_process(long code) {
  for (;;) call(__NR_exit_group, code);
}
// nullptr where the kernel refused.
AIOS_SYSCALL_INLINE void* mmap(long size, long protection, long flags, long fd = -1) {
  const long at = call(__NR_mmap, 0, size, protection, flags, fd, 0);
  return at < 0 && at > -4096 ? nullptr : reinterpret_cast<void*>(at);
}

// A task that shares this one's memory and runs body(argument) on a stack of its own, then exits with what it returned.
// `word` becomes the task's id, and 0 with a futex wake when it ends, if the flags say so.
[[gnu::noinline]] inline long clone_on_stack(long flags, void* stack_end, long (*body)(void*), void* argument,
                                             int* word) {
  auto* top = static_cast<void**>(stack_end);
  *--top = argument;
  *--top = reinterpret_cast<void*>(body);
  long result;
  register int* r10 asm("r10") = word;
  register long r8 asm("r8") = 0;
  asm volatile(
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xor %%ebp, %%ebp\n\t"
      "pop %%rax\n\t"
      "pop %%rdi\n\t"
      "call *%%rax\n\t"
      "mov %%rax, %%rdi\n\t"
      "mov %[exit], %%eax\n\t"
      "syscall\n\t"
      "hlt\n"
      "1:"
      : "=a"(result)
      : "a"(static_cast<long>(__NR_clone)), "D"(flags), "S"(top), "d"(word), "r"(r10), "r"(r8), [exit] "i"(__NR_exit)
      : "rcx", "r11", "memory");
  return result;
}

}  // namespace aios::sys
