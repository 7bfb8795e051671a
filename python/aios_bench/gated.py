# SPDX-License-Identifier: Apache-2.0
"""The verdict of a gate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Iterator, Mapping

from . import _core, html
from .documents import Document, SideName, made, named, rows_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class GateRow:
    """One metric held to its margin."""

    metric: str
    scenario: str
    unit: str
    verdict: str
    action: str
    reason: str
    direction: str = "neutral"
    first: float | None = None
    second: float | None = None
    difference: float | None = None
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    confidence: float | None = None
    p: float | None = None
    q: float | None = None
    pairs: int = 0
    margin_percent: float = 0.0
    margin_value: float | None = None
    fence_percent: float | None = None
    shown_percent: float | None = None
    catches_percent: float | None = None
    accepted: str = ""
    takes: str = ""


class GateReport(Document):
    """Is the candidate no worse than the baseline? ``passed`` is true only where that was shown."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__(document)
        self.first = made(SideName, document["first"])
        self.second = made(SideName, document["second"])
        self.verdict: str = document["verdict"]
        self.reason: str = document["reason"]
        self.promise: str = document["promise"]
        self.exit_code: int = document["exit_code"]
        self.policy: str = document["policy"]
        self.notes: list[str] = list(document["notes"])
        self.rows = [made(GateRow, row) for row in document["rows"]]

    @property
    def passed(self) -> bool:
        return self.verdict == "pass"

    @property
    def failed(self) -> list[GateRow]:
        """The rows that turned it red."""
        return [row for row in self.rows if row.verdict == "fail" and row.action == "block"]

    def __iter__(self) -> Iterator[GateRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, metric: str) -> GateRow:
        return named(self.rows, metric)

    def frame(self) -> pd.DataFrame:
        """A row a metric, by its name."""
        columns = ["action", "unit", "first", "second", "difference", "ratio", "margin_percent", "catches_percent"]
        return rows_frame(self.rows, ["metric", "scenario", "verdict", *columns, "reason"])

    def __repr__(self) -> str:
        lines = [f"{self.second.name} against {self.first.name}: {self.verdict}: {self.reason}", f"  {self.promise}"]
        width = max((len(row.metric) for row in self.rows), default=0)
        lines += [f"  {row.metric:<{width}}  {row.verdict:<14}  {row.reason}" for row in self.rows]
        return _core.printable_lines("\n".join(lines))

    def _repr_html_(self) -> str:
        order = {"fail": 0, "infrastructure": 1, "inconclusive": 2, "pass": 3}
        rows = [
            (
                row.metric,
                html.word(row.verdict),
                row.action,
                html.number(row.first, row.unit),
                html.number(row.second, row.unit),
                html.ratio_mark(row.ratio, row.ratio_low, row.ratio_high, html.WORDS.get(row.verdict, "quiet")),
                html.small("; ".join(part for part in (row.reason, row.accepted, row.takes) if part)),
            )
            for row in sorted(self.rows, key=lambda row: order.get(row.verdict, 4))
        ]
        head = ["metric", "verdict", "rule", self.first.name, self.second.name, "", "why"]
        return html.block(
            html.paragraph(html.word(self.verdict), ": ", self.reason),
            html.paragraph(html.small(self.promise)),
            html.table(head, rows, numbers=[self.first.name, self.second.name]),
        )
