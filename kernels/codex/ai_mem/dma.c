// SPDX-License-Identifier: GPL-2.0
/* Blocks for a PCI device that has no driver to ask for them: addresses that it reads and writes by itself. */
#include <linux/dma-mapping.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "ai_mem.h"

#define MOST_DMAS 1024	/* of one open file */

struct dma {
	struct list_head list;
	struct pci_dev *device;
	dma_addr_t address;
	enum dma_data_direction direction;
	u32 first, count, id;
};

static bool direction_of(u32 flags, enum dma_data_direction *direction)
{
	switch (flags) {
	case AI_MEM_DEVICE_READS:
		*direction = DMA_TO_DEVICE;
		return true;
	case AI_MEM_DEVICE_WRITES:
		*direction = DMA_FROM_DEVICE;
		return true;
	case AI_MEM_DEVICE_READS | AI_MEM_DEVICE_WRITES:
		*direction = DMA_BIDIRECTIONAL;
		return true;
	default:
		return false;
	}
}

static void end(struct dma *dma)
{
	dma_unmap_page(&dma->device->dev, dma->address, (size_t)dma->count << PAGE_SHIFT, dma->direction);
	ai_unuse(dma->first, dma->count);
	pci_dev_put(dma->device);
	kfree(dma);
}

int ai_dma_map(struct ai_client *client, struct ai_mem_dma *ask)
{
	struct dma *dma;
	int error = -EINVAL;

	if (ask->bus > 0xff || ask->devfn > 0xff || ask->domain > 0xffff)
		return -EINVAL;
	dma = kzalloc(sizeof(*dma), GFP_KERNEL_ACCOUNT);
	if (!dma)
		return -ENOMEM;
	dma->first = ask->first;
	dma->count = ask->count;
	if (!direction_of(ask->flags, &dma->direction))
		goto no_device;
	dma->device = pci_get_domain_bus_and_slot(ask->domain, ask->bus, ask->devfn);
	error = -ENODEV;
	if (!dma->device)
		goto no_device;
	error = ai_use(client, dma->first, dma->count);
	if (error)
		goto no_use;
	error = -EINVAL;
	if (!ai_is_run(dma->first, dma->count))
		goto no_address;
	dma->address = dma_map_page(&dma->device->dev, ai_pool.blocks[dma->first].page, 0,
				    (size_t)dma->count << PAGE_SHIFT, dma->direction);
	error = -EIO;
	if (dma_mapping_error(&dma->device->dev, dma->address))
		goto no_address;
	mutex_lock(&client->lock);
	error = client->dma_count < MOST_DMAS ? 0 : -EBUSY;
	if (!error) {
		client->dma_count++;
		dma->id = ++client->last_dma;
		list_add(&dma->list, &client->dmas);
		ask->id = dma->id;
		ask->address = dma->address;
	}
	mutex_unlock(&client->lock);
	if (error)
		end(dma);
	return error;

no_address:
	ai_unuse(dma->first, dma->count);
no_use:
	pci_dev_put(dma->device);
no_device:
	kfree(dma);
	return error;
}

int ai_dma_unmap(struct ai_client *client, unsigned long id)
{
	struct dma *dma, *found = NULL;

	mutex_lock(&client->lock);
	list_for_each_entry(dma, &client->dmas, list) {
		if (dma->id != id)
			continue;
		found = dma;
		list_del(&dma->list);
		client->dma_count--;
		break;
	}
	mutex_unlock(&client->lock);
	if (!found)
		return -EINVAL;
	end(found);
	return 0;
}

void ai_dma_unmap_all(struct ai_client *client)
{
	struct dma *dma, *next;

	list_for_each_entry_safe(dma, next, &client->dmas, list)
		end(dma);
	INIT_LIST_HEAD(&client->dmas);
}
