// SPDX-License-Identifier: GPL-2.0
/*
 * QEMU's edu device behind ai_gpu: a DMA engine with a buffer of 4 KB, and a factorial as the one thing it computes.
 * QEMU 7.2 ends the whole machine at a transfer that touches the buffer's last byte, so the last four bytes of the
 * device's memory are another register of it, one that keeps what is written to it, inverted.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "ai_gpu.h"

#define KEEPER 0x04
#define FACTORIAL 0x08
#define STATUS 0x20
#define STATUS_COMPUTES 0x01
#define STATUS_INTERRUPTS 0x80
#define INTERRUPT 0x24
#define INTERRUPT_DONE 0x64
#define INTERRUPT_FACTORIAL 0x001
#define INTERRUPT_DMA 0x100
#define DMA_FROM 0x80
#define DMA_TO 0x88
#define DMA_LENGTH 0x90
#define DMA_COMMAND 0x98
#define DMA_START 1
#define DMA_TO_MEMORY 2
#define DMA_INTERRUPTS 4

#define BUFFER 0x40000
#define MEMORY 4096
#define BY_DMA (MEMORY - 4)

static unsigned int edu_dma_bits = 28;
module_param(edu_dma_bits, uint, 0444);
MODULE_PARM_DESC(edu_dma_bits, "Address bits that edu's DMA has (its property dma_mask; default 28, as the device's)");

struct edu {
	struct pci_dev *device;
	void __iomem *registers;
	struct completion dma, factorial;
	struct ai_gpu *gpu;
};

static irqreturn_t interrupted(int irq, void *data)
{
	struct edu *edu = data;
	const u32 why = readl(edu->registers + INTERRUPT);

	if (!why || why == ~0u)
		return IRQ_NONE;
	writel(why, edu->registers + INTERRUPT_DONE);
	if (why & INTERRUPT_DMA)
		complete(&edu->dma);
	if (why & INTERRUPT_FACTORIAL)
		complete(&edu->factorial);
	return IRQ_HANDLED;
}

/* An emulated device may be slower than the guest's clock: the register has the last word. */
static int wait_until_done(struct edu *edu, struct completion *done, u32 reg, u32 busy)
{
	int tries;

	for (tries = 0; tries < 2000; tries++) {
		if (wait_for_completion_timeout(done, msecs_to_jiffies(100)))
			return 0;
		if (!(readl(edu->registers + reg) & busy))
			return 0;
	}
	/* Whatever it still does, it can reach memory no more. */
	pci_clear_master(edu->device);
	dev_err_ratelimited(&edu->device->dev, "ai_gpu: it does not answer\n");
	return -ETIMEDOUT;
}

static int by_dma(struct edu *edu, dma_addr_t host, u32 offset, u32 length, bool to_device)
{
	const u64 buffer = BUFFER + offset;

	reinit_completion(&edu->dma);
	writeq(to_device ? host : buffer, edu->registers + DMA_FROM);
	writeq(to_device ? buffer : host, edu->registers + DMA_TO);
	writeq(length, edu->registers + DMA_LENGTH);
	writeq(DMA_START | DMA_INTERRUPTS | (to_device ? 0 : DMA_TO_MEMORY), edu->registers + DMA_COMMAND);
	return wait_until_done(edu, &edu->dma, DMA_COMMAND, DMA_START);
}

/* The four bytes that are a register, from or to where DMA would have had them. */
static void by_register(struct edu *edu, dma_addr_t host, u32 offset, u32 length, bool to_device)
{
	/* Without an IOMMU the address is the memory's; edu is never behind one that this driver would switch on. */
	u8 *memory = phys_to_virt(host);
	u32 kept = ~readl(edu->registers + KEEPER);

	if (to_device) {
		memcpy((u8 *)&kept + (offset - BY_DMA), memory, length);
		/* Reading gives the inverse of what was written. */
		writel(kept, edu->registers + KEEPER);
	} else {
		memcpy(memory, (u8 *)&kept + (offset - BY_DMA), length);
	}
}

