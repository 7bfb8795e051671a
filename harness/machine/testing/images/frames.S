# SPDX-License-Identifier: Apache-2.0
# Speaks the guest's wire in between of log lines.
.include "kernel.inc"
main:
        SAY "log line before\r\n"
        SAY "@AB1 17 0badf00d {\"hello\":\"frame\"}\r\n"
        SAY "log line after\r\n"
        SAY "tiny kernel: BOOT OK\r\n"
        ret
