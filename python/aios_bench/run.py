# SPDX-License-Identifier: Apache-2.0
"""One run: which kernel on which machine, what each boot did, every sample."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Mapping

from . import _core, frames, html
from .documents import made
from .errors import Error, InfraFault, Interrupted, KernelFault

if TYPE_CHECKING:
    import matplotlib.axes
    import pandas as pd

#: A figure of one metric, in the order in which tables show them.
TABLE_COLUMNS = ("metric", "scenario", "unit", "value", "lowest", "highest", "boots", "fidelity")
_FAULTS: Mapping[str, type[Error]] = {"failed": KernelFault, "infra": InfraFault, "interrupted": Interrupted}


@dataclass(frozen=True)
class Boot:
    """What one boot did."""

    index: int
    scenario: str
    end_state: str
    ok: bool
    perturbation: int = 0
    start: str = "cold"
    error_kind: str = ""
    error: str = ""
    total_instructions: int = 0
    logs: Mapping[str, str] = field(default_factory=dict)
    screen: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Timeline:
    """A boot as stretches, in instructions: ``phases`` in order, ``initcalls`` the longest first."""

    boot: int
    total: int
    phases: list[tuple[str, int]]
    initcalls: list[tuple[str, int]]

    def frame(self) -> pd.DataFrame:
        """A row a stretch; ``share`` is of the whole boot."""
        pd = frames.pandas()
        rows = [(kind, name, count, count / self.total if self.total else 0.0)
                for kind, stretches in (("phase", self.phases), ("initcall", self.initcalls))
                for name, count in stretches]  # fmt: skip
        return pd.DataFrame(rows, columns=["kind", "name", "instructions", "share"])

    def plot(self, top: int = 10, ax: matplotlib.axes.Axes | None = None) -> matplotlib.axes.Axes:
        """The phases as one bar, and the longest initcalls under it."""
        from . import plots

        return plots.timeline(self, top, ax)

    def _repr_html_(self) -> str:
        rows = [(name, f"{count:,}", html.share_bar(count / self.total if self.total else 0),
                 f"{100 * count / self.total:.1f} %" if self.total else "") for name, count in self.phases]  # fmt: skip
        return html.block(html.table(["phase", "instructions", "", "share"], rows, numbers=["instructions", "share"]))


class Run:
    """A run, stored or just made."""

    def __init__(self, record: _core.RunRecord) -> None:
        self._record = record
        self._document: dict[str, Any] = json.loads(record.document())
        document = self._document
        self.id: str = record.id
        self.subject: str = document["subject"]
        self.kernel: str = document["kernel"]
        self.kernel_version: str = document.get("kernel_version", "")
        self.machine: str = document["machine"]
        self.mode: str = document["mode"]
        self.fidelity: str = document["fidelity"]
        self.scenarios: list[str] = document["scenarios"]
        self.outcome: str = document["outcome"]
        self.label: str = document["provenance"].get("label", "")
        self.started: str = document["provenance"].get("started", "")
        self.inputs: dict[str, str] = document.get("inputs", {})
        self.boots = [made(Boot, boot) for boot in document["boots"]]

    @property
    def ok(self) -> bool:
        """Every boot went through."""
        return self.outcome == "complete"

    def check(self) -> Run:
        """This run, if every boot went through; else the fault that stopped it is raised.

        >>> aios_bench.run("aios", scenario="boot").check()    # doctest: +SKIP
        """
        if self.ok:
            return self
        boot = next((boot for boot in self.boots if not boot.ok), None)
        what = f"{boot.end_state}: {boot.error}" if boot else f"the run is {self.outcome}"
        where = f"run {self.id}" + (f", boot {boot.index} ({boot.scenario})" if boot else "")
        raise _FAULTS.get(self.outcome, Error)(
            _core.printable_lines(what), where=where, hint=f"aios-bench log {self.id}"
        )

    def to_dict(self) -> dict[str, Any]:
        """All but the samples, as ``aios-bench run --json`` prints it."""
        return json.loads(json.dumps(self._document))

    def frame(self) -> pd.DataFrame:
        """A row a metric: the figure that every report shows, and its range over all boots."""
        pd = frames.pandas()
        return pd.DataFrame(self._record.table(), columns=list(TABLE_COLUMNS)).set_index("metric")

    def samples(self, *, counts: bool = False) -> pd.DataFrame:
        """A row a sample: one metric of one boot. ``counts`` adds what was counted, class by class."""
        return frames.frame(self.arrays(counts=counts))

    def arrays(self, *, counts: bool = False) -> dict[str, Any]:
        """The same without pandas: arrays, and (codes, words) for a column of words."""
        return self._record.samples(counts, False)

    def iterations(self, metric: str | None = None) -> pd.DataFrame:
        """The distributions inside the boots: ``value`` came ``times`` in a row."""
        columns = self._record.samples(False, True)
        whole = frames.frame(frames.spread(columns, ["metric", "unit", "boot", "perturbation"]))
        return whole if metric is None else whole[whole["metric"] == metric].reset_index(drop=True)

    def timeline(self) -> Timeline:
        """Where the boot spends its instructions: of the first unperturbed boot that has points in time."""
        return made(Timeline, self._record.timeline())

    def __getitem__(self, metric: str) -> float:
        """The figure of one metric, in its unit.

        >>> run["syscall.null"]    # doctest: +SKIP
        248.0
        """
        for row in self._record.table():
            if row["metric"] == metric:
                return row["value"]
        raise KeyError(metric)

    def __repr__(self) -> str:
        kind = f"{self.subject} on {self.machine}, {' '.join(self.scenarios)}"
        text = f"<Run {self.id}: {kind}: {self.outcome}, {len(self.boots)} boots>"
        return _core.printable(text)

    def _repr_html_(self) -> str:
        rows = [
            (
                row["metric"],
                "skipped" if row["skipped"] else html.number(row["value"], row["unit"]),
                "" if row["lowest"] == row["highest"] else
                f"{html.number(row['lowest'], row['unit'])} to {html.number(row['highest'], row['unit'])}",
                row["boots"],
                html.small(row["description"]),
            )
            for row in self._record.table()
        ]  # fmt: skip
        troubles = [
            html.paragraph(f"boot {boot.index} ({boot.scenario}): ", html.word("failed"), f": {boot.end_state}: {boot.error}")
            for boot in self.boots
            if not boot.ok
        ]
        about = html.small(f"run {self.id}, {self.started}{', label ' + self.label if self.label else ''}")
        return html.block(
            html.paragraph(f"{self.subject} {self.kernel_version} on {self.machine} ({self.fidelity}): ",
                           html.word(self.outcome), f", {len(self.boots)} boots. ", about),
            *troubles,
            html.table(["metric", "value", "range", "boots", "what"], rows, numbers=["value", "range", "boots"]),
        )  # fmt: skip
