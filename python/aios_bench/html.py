# SPDX-License-Identifier: Apache-2.0
"""Small tables and marks for notebooks. Everything that is shown goes through ``text``: names, errors and details may
come from a guest."""

from __future__ import annotations

import html
import math
from typing import Iterable, Sequence

from . import _core

# Readable on light and on dark paper; a word always stands beside the colour.
TONES = {"good": "#2da44e", "bad": "#e5534b", "warn": "#c69026", "quiet": "#8b949e"}
WORDS = {
    "better": "good", "worse": "bad", "inconclusive": "warn", "refused": "bad", "changed": "warn",
    "same": "quiet", "not compared": "quiet", "only in first": "warn", "only in second": "warn",
    "pass": "good", "fail": "bad", "infrastructure": "warn", "not judged": "quiet",
    "met": "good", "missed": "bad", "bounded": "good", "not run": "quiet",
    "complete": "good", "failed": "bad", "interrupted": "warn", "infra": "warn",
    "added": "warn", "gone": "warn",
}  # fmt: skip


class Markup(str):
    """HTML made here; goes into a cell as it is."""


def text(value: object) -> Markup:
    """Whatever it is, harmless."""
    return value if isinstance(value, Markup) else Markup(html.escape(_core.printable(str(value))))


def word(verdict: str) -> Markup:
    tone = WORDS.get(verdict)
    if tone is None:
        return text(verdict)
    return Markup(f'<span style="color:{TONES[tone]};font-weight:600">{text(verdict)}</span>')


def paragraph(*parts: object) -> Markup:
    return Markup(f'<p style="margin:.3em 0">{"".join(text(part) for part in parts)}</p>')


def small(value: object) -> Markup:
    return Markup(f'<span style="color:{TONES["quiet"]};font-size:90%">{text(value)}</span>')


def table(head: Sequence[str], rows: Iterable[Sequence[object]], numbers: Iterable[str] = ()) -> Markup:
    """``numbers`` names the columns that stand to the right."""
    right = {index for index, name in enumerate(head) if name in set(numbers)}

    def cell(tag: str, index: int, value: object) -> str:
        side = "right" if index in right else "left"
        space = "nowrap" if index in right else "normal"
        return f'<{tag} style="text-align:{side};white-space:{space}">{text(value)}</{tag}>'

    top = "".join(cell("th", index, name) for index, name in enumerate(head))
    body = "".join(
        f"<tr>{''.join(cell('td', index, value) for index, value in enumerate(row))}</tr>" for row in rows
    )
    return Markup(f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>")


def ratio_mark(ratio: float | None, low: float | None, high: float | None, tone: str) -> Markup:
    """Where a ratio lies between a quarter and four times, its interval, and the line of no change."""
    if ratio is None or not ratio > 0 or not math.isfinite(ratio):
        return Markup("")
    width, middle, span = 92, 46.0, 44.0

    def at(value: float) -> float:
        return middle + span * max(-1.0, min(1.0, math.log2(value) / 2))

    colour = TONES[tone]
    x = at(ratio)
    parts = [f'<line x1="{middle}" y1="0" x2="{middle}" y2="14" stroke="{TONES["quiet"]}" stroke-width="1"/>']
    if low and high and low > 0 and high > 0:
        parts.append(f'<line x1="{at(low):.1f}" y1="7" x2="{at(high):.1f}" y2="7" stroke="{colour}" stroke-width="2"/>')
    begin, length = min(middle, x), abs(x - middle)
    parts.append(f'<rect x="{begin:.1f}" y="5" width="{length:.1f}" height="4" fill="{colour}" opacity=".45"/>')
    parts.append(f'<circle cx="{x:.1f}" cy="7" r="3.2" fill="{colour}"/>')
    label = f"{ratio:.3f} times"
    return Markup(
        f'<svg width="{width}" height="14" role="img" aria-label="{label}"><title>{label}</title>{"".join(parts)}</svg>'
    )


def share_bar(share: float, tone: str = "quiet") -> Markup:
    width = max(0.0, min(1.0, share)) * 120
    return Markup(
        f'<svg width="122" height="12" role="img" aria-label="{100 * share:.1f} %">'
        f'<rect x="0" y="2" width="{width:.1f}" height="8" fill="{TONES[tone]}"/></svg>'
    )


def block(*parts: object) -> str:
    return f'<div class="aios-bench">{"".join(text(part) for part in parts)}</div>'


def number(value: float | None, unit: str) -> str:
    return "" if value is None else _core.format_value(value, unit)


def signed(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return ("+" if value > 0 else "") + _core.format_value(value, unit)
