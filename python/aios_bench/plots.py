# SPDX-License-Identifier: Apache-2.0
"""The charts, by matplotlib. Each takes an ``ax`` to draw into, or makes its own figure, and returns the axes.

Nothing is judged here: a chart shows what the judge said, and says it with shapes and words beside the colours.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from . import _core

if TYPE_CHECKING:
    import matplotlib.axes

    from .compared import Comparison
    from .explained import ExplainedMetric
    from .trends import Series
    from .run import Timeline

# Told apart by colour-blind eyes, too (Okabe and Ito).
BLUE, ORANGE, GREEN, RED, GREY = "#0072b2", "#e69f00", "#009e73", "#d55e00", "#8a8a8a"
TONES = {"better": GREEN, "worse": RED, "inconclusive": ORANGE, "changed": ORANGE}
MARKS = {"better": "o", "worse": "s", "inconclusive": "D", "changed": "D"}
PHASES = ["#0072b2", "#56b4e9", "#009e73", "#e69f00", "#f0e442", "#d55e00", "#cc79a7", "#8a8a8a"]


def axes(ax: matplotlib.axes.Axes | None, height: float, width: float = 8.0) -> matplotlib.axes.Axes:
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError("charts need matplotlib: apt-get install python3-matplotlib") from error
    _, made = plt.subplots(figsize=(width, height), layout="constrained")
    return made


def plain(ax: matplotlib.axes.Axes, grid: str) -> None:
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    ax.grid(axis=grid, color="0.5", alpha=0.25, linewidth=0.7)
    ax.set_axisbelow(True)


def shown(text: str, most: int = 44) -> str:
    """A name for a chart: harmless, no markup of matplotlib's, not longer than there is room for."""
    name = _core.printable(text).replace("$", r"\$")
    return name if len(name) <= most else name[: most - 1] + "…"


def comparison(of: Comparison, ax: matplotlib.axes.Axes | None = None) -> matplotlib.axes.Axes:
    rows = [row for row in of.rows if row.ratio is not None and row.ratio > 0]
    rows.sort(key=lambda row: row.ratio)
    ax = axes(ax, 1.2 + 0.27 * max(len(rows), 1))
    plain(ax, "x")
    ax.axvline(1, color=GREY, linewidth=1.2)
    seen: dict[str, Any] = {}
    for place, row in enumerate(rows):
        tone, mark = TONES.get(row.verdict, GREY), MARKS.get(row.verdict, "|")
        ax.plot([1, row.ratio], [place, place], color=tone, alpha=0.35, linewidth=3, solid_capstyle="butt")
        if row.ratio_low and row.ratio_high:
            ax.plot([row.ratio_low, row.ratio_high], [place, place], color=tone, linewidth=1.5)
        seen[row.verdict] = ax.plot(row.ratio, place, mark, color=tone, markersize=6, label=row.verdict)[0]
        right = row.ratio >= 1
        ax.annotate(f"{row.ratio:.3g}", (row.ratio, place), xytext=(7 if right else -7, 0), fontsize=7.5,
                    textcoords="offset points", ha="left" if right else "right", va="center")  # fmt: skip
    ax.set_yticks(range(len(rows)), [shown(row.metric) for row in rows], fontsize=8.5)
    ax.set_ylim(-0.7, len(rows) - 0.3)
    _ratio_axis(ax, [row.ratio for row in rows])
    ax.set_xlabel(f"{shown(of.second.name)} as a multiple of {shown(of.first.name)}")
    ax.set_title(f"{shown(of.second.name)} against {shown(of.first.name)}: {of.verdict}", loc="left", fontsize=11)
    if seen:
        ax.legend(seen.values(), seen.keys(), loc="upper left", fontsize=8, frameon=False)  # the small ratios are below
    return ax


def _ratio_axis(ax: matplotlib.axes.Axes, ratios: list[float]) -> None:
    import matplotlib.ticker

    ax.set_xscale("log", base=2)
    low, high = min([*ratios, 0.9]), max([*ratios, 1.1])
    ax.set_xlim(low / 1.25, high * 1.25)
    wide = high / low > 8
    ticks = [2.0**power for power in range(-6, 7)] if wide else [0.25, 0.33, 0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 4]
    ax.set_xticks([tick for tick in ticks if low / 1.2 <= tick <= high * 1.2])
    ax.xaxis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda value, _: f"{value:g}"))
    ax.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())


