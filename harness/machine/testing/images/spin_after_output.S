# SPDX-License-Identifier: Apache-2.0
# Says something and then spins for ever.
.include "kernel.inc"
main:
        SAY "tiny kernel: loading modules\r\n"
1:      jmp 1b
