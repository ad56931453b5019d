#!/usr/bin/env python3
"""Runs every command of the documentation, page by page, in an empty folder with the example beside it.

A block is left out where a comment above it says why: <!-- not run: why -->; and where ASE is not installed, one below
<!-- wants ASE -->. The searches are made quick: the program
that the pages find is a wrapper that has `solve` look at the published shapes of up to 30 atoms and fit to 5 Å: what it finds is
not the point here.
"""
import os, pathlib, re, shutil, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(sys.argv[1]).resolve()
PAGES = ["start.md", "moving.md"] + [f"howto/{path.name}" for path in sorted((ROOT / "docs/howto").glob("*.md"))]
QUICK = "--methods library --catalogue paper --max-atoms 30 --fit-rmax 5"
PYTHON = "/usr/bin/python3"


def blocks(page):
    """(language, text) of each block that is to be run."""
    text = (ROOT / "docs" / page).read_text()
    for comment, language, body in re.findall(r"(<!-- (?:not run: [^>]*|wants ASE )-->\n)?^```(sh|python)\n(.*?)^```", text, re.S | re.M):
        if not comment or ("wants ASE" in comment and have("ase")):
            yield language, body


def have(module):
    return subprocess.run([PYTHON, "-c", f"import {module}"], capture_output=True).returncode == 0


def make_wrapper(folder):
    wrapper = folder / "deepstruc"
    wrapper.write_text(f'#!/bin/sh\n[ "$1" = solve ] && shift && exec {PROGRAM} solve {QUICK} "$@"\nexec {PROGRAM} "$@"\n')
    wrapper.chmod(0o755)


def run_page(page, have_numpy):
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        (work / "bin").mkdir()
        make_wrapper(work / "bin")
        shutil.copy(ROOT / "examples/decahedron.gr", work)
        environment = dict(os.environ, PATH=f"{work}/bin:{os.environ['PATH']}", PYTHONPATH=str(ROOT / "python"),
                           DEEPSTRUC_LIBRARY=str(PROGRAM.parent / "libdeepstruc.so"), PYTHONDONTWRITEBYTECODE="1")  # fmt: skip
        shell = "".join(body for language, body in blocks(page) if language == "sh")
        script = "".join(body for language, body in blocks(page) if language == "python")
        script = script.replace(".solve(", ".solve(progress=False, methods='library', catalogue='paper', max_atoms=30, fit_rmax=5, data=")
        runs = [(["bash", "-euo", "pipefail", "-c", shell], shell)]
        if have_numpy:
            runs.append(([PYTHON, "-c", script], script))
        n = 0
        for command, text in runs:
            if not text:
                continue
            done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True)
            if done.returncode:
                print(f"{page}: a command fails\n{text}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
                return None
            n += len(text.splitlines())
        return n


def main():
    sanitized = bool(os.environ.get("DEEPSTRUC_SANITIZE"))  # the interpreter cannot load a sanitized library
    have_numpy = not sanitized and have("numpy")
    if not have_numpy:
        print("Python blocks are left out: a sanitized build, or no numpy")
    counts = {page: run_page(page, have_numpy) for page in PAGES}
    print(", ".join(f"{page}: {n} lines" for page, n in counts.items()))
    return int(None in counts.values() or sum(counts.values()) < 20)


if __name__ == "__main__":
    sys.exit(main())
