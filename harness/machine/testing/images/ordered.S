# SPDX-License-Identifier: Apache-2.0
# Three markers in order, then alive.
.include "kernel.inc"
main:
        SAY "stage one\r\n"
        SAY "stage two\r\n"
        SAY "stage three\r\n"
        ret
