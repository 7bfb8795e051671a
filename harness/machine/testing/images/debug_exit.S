# SPDX-License-Identifier: Apache-2.0
# Ends through isa-debug-exit with the value 21.
.include "kernel.inc"
main:
        SAY "tiny kernel: BOOT OK\r\n"
        movb $21, %al
        outb %al, $0xf4
        ret
