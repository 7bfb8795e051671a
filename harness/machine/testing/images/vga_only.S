# SPDX-License-Identifier: Apache-2.0
# Speaks on the VGA text screen and on no serial line.
.include "kernel.inc"
main:
        call vga_clear
        SHOW "tiny kernel: VGA OK"
        ret
