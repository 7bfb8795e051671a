// SPDX-License-Identifier: Apache-2.0
// What the guest marked: regions, the iterations inside them, points on the timeline. The guest is not trusted:
// whatever order its marks come in, memory and output stay bounded, and what made no sense is counted as a mark error.
//
// At most one region is open, and at most one iteration in it. A region that begins while another is open ends the
// other as incomplete: a program that crashed between its marks does not spoil the next one.
#pragma once

#include "classes.h"
#include "decode.h"
#include "output.h"
#include "profile.h"

namespace aios::count {

struct MarkErrors {
  std::uint64_t region_not_ended = 0;     // a region began, or the run ended, while one was open
  std::uint64_t region_not_begun = 0;     // a region ended and none was open
  std::uint64_t iteration_not_ended = 0;  // an iteration began, or its region ended, while one was open
  std::uint64_t iteration_not_begun = 0;  // an iteration ended and none was open
  std::uint64_t iteration_outside = 0;    // an iteration began outside a region
  std::uint64_t too_many_regions = 0;     // regions past the bound: not reported
  std::uint64_t too_many_points = 0;      // points past the bound: not reported
};

class Regions {
 public:
  static constexpr std::uint64_t kMaxRegions = 4096;
  static constexpr std::uint64_t kMaxPoints = 4096;
  static constexpr std::uint64_t kMaxKept = 65536;
  static constexpr std::uint64_t kMaxRuns = 4096;

  // interrupts_known: the vector tells interrupts, so that they need not be guessed from iret.
  Regions(Output& out, bool interrupts_known) : out_(&out), interrupts_known_(interrupts_known) {}
  ~Regions();
  Regions(const Regions&) = delete;
  Regions& operator=(const Regions&) = delete;
  void know_interrupts(bool known) { interrupts_known_ = known; }  // before the first mark
  void keep_profile(Profile& profile) { profile_ = &profile; }     // likewise

  // `now` is the vector before the mark itself is executed.
  void mark(MarkKind kind, std::uint8_t id, const Vector& now);
  void finish(const Vector& now);

  std::uint64_t regions() const { return regions_; }
  std::uint64_t points() const { return points_; }
  const MarkErrors& errors() const { return errors_; }

 private:
  void begin_region(const Vector& now);
  void end_region(const Vector& now, bool complete);
  void begin_iteration(const Vector& now);
  void end_iteration(const Vector& now);
  void point(std::uint8_t id, const Vector& now);
  bool keep(const Vector& v);
  const Vector* write_iterations();  // an iteration that is typical
  void write_runs(Class rule, std::uint64_t quiet);

  Output* out_;
  Profile* profile_ = nullptr;
  bool interrupts_known_;
  bool in_region_ = false, in_iteration_ = false;
  std::uint32_t next_tag_ = 0, tag_ = 0;
  Vector region_at_{}, iteration_at_{}, sum_{};
  Vector* kept_ = nullptr;
  std::uint32_t* order_ = nullptr;  // indices into kept_, for sorting
  std::size_t capacity_ = 0;
  std::uint64_t iterations_ = 0, kept_count_ = 0;
  std::uint64_t regions_ = 0, points_ = 0;
  MarkErrors errors_;
};

}  // namespace aios::count
