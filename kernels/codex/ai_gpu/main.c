// SPDX-License-Identifier: GPL-2.0
/* ai_gpu: a device with memory of its own, driven from the kernel: copies, launches, memory that moves on access. */
#include <linux/module.h>
#include <linux/proc_fs.h>

#include "ai_gpu.h"

static int __init start(void)
{
	int error;

	if (!proc_create_single("ai_gpu", 0444, NULL, ai_gpu_proc_show))
		return -ENOMEM;
	error = ai_gpu_edu_start();
	if (error)
		remove_proc_entry("ai_gpu", NULL);
	return error;
}

static void __exit stop(void)
{
	ai_gpu_edu_stop();
	remove_proc_entry("ai_gpu", NULL);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Copies to and from a device, launches, and memory that moves between host and device on access");
MODULE_VERSION("1.0");
