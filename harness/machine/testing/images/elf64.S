# SPDX-License-Identifier: Apache-2.0
# A 64-bit ELF without a PVH note: QEMU's -kernel refuses it. `MULTIBOOT` gives it the header that QEMU refuses in other words.
.ifdef MULTIBOOT
.section .multiboot, "a"
.align 4
        .long 0x1badb002, 0x3, -(0x1badb002 + 0x3)
.endif
.section .text
.globl _start
_start:
        cli
1:      hlt
        jmp 1b
