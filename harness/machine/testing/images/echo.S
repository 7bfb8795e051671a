# SPDX-License-Identifier: Apache-2.0
# Sends back every byte that it receives, and powers off after a 'q'.
.include "kernel.inc"
main:
        SAY "tiny kernel: echo ready\r\n"
1:      movw $COM1 + 5, %dx
        inb %dx, %al
        testb $1, %al
        jz 1b
        movw $COM1, %dx
        inb %dx, %al
        outb %al, %dx
        cmpb $'q', %al
        jne 1b
        movw $0x604, %dx
        movw $0x2000, %ax
        outw %ax, %dx
        ret
