# SPDX-License-Identifier: Apache-2.0
# Says its line and halts cleanly: the good kernel.
.include "kernel.inc"
main:
        SAY "tiny kernel: BOOT OK\r\n"
        ret
