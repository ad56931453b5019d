#!/usr/bin/env python3
"""Settings and instrument files: printed settings are read back, options win, what is wrong is one line."""
import json, os, pathlib, subprocess, sys, tempfile

program = os.path.abspath(sys.argv[1])
failed = 0


def check(ok, what):
    global failed
    failed += not ok
    print(("ok    " if ok else "FAIL  ") + what)


def run(*args):
    return subprocess.run([program, *map(str, args)], capture_output=True, text=True, timeout=60)


with tempfile.TemporaryDirectory() as folder:
    here = pathlib.Path(folder)
    file, instrument = here / "settings.json", here / "instrument.json"
    for command in ("solve", "x.gr"), ("refine", "x.gr", "x.xyz"), ("simulate", "x.xyz"):
        printed = run(*command, "--print-settings", "--seed", 7)
        file.write_text(printed.stdout)
        again = run(*command, "--settings", file, "--print-settings")
        check(again.returncode == 0 and again.stdout == printed.stdout, f"{command[0]}: what is printed is read back")
        check(json.loads(again.stdout)["seed"] == 7, f"{command[0]}: the seed with it")
    instrument.write_text('{"qdamp": 0.04, "qdamp-esd": 0.002, "qbroad": 0.01, "standard": "Ni"}')
    file.write_text('{"qdamp": 0.05, "fit-rmax": 15, "refine": "delta2"}')
    refine = "refine", "x.gr", "x.xyz", "--print-settings"
    one = json.loads(run(*refine, "--settings", file).stdout)
    check(one["qdamp"] == 0.05 and one["fit-rmax"] == 15 and one["refine"] == "delta2", "a file sets what it names")
    two = json.loads(run(*refine, "--settings", file, "--instrument", instrument).stdout)
    check((two["qdamp"], two["qdamp-esd"], two["qbroad"]) == (0.04, 0.002, 0.01), "an instrument sets qdamp and qbroad")
    three = json.loads(run(*refine, "--settings", file, f"--instrument={instrument}", "--qdamp", 0.06).stdout)
    check(three["qdamp"] == 0.06 and three["qbroad"] == 0.01, "options win")
    for text, says in (("", "JSON"), ("[1]", "object"), ('{"qdampp": 1}', "qdampp"), ('{"qdamp": 1}', "0 to 0.5"),
                       ('{"refine": 3}', "text"), ('{"qdamp": 0.03, "qdamp": 0.04}', "JSON"), ('{"seed": 0.5}', "whole")):
        file.write_text(text)
        done = run(*refine, "--settings", file)
        lines = done.stderr.splitlines()
        check(done.returncode == 1 and len(lines) == 1 and says in lines[0] and not done.stdout, f"{text}: {lines}")
    file.write_text('{"qbroad": 0.01}')
    check(run(*refine, "--instrument", file).returncode == 1, "an instrument file without qdamp is refused")
    check(run(*refine, "--settings", here / "none.json").returncode == 1, "no such file")
sys.exit(failed > 0)
