# SPDX-License-Identifier: Apache-2.0
# Iterations whose calls are known: plain ones, a tail call, a retpoline, a soft interrupt. 25 instructions each.
.include "guest.inc"

.section .text
main:
        movl $0x40, %ecx
        movl $soft_handler, %edx
        call set_gate
        movl $10, %esi
        REGION_BEGIN
1:      ITER_BEGIN
        call first                      # root 1; first 4, second twice 3, third 4
        int $0x40                       # root 1; its handler 2
        call thunk                      # root 1; thunk 1 and second's 3, its inner call 2
        ITER_END
        decl %esi
        jnz 1b
        REGION_END
        ret

first:  nop
        call second
        call second
        jmp third

second: nop
        nop
        ret

third:  nop
        nop
        nop
        ret

thunk:  call 1f
2:      pause
        jmp 2b
1:      movl $second, (%esp)
        ret

soft_handler:
        incl %eax
        iret
