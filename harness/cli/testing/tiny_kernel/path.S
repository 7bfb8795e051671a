# SPDX-License-Identifier: Apache-2.0
# What is measured: as many instructions as the three parts say, and a return.
.section .text
.globl measured_path
measured_path:
#include "first.inc"
#include "second.inc"
#include "third.inc"
        ret
