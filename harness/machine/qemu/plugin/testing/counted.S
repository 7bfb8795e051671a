# SPDX-License-Identifier: Apache-2.0
# One region for each thing that is counted; the test knows what each must be. The tag says which.
.include "guest.inc"

.section .text
main:
        movl $0x40, %ecx
        movl $soft_handler, %edx
        call set_gate
        movl $14, %ecx
        movl $fault_handler, %edx
        call set_gate

        BEGIN 0x00                      # nothing
        END

        BEGIN 0x01                      # straight line: registers, memory, stack
        .rept 25
        incl %eax
        movl buffer, %ebx
        pushl %ebx
        popl %ecx
        .endr
        END

        BEGIN 0x02                      # a loop: 1 + 2 * 1000
        movl $1000, %ecx
1:      decl %ecx
        jnz 1b
        END

        BEGIN 0x10                      # rep stosb
        movl $4096, %ecx
        movl $buffer, %edi
        rep stosb
        END
        BEGIN 0x11                      # rep stosl
        movl $1024, %ecx
        movl $buffer, %edi
        rep stosl
        END
        BEGIN 0x12                      # rep movsb, in the middle of a block
        movl $100, %ecx
        movl $buffer, %esi
        movl $buffer + 4096, %edi
        rep movsb
        nop
        END
        BEGIN 0x13                      # rep lodsl
        movl $10, %ecx
        movl $buffer, %esi
        rep lodsl
        END
        BEGIN 0x14                      # rep stosb of nothing
        xorl %ecx, %ecx
        movl $buffer, %edi
        rep stosb
        END
        movb $7, buffer + 20
        BEGIN 0x15                      # repne scasb that finds its byte at the 21st place
        movl $100, %ecx
        movl $buffer, %edi
        movb $7, %al
        repne scasb
        END
        BEGIN 0x16                      # repne scasb that finds nothing in 10
        movl $10, %ecx
        movl $buffer, %edi
        movb $9, %al
        repne scasb
        END
        BEGIN 0x17                      # repe cmpsb: 30 bytes alike
        movl $30, %ecx
        movl $buffer, %esi
        movl $buffer, %edi
        repe cmpsb
        END
        BEGIN 0x18                      # rep outsb, rep insb on the POST port
        movl $0x80, %edx
        movl $5, %ecx
        movl $buffer + 64, %esi
        rep outsb
        movl $6, %ecx
        movl $buffer + 64, %edi
        rep insb
        END
        BEGIN 0x19                      # a rep instruction again and again: each is one start
        movl $20, %ebx
1:      movl $3, %ecx
        movl $buffer, %edi
        rep stosb
        movl $3, %ecx
        movl $buffer, %edi
        repe scasb
        decl %ebx
        jnz 1b
        END

        BEGIN 0x20                      # CR3 writes, other control registers
        movl $page_directory, %eax
        .rept 10
        movl %eax, %cr3
        .endr
        movl %cr0, %eax
        movl %cr3, %eax
        clts
        END
        BEGIN 0x21                      # rdmsr, wrmsr of the local APIC base, unchanged
        movl $0x1b, %ecx
        rdmsr
        wrmsr
        wrmsr
        END
        BEGIN 0x22                      # locked: by prefix, and xchg without it
        lock incl buffer
        lock xaddl %eax, buffer
        xchgl %eax, buffer
        xchgl %eax, %ebx
        incl buffer
        END
        BEGIN 0x23                      # fences
        mfence
        lfence
        sfence
        END
        BEGIN 0x24                      # invlpg
        invlpg buffer
        invlpg buffer + 4096
        END
        BEGIN 0x25                      # port I/O in the middle of a block
        incl %eax
        outb %al, $0x80
        incl %eax
        inb $0x80, %al
        incl %eax
        END
        BEGIN 0x26                      # cpuid, rdtsc
        xorl %eax, %eax
        cpuid
        rdtsc
        rdtsc
        END
        BEGIN 0x27                      # software interrupts: three instructions each
        int $0x40
        int $0x40
        END
        BEGIN 0x28                      # fxsave, fxrstor
        fxsave buffer
        fxrstor buffer
        END

        BEGIN 0x30                      # a device register in the middle of a block, twice read, once written
        incl %eax
        movl 0xfee00030, %ebx
        incl %eax
        movl 0xfee00080, %ebx
        incl %eax
        movl %ebx, 0xfee00080
        incl %eax
        END

        call enable_paging
        BEGIN 0x31                      # a page fault in the middle of a block, three times
        incl %eax
        incl %eax
        movl 0x40000000, %ebx
        incl %eax
        movl %eax, 0x40400000
        incl %eax
        pushl 0x40800000
        popl %ebx
        incl %eax
        END
        BEGIN 0x32                      # the same pages again, mapped now
        incl %eax
        movl 0x40000000, %ebx
        incl %eax
        movl %eax, 0x40400000
        END

        BEGIN 0x33                      # rep movsl whose destination faults after two of four
        movl $4, %ecx
        movl $buffer, %esi
        movl $0x40bffff8, %edi
        rep movsl
        END
        BEGIN 0x34                      # rep lodsl from a device
        movl $3, %ecx
        movl $0xfee00030, %esi
        rep lodsl
        END

        BEGIN 0x40                      # code that crosses into another page, between instructions and inside one
        movl $3, %edx
1:      jmp crossing
crossed:
        decl %edx
        jnz 1b
        END

        BEGIN 0x41                      # code that is changed and runs again
        movl $4, %ecx
1:      call patched
        incb patched + 1
        decl %ecx
        jnz 1b
        END

        BEGIN 0x50                      # iterations: 3, 6, 9, 12, 15 instructions, then an interrupted one
        movl $5, %ecx
        movl $0, %ebx
1:      incl %ebx
        movl %ebx, %edx
        ITER_BEGIN
2:      nop
        decl %edx
        jnz 2b
        ITER_END
        decl %ecx
        jnz 1b
        ITER_BEGIN
        int $0x40
        ITER_END
        END
        POINT 0x42
        call watched
        call watched
        ret

soft_handler:
        incl %eax
        iret

# Maps the page that was touched: 7 instructions.
fault_handler:
        pushl %eax
        movl %cr2, %eax
        shrl $22, %eax
        movl $0x83, page_directory(, %eax, 4)
        popl %eax
        addl $4, %esp
        iret

patched:
        movb $1, %al
        ret

# 18 register instructions, the last of the first page crosses its end.
.align 4096
.skip 4096 - 12
crossing:
        .rept 8
        incl %eax
        .endr
        leal 0x12345678(%eax), %ebx     # 6 bytes: four here, two there
        .rept 8
        incl %eax
        .endr
        jmp crossed

.section .watched, "ax"
.globl watched
watched:
        nop
        nop
        ret
