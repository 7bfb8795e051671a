# SPDX-License-Identifier: Apache-2.0
"""A kernel that builds in a second, with a git history of known costs: what a history looks like, really measured."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]


class TinyHistory:
    def __init__(self, folder: Path) -> None:
        self.repository, self.data = folder / "source", folder / "data"
        shutil.copytree(SOURCE / "harness/cli/testing/tiny_kernel", self.repository)
        shutil.copy(SOURCE / "harness/guest/mark.h", self.repository / "mark.h")
        for part in ("first", "second", "third"):
            self.cost(part, 20)
        (self.data / "kernels/tiny").mkdir(parents=True)
        (self.data / "scenarios").symlink_to(SOURCE / "scenarios")
        (self.data / "kernels/tiny/kernel.toml").write_text(
            f'name = "tiny"\n[source]\nkind = "git"\nlocation = "{self.repository}"\n[build]\nbuilder = "make"\n'
            'image = "kernel.elf"\n[boot]\nlinux = false\nframes = true\n'
        )
        self._git("init", "--quiet", "--initial-branch=main")

    def cost(self, part: str, instructions: int) -> None:
        """So many instructions in one part of the measured path."""
        (self.repository / f"{part}.inc").write_text(f".rept {instructions}\n        nop\n.endr\n")

    def commit(self, title: str) -> str:
        self._git("add", "--all")
        self._git("commit", "--quiet", "--allow-empty", "-m", title)
        return self._git("rev-parse", "HEAD")[:10]

    def _git(self, *words: str) -> str:
        call = ["git", "-C", str(self.repository), "-c", "user.name=t", "-c", "user.email=t@example.org", *words]
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"}
        return subprocess.run(call, env=environment, check=True, capture_output=True, text=True).stdout.strip()


def measured_history(folder: Path, costs: list[int]) -> None:
    """A run of each commit, in the store that $AIOS_BENCH_HOME names; $AIOS_BENCH_DATA has to name ``folder/data``."""
    import aios_bench

    tiny = TinyHistory(folder)
    for number, instructions in enumerate(costs):
        tiny.cost("second", instructions)
        commit = tiny.commit(f"change {number}")
        aios_bench.run(f"tiny@{commit}", scenario="syscall", label=f"change-{number}", check=True)
