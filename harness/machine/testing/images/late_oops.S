# SPDX-License-Identifier: Apache-2.0
# Reaches its marker, and oopses afterwards.
.include "kernel.inc"
main:
        SAY "[    0.000000] Linux version 6.12.0 (tiny)\r\n"
        SAY "tiny kernel: BOOT OK\r\n"
        movl $200, %ecx
        call delay
        SAY "[    0.700000] BUG: kernel NULL pointer dereference, address: 0000000000000010\r\n"
        SAY "[    0.700001] Oops: Oops: 0002 [#1] PREEMPT SMP\r\n"
        SAY "[    0.700002] RIP: 0010:do_something+0x10/0x20\r\n"
        SAY "[    0.700003] ---[ end trace 0000000000000000 ]---\r\n"
        ret
