// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/ai_scheduler for people, /proc/ai_scheduler_stats for programs (NAME VALUE a line). Process IDs are those of the
 * PID namespace that this /proc belongs to; what has none there is not shown.
 */
#include <linux/ktime.h>
#include <linux/proc_fs.h>
#include <linux/sched/task.h>

#include "internal.h"

void ai_fill_stats(struct ai_sched_stats *stats)
{
	const u32 size = stats->size;
	struct ai_watched *process;
	struct ai_raised *record;

	*stats = (struct ai_sched_stats) {
		.size = size,
		.scans = ai_counters.scans,
		.executions = ai_executions(),
		.found = ai_counters.found,
		.ended = ai_counters.ended,
		.raised = ai_counters.raised,
		.put_back = ai_counters.put_back,
		.left_alone = ai_counters.left_alone,
	};
	list_for_each_entry(process, &ai_processes, link) {
		stats->tasks += process->evidence != 0;
		list_for_each_entry(record, &process->raised, link)
			stats->raised_now += !record->hands_off;
	}
	ai_gpu_count(&stats->gpus, &stats->gpus_free);
}

static void show_process(struct seq_file *file, const struct ai_watched *process)
{
	const pid_t number = pid_nr_ns(process->pid, proc_pid_ns(file_inode(file->file)->i_sb));
	struct task_struct *leader = get_pid_task(process->pid, PIDTYPE_TGID);
	struct ai_raised *record;
	char name[TASK_COMM_LEN];
	unsigned int raised = 0;

	if (!leader)
		return;
	get_task_comm(name, leader);
	list_for_each_entry(record, &process->raised, link)
		raised += !record->hands_off;
	if (number) {
		seq_printf(file, "  PID %d  %s  %s  raised threads %u  nice %d  policy %u ", number,
			   process->kind == AI_SCHED_ON_GPU ? "gpu" : "cpu",
			   raised ? "raised" : "as it was", raised, task_nice(leader), leader->policy);
		seq_printf(file, "%s%s%s  name ", process->evidence & AI_SCHED_REGISTERED ? " registered" : "",
			   process->evidence & AI_SCHED_MODEL_MAPPED ? " model-mapped" : "",
			   process->evidence & AI_SCHED_GPU_NODE ? " gpu-node" : "");
		/* The name is the process's own text: it must not look like another line. */
		seq_escape_str(file, name, ESCAPE_SPACE | ESCAPE_SPECIAL | ESCAPE_OCTAL, "\n\\");
		seq_putc(file, '\n');
	}
	put_task_struct(leader);
}

static int show_state(struct seq_file *file, void *unused)
{
	struct ai_sched_stats stats = { .size = sizeof(stats) };
	struct ai_watched *process;

	mutex_lock(&ai_lock);
	ai_fill_stats(&stats);
	seq_puts(file, "AI Scheduler\n============\n");
	seq_printf(file, "State: active\nBoost: %s\n", ai_boost_name());
	seq_printf(file, "GPUs: %u known, %u available\n", stats.gpus, stats.gpus_free);
	ai_gpu_show(file);
	seq_printf(file, "AI Tasks: %u\n", stats.tasks);
	list_for_each_entry(process, &ai_processes, link) {
		if (process->evidence)
			show_process(file, process);
	}
	seq_printf(file, "Raised Threads: %u\n", stats.raised_now);
	mutex_unlock(&ai_lock);
	return 0;
}

static int show_stats(struct seq_file *file, void *unused)
{
	struct ai_sched_stats stats = { .size = sizeof(stats) };
	u64 dropped;

	mutex_lock(&ai_lock);
	ai_fill_stats(&stats);
	dropped = ai_counters.dropped;
	mutex_unlock(&ai_lock);
	seq_printf(file, "scans %llu\nexecutions %llu\nfound %llu\nended %llu\n", stats.scans, stats.executions,
		   stats.found, stats.ended);
	seq_printf(file, "raised %llu\nput_back %llu\nleft_alone %llu\nnot_watched %llu\n", stats.raised, stats.put_back,
		   stats.left_alone, dropped);
	seq_printf(file, "tasks %u\nraised_now %u\ngpus %u\ngpus_free %u\n", stats.tasks, stats.raised_now, stats.gpus,
		   stats.gpus_free);
	return 0;
}

int ai_report_start(void)
{
	if (!proc_create_single("ai_scheduler", 0444, NULL, show_state))
		return -ENOMEM;
	if (!proc_create_single("ai_scheduler_stats", 0444, NULL, show_stats)) {
		remove_proc_entry("ai_scheduler", NULL);
		return -ENOMEM;
	}
	return 0;
}

void ai_report_stop(void)
{
	remove_proc_entry("ai_scheduler_stats", NULL);
	remove_proc_entry("ai_scheduler", NULL);
}
