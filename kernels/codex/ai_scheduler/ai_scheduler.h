/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For a GPU driver or a monitor in the kernel: say how busy a GPU is. From any context. A report that is not renewed
 * for `gpu_stale_ms` counts no more, so a driver that is unloaded or hangs does not hold anybody back.
 */
#ifndef AI_SCHEDULER_H
#define AI_SCHEDULER_H

int ai_scheduler_gpu_report(unsigned int id, unsigned int busy_percent);
int ai_scheduler_gpu_gone(unsigned int id);

#endif
