// SPDX-License-Identifier: Apache-2.0
// The interactive console of `aios-bench shell`: busybox's or the image's own shell where there is one, else a small
// one that can look around and start programs.
#pragma once

namespace aios::init {

void run_shell(const char* mode);

}  // namespace aios::init
