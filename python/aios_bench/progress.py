# SPDX-License-Identifier: Apache-2.0
"""Hearing what a long piece of work is doing."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import Callable, Union

from . import _core


@dataclass(frozen=True)
class Progress:
    """One piece of news.

    ``kind`` is ``"phase"`` (a new stretch of work), ``"step"`` (comes often; ``done`` of ``total``, 0 where it is not
    known), ``"note"`` (something to be seen) or ``"console"`` (a line of the guest's console, where asked for).
    """

    kind: str
    text: str
    done: int = 0
    total: int = 0
    seconds_left: float | None = None

    def __str__(self) -> str:
        if self.kind != "step" or not self.total:
            return self.text
        left = "" if self.seconds_left is None else f" ({_clock(self.seconds_left)} left)"
        return f"{100 * self.done // self.total:3d}% {self.done}/{self.total} {self.text}{left}"


Listener = Callable[[Progress], object]
#: What a ``progress`` argument may be: ``None`` or ``False`` for silence, ``True`` for lines on standard error, or
#: whoever wants to hear.
ProgressLike = Union[None, bool, Listener]


class Printer:
    """Prints progress as the command line does; on a terminal and in a notebook steps share one line."""

    def __init__(self) -> None:
        self._began = self._stepped = time.monotonic()
        self._notebook = "ipykernel" in sys.modules
        self._out = sys.stdout if self._notebook else sys.stderr
        self._live = self._notebook or self._out.isatty()
        self._open = 0

    def __call__(self, news: Progress) -> None:
        now = time.monotonic()
        if news.kind == "step" and (not self._live or now - self._stepped < 0.2):
            return
        line = f"[{_clock(now - self._began):>5}] {news}"
        if news.kind == "step":
            self._stepped = now
            line = line[:110]
            self._out.write("\r" + line.ljust(self._open))
            self._open = len(line)
        else:
            self._out.write("\r" + " " * self._open + "\r" if self._open else "")
            self._out.write(line + "\n")
            self._open = 0
        self._out.flush()


def hearing(progress: ProgressLike, command_line: str, console: bool = False) -> _core.Hearing:
    listener = Printer() if progress is True else (progress or None)
    if listener is None:
        return _core.Hearing(None, False, command_line)
    return _core.Hearing(lambda *news: listener(Progress(*news)), console, command_line)


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02}"
