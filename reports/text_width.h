// SPDX-License-Identifier: Apache-2.0
// How many cells of a terminal a text takes: combining marks none, East Asian and emoji characters two. Text must have
// gone through printable(): bytes that are not UTF-8 count as one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace aios {

std::size_t display_width(std::string_view text);
// At most `width` cells; what is cut is replaced by an ellipsis ("..." without Unicode).
std::string clip(std::string_view text, std::size_t width, bool unicode);

}  // namespace aios
