// SPDX-License-Identifier: GPL-2.0
/* Blocks taken, used and given back. One block costs the same however many are taken. */
#include <linux/bitmap.h>
#include <linux/highmem.h>
#include <linux/topology.h>

#include "ai_mem.h"

static void own(struct ai_block *block, struct ai_client *owner)
{
	struct ai_node *node = &ai_pool.nodes[block->node];

	block->owner = owner;
	block->users = 1;
	__set_bit(block - ai_pool.blocks, ai_pool.used);
	list_move(&block->list, &owner->blocks);
	node->free_blocks--;
	ai_pool.free--;
	ai_pool.allocated++;
	owner->owned++;
}

/* The last user is gone: nobody can see the block any more. */
static void make_free(struct ai_block *block)
{
	struct ai_node *node = &ai_pool.nodes[block->node];

	block->seen = false;
	__clear_bit(block - ai_pool.blocks, ai_pool.used);
	list_add(&block->list, &node->free);
	node->free_blocks++;
	ai_pool.free++;
}

static void disown(struct ai_block *block)
{
	list_del(&block->list);
	block->owner->owned--;
	block->owner = NULL;
	ai_pool.released++;
	if (--block->users == 0)
		make_free(block);
	else
		ai_pool.held++;
}

static struct ai_block *any_free(void)
{
	int node;

	for_each_node_state(node, N_MEMORY)
		if (!list_empty(&ai_pool.nodes[node].free))
			return list_first_entry(&ai_pool.nodes[node].free, struct ai_block, list);
	return NULL;
}

int ai_take_one(struct ai_client *owner)
{
	struct ai_block *block;
	struct list_head *local;
	int number = -ENOMEM;

	spin_lock(&ai_pool.lock);
	local = &ai_pool.nodes[numa_node_id()].free;
	block = likely(!list_empty(local)) ? list_first_entry(local, struct ai_block, list) : any_free();
	if (likely(block)) {
		own(block, owner);
		number = block - ai_pool.blocks;
	} else {
		ai_pool.refused++;
	}
	spin_unlock(&ai_pool.lock);
	return number;
}

static bool find_run(u32 count, int node, bool this_node, u32 *first)
{
	u32 i;

	for (i = 0; i < ai_pool.extent_count; i++) {
		const struct ai_extent *extent = &ai_pool.extents[i];
		const u32 end = extent->first + extent->count;
		unsigned long at;

		if (extent->count < count || (extent->node == node) != this_node)
			continue;
		at = bitmap_find_next_zero_area(ai_pool.used, end, extent->first, count, 0);
		if (at + count <= end) {
			*first = at;
			return true;
		}
	}
	return false;
}

int ai_take_run(struct ai_client *owner, u32 count, int node, bool only, u32 *first)
{
	int error = 0;
	u32 i, at;

	if (count == 0 || count > ai_pool.count)
		return -EINVAL;
	spin_lock(&ai_pool.lock);
	if (node == AI_MEM_ANY_NODE)
		node = numa_node_id();
	if ((only ? ai_pool.nodes[node].free_blocks : ai_pool.free) < count)
		error = -ENOMEM;
	else if (!find_run(count, node, true, &at) && (only || !find_run(count, node, false, &at)))
		error = -ENOSPC;
	for (i = 0; !error && i < count; i++)
		own(&ai_pool.blocks[at + i], owner);
	if (error)
		ai_pool.refused++;
	else
		*first = at;
	spin_unlock(&ai_pool.lock);
	return error;
}

/* All of them are `owner`'s. */
static bool owns(const struct ai_client *owner, u32 first, u32 count)
{
	u32 i;

	if (count == 0 || first >= ai_pool.count || count > ai_pool.count - first)
		return false;
	for (i = 0; i < count; i++)
		if (ai_pool.blocks[first + i].owner != owner)
			return false;
	return true;
}

int ai_free(struct ai_client *owner, u32 first, u32 count)
{
	int error = 0;
	u32 i;

	spin_lock(&ai_pool.lock);
	if (unlikely(!owns(owner, first, count))) {
		ai_pool.refused++;
		error = -EINVAL;
	} else {
		for (i = 0; i < count; i++)
			disown(&ai_pool.blocks[first + i]);
	}
	spin_unlock(&ai_pool.lock);
	return error;
}

int ai_use(struct ai_client *owner, u32 first, u32 count)
{
	int error = 0;
	u32 i;

	spin_lock(&ai_pool.lock);
	if (!owns(owner, first, count)) {
		ai_pool.refused++;
		error = -EINVAL;
	}
	for (i = 0; !error && i < count; i++)
		if (ai_pool.blocks[first + i].users == U32_MAX)
			error = -EOVERFLOW;
	for (i = 0; !error && i < count; i++)
		ai_pool.blocks[first + i].users++;
	spin_unlock(&ai_pool.lock);
	if (error)
		return error;
	/* They are in use, so they stay what they are while the lock is not held. */
	mutex_lock(&owner->lock);
	for (i = 0; i < count; i++) {
		struct ai_block *block = &ai_pool.blocks[first + i];

		if (!block->seen)
			clear_highpage(block->page);
		block->seen = true;
		if (i % 1024 == 1023)
			cond_resched();
	}
	mutex_unlock(&owner->lock);
	return 0;
}

void ai_unuse(u32 first, u32 count)
{
	u32 i;

	spin_lock(&ai_pool.lock);
	for (i = 0; i < count; i++) {
		struct ai_block *block = &ai_pool.blocks[first + i];

		if (--block->users == 0) {
			ai_pool.held--;
			make_free(block);
		}
	}
	spin_unlock(&ai_pool.lock);
}

bool ai_is_run(u32 first, u32 count)
{
	u32 i;

	for (i = 0; i < ai_pool.extent_count; i++) {
		const struct ai_extent *extent = &ai_pool.extents[i];

		if (first >= extent->first && first - extent->first < extent->count)
			return count <= extent->count - (first - extent->first);
	}
	return false;
}

void ai_disown_all(struct ai_client *owner)
{
	u32 done;

	do {
		spin_lock(&ai_pool.lock);
		for (done = 0; done < 1024 && !list_empty(&owner->blocks); done++)
			disown(list_first_entry(&owner->blocks, struct ai_block, list));
		spin_unlock(&ai_pool.lock);
		cond_resched();
	} while (done);
}
