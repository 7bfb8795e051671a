# SPDX-License-Identifier: Apache-2.0
# 64-bit mode, and marks in ring 3: ten system calls that do next to nothing.
.include "guest.inc"

.section .bss
.align 4096
level4: .skip 4096
level3: .skip 4096
level2: .skip 4096

.section .text
.code32
main:
        movl $level3 + 7, level4        # user pages, the first gigabyte
        movl $level2 + 7, level3
        xorl %ecx, %ecx
1:      movl %ecx, %eax
        shll $21, %eax
        orl $0x87, %eax
        movl %eax, level2(, %ecx, 8)
        incl %ecx
        cmpl $512, %ecx
        jne 1b
        movl %cr4, %eax
        orl $0x20, %eax                 # PAE
        movl %eax, %cr4
        movl $level4, %eax
        movl %eax, %cr3
        movl $0xc0000080, %ecx          # EFER: long mode, system calls
        rdmsr
        orl $0x101, %eax
        wrmsr
        movl $0xc0000081, %ecx          # STAR: the selectors, see the GDT
        xorl %eax, %eax
        movl $0x001b0018, %edx
        wrmsr
        movl $0xc0000082, %ecx          # LSTAR
        movl $handler, %eax
        xorl %edx, %edx
        wrmsr
        movl %cr0, %eax
        orl $0x80000000, %eax
        movl %eax, %cr0
        ljmp $0x18, $1f
.code64
1:      movl $user, %ecx
        movl $0x3002, %r11d             # ring 3 may do port I/O: that is how it ends
        sysretq

handler:
        leaq 1(%rax), %rax
        sysretq

user:
        movl $10, %ebx
        TAG 0x64
        REGION_BEGIN
1:      ITER_BEGIN
        movl $39, %eax
        syscall
        ITER_END
        decl %ebx
        jnz 1b
        REGION_END
        movb $'u', %al
        outb %al, $0xe9
        movl $0x10, %eax
        outl %eax, $0xf4
