// SPDX-License-Identifier: Apache-2.0
        .section .rodata
        .balign 64
        .globl aios_model_begin, aios_model_end
aios_model_begin:
        .incbin "inference.gguf"
aios_model_end:
        .section .note.GNU-stack,"",@progbits
