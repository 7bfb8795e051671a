# SPDX-License-Identifier: Apache-2.0
"""How arguments become what the harness is asked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Iterable, Mapping, Union

from . import _core

Words = Union[str, Iterable[str], None]
PathLike = Union[str, "os.PathLike[str]"]


def prefix() -> str:
    """Where kernels, scenarios and guest programs lie: beside the package, or where it was built."""
    beside = Path(__file__).resolve().parent / "harness"
    return str(beside if beside.is_dir() else _core.build_folder)


def session(store: PathLike | None = None) -> _core.Session:
    return _core.Session(prefix(), "" if store is None else os.fspath(store))


def words(value: Words) -> list[str]:
    """One word, many, or none."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else [str(word) for word in value]


#: The keywords that say how something is measured, and what each becomes.
HOW = {
    "scenario": ("scenarios", words),
    "machine": ("machine", str),
    "mode": ("mode", str),
    "label": ("label", str),
    "perturb": ("perturb", int),
    "boots": ("boots", int),
    "timeout": ("timeout", float),
    "cold": ("cold", bool),
    "append": ("append", words),
    "sysctl": ("sysctls", lambda pairs: [f"{key}={value}" for key, value in pairs.items()]),
    "config": ("configs", lambda files: [os.fspath(file) for file in _many(files)]),
}


def how(settings: Mapping[str, Any]) -> _core.How:
    """Settings that are None are as if they were not given."""
    out = _core.How()
    for name, value in settings.items():
        if value is None:
            continue
        if name not in HOW:
            raise TypeError(f"'{name}' does not say how something is measured; these do: {', '.join(HOW)}")
        field, convert = HOW[name]
        setattr(out, field, convert(value))
    return out


def call_text(name: str, *arguments: object, **settings: object) -> str:
    """The call as it is written into a run's provenance."""
    given = [repr(argument) for argument in arguments]
    given += [f"{key}={value!r}" for key, value in settings.items() if value is not None]
    return f"aios_bench.{name}({', '.join(given)})"


def _many(value: Any) -> Iterable[Any]:
    return [value] if isinstance(value, (str, os.PathLike)) else value
