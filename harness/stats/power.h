// SPDX-License-Identifier: Apache-2.0
// What an experiment can see before it is made: the smallest shift that so many boots find at a level in so many cases
// of ten, and how many boots a shift needs. Up to 50 boots by simulation of the exact rank tests (seeded: the same
// figures everywhere), beyond by the planning formula. Normal noise; heavy tails need about half as much again.
//
// A shift is in units of the standard deviation: of a boot for two samples, of a block's difference for paired blocks
// (with relative noise, multiply by the coefficient of variation and read it as a ratio).
#pragma once

namespace aios::stats {

enum class Design {
  two_samples,    // n boots a side, Mann-Whitney
  paired_blocks,  // n blocks of A and B, signed-rank
};

// Infinite where n can never give a p at the level.
double detectable_shift(Design design, int n, double alpha, double power = 0.8);
double power_of_shift(Design design, int n, double alpha, double shift);
// Boots a side, or blocks; 0: not within `most`.
int boots_needed(Design design, double shift, double alpha, double power = 0.8, int most = 10'000);

// (z_{1-alpha/2} + z_power) * sqrt(2/n) / 0.977 (paired: sqrt(1/n)), a little more for few boots. What the three above
// use past 50.
double planned_shift(Design design, double n, double alpha, double power);

}  // namespace aios::stats
