#!/usr/bin/env python3
"""deepstruc calibrate from outside: measured nickel into an instrument file that other commands take."""
import json, os, pathlib, subprocess, sys, tempfile

program = os.path.abspath(sys.argv[1])
nickel = pathlib.Path(__file__).resolve().parents[2].parent / "shared/data/experimental/Ni.gr"
if not nickel.exists():
    print("skipped: no ../shared/data")
    sys.exit(77)
failed = 0


def check(ok, what):
    global failed
    failed += not ok
    print(("ok    " if ok else "FAIL  ") + what)


def run(*args):
    return subprocess.run([program, *map(str, args)], capture_output=True, text=True, timeout=60)


with tempfile.TemporaryDirectory() as folder:
    file = pathlib.Path(folder) / "beamline.json"
    done = run("calibrate", nickel, "--fit-rmax", 25, "-o", file)
    check(done.returncode == 0 and "qbroad" in done.stdout and not done.stderr, f"calibrate runs: {done.stderr}")
    found = json.loads(file.read_text())
    check(abs(found["qdamp"] - 0.045) < 0.002 and found["qdamp-esd"] > 0 and found["standard"] == "Ni", f"{found}")
    check(b"<svg" in file.with_suffix(".svg").read_bytes(), "the fit is drawn")
    before = file.read_bytes()
    for what, path in ("instrument file", file), ("plot", file.with_suffix(".svg")):
        done = run("calibrate", nickel, "-o", file)
        lines = done.stderr.splitlines()
        check(done.returncode == 1 and len(lines) == 1 and path.name in lines[0], f"an existing {what} is kept: {lines}")
        file.unlink(missing_ok=True)
    check(not file.exists(), "and nothing is written beside it")
    file.write_bytes(before)
    settings = json.loads(run("refine", "x.gr", "x.xyz", "--instrument", file, "--print-settings").stdout)
    check(settings["qdamp"] == found["qdamp"] and settings["qdamp-esd"] == found["qdamp-esd"], "refine takes it")
    done = run("calibrate", nickel, "--standard", "Xx", "-o", file, "--force")
    check(done.returncode == 1 and "LaB6" in done.stderr and file.read_bytes() == before, "an unknown standard")
sys.exit(failed > 0)
