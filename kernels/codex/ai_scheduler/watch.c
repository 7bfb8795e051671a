// SPDX-License-Identifier: GPL-2.0
/*
 * Which processes are inference. Never by name: by what they have mapped or open, and by what they do with it; or
 * because they were registered.
 */
#define pr_fmt(fmt) "ai_scheduler: " fmt
#include <linux/hashtable.h>
#include <linux/ktime.h>
#include <linux/ratelimit.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "internal.h"

#define WORTH_WATCHING_NS (2 * NSEC_PER_MSEC)	/* of a processor, in its whole life */
#define STEADY_KNOWN 2u				/* looks in a row until a model of a known format is believed */
#define STEADY_UNKNOWN 6u			/* ... a large file that may be one */

static u64 generation;
static unsigned int watched_count;
static DEFINE_HASHTABLE(watched_by_pid, 10);

struct ai_watched *ai_find(struct pid *pid)
{
	struct ai_watched *process;

	hash_for_each_possible(watched_by_pid, process, by_pid, (unsigned long)pid) {
		if (process->pid == pid)
			return process;
	}
	return NULL;
}

/* Called under rcu_read_lock, too: it does not sleep. */
static struct ai_watched *watch_new(struct pid *pid)
{
	struct ai_watched *process;

	if (watched_count >= ai_max_processes)
		goto dropped;
	process = kzalloc(sizeof(*process), GFP_ATOMIC | __GFP_NOWARN);
	if (!process)
		goto dropped;
	process->pid = get_pid(pid);
	INIT_LIST_HEAD(&process->raised);
	list_add(&process->link, &ai_processes);
	hash_add(watched_by_pid, &process->by_pid, (unsigned long)pid);
	watched_count++;
	return process;
dropped:
	ai_counters.dropped++;
	return NULL;
}

static void forget(struct ai_watched *process)
{
	ai_put_back(process);
	if (process->evidence)
		ai_counters.ended++;
	list_del(&process->link);
	hash_del(&process->by_pid);
	put_pid(process->pid);
	kfree(process);
	watched_count--;
}

void ai_forget_all(void)
{
	struct ai_watched *process, *next;

	list_for_each_entry_safe(process, next, &ai_processes, link)
		forget(process);
}

/* Computed a quarter of the time, or wanted to: was cut off more often than it went to sleep. */
static bool is_busy(const struct ai_look *before, const struct ai_look *now, u64 elapsed)
{
	u64 ran = now->runtime - before->runtime;

	if (ran == 0)
		return false;
	if (ran >= elapsed / 4)
		return true;
	return now->runnable && now->preempted - before->preempted >= now->sleeps - before->sleeps;
}

static void judge(struct ai_watched *process)
{
	u32 evidence = 0, kind = AI_SCHED_ON_CPU;

	if (process->model == AI_MODEL_KNOWN_FORMAT && process->steady >= STEADY_KNOWN)
		evidence |= AI_SCHED_MODEL_MAPPED;
	if (process->model == AI_MODEL_LARGE_FILE && process->steady >= STEADY_UNKNOWN)
		evidence |= AI_SCHED_MODEL_MAPPED;
	/* Once believed it may wait for its next request: as long as the model is mapped, it is one. */
	if (process->model && (process->evidence & AI_SCHED_MODEL_MAPPED))
		evidence |= AI_SCHED_MODEL_MAPPED;
	if (process->gpu_node) {
		evidence |= AI_SCHED_GPU_NODE;
		kind = AI_SCHED_ON_GPU;
	}
	if (process->registered) {
		evidence |= AI_SCHED_REGISTERED;
		kind = process->registered_kind;
	}
	if (evidence && !process->evidence) {
		ai_counters.found++;
		pr_info_ratelimited("process %d is inference (%s%s%s)\n", pid_nr(process->pid),
				    evidence & AI_SCHED_REGISTERED ? " registered" : "",
				    evidence & AI_SCHED_MODEL_MAPPED ? " model-mapped" : "",
				    evidence & AI_SCHED_GPU_NODE ? " gpu-node" : "");
	} else if (!evidence && process->evidence) {
		ai_counters.ended++;
	}
	process->evidence = evidence;
	process->kind = kind;
}

static void apply(struct ai_watched *process)
{
	if (process->evidence && (process->kind == AI_SCHED_ON_CPU || ai_gpu_free()))
		ai_raise(process);
	else
		ai_put_back(process);
}

