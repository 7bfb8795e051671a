/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parts: watch.c goes through the processes and says which are inference, on what evidence.c sees of them; raise.c
 * raises their threads and puts them back; gpu.c knows which GPUs are free; control.c is the device, report.c /proc,
 * main.c the life of the module and its thread.
 */
#ifndef AI_SCHEDULER_INTERNAL_H
#define AI_SCHEDULER_INTERNAL_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/types.h>

#include "ai_scheduler_uapi.h"

struct ai_counters {
	u64 scans, found, ended, raised, put_back, left_alone, owners_choice, dropped;
};

/* One thread that was raised. */
struct ai_raised {
	struct list_head link;
	struct pid *pid;
	int policy, nice;		/* its own */
	bool reset_on_fork;
	int raised_policy, raised_nice;	/* given to it */
	unsigned int raised_rt;
	bool hands_off;			/* somebody else has changed it since */
};

/* What is seen of a process from outside, at one moment. */
struct ai_look {
	u64 runtime;
	unsigned long sleeps, preempted;	/* voluntary and involuntary switches */
	bool runnable;
	u64 exec_id;
};

/* A process that uses a processor. */
struct ai_watched {
	struct list_head link;
	struct hlist_node by_pid;
	struct pid *pid;
	struct ai_look last;
	u64 generation;		/* of the scan that saw it last */
	u64 looked_ns;		/* time of that look */
	unsigned long total_vm;	/* at the last look at its mappings */
	unsigned long file_pages;
	unsigned int steady;	/* scans in a row: busy, and nothing new of its files touched */
	u8 model;		/* enum ai_model */
	bool gpu_node;
	bool registered;
	u32 registered_kind;
	u32 evidence;		/* 0: not inference */
	u32 kind;
	struct list_head raised;
};

enum ai_model { AI_MODEL_NONE, AI_MODEL_LARGE_FILE, AI_MODEL_KNOWN_FORMAT };

struct ai_mapping {
	bool looked;		/* it could be looked at now */
	unsigned long total_vm, file_pages;
	u8 model;
};

/* main.c: all state below is behind this lock */
extern struct mutex ai_lock;
extern struct list_head ai_processes;
extern struct ai_counters ai_counters;
void ai_scan_soon(void);
u64 ai_executions(void);

/* parameters */
extern unsigned int ai_period_ms, ai_model_mb, ai_max_processes;

/* watch.c */
bool ai_scan(void);	/* true if any process is busy */
struct ai_watched *ai_find(struct pid *pid);
int ai_register(struct pid *pid, u32 kind);
int ai_unregister(struct pid *pid);
void ai_forget_all(void);
void ai_apply_all(void);

/* evidence.c */
void ai_look_at(struct task_struct *leader, struct ai_look *look);
void ai_look_at_mappings(struct task_struct *leader, unsigned long known_total_vm, struct ai_mapping *mapping);
bool ai_has_gpu_node(struct task_struct *leader);

/* raise.c */
void ai_raise(struct ai_watched *process);
void ai_put_back(struct ai_watched *process);
const char *ai_boost_name(void);

/* gpu.c */
bool ai_gpu_free(void);	/* or none is known */
void ai_gpu_count(unsigned int *known, unsigned int *available);
int ai_gpu_set(unsigned int id, unsigned int busy_percent);
int ai_gpu_forget(unsigned int id);
void ai_gpu_show(struct seq_file *file);

/* control.c, report.c */
int ai_control_start(void);
void ai_control_stop(void);
int ai_report_start(void);
void ai_report_stop(void);
void ai_fill_stats(struct ai_sched_stats *stats);

#endif
