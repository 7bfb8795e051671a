# SPDX-License-Identifier: Apache-2.0
# Prints lines for ever.
.include "kernel.inc"
main:
        SAY "noise noise noise noise noise noise noise noise noise noise noise noise noise\r\n"
        jmp main
