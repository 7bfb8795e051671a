# SPDX-License-Identifier: Apache-2.0
"""The ledger of claims."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Mapping

from . import html
from .documents import made, rows_frame

if TYPE_CHECKING:
    import pandas as pd


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
        super().__init__(made(Claim, row) for row in rows)

    def by_verdict(self) -> dict[str, int]:
        """How many have which verdict."""
        counts: dict[str, int] = {}
        for claim in self:
            counts[claim.verdict] = counts.get(claim.verdict, 0) + 1
        return counts

    def frame(self) -> pd.DataFrame:
        """A row a claim, by its id."""
        names = ["id", "kernel", "claim", "target", "value", "unit", "fidelity", "verdict", "reason", "run"]
        return rows_frame(self, names, index="id")

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
