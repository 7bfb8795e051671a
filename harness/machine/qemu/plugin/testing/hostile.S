# SPDX-License-Identifier: Apache-2.0
# Marks in every wrong order, and more of them than anybody needs.
.include "guest.inc"

.section .text
main:
        REGION_END                      # not begun
        ITER_BEGIN                      # outside a region
        ITER_END                        # not begun
        REGION_BEGIN
        ITER_BEGIN
        ITER_BEGIN                      # the first was not ended
        nop
        ITER_END
        ITER_END                        # not begun
        REGION_BEGIN                    # the first was not ended
        ITER_BEGIN
        REGION_END                      # the iteration was not ended
        ITER_END                        # not begun
        .byte 0x0f, 0x1f, 0x80, 0, 0x77, 0x05, 0xa1     # no such kind: a NOP
        movl $20000, %ecx
1:      REGION_BEGIN
        REGION_END
        decl %ecx
        jnz 1b
        movl $20000, %ecx
1:      POINT 1
        decl %ecx
        jnz 1b
        movb $'e', %al
        outb %al, $0xe9
        ret