static int edu_copy(void *driver, dma_addr_t host, u32 offset, u32 length, bool to_device)
{
	struct edu *edu = driver;
	const u32 end = offset + length;
	const u32 dma_end = min_t(u32, end, BY_DMA);
	int error = 0;

	if (offset < dma_end)
		error = by_dma(edu, host, offset, dma_end - offset, to_device);
	if (!error && end > BY_DMA) {
		const u32 begin = max_t(u32, offset, BY_DMA);

		by_register(edu, host + (begin - offset), begin, end - begin, to_device);
	}
	return error;
}

static int edu_launch(void *driver, u32 function, u32 argument, u32 *result)
{
	struct edu *edu = driver;
	int error;

	if (function != AI_GPU_FACTORIAL)
		return -EINVAL;
	/* It takes as many steps; nobody waits for four billion of them. */
	if (argument > 1u << 20)
		return -ERANGE;
	reinit_completion(&edu->factorial);
	writel(STATUS_INTERRUPTS, edu->registers + STATUS);
	writel(argument, edu->registers + FACTORIAL);
	error = wait_until_done(edu, &edu->factorial, STATUS, STATUS_COMPUTES);
	if (!error)
		*result = readl(edu->registers + FACTORIAL);
	return error;
}

static const struct ai_gpu_ops edu_ops = {
	.name = "edu",
	.copy = edu_copy,
	.launch = edu_launch,
};

static int probe(struct pci_dev *device, const struct pci_device_id *id)
{
	struct edu *edu = devm_kzalloc(&device->dev, sizeof(*edu), GFP_KERNEL);
	int error;

	if (!edu)
		return -ENOMEM;
	edu->device = device;
	init_completion(&edu->dma);
	init_completion(&edu->factorial);
	error = pcim_enable_device(device);
	if (!error)
		error = dma_set_mask_and_coherent(&device->dev, DMA_BIT_MASK(edu_dma_bits));
	if (!error)
		error = pcim_iomap_regions(device, BIT(0), "ai_gpu");
	if (error)
		return error;
	edu->registers = pcim_iomap_table(device)[0];
	pci_set_master(device);
	error = pci_alloc_irq_vectors(device, 1, 1, PCI_IRQ_ALL_TYPES);
	if (error < 0)
		goto no_vector;
	error = request_irq(pci_irq_vector(device, 0), interrupted, IRQF_SHARED, "ai_gpu", edu);
	if (error)
		goto no_irq;
	edu->gpu = ai_gpu_register(&device->dev, &edu_ops, MEMORY, edu);
	error = PTR_ERR_OR_ZERO(edu->gpu);
	if (error)
		goto no_gpu;
	pci_set_drvdata(device, edu);
	return 0;

no_gpu:
	free_irq(pci_irq_vector(device, 0), edu);
no_irq:
	pci_free_irq_vectors(device);
no_vector:
	pci_clear_master(device);
	return error;
}

static void leave(struct pci_dev *device)
{
	struct edu *edu = pci_get_drvdata(device);

	ai_gpu_unregister(edu->gpu);
	pci_clear_master(device);
	free_irq(pci_irq_vector(device, 0), edu);
	pci_free_irq_vectors(device);
}

static const struct pci_device_id ids[] = {
	{ PCI_DEVICE(0x1234, 0x11e8) },
	{}
};
MODULE_DEVICE_TABLE(pci, ids);

static struct pci_driver driver = {
	.name = "ai_gpu_edu",
	.id_table = ids,
	.probe = probe,
	.remove = leave,
};

int ai_gpu_edu_start(void)
{
	if (edu_dma_bits < 12 || edu_dma_bits > 64) {
		pr_err("ai_gpu: refused: edu_dma_bits=%u is not between 12 and 64\n", edu_dma_bits);
		return -EINVAL;
	}
	return pci_register_driver(&driver);
}

void ai_gpu_edu_stop(void)
{
	pci_unregister_driver(&driver);
}
