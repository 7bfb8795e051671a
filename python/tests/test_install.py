# SPDX-License-Identifier: Apache-2.0
"""The package as pip and as CMake install it, imported from there: nothing of the network, nothing of the source tree's
own folder of Python. The build is the one that is there already."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PYTHON = Path(__file__).resolve().parent.parent
BUILD = os.environ.get("AIOS_BENCH_BUILD", "")
PRELOAD = os.environ.get("AIOS_PYTHON_PRELOAD", "")
pytestmark = pytest.mark.skipif(not BUILD, reason="AIOS_BENCH_BUILD names no build")

LOOK = """
import os; os.environ.pop("LD_PRELOAD", None)
import aios_bench
from aios_bench import _session
print(aios_bench.__file__)
print(_session.prefix())
print(len(aios_bench.kernels()), aios_bench.detect([1, 1, 2, 2], exact=True)[0].index, aios_bench.Store("store"))
"""


def look(folder: Path, tmp_path: Path) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder), **({"LD_PRELOAD": PRELOAD} if PRELOAD else {})}
    shown = subprocess.run([sys.executable, "-c", LOOK], env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert shown.returncode == 0, shown.stderr
    return shown.stdout.splitlines()


def check(folder: Path, tmp_path: Path) -> None:
    file, prefix, words = look(folder, tmp_path)
    package = folder / "aios_bench"
    assert Path(file) == package / "__init__.py" and Path(prefix) == package / "harness"
    assert " 2 <Store" in words and "0 runs" in words
    for part in ("py.typed", "_core.pyi", "harness/share/aios-bench/kernels/aios/kernel.toml", "harness/guest/bin/operations",
                 "harness/lib/aios_count.so", "harness/share/aios-bench/harness/claims.toml"):  # fmt: skip
        assert (package / part).is_file(), part


def test_pip_installs_it(tmp_path: Path) -> None:
    target = tmp_path / "site"
    call = [sys.executable, "-m", "pip", "install", "--quiet", "--no-build-isolation", "--no-index", "--no-deps",
            "--disable-pip-version-check", "--root-user-action=ignore", "--target", str(target), str(PYTHON)]  # fmt: skip
    before = sorted(path.name for path in PYTHON.iterdir())
    done = subprocess.run(call, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    check(target, tmp_path)
    assert [path for path in target.glob("aios_bench-*.dist-info")]
    assert sorted(path.name for path in PYTHON.iterdir()) == before, "pip left something in the source tree"


def test_cmake_installs_it(tmp_path: Path) -> None:
    target = tmp_path / "prefix"
    subprocess.run(["cmake", "--install", BUILD, "--component", "python", "--prefix", str(target)], check=True,
                   capture_output=True)  # fmt: skip
    check(target, tmp_path)
