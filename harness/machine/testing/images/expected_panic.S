# SPDX-License-Identifier: Apache-2.0
# Reaches its markers and then panics as it must without a payload, as Xen and GNU Mach do.
.include "kernel.inc"
main:
        SAY "(XEN) Xen version 4.17.5\r\n"
        SAY "(XEN) Panic on CPU 0:\r\n(XEN) Could not construct domain 0\r\n"
        ret
