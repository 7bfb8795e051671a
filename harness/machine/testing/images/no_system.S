# SPDX-License-Identifier: Apache-2.0
# A disk with a partition table and no boot code worth the name: the firmware finds nothing to boot.
.code16
.globl _start
_start:
        int $0x18                       # "no bootable device" to the firmware
1:      hlt
        jmp 1b
.org 510
        .byte 0x55, 0xaa
