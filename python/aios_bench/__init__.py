# SPDX-License-Identifier: Apache-2.0
"""Builds a kernel, boots it, measures it to the instruction, and says whether it got worse: from Python.

>>> import aios_bench
>>> aios_bench.machines()["qemu-exact"].fidelity
'exact'
>>> run = aios_bench.run("aios", scenario="syscall", progress=True)    # doctest: +SKIP
>>> run["syscall.null"]                                                # doctest: +SKIP
248.0

Everything that is stored can be had as data frames: see :class:`Store`. What judges is the harness itself; nothing is
computed twice. Errors are exceptions by who is to blame: see :mod:`aios_bench.errors`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Callable, TypeVar

try:
    from . import _core
except ImportError as error:
    raise ImportError(
        "the compiled half of aios_bench is not beside this file: import it from a build (PYTHONPATH=build/dev/python) or "
        "install it (pip install ./python), and not from within the folder of its sources"
    ) from error
from ._session import Words, session
from .claimed import Claim, Claims
from .compared import Comparison, ComparisonRow
from .documents import SideName
from .errors import ConfigError, Error, InfraFault, InternalError, Interrupted, KernelFault
from .explained import ExplainedFunction, ExplainedMetric, Explanation
from .gated import GateReport, GateRow
from .listing import Kernel, Listing, Machine, Metric, Scenario, Variant
from .listing import kernel as _kernel
from .listing import machine as _machine
from .listing import metric as _metric
from .listing import scenario as _scenario
from .progress import Progress, ProgressLike
from .run import Boot, Run, Timeline
from .store import RunLike, Store
from .trends import ChangePoint, Series, Trend, TrendPoint

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__version__: str = _core.__version__
__all__ = [
    "Boot", "ChangePoint", "Claim", "Claims", "Comparison", "ComparisonRow", "ConfigError", "Error",
    "ExplainedFunction", "ExplainedMetric", "Explanation", "GateReport", "GateRow", "InfraFault", "InternalError",
    "Interrupted", "Kernel", "KernelFault", "Listing", "Machine", "Metric", "Progress", "Run", "Scenario", "Series",
    "SideName", "Store", "Timeline", "Trend", "TrendPoint", "Variant", "claims", "compare", "detect", "explain",
    "gate", "kernels", "machines", "metrics", "resume", "run", "scenarios", "trend",
]  # fmt: skip

_T = TypeVar("_T", Kernel, Scenario, Machine, Metric)


def _listing(what: str, make: Callable[[Any], _T]) -> Listing[_T]:
    return Listing(make(json.loads(row)) for row in session().listing(what))


def kernels() -> Listing[Kernel]:
    """The kernels that can be measured.

    >>> "debian" in aios_bench.kernels().names
    True
    """
    return _listing("kernels", _kernel)


def scenarios() -> Listing[Scenario]:
    """What can be measured.

    >>> aios_bench.scenarios()["syscall"].core
    True
    """
    return _listing("scenarios", _scenario)


def machines() -> Listing[Machine]:
    """Where it can run.

    >>> sorted(aios_bench.machines().names)[:2]
    ['host', 'libvirt']
    """
    return _listing("machines", _machine)


def metrics() -> Listing[Metric]:
    """Every figure that a scenario gives.

    >>> aios_bench.metrics()["syscall.null"].direction
    'lower_is_better'
    """
    return _listing("metrics", _metric)


def run(
    subject: str,
    *,
    scenario: Words = None,
    machine: str | None = None,
    mode: str | None = None,
    perturb: int | None = None,
    boots: int | None = None,
    timeout: float | None = None,
    label: str | None = None,
    cold: bool | None = None,
    append: Words = None,
    sysctl: dict[str, object] | None = None,
    config: Any = None,
    markers: Words = None,
    profile: bool = False,
    check: bool = False,
    console: bool = False,
    progress: ProgressLike = None,
    store: Store | None = None,
) -> Run:
    """Builds a kernel, boots it, measures it and stores every sample.

    :param subject: ``KERNEL[@REF][:VARIANT][+MODULE][-MODULE]``, or an image file.
    :param scenario: names, ``"core"`` (the default) or ``"all"``.
    :param machine: where; see :func:`machines`. Without one, the mode chooses.
    :param mode: ``"exact"`` or ``"timed"``.
    :param perturb: so many null changes besides the boot as it is.
    :param boots: boots of each scenario.
    :param timeout: seconds that one boot may take.
    :param label: a name for the run.
    :param cold: boot each scenario anew, never go on from a saved guest.
    :param append: words for the kernel's command line.
    :param sysctl: set in the guest before the scenario.
    :param config: files of options added to the kernel's configuration.
    :param markers: texts that must appear, in this order (image files).
    :param profile: also note where the instructions were executed, for :func:`explain`.
    :param check: raise the fault where a boot did not go through, instead of returning a run that says so.
    :param console: ``progress`` hears the guest's console, too.
    :param progress: ``True`` prints what is being done; a function is called with each :class:`Progress`.
    :param store: where it is kept; the usual place without one.

    Other threads run meanwhile. Ctrl-C (or an exception from ``progress``) ends the guests, waits for them and raises
    :class:`Interrupted`; what was finished is kept, and :func:`resume` goes on with it.
    """
    return (store or Store()).run(
        subject, scenario=scenario, machine=machine, mode=mode, perturb=perturb, boots=boots, timeout=timeout,
        label=label, cold=cold, append=append, sysctl=sysctl, config=config, markers=markers, profile=profile,
        check=check, console=console, progress=progress,
    )  # fmt: skip


def resume(run: str, *, check: bool = False, progress: ProgressLike = None, store: Store | None = None) -> Run:
    """Goes on with a run that was killed or interrupted."""
    return (store or Store()).resume(run, check=check, progress=progress)


def compare(first: RunLike, second: RunLike, *, store: Store | None = None, **settings: Any) -> Comparison:
    """Two runs or subjects, metric by metric: see :meth:`Store.compare`."""
    return (store or Store()).compare(first, second, **settings)


def gate(baseline: RunLike, candidate: RunLike, *, store: Store | None = None, **settings: Any) -> GateReport:
    """Is the candidate no worse than the baseline? See :meth:`Store.gate`."""
    return (store or Store()).gate(baseline, candidate, **settings)


def explain(first: RunLike, second: RunLike, *, store: Store | None = None, **settings: Any) -> Explanation:
    """Which functions a difference comes from: see :meth:`Store.explain`."""
    return (store or Store()).explain(first, second, **settings)


def claims(kernel: str | None = None, *, store: Store | None = None) -> Claims:
    """The ledger of promises, judged on the stored runs."""
    return (store or Store()).claims(kernel)


def trend(kernel: str | None = None, *, store: Store | None = None, **choice: Any) -> Trend:
    """Where the metrics changed over the stored runs: see :meth:`Store.trend`."""
    return (store or Store()).trend(kernel, **choice)


def detect(values: ArrayLike, *, level: float = 0.01, exact: bool = False, fence: float = 0.0) -> list[ChangePoint]:
    """Where a series changes its level: the detector of :func:`trend`, on any numbers.

    :param level: how often pure noise may show a change.
    :param exact: the values have no noise, every change is one, but for those up to ``fence`` (a share).

    >>> [point.index for point in aios_bench.detect([248] * 20 + [251] * 20, exact=True)]
    [20]
    """
    found = _core.level_steps(values, fence) if exact else _core.change_points(values, level)
    return [ChangePoint(*point) for point in found]
