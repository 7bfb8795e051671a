# SPDX-License-Identifier: Apache-2.0
"""What there is to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Iterable, Mapping, TypeVar

from . import frames, html

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Variant:
    """One of a kernel's variants: KERNEL:VARIANT."""

    name: str
    description: str = ""


@dataclass(frozen=True)
class Kernel:
    """A kernel that can be measured, by the name that a subject begins with. ``error``: its manifest cannot be read."""

    name: str
    description: str = ""
    source: str = ""
    variants: tuple[Variant, ...] = ()
    default_variant: str = ""
    error: str = ""


@dataclass(frozen=True)
class Scenario:
    """Something to measure. ``needs``: abilities of a machine; ``metrics``: how many figures it gives."""

    name: str
    description: str = ""
    core: bool = True
    needs: tuple[str, ...] = ()
    metrics: int = 0


@dataclass(frozen=True)
class Machine:
    """Where a kernel can run. ``fidelity`` says how far its figures can be believed."""

    name: str
    description: str = ""
    backend: str = ""
    fidelity: str = ""
    abilities: tuple[str, ...] = ()
    defined_in: str = ""  # the machine file; empty: built in


@dataclass(frozen=True)
class Metric:
    """A figure with a name, a unit and a direction."""

    name: str
    unit: str = ""
    direction: str = ""
    kind: str = ""
    description: str = ""
    scenario: str = ""


T = TypeVar("T", Kernel, Scenario, Machine, Metric)


class Listing(list, Generic[T]):
    """A list whose items can be had by name, too, and that a notebook shows as a table."""

    def __init__(self, items: Iterable[T]) -> None:
        super().__init__(items)

    @property
    def names(self) -> list[str]:
        return [item.name for item in self]

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, str):
            return super().__getitem__(key)
        for item in self:
            if item.name == key:
                return item
        raise KeyError(key)

    def frame(self) -> pd.DataFrame:
        """A row an item, by its name."""
        pd = frames.pandas()
        return pd.DataFrame([vars(item) for item in self]).set_index("name")

    def __repr__(self) -> str:
        width = max((len(name) for name in self.names), default=0)
        return "\n".join(f"{item.name:<{width}}  {item.description}" for item in self) or "[]"

    def _repr_html_(self) -> str:
        return html.block(html.table(["name", "what"], [(item.name, item.description) for item in self]))


def kernel(document: Mapping[str, Any]) -> Kernel:
    variants = tuple(Variant(**variant) for variant in document.get("variants", ()))
    return Kernel(**{**document, "variants": variants})


def scenario(document: Mapping[str, Any]) -> Scenario:
    return Scenario(**{**document, "needs": tuple(document["needs"])})


def machine(document: Mapping[str, Any]) -> Machine:
    return Machine(**{**document, "abilities": tuple(document["abilities"])})


def metric(document: Mapping[str, Any]) -> Metric:
    return Metric(**document)
