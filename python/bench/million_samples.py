#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How long a store of a million samples takes to become a data frame: once from the bundles' lines, then from the columns
kept beside the index. Each sample has its count vector and its distribution, as a measured one has.

    PYTHONPATH=build/release/python python/bench/million_samples.py [--samples N] [--runs N] [--store DIR]

Fails where the frame takes a second or more.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import aios_bench  # noqa: E402

from bundles import sample, write_run  # noqa: E402

CLASSES = ("instructions", "rep_iterations", "cr3_write", "cr_other", "msr", "locked", "invlpg", "fence", "port_io",
           "mmio", "syscall", "sysret", "iret", "soft_int", "hlt", "cpuid", "rdtsc", "fpu_state")  # fmt: skip


def make(path: Path, samples: int, runs: int) -> None:
    metrics = 100
    each = samples // runs
    counts = dict.fromkeys(CLASSES, 1)
    for number in range(runs):
        write_run(path, number, (
            sample(f"syscall.m{place % metrics}", 200 + place % metrics + number % 7, boot=place // metrics,
                   minimum=200, maximum=900, counts=counts, values=[[200, 990], [210, 9], [900, 1]])
            for place in range(each)
        ))  # fmt: skip


def best(attempts: int, what: str, work: object) -> float:
    times = []
    for _ in range(attempts):
        began = time.perf_counter()
        made = work()  # type: ignore[operator]
        times.append(time.perf_counter() - began)
    print(f"{what:<46} {min(times):7.3f} s   {len(made):,} rows")
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--store", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        path = arguments.store or Path(scratch)
        if not (path / "runs").is_dir():
            make(path, arguments.samples, arguments.runs)
        store = aios_bench.Store(path)
        bundles = sum(file.stat().st_size for file in path.glob("runs/*/samples.jsonl"))
        print(f"{arguments.samples:,} samples in {arguments.runs:,} runs, {bundles / 1e6:,.0f} MB of lines")
        best(1, "the index, made anew", store.runs)
        best(1, "a frame, from the lines", store.samples)
        warm = best(5, "a frame, from the columns", store.samples)
        best(3, "with the count vectors", lambda: store.samples(counts=True))
        best(3, "the distributions", store.iterations)
        best(5, "one metric", lambda: store.samples(metric="syscall.m7"))
        if warm >= 1:
            sys.exit(f"a frame of {arguments.samples:,} samples takes {warm:.2f} s")


if __name__ == "__main__":
    main()
