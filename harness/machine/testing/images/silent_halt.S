# SPDX-License-Identifier: Apache-2.0
# Alive and invisible: halts without a word.
.include "kernel.inc"
main:
        ret