def series(of: Series, ax: matplotlib.axes.Axes | None = None) -> matplotlib.axes.Axes:
    ax = axes(ax, 3.0)
    plain(ax, "y")
    places = range(len(of.values))
    exact = of.judged == "exact"
    ax.plot(places, of.values, "o", color=BLUE, markersize=3.5, alpha=0.9 if exact else 0.6, label="a run")
    begins = [0, *(point.index for point in of.points), len(of.values)]
    levels = [point.before for point in of.points] + [of.points[-1].after] if of.points else []
    for begin, end, level in zip(begins, begins[1:], levels):
        ax.plot([begin - 0.5, end - 0.5], [level, level], color=GREY, linewidth=1.6, zorder=1)
    spread = (max(of.values) - min(of.values)) or 1
    for point in of.points:
        tone = TONES.get(point.direction, ORANGE)
        ax.axvline(point.index - 0.5, color=tone, linestyle="--", linewidth=1.3)
        change = "" if point.magnitude is None else f" ({100 * point.magnitude:+.2g} %)"
        to = _core.format_value(point.after, of.unit)
        ax.annotate(f"{point.direction}: {to}{change}", (point.index - 0.5, max(of.values) + 0.2 * spread), color=tone,
                    fontsize=8.5, xytext=(4, 0), textcoords="offset points", va="center")  # fmt: skip
    ax.set_ylim(min(of.values) - 0.12 * spread, max(of.values) + 0.35 * spread)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.yaxis.set_major_formatter(lambda value, _: _core.format_value(value, of.unit))
    ax.set_xlabel("runs, oldest first")
    ax.set_title(f"{shown(of.metric)}: {shown(of.series)} on {shown(of.machine)}", loc="left", fontsize=11)
    return ax


def timeline(of: Timeline, top: int = 10, ax: matplotlib.axes.Axes | None = None) -> matplotlib.axes.Axes:
    calls = of.initcalls[:top]
    ax = axes(ax, 1.9 + 0.26 * len(calls))
    plain(ax, "x")
    scale = 1e6
    begin = 0
    named = []
    for name, count in of.phases:
        large = of.total and count / of.total > 0.01
        tone = PHASES[len(named) % len(PHASES)] if large else GREY
        bar = ax.barh(0, count / scale, left=begin / scale, height=0.8, color=tone, edgecolor="white", linewidth=0.6)
        if large:
            named.append((bar, f"{shown(name)}, {count / scale:.3g} M"))
        if of.total and count / of.total > 0.09:
            ax.text((begin + count / 2) / scale, 0, f"{shown(name, 26)}\n{100 * count / of.total:.0f} %", ha="center",
                    va="center", fontsize=7.5, color="black" if tone in ("#f0e442", "#56b4e9", "#e69f00") else "white")  # fmt: skip
        begin += count
    for place, (name, count) in enumerate(calls, start=1):
        ax.barh(place + 0.4, count / scale, height=0.65, color=GREY)
        ax.annotate(f"{count / scale:.3g} M", (count / scale, place + 0.4), xytext=(4, 0), fontsize=7.5,
                    textcoords="offset points", va="center")  # fmt: skip
    ax.set_yticks([0, *(place + 1.4 for place in range(len(calls)))], ["the boot", *(shown(name) for name, _ in calls)],
                  fontsize=8.5)  # fmt: skip
    ax.invert_yaxis()
    if named:
        ax.legend(*zip(*named), loc="lower right", fontsize=8, frameon=False)
    ax.set_xlabel("million instructions")
    ax.set_title(f"Where the boot goes: {of.total / scale:,.1f} million instructions", loc="left", fontsize=11)
    return ax


def explained(of: ExplainedMetric, top: int = 12, ax: matplotlib.axes.Axes | None = None) -> matplotlib.axes.Axes:
    different = [entry for entry in of.functions if entry.difference]
    rows, rest = different[:top], different[top:]
    ax = axes(ax, 1.3 + 0.27 * (len(rows) + bool(rest)))
    plain(ax, "x")
    names = [shown(entry.function) for entry in rows]
    sizes = [entry.difference for entry in rows]
    if rest:
        names.append(f"{len(rest)} more")
        sizes.append(math.fsum(entry.difference for entry in rest))
    for place, size in enumerate(sizes):
        ax.barh(place, size, height=0.7, color=RED if size > 0 else GREEN)
        ax.annotate(f"{size:+,.0f}", (size, place), xytext=(4 if size > 0 else -4, 0), fontsize=7.5,
                    textcoords="offset points", ha="left" if size > 0 else "right", va="center")  # fmt: skip
    ax.axvline(0, color=GREY, linewidth=1)
    ax.margins(x=0.14)
    ax.set_yticks(range(len(names)), names, fontsize=8.5)
    ax.invert_yaxis()
    ax.set_xlabel("instructions of one iteration, second less first")
    ax.set_title(f"{shown(of.metric)}: {of.first:,.0f} to {of.second:,.0f} ({of.difference:+,.0f})", loc="left",
                 fontsize=11)  # fmt: skip
    return ax
