# SPDX-License-Identifier: Apache-2.0
.section .multiboot, "a"
.align 4
        .long 0x1badb002, 0x3, -(0x1badb002 + 0x3)

.section .bss
.align 16
        .skip 16384
stack_top:

.section .text
.globl _start
_start:
        cli
        movl $stack_top, %esp
        call kernel_main
1:      hlt
        jmp 1b
