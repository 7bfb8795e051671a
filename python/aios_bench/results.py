# SPDX-License-Identifier: Apache-2.0
"""What judging comes to: comparison, gate, claims, trend, explanation.

Each is the document that the command of the same name prints with ``--json`` (``to_dict()``), with names for what one
reads most, a data frame (``frame()``), a plain text for the prompt and a table for the notebook. No figure is computed
here: the judge is C++.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Iterator, Mapping, TypeVar

from . import _core, frames, html

if TYPE_CHECKING:
    import matplotlib.axes
    import pandas as pd

T = TypeVar("T")


def _made(cls: type[T], document: Mapping[str, Any], **more: Any) -> T:
    """What a later version adds to a document is not looked at here, and is still in ``to_dict()``."""
    known = {entry.name for entry in fields(cls)}  # type: ignore[arg-type]
    return cls(**{key: value for key, value in document.items() if key in known and key not in more}, **more)


class _Document:
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


class Comparison(_Document):
    """Two runs, metric by metric: what changed, by how much, and whether that may be believed.

    Iterates over its rows; ``comparison["syscall.null"]`` is one of them.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__(document)
        self.first = _made(SideName, document["first"])
        self.second = _made(SideName, document["second"])
        self.comparable: bool = document["comparable"]
        self.verdict: str = document["verdict"]
        self.reason: str = document["reason"]
        self.exit_code: int = document["exit_code"]
        self.warnings: list[str] = list(document["warnings"])
        self.rows = [_made(ComparisonRow, row) for row in document["rows"]]

    def __iter__(self) -> Iterator[ComparisonRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, metric: str) -> ComparisonRow:
        return _named(self.rows, metric)

    def frame(self) -> pd.DataFrame:
        """A row a metric, by its name."""
        columns = ["unit", "first", "second", "difference", "ratio", "ratio_low", "ratio_high", "p", "verdict", "reason"]
        return _rows_frame(self.rows, ["metric", "scenario", *columns])

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


class GateReport(_Document):
    """Is the candidate no worse than the baseline? ``passed`` is true only where that was shown."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__(document)
        self.first = _made(SideName, document["first"])
        self.second = _made(SideName, document["second"])
        self.verdict: str = document["verdict"]
        self.reason: str = document["reason"]
        self.promise: str = document["promise"]
        self.exit_code: int = document["exit_code"]
        self.policy: str = document["policy"]
        self.notes: list[str] = list(document["notes"])
        self.rows = [_made(GateRow, row) for row in document["rows"]]

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
        return _named(self.rows, metric)

    def frame(self) -> pd.DataFrame:
        """A row a metric, by its name."""
        columns = ["action", "unit", "first", "second", "difference", "ratio", "margin_percent", "catches_percent"]
        return _rows_frame(self.rows, ["metric", "scenario", "verdict", *columns, "reason"])

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


@dataclass(frozen=True)
class Claim:
    """One row of the ledger: a promise, its target, what was measured, the verdict and the run it rests on."""

    id: str
    kernel: str
    claim: str
    target: str
    verdict: str
    reason: str
    value: float | None = None
    unit: str = "count"
    fidelity: str | None = None
    run: str = ""
    source: str = ""
    needs: list[str] = field(default_factory=list)
    machine: str = ""


class Claims(list):
    """The ledger: a list of :class:`Claim`."""

    def __init__(self, rows: list[Mapping[str, Any]]) -> None:
        super().__init__(_made(Claim, row) for row in rows)

    def by_verdict(self) -> dict[str, int]:
        """How many have which verdict."""
        counts: dict[str, int] = {}
        for claim in self:
            counts[claim.verdict] = counts.get(claim.verdict, 0) + 1
        return counts

    def frame(self) -> pd.DataFrame:
        """A row a claim, by its id."""
        names = ["id", "kernel", "claim", "target", "value", "unit", "fidelity", "verdict", "reason", "run"]
        return _rows_frame(self, names, index="id")

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {verdict}" for verdict, count in self.by_verdict().items())
        return f"<{len(self)} claims: {counts}>"

    def _repr_html_(self) -> str:
        rows = [
            (
                claim.id,
                claim.kernel,
                claim.claim,
                html.small(claim.target),
                html.number(claim.value, claim.unit),
                html.word(claim.verdict),
                html.small(claim.reason),
            )
            for claim in self
        ]
        counts = ", ".join(f"{count} {verdict}" for verdict, count in self.by_verdict().items())
        head = ["", "kernel", "claim", "target", "measured", "verdict", "why"]
        return html.block(html.paragraph(f"{len(self)} claims: {counts}"), html.table(head, rows, ["measured"]))


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


class Trend(_Document):
    """The history of a kernel: every metric as a series, with the points where its level changed."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__(document)
        self.runs: int = document["runs"]
        self.left_out: int = document["left_out"]
        self.series = [
            _made(Series, one, points=[_made(TrendPoint, point) for point in one["points"]])
            for one in document["series"]
        ]

    def __iter__(self) -> Iterator[Series]:
        return iter(self.series)

    def __len__(self) -> int:
        return len(self.series)

    def __getitem__(self, metric: str) -> Series:
        """The longest series of a metric."""
        return _named(sorted(self.series, key=lambda one: -len(one.runs)), metric)

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
        return _rows_frame(self.functions, names, index="function")

    def plot(self, top: int = 12, ax: matplotlib.axes.Axes | None = None) -> matplotlib.axes.Axes:
        """The functions that make the difference."""
        from . import plots

        return plots.explained(self, top, ax)


class Explanation(_Document):
    """Which functions a difference comes from, exact to the instruction."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__(document)
        self.first = _made(SideName, document["first"])
        self.second = _made(SideName, document["second"])
        self.notes: list[str] = list(document["notes"])
        self.metrics = [
            _made(ExplainedMetric, one, functions=[_made(ExplainedFunction, entry) for entry in one["functions"]])
            for one in document["metrics"]
        ]

    def __iter__(self) -> Iterator[ExplainedMetric]:
        return iter(self.metrics)

    def __len__(self) -> int:
        return len(self.metrics)

    def __getitem__(self, metric: str) -> ExplainedMetric:
        return _named(self.metrics, metric)

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


def _named(rows: list[Any], metric: str) -> Any:
    for row in rows:
        if row.metric == metric:
            return row
    raise KeyError(metric)


def _rows_frame(rows: list[Any], names: list[str], index: str = "metric") -> pd.DataFrame:
    pd = frames.pandas()
    columns = {name: [getattr(row, name) for row in rows] for name in names}
    numbers = {"first", "second", "difference", "ratio", "ratio_low", "ratio_high", "p", "value"}
    for name in numbers & set(columns):
        columns[name] = [math.nan if value is None else float(value) for value in columns[name]]
    return pd.DataFrame(columns).set_index(index)
