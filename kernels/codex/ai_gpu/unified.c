// SPDX-License-Identifier: GPL-2.0
/*
 * Unified memory: a page is in the host's memory or in the device's, never in both. An access by a program while it is
 * on the device is a page fault, which brings it home; a touch by the device takes it out of every program's page
 * tables and sends it there. Pages are mapped by number, not by reference: nobody can keep one that has moved.
 */
#include <linux/highmem.h>
#include <linux/slab.h>
#include <linux/version.h>

#include "ai_gpu.h"

/* Not from high memory: a page that the device does not reach is copied. */
#define PAGE_FLAGS (GFP_USER | __GFP_ZERO)

static bool on_device(const struct ai_gpu_region *region, u32 page)
{
	return region->pages[page].slot != IN_HOST;
}

static void leave_slot(struct ai_gpu_region *region, u32 page)
{
	region->gpu->slots[region->pages[page].slot].region = NULL;
	region->pages[page].slot = IN_HOST;
}

static int bring_home_locked(struct ai_gpu_region *region, u32 page)
{
	struct ai_gpu *gpu = region->gpu;
	struct page *host = alloc_page(PAGE_FLAGS);
	int error;

	if (!host)
		return -ENOMEM;
	error = ai_gpu_transfer_locked(gpu, host, region->pages[page].slot * PAGE_SIZE, PAGE_SIZE, false);
	if (error) {
		__free_page(host);
		return error;
	}
	leave_slot(region, page);
	region->pages[page].host = host;
	gpu->counts.moved_to_host++;
	return 0;
}

/* A slot that holds nothing; whoever was there is moved to the host. */
static int free_slot_locked(struct ai_gpu *gpu, u32 *slot)
{
	u32 i;
	int error;

	if (!gpu->slot_count)
		return -ENOSPC;
	for (i = 0; i < gpu->slot_count; i++)
		if (!gpu->slots[i].region) {
			*slot = i;
			return 0;
		}
	*slot = gpu->next_victim++ % gpu->slot_count;
	error = bring_home_locked(gpu->slots[*slot].region, gpu->slots[*slot].page);
	if (!error)
		gpu->counts.evicted++;
	return error;
}

int ai_gpu_touch(struct ai_gpu_region *region, unsigned long page)
{
	struct ai_gpu *gpu = region->gpu;
	struct page *host;
	u32 slot;
	int error;

	if (page >= AI_GPU_UNIFIED_PAGES)
		return -EINVAL;
	mutex_lock(&gpu->lock);
	error = gpu->parent ? 0 : -ENODEV;
	if (error || on_device(region, page))
		goto done;
	error = free_slot_locked(gpu, &slot);
	if (error)
		goto done;
	host = region->pages[page].host;
	if (!host) {
		error = -ENOMEM;
		host = alloc_page(PAGE_FLAGS);
		if (!host)
			goto done;
		region->pages[page].host = host;
	}
	/* Whoever writes to it from here on waits for the lock, in the fault below. */
	unmap_mapping_range(region->mapping, (loff_t)page << PAGE_SHIFT, PAGE_SIZE, 1);
	error = ai_gpu_transfer_locked(gpu, host, slot * PAGE_SIZE, PAGE_SIZE, true);
	if (error)
		goto done;
	gpu->slots[slot] = (struct ai_gpu_slot){ .region = region, .page = page };
	region->pages[page].slot = slot;
	region->pages[page].host = NULL;
	__free_page(host);
	gpu->counts.moved_to_device++;
done:
	mutex_unlock(&gpu->lock);
	return error;
}

static vm_fault_t fault(struct vm_fault *fault)
{
	struct ai_gpu_region *region = fault->vma->vm_private_data;
	struct ai_gpu *gpu = region->gpu;
	const unsigned long page = fault->pgoff;
	vm_fault_t result = VM_FAULT_SIGBUS;
	int error = 0;

	if (page >= AI_GPU_UNIFIED_PAGES)
		return VM_FAULT_SIGBUS;
	mutex_lock(&gpu->lock);
	if (on_device(region, page))
		error = bring_home_locked(region, page);
	if (!error && !region->pages[page].host) {
		region->pages[page].host = alloc_page(PAGE_FLAGS);
		if (!region->pages[page].host)
			error = -ENOMEM;
	}
	if (!error)
		result = vmf_insert_pfn(fault->vma, fault->address, page_to_pfn(region->pages[page].host));
	else if (error == -ENOMEM)
		result = VM_FAULT_OOM;
	mutex_unlock(&gpu->lock);
	return result;
}

static const struct vm_operations_struct operations = {
	.fault = fault,
};

int ai_gpu_region_map(struct ai_gpu_region *region, struct vm_area_struct *vma)
{
	if (!(vma->vm_flags & VM_SHARED) || vma->vm_flags & VM_EXEC)
		return -EINVAL;
	if (vma->vm_pgoff >= AI_GPU_UNIFIED_PAGES || vma_pages(vma) > AI_GPU_UNIFIED_PAGES - vma->vm_pgoff)
		return -EINVAL;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	vm_flags_mod(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP, VM_MAYEXEC);
#else
	vma->vm_flags |= VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP;
	vma->vm_flags &= ~VM_MAYEXEC;
#endif
	/* The file, and the region with it, lives as long as the mapping. */
	vma->vm_private_data = region;
	vma->vm_ops = &operations;
	return 0;
}

int ai_gpu_make_room_locked(struct ai_gpu *gpu, u32 offset, u32 length)
{
	u32 slot;

	for (slot = offset / PAGE_SIZE; slot < gpu->slot_count && slot * PAGE_SIZE < offset + length; slot++) {
		int error = 0;

		if (gpu->slots[slot].region)
			error = bring_home_locked(gpu->slots[slot].region, gpu->slots[slot].page);
		if (error)
			return error;
	}
	return 0;
}

void ai_gpu_bring_all_home_locked(struct ai_gpu *gpu)
{
	u32 slot;

	for (slot = 0; slot < gpu->slot_count; slot++) {
		struct ai_gpu_region *region = gpu->slots[slot].region;

		/* What cannot be saved is lost with the device: zeros, and said. */
		if (region && bring_home_locked(region, gpu->slots[slot].page)) {
			leave_slot(region, gpu->slots[slot].page);
			pr_warn_ratelimited("ai_gpu: %s: a page was lost with the device\n", gpu->name);
		}
	}
}

struct ai_gpu_region *ai_gpu_region_new(struct ai_gpu *gpu, struct address_space *mapping)
{
	struct ai_gpu_region *region = kzalloc(sizeof(*region), GFP_KERNEL_ACCOUNT);
	u32 i;

	if (!region)
		return NULL;
	region->gpu = gpu;
	region->mapping = mapping;
	for (i = 0; i < AI_GPU_UNIFIED_PAGES; i++)
		region->pages[i].slot = IN_HOST;
	return region;
}

/* No mapping of it is left. */
void ai_gpu_region_end(struct ai_gpu_region *region)
{
	u32 i;

	mutex_lock(&region->gpu->lock);
	for (i = 0; i < AI_GPU_UNIFIED_PAGES; i++) {
		if (on_device(region, i))
			leave_slot(region, i);
		if (region->pages[i].host)
			__free_page(region->pages[i].host);
	}
	mutex_unlock(&region->gpu->lock);
	kfree(region);
}
