/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The pool inside the kernel. A block is free (in its node's list), owned (in its owner's list) or held (in no list:
 * freed, with users left). `users` counts its owner and every mapping, export and device; at 0 it is free again.
 *
 * pool.lock guards all of that and every count; it is taken for a few instructions, and for no more than a walk over
 * the blocks that one call names. client.lock is taken around it, for what sleeps.
 */
#ifndef AI_MEM_H
#define AI_MEM_H

#include <linux/bitops.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "ai_mem_uapi.h"

struct ai_block {
	struct page *page;
	struct ai_client *owner;
	struct list_head list;
	u32 users;
	u16 node;
	bool seen;	/* by its owner or a device: cleared before that, once an allocation */
};

/* Blocks that lie next to one another in physical memory. */
struct ai_extent {
	u32 first, count;
	u16 node;
};

struct ai_node {
	struct list_head free;
	u32 blocks, free_blocks;
};

struct ai_pool {
	spinlock_t lock;
	struct ai_block *blocks;
	unsigned long *used;	/* a bit a block: not free */
	struct ai_extent *extents;
	u32 count, extent_count, longest;
	u32 free, held;
	u64 allocated, released, refused;	/* blocks, blocks, calls */
	u64 load_us;
	struct list_head clients;
	u32 client_count;
	struct ai_node nodes[MAX_NUMNODES];
};

/* An open file. */
struct ai_client {
	struct list_head list;
	struct list_head blocks;
	u32 owned, mapped;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	struct mutex lock;	/* for what follows, and while blocks are cleared */
	struct list_head dmas;
	u32 dma_count, last_dma;
};

extern struct ai_pool ai_pool;

/* pool.c */
int ai_pool_fill(u32 blocks, int node);
void ai_pool_empty(void);

/* take.c: errors are negative; `owner` is who asks. */
int ai_take_one(struct ai_client *owner);
int ai_take_run(struct ai_client *owner, u32 count, int node, bool only, u32 *first);
int ai_free(struct ai_client *owner, u32 first, u32 count);
/* Uses what `owner` owns; the blocks' memory is clear or the owner's own. Ends with ai_unuse. */
int ai_use(struct ai_client *owner, u32 first, u32 count);
void ai_unuse(u32 first, u32 count);
bool ai_is_run(u32 first, u32 count);
void ai_disown_all(struct ai_client *owner);

/* client.c */
struct ai_client *ai_client_new(void);
void ai_client_end(struct ai_client *client);

/* mapping.c, dma.c, export.c */
int ai_map_to_user(struct ai_client *client, struct vm_area_struct *vma);
int ai_dma_map(struct ai_client *client, struct ai_mem_dma *dma);
int ai_dma_unmap(struct ai_client *client, unsigned long id);
void ai_dma_unmap_all(struct ai_client *client);
int ai_export(struct ai_client *client, struct ai_mem_export *export);

/* device.c, proc.c */
extern const struct file_operations ai_device_operations;
int ai_proc_show(struct seq_file *out, void *unused);

#endif
