# SPDX-License-Identifier: Apache-2.0
"""The notebooks, executed from their top on kernels that are really booted; what they computed and drew is checked."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
sys.path.insert(0, str(NOTEBOOKS))
pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")

from execute import execute, outputs, pictures  # noqa: E402
from short_inference import short_inference  # noqa: E402
from tiny import measured_history  # noqa: E402

PRELOAD = os.environ.get("AIOS_PYTHON_PRELOAD", "")
pytestmark = [
    pytest.mark.boot,
    pytest.mark.skipif(not os.environ.get("AIOS_BENCH_HOME"), reason="AIOS_BENCH_HOME names no store with kernels"),
]


def executed(name: str, after: str) -> object:
    """In an interpreter that has the sanitizers' libraries, where this one has them."""
    with pytest.MonkeyPatch.context() as patch:
        if PRELOAD:
            patch.setenv("LD_PRELOAD", PRELOAD)
        return execute(NOTEBOOKS / f"{name}.ipynb", after=after)


def drawn(book: object, count: int) -> None:
    made = pictures(book)
    assert len(made) == count
    for picture in made:
        assert picture[:8] == b"\x89PNG\r\n\x1a\n"
        width, height = struct.unpack(">II", picture[16:24])
        assert width > 500 and height > 150 and len(picture) > 5000


def test_no_notebook_is_left_out() -> None:
    tested = {"first-look", "compare-two-kernels", "history-and-change-points", "where-the-boot-time-goes",
              "inference-under-load"}  # fmt: skip
    assert {path.stem for path in NOTEBOOKS.glob("*.ipynb")} == tested


def test_notebooks_are_stored_without_outputs() -> None:
    import nbformat

    for path in NOTEBOOKS.glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            assert not cell.get("outputs") and cell.get("execution_count") is None, path


def test_first_look() -> None:
    book = executed("first-look", """
assert run.ok and 100 < run["syscall.null"] < 2000
assert len(figures) >= 6 and inside["times"].sum() >= 6000
assert {row.verdict for row in same if row.scenario == "syscall"} == {"same"}
""")
    drawn(book, 1)
    tables = outputs(book, "text/html")
    assert any("syscall.null" in table for table in tables) and any("debian" in table for table in tables)


def test_compare_two_kernels() -> None:
    book = executed("compare-two-kernels", """
assert comparison["syscall.null"].verdict == "better" and comparison["syscall.null"].ratio < 1
assert comparison["footprint.image_bytes"].second < comparison["footprint.image_bytes"].first
assert sum(function.difference for function in metric.functions) == metric.difference == comparison["syscall.null"].difference
assert gate.verdict in ("pass", "inconclusive") and not gate.failed
""")
    drawn(book, 2)
    assert any("better" in table and "<svg" in table for table in outputs(book, "text/html"))


def test_history_and_change_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIOS_BENCH_HOME", str(tmp_path / "store"))
    monkeypatch.setenv("AIOS_BENCH_DATA", str(tmp_path / "data"))
    measured_history(tmp_path, [20, 20, 20, 27, 27, 27, 24, 24])
    book = executed("history-and-change-points", """
assert kernel == "tiny" and series.metric == "syscall.null"
assert [(point.index, point.after - point.before, point.direction) for point in series.points] == [(3, 7, "worse"), (6, -3, "better")]
assert len(values) == 8 and values.sort_values("run")["value"].iloc[-1] == series.values[-1]
assert [point.index for point in found] == [130] or abs(found[0].index - 130) < 8
assert aios_bench.detect(noise) == []
""")
    drawn(book, 2)


def test_where_the_boot_time_goes() -> None:
    book = executed("where-the-boot-time-goes", """
assert timeline.total > 5e7 and sum(count for _, count in timeline.phases) == timeline.total
assert {"debian", "aios"} == set(both) and both["debian"].total > both["aios"].total
assert boot.loc["boot.to_init", "ratio"] < 1
""")
    drawn(book, 3)


def test_inference_under_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    short_inference(tmp_path, arms={"alone": "", "hogs": ":hogs=1"}, tokens=8)
    monkeypatch.setenv("AIOS_BENCH_DATA", str(tmp_path))
    book = executed("inference-under-load", """
assert {"alone", "hogs"} <= set(arms) and set(kernels) == {"debian", "aios"}
for name in kernels:
    rows = tokens.loc[name]
    assert abs(rows.loc["hogs", "work"] / rows.loc["alone", "work"] - 1) < 0.01
    assert rows.loc["hogs", "mean"] > 1.5 * rows.loc["alone", "mean"]
assert (paid.xs("hogs", level=1)["rounds of the load a second"] > 0).all()
""")
    drawn(book, 2)
