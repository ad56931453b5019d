"""`pip install .` builds the C library with CMake (tools/install.sh installs what that needs) and packs it and the models
into the wheel, which then works on its own. DEEPSTRUC_BUILD names a CMake build folder to take the library from instead."""

import os
import pathlib
import shutil
import subprocess

from setuptools import setup
from setuptools.command.build_py import build_py
from wheel.bdist_wheel import bdist_wheel

ROOT = pathlib.Path(__file__).resolve().parent


class BuildWithLibrary(build_py):
    def run(self):
        super().run()
        folder = os.environ.get("DEEPSTRUC_BUILD") or self.build_library()
        package = pathlib.Path(self.build_lib) / "deepstruc"
        shutil.copy(pathlib.Path(folder) / "libdeepstruc.so.0", package)
        shutil.copytree(ROOT / "models", package / "models", ignore=shutil.ignore_patterns("*.csv"), dirs_exist_ok=True)

    def build_library(self):
        folder = str(ROOT / "build/wheel")
        subprocess.run(["cmake", "-S", str(ROOT), "-B", folder, "-DCMAKE_BUILD_TYPE=Release"], check=True)
        jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL", str(os.cpu_count()))
        subprocess.run(["cmake", "--build", folder, "--target", "deepstruc_shared", "--parallel", jobs], check=True)
        return folder


class WheelOfOneSystem(bdist_wheel):
    """Any Python 3, one kind of machine: the library is C, and Python reaches it by ctypes."""

    def finalize_options(self):
        super().finalize_options()
        self.root_is_pure = False

    def get_tag(self):
        return "py3", "none", super().get_tag()[2]


setup(cmdclass={"build_py": BuildWithLibrary, "bdist_wheel": WheelOfOneSystem})
