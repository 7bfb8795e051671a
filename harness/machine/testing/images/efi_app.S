# SPDX-License-Identifier: Apache-2.0
# An EFI application with its PE header written by hand: says its line through the firmware's console and on the serial port.
.code64
.globl _start
base:
        .ascii "MZ"
        .org 0x3c
        .long pe - base
pe:
        .ascii "PE\0\0"
        .word 0x8664, 1                 # x86-64, one section
        .long 0, 0, 0
        .word optional_end - optional
        .word 0x22e                     # executable, no line numbers, stripped
optional:
        .word 0x20b                     # PE32+
        .byte 2, 20
        .long 0x1000, 0, 0              # code, data, bss
        .long _start - base, 0x200
        .quad 0x400000
        .long 0x200, 0x200              # section and file alignment
        .word 0, 0, 0, 0, 0, 0
        .long 0
        .long 0x1200, 0x200             # size of the image, of the headers
        .long 0
        .word 10, 0                     # EFI application
        .quad 0, 0, 0, 0
        .long 0, 6
        .quad 0, 0, 0, 0, 0, 0
optional_end:
        .ascii ".text\0\0\0"
        .long 0x1000, 0x200, 0x1000, 0x200
        .long 0, 0
        .word 0, 0
        .long 0xe0000060
        .org 0x200
_start:
        subq $40, %rsp
        leaq text(%rip), %rsi
1:      movw $0x3fd, %dx
        inb %dx, %al
        testb $0x20, %al
        jz 1b
        lodsb
        testb %al, %al
        jz 2f
        movw $0x3f8, %dx
        outb %al, %dx
        jmp 1b
2:      hlt
        jmp 2b
text:   .asciz "efi application: BOOT OK\r\n"
        .org 0x11ff
        .byte 0
