// SPDX-License-Identifier: GPL-2.0
/*
 * Which GPUs are free, as a driver (exported functions), a monitor (the device) or a script (sysfs) reports it. A report
 * that is not renewed counts no more.
 */
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/spinlock.h>

#include "ai_scheduler.h"
#include "internal.h"

static unsigned int gpu_busy_percent = 90;
module_param(gpu_busy_percent, uint, 0444);
MODULE_PARM_DESC(gpu_busy_percent, "from here on a GPU is not free (default 90)");
static unsigned int gpu_stale_ms = 10000;
module_param(gpu_stale_ms, uint, 0444);
MODULE_PARM_DESC(gpu_stale_ms, "a report older than this is forgotten; 0: never (default 10000)");

static DEFINE_SPINLOCK(gpu_lock);
static struct {
	bool known;
	unsigned int busy_percent;
	unsigned long when;
} gpus[AI_SCHED_MAX_GPUS];

static bool is_known(unsigned int id)
{
	return gpus[id].known &&
	       (gpu_stale_ms == 0 || time_before(jiffies, gpus[id].when + msecs_to_jiffies(gpu_stale_ms)));
}

void ai_gpu_count(unsigned int *known, unsigned int *available)
{
	unsigned long flags;
	unsigned int id;

	*known = *available = 0;
	spin_lock_irqsave(&gpu_lock, flags);
	for (id = 0; id < AI_SCHED_MAX_GPUS; id++) {
		if (!is_known(id))
			continue;
		++*known;
		*available += gpus[id].busy_percent < gpu_busy_percent;
	}
	spin_unlock_irqrestore(&gpu_lock, flags);
}

bool ai_gpu_free(void)
{
	unsigned int known, available;

	ai_gpu_count(&known, &available);
	return known == 0 || available > 0;
}

int ai_gpu_set(unsigned int id, unsigned int busy_percent)
{
	unsigned long flags;

	if (id >= AI_SCHED_MAX_GPUS || busy_percent > 100)
		return -EINVAL;
	spin_lock_irqsave(&gpu_lock, flags);
	gpus[id].known = true;
	gpus[id].busy_percent = busy_percent;
	gpus[id].when = jiffies;
	spin_unlock_irqrestore(&gpu_lock, flags);
	return 0;
}

int ai_gpu_forget(unsigned int id)
{
	unsigned long flags;
	bool known;

	if (id >= AI_SCHED_MAX_GPUS)
		return -EINVAL;
	spin_lock_irqsave(&gpu_lock, flags);
	known = gpus[id].known;
	gpus[id].known = false;
	spin_unlock_irqrestore(&gpu_lock, flags);
	return known ? 0 : -ENOENT;
}

int ai_scheduler_gpu_report(unsigned int id, unsigned int busy_percent)
{
	int error = ai_gpu_set(id, busy_percent);

	if (!error)
		ai_scan_soon();
	return error;
}
EXPORT_SYMBOL_GPL(ai_scheduler_gpu_report);

int ai_scheduler_gpu_gone(unsigned int id)
{
	int error = ai_gpu_forget(id);

	if (!error)
		ai_scan_soon();
	return error;
}
EXPORT_SYMBOL_GPL(ai_scheduler_gpu_gone);

void ai_gpu_show(struct seq_file *file)
{
	unsigned int id;

	for (id = 0; id < AI_SCHED_MAX_GPUS; id++) {
		unsigned int busy_percent;
		unsigned long flags;
		bool known;

		spin_lock_irqsave(&gpu_lock, flags);
		known = is_known(id);
		busy_percent = gpus[id].busy_percent;
		spin_unlock_irqrestore(&gpu_lock, flags);
		if (known)
			seq_printf(file, "GPU %u: Utilization %u%%, %s\n", id, busy_percent,
				   busy_percent < gpu_busy_percent ? "available" : "busy");
	}
}
