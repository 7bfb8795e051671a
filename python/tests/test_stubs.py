# SPDX-License-Identifier: Apache-2.0
"""The stub of the compiled module and the module itself say the same."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

from aios_bench import _core

STUB = ast.parse((Path(__file__).parent.parent / "aios_bench" / "_core.pyi").read_text())


def public(names: Any) -> set[str]:
    return {name for name in names if not name.startswith("_") or name == "__init__"}


def stub_members(body: list[ast.stmt]) -> dict[str, ast.stmt]:
    out: dict[str, ast.stmt] = {}
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            out[node.name] = node
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            out[node.target.id] = node
    return out


def arguments_of(function: Any) -> list[list[str]]:
    """Of each overload, from the signature that pybind11 writes into the docstring."""
    signatures = [line for line in (function.__doc__ or "").splitlines() if re.match(r"^(\d+\. )?\w+\(.*\) -> ", line)]
    out = []
    for line in signatures:
        if line.startswith(("1. ", "2. ")) or len(signatures) == 1:
            inside = re.sub(r"\[[^][]*\]", "", re.sub(r"\[[^][]*\]", "", line[line.index("(") + 1 : line.rindex(") ->")]))
            out.append([part.split(":")[0].strip() for part in inside.split(",") if part.strip()])
    return out


def stub_arguments(node: ast.FunctionDef) -> list[str]:
    return [argument.arg for argument in node.args.args]


def check_function(where: str, nodes: list[ast.FunctionDef], function: Any) -> None:
    ours = sorted(stub_arguments(node) for node in nodes)
    theirs = sorted(arguments_of(function))
    assert ours == theirs, where


def functions_named(body: list[ast.stmt], name: str) -> list[ast.FunctionDef]:
    return [node for node in body if isinstance(node, ast.FunctionDef) and node.name == name]


def test_the_same_names() -> None:
    assert public(stub_members(STUB.body)) == public(vars(_core))


def test_the_same_functions() -> None:
    for name, node in stub_members(STUB.body).items():
        if isinstance(node, ast.FunctionDef):
            check_function(name, functions_named(STUB.body, name), getattr(_core, name))


def test_the_same_classes() -> None:
    for name, node in stub_members(STUB.body).items():
        if not isinstance(node, ast.ClassDef):
            continue
        made = getattr(_core, name)
        members = stub_members(node.body)
        # A class without a constructor of its own has one that refuses.
        theirs = public(vars(made)) - ({"__init__"} - set(members))
        assert public(members) == theirs, name
        for member, written in members.items():
            real = inspect.getattr_static(made, member)
            is_method = isinstance(written, ast.FunctionDef) and not any(
                isinstance(mark, ast.Name) and mark.id == "property" for mark in written.decorator_list
            )
            assert is_method == (not isinstance(real, property)), f"{name}.{member}"
            if is_method:
                check_function(f"{name}.{member}", functions_named(node.body, member), getattr(made, member))
