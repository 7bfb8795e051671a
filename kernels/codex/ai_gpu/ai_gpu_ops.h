/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a driver brings to stand behind ai_gpu: two functions and the size of its memory. edu.c is the example. Both
 * functions may sleep, are never called at the same time, and return when the device is done; after an error the
 * device must touch the host's memory no more.
 */
#ifndef AI_GPU_OPS_H
#define AI_GPU_OPS_H

#include <linux/device.h>
#include <linux/types.h>

struct ai_gpu;

struct ai_gpu_ops {
	const char *name;
	/* `host` is an address for the device; offset and length lie within its memory, length at most a page. */
	int (*copy)(void *driver, dma_addr_t host, u32 offset, u32 length, bool to_device);
	int (*launch)(void *driver, u32 function, u32 argument, u32 *result);
};

/* `parent` does the DMA. Until ai_gpu_unregister returns, the functions may be called; afterwards never. */
struct ai_gpu *ai_gpu_register(struct device *parent, const struct ai_gpu_ops *ops, u32 memory, void *driver);
void ai_gpu_unregister(struct ai_gpu *gpu);

#endif
