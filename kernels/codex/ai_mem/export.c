// SPDX-License-Identifier: GPL-2.0
/* Blocks as a dma-buf: what any driver that takes one can read and write. It lives on when the file is closed. */
#include <linux/module.h>

#include "ai_mem.h"

#if IS_ENABLED(CONFIG_DMA_SHARED_BUFFER)
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
MODULE_IMPORT_NS("DMA_BUF");
#else
MODULE_IMPORT_NS(DMA_BUF);
#endif

struct export {
	u32 first, count;
};

static struct sg_table *map_for(struct dma_buf_attachment *to, enum dma_data_direction direction)
{
	const struct export *export = to->dmabuf->priv;
	struct scatterlist *entry;
	struct sg_table *table;
	int error, i;

	table = kmalloc(sizeof(*table), GFP_KERNEL);
	if (!table)
		return ERR_PTR(-ENOMEM);
	error = sg_alloc_table(table, export->count, GFP_KERNEL);
	if (error)
		goto no_table;
	for_each_sgtable_sg(table, entry, i)
		sg_set_page(entry, ai_pool.blocks[export->first + i].page, PAGE_SIZE, 0);
	error = dma_map_sgtable(to->dev, table, direction, 0);
	if (!error)
		return table;
	sg_free_table(table);
no_table:
	kfree(table);
	return ERR_PTR(error);
}

static void unmap_for(struct dma_buf_attachment *to, struct sg_table *table, enum dma_data_direction direction)
{
	dma_unmap_sgtable(to->dev, table, direction, 0);
	sg_free_table(table);
	kfree(table);
}

static int map_to_user(struct dma_buf *buffer, struct vm_area_struct *vma)
{
	const struct export *export = buffer->priv;
	unsigned long at = vma->vm_start;
	u32 i;

	/* The core has looked at offset and length. */
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	for (i = vma->vm_pgoff; at < vma->vm_end; i++, at += PAGE_SIZE) {
		const unsigned long frame = page_to_pfn(ai_pool.blocks[export->first + i].page);
		const int error = remap_pfn_range(vma, at, frame, PAGE_SIZE, vma->vm_page_prot);

		if (error)
			return error;
	}
	return 0;
}

static void release(struct dma_buf *buffer)
{
	struct export *export = buffer->priv;

	ai_unuse(export->first, export->count);
	kfree(export);
}

static const struct dma_buf_ops operations = {
	.map_dma_buf = map_for,
	.unmap_dma_buf = unmap_for,
	.mmap = map_to_user,
	.release = release,
};

int ai_export(struct ai_client *client, struct ai_mem_export *ask)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct export *export;
	struct dma_buf *buffer;
	int error = ai_use(client, ask->first, ask->count);

	if (error)
		return error;
	error = -ENOMEM;
	export = kmalloc(sizeof(*export), GFP_KERNEL_ACCOUNT);
	if (!export)
		goto no_buffer;
	*export = (struct export){ .first = ask->first, .count = ask->count };
	info.ops = &operations;
	info.size = (size_t)ask->count << PAGE_SHIFT;
	info.flags = O_RDWR;
	info.priv = export;
	buffer = dma_buf_export(&info);
	error = PTR_ERR_OR_ZERO(buffer);
	if (error)
		goto no_buffer;
	ask->fd = dma_buf_fd(buffer, ask->flags);
	if (ask->fd >= 0)
		return 0;
	dma_buf_put(buffer);	/* releases the rest */
	return ask->fd;

no_buffer:
	kfree(export);
	ai_unuse(ask->first, ask->count);
	return error;
}

#else

int ai_export(struct ai_client *client, struct ai_mem_export *ask)
{
	return -EOPNOTSUPP;
}

#endif
