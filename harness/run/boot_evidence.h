// SPDX-License-Identifier: Apache-2.0
// A boot's evidence as text: whole for the bundle's logs, and as the one reason that stands in the record, which must
// not differ between two runs that failed alike.
#pragma once

#include <string>

#include "harness/machine/evidence.h"

namespace aios {

std::string describe_evidence(const BootEvidence& evidence);
// One sentence beside the end state, without the waiting times in it.
std::string stable_reason(const BootEvidence& evidence);

}  // namespace aios
