#!/usr/bin/env python3
"""A project as PDFgui saves it becomes files that refine takes, whatever pickle protocol wrote it; nothing in it is run; a
damaged one gets one line. The projects are made here, with classes of the names that PDFgui's have."""
import json, pathlib, pickle, random, struct, subprocess, sys, tempfile, types, zipfile

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
work = pathlib.Path(tempfile.mkdtemp())

for name in ("diffpy", "diffpy.pdfgui", "diffpy.pdfgui.control", "diffpy.pdfgui.control.constraint"):
    control = sys.modules[name] = types.ModuleType(name)


class Constraint:
    def __init__(self, formula):
        self.formula, self.parguess = formula, {1: None}


class Parameter:
    def __init__(self, idx, initial, refined=None, fixed=False):
        self.idx, self.name, self.refined, self.fixed, self.__initial = idx, "", refined, fixed, initial


class Evil:
    def __reduce__(self):
        return (pathlib.Path.touch, (work / "executed",))


for one in Constraint, Parameter:
    one.__module__ = control.__name__
    setattr(control, one.__name__, one)


def run(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], cwd=work, capture_output=True, text=True)


def good(*arguments):
    done = run(*arguments)
    assert done.returncode == 0, (arguments, done.stdout, done.stderr)
    return done.stdout


def refused(words, *arguments):
    done = run(*arguments)
    assert done.returncode in (1, 2) and len(done.stderr.splitlines()) == 1 and words in done.stderr, (words, done)


def members(protocol, phase, data):
    dump = lambda thing: pickle.dumps(thing, protocol)
    fit = "lmo/fit+1%2F2/"
    return {
        "lmo/fits": "fit 1/2", "lmo/journal": "written by hand",
        fit + "parameters": dump({1: Parameter(1, 2.8, 2.77), 2: Parameter(2, "=fit 0:2", fixed=True), 100: Parameter(100, -0.5)}),
        fit + "result": dump((0.125, "text of the fit")),
        fit + "structure/Pt+cluster/initial": phase, fit + "structure/Pt+cluster/refined": phase,
        fit + "structure/Pt+cluster/constraints": dump({"lat(1)": Constraint("@1"), "u11(1)": Constraint("@2 * 3.0")}),
        fit + "structure/Pt+cluster/selected_pairs": "all-all", fit + "structure/Pt+cluster/sgoffset": "0 0 0",
        fit + "structure/LaMnO3/initial": phase.replace("PT ", "LA ", 1),
        fit + "dataset/..%2F..%2Fup/obs": data,
        fit + "dataset/..%2F..%2Fup/calc": dump({
            "rcalc": [0.01 * i for i in range(2000)], "Gcalc": None, "fitrmin": 1.7, "fitrmax": 18.5, "fitrstep": 0.05,
            "initial": {"qdamp": 0.001, "qbroad": 0.0, "dscale": 1.0}, "refined": {"qdamp": 0.045, "dscale": -0.9, "bad": float("nan")}}),
        fit + "calculation/c/config": dump({"rmin": 0.1, "rmax": 10, "qmax": True, "rcalc": []}),
    }  # fmt: skip


def save(path, contents):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in contents.items():
            z.writestr(name, content)


good("build", "octahedron", "--length", "3", "--element", "Pt", "--bond-length", "2.77", "-o", "pt.xyz")
good("convert", "pt.xyz", "-o", "pt.stru")
good("simulate", "pt.xyz", "-o", "pt.gr", "--qmin", "0.9", "--qmax", "22", "--qdamp", "0.04", "--rmax", "19", "--rstep", "0.05")
phase = (work / "pt.stru").read_text()
rows = [line.split() for line in (work / "pt.gr").read_text().splitlines() if line[:1].isdigit()]
data = "History written: today\nproduced by a test\n##### PDFgui\nstype=X  x-ray scattering\nqmax=22.00\nqdamp=0.001\nqbroad=0\ndscale=1\n"
data += "##### start data\n#L r(A) G(r) d_r d_Gr\n" + "".join(f"{r} {g} 0 0\n" for r, g in rows)

for protocol in range(5):
    save(work / "lmo.ddp", members(protocol, phase, data))
    said = good("convert", "lmo.ddp", "-o", f"out{protocol}")
    assert "LaMnO3.xyz: only as .stru: holds La and Pt" in said, said
    out = work / f"out{protocol}"
    files = sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())
    assert files == ["fit-1-2/-.-..-up.gr", "fit-1-2/-.-..-up.json", "fit-1-2/LaMnO3.stru", "fit-1-2/Pt-cluster.refined.stru",
                     "fit-1-2/Pt-cluster.stru", "fit-1-2/Pt-cluster.xyz", "project.json"], files  # fmt: skip
    (fit,) = json.loads((out / "project.json").read_text())["fits"]
    assert fit["name"] == "fit 1/2" and fit["rw"] == 0.125
    assert fit["parameters"] == [{"index": 1, "initial": 2.8, "refined": 2.77, "fixed": False},
                                 {"index": 2, "initial": "=fit 0:2", "fixed": True}, {"index": 100, "initial": -0.5, "fixed": False}]  # fmt: skip
    assert fit["phases"][0]["constraints"] == {"lat(1)": "@1", "u11(1)": "@2 * 3.0"} and fit["phases"][0]["pairs"] == "all-all"
    assert fit["datasets"][0]["refined"] == {"qdamp": 0.045, "dscale": -0.9}, fit["datasets"]
    assert fit["calculations"] == [{"name": "c", "rmin": 0.1, "rmax": 10.0, "qmax": 1.0}], fit["calculations"]
    settings = json.loads((out / "fit-1-2/-.-..-up.json").read_text())
    assert settings == {"fit-rmin": 1.7, "fit-rmax": 18.5, "qmax": 22.0, "qdamp": 0.045}, settings

