# SPDX-License-Identifier: Apache-2.0
"""Which functions a difference is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Iterator, Mapping

from . import _core, html
from .documents import Document, SideName, made, named, rows_frame

if TYPE_CHECKING:
    import matplotlib.axes
    import pandas as pd


@dataclass(frozen=True)
class ExplainedFunction:
    """A function's share of a metric: instructions of one iteration in the function itself."""

    function: str
    image: str
    first: float
    second: float
    difference: float
    state: str
    callers: list[Mapping[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class ExplainedMetric:
    """Why a metric differs: its functions' differences add up to the difference of what was measured."""

    metric: str
    scenario: str
    first: float
    second: float
    difference: float
    functions: list[ExplainedFunction]
    first_measured: float | None = None
    second_measured: float | None = None
    unit: str = "instructions"

    def frame(self) -> pd.DataFrame:
        """A row a function, the largest difference first."""
        names = ["function", "image", "first", "second", "difference", "state"]
        return rows_frame(self.functions, names, index="function")

    def plot(self, top: int = 12, ax: matplotlib.axes.Axes | None = None) -> matplotlib.axes.Axes:
        """The functions that make the difference."""
        from . import plots

        return plots.explained(self, top, ax)


class Explanation(Document):
    """Which functions a difference comes from, exact to the instruction."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__(document)
        self.first = made(SideName, document["first"])
        self.second = made(SideName, document["second"])
        self.notes: list[str] = list(document["notes"])
        self.metrics = [
            made(ExplainedMetric, one, functions=[made(ExplainedFunction, entry) for entry in one["functions"]])
            for one in document["metrics"]
        ]

    def __iter__(self) -> Iterator[ExplainedMetric]:
        return iter(self.metrics)

    def __len__(self) -> int:
        return len(self.metrics)

    def __getitem__(self, metric: str) -> ExplainedMetric:
        return named(self.metrics, metric)

    def __repr__(self) -> str:
        lines = [f"{self.second.name} against {self.first.name}"]
        for one in self.metrics:
            lines.append(f"  {one.metric}: {one.first:,.0f} -> {one.second:,.0f} instr ({one.difference:+,.0f})")
            lines += [f"    {entry.difference:+12,.0f}  {entry.function}  ({entry.state})" for entry in _different(one, 8)]
        return _core.printable_lines("\n".join(lines))

    def _repr_html_(self) -> str:
        parts: list[object] = []
        for one in self.metrics:
            worst = max((abs(entry.difference) for entry in one.functions), default=0) or 1
            parts.append(html.paragraph(
                f"{one.metric}: {self.first.name} {one.first:,.0f}, {self.second.name} {one.second:,.0f} instructions"
                f" ({one.difference:+,.0f})"))  # fmt: skip
            rows = [
                (entry.function, html.small(entry.image), f"{entry.first:,.0f}", f"{entry.second:,.0f}",
                 f"{entry.difference:+,.0f}",
                 html.share_bar(abs(entry.difference) / worst, "bad" if entry.difference > 0 else "good"),
                 html.word(entry.state) if entry.state in ("added", "gone") else "")
                for entry in _different(one, 15)
            ]  # fmt: skip
            head = ["function", "in", self.first.name, self.second.name, "difference", "", " "]
            parts.append(html.table(head, rows, numbers=[self.first.name, self.second.name, "difference"]))
        return html.block(*parts)


def _different(metric: ExplainedMetric, most: int) -> list[ExplainedFunction]:
    return [entry for entry in metric.functions if entry.difference][:most]
