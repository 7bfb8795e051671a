# SPDX-License-Identifier: Apache-2.0
# Dies as Linux dies, in its words.
.include "kernel.inc"
main:
        SAY "[    0.000000] Linux version 6.12.0 (tiny)\r\n"
        SAY "[    0.512345] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\r\n"
        SAY "[    0.512346] CPU: 0 UID: 0 PID: 1 Comm: swapper/0 Not tainted 6.12.0 #1\r\n"
        SAY "[    0.512347] Call Trace:\r\n"
        SAY "[    0.512348] ---[ end Kernel panic - not syncing: VFS: Unable to mount root fs ]---\r\n"
        ret
