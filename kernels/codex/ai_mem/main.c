// SPDX-License-Identifier: GPL-2.0
/* ai_mem: a pool of pinned memory for AI workloads, in blocks of 4 KB, that programs map and devices reach. */
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/proc_fs.h>

#include "ai_mem.h"

static unsigned int size_mb = 256;
module_param(size_mb, uint, 0444);
MODULE_PARM_DESC(size_mb, "Size of the pool in MB (1 to 1048576, default 256)");

static int node = AI_MEM_ANY_NODE;
module_param(node, int, 0444);
MODULE_PARM_DESC(node, "NUMA node that all of the pool is on (default -1: the same from each)");

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ai_memory",
	.fops = &ai_device_operations,
	.mode = 0600,
};

static int __init start(void)
{
	int error;

	BUILD_BUG_ON(PAGE_SIZE != AI_MEM_BLOCK_SIZE);
	if (size_mb < 1 || size_mb > 1 << 20) {
		pr_err("ai_mem: refused: size_mb=%u is not between 1 and 1048576\n", size_mb);
		return -EINVAL;
	}
	error = ai_pool_fill(size_mb << 8, node);
	if (error)
		return error;
	error = -ENOMEM;
	if (!proc_create_single("ai_memory", 0444, NULL, ai_proc_show)) {
		pr_err("ai_mem: refused: no /proc/ai_memory can be made\n");
		goto no_proc;
	}
	error = misc_register(&device);
	if (error) {
		pr_err("ai_mem: refused: no device can be made: %d\n", error);
		goto no_device;
	}
	pr_info("ai_mem: %u MB in %u blocks, longest run %u, in %llu us\n", size_mb, ai_pool.count, ai_pool.longest,
		ai_pool.load_us);
	return 0;

no_device:
	remove_proc_entry("ai_memory", NULL);
no_proc:
	ai_pool_empty();
	return error;
}

static void __exit stop(void)
{
	misc_deregister(&device);
	remove_proc_entry("ai_memory", NULL);
	ai_pool_empty();
	pr_info("ai_mem: gone\n");
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A pool of pinned memory in 4 KB blocks that programs map and devices reach");
MODULE_VERSION("1.0");
