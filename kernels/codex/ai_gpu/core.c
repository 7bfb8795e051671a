// SPDX-License-Identifier: GPL-2.0
/* The devices there are, what each has done, and the calls to their drivers. */
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "ai_gpu.h"

static DEFINE_MUTEX(gpus_lock);
static LIST_HEAD(gpus);

static void free_gpu(struct kref *references)
{
	struct ai_gpu *gpu = container_of(references, struct ai_gpu, references);

	kfree(gpu->slots);
	kfree(gpu);
}

void ai_gpu_put(struct ai_gpu *gpu)
{
	kref_put(&gpu->references, free_gpu);
}

static int lowest_number(void)
{
	struct ai_gpu *gpu;
	int number = 0;

	/* In the order of their numbers. */
	list_for_each_entry(gpu, &gpus, list) {
		if (gpu->number != number)
			break;
		number++;
	}
	return number;
}

static void list_in_order(struct ai_gpu *gpu)
{
	struct ai_gpu *other;

	list_for_each_entry(other, &gpus, list)
		if (other->number > gpu->number)
			break;
	list_add_tail(&gpu->list, &other->list);
}

struct ai_gpu *ai_gpu_register(struct device *parent, const struct ai_gpu_ops *ops, u32 memory, void *driver)
{
	struct ai_gpu *gpu = kzalloc(sizeof(*gpu), GFP_KERNEL);
	int error = -ENOMEM;

	if (!gpu)
		return ERR_PTR(-ENOMEM);
	kref_init(&gpu->references);
	mutex_init(&gpu->lock);
	gpu->parent = parent;
	gpu->ops = ops;
	gpu->driver = driver;
	gpu->memory = memory;
	gpu->slot_count = memory / PAGE_SIZE;
	strscpy(gpu->parent_name, dev_name(parent), sizeof(gpu->parent_name));
	gpu->slots = kcalloc(max(gpu->slot_count, 1u), sizeof(*gpu->slots), GFP_KERNEL);
	if (!gpu->slots)
		goto no_slots;
	gpu->bounce = dma_alloc_coherent(parent, PAGE_SIZE, &gpu->bounce_address, GFP_KERNEL);
	if (!gpu->bounce)
		goto no_slots;
	mutex_lock(&gpus_lock);
	gpu->number = lowest_number();
	snprintf(gpu->name, sizeof(gpu->name), "ai_gpu%d", gpu->number);
	gpu->device = (struct miscdevice){ .minor = MISC_DYNAMIC_MINOR,
					   .name = gpu->name,
					   .fops = &ai_gpu_device_operations,
					   .parent = parent,
					   .mode = 0600 };
	error = misc_register(&gpu->device);
	if (!error)
		list_in_order(gpu);
	mutex_unlock(&gpus_lock);
	if (error)
		goto no_device;
	return gpu;

no_device:
	dma_free_coherent(parent, PAGE_SIZE, gpu->bounce, gpu->bounce_address);
no_slots:
	ai_gpu_put(gpu);
	return ERR_PTR(error);
}
EXPORT_SYMBOL_GPL(ai_gpu_register);

void ai_gpu_unregister(struct ai_gpu *gpu)
{
	mutex_lock(&gpus_lock);
	list_del(&gpu->list);
	/* Nobody opens it any more; those who have find that it is gone. */
	misc_deregister(&gpu->device);
	mutex_unlock(&gpus_lock);
	mutex_lock(&gpu->lock);
	ai_gpu_bring_all_home_locked(gpu);
	dma_free_coherent(gpu->parent, PAGE_SIZE, gpu->bounce, gpu->bounce_address);
	gpu->parent = NULL;
	mutex_unlock(&gpu->lock);
	ai_gpu_put(gpu);
}
EXPORT_SYMBOL_GPL(ai_gpu_unregister);

static int by_bounce(struct ai_gpu *gpu, struct page *page, u32 offset, u32 length, bool to_device)
{
	int error;

	if (to_device)
		memcpy(gpu->bounce, page_address(page), length);
	error = gpu->ops->copy(gpu->driver, gpu->bounce_address, offset, length, to_device);
	if (!error && !to_device)
		memcpy(page_address(page), gpu->bounce, length);
	return error;
}

static int directly(struct ai_gpu *gpu, struct page *page, u32 offset, u32 length, bool to_device)
{
	const enum dma_data_direction direction = to_device ? DMA_TO_DEVICE : DMA_FROM_DEVICE;
	const dma_addr_t address = dma_map_page(gpu->parent, page, 0, length, direction);
	int error;

	if (dma_mapping_error(gpu->parent, address))
		return -EIO;
	error = gpu->ops->copy(gpu->driver, address, offset, length, to_device);
	dma_unmap_page(gpu->parent, address, length, direction);
	return error;
}

int ai_gpu_transfer_locked(struct ai_gpu *gpu, struct page *page, u32 offset, u32 length, bool to_device)
{
	int error;

	if (!gpu->parent)
		return -ENODEV;
	error = page_to_phys(page) + length - 1 > dma_get_mask(gpu->parent)
			? by_bounce(gpu, page, offset, length, to_device)
			: directly(gpu, page, offset, length, to_device);
	if (error) {
		gpu->counts.errors++;
	} else if (to_device) {
		gpu->counts.to_device++;
		gpu->counts.bytes_to += length;
	} else {
		gpu->counts.from_device++;
		gpu->counts.bytes_from += length;
	}
	return error;
}

int ai_gpu_launch(struct ai_gpu *gpu, u32 function, u32 argument, u32 *result)
{
	int error = -ENODEV;

	mutex_lock(&gpu->lock);
	if (gpu->parent) {
		error = gpu->ops->launch(gpu->driver, function, argument, result);
		if (error)
			gpu->counts.errors++;
		else
			gpu->counts.launches++;
	}
	mutex_unlock(&gpu->lock);
	return error;
}

static void show_one(struct seq_file *out, struct ai_gpu *gpu)
{
	const struct ai_gpu_counts *counts = &gpu->counts;
	u32 i, pages = 0;

	mutex_lock(&gpu->lock);
	for (i = 0; i < gpu->slot_count; i++)
		pages += gpu->slots[i].region != NULL;
	seq_printf(out, "GPU %d: %s %s\n", gpu->number, gpu->ops->name, gpu->parent_name);
	seq_printf(out, "Memory: %u KB\n", gpu->memory / 1024);
	seq_printf(out, "Transfers To Device: %llu (%llu bytes)\n", counts->to_device, counts->bytes_to);
	seq_printf(out, "Transfers From Device: %llu (%llu bytes)\n", counts->from_device, counts->bytes_from);
	seq_printf(out, "Launches: %llu\n", counts->launches);
	seq_printf(out, "Unified Pages On Device: %u\n", pages);
	seq_printf(out, "Moved To Device: %llu\n", counts->moved_to_device);
	seq_printf(out, "Moved To Host: %llu\n", counts->moved_to_host);
	seq_printf(out, "Evicted: %llu\n", counts->evicted);
	seq_printf(out, "Errors: %llu\n", counts->errors);
	mutex_unlock(&gpu->lock);
}

int ai_gpu_proc_show(struct seq_file *out, void *unused)
{
	struct ai_gpu *gpu;
	int count = 0;

	mutex_lock(&gpus_lock);
	list_for_each_entry(gpu, &gpus, list)
		count++;
	seq_printf(out, "Devices: %d\n", count);
	list_for_each_entry(gpu, &gpus, list)
		show_one(out, gpu);
	mutex_unlock(&gpus_lock);
	return 0;
}
