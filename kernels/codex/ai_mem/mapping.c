// SPDX-License-Identifier: GPL-2.0
/*
 * Blocks in a program's address space. A mapping uses its blocks from mmap to the unmapping of its last part, in
 * whatever process that is. No page is handed out by reference: what is unmapped is out of reach.
 */
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/version.h>

#include "ai_mem.h"

struct mapping {
	refcount_t parts;	/* splits and forks make more */
	struct ai_client *client;	/* the file is open as long as a part is there */
	u32 first, count;
};

static void part_opened(struct vm_area_struct *vma)
{
	struct mapping *mapping = vma->vm_private_data;

	refcount_inc(&mapping->parts);
}

static void part_closed(struct vm_area_struct *vma)
{
	struct mapping *mapping = vma->vm_private_data;

	if (!refcount_dec_and_test(&mapping->parts))
		return;
	spin_lock(&ai_pool.lock);
	mapping->client->mapped -= mapping->count;
	spin_unlock(&ai_pool.lock);
	ai_unuse(mapping->first, mapping->count);
	kfree(mapping);
}

static const struct vm_operations_struct operations = {
	.open = part_opened,
	.close = part_closed,
};

static int insert(struct vm_area_struct *vma, u32 first, u32 count)
{
	unsigned long at = vma->vm_start;
	u32 done, run;

	for (done = 0; done < count; done += run) {
		const unsigned long frame = page_to_pfn(ai_pool.blocks[first + done].page);
		int error;

		for (run = 1; done + run < count; run++)
			if (page_to_pfn(ai_pool.blocks[first + done + run].page) != frame + run)
				break;
		error = remap_pfn_range(vma, at, frame, (unsigned long)run << PAGE_SHIFT, vma->vm_page_prot);
		if (error)
			return error;
		at += (unsigned long)run << PAGE_SHIFT;
	}
	return 0;
}

int ai_map_to_user(struct ai_client *client, struct vm_area_struct *vma)
{
	const unsigned long first = vma->vm_pgoff, count = vma_pages(vma);
	struct mapping *mapping;
	int error;

	if (!(vma->vm_flags & VM_SHARED) || vma->vm_flags & VM_EXEC)
		return -EINVAL;
	if (first >= ai_pool.count || count > ai_pool.count - first)
		return -EINVAL;
	mapping = kmalloc(sizeof(*mapping), GFP_KERNEL_ACCOUNT);
	if (!mapping)
		return -ENOMEM;
	error = ai_use(client, first, count);
	if (error)
		goto no_use;
	*mapping = (struct mapping){ .parts = REFCOUNT_INIT(1), .client = client, .first = first, .count = count };
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	vm_flags_mod(vma, VM_DONTEXPAND | VM_DONTDUMP, VM_MAYEXEC);
#else
	vma->vm_flags |= VM_DONTEXPAND | VM_DONTDUMP;
	vma->vm_flags &= ~VM_MAYEXEC;
#endif
	error = insert(vma, first, count);
	if (error)
		goto no_insert;
	spin_lock(&ai_pool.lock);
	client->mapped += count;
	spin_unlock(&ai_pool.lock);
	vma->vm_private_data = mapping;
	vma->vm_ops = &operations;
	return 0;

no_insert:
	/* Out of the page tables before anybody else can have the blocks. */
	zap_vma_ptes(vma, vma->vm_start, vma->vm_end - vma->vm_start);
	ai_unuse(first, count);
no_use:
	kfree(mapping);
	return error;
}
