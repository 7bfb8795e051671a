# SPDX-License-Identifier: Apache-2.0
# A success line that is gone from the screen soon after.
.include "kernel.inc"
main:
        call vga_clear
        SHOW "tiny kernel: VGA OK"
        movl $1500, %ecx
        call delay
        call vga_clear
        SHOW "idle"
        ret
