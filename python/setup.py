# SPDX-License-Identifier: Apache-2.0
"""Builds the package by the CMake project that it stands in, and puts the module, and everything that a run needs
(kernels, scenarios, guest programs, the counting plugin), into it.

AIOS_BENCH_BUILD=build/release takes a build folder that is there already; without it one is made beside setuptools's
own files.
"""

import os
import re
import subprocess
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

SOURCE = Path(__file__).resolve().parent.parent
SCRATCH = SOURCE / "build" / "pip"  # nothing is written beside the sources


class CMakeBuild(build_ext):
    def build_extension(self, ext: Extension) -> None:
        package = Path(self.get_ext_fullpath(ext.name)).resolve().parent
        given = os.environ.get("AIOS_BENCH_BUILD")
        build = Path(given).resolve() if given else Path(self.build_temp).resolve() / "release"
        if not given:
            subprocess.run(["cmake", "-S", SOURCE, "-B", build, "-G", "Ninja", "-Wno-dev", "-DCMAKE_BUILD_TYPE=Release",
                            "-DCMAKE_CXX_FLAGS_RELEASE=-O2", "-DAIOS_UNITY=10", "-DAIOS_PYTHON=ON"], check=True)  # fmt: skip
            subprocess.run(["cmake", "--build", build, "--target", "aios_python", "guest_programs"], check=True)
        subprocess.run(["cmake", "--install", build, "--component", "python", "--prefix", package.parent], check=True)


def version() -> str:
    project = (SOURCE / "CMakeLists.txt").read_text()
    return re.search(r"project\(aios_bench VERSION ([0-9.]+)", project).group(1)


SCRATCH.mkdir(parents=True, exist_ok=True)
setup(
    version=version(),
    ext_modules=[Extension("aios_bench._core", [])],
    cmdclass={"build_ext": CMakeBuild},
    options={"build": {"build_base": str(SCRATCH)}, "egg_info": {"egg_base": str(SCRATCH)}},
)
