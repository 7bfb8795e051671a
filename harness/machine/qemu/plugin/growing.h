// SPDX-License-Identifier: Apache-2.0
// An array that grows, and a table from numbers to indices, for plain data and without the C++ library (the plugin
// links none). What does not fit into memory is refused, never fatal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace aios::count {

template <typename T>
class Growing {
 public:
  Growing() = default;
  Growing(const Growing&) = delete;
  Growing& operator=(const Growing&) = delete;
  ~Growing() { std::free(items_); }

  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return items_[i]; }
  const T& operator[](std::size_t i) const { return items_[i]; }
  T* begin() { return items_; }
  T* end() { return items_ + size_; }
  const T* begin() const { return items_; }
  const T* end() const { return items_ + size_; }
  void clear() { size_ = 0; }
  void swap(Growing& other) {
    std::swap(items_, other.items_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  bool push(const T& item) {
    if (size_ == capacity_ && !reserve(capacity_ == 0 ? 64 : capacity_ * 2)) return false;
    items_[size_++] = item;
    return true;
  }

  // New items are zero.
  bool grow_to(std::size_t wanted) {
    if (wanted <= size_) return true;
    if (wanted > capacity_ && !reserve(wanted < capacity_ * 2 ? capacity_ * 2 : wanted)) return false;
    std::memset(static_cast<void*>(items_ + size_), 0, (wanted - size_) * sizeof(T));
    size_ = wanted;
    return true;
  }

 private:
  bool reserve(std::size_t capacity) {
    auto* const grown = static_cast<T*>(std::realloc(static_cast<void*>(items_), capacity * sizeof(T)));
    if (grown == nullptr) return false;
    items_ = grown;
    capacity_ = capacity;
    return true;
  }

  T* items_ = nullptr;
  std::size_t size_ = 0, capacity_ = 0;
};

// From two numbers to an index below 2^32 - 1.
class IndexTable {
 public:
  static constexpr std::uint32_t kNone = 0xffffffffU;

  std::uint32_t get(std::uint64_t a, std::uint64_t b) const {
    return slots_.size() == 0 ? kNone : slots_[place(a, b)].index;
  }

  // Nothing stands under these numbers yet. False: out of memory.
  bool put(std::uint64_t a, std::uint64_t b, std::uint32_t index) {
    if (used_ * 4 >= slots_.size() * 3 && !widen()) return false;
    slots_[place(a, b)] = {a, b, index};
    ++used_;
    return true;
  }

 private:
  struct Slot {
    std::uint64_t a, b;
    std::uint32_t index;
  };

  std::size_t place(std::uint64_t a, std::uint64_t b) const {
    std::uint64_t x = a * 0x9e3779b97f4a7c15U + b;
    x ^= x >> 31;
    x *= 0xbf58476d1ce4e5b9U;
    x ^= x >> 29;
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = x & mask;
    while (slots_[at].index != kNone && (slots_[at].a != a || slots_[at].b != b)) at = (at + 1) & mask;
    return at;
  }

  bool widen() {
    Growing<Slot> old;
    old.swap(slots_);
    const std::size_t wanted = old.size() == 0 ? 256 : old.size() * 2;
    if (!slots_.grow_to(wanted)) {
      slots_.swap(old);
      return false;
    }
    for (Slot& slot : slots_) slot.index = kNone;
    for (const Slot& slot : old) {
      if (slot.index != kNone) slots_[place(slot.a, slot.b)] = slot;
    }
    return true;
  }

  Growing<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace aios::count
