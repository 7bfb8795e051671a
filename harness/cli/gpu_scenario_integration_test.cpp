// SPDX-License-Identifier: Apache-2.0
// The scenario `gpu` in a real guest with an emulated display, which the guest's kernel has no driver for, and without.
// It needs the kernel `debian` in the store that AIOS_BENCH_HOME names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "harness/cli/testing/bench_program.h"

namespace aios {
namespace {

// The harness's data with another machine in the scenario: one that has this device, or none.
std::map<std::string, Json> samples_with(const std::string& device) {
  const auto scratch = ScratchFolder::create("aios-gpu-scenario").value();
  const fs::path source = AIOS_SOURCE_DIR, data = scratch.path();
  fs::create_directories(data / "scenarios/gpu");
  fs::create_directories(data / "harness");
  fs::create_directory_symlink(source / "kernels", data / "kernels");
  fs::copy(source / "harness/claims.toml", data / "harness/claims.toml");
  std::string scenario = read_file(source / "scenarios/gpu/scenario.toml").value();
  const auto at = scenario.find("program = ");
  EXPECT_NE(at, std::string::npos);
  if (!device.empty()) scenario.insert(at, "devices = [\"" + device + "\"]\n");
  EXPECT_TRUE(write_file_atomic(data / "scenarios/gpu/scenario.toml", scenario).ok());
  EXPECT_TRUE(write_file_atomic(data / "machines.toml",
                                "[machine.stand-in]\nlike = \"qemu-tcg\"\n"
                                "abilities = [\"boot\", \"guest_program\", \"console\", \"gpu\"]\n")
                  .ok());
  const Json run = bench_json({"run", "debian", "--scenario", "gpu", "--machine", "stand-in", "--machines",
                               (data / "machines.toml").string(), "--boots", "1", "--json"},
                              0, {{"AIOS_BENCH_DATA", data.string()}});
  std::map<std::string, Json> samples;
  for (const auto& sample : run.value("samples", Json::array())) samples[sample.value("metric", "")] = sample;
  return samples;
}

TEST(GpuScenario, ADisplayWithoutADriverIsFoundAndRead) {
  auto samples = samples_with("ati-vga,romfile=");
  EXPECT_EQ(samples["gpu.present"].value("value", -1.0), 1);
  EXPECT_EQ(samples["gpu.registers_readable"].value("value", -1.0), 1);
  EXPECT_EQ(samples["gpu.driver_loaded"].value("value", -1.0), 0);
  EXPECT_EQ(samples.count("gpu.telemetry"), 0U) << "what nobody tells is left out";
  EXPECT_EQ(samples["gpu.memory"].value("value", -1.0), 16U << 20);
  EXPECT_EQ(samples["gpu.registers_bytes"].value("value", -1.0), 16384);
}

TEST(GpuScenario, WithoutADeviceItIsANo) {
  auto samples = samples_with("");
  EXPECT_EQ(samples["gpu.present"].value("value", -1.0), 0);
  EXPECT_EQ(samples.count("gpu.driver_loaded"), 0U);
}

}  // namespace
}  // namespace aios
