# SPDX-License-Identifier: Apache-2.0
# The second marker comes, the first one never before it.
.include "kernel.inc"
main:
        SAY "stage two\r\n"
        SAY "stage one\r\n"
        ret
