# SPDX-License-Identifier: Apache-2.0
"""Runs and samples as frames and arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import aios_bench
from bundles import run_id, sample, write_run


def test_runs_are_a_frame_newest_first(store: aios_bench.Store) -> None:
    runs = store.runs()
    assert len(runs) == 14
    assert runs.index[0] == run_id(21) and runs.iloc[0]["subject"] == "debian"
    assert runs["started"].is_monotonic_decreasing and str(runs["started"].dt.tz) == "UTC"
    assert len(store.runs(kernel="aios", limit=3)) == 3
    assert store.runs(kernel="nothing").empty


def test_samples_are_chosen_by_globs_and_runs(store: aios_bench.Store) -> None:
    whole = store.samples()
    assert len(whole) == 12 * 3 + 2 * 2
    assert whole["started"].is_monotonic_increasing and whole.sort_values("run")["run"].iloc[-1] == run_id(21)
    null = store.samples(metric="syscall.null", kernel="aios")
    assert sorted(null["value"]) == [248.0] * 8 + [251.0] * 4
    assert set(store.samples(metric="syscall.*")["metric"]) == {"syscall.null", "syscall.read"}
    assert len(store.samples(metric=["syscall.read", "boot.*"])) == 14 + 12
    assert set(store.samples(scenario="boot")["scenario"]) == {"boot"}
    latest = store.samples(run="latest")
    assert set(latest["run"]) == {run_id(21)} and list(latest["metric"]) == ["syscall.null", "syscall.read"]
    assert len(store.samples(run=[run_id(3), store[run_id(4)]])) == 6
    assert store.samples(metric="nothing").empty


def test_words_are_categories_and_numbers_keep_their_memory(store: aios_bench.Store) -> None:
    arrays = store.arrays()
    assert arrays["value"].dtype == np.float64 and not arrays["value"].flags.owndata
    frame = store.samples()
    assert str(frame["metric"].dtype) == "category" and list(frame["kernel"].cat.categories) == ["aios", "debian"]
    assert str(frame["started"].dtype).startswith("datetime64[ns")
    assert frame["skipped"].dtype == bool

    columns = {"value": arrays["value"], "metric": arrays["metric"]}
    made = aios_bench.frames.frame(columns)
    assert np.shares_memory(made["value"].to_numpy(), arrays["value"])
    assert np.shares_memory(np.asarray(made["metric"].cat.codes), arrays["metric"][0]) or len(made) < 2**7


def test_arrays_outlive_what_they_came_from(small: Path) -> None:
    value = aios_bench.Store(small).arrays(metric="syscall.null")["value"]
    assert value.sum() == 8 * 248 + 4 * 251 + 2 * 356


def test_counts_and_distributions_on_request(store: aios_bench.Store) -> None:
    assert "fence" not in store.samples()
    counted = store.samples(metric="syscall.null", counts=True)
    aios = counted[counted["kernel"] == "aios"]
    assert (aios["fence"] == 1).all() and (aios["instructions"] == aios["value"]).all()
    assert counted[counted["kernel"] == "debian"]["fence"].isna().all()
    spread = store.iterations("syscall.null", kernel="aios")
    assert len(spread) == 24 and spread["times"].sum() == 12 * 1000
    assert set(spread["value"]) == {248.0, 251.0, 900.0}


def test_an_empty_store_is_empty_frames(tmp_path: Path) -> None:
    store = aios_bench.Store(tmp_path / "new")
    assert store.runs().empty and store.samples().empty and store.iterations().empty
    assert "0 runs" in repr(store)
    with pytest.raises(aios_bench.ConfigError):
        store.read()


def test_one_run_by_whatever_names_it(store: aios_bench.Store) -> None:
    run = store["nightly"]
    assert run.id == run_id(11) and run.ok and run.check() is run
    assert run["syscall.null"] == 251.0
    assert store.read("debian").id == run_id(21)
    assert run.frame().loc["boot.to_init", "value"] == 176e6
    assert list(run.samples()["metric"]) == ["syscall.null", "syscall.read", "boot.to_init"]
    assert len(run.iterations("syscall.null")) == 2
    assert run.to_dict()["subject"] == "aios" and "samples" not in run.to_dict()
    with pytest.raises(KeyError):
        run["nothing"]
    with pytest.raises(aios_bench.ConfigError, match="no run and no label"):
        store["nothing-of-the-kind"]


# --- the file of columns beside the index


def cached(path: Path, run: str) -> Path:
    return path / "cache" / "columns" / run


def test_columns_are_kept_and_read_again(tmp_path: Path) -> None:
    run = write_run(tmp_path, 1, [sample("syscall.null", 248, values=[[248, 1000]], counts={"fence": 2})])
    first = aios_bench.Store(tmp_path).samples(counts=True)
    assert cached(tmp_path, run).is_file()
    again = aios_bench.Store(tmp_path).samples(counts=True)
    assert again.equals(first) and again["fence"][0] == 2


def test_a_damaged_file_of_columns_is_made_again(tmp_path: Path) -> None:
    run = write_run(tmp_path, 1, [sample(f"syscall.m{place}", place) for place in range(50)])
    first = aios_bench.Store(tmp_path).samples()
    file = cached(tmp_path, run)
    whole = file.read_bytes()
    for place in range(0, len(whole), 97):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        assert aios_bench.Store(tmp_path).samples().equals(first), place
    file.write_bytes(whole[: len(whole) // 2])
    assert aios_bench.Store(tmp_path).samples().equals(first)
    assert file.read_bytes() == whole


def test_a_changed_bundle_is_not_answered_from_the_columns(tmp_path: Path) -> None:
    run = write_run(tmp_path, 1, [sample("syscall.null", 248)])
    store = aios_bench.Store(tmp_path)
    assert store.samples()["value"][0] == 248
    lines = tmp_path / "runs" / run / "samples.jsonl"
    lines.write_text(lines.read_text().replace("248", "249"))
    with pytest.raises(aios_bench.InfraFault, match="checksum"):
        store.samples()
    with pytest.raises(aios_bench.InfraFault, match="changed after the seal"):
        store.verify(run)


def test_a_run_without_a_seal_is_read_as_far_as_it_is(tmp_path: Path) -> None:
    run = write_run(tmp_path, 1, [sample("syscall.null", 248)])
    (tmp_path / "runs" / run / "seal").unlink()
    assert len(aios_bench.Store(tmp_path).samples()) == 1
    assert not cached(tmp_path, run).exists()
