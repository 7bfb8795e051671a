/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * /dev/ai_scheduler: what programs and monitors tell the scheduler, and ask it.
 *
 * Every structure begins with its own size; what is reserved, and every unknown flag, must be 0 (EINVAL). To register
 * and to report a GPU takes CAP_SYS_ADMIN in the initial user namespace (EPERM). Process IDs are those of the caller's
 * PID namespace.
 */
#ifndef AI_SCHEDULER_UAPI_H
#define AI_SCHEDULER_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define AI_SCHED_DEVICE "/dev/ai_scheduler"
#define AI_SCHED_MAX_GPUS 16u

/* What an inference process computes on. */
#define AI_SCHED_ON_CPU 0u
#define AI_SCHED_ON_GPU 1u	/* raised only while a GPU is free */

struct ai_sched_task {
	__u32 size;
	__u32 flags;	/* 0 */
	__s32 pid;	/* of a process; 0: the caller's */
	__u32 kind;	/* AI_SCHED_ON_*; not looked at by UNREGISTER */
	__u64 reserved[2];
};

struct ai_sched_gpu {
	__u32 size;
	__u32 flags;		/* AI_SCHED_GPU_GONE: forget it */
	__u32 id;		/* below AI_SCHED_MAX_GPUS */
	__u32 busy_percent;	/* 0 to 100 */
	__u64 reserved[2];
};
#define AI_SCHED_GPU_GONE 1u

/* ai_sched_info.evidence: why it is taken for inference */
#define AI_SCHED_REGISTERED 1u
#define AI_SCHED_MODEL_MAPPED 2u	/* computes over a mapped model, again and again */
#define AI_SCHED_GPU_NODE 4u		/* has a GPU's device node open */

struct ai_sched_info {
	__u32 size;
	__u32 flags;	/* 0 */
	__s32 pid;	/* in */
	__u32 found;	/* out: 1 if it is taken for inference */
	__u32 kind;
	__u32 evidence;
	__u32 raised_threads;
	__u32 reserved32;
	__u64 reserved[2];
};

struct ai_sched_stats {
	__u32 size;
	__u32 flags;	/* 0 */
	__u64 scans, executions;
	__u64 found, ended;	/* processes, since the module was loaded */
	__u64 raised, put_back;	/* threads, since the module was loaded */
	__u64 left_alone;	/* not put back: somebody else had changed them meanwhile */
	__u32 tasks;		/* processes taken for inference now */
	__u32 raised_now;	/* threads */
	__u32 gpus, gpus_free;
};

#define AI_SCHED_MAGIC 0xA5
#define AI_SCHED_REGISTER _IOW(AI_SCHED_MAGIC, 1, struct ai_sched_task)
#define AI_SCHED_UNREGISTER _IOW(AI_SCHED_MAGIC, 2, struct ai_sched_task)
#define AI_SCHED_SET_GPU _IOW(AI_SCHED_MAGIC, 3, struct ai_sched_gpu)
#define AI_SCHED_GET_INFO _IOWR(AI_SCHED_MAGIC, 4, struct ai_sched_info)
#define AI_SCHED_GET_STATS _IOWR(AI_SCHED_MAGIC, 5, struct ai_sched_stats)

#endif
