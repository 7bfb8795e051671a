// SPDX-License-Identifier: GPL-2.0
/* /proc/ai_memory: the pool as it is at one instant, in the document's form, then what it does not name. */
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "ai_mem.h"

#define BLOCK_KB (AI_MEM_BLOCK_SIZE / 1024)

/* 65,536 */
static const char *grouped(u32 number, char *text, size_t size)
{
	if (number >= 1000000)
		snprintf(text, size, "%u,%03u,%03u", number / 1000000, number / 1000 % 1000, number % 1000);
	else if (number >= 1000)
		snprintf(text, size, "%u,%03u", number / 1000, number % 1000);
	else
		snprintf(text, size, "%u", number);
	return text;
}

int ai_proc_show(struct seq_file *out, void *unused)
{
	const struct ai_client *client;
	char text[16];
	int node;

	/* Nothing here sleeps: what does not fit is asked for again, by seq_file, with more room. */
	spin_lock(&ai_pool.lock);
	seq_printf(out, "Total: %u MB\n", ai_pool.count * BLOCK_KB / 1024);
	seq_printf(out, "Block Size: %u KB\n", BLOCK_KB);
	seq_printf(out, "Blocks: %s\n", grouped(ai_pool.count, text, sizeof(text)));
	seq_printf(out, "Used: %u\n", ai_pool.count - ai_pool.free - ai_pool.held);
	seq_printf(out, "Held: %u\n", ai_pool.held);
	seq_printf(out, "Free: %u\n", ai_pool.free);
	seq_printf(out, "Longest Run: %u\n", ai_pool.longest);
	seq_printf(out, "Allocated: %llu\n", ai_pool.allocated);
	seq_printf(out, "Released: %llu\n", ai_pool.released);
	seq_printf(out, "Refused: %llu\n", ai_pool.refused);
	seq_printf(out, "Load Time: %llu us\n", ai_pool.load_us);
	for_each_node_state(node, N_MEMORY)
		seq_printf(out, "Node %d: blocks %u free %u\n", node, ai_pool.nodes[node].blocks,
			   ai_pool.nodes[node].free_blocks);
	seq_printf(out, "Clients: %u\n", ai_pool.client_count);
	list_for_each_entry(client, &ai_pool.clients, list)
		seq_printf(out, "Client %d: blocks %u mapped %u %s\n", client->pid, client->owned, client->mapped,
			   client->comm);
	spin_unlock(&ai_pool.lock);
	return 0;
}
