// SPDX-License-Identifier: Apache-2.0
// The parts of a run's JSON that are also stored one by one (the store writes a line a sample and a line a boot).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "harness/model/run_record.h"

namespace aios {

nlohmann::ordered_json sample_object(const Sample& sample);
Result<Sample> read_sample(const nlohmann::json& object, const std::string& where);

// Without what differs between equal runs (attempts): that is the provenance's.
nlohmann::ordered_json boot_object(const BootRecord& boot);
Result<BootRecord> read_boot(const nlohmann::json& object, const std::string& where);

// The run without its boots and samples: the head of a bundle.
nlohmann::ordered_json head_object(const RunRecord& run);

}  // namespace aios
