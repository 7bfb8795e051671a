# SPDX-License-Identifier: Apache-2.0
"""What can go wrong, by who is to blame.

Only a :class:`KernelFault` speaks of the kernel under test; everything else is the lab's, yours or ours.

>>> try:
...     aios_bench.run("debain")
... except aios_bench.ConfigError as error:
...     print(error.message)
'debain' is not a subject: there is no kernel 'debain'; did you mean 'debian'?
"""

from __future__ import annotations


class Error(Exception):
    """The base of all errors of this package.

    ``kind`` is the harness's word, ``message`` says what was wrong, ``where`` where, ``hint`` what to do; the last
    two may be empty.
    """

    kind = "error"

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        # The harness speaks of flags: here they are keywords.
        self.where = f"{where[2:].replace('-', '_')}=" if where.startswith("--") else where
        self.hint = hint

    def __str__(self) -> str:
        text = self.message if not self.where else f"{self.message} ({self.where})"
        return text if not self.hint else f"{text}\n  hint: {self.hint}"

    def __reduce__(self) -> tuple:  # so that it crosses process borders (multiprocessing)
        return _again, (type(self), self.message, self.where, self.hint)


class KernelFault(Error):
    """The kernel under test is at fault: it does not build, does not boot, hangs, or failed at its work."""

    kind = "kernel_fault"


class InfraFault(Error):
    """The lab is at fault: a full disk, a missing program, a machine that does not come up."""

    kind = "infra_fault"


class ConfigError(Error, ValueError):
    """What was asked for cannot be had: a misspelt name, settings that contradict each other."""

    kind = "config"


class Interrupted(Error, KeyboardInterrupt):
    """Ctrl-C. Nothing is left running; ``run`` names the run that can be resumed, or is empty where no boot of it had been
    finished."""

    kind = "interrupted"
    run = ""


class InternalError(Error):
    """A mistake in aios-bench itself."""

    kind = "internal"


def _again(cls: type[Error], message: str, where: str, hint: str) -> Error:
    return cls(message, where=where, hint=hint)
