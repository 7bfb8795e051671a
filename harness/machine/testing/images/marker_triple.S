# SPDX-License-Identifier: Apache-2.0
# Prints its success line and triple-faults at its first interrupt.
.include "kernel.inc"
main:
        SAY "tiny kernel: BOOT OK\r\n"
        movl $200, %ecx
        call delay
        lidt no_idt
        int3
        ret
.section .rodata
no_idt: .word 0
        .long 0
