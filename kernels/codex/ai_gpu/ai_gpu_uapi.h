/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * /dev/ai_gpuN: a device with memory of its own, through the kernel.
 *
 * Copies and launches are done by the kernel, by DMA, and counted in /proc/ai_gpu. mmap() at offset 0 gives pages of
 * unified memory: each is either in the host's memory or in the device's. AI_GPU_TOUCH moves one to the device, an
 * access by the program moves it back; pages begin as zeros. Device memory that explicit copies use and pages of
 * unified memory are the same memory: a page that is in the way is moved to the host first.
 *
 * Every structure begins with its own size; what is reserved must be 0.
 */
#ifndef AI_GPU_UAPI_H
#define AI_GPU_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define AI_GPU_UNIFIED_PAGES 64u	/* of 4 KB, an open file */

struct ai_gpu_info {
	__u32 size;
	__u32 flags;	/* 0 */
	__u32 memory;	/* of the device, in bytes */
	__u32 pages;	/* of unified memory that are on the device, this file's */
	__u64 reserved;
};

#define AI_GPU_TO_DEVICE 1u
#define AI_GPU_FROM_DEVICE 2u

struct ai_gpu_copy {
	__u32 size;
	__u32 flags;	/* one direction */
	__u64 address;	/* in the program's memory */
	__u32 offset;	/* in the device's memory */
	__u32 length;
	__u64 reserved;
};

#define AI_GPU_FACTORIAL 0u	/* result = argument!, modulo 2^32 */

struct ai_gpu_launch {
	__u32 size;
	__u32 flags;	/* 0 */
	__u32 function;
	__u32 argument;
	__u32 result;	/* out */
	__u32 pad;	/* 0 */
	__u64 reserved;
};

#define AI_GPU_INFO _IOWR('m', 0xb0, struct ai_gpu_info)
#define AI_GPU_COPY _IOW('m', 0xb1, struct ai_gpu_copy)
#define AI_GPU_LAUNCH _IOWR('m', 0xb2, struct ai_gpu_launch)
/* The argument is a page of unified memory: the device wants it. */
#define AI_GPU_TOUCH _IO('m', 0xb3)
/* The argument is a page: 1 if it is on the device, 0 if not. */
#define AI_GPU_WHERE _IO('m', 0xb4)

#endif
