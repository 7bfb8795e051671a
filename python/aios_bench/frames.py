# SPDX-License-Identifier: Apache-2.0
"""Columns from C++ as data frames: numbers keep the memory they came in, words become categories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping, Sequence

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

#: What a row has of its run.
RUN_WORDS = ("subject", "kernel", "label", "machine", "mode")


def pandas() -> Any:
    try:
        import pandas as module
    except ImportError as error:  # NumPy is enough for everything but frames
        raise ImportError("data frames need pandas: apt-get install python3-pandas") from error
    return module


def categorical(codes: np.ndarray, words: Sequence[str]) -> pd.Categorical:
    pd = pandas()
    dtype = pd.CategoricalDtype(pd.Index(list(words), dtype=object))
    return pd.Categorical(codes, dtype=dtype, fastpath=True)


def run_words(rows: np.ndarray, values: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """A word of each run, spread over the rows: codes and the different words."""
    places: dict[str, int] = {}
    code = np.array([places.setdefault(value, len(places)) for value in values], dtype=np.int32)
    return (code[rows] if len(code) else rows), list(places)


def frame(columns: Mapping[str, Any]) -> pd.DataFrame:
    """A column is an array, or (codes, words)."""
    pd = pandas()
    data = {
        name: categorical(*column) if isinstance(column, tuple) else column for name, column in columns.items()
    }
    return pd.DataFrame(data, copy=False)


def spread(columns: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """One row an entry of the distributions instead of one a boot: ``value``, ``times``, and what the row's boot is."""
    rows = np.repeat(np.arange(len(columns["lengths"])), columns["lengths"])
    out: dict[str, Any] = {}
    for name in names:
        column = columns[name]
        out[name] = (column[0][rows], column[1]) if isinstance(column, tuple) else column[rows]
    out["value"] = columns["iteration_value"]
    out["times"] = columns["iteration_times"]
    return out
