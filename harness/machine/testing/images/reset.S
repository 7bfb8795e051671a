# SPDX-License-Identifier: Apache-2.0
# Says its line, then resets the machine through port 0xcf9.
.include "kernel.inc"
main:
        SAY "tiny kernel: going down for reset\r\n"
        movw $0xcf9, %dx
        movb $0x06, %al
        outb %al, %dx
        ret
