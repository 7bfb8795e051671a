/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device, and its memory as slots of a page each: a slot holds a page of somebody's unified memory, or nothing that
 * anybody will ask for again. gpu.lock guards all of that, and stands around every call of the driver: page faults
 * take it, so nothing that can fault is done under it.
 */
#ifndef AI_GPU_H
#define AI_GPU_H

#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/mutex.h>

#include "ai_gpu_ops.h"
#include "ai_gpu_uapi.h"

#define IN_HOST (-1)

/* Unified memory of an open file. A page that is nowhere (no host page, no slot) is zeros. */
struct ai_gpu_region {
	struct ai_gpu *gpu;
	struct address_space *mapping;
	struct {
		struct page *host;
		int slot;
	} pages[AI_GPU_UNIFIED_PAGES];
};

struct ai_gpu_slot {
	struct ai_gpu_region *region;	/* NULL: free */
	u32 page;
};

struct ai_gpu_counts {
	u64 to_device, from_device;	/* transfers */
	u64 bytes_to, bytes_from;
	u64 launches, moved_to_device, moved_to_host, evicted, errors;
};

struct ai_gpu {
	struct kref references;	/* its driver, and every open file */
	struct list_head list;
	int number;
	struct miscdevice device;
	char name[16], parent_name[32];
	struct mutex lock;
	struct device *parent;	/* NULL: its driver is gone */
	const struct ai_gpu_ops *ops;
	void *driver;
	u32 memory, slot_count, next_victim;
	void *bounce;	/* a page that the device reaches, for those that it does not */
	dma_addr_t bounce_address;
	struct ai_gpu_slot *slots;
	struct ai_gpu_counts counts;
};

extern const struct file_operations ai_gpu_device_operations;

/* core.c; what ends in _locked wants gpu->lock held. */
void ai_gpu_put(struct ai_gpu *gpu);
int ai_gpu_transfer_locked(struct ai_gpu *gpu, struct page *page, u32 offset, u32 length, bool to_device);
int ai_gpu_launch(struct ai_gpu *gpu, u32 function, u32 argument, u32 *result);
int ai_gpu_proc_show(struct seq_file *out, void *unused);

/* unified.c */
struct ai_gpu_region *ai_gpu_region_new(struct ai_gpu *gpu, struct address_space *mapping);
void ai_gpu_region_end(struct ai_gpu_region *region);
int ai_gpu_region_map(struct ai_gpu_region *region, struct vm_area_struct *vma);
int ai_gpu_touch(struct ai_gpu_region *region, unsigned long page);
int ai_gpu_make_room_locked(struct ai_gpu *gpu, u32 offset, u32 length);
void ai_gpu_bring_all_home_locked(struct ai_gpu *gpu);

/* edu.c */
int ai_gpu_edu_start(void);
void ai_gpu_edu_stop(void);

#endif
