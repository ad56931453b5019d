#!/usr/bin/env python3
"""What a user gets wrong: one line that says where and how to mend it, exit code 2 for how the program was called and 1 for what
it was given, and nothing written. A row per refusal: the words that must be there, and the call that meets it."""
import json, os, pathlib, subprocess, sys, tempfile

program = os.path.realpath(sys.argv[1])
CIF = "data_x\n_cell_length_a 4\n_cell_length_b 4\n_cell_length_c 4\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\n"
LOOP = CIF + "loop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n"

FILES = {
    "good.xyz": "2\n\nAu 0 0 0\nAu 2.9 0 0\n",
    "good.gr": "#### start data\n" + "".join(f"{i / 10} {(i % 7) / 7 - 0.4}\n" for i in range(10, 120)),
    "no-atoms.xyz": "3\n", "short.xyz": "3\n\nAu 0 0 0\n", "what.xyz": "1\n\nQq 0 0 0\n", "columns.xyz": "1\nProperties=mass:R:1\nAu 0 0 0\n",
    "row.xyz": "2\n\nAu 0 0 0\nAu\n", "blank.xyz": "2\n\nAu 0 0 0\n        \n", "one.gr": "#### start data\n1\n2\n3\n", "foreign.checkpoint": "no checkpoint",
    "value.cif": CIF + "_cell_length_a", "number.cif": CIF + "_cell_length_a wide\n", "row.cif": LOOP + "Au1 0 0\n", "atom.cif": LOOP + "Au1 0 0 x\n",
    "large.json": " " * (2 << 20), "broken.json": "{", "name.json": json.dumps({"name": "deepstruc-2024"}),
    "size.json": json.dumps({"name": "deepstruc-2023", "latent": -1}), "flag.json": json.dumps({"name": "deepstruc-2023", "published_start": 3}),
    "weight.json": json.dumps({"name": "deepstruc-2023", "prior_weight": -1}), "text.safetensors": "no model", "text.h5": "no data",
    "text.ddp": "no archive",
}  # fmt: skip

USAGE = {
    "wants: deepstruc build TYPE": "build", "hcp wants --size": "build hcp -o x", "icosahedron wants --shells": "build icosahedron -o x",
    "decahedron wants --pqr": "build decahedron -o x", "octahedron wants --length": "build octahedron -o x",
    "layers wants --size": "build layers ABC -o x", "wants --layers": "build fcc -o x", "'Qq' is no element": "build icosahedron --shells 2 --element Qq -o x",
    "say --bond-length": "build icosahedron --shells 2 --element Cl -o x", "--bond-length wants a number": "build icosahedron --shells 2 --bond-length long -o x",
    "wants -o OUTPUT": "convert good.xyz", "several inputs": "convert good.xyz good.xyz -o x.xyz", "simulate makes a PDF": "convert good.xyz -o x.gr",
    "--list or -o": "dataset", "is no form": "options powershell", "--compat knows diffpy": "simulate good.xyz -o x.gr --compat other",
    "wants -o MODEL": "train --arch sites", "perhaps --max-atoms": "solve good.gr --max-atom 9 -o x",
    "unknown option '--zzzzzz'": "solve good.gr --zzzzzz", "--quiet takes no value": "solve good.gr --quiet=1 -o x", "--top wants a value": "solve good.gr --top",
    "--top wants a whole number": "solve good.gr --top 1.5 -o x", "perhaps solve": "sovle good.gr",
}  # fmt: skip

GIVEN = {
    "rmin 30 is not below rmax 3": "simulate good.xyz -o x.gr --rmin 30 --rmax 3", "says 3 atoms": "refine good.gr no-atoms.xyz", "after 1 of 3 atoms": "refine good.gr short.xyz", "'Qq' is no element": "refine good.gr what.xyz",
    "Properties= must name": "refine good.gr columns.xyz", "coordinate x is not a number": "refine good.gr row.xyz", "wanted for atom 2": "refine good.gr blank.xyz", "one number per row": "solve one.gr -o x",
    "a PDF (.gr) is wanted here": "solve good.xyz -o x", "a structure (.xyz, .cif, .stru) is wanted here": "refine good.gr good.gr",
    "has no value; the file is cut off": "convert value.cif -o x.xyz", "_cell_length_a is no number": "convert number.cif -o x.xyz",
    "a row of a loop is cut off": "convert row.cif -o x.xyz", "not three coordinates": "convert atom.cif -o x.xyz",
    "too large|more than the": "solve good.gr --settings large.json -o x", "broken.json": "solve good.gr --settings broken.json -o x",
    "no such model": "solve good.gr --model none.safetensors -o x", "install the models, or name a file": "solve good.gr --model none -o x",
    "text.safetensors": "solve good.gr --model text.safetensors -o x --quiet", "not an HDF5 file": "convert text.h5 -o x", "no whole zip archive": "convert text.ddp -o x",
    "its architecture is 'deepstruc-2024'": "train good.h5 -o x --arch name.json", "make no sense": "train good.h5 -o x --arch size.json",
    "true or false": "train good.h5 -o x --arch flag.json", "prior_weight is a number": "train good.h5 -o x --arch weight.json",
    "without .h5 files": "train empty -o x", "cannot be opened": "solve none.gr -o x", "is a folder; name a file": "solve empty -o x",
    "cannot be written": "build icosahedron --shells 2 -o none/x.xyz", "exists already": "build icosahedron --shells 2 -o good.xyz",
    "foreign.checkpoint": "train good.h5 -o foreign --resume",
    "port 1 cannot be had": "serve --port 1 --data data" if os.geteuid() != 0 else None,
}  # fmt: skip


def check(words, call, code):
    before = sorted(os.listdir())
    done = subprocess.run([program, *call.split()], capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    lines = done.stderr.splitlines()
    wrong = done.returncode != code or len(lines) != 1 or not any(word in lines[0] for word in words.split("|"))
    if wrong or sorted(os.listdir()) != before:
        return f"{call}: exit code {done.returncode}, {lines}, wanted {code} and '{words}'; files {set(os.listdir()) - set(before)}"


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    os.mkdir("empty")
    for name, text in FILES.items():
        pathlib.Path(name).write_text(text)
    subprocess.run([program, "convert", "good.xyz", "-o", "good.h5", "--quiet"], check=True)
    problems = [check(words, call, code) for code, rows in ((2, USAGE), (1, GIVEN)) for words, call in rows.items() if call]
    problems = [problem for problem in problems if problem]
    print(f"{len(USAGE) + len(GIVEN)} refusals")
    sys.exit("\n".join(problems) if problems else 0)
