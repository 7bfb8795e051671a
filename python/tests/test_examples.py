# SPDX-License-Identifier: Apache-2.0
"""The examples in the docstrings, run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import aios_bench

MODULES = ["aios_bench", *(f"aios_bench.{module.name}" for module in pkgutil.iter_modules(aios_bench.__path__))]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIOS_BENCH_HOME", str(small))
    module = importlib.import_module(name)
    failed, _ = doctest.testmod(module, extraglobs={"aios_bench": aios_bench, "example": small})
    assert failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    assert sum(len(test.examples) for test in finder.find(aios_bench)) > 5


def test_everything_public_is_documented() -> None:
    for name in aios_bench.__all__:
        thing = getattr(aios_bench, name)
        assert thing.__doc__, name
        assert not thing.__doc__.startswith(f"{name}("), f"{name} has only the docstring that dataclasses make"
