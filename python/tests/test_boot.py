# SPDX-License-Identifier: Apache-2.0
"""What boots a kernel: runs with progress, interrupted and resumed. Needs a store in which a kernel is built."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

import aios_bench

pytestmark = [
    pytest.mark.boot,
    pytest.mark.skipif(not os.environ.get("AIOS_BENCH_HOME"), reason="AIOS_BENCH_HOME names no store with kernels"),
]
KERNEL = os.environ.get("AIOS_TEST_SUBJECT", "aios")


def children() -> list[str]:
    """The programs that this process has started and that are still there."""
    names = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, rest = stat.read_text().rsplit(")", 1)
        except OSError:  # it has just ended
            continue
        if rest.split()[1] == str(os.getpid()):
            names.append(name.split("(", 1)[1])
    return names


def test_a_run_is_measured_stored_and_told_of() -> None:
    heard: list[aios_bench.Progress] = []
    ticks = 0
    done = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.wait(0.01):
            ticks += 1

    other = threading.Thread(target=tick)
    other.start()
    began = time.monotonic()
    run = aios_bench.run(KERNEL, scenario="syscall", label="python", progress=heard.append)
    took = time.monotonic() - began
    done.set()
    other.join()

    assert run.ok and run.check() is run and run["syscall.null"] > 0
    assert {news.kind for news in heard} >= {"phase"} and all(str(news) for news in heard)
    assert ticks > 20 * took, "other threads have to run meanwhile"
    store = aios_bench.Store()
    assert store["python"].id == run.id
    stored = store.samples(run=run)
    assert stored[stored["metric"] == "syscall.null"]["value"].to_list() == [run["syscall.null"]]
    assert "aios_bench.run(" in run.to_dict()["provenance"]["command_line"]

    again = store.run(KERNEL, scenario="syscall")
    comparison = store.compare(run, again)
    assert comparison.verdict == "same", "exact mode gives the same numbers"


def test_ctrl_c_ends_the_guest_and_the_run_can_be_resumed() -> None:
    # As many boots go side by side as there are processors: when two more have begun, one has been finished.
    processors = os.cpu_count() or 1
    boots = 2 * processors + 1
    enough = threading.Event()
    kinds = set()

    def listen(news: aios_bench.Progress) -> None:
        kinds.add(news.kind)
        if f"boot {processors + 2} of {boots}" in news.text:
            enough.set()

    def interrupt() -> None:
        assert enough.wait(100)
        os.kill(os.getpid(), signal.SIGINT)

    hand = threading.Thread(target=interrupt)
    hand.start()
    with pytest.raises(KeyboardInterrupt) as caught:
        aios_bench.run(KERNEL, scenario="boot", boots=boots, cold=True, progress=listen, console=True)
    hand.join()
    assert isinstance(caught.value, aios_bench.Interrupted) and isinstance(caught.value.__cause__, KeyboardInterrupt)
    assert "console" in kinds and not children()
    assert caught.value.run and "resume" in caught.value.hint
    resumed = aios_bench.resume(caught.value.run)
    assert resumed.ok and resumed.id == caught.value.run and len(resumed.boots) == boots


def test_an_exception_of_the_listener_stops_the_work() -> None:
    class Enough(Exception):
        pass

    def listen(news: aios_bench.Progress) -> None:
        raise Enough

    with pytest.raises(Enough):
        aios_bench.run(KERNEL, scenario="boot", progress=listen)
    assert not children()


def test_a_kernel_that_is_none_is_the_kernels_fault(tmp_path: Path) -> None:
    image = tmp_path / "nothing.img"
    image.write_bytes(b"\x00" * 4096)
    with pytest.raises(aios_bench.Error):
        aios_bench.run(str(image), markers="never", timeout=2, check=True)
