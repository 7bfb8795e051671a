# SPDX-License-Identifier: Apache-2.0
"""What judging comes to, as values: what comparison, gate, claims, trend and explanation share.

Each is the document that the command of the same name prints with ``--json`` (``to_dict()``), with names for what one
reads most, a data frame (``frame()``), a plain text for the prompt and a table for the notebook. No figure is computed
here: the judge is C++.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Mapping, TypeVar

from . import frames

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")


def made(cls: type[T], document: Mapping[str, Any], **more: Any) -> T:
    """What a later version adds to a document is not looked at here, and is still in ``to_dict()``."""
    known = {entry.name for entry in fields(cls)}  # type: ignore[arg-type]
    return cls(**{key: value for key, value in document.items() if key in known and key not in more}, **more)


class Document:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def to_dict(self) -> dict[str, Any]:
        """The whole document, as ``--json`` prints it."""
        return json.loads(json.dumps(self._document))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


@dataclass(frozen=True)
class SideName:
    """One side of a comparison. ``name`` is for people: the subject, told apart where both are the same."""

    run: str
    subject: str = ""
    name: str = ""


def named(rows: list[Any], metric: str) -> Any:
    for row in rows:
        if row.metric == metric:
            return row
    raise KeyError(metric)


def rows_frame(rows: list[Any], names: list[str], index: str = "metric") -> pd.DataFrame:
    pd = frames.pandas()
    columns = {name: [getattr(row, name) for row in rows] for name in names}
    numbers = {"first", "second", "difference", "ratio", "ratio_low", "ratio_high", "p", "value"}
    for name in numbers & set(columns):
        columns[name] = [math.nan if value is None else float(value) for value in columns[name]]
    return pd.DataFrame(columns).set_index(index)
