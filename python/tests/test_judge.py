# SPDX-License-Identifier: Apache-2.0
"""Comparison, gate, claims, trend: the judge's words, as Python has them."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

import aios_bench
from bundles import run_id, sample, write_run


def test_compare_says_what_changed(store: aios_bench.Store) -> None:
    comparison = store.compare(run_id(0), run_id(11))
    assert comparison.verdict == "worse" and comparison.exit_code == 1
    assert comparison["syscall.null"].difference == 3 and comparison["syscall.null"].verdict == "worse"
    assert comparison["syscall.read"].verdict == "same"
    assert comparison.frame().loc["syscall.null", "ratio"] == pytest.approx(251 / 248)
    assert {row.metric for row in comparison} == set(comparison.frame().index) and len(comparison) == 3
    with pytest.raises(KeyError):
        comparison["nothing"]


def test_a_run_in_hand_and_a_word_are_the_same_side(store: aios_bench.Store) -> None:
    by_word = store.compare("debian", run_id(0)).to_dict()
    assert store.compare(store["debian"], store[run_id(0)]).to_dict() == by_word


def test_compare_is_what_the_command_prints(store: aios_bench.Store) -> None:
    program = os.environ.get("AIOS_BENCH")
    if not program:
        pytest.skip("AIOS_BENCH names no program")
    for call in (["compare", run_id(0), run_id(11)], ["trend", "aios"], ["claims"]):
        printed = subprocess.run([program, *call, "--json"], env={**os.environ, "AIOS_BENCH_HOME": store.path},
                                 capture_output=True, text=True)  # fmt: skip
        assert printed.returncode in (0, 1), printed.stderr
        ours = {"compare": lambda: store.compare(*call[1:]).to_dict(), "trend": lambda: store.trend("aios").to_dict(),
                "claims": lambda: [vars(claim) for claim in store.claims()]}[call[0]]()  # fmt: skip
        assert json.loads(json.dumps(ours)) == json.loads(printed.stdout)


def test_flags_do_not_go_with_a_stored_run(store: aios_bench.Store) -> None:
    with pytest.raises(aios_bench.ConfigError, match="is a stored run"):
        store.compare(run_id(0), run_id(11), boots=3)


def test_gate_of_stored_runs(store: aios_bench.Store, tmp_path: Path) -> None:
    worse = store.gate(store[run_id(0)], store[run_id(11)])
    assert worse.verdict == "fail" and not worse.passed and worse.exit_code == 1
    assert [row.metric for row in worse.failed] == ["syscall.null"]
    assert worse["syscall.null"].difference == 3
    same = store.gate(f"run:{run_id(0)}", f"run:{run_id(1)}")
    assert same.verdict in ("pass", "inconclusive") and not same.failed
    policy = tmp_path / "gate.toml"
    policy.write_text('[gate]\nwhatever = 1\n')
    with pytest.raises(aios_bench.ConfigError):
        store.gate(store[run_id(0)], store[run_id(1)], policy=policy)


def test_trend_finds_the_run_that_changed_it(store: aios_bench.Store) -> None:
    trend = store.trend("aios", metric="syscall.*")
    series = trend["syscall.null"]
    (point,) = series.points
    assert (point.index, point.run, point.before, point.after, point.direction) == (8, run_id(8), 248, 251, "worse")
    assert trend["syscall.read"].points == []
    assert trend.changes()["run"].to_list() == [run_id(8)]
    assert len(trend.frame()) == 24 and "worse" in repr(trend)
    with pytest.raises(aios_bench.ConfigError):
        store.trend("nothing")


def test_claims_are_judged_on_this_store(store: aios_bench.Store) -> None:
    claims = store.claims("aios")
    assert claims and all(claim.kernel == "aios" for claim in claims)
    assert sum(claims.by_verdict().values()) == len(claims)
    assert claims.frame().loc[claims[0].id, "claim"] == claims[0].claim
    with pytest.raises(aios_bench.ConfigError, match="did you mean 'aios'"):
        store.claims("aois")


def test_a_failed_run_is_a_value_until_it_is_checked(tmp_path: Path) -> None:
    boots = [{"index": 0, "perturbation": 0, "scenario": "syscall", "end_state": "panic", "ok": False,
              "error_kind": "kernel_fault", "error": "Kernel panic: not \x1b[31msyncing"}]  # fmt: skip
    write_run(tmp_path, 1, [], outcome="failed", boots=boots)
    run = aios_bench.Store(tmp_path).read()
    assert not run.ok
    with pytest.raises(aios_bench.KernelFault) as caught:
        run.check()
    assert "\x1b" not in str(caught.value) and "syncing" in str(caught.value)


# --- what is shown

EVIL = "<script>alert(1)</script>\x1b[31m\u202e"


def harmless(text: str, page: bool) -> bool:
    return "\x1b" not in text and "\u202e" not in text and not (page and "<script" in text)


def test_nothing_that_a_guest_says_is_alive(tmp_path: Path) -> None:
    boots = [{"index": 0, "perturbation": 0, "scenario": EVIL, "end_state": EVIL, "ok": False, "error": EVIL,
              "timeline": [{"name": EVIL, "kind": "phase", "instructions": 5}]},
             {"index": 1, "perturbation": 0, "scenario": EVIL, "end_state": "finished", "ok": True,
              "timeline": [{"name": EVIL, "kind": "phase", "instructions": 5}, {"name": "init", "kind": "phase",
                            "instructions": 9}]}]  # fmt: skip
    for number in (1, 2):
        write_run(tmp_path, number, [sample("syscall." + EVIL, 100 * number, scenario=EVIL, detail=EVIL, boot=1)],
                  subject=EVIL, kernel=EVIL, label=EVIL, boots=boots)  # fmt: skip
    store = aios_bench.Store(tmp_path)
    run = store.read()
    comparison = store.compare(run_id(1), run_id(2))
    shown = [run, comparison, store, run.timeline(), store.trend(), store.gate(f"run:{run_id(1)}", f"run:{run_id(2)}")]
    for thing in shown:
        assert harmless(thing._repr_html_(), page=True), type(thing)
        assert harmless(repr(thing), page=False), type(thing)
    assert "&lt;script&gt;" in run._repr_html_()
    assert len(run.samples()) == 1


def test_every_result_shows_itself(store: aios_bench.Store) -> None:
    comparison = store.compare(run_id(0), run_id(11))
    page = comparison._repr_html_()
    assert "<svg" in page and "worse" in page and "251" in page
    assert "248" in repr(comparison) and "worse" in repr(comparison)
    gate = store.gate(store[run_id(0)], store[run_id(11)])
    assert "fail" in gate._repr_html_() and "syscall.null" in repr(gate)
    assert f"{len(store.claims())} claims" in store.claims()._repr_html_()
    assert "1 changes" in store.trend("aios")._repr_html_()
    assert "248 instr" in store[run_id(0)]._repr_html_() and "aios" in repr(store[run_id(0)])
    assert "14 runs" in repr(store) and "<table>" in store._repr_html_()


def test_charts_show_what_they_are_given(store: aios_bench.Store) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    ax = store.compare(run_id(0), "debian").plot()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["syscall.read", "syscall.null"]
    assert "worse" in ax.get_title(loc="left")
    ax = store.trend("aios")["syscall.null"].plot()
    assert any("worse" in text.get_text() for text in ax.texts)
