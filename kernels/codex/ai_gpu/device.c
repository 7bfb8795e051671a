// SPDX-License-Identifier: GPL-2.0
/* /dev/ai_gpuN: every call is checked here, whole, before anything is done. */
#include <linux/highmem.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "ai_gpu.h"

static int open_device(struct inode *inode, struct file *file)
{
	/* misc_open has put the miscdevice there, and keeps it from going meanwhile. */
	struct ai_gpu *gpu = container_of(file->private_data, struct ai_gpu, device);
	struct ai_gpu_region *region = ai_gpu_region_new(gpu, file->f_mapping);

	if (!region)
		return -ENOMEM;
	kref_get(&gpu->references);
	file->private_data = region;
	return 0;
}

static int close_device(struct inode *inode, struct file *file)
{
	struct ai_gpu_region *region = file->private_data;
	struct ai_gpu *gpu = region->gpu;

	ai_gpu_region_end(region);
	ai_gpu_put(gpu);
	return 0;
}

#define FETCH(what, from) \
	(copy_from_user(&(what), (from), sizeof(what)) ? -EFAULT \
	 : (what).size != sizeof(what) || (what).reserved ? -EINVAL : 0)

static long tell(struct ai_gpu_region *region, struct ai_gpu_info __user *to)
{
	struct ai_gpu_info info;
	const int error = FETCH(info, to);
	u32 i;

	if (error)
		return error;
	if (info.flags)
		return -EINVAL;
	info.memory = region->gpu->memory;
	info.pages = 0;
	mutex_lock(&region->gpu->lock);
	for (i = 0; i < AI_GPU_UNIFIED_PAGES; i++)
		info.pages += region->pages[i].slot != IN_HOST;
	mutex_unlock(&region->gpu->lock);
	return copy_to_user(to, &info, sizeof(info)) ? -EFAULT : 0;
}

/* A piece of at most a page, through a page of the kernel's own: the program's memory may go at any time. */
static int copy_piece(struct ai_gpu *gpu, struct page *page, void __user *user, u32 offset, u32 length, bool to_device)
{
	int error;

	if (to_device && copy_from_user(page_address(page), user, length))
		return -EFAULT;
	mutex_lock(&gpu->lock);
	error = ai_gpu_make_room_locked(gpu, offset, length);
	if (!error)
		error = ai_gpu_transfer_locked(gpu, page, offset, length, to_device);
	mutex_unlock(&gpu->lock);
	if (!error && !to_device && copy_to_user(user, page_address(page), length))
		error = -EFAULT;
	return error;
}

static long copy(struct ai_gpu *gpu, const void __user *from)
{
	struct ai_gpu_copy ask;
	struct page *page;
	u32 done, piece;
	int error = FETCH(ask, from);

	if (error)
		return error;
	if (ask.flags != AI_GPU_TO_DEVICE && ask.flags != AI_GPU_FROM_DEVICE)
		return -EINVAL;
	if (!ask.length || ask.offset >= gpu->memory || ask.length > gpu->memory - ask.offset)
		return -EINVAL;
	page = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!page)
		return -ENOMEM;
	for (done = 0; !error && done < ask.length; done += piece) {
		piece = min_t(u32, ask.length - done, PAGE_SIZE);
		error = fatal_signal_pending(current) ? -EINTR
			: copy_piece(gpu, page, u64_to_user_ptr(ask.address + done), ask.offset + done, piece,
				     ask.flags == AI_GPU_TO_DEVICE);
	}
	__free_page(page);
	return error;
}

static long launch(struct ai_gpu *gpu, struct ai_gpu_launch __user *to)
{
	struct ai_gpu_launch ask;
	int error = FETCH(ask, to);

	if (error)
		return error;
	if (ask.flags || ask.pad)
		return -EINVAL;
	error = ai_gpu_launch(gpu, ask.function, ask.argument, &ask.result);
	if (error)
		return error;
	return copy_to_user(to, &ask, sizeof(ask)) ? -EFAULT : 0;
}

static long where(struct ai_gpu_region *region, unsigned long page)
{
	long answer;

	if (page >= AI_GPU_UNIFIED_PAGES)
		return -EINVAL;
	mutex_lock(&region->gpu->lock);
	answer = region->pages[page].slot != IN_HOST;
	mutex_unlock(&region->gpu->lock);
	return answer;
}

static long control(struct file *file, unsigned int command, unsigned long argument)
{
	struct ai_gpu_region *region = file->private_data;
	void __user *to = (void __user *)argument;

	switch (command) {
	case AI_GPU_INFO:
		return tell(region, to);
	case AI_GPU_COPY:
		return copy(region->gpu, to);
	case AI_GPU_LAUNCH:
		return launch(region->gpu, to);
	case AI_GPU_TOUCH:
		return ai_gpu_touch(region, argument);
	case AI_GPU_WHERE:
		return where(region, argument);
	default:
		return -ENOTTY;
	}
}

static int map(struct file *file, struct vm_area_struct *vma)
{
	return ai_gpu_region_map(file->private_data, vma);
}

const struct file_operations ai_gpu_device_operations = {
	.owner = THIS_MODULE,
	.open = open_device,
	.release = close_device,
	.unlocked_ioctl = control,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = map,
};