# What was unpacked is what went in, and refine takes all of it.
assert (work / "out2/fit-1-2/Pt-cluster.stru").read_text() == phase
said = good("refine", "out2/fit-1-2/-.-..-up.gr", "out2/fit-1-2/Pt-cluster.xyz", "--settings", "out2/fit-1-2/-.-..-up.json", "--qdamp", "0.04", "--qmin", "0.9")
assert "r 1.7 to 18.5" in said and "bond length         2.770" in said, said  # simulated with 2.77
assert "qdamp = 0.001" not in (work / "out2/fit-1-2/-.-..-up.gr").read_text()  # PDFgui's for "nobody knows"

# numpy's numbers, as numpy pickles them, without numpy.
scalar = b"\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00}\x8c\x07fitrmincnumpy.core.multiarray\nscalar\n\x8c\x02f8C\x08" + struct.pack("<d", 2.5) + b"\x86Rs."
contents = members(2, phase, data)
contents["lmo/fit+1%2F2/dataset/..%2F..%2Fup/calc"] = scalar
save(work / "numpy.ddp", contents)
good("convert", "numpy.ddp", "-o", "numpy")
assert json.loads((work / "numpy/fit-1-2/-.-..-up.json").read_text())["fit-rmin"] == 2.5

# Classes as Python 2 pickled its own, in text and in bytes.
old = {"text": b"(dp1\nS'lat(1)'\np2\n(ipdfgui.control.constraint\nConstraint\np3\n(dp4\nS'formula'\np5\nS'@1'\np6\nsS'x'\nL5L\nsbs.",
       "bytes": b"\x80\x02}q\x01U\x06lat(1)q\x02(cpdfgui.control.constraint\nConstraint\nq\x03oq\x04}q\x05U\x07formulaq\x06U\x02@1q\x07sbs."}  # fmt: skip
for name, constraints in old.items():
    save(work / f"{name}.ddp", {**contents, "lmo/fit+1%2F2/structure/Pt+cluster/constraints": constraints})
    good("convert", f"{name}.ddp", "-o", name)
    assert json.loads((work / name / "project.json").read_text())["fits"][0]["phases"][0]["constraints"] == {"lat(1)": "@1"}, name

# Names that become one file's or folder's are told apart, however long; what belongs together stays together.
letters = "%C3%85" * 60  # sixty times Å: longer quoted than many fixed sizes
fits = ["a", "a-2", "A", "a%2F", "project.json", letters + "1", letters + "2"]
phases = ["b", "b-2", "b%20", "B+", "b.refined", letters + "1", letters + "2"]
save(work / "names.ddp", {f"n/{fit}/structure/{one}/{part}": phase for fit in fits for one in phases for part in ("initial", "refined")})
good("convert", "names.ddp", "-o", "names")
project = json.loads((work / "names/project.json").read_text())["fits"]
assert [fit["name"] for fit in project] == ["a", "a-2", "A", "a/", "project.json", "Å" * 60 + "1", "Å" * 60 + "2"], project
folders = [fit["folder"].lower() for fit in project]
assert len({*folders, "project.json"}) == 8, folders
for fit in project:
    assert [one["name"] for one in fit["phases"]] == ["b", "b-2", "b ", "B ", "b.refined", "Å" * 60 + "1", "Å" * 60 + "2"], fit
    files = [one[key].lower() for one in fit["phases"] for key in ("file", "refined", "xyz")]
    assert len(set(files)) == 21 and all((work / "names" / one[key]).read_text() for one in fit["phases"] for key in ("file", "refined", "xyz")), files

# A pickle that would call something calls nothing; one that is none is left out with a note.
contents["lmo/fit+1%2F2/parameters"] = pickle.dumps({1: Evil()})
contents["lmo/fit+1%2F2/result"] = b"no pickle"
save(work / "evil.ddp", contents)
said = good("convert", "evil.ddp", "-o", "evil")
assert "result is left out" in said and not (work / "executed").exists(), said

# Damage: one line each, and no folder left behind. Any cut and any changed byte is either read or refused.
whole = (work / "lmo.ddp").read_bytes()
(work / "cut.ddp").write_bytes(whole[: len(whole) // 2])
(work / "none.ddp").write_bytes(b"")
(work / "text.ddp").write_text("no zip\n")
save(work / "other.ddp", {"a/b": "c"})
refused("cut.ddp: is no whole zip archive", "convert", "cut.ddp", "-o", "x")
refused("none.ddp: is no whole zip archive", "convert", "none.ddp", "-o", "x")
refused("text.ddp: is no whole zip archive", "convert", "text.ddp", "-o", "x")
refused("other.ddp: is an archive without structures or data of PDFgui", "convert", "other.ddp", "-o", "x")
refused("absent.ddp", "convert", "absent.ddp", "-o", "x")
refused("out1: exists already", "convert", "lmo.ddp", "-o", "out1")
refused("-o FOLDER, not x.xyz", "convert", "lmo.ddp", "-o", "x.xyz")
chance = random.Random(1)
for i in range(20):
    changed = bytearray(whole)
    changed[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    (work / "changed.ddp").write_bytes(changed)
    done = run("convert", "changed.ddp", "-o", f"changed{i}")
    assert done.returncode == 0 or (done.returncode == 1 and len(done.stderr.splitlines()) == 1), done
assert not list(work.glob("*.tmp-*"))
print("five protocols, one fit each, alike")
