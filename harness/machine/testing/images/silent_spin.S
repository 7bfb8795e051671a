# SPDX-License-Identifier: Apache-2.0
# Spins without a word.
.include "kernel.inc"
main:
        jmp main
