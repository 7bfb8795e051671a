// SPDX-License-Identifier: Apache-2.0
// Bytes as text that any carrier takes: base64 with its padding, on one line (RFC 4648).
#pragma once

#include <string>
#include <string_view>

namespace aios {

std::string base64(std::string_view bytes);

}  // namespace aios
