# SPDX-License-Identifier: Apache-2.0
# Prints the time-stamp counter after a fixed loop: two exact runs print the same.
.include "kernel.inc"
main:
        movl $300, %ecx
        call delay
        rdtsc
        movl %eax, %ebx
        movl $8, %ecx
        movl $digits, %edi
1:      roll $4, %ebx
        movl %ebx, %eax
        andl $15, %eax
        movb hex(%eax), %al
        stosb
        loop 1b
        SAY "tsc "
        movl $digits, %esi
        call serial_print
        SAY "\r\ntiny kernel: BOOT OK\r\n"
        ret
.section .rodata
hex:    .ascii "0123456789abcdef"
.section .data
digits: .asciz "00000000"
