/* SPDX-License-Identifier: Apache-2.0 */
/* The chart library as bytes of the program; the build says where it lies. */
  .section .rodata
  .global aios_chart_library_begin
  .global aios_chart_library_end
aios_chart_library_begin:
  .incbin AIOS_CHART_LIBRARY
aios_chart_library_end:
  .byte 0
  .section .note.GNU-stack,"",@progbits
