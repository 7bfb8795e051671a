// SPDX-License-Identifier: GPL-2.0
/* Where the pool's memory comes from, and where it goes. Large pieces first, so that blocks lie next to one another. */
#include <linux/gfp.h>
#include <linux/sort.h>
#include <linux/slab.h>
#include <linux/version.h>
#include <linux/vmalloc.h>

#include "ai_mem.h"

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
#define LARGEST_ORDER (MAX_ORDER - 1)
#elif LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
#define LARGEST_ORDER MAX_ORDER
#else
#define LARGEST_ORDER MAX_PAGE_ORDER
#endif

/* Never at the price of somebody else: no killing, no long search, no words in the log. */
#define POOL_FLAGS (GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN | __GFP_NOMEMALLOC)

struct ai_pool ai_pool = { .lock = __SPIN_LOCK_UNLOCKED(ai_pool.lock) };

/* What the system gave: 1 << order pages. */
struct piece {
	struct page *first;
	int order;
};

struct pieces {
	struct piece *list;
	u32 count, pages;
};

static void take_pages(struct pieces *to, u32 wanted, int node, gfp_t flags)
{
	int order = min_t(int, LARGEST_ORDER, ilog2(max(wanted, 1u)));

	while (wanted) {
		struct page *pages;

		while (order > 0 && (1u << order) > wanted)
			order--;
		pages = alloc_pages_node(node, flags, order);
		if (!pages) {
			if (!order)
				break;
			order--;
			continue;
		}
		split_page(pages, order);
		to->list[to->count++] = (struct piece){ .first = pages, .order = order };
		to->pages += 1u << order;
		wanted -= 1u << order;
		cond_resched();
	}
}

static int by_address(const void *a, const void *b)
{
	unsigned long left = page_to_pfn(((const struct piece *)a)->first);
	unsigned long right = page_to_pfn(((const struct piece *)b)->first);

	return left < right ? -1 : left > right;
}

static void number_blocks(struct pieces *pieces)
{
	u32 i, page;

	sort(pieces->list, pieces->count, sizeof(*pieces->list), by_address, NULL);
	for (i = 0; i < pieces->count; i++)
		for (page = 0; page < 1u << pieces->list[i].order; page++)
			ai_pool.blocks[ai_pool.count++].page = pieces->list[i].first + page;
}

static bool continues(u32 block)
{
	const struct ai_block *last = &ai_pool.blocks[block - 1];
	const struct ai_block *here = &ai_pool.blocks[block];

	return page_to_pfn(here->page) == page_to_pfn(last->page) + 1 && page_to_nid(here->page) == page_to_nid(last->page);
}

static int find_extents(void)
{
	u32 i, count = 1;

	for (i = 1; i < ai_pool.count; i++)
		count += !continues(i);
	ai_pool.extents = kvcalloc(count, sizeof(*ai_pool.extents), GFP_KERNEL);
	if (!ai_pool.extents)
		return -ENOMEM;
	for (i = 0; i < ai_pool.count; i++) {
		struct ai_extent *extent;

		if (i == 0 || !continues(i))
			ai_pool.extents[ai_pool.extent_count++].first = i;
		extent = &ai_pool.extents[ai_pool.extent_count - 1];
		extent->node = page_to_nid(ai_pool.blocks[i].page);
		extent->count++;
		ai_pool.longest = max(ai_pool.longest, extent->count);
	}
	return 0;
}

static void list_free_blocks(void)
{
	u32 i;
	int node;

	for (node = 0; node < MAX_NUMNODES; node++)
		INIT_LIST_HEAD(&ai_pool.nodes[node].free);
	/* The last is taken first by those who want one: runs are looked for from the first on. */
	for (i = 0; i < ai_pool.count; i++) {
		struct ai_block *block = &ai_pool.blocks[i];

		block->node = page_to_nid(block->page);
		list_add(&block->list, &ai_pool.nodes[block->node].free);
		ai_pool.nodes[block->node].blocks++;
		ai_pool.nodes[block->node].free_blocks++;
	}
	ai_pool.free = ai_pool.count;
}

static int fill_nodes(u32 blocks, int node)
{
	const u32 nodes = num_node_state(N_MEMORY);
	struct pieces pieces = {};
	int each;

	pieces.list = kvcalloc(blocks, sizeof(*pieces.list), GFP_KERNEL);
	if (!pieces.list)
		return -ENOMEM;
	if (node != AI_MEM_ANY_NODE) {
		take_pages(&pieces, blocks, node, POOL_FLAGS | __GFP_THISNODE);
	} else {
		if (nodes > 1)
			for_each_node_state(each, N_MEMORY)
				take_pages(&pieces, blocks / nodes, each, POOL_FLAGS | __GFP_THISNODE);
		take_pages(&pieces, blocks - pieces.pages, NUMA_NO_NODE, POOL_FLAGS);
	}
	number_blocks(&pieces);
	kvfree(pieces.list);
	return ai_pool.count == blocks ? 0 : -ENOMEM;
}

int ai_pool_fill(u32 blocks, int node)
{
	const long available = si_mem_available();
	const ktime_t began = ktime_get();
	int error;

	INIT_LIST_HEAD(&ai_pool.clients);
	if (node != AI_MEM_ANY_NODE && (node < 0 || node >= MAX_NUMNODES || !node_state(node, N_MEMORY))) {
		pr_err("ai_mem: refused: node=%d: there is no such node with memory\n", node);
		return -EINVAL;
	}
	/* A sixteenth more, for the books and for whoever else needs memory. */
	if (available < (long)blocks + blocks / 16) {
		pr_err("ai_mem: refused: a pool of %u MB was asked for, %ld MB are available\n", blocks >> 8, available >> 8);
		return -ENOMEM;
	}
	ai_pool.blocks = kvcalloc(blocks, sizeof(*ai_pool.blocks), GFP_KERNEL);
	ai_pool.used = kvcalloc(BITS_TO_LONGS(blocks), sizeof(long), GFP_KERNEL);
	if (!ai_pool.blocks || !ai_pool.used) {
		pr_err("ai_mem: refused: no memory for the books of %u blocks\n", blocks);
		ai_pool_empty();
		return -ENOMEM;
	}
	error = fill_nodes(blocks, node);
	if (error) {
		pr_err("ai_mem: refused: only %u of %u blocks could be had\n", ai_pool.count, blocks);
		ai_pool_empty();
		return error;
	}
	error = find_extents();
	if (error) {
		pr_err("ai_mem: refused: no memory for the list of extents\n");
		ai_pool_empty();
		return error;
	}
	list_free_blocks();
	ai_pool.load_us = ktime_us_delta(ktime_get(), began);
	return 0;
}

void ai_pool_empty(void)
{
	u32 i;

	for (i = 0; i < ai_pool.count; i++) {
		__free_page(ai_pool.blocks[i].page);
		if (i % 4096 == 4095)
			cond_resched();
	}
	kvfree(ai_pool.extents);
	kvfree(ai_pool.used);
	kvfree(ai_pool.blocks);
	ai_pool.extents = NULL;
	ai_pool.used = NULL;
	ai_pool.blocks = NULL;
	ai_pool.count = 0;
	ai_pool.extent_count = 0;
}
