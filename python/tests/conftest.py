# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import os
from pathlib import Path

import pytest

# The sanitizers' libraries are needed in this interpreter alone; what it starts (QEMU, make) goes without.
os.environ["AIOS_PYTHON_PRELOAD"] = os.environ.pop("LD_PRELOAD", "")

import aios_bench  # noqa: E402

from bundles import small_store  # noqa: E402


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "boot: boots a kernel")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a history, which no test changes."""
    return small_store(tmp_path_factory.mktemp("small"))


@pytest.fixture
def store(small: Path) -> aios_bench.Store:
    return aios_bench.Store(small)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """No test finds somebody's own store by accident; those that boot use the store with the built kernels."""
    if request.node.get_closest_marker("boot") is None:
        monkeypatch.setenv("AIOS_BENCH_HOME", str(tmp_path / "home"))
