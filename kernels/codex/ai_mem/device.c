// SPDX-License-Identifier: GPL-2.0
/* /dev/ai_memory: every call is checked here, whole, before anything is done. */
#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include "ai_mem.h"

static int open_device(struct inode *inode, struct file *file)
{
	struct ai_client *client = ai_client_new();

	if (IS_ERR(client))
		return PTR_ERR(client);
	file->private_data = client;
	return 0;
}

static int close_device(struct inode *inode, struct file *file)
{
	ai_client_end(file->private_data);
	return 0;
}

/* A structure from user space whose first member is its size. */
#define FETCH(what, from) \
	(copy_from_user(&(what), (from), sizeof(what)) ? -EFAULT \
	 : (what).size != sizeof(what) || (what).reserved ? -EINVAL : 0)

static long alloc_run(struct ai_client *client, struct ai_mem_alloc __user *to)
{
	struct ai_mem_alloc ask;
	int error = FETCH(ask, to);

	if (error)
		return error;
	if (ask.flags & ~AI_MEM_THIS_NODE_ONLY)
		return -EINVAL;
	if (ask.node != AI_MEM_ANY_NODE && (ask.node < 0 || ask.node >= MAX_NUMNODES))
		return -EINVAL;
	error = ai_take_run(client, ask.count, ask.node, ask.flags & AI_MEM_THIS_NODE_ONLY, &ask.first);
	if (error)
		return error;
	ask.got_node = ai_pool.blocks[ask.first].node;
	if (!copy_to_user(to, &ask, sizeof(ask)))
		return 0;
	ai_free(client, ask.first, ask.count);
	return -EFAULT;
}

static long free_range(struct ai_client *client, const void __user *from)
{
	struct ai_mem_range ask;
	const int error = FETCH(ask, from);

	if (error)
		return error;
	return ask.flags ? -EINVAL : ai_free(client, ask.first, ask.count);
}

static long tell(struct ai_client *client, struct ai_mem_info __user *to)
{
	struct ai_mem_info info;
	const int error = FETCH(info, to);

	if (error)
		return error;
	if (info.flags)
		return -EINVAL;
	spin_lock(&ai_pool.lock);
	info.blocks = ai_pool.count;
	info.free = ai_pool.free;
	info.held = ai_pool.held;
	info.own = client->owned;
	spin_unlock(&ai_pool.lock);
	info.longest = ai_pool.longest;
	info.nodes = num_node_state(N_MEMORY);
	return copy_to_user(to, &info, sizeof(info)) ? -EFAULT : 0;
}

static long map_for_device(struct ai_client *client, struct ai_mem_dma __user *to)
{
	struct ai_mem_dma ask;
	int error;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	error = FETCH(ask, to);
	if (error)
		return error;
	error = ai_dma_map(client, &ask);
	if (error)
		return error;
	if (!copy_to_user(to, &ask, sizeof(ask)))
		return 0;
	ai_dma_unmap(client, ask.id);
	return -EFAULT;
}

static long export_range(struct ai_client *client, struct ai_mem_export __user *to)
{
	struct ai_mem_export ask;
	int error = FETCH(ask, to);

	if (error)
		return error;
	if (ask.flags & ~O_CLOEXEC || ask.pad)
		return -EINVAL;
	/* First, since a file descriptor cannot be taken back. */
	if (put_user(-1, &to->fd))
		return -EFAULT;
	error = ai_export(client, &ask);
	return error ? error : put_user(ask.fd, &to->fd);
}

static long control(struct file *file, unsigned int command, unsigned long argument)
{
	struct ai_client *client = file->private_data;
	void __user *to = (void __user *)argument;

	if (command == AI_MEM_ALLOC_BLOCK)
		return likely(!argument) ? ai_take_one(client) : -EINVAL;
	if (command == AI_MEM_FREE_BLOCK)
		return likely(argument <= U32_MAX) ? ai_free(client, argument, 1) : -EINVAL;
	switch (command) {
	case AI_MEM_ALLOC:
		return alloc_run(client, to);
	case AI_MEM_FREE:
		return free_range(client, to);
	case AI_MEM_INFO:
		return tell(client, to);
	case AI_MEM_DMA_MAP:
		return map_for_device(client, to);
	case AI_MEM_DMA_UNMAP:
		return ai_dma_unmap(client, argument);
	case AI_MEM_EXPORT:
		return export_range(client, to);
	default:
		return -ENOTTY;
	}
}

static int map(struct file *file, struct vm_area_struct *vma)
{
	return ai_map_to_user(file->private_data, vma);
}

const struct file_operations ai_device_operations = {
	.owner = THIS_MODULE,
	.open = open_device,
	.release = close_device,
	.unlocked_ioctl = control,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = map,
};
