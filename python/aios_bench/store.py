# SPDX-License-Identifier: Apache-2.0
"""A store of runs: what was measured, as frames and arrays, and what can be asked of it."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any, Iterable, Union

import numpy as np

from . import _core, frames, html
from ._session import PathLike, Words, call_text, how, session, words
from .claimed import Claims
from .compared import Comparison
from .errors import Interrupted
from .explained import Explanation
from .gated import GateReport
from .progress import ProgressLike, hearing
from .run import Run
from .trends import Trend

if TYPE_CHECKING:
    import pandas as pd

#: A stored run by its id, the beginning of one, its label, ``"latest"`` or a subject (its newest run); or the run itself.
RunLike = Union[str, Run]


class Store:
    """The runs in a folder: ``path``, or ``$AIOS_BENCH_HOME``, or ``.aios-bench`` here.

    >>> store = aios_bench.Store(example)
    >>> store.runs()[["subject", "machine", "outcome"]].iloc[0].to_list()
    ['debian', 'qemu-exact', 'complete']
    >>> frame = store.samples(metric="syscall.*")
    >>> bool((frame["value"] > 0).all())
    True
    """

    def __init__(self, path: PathLike | None = None) -> None:
        self._session = session(path)

    @property
    def path(self) -> str:
        """Where it lies."""
        return self._session.store

    # --- what is in it

    def runs(
        self,
        *,
        kernel: str | None = None,
        subject: str | None = None,
        machine: str | None = None,
        mode: str | None = None,
        label: str | None = None,
        scenario: str | None = None,
        outcome: str | None = None,
        limit: int | None = None,
    ) -> pd.DataFrame:
        """A row a run, the newest first, by its id."""
        pd = frames.pandas()
        wanted = dict(kernel=kernel, subject=subject, machine=machine, mode=mode, label=label, scenario=scenario,
                      outcome=outcome, limit=limit)  # fmt: skip
        columns = ["run", "started", "subject", "kernel", "machine", "mode", "fidelity", "label", "outcome",
                   "scenarios", "boots", "samples", "sealed", "error"]  # fmt: skip
        frame = pd.DataFrame(self._runs(wanted), columns=columns)
        frame["started"] = pd.to_datetime(frame["started"], utc=True, errors="coerce")
        return frame.set_index("run")

    def read(self, run: RunLike = "latest") -> Run:
        """One run, by whatever names it."""
        return run if isinstance(run, Run) else Run(self._session.read(self._session.find(run)))

    def __getitem__(self, run: str) -> Run:
        return self.read(run)

    def verify(self, run: RunLike) -> None:
        """Holds a run against its seal; raises :class:`InfraFault` where something was changed."""
        self._session.verify(self._id(run))

    def arrays(
        self,
        metric: Words = None,
        *,
        scenario: Words = None,
        run: Union[RunLike, Iterable[RunLike], None] = None,
        kernel: str | None = None,
        subject: str | None = None,
        machine: str | None = None,
        mode: str | None = None,
        label: str | None = None,
        outcome: str | None = None,
        counts: bool = False,
        values: bool = False,
    ) -> dict[str, Any]:
        """The samples as NumPy arrays, without pandas: name -> array, or (codes, words) for a column of words.

        The arrays are the memory that C++ read them into. ``values`` adds the distributions inside the boots:
        ``lengths`` says how many entries of ``iteration_value`` and ``iteration_times`` a row has.
        """
        runs = self._chosen(run, dict(kernel=kernel, subject=subject, machine=machine, mode=mode, label=label,
                                      outcome=outcome))  # fmt: skip
        ids = [row["run"] for row in runs]
        columns = self._session.samples(ids, words(metric), words(scenario), counts, values)
        rows = columns.pop("run")
        out: dict[str, Any] = {"run": (rows, ids)}
        for name in frames.RUN_WORDS:
            out[name] = frames.run_words(rows, [row[name] for row in runs])
        started = np.array([row["started"].rstrip("Z") or "NaT" for row in runs], dtype="datetime64[ns]")
        out["started"] = started[rows] if len(started) else started
        out.update(columns)
        return out

    def samples(self, metric: Words = None, **which: Any) -> pd.DataFrame:
        """A row a sample: one metric of one boot of one run, with its value, unit and where it comes from; the oldest
        run first.

        ``metric`` and ``scenario`` are names or globs (``"syscall.*"``), one or several; ``run``, ``kernel``,
        ``subject``, ``machine``, ``mode``, ``label`` and ``outcome`` choose runs; ``counts=True`` adds what was
        counted, class by class. Words are categories, times are UTC, numbers lie in the memory that C++ read them
        into.
        """
        return frames.frame(self.arrays(metric, **which))

    def iterations(self, metric: Words = None, **which: Any) -> pd.DataFrame:
        """The distributions inside the boots: ``value`` came ``times`` in a row. Chooses as :meth:`samples` does."""
        columns = self.arrays(metric, values=True, **which)
        return frames.frame(frames.spread(columns, ["run", "kernel", "metric", "unit", "boot", "perturbation"]))

    # --- what can be asked

    def run(
        self,
        subject: str,
        *,
        markers: Words = None,
        profile: bool = False,
        check: bool = False,
        console: bool = False,
        progress: ProgressLike = None,
        **settings: Any,
    ) -> Run:
        """Builds, boots, measures and stores; see :func:`aios_bench.run`."""
        call = call_text("run", subject, **settings, profile=profile or None)
        told = hearing(progress, call, console)
        began = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
        try:
            made = Run(self._session.run(subject, how(settings), words(markers), profile, told))
        except Interrupted as error:
            self._name_interrupted(error, call, began)
            raise
        return self._ended(made, check)

    def resume(self, run: str, *, check: bool = False, progress: ProgressLike = None) -> Run:
        """Goes on with a run that was killed or interrupted."""
        return self._ended(Run(self._session.resume(run, hearing(progress, call_text("resume", run)))), check)

    def compare(
        self, first: RunLike, second: RunLike, *, fresh: bool = False, progress: ProgressLike = None, **settings: Any
    ) -> Comparison:
        """Metric by metric: what changed, by how much, and whether that may be believed.

        A side is a stored run, or a subject: its newest stored run, or, where there is none, where ``fresh`` is set or
        settings say how to measure, one made now.
        """
        told = hearing(progress, call_text("compare", _word(first), _word(second), **settings))
        sides = [_core.Side(run=side._record) if isinstance(side, Run) else _core.Side(word=side)
                 for side in (first, second)]  # fmt: skip
        return Comparison(json.loads(self._session.compare(*sides, how(settings), fresh, told)))

    def gate(
        self,
        baseline: RunLike,
        candidate: RunLike,
        *,
        policy: PathLike | None = None,
        budget: str | float | None = None,
        reference: str | None = None,
        accepted: PathLike | None = None,
        seed: int | None = None,
        perturb: int | None = None,
        progress: ProgressLike = None,
        **settings: Any,
    ) -> GateReport:
        """Is the candidate no worse than the baseline, by a policy (a TOML file; without one the built-in default)?

        What is not stored is measured within ``budget`` (seconds, or ``"10m"``). A baseline may be
        ``"last-good:LABEL"``. The verdict is remembered beside the candidate's run.
        """
        asked = _core.Gate(_gate_word(baseline), _gate_word(candidate), how(settings))
        given = dict(policy=policy and os.fspath(policy), budget=budget and str(budget), reference=reference,
                     accepted=accepted and os.fspath(accepted), seed=seed and str(seed), perturb=perturb)  # fmt: skip
        for name, value in given.items():
            if value is not None:
                setattr(asked, name, value)
        told = hearing(progress, call_text("gate", _word(baseline), _word(candidate), **given, **settings))
        return GateReport(json.loads(self._session.gate(asked, told)))

    def explain(
        self,
        first: RunLike,
        second: RunLike,
        *,
        metric: str | None = None,
        fresh: bool = False,
        progress: ProgressLike = None,
        **settings: Any,
    ) -> Explanation:
        """Which functions the difference comes from. A side without a stored profile is measured again with one."""
        told = hearing(progress, call_text("explain", _word(first), _word(second), metric=metric, **settings))
        document = self._session.explain(_word(first), _word(second), metric or "", how(settings), fresh, told)
        return Explanation(json.loads(document))

    def claims(self, kernel: str | None = None) -> Claims:
        """The ledger: every promise, its target, what the stored runs show, and the verdict."""
        return Claims(json.loads(self._session.claims(kernel or "", hearing(None, "claims"))))

    def trend(
        self,
        kernel: str | None = None,
        *,
        metric: Words = None,
        last: int | None = None,
        label: str | None = None,
        machine: str | None = None,
        level: float = 0.01,
    ) -> Trend:
        """The history of a kernel (or of all): where each metric changed its level. A ``*`` may end a metric's name."""
        told = hearing(None, "trend")
        document = self._session.trend(kernel or "", words(metric), last or 0, label or "", machine or "", level, told)
        return Trend(json.loads(document))

    # --- helpers

    def _runs(self, wanted: dict[str, Any]) -> list[dict[str, Any]]:
        choice = _core.Filter()
        for name, value in wanted.items():
            if value is not None:
                setattr(choice, name, value)
        return self._session.runs(choice)

    def _chosen(self, run: Any, wanted: dict[str, Any]) -> list[dict[str, Any]]:
        # The oldest first: so do rows stand, and so are categories sorted.
        known = [row for row in reversed(self._runs(wanted)) if not row["error"]]
        if run is None:
            return known
        several = [run] if isinstance(run, (str, Run)) else list(run)
        by_id = {row["run"]: row for row in known}
        ids = [self._id(one) for one in several]
        return [by_id[one] for one in dict.fromkeys(ids) if one in by_id]

    def _id(self, run: RunLike) -> str:
        return run.id if isinstance(run, Run) else self._session.find(run)

    def _ended(self, made: Run, check: bool) -> Run:
        if made.outcome == "interrupted":
            raise _about(Interrupted(f"run {made.id} was interrupted"), made.id)
        return made.check() if check else made

    def _name_interrupted(self, error: Interrupted, call: str, began: str) -> None:
        """Which run it was: of this call, and begun since."""
        for row in self._runs(dict(outcome="interrupted")):
            if row["run"] < began:
                return
            if self.read(row["run"]).to_dict()["provenance"]["command_line"] == call:
                _about(error, row["run"])
                return

    def __repr__(self) -> str:
        return f"<Store {self.path}: {len(self._runs({}))} runs>"

    def _repr_html_(self) -> str:
        runs = self._runs({})
        rows = [
            (row["run"], row["started"], row["subject"], row["machine"], html.word(row["outcome"]), row["boots"],
             row["samples"], row["label"])
            for row in runs[:20]
        ]  # fmt: skip
        head = ["run", "started", "subject", "machine", "outcome", "boots", "samples", "label"]
        more = html.paragraph(html.small(f"and {len(runs) - 20} more")) if len(runs) > 20 else ""
        return html.block(
            html.paragraph(f"{len(runs)} runs in {self.path}"), html.table(head, rows, ["boots", "samples"]), more
        )


def _about(error: Interrupted, run: str) -> Interrupted:
    error.run, error.hint = run, f"aios_bench.resume({run!r}) goes on with it"
    return error


def _word(run: RunLike) -> str:
    return run.id if isinstance(run, Run) else run


def _gate_word(run: RunLike) -> str:
    return f"run:{run.id}" if isinstance(run, Run) else run
