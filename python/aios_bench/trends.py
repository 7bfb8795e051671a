# SPDX-License-Identifier: Apache-2.0
"""Metrics over time, and where their level changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Iterator, Mapping

from . import _core, frames, html
from .documents import Document, made, named

if TYPE_CHECKING:
    import matplotlib.axes
    import pandas as pd


@dataclass(frozen=True)
class ChangePoint:
    """A series is on another level from ``index`` on. ``relative`` is the change as a share, ``p`` is corrected for
    having been looked for (0: without noise, exact), ``deviations`` the step in standard deviations of the noise."""

    index: int
    before: float
    after: float
    relative: float
    deviations: float
    p: float

    @property
    def confidence(self) -> float:
        return 1 - self.p


@dataclass(frozen=True)
class TrendPoint:
    """Where a metric changed its level: the first run of the new one, and what else changed with it."""

    index: int
    run: str
    subject: str
    before: float
    after: float
    direction: str
    confidence: float
    p: float = 0.0
    magnitude: float | None = None
    label: str = ""
    started: str = ""
    last_before: str = ""
    inputs_changed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Series:
    """A metric of one kernel, machine and mode over runs, the oldest first."""

    series: str
    machine: str
    mode: str
    metric: str
    scenario: str
    unit: str
    judged: str
    runs: list[str]
    values: list[float]
    points: list[TrendPoint]
    fidelity: str = ""
    noise: float = 0.0
    fence: Mapping[str, Any] | None = None
    warnings: list[str] = field(default_factory=list)

    def plot(self, ax: matplotlib.axes.Axes | None = None) -> matplotlib.axes.Axes:
        """The values, with the levels and the points where they changed."""
        from . import plots

        return plots.series(self, ax)


class Trend(Document):
    """The history of a kernel: every metric as a series, with the points where its level changed."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__(document)
        self.runs: int = document["runs"]
        self.left_out: int = document["left_out"]
        self.series = [
            made(Series, one, points=[made(TrendPoint, point) for point in one["points"]])
            for one in document["series"]
        ]

    def __iter__(self) -> Iterator[Series]:
        return iter(self.series)

    def __len__(self) -> int:
        return len(self.series)

    def __getitem__(self, metric: str) -> Series:
        """The longest series of a metric."""
        return named(sorted(self.series, key=lambda one: -len(one.runs)), metric)

    def frame(self) -> pd.DataFrame:
        """A row a value: series, machine, metric, run, value."""
        pd = frames.pandas()
        parts = [
            pd.DataFrame({"series": one.series, "machine": one.machine, "metric": one.metric, "unit": one.unit,
                          "position": range(len(one.runs)), "run": one.runs, "value": one.values})
            for one in self.series
        ]  # fmt: skip
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

    def changes(self) -> pd.DataFrame:
        """A row a change of level."""
        pd = frames.pandas()
        rows = [
            {"series": one.series, "machine": one.machine, "metric": one.metric, "unit": one.unit, "run": point.run,
             "subject": point.subject, "before": point.before, "after": point.after, "direction": point.direction,
             "confidence": point.confidence, "inputs_changed": ", ".join(point.inputs_changed)}
            for one in self.series for point in one.points
        ]  # fmt: skip
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        lines = [f"{sum(len(one.points) for one in self)} changes in {len(self)} series over {self.runs} runs"]
        for one in self.series:
            lines += [f"  {one.metric}: {html.number(point.before, one.unit)} -> {html.number(point.after, one.unit)}"
                      f" ({point.direction}) from run {point.run} of {point.subject}" for point in one.points]  # fmt: skip
        return _core.printable_lines("\n".join(lines))

    def _repr_html_(self) -> str:
        rows = [
            (
                one.metric,
                html.small(f"{one.series} on {one.machine}, {len(one.runs)} runs"),
                html.number(point.before, one.unit),
                html.number(point.after, one.unit),
                html.word(point.direction),
                "exact" if point.p == 0 else f"{100 * point.confidence:.2f} %",
                point.run,
                html.small(", ".join(point.inputs_changed)),
            )
            for one in self.series
            for point in one.points
        ]
        quiet = sum(not one.points for one in self)
        head = ["metric", "series", "before", "after", "", "confidence", "first run of it", "changed with it"]
        return html.block(
            html.paragraph(f"{len(rows)} changes in {len(self)} series over {self.runs} runs; {quiet} series without"),
            html.table(head, rows, numbers=["before", "after", "confidence"]) if rows else "",
        )
