// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/ai_scheduler (ai_scheduler_uapi.h), and gpu_state in its sysfs folder: "GPU BUSY_PERCENT" or "GPU gone" a line.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "internal.h"

static struct pid *process_of(s32 number)
{
	if (number < 0)
		return NULL;
	if (number == 0)
		return get_pid(task_tgid(current));
	return find_get_pid(number);
}

static int change_registration(const struct ai_sched_task *task, bool add)
{
	struct pid *pid;
	int error;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (task->flags || task->reserved[0] || task->reserved[1] || task->kind > AI_SCHED_ON_GPU)
		return -EINVAL;
	pid = process_of(task->pid);
	if (!pid)
		return -ESRCH;
	mutex_lock(&ai_lock);
	error = add ? ai_register(pid, task->kind) : ai_unregister(pid);
	mutex_unlock(&ai_lock);
	put_pid(pid);
	if (!error)
		ai_scan_soon();
	return error;
}

static int set_gpu(const struct ai_sched_gpu *gpu)
{
	int error;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if ((gpu->flags & ~AI_SCHED_GPU_GONE) || gpu->reserved[0] || gpu->reserved[1])
		return -EINVAL;
	error = gpu->flags & AI_SCHED_GPU_GONE ? ai_gpu_forget(gpu->id) : ai_gpu_set(gpu->id, gpu->busy_percent);
	if (error)
		return error;
	mutex_lock(&ai_lock);
	ai_apply_all();
	mutex_unlock(&ai_lock);
	return 0;
}

static int get_info(struct ai_sched_info *info)
{
	struct ai_watched *process;
	struct ai_raised *record;
	struct pid *pid;

	if (info->flags || info->reserved32 || info->reserved[0] || info->reserved[1])
		return -EINVAL;
	pid = process_of(info->pid);
	if (!pid)
		return -ESRCH;
	info->found = info->kind = info->evidence = info->raised_threads = 0;
	mutex_lock(&ai_lock);
	process = ai_find(pid);
	if (process && process->evidence) {
		info->found = 1;
		info->kind = process->kind;
		info->evidence = process->evidence;
		list_for_each_entry(record, &process->raised, link)
			info->raised_threads += !record->hands_off;
	}
	mutex_unlock(&ai_lock);
	put_pid(pid);
	return 0;
}

static int get_stats(struct ai_sched_stats *stats)
{
	if (stats->flags)
		return -EINVAL;
	mutex_lock(&ai_lock);
	ai_fill_stats(stats);
	mutex_unlock(&ai_lock);
	return 0;
}

union argument {
	u32 size;
	struct ai_sched_task task;
	struct ai_sched_gpu gpu;
	struct ai_sched_info info;
	struct ai_sched_stats stats;
};

static long control(struct file *file, unsigned int command, unsigned long address)
{
	void __user *user = (void __user *)address;
	union argument argument = {};
	long error;

	switch (command) {
	case AI_SCHED_REGISTER:
	case AI_SCHED_UNREGISTER:
	case AI_SCHED_SET_GPU:
	case AI_SCHED_GET_INFO:
	case AI_SCHED_GET_STATS:
		break;
	default:
		return -ENOTTY;
	}
	if (copy_from_user(&argument, user, _IOC_SIZE(command)))
		return -EFAULT;
	if (argument.size != _IOC_SIZE(command))
		return -EINVAL;
	switch (command) {
	case AI_SCHED_REGISTER:
		return change_registration(&argument.task, true);
	case AI_SCHED_UNREGISTER:
		return change_registration(&argument.task, false);
	case AI_SCHED_SET_GPU:
		return set_gpu(&argument.gpu);
	case AI_SCHED_GET_INFO:
		error = get_info(&argument.info);
		break;
	default:
		error = get_stats(&argument.stats);
		break;
	}
	if (error)
		return error;
	return copy_to_user(user, &argument, _IOC_SIZE(command)) ? -EFAULT : 0;
}

static const struct file_operations operations = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = control,
	.compat_ioctl = compat_ptr_ioctl,
};

static ssize_t gpu_state_show(struct device *device, struct device_attribute *attribute, char *text)
{
	unsigned int known, available;

	ai_gpu_count(&known, &available);
	return sysfs_emit(text, "known %u available %u\n", known, available);
}

static ssize_t gpu_state_store(struct device *device, struct device_attribute *attribute, const char *text, size_t size)
{
	unsigned int id, busy_percent;
	char extra, word[8];
	int error;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (sscanf(text, "%u %u %c", &id, &busy_percent, &extra) == 2)
		error = ai_gpu_set(id, busy_percent);
	else if (sscanf(text, "%u %7s %c", &id, word, &extra) == 2 && strcmp(word, "gone") == 0)
		error = ai_gpu_forget(id);
	else
		error = -EINVAL;
	if (error)
		return error;
	mutex_lock(&ai_lock);
	ai_apply_all();
	mutex_unlock(&ai_lock);
	return size;
}
static DEVICE_ATTR_RW(gpu_state);

static struct attribute *ai_attrs[] = { &dev_attr_gpu_state.attr, NULL };
ATTRIBUTE_GROUPS(ai);

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ai_scheduler",
	.fops = &operations,
	.mode = 0600,
	.groups = ai_groups,
};

int ai_control_start(void)
{
	return misc_register(&device);
}

void ai_control_stop(void)
{
	misc_deregister(&device);
}
