# SPDX-License-Identifier: Apache-2.0
"""Stored runs for tests, written as the store's manual says they lie on disk: no kernel is booted for them."""

from __future__ import annotations

import hashlib
import json
import zlib
from pathlib import Path
from typing import Any, Iterable

LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


def checked(document: dict[str, Any]) -> str:
    text = json.dumps(document, separators=(",", ":"))
    return f'{{"crc32":"{zlib.crc32(text.encode()):08x}","data":{text}}}\n'


def run_id(number: int) -> str:
    day, rest = divmod(number, 86400)
    tail = "".join(LETTERS[number // 36**place % 36] for place in (3, 2, 1, 0))
    return f"202611{day + 1:02}-{rest // 3600:02}{rest // 60 % 60:02}{rest % 60:02}-t0{tail}"


def sample(metric: str, value: float, **more: Any) -> dict[str, Any]:
    out = {"metric": metric, "scenario": metric.split(".")[0], "unit": "instructions", "fidelity": "exact", "boot": 0,
           "perturbation": 0, "value": value, "overhead": 3, "iterations": 1000, "interrupted_iterations": 0}  # fmt: skip
    return {**out, **more}


def write_run(store: Path, number: int, samples: Iterable[dict[str, Any]], **head: Any) -> str:
    """A sealed run; ``head`` replaces what run.json says. Samples lie in the order of their boots."""
    samples = list(samples)
    run = run_id(number)
    folder = store / "runs" / run
    folder.mkdir(parents=True)
    scenarios = list(dict.fromkeys(entry["scenario"] for entry in samples)) or ["syscall"]
    kinds = {"instructions": "exact_count", "bytes": "size", "yes_no": "yes_no", "nanoseconds": "noisy_time"}
    metrics = {entry["metric"]: {"name": entry["metric"], "unit": entry["unit"], "direction": "lower_is_better",
                                 "kind": kinds.get(entry["unit"], "exact_count"), "description": f"a test's {entry['metric']}",
                                 "scenario": entry["scenario"]} for entry in samples}  # fmt: skip
    started = f"{run[:4]}-{run[4:6]}-{run[6:8]}T{run[9:11]}:{run[11:13]}:{run[13:15]}Z"
    provenance = {"run": run, "label": head.pop("label", ""), "started": started, "finished": started}
    document = {"schema": 1, "subject": "aios", "kernel": "aios", "kernel_version": "6.12", "machine": "qemu-exact",
                "fidelity": "exact", "mode": "exact", "scenarios": scenarios, "append": [], "sysctls": {},
                "perturbations": [{"index": 0, "kind": "none", "description": "as it is", "append": [],
                                   "memory_mb_added": 0}],
                "metrics": list(metrics.values()),
                "inputs": {"build": "b", "cpu_model": "EPYC", "kernel": hashlib.sha256(b"k").hexdigest()},
                "outcome": "complete", "provenance": provenance}  # fmt: skip
    boots = head.pop("boots", None)
    document.update(head)
    if boots is None:
        numbers = sorted({entry["boot"] for entry in samples}) or [0]
        boots = [{"index": index, "perturbation": 0, "scenario": scenarios[0], "end_state": "finished", "ok": True}
                 for index in numbers]  # fmt: skip
    counts = {boot["index"]: 0 for boot in boots}
    for entry in samples:
        counts[entry["boot"]] += 1
    (folder / "run.json").write_text(json.dumps(document))
    (folder / "samples.jsonl").write_text("".join(checked(entry) for entry in samples))
    (folder / "boots.jsonl").write_text(
        "".join(checked({**boot, "attempts": 1, "samples": counts[boot["index"]]}) for boot in boots)
    )
    seal(folder)
    return run


def seal(folder: Path) -> None:
    names = sorted(path.name for path in folder.iterdir() if path.name != "seal")
    listing = "".join(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    first = f"# aios-bench seal 1 {hashlib.sha256(listing.encode()).hexdigest()}\n"
    (folder / "seal").write_text(first + listing)


def small_store(path: Path) -> Path:
    """A history: twelve runs of aios, of which the last four are three instructions worse, and two of debian."""
    for number in range(12):
        null = 248 if number < 8 else 251
        write_run(path, number, [
            sample("syscall.null", null, counts={"instructions": null, "fence": 1}, values=[[null, 999], [900, 1]],
                   minimum=null, maximum=900),
            sample("syscall.read", 725, values=[[725, 1000]]),
            sample("boot.to_init", 176_000_000, overhead=0, iterations=1),
        ], label="nightly")  # fmt: skip
    for number in (20, 21):
        write_run(path, number, [sample("syscall.null", 356), sample("syscall.read", 900)], subject="debian",
                  kernel="debian")  # fmt: skip
    return path
