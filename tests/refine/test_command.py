#!/usr/bin/env python3
"""deepstruc refine from outside: what was simulated comes back, and bad input is one line and exit 1."""
import json, os, pathlib, subprocess, sys, tempfile

program = os.path.abspath(sys.argv[1])
failed = 0


def check(ok, what):
    global failed
    failed += not ok
    print(("ok    " if ok else "FAIL  ") + what)


def run(*args):
    return subprocess.run([program, *map(str, args)], capture_output=True, text=True, timeout=60)


def refuses(what, code, *args):
    done = run("refine", *args)
    lines = done.stderr.splitlines()
    check(done.returncode == code and len(lines) == 1 and not done.stdout, f"{what}: exit {code}, one line: {lines}")


with tempfile.TemporaryDirectory() as folder:
    here = pathlib.Path(folder)
    truth, other, data, out = here / "truth.xyz", here / "other.xyz", here / "data.gr", here / "out"
    run("build", "decahedron", "--pqr", "4,2,0", "--element", "Au", "--bond-length", "2.80", "-o", truth)
    run("build", "icosahedron", "--shells", "3", "--element", "Au", "--bond-length", "2.80", "-o", other)
    run("simulate", truth, "--qmin", 1, "--qmax", 24, "--qdamp", 0.03, "--biso", 0.5, "-o", data)
    done = run("refine", data, other, truth, "--qmin", 1, "--qmax", 24, "--qdamp", 0.03, "-o", out)
    check(done.returncode == 0 and not done.stderr, f"refine runs: {done.stderr}")
    result = json.loads((out / "result.json").read_text())
    first, second = result["candidates"]
    # Fit and simulation cut Q at different multiples of their own steps, 0.1 1/Å: up to 2 % of G.
    check(first["n_atoms"] == 85 and first["rw"] < 0.03, f"the simulated structure is first: Rw {first['rw']:.4f}")
    check(abs(first["expansion"] - 1) < 5e-4 and abs(first["biso"] - 0.5) < 0.02, "its parameters come back")
    check(second["n_atoms"] == 55 and second["group"] == 2, "the other is in the next group")
    check((out / first["xyz"]).exists() and (out / "fit-001.fgr").exists(), "refined structure and fit are written")
    check("decahedron 4,2,0" in done.stdout and "±" in done.stdout, "the table names it, with standard deviations")
    again = run("refine", data, other, truth, "-o", out)
    check(again.returncode == 1, "an existing folder is kept")

    more = here / "more"
    run("simulate", truth, "--qmin", 1, "--qmax", 24, "--qdamp", 0.05, "--biso", 0.8, "--delta2", 3, "--rmax", 100, "-o", here / "long.gr")
    done = run("refine", here / "long.gr", truth, "--qmin", 1, "--qmax", 24, "--refine", "qdamp,delta2", "-o", more)
    check(done.returncode == 0 and "delta2" in done.stdout, f"more terms: {done.stderr}")
    result = json.loads((more / "result.json").read_text())
    terms = result["candidates"][0]["terms"]
    for name, value, off in ("qdamp", 0.05, 0.002), ("delta2", 3, 0.02):
        term = terms[name]
        check(abs(term["value"] - value) < off and term["refined"] and term["esd"] > 0, f"{name} comes back: {term}")
    check(result["settings"]["refine"] == "qdamp,delta2", "the settings say which terms")
    head = (more / "fit-001.fgr").read_text().split("##### start data")[0]
    comment = (more / result["candidates"][0]["xyz"]).read_text().splitlines()[1]
    check("qdamp=0.05" in head and "delta2=" in comment, "the fit's files hold the terms")
    check("delta2" in (more / "report.html").read_text(), "and so does the page")
    refuses("an unknown term", 1, data, truth, "--refine", "delta3")
    refuses("axial without an axis", 1, data, other, "--refine", "axial")

    lone, empty = here / "lone.xyz", here / "empty.gr"
    lone.write_text("1\n\nAu 0 0 0\n")
    empty.write_text("")
    refuses("one atom", 1, data, lone)
    refuses("no such structure", 1, data, here / "none.xyz")
    refuses("no such data", 1, here / "none.gr", truth)
    refuses("empty data", 1, empty, truth)
    refuses("a range without data", 1, data, truth, "--fit-rmin", 40, "--fit-rmax", 50)
    refuses("an unknown element", 1, data, truth, "--element", "Qq")
    refuses("a wrong number", 2, data, truth, "--qdamp", "x")
    refuses("no structure", 2, data)
sys.exit(failed > 0)
