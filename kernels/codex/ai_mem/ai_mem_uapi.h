/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * /dev/ai_memory: the pinned pool, as programs see it.
 *
 * A block is 4 KB and has a number. Blocks belong to the open file that they were allocated through, and are given
 * back when it is closed. mmap() of blocks FIRST to FIRST+COUNT-1 is mmap(length COUNT * 4096, MAP_SHARED, offset
 * FIRST * 4096); a block that is mapped, exported or with a device stays what it is until that ends, even if it has been
 * freed. A program never sees what another one left in a block.
 *
 * Every structure begins with its own size; what is reserved must be 0.
 */
#ifndef AI_MEM_UAPI_H
#define AI_MEM_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define AI_MEM_DEVICE "/dev/ai_memory"
#define AI_MEM_BLOCK_SIZE 4096u
#define AI_MEM_ANY_NODE (-1)	/* this processor's node first, then the others */

/* ai_mem_alloc.flags */
#define AI_MEM_THIS_NODE_ONLY 1u	/* refuse rather than take from another node */

struct ai_mem_alloc {
	__u32 size;
	__u32 flags;
	__u32 count;	/* of blocks, all next to one another in physical memory */
	__s32 node;	/* or AI_MEM_ANY_NODE */
	__u32 first;	/* out: number of the first block */
	__s32 got_node;	/* out */
	__u64 reserved;
};

struct ai_mem_range {
	__u32 size;
	__u32 flags;	/* 0 */
	__u32 first;
	__u32 count;
	__u64 reserved;
};

struct ai_mem_info {
	__u32 size;
	__u32 flags;	/* 0 */
	__u32 blocks;	/* of the pool */
	__u32 free;
	__u32 held;	/* freed, but still mapped, exported or with a device */
	__u32 own;	/* this file's */
	__u32 longest;	/* run that can be had when nothing is taken */
	__u32 nodes;
	__u64 reserved;
};

/* Directions of ai_mem_dma.flags, as the device sees them. */
#define AI_MEM_DEVICE_READS 1u
#define AI_MEM_DEVICE_WRITES 2u

struct ai_mem_dma {
	__u32 size;
	__u32 flags;
	__u32 first;
	__u32 count;	/* of blocks, next to one another in physical memory */
	__u32 domain;	/* which PCI device: 0000:00:05.0 is 0, 0, 5 << 3 | 0 */
	__u32 bus;
	__u32 devfn;
	__u32 id;	/* out: for AI_MEM_DMA_UNMAP */
	__u64 address;	/* out: what the device is told */
	__u64 reserved;
};

struct ai_mem_export {
	__u32 size;
	__u32 flags;	/* O_CLOEXEC or 0 */
	__u32 first;
	__u32 count;
	__s32 fd;	/* out: a dma-buf */
	__u32 pad;	/* 0 */
	__u64 reserved;
};

/* One block, the short way: the result is its number. The argument must be 0. */
#define AI_MEM_ALLOC_BLOCK _IO('m', 0xa0)
/* The argument is the block's number. */
#define AI_MEM_FREE_BLOCK _IO('m', 0xa1)
/* ENOSPC: there are as many, but not next to one another. ENOMEM: there are not. */
#define AI_MEM_ALLOC _IOWR('m', 0xa2, struct ai_mem_alloc)
#define AI_MEM_FREE _IOW('m', 0xa3, struct ai_mem_range)
#define AI_MEM_INFO _IOWR('m', 0xa4, struct ai_mem_info)
/* With CAP_SYS_ADMIN: whoever knows addresses can have a device write to them. */
#define AI_MEM_DMA_MAP _IOWR('m', 0xa5, struct ai_mem_dma)
/* The argument is the mapping's id. */
#define AI_MEM_DMA_UNMAP _IO('m', 0xa6)
/* EOPNOTSUPP: the kernel is built without dma-buf. */
#define AI_MEM_EXPORT _IOWR('m', 0xa7, struct ai_mem_export)

#endif
