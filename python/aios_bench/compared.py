# SPDX-License-Identifier: Apache-2.0
"""Two runs compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Iterator, Mapping

from . import _core, html
from .documents import Document, SideName, made, named, rows_frame

if TYPE_CHECKING:
    import matplotlib.axes
    import pandas as pd


@dataclass(frozen=True)
class ComparisonRow:
    """One metric on both sides; ``None`` where there is no such figure."""

    metric: str
    scenario: str
    unit: str
    verdict: str
    reason: str
    direction: str = "neutral"
    kind: str = ""
    fidelity: str | None = None
    first: float | None = None
    second: float | None = None
    difference: float | None = None
    ratio: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    confidence: float | None = None
    p: float | None = None
    first_samples: int = 0
    second_samples: int = 0
    pairs: int = 0
    classes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


class Comparison(Document):
    """Two runs, metric by metric: what changed, by how much, and whether that may be believed.

    Iterates over its rows; ``comparison["syscall.null"]`` is one of them.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__(document)
        self.first = made(SideName, document["first"])
        self.second = made(SideName, document["second"])
        self.comparable: bool = document["comparable"]
        self.verdict: str = document["verdict"]
        self.reason: str = document["reason"]
        self.exit_code: int = document["exit_code"]
        self.warnings: list[str] = list(document["warnings"])
        self.rows = [made(ComparisonRow, row) for row in document["rows"]]

    def __iter__(self) -> Iterator[ComparisonRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, metric: str) -> ComparisonRow:
        return named(self.rows, metric)

    def frame(self) -> pd.DataFrame:
        """A row a metric, by its name."""
        columns = ["unit", "first", "second", "difference", "ratio", "ratio_low", "ratio_high", "p", "verdict", "reason"]
        return rows_frame(self.rows, ["metric", "scenario", *columns])

    def plot(self, ax: matplotlib.axes.Axes | None = None) -> matplotlib.axes.Axes:
        """The ratios, a line a metric, with their intervals where there are any."""
        from . import plots

        return plots.comparison(self, ax)

    def __repr__(self) -> str:
        lines = [f"{self.second.name} against {self.first.name}: {self.verdict}: {self.reason}"]
        width = max((len(row.metric) for row in self.rows), default=0)
        for row in self.rows:
            ratio = "" if row.ratio is None else f"{row.ratio:.3f}"
            lines.append(
                f"  {row.metric:<{width}}  {html.number(row.first, row.unit):>20}"
                f"  {html.number(row.second, row.unit):>20}  {ratio:>7}  {row.verdict}"
            )
        return _core.printable_lines("\n".join(lines))

    def _repr_html_(self) -> str:
        rows = [
            (
                row.metric,
                html.number(row.first, row.unit),
                html.number(row.second, row.unit),
                "" if row.ratio is None else f"{row.ratio:.3f}",
                html.ratio_mark(row.ratio, row.ratio_low, row.ratio_high, html.WORDS.get(row.verdict, "quiet")),
                html.word(row.verdict),
                html.small("; ".join(part for part in (row.reason, *row.warnings) if part)),
            )
            for row in self.rows
            if row.verdict != "same"
        ]
        same = len(self.rows) - len(rows)
        head = ["metric", self.first.name, self.second.name, "ratio", "", "verdict", "why"]
        return html.block(
            html.paragraph(html.word(self.verdict), ": ", self.reason),
            *(html.paragraph(html.small(f"differs besides: {one['key']}: {one['first']} and {one['second']}"))
              for one in self._document["differences"] if one["refused"]),
            html.table(head, rows, numbers=[self.first.name, self.second.name, "ratio"]) if rows else "",
            html.paragraph(html.small(f"{same} metrics are the same on both sides")) if same else "",
        )  # fmt: skip
