# SPDX-License-Identifier: Apache-2.0
# A boot sector that speaks through the BIOS screen and the serial port, and halts: the head of the disk and floppy images.
.code16
.globl _start
_start:
        cli
        cld
        xorw %ax, %ax
        movw %ax, %ds
        movw %ax, %ss
        movw $0x7c00, %sp
        movw $text, %si
1:      lodsb
        testb %al, %al
        jz 2f
        movw $0x3f8, %dx
        outb %al, %dx
        movb $0x0e, %ah
        xorw %bx, %bx
        int $0x10
        jmp 1b
2:      hlt
        jmp 2b
text:   .asciz "boot sector: BOOT OK\r\n"
.org 510
        .byte 0x55, 0xaa
