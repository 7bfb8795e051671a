// SPDX-License-Identifier: GPL-2.0
/*
 * ai_scheduler: finds inference processes by what they do and gives them the processor first. This file: the module's
 * life, its thread, and how it learns that a program has been started.
 */
#define pr_fmt(fmt) "ai_scheduler: " fmt
#include <linux/atomic.h>
#include <linux/binfmts.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>

#include "internal.h"

#define SOON_MS 10u
#define LONGEST_REST 16u	/* periods, while nothing computes */

unsigned int ai_period_ms = 50;
module_param_named(period_ms, ai_period_ms, uint, 0444);
MODULE_PARM_DESC(period_ms, "how often the processes are looked at, 10 to 10000 (default 50); less often while all are idle");
unsigned int ai_model_mb = 64;
module_param_named(model_mb, ai_model_mb, uint, 0444);
MODULE_PARM_DESC(model_mb, "smallest mapped file that counts as a model where its format is not known, in MiB (default 64)");
unsigned int ai_max_processes = 4096;
module_param_named(max_processes, ai_max_processes, uint, 0444);
MODULE_PARM_DESC(max_processes, "at most so many processes are watched at once (default 4096)");

DEFINE_MUTEX(ai_lock);
LIST_HEAD(ai_processes);
struct ai_counters ai_counters;

static struct task_struct *watcher;
static atomic64_t executions;
static atomic_t wanted;

u64 ai_executions(void)
{
	return atomic64_read(&executions);
}

/* From any context. */
void ai_scan_soon(void)
{
	if (atomic_xchg(&wanted, 1) == 0)
		wake_up_process(watcher);
}

/*
 * Asked of every program that is started, before the real formats are. It is never this one: it only takes notice.
 * (Tracepoints would say the same, but not every kernel has them, and modules may not use all.)
 */
static int notice_program(struct linux_binprm *program)
{
	atomic64_inc(&executions);
	ai_scan_soon();
	return -ENOEXEC;
}

static struct linux_binfmt every_program = {
	.module = THIS_MODULE,
	.load_binary = notice_program,
};

static void rest(unsigned int ms)
{
	set_current_state(TASK_INTERRUPTIBLE);
	if (!atomic_read(&wanted) && !kthread_should_stop())
		schedule_timeout(msecs_to_jiffies(ms));
	__set_current_state(TASK_RUNNING);
}

static int watch(void *unused)
{
	unsigned int periods = 1;

	while (!kthread_should_stop()) {
		bool busy;

		if (atomic_read(&wanted)) {
			/* The program is not mapped yet; and many may be started at once: one look for all. */
			schedule_timeout_interruptible(msecs_to_jiffies(SOON_MS));
			atomic_set(&wanted, 0);
			periods = 1;
		}
		mutex_lock(&ai_lock);
		busy = ai_scan();
		mutex_unlock(&ai_lock);
		periods = busy ? 1 : min(periods * 2, LONGEST_REST);
		rest(periods * ai_period_ms);
	}
	return 0;
}

static int __init start(void)
{
	int error;

	if (ai_period_ms < 10 || ai_period_ms > 10000 || ai_max_processes == 0 || ai_max_processes > 65536) {
		pr_err("period_ms must be 10 to 10000, max_processes 1 to 65536\n");
		return -EINVAL;
	}
	watcher = kthread_create(watch, NULL, "ai_scheduler");
	if (IS_ERR(watcher))
		return PTR_ERR(watcher);
	/* Above whatever it raises, so that it can always put it back. */
	sched_set_fifo(watcher);
	error = ai_control_start();
	if (error)
		goto stop_thread;
	error = ai_report_start();
	if (error)
		goto stop_control;
	wake_up_process(watcher);
	/* Last: it cannot fail, and from now on programs may be in it. */
	insert_binfmt(&every_program);
	pr_info("loaded: boost=%s, a look every %u ms\n", ai_boost_name(), ai_period_ms);
	return 0;

stop_control:
	ai_control_stop();
stop_thread:
	kthread_stop(watcher);
	return error;
}

static void __exit stop(void)
{
	unregister_binfmt(&every_program);
	ai_report_stop();
	ai_control_stop();
	kthread_stop(watcher);
	mutex_lock(&ai_lock);
	ai_forget_all();
	mutex_unlock(&ai_lock);
	pr_info("unloaded: %llu found, %llu raised, %llu put back\n", ai_counters.found, ai_counters.raised,
		ai_counters.put_back);
}

module_init(start);
module_exit(stop);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("aios-bench");
MODULE_DESCRIPTION("Finds inference processes by what they do, and raises them by what the GPUs do");
MODULE_VERSION("1.0");
