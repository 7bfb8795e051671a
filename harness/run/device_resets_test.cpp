// SPDX-License-Identifier: Apache-2.0
#include "harness/run/device_resets.h"

#include <gtest/gtest.h>

namespace aios {
namespace {

TEST(DeviceResets, TheSlowestIsTheFigure) {
  BootPhases phases;
  std::vector<Sample> samples;
  device_reset_samples(phases, samples);
  EXPECT_TRUE(samples.empty());
  phases.parts = {{"power", Duration(5)}, {"reset 0000:01:00.0", Duration(90)}, {"reset 0000:01:00.1", Duration(30)}};
  device_reset_samples(phases, samples);
  ASSERT_EQ(samples.size(), 1U);
  EXPECT_EQ(samples[0].metric, "gpu.reset_time");
  EXPECT_EQ(samples[0].value, 90);
  EXPECT_EQ(samples[0].detail, "0000:01:00.0");
}

}  // namespace
}  // namespace aios
