// SPDX-License-Identifier: Apache-2.0
// What images/make-images made, as bytes of the program.
    .section .rodata
    .global aios_ext4_image, aios_ext4_image_end, aios_xfs_image, aios_xfs_image_end
    .global aios_apparmor_policy, aios_apparmor_policy_end
    .balign 8
aios_ext4_image:
    .incbin "scenarios/checklist/images/ext4.sparse"
aios_ext4_image_end:
    .balign 8
aios_xfs_image:
    .incbin "scenarios/checklist/images/xfs.sparse"
aios_xfs_image_end:
    .balign 8
aios_apparmor_policy:
    .incbin "scenarios/checklist/images/apparmor.bin"
aios_apparmor_policy_end:
    .section .note.GNU-stack, "", @progbits
