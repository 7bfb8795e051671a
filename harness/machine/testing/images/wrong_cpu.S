# SPDX-License-Identifier: Apache-2.0
# Refuses its processor in Linux's words.
.include "kernel.inc"
main:
        call vga_clear
        SHOW "This kernel requires an x86-64 CPU, but only detected an i686 CPU."
        movl $160, cursor
        SHOW "Unable to boot - please use a kernel appropriate for your CPU."
        ret
