# SPDX-License-Identifier: Apache-2.0
# A 64 KiB firmware image: starts at the reset vector, says its line on the serial port, halts.
.code16
.globl _start
_start:
        cli
        cld
        movw %cs, %ax
        movw %ax, %ds
        movw $text, %si
1:      lodsb
        testb %al, %al
        jz 2f
        movw $0x3f8, %dx
        outb %al, %dx
        jmp 1b
2:      hlt
        jmp 2b
text:   .asciz "tiny firmware: BOOT OK\r\n"
.org 0xfff0
        ljmp $0xf000, $_start
.org 0xffff
        .byte 0
