// SPDX-License-Identifier: GPL-2.0
/*
 * What can be seen of another process without stopping it: what it used of the processors, which files it has mapped
 * (are they models?), which device nodes it has open. Nothing here waits for the process or for a file system: a lock
 * that is taken is a look that comes later, a page that is not in memory is not read.
 */
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/kdev_t.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/version.h>

#include "internal.h"

#define SMALLEST_MODEL (1UL << 20)	/* of a known format */
#define MOST_FILES 8u

/* NVIDIA's character devices; DRM's render nodes (card nodes are opened by whatever draws on a screen). */
static char *gpu_devices[16] = { "195:0-255", "226:128-255" };
static int gpu_devices_count = 2;
module_param_array(gpu_devices, charp, &gpu_devices_count, 0444);
MODULE_PARM_DESC(gpu_devices, "character devices that are GPUs, MAJOR:FIRST-LAST (default 195:0-255,226:128-255)");
static char *gpu_drivers[8] = { "nvidia_uvm", "amdgpu" };
static int gpu_drivers_count = 2;
module_param_array(gpu_drivers, charp, &gpu_drivers_count, 0444);
MODULE_PARM_DESC(gpu_drivers, "modules whose character devices are GPUs, whatever their numbers (default nvidia_uvm,amdgpu)");

void ai_look_at(struct task_struct *leader, struct ai_look *look)
{
	struct task_struct *thread;

	memset(look, 0, sizeof(*look));
	look->exec_id = leader->self_exec_id;
	rcu_read_lock();
	look->runtime = READ_ONCE(leader->signal->sum_sched_runtime);
	look->sleeps = READ_ONCE(leader->signal->nvcsw);
	look->preempted = READ_ONCE(leader->signal->nivcsw);
	for_each_thread(leader, thread) {
		look->runtime += READ_ONCE(thread->se.sum_exec_runtime);
		look->sleeps += READ_ONCE(thread->nvcsw);
		look->preempted += READ_ONCE(thread->nivcsw);
		look->runnable |= READ_ONCE(thread->on_rq) != 0;
	}
	rcu_read_unlock();
}

static unsigned long file_pages(struct mm_struct *mm)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
	/* The sum, not the estimate: on many processors the estimate is off by more than a small model. */
	return percpu_counter_sum_positive(&mm->rss_stat[MM_FILEPAGES]) +
	       percpu_counter_sum_positive(&mm->rss_stat[MM_SHMEMPAGES]);
#else
	return get_mm_counter(mm, MM_FILEPAGES) + get_mm_counter(mm, MM_SHMEMPAGES);
#endif
}

/* GGUF, its forerunners, and safetensors (a length, then a JSON object). */
static bool is_model_head(const u8 *head)
{
	static const char *const marks[] = { "GGUF", "lmgg", "fmgg", "tjgg", "algg" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(marks); i++) {
		if (memcmp(head, marks[i], 4) == 0)
			return true;
	}
	return head[4] == 0 && head[5] == 0 && head[6] == 0 && head[7] == 0 && head[8] == '{' &&
	       (head[9] == '"' || head[9] == ' ');
}

static bool holds_a_model(struct file *file)
{
	struct page *page = find_get_page(file->f_mapping, 0);
	bool model = false;

	if (!page)
		return false;
	if (PageUptodate(page)) {
		const u8 *head = kmap_local_page(page);

		model = is_model_head(head);
		kunmap_local(head);
	}
	put_page(page);
	return model;
}

static bool may_be_weights(const struct vm_area_struct *area)
{
	return area->vm_file && S_ISREG(file_inode(area->vm_file)->i_mode) &&
	       !(area->vm_flags & (VM_EXEC | VM_WRITE | VM_IO | VM_PFNMAP)) &&
	       area->vm_end - area->vm_start >= SMALLEST_MODEL;
}

void ai_look_at_mappings(struct task_struct *leader, unsigned long known_total_vm, struct ai_mapping *mapping)
{
	struct mm_struct *mm = get_task_mm(leader);
	struct file *files[MOST_FILES];
	unsigned long largest = 0;
	unsigned int count = 0, i;
	struct vm_area_struct *area;

	if (!mm)
		return;
	mapping->total_vm = READ_ONCE(mm->total_vm);
	mapping->file_pages = file_pages(mm);
	if (known_total_vm == mapping->total_vm) {
		mapping->looked = true;
		goto out;
	}
	if (mapping->file_pages < SMALLEST_MODEL / 2 / PAGE_SIZE) {
		mapping->looked = true;
		goto out;
	}
	if (mmap_read_trylock(mm)) {
		VMA_ITERATOR(areas, mm, 0);

		for_each_vma(areas, area) {
			if (!may_be_weights(area))
				continue;
			largest = max(largest, area->vm_end - area->vm_start);
			if (count < MOST_FILES && (count == 0 || files[count - 1] != area->vm_file)) {
				get_file(area->vm_file);
				files[count++] = area->vm_file;
			}
		}
		mmap_read_unlock(mm);
		mapping->looked = true;
	}
	for (i = 0; i < count; i++) {
		if (mapping->model != AI_MODEL_KNOWN_FORMAT && holds_a_model(files[i]))
			mapping->model = AI_MODEL_KNOWN_FORMAT;
		fput(files[i]);
	}
	/* Of an unknown format: large, and at least half of it in use. */
	if (!mapping->model && largest >= (unsigned long)ai_model_mb << 20 &&
	    mapping->file_pages >= largest / 2 / PAGE_SIZE)
		mapping->model = AI_MODEL_LARGE_FILE;
out:
	mmput_async(mm);
}

static bool names_device(dev_t device, const char *range)
{
	unsigned int major, first, last;
	int words = range ? sscanf(range, "%u:%u-%u", &major, &first, &last) : 0;

	if (words < 1 || MAJOR(device) != major)
		return false;
	if (words == 1)
		return true;
	return MINOR(device) >= first && MINOR(device) <= (words == 3 ? last : first);
}

static int is_gpu_node(const void *unused, struct file *file, unsigned int fd)
{
	const struct inode *inode = file_inode(file);
	int i;

	if (!S_ISCHR(inode->i_mode))
		return 0;
	for (i = 0; i < gpu_devices_count; i++) {
		if (names_device(inode->i_rdev, gpu_devices[i]))
			return 1;
	}
	for (i = 0; i < gpu_drivers_count; i++) {
		if (gpu_drivers[i] && file->f_op->owner && strcmp(file->f_op->owner->name, gpu_drivers[i]) == 0)
			return 1;
	}
	return 0;
}

bool ai_has_gpu_node(struct task_struct *leader)
{
	bool found = false;

	task_lock(leader);
	if (leader->files)
		found = iterate_fd(leader->files, 0, is_gpu_node, NULL) != 0;
	task_unlock(leader);
	return found;
}
