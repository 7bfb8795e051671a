# SPDX-License-Identifier: Apache-2.0
# Says its line, then resets through the keyboard controller, as reboot=t cannot.
.include "kernel.inc"
main:
        SAY "tiny kernel: going down for reset\r\n"
        movb $0xfe, %al
        outb %al, $0x64
        ret
