// SPDX-License-Identifier: GPL-2.0
/* Open files: what each of them has, until it is closed, which the end of a process does too. */
#include <linux/ctype.h>
#include <linux/slab.h>

#include "ai_mem.h"

#define MOST_CLIENTS 4096	/* /proc/ai_memory shows each */

struct ai_client *ai_client_new(void)
{
	struct ai_client *client = kzalloc(sizeof(*client), GFP_KERNEL_ACCOUNT);
	bool full;
	int i;

	if (!client)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&client->blocks);
	INIT_LIST_HEAD(&client->dmas);
	mutex_init(&client->lock);
	client->pid = task_tgid_nr(current);
	get_task_comm(client->comm, current);
	/* A name may hold anything, a line of /proc/ai_memory may not. */
	for (i = 0; client->comm[i]; i++)
		if (!isprint(client->comm[i]))
			client->comm[i] = '?';
	spin_lock(&ai_pool.lock);
	full = ai_pool.client_count >= MOST_CLIENTS;
	if (!full) {
		ai_pool.client_count++;
		list_add_tail(&client->list, &ai_pool.clients);
	}
	spin_unlock(&ai_pool.lock);
	if (full) {
		kfree(client);
		return ERR_PTR(-EUSERS);
	}
	return client;
}

void ai_client_end(struct ai_client *client)
{
	ai_dma_unmap_all(client);
	ai_disown_all(client);
	spin_lock(&ai_pool.lock);
	list_del(&client->list);
	ai_pool.client_count--;
	spin_unlock(&ai_pool.lock);
	kfree(client);
}
