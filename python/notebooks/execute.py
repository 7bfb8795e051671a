#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Executes a notebook from its top, in a fresh interpreter, and keeps what it drew:

    python/notebooks/execute.py NOTEBOOK.ipynb [--out EXECUTED.ipynb] [--pictures FOLDER]

The store is the usual one ($AIOS_BENCH_HOME). Needs python3-nbclient and python3-ipykernel.
"""

from __future__ import annotations

import argparse
import base64
import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def execute(path: Path, *, after: str = "", timeout: int = 600) -> nbformat.NotebookNode:
    """The executed notebook; ``after`` is code run behind the last cell, and not kept."""
    book = nbformat.read(path, as_version=4)
    whole = len(book.cells)
    # What makes this interpreter run under sanitizers is not for the programs that the harness starts.
    before = "import os; os.environ.pop('LD_PRELOAD', None)\nimport matplotlib; matplotlib.rcParams['figure.dpi'] = 110"
    book.cells.insert(0, nbformat.v4.new_code_cell(before + "\n%matplotlib inline"))
    if after:
        book.cells.append(nbformat.v4.new_code_cell(after))
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # nobody debugs here, and it would say so
    NotebookClient(book, timeout=timeout, kernel_name="python3").execute()
    book.cells = book.cells[1 : whole + 1]
    return book


def outputs(book: nbformat.NotebookNode, kind: str) -> list[str]:
    """Everything of one kind that was shown: "image/png", "text/html", ..."""
    return [
        output["data"][kind]
        for cell in book.cells
        for output in cell.get("outputs", ())
        if kind in output.get("data", {})
    ]


def pictures(book: nbformat.NotebookNode) -> list[bytes]:
    return [base64.b64decode(picture) for picture in outputs(book, "image/png")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--out", type=Path, help="the executed notebook")
    parser.add_argument("--pictures", type=Path, help="the charts as NOTEBOOK-1.png, ...")
    arguments = parser.parse_args()
    book = execute(arguments.notebook)
    if arguments.out:
        nbformat.write(book, arguments.out)
    if arguments.pictures:
        arguments.pictures.mkdir(parents=True, exist_ok=True)
        for number, picture in enumerate(pictures(book), start=1):
            (arguments.pictures / f"{arguments.notebook.stem}-{number}.png").write_bytes(picture)


if __name__ == "__main__":
    main()