void ai_apply_all(void)
{
	struct ai_watched *process;

	list_for_each_entry(process, &ai_processes, link)
		apply(process);
}

static void look_closer(struct ai_watched *process, struct task_struct *leader, bool busy, bool ran)
{
	struct ai_mapping mapping = {};
	unsigned long touched;

	if (ran)
		process->gpu_node = ai_has_gpu_node(leader);
	if (!ran && !process->model)
		return;
	ai_look_at_mappings(leader, process->model ? process->total_vm : 0, &mapping);
	if (!mapping.looked)
		return;
	if (mapping.total_vm != process->total_vm || !process->model)
		process->model = mapping.model;
	/* Working over the same pages again; what reads a file once through touches new ones all the time. */
	touched = mapping.file_pages > process->file_pages ? mapping.file_pages - process->file_pages :
							     process->file_pages - mapping.file_pages;
	if (process->model && busy && touched <= mapping.file_pages / 64)
		process->steady++;
	else if (busy)
		process->steady = 0;
	process->total_vm = mapping.total_vm;
	process->file_pages = mapping.file_pages;
}

/* Is it worth an entry? Most processes never compute for two milliseconds. */
static void see(struct task_struct *leader)
{
	struct pid *pid = task_tgid(leader);
	struct ai_watched *process;
	struct ai_look now;

	if ((leader->flags & PF_KTHREAD) || is_global_init(leader) || !pid)
		return;
	process = ai_find(pid);
	if (!process) {
		ai_look_at(leader, &now);
		if (now.runtime < WORTH_WATCHING_NS)
			return;
		process = watch_new(pid);
		if (!process)
			return;
		process->last.exec_id = now.exec_id;
	}
	process->generation = generation;
}

static bool follow(struct ai_watched *process, u64 now_ns)
{
	const u64 elapsed = now_ns - process->looked_ns;
	struct task_struct *leader = get_pid_task(process->pid, PIDTYPE_TGID);
	struct ai_look now;
	bool busy;

	if (!leader) {
		forget(process);
		return false;
	}
	/* A program that was just started may call for a look between two: too short to say who computes. */
	if (elapsed < (u64)ai_period_ms * NSEC_PER_MSEC / 4 * 3) {
		put_task_struct(leader);
		apply(process);
		return true;
	}
	process->looked_ns = now_ns;
	ai_look_at(leader, &now);
	if (now.exec_id != process->last.exec_id && !process->registered) {
		/* Another program now: nothing that was seen of the old one counts. */
		process->model = AI_MODEL_NONE;
		process->steady = 0;
		process->total_vm = 0;
		process->gpu_node = false;
	}
	busy = is_busy(&process->last, &now, elapsed);
	look_closer(process, leader, busy, now.runtime != process->last.runtime);
	process->last = now;
	put_task_struct(leader);
	judge(process);
	apply(process);
	return busy;
}

bool ai_scan(void)
{
	struct ai_watched *process, *next;
	struct task_struct *leader;
	u64 now = ktime_get_ns();
	bool busy = false;

	generation++;
	ai_counters.scans++;
	rcu_read_lock();
	for_each_process(leader)
		see(leader);
	rcu_read_unlock();
	list_for_each_entry_safe(process, next, &ai_processes, link) {
		if (process->generation != generation && !process->registered)
			forget(process);
		else
			busy |= follow(process, now);
		cond_resched();
	}
	return busy;
}

int ai_register(struct pid *pid, u32 kind)
{
	struct task_struct *leader = get_pid_task(pid, PIDTYPE_TGID);
	struct ai_watched *process;

	if (!leader)
		return -ESRCH;
	if (leader->flags & PF_KTHREAD) {
		put_task_struct(leader);
		return -EINVAL;
	}
	process = ai_find(pid);
	if (!process) {
		process = watch_new(pid);
		if (process)
			ai_look_at(leader, &process->last);
	}
	put_task_struct(leader);
	if (!process)
		return -ENOSPC;
	process->registered = true;
	process->registered_kind = kind;
	process->generation = generation;
	judge(process);
	apply(process);
	return 0;
}

int ai_unregister(struct pid *pid)
{
	struct ai_watched *process = ai_find(pid);

	if (!process || !process->registered)
		return -ENOENT;
	process->registered = false;
	judge(process);
	apply(process);
	return 0;
}
