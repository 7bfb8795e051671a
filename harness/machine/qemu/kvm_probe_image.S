# SPDX-License-Identifier: Apache-2.0
# The guest of the KVM probe, as data inside the harness: a flat Multiboot image that does what a stock kernel does in
# its first moments (paging, long mode, memory written in a loop), says so and leaves with code 16. A nested KVM that
# interprets every instruction passes a smaller guest and then takes minutes over a decompressor: the loop's 32 million
# turns are some 50 ms on a KVM that works.

.set LOAD, 0x100000
.set COM1, 0x3f8
.set TURNS, 32000000
.set PML4, 0x200000
.set PDPT, 0x201000
.set PD, 0x202000

        .section .rodata
        .align 16
        .globl aios_kvm_probe_begin, aios_kvm_probe_end
aios_kvm_probe_begin:
        .long 0x1badb002, 0x10000, -(0x1badb002 + 0x10000)
        .long LOAD, LOAD
        .long LOAD + aios_kvm_probe_end - aios_kvm_probe_begin
        .long 0x210000
        .long LOAD + entry - aios_kvm_probe_begin

        .code32
entry:
        cli
        cld
        movl $0x90000, %esp
        movl $PML4, %edi
        xorl %eax, %eax
        movl $0xc00, %ecx
        rep stosl
        movl $PDPT + 3, PML4
        movl $PD + 3, PDPT
        movl $PD, %edi                  # the first 64 MiB, one to one, in large pages
        movl $0x83, %eax
        movl $32, %ecx
1:      movl %eax, (%edi)
        addl $8, %edi
        addl $0x200000, %eax
        loop 1b
        movl %cr4, %eax
        orl $0x20, %eax
        movl %eax, %cr4
        movl $PML4, %eax
        movl %eax, %cr3
        movl $0xc0000080, %ecx
        rdmsr
        orl $0x100, %eax
        wrmsr
        movl %cr0, %eax
        orl $0x80000001, %eax
        movl %eax, %cr0
        lgdt (LOAD + gdt_pointer - aios_kvm_probe_begin)
        ljmp $8, $(LOAD + long_mode - aios_kvm_probe_begin)

        .code64
long_mode:
        movl $TURNS, %ecx
        movl $0x300000, %edi
1:      incq (%rdi)
        decl %ecx
        jnz 1b
        movl $(LOAD + words - aios_kvm_probe_begin), %esi
2:      lodsb
        testb %al, %al
        jz 3f
        movw $COM1, %dx
        outb %al, %dx
        jmp 2b
3:      movb $16, %al
        outb %al, $0xf4
4:      hlt
        jmp 4b

words:  .asciz "kvm probe: alive\r\n"
        .align 8
gdt:    .quad 0, 0x00af9a000000ffff, 0x00cf92000000ffff
gdt_pointer:
        .word gdt_pointer - gdt - 1
        .long LOAD + gdt - aios_kvm_probe_begin
        .long 0
aios_kvm_probe_end:

        .section .note.GNU-stack, "", @progbits
