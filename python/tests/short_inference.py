# SPDX-License-Identifier: Apache-2.0
"""The scenario `inference` with few arms and tokens: seconds, not minutes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2]


def short_inference(data: Path, arms: dict[str, str], tokens: int) -> None:
    """A folder for AIOS_BENCH_DATA. Skips where the program is not built: it is not part of every build."""
    import aios_bench
    from aios_bench import _core

    del aios_bench
    guest = Path(_core.__file__).resolve().parents[2] / "guest"
    if not (guest / "bin/inference").exists():
        pytest.skip("not built: ci/build PRESET inference")
    (data / "scenarios/inference").mkdir(parents=True)
    (data / "kernels").symlink_to(SOURCE / "kernels")
    text = (SOURCE / "scenarios/inference/scenario.toml").read_text()
    words = ", ".join(f'"--arm", "{name}{what}"' for name, what in arms.items())
    text = re.sub(r"arguments = \[.*?\n\]", f'arguments = ["inference", {words}]', text, count=1, flags=re.S)
    text = re.sub(r"exact_iterations = \d+", f"exact_iterations = {tokens}", text, count=1)
    (data / "scenarios/inference/scenario.toml").write_text(text)
