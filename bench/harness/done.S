# SPDX-License-Identifier: Apache-2.0
# The shortest guest that speaks the harness's language: says that it is done, and powers off through ACPI.
.include "kernel.inc"
main:
        SAY "@AB1 12 7b9352ce {\"t\":\"done\"}\r\n"
        movw $0x604, %dx
        movw $0x2000, %ax
        outw %ax, %dx
        ret
