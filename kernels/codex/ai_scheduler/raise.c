// SPDX-License-Identifier: GPL-2.0
/*
 * Threads are raised and put back. What its owner has chosen stays: a thread that is already above the ordinary, or that
 * was made nicer or SCHED_BATCH or SCHED_IDLE, is not touched; one that somebody changes while it is raised is not
 * touched again. Nothing that a raised thread starts inherits it (SCHED_RESET_ON_FORK).
 */
#include <linux/module.h>
#include <linux/sched/prio.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/version.h>
#include <uapi/linux/sched/types.h>

#include "internal.h"

#define MOST_THREADS 1024u

enum boost { BOOST_NICE, BOOST_RR, BOOST_FIFO, BOOST_NONE };
static const char *const boost_names[] = { "nice", "rr", "fifo", "none" };
static int boost = BOOST_NICE;

static int set_boost(const char *text, const struct kernel_param *param)
{
	int i = sysfs_match_string(boost_names, text);

	if (i < 0)
		return i;
	boost = i;
	return 0;
}

static int get_boost(char *text, const struct kernel_param *param)
{
	return sprintf(text, "%s\n", boost_names[boost]);
}

static const struct kernel_param_ops boost_ops = { .set = set_boost, .get = get_boost };
module_param_cb(boost, &boost_ops, NULL, 0444);
MODULE_PARM_DESC(boost, "how: nice (default), rr or fifo (the real-time classes), none (find, and change nothing)");

static int set_nice(const char *text, const struct kernel_param *param)
{
	int value, error = kstrtoint(text, 0, &value);

	if (error)
		return error;
	if (value < MIN_NICE || value >= 0)
		return -ERANGE;
	*(int *)param->arg = value;
	return 0;
}

static const struct kernel_param_ops nice_ops = { .set = set_nice, .get = param_get_int };
static int boost_nice = -10;
module_param_cb(nice, &nice_ops, &boost_nice, 0444);
MODULE_PARM_DESC(nice, "the nice value that boost=nice gives, -20 to -1 (default -10)");

static int set_priority(const char *text, const struct kernel_param *param)
{
	unsigned int value;
	int error = kstrtouint(text, 0, &value);

	if (error)
		return error;
	/* Below the module's own thread, which must be able to put it back. */
	if (value < 1 || value > 40)
		return -ERANGE;
	*(unsigned int *)param->arg = value;
	return 0;
}

static const struct kernel_param_ops priority_ops = { .set = set_priority, .get = param_get_uint };
static unsigned int boost_priority = 1;
module_param_cb(priority, &priority_ops, &boost_priority, 0444);
MODULE_PARM_DESC(priority, "the real-time priority that boost=rr and boost=fifo give, 1 to 40 (default 1)");

const char *ai_boost_name(void)
{
	return boost_names[boost];
}

static int set_scheduling(struct task_struct *thread, int policy, int nice, unsigned int priority, bool reset)
{
	struct sched_attr attr = {
		.size = sizeof(attr),
		.sched_policy = policy,
		.sched_nice = nice,
		.sched_priority = priority,
		.sched_flags = reset ? SCHED_FLAG_RESET_ON_FORK : 0,
	};

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	/* A slice of its own, where it has asked for one. */
	if (thread->se.custom_slice)
		attr.sched_runtime = thread->se.slice;
#endif
	return sched_setattr_nocheck(thread, &attr);
}

static bool is_as_raised(struct task_struct *thread, const struct ai_raised *record)
{
	if (READ_ONCE(thread->policy) != record->raised_policy)
		return false;
	if (record->raised_policy == SCHED_NORMAL)
		return task_nice(thread) == record->raised_nice;
	return READ_ONCE(thread->rt_priority) == record->raised_rt;
}

static struct ai_raised *record_of(struct ai_watched *process, struct pid *pid)
{
	struct ai_raised *record;

	list_for_each_entry(record, &process->raised, link) {
		if (record->pid == pid)
			return record;
	}
	return NULL;
}

static void raise_thread(struct ai_watched *process, struct task_struct *thread)
{
	struct pid *pid = task_pid(thread);
	struct ai_raised *record;

	if (!pid)
		return;
	record = record_of(process, pid);
	if (record) {
		if (!record->hands_off && !is_as_raised(thread, record)) {
			record->hands_off = true;
			ai_counters.left_alone++;
		}
		return;
	}
	if (READ_ONCE(thread->policy) != SCHED_NORMAL || task_nice(thread) > 0 ||
	    (boost == BOOST_NICE && task_nice(thread) <= boost_nice))
		return;
	record = kzalloc(sizeof(*record), GFP_KERNEL);
	if (!record)
		return;
	record->policy = SCHED_NORMAL;
	record->nice = task_nice(thread);
	record->reset_on_fork = thread->sched_reset_on_fork;
	record->raised_policy = boost == BOOST_FIFO ? SCHED_FIFO : boost == BOOST_RR ? SCHED_RR : SCHED_NORMAL;
	record->raised_nice = boost == BOOST_NICE ? boost_nice : record->nice;
	record->raised_rt = boost == BOOST_NICE ? 0 : boost_priority;
	if (set_scheduling(thread, record->raised_policy, record->raised_nice, record->raised_rt, true)) {
		kfree(record);
		return;
	}
	record->pid = get_pid(pid);
	list_add(&record->link, &process->raised);
	ai_counters.raised++;
}

static void drop(struct ai_raised *record)
{
	list_del(&record->link);
	put_pid(record->pid);
	kfree(record);
}

static void drop_ended(struct ai_watched *process)
{
	struct ai_raised *record, *next;

	list_for_each_entry_safe(record, next, &process->raised, link) {
		struct task_struct *thread = get_pid_task(record->pid, PIDTYPE_PID);

		if (thread)
			put_task_struct(thread);
		else
			drop(record);
	}
}

void ai_raise(struct ai_watched *process)
{
	struct task_struct *leader, *thread, **threads;
	unsigned int count = 0, room, i;

	if (boost == BOOST_NONE)
		return;
	drop_ended(process);
	leader = get_pid_task(process->pid, PIDTYPE_TGID);
	if (!leader)
		return;
	room = min_t(unsigned int, get_nr_threads(leader), MOST_THREADS);
	threads = kmalloc_array(room, sizeof(*threads), GFP_KERNEL);
	if (threads) {
		rcu_read_lock();
		for_each_thread(leader, thread) {
			if (count == room)
				break;
			if (!(thread->flags & PF_EXITING))
				threads[count++] = get_task_struct(thread);
		}
		rcu_read_unlock();
		for (i = 0; i < count; i++) {
			raise_thread(process, threads[i]);
			put_task_struct(threads[i]);
		}
		kfree(threads);
	}
	put_task_struct(leader);
}

void ai_put_back(struct ai_watched *process)
{
	struct ai_raised *record, *next;

	list_for_each_entry_safe(record, next, &process->raised, link) {
		struct task_struct *thread = get_pid_task(record->pid, PIDTYPE_PID);

		if (thread) {
			if (record->hands_off) {
				/* counted when it was seen */
			} else if (!is_as_raised(thread, record)) {
				ai_counters.left_alone++;
			} else if (!set_scheduling(thread, record->policy, record->nice, 0, record->reset_on_fork)) {
				ai_counters.put_back++;
			}
			put_task_struct(thread);
		}
		drop(record);
	}
}
