# SPDX-License-Identifier: Apache-2.0
# More iterations than the plugin keeps, and a region that never ends.
.include "guest.inc"

.section .text
main:
        REGION_BEGIN
        movl $70000, %ecx
1:      ITER_BEGIN
        nop
        ITER_END
        decl %ecx
        jnz 1b
        REGION_END
        REGION_BEGIN
        nop
        ret
