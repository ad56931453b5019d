#!/usr/bin/env python3
"""Fills the tables of docs/validation.md, or prints one of them for other files.

usage: tools/validate.py --all [--only SECTION]... [BUILD [DATA]]    every section of docs/validation.md, or those named
       tools/validate.py PROGRAM FILE.gr... [-- OPTIONS OF solve]    is the answer the same for a file changed?

BUILD is build/release, with bench_verdicts and bench_groups built too; DATA is ../shared/data. A section stands between
"<!-- NAME -->" and "<!-- end -->". The same answer is asked for a file whole, cut to 12 Å, thinned to its Nyquist grid,
without its header, and with the header's qmin off by 0.3.
"""
import contextlib, glob, io, json, math, os, pathlib, re, subprocess, sys, tempfile

if {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

ROOT = pathlib.Path(__file__).resolve().parents[1]
def read(path):
    """Header lines and rows of numbers; a header that speaks of numbers is kept as it is."""
    header, rows = [], []
    for line in open(path, errors="replace"):
        try:
            row = [float(word) for word in line.split()]
        except ValueError:
            row = []
        if len(row) >= 2 and not line.lstrip().startswith("#"):
            rows.append(row[:2])
        else:
            header.append(line)
            rows.clear()  # numbers above this line were the header's
    return header, rows


def thinned(rows, qmax):
    """Every k-th point, as coarse as pi/qmax allows."""
    step = (rows[-1][0] - rows[0][0]) / (len(rows) - 1)
    k = max(1, int(math.pi / qmax / step))
    return rows[::k]


def with_qmin(header, qmin):
    kept = [line for line in header if not re.match(r"\s*#?\s*qmin\s*=", line)]
    at = 1 if kept and kept[0].lstrip().startswith("[") else 0
    return kept[:at] + [f"qmin = {qmin:g}\n"] + kept[at:]


def variants(path, whole):
    header, rows = read(path)
    qmin, qmax = whole["input"]["qmin"], whole["input"]["qmax"]
    yield "whole", header, rows
    yield "to 12 Å", header, [row for row in rows if row[0] <= 12]
    yield "Nyquist grid", header, thinned(rows, qmax)
    yield "no header", [], rows
    if any(re.match(r"\s*#?\s*qmin\s*=", line) for line in header):
        yield "qmin + 0.3", with_qmin(header, qmin + 0.3), rows
        yield "qmin − 0.3", with_qmin(header, qmin - 0.3), rows


def solve(program, path, folder, options):
    done = subprocess.run([program, "solve", path, "-o", folder, "--quiet", "--force", "--top", "1", *options],
                          capture_output=True, text=True)
    if done.returncode:
        return {"error": done.stderr.strip().splitlines()[-1]}
    return json.load(open(os.path.join(folder, "result.json")))


def describe(result):
    if "error" in result:
        return f"failed: {result['error']}"
    verdict, best, size = result["verdict"], result["candidates"][0], result["size"]["diameter"]
    families = ", ".join(f"{f['family']} {100 * f['probability']:.0f}" for f in result["families"] if f["probability"] >= 0.02)
    return (f"{verdict['kind']} | {verdict['type']} {verdict['n_atoms']} | {best['rw']:.3f} | {best['bond_length']:.3f} | "
            f"{size['low']:.1f}–{size['high']:.1f} | {families} | {result['input']['qmin']:.2f}")


def agrees(result, whole):
    """Same kind of verdict; for clusters, the bond length within 1 %, intervals of the diameter that overlap or are within 0.1 Å, and the
    whole file's most probable family not ruled out (2 %)."""
    if "error" in result or result["verdict"]["kind"] != whole["verdict"]["kind"]:
        return False
    if whole["verdict"]["kind"] != "cluster":
        return True
    a, b = result["size"]["diameter"], whole["size"]["diameter"]
    family = whole["families"][0]["family"]
    return (abs(result["candidates"][0]["bond_length"] / whole["candidates"][0]["bond_length"] - 1) < 0.01
            and a["low"] <= b["high"] + 0.1 and b["low"] <= a["high"] + 0.1
            and any(f["family"] == family and f["probability"] >= 0.02 for f in result["families"]))


def print_same(program, files, options):
    same = tried = 0
    print("| file | variant | verdict | best | Rw | bond (Å) | diameter (Å) | families (%) | qmin used | same |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for path in files:
            name = os.path.basename(path)
            whole = solve(program, path, os.path.join(folder, "whole"), options)
            if "error" in whole:
                print(f"| {name} | whole | {describe(whole)} |", flush=True)
                continue
            for variant, header, rows in variants(path, whole):
                if variant == "whole":
                    print(f"| {name} | whole | {describe(whole)} | |", flush=True)
                    continue
                changed = os.path.join(folder, "changed.gr")
                with open(changed, "w") as out:
                    out.writelines(header)
                    out.writelines(f"{r:.6g} {g:.8g}\n" for r, g in rows)
                result = solve(program, changed, os.path.join(folder, "changed"), options)
                agreed = agrees(result, whole)
                same, tried = same + agreed, tried + 1
                print(f"| | {variant} | {describe(result)} | {'yes' if agreed else '**no**'} |", flush=True)
    print(f"\n{same} of {tried} variants give the whole file's answer.")


def print_measured(program, files):
    """Verdict, families, and what group 1 comes to."""
    print("| file | verdict | diameter (Å) | families (%) | group 1: candidates, kinds, of the families | why |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for path in files:
            result = solve(program, path, os.path.join(folder, "out"), [])
            size, group = result["size"]["diameter"], result["groups"][0]
            families = ", ".join(f"{f['family']} {100 * f['probability']:.0f}" for f in result["families"] if f["probability"] >= 0.005)
            kinds = sorted({kind["family"] for kind in group["kinds"]} - {"unknown"})
            print(f"| {os.path.basename(path)} | {result['verdict']['kind']} | {size['low']:.1f}–{size['high']:.1f} | {families} | "
                  f"{group['n_candidates']} of {result['n_candidates']}, {len(group['kinds'])}, {', '.join(kinds)} | "
                  f"{result['verdict']['why']} |", flush=True)


def print_contained(program, files):
    """The best Rw of solve beside that of the catalogues it contains."""
    print("| file | published shapes | rich shapes (library) | all methods | best by | never worse |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for path in files:
            runs = [solve(program, path, os.path.join(folder, "out"), options)
                    for options in (["--methods", "library", "--catalogue", "paper"], ["--methods", "library"], [])]
            rw = [run["candidates"][0]["rw"] for run in runs]
            print(f"| {os.path.basename(path)} | {rw[0]:.4f} | {rw[1]:.4f} | {rw[2]:.4f} | {runs[2]['candidates'][0]['method']} | "
                  f"{'yes' if rw[2] <= min(rw) + 1e-6 else '**no**'} |", flush=True)


def print_verdicts(build):
    out = subprocess.run([f"{build}/bench/bench_verdicts", "1", "5", "models"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    print("".join(line + "\n" for line in out.splitlines() if line.startswith("|")), end="")


def print_groups(build):
    out = subprocess.run([f"{build}/bench/bench_groups", "40", "200"], capture_output=True, text=True, check=True).stdout
    print(out.strip().splitlines()[-1])


def fill(only, build, data):
    page = ROOT / "docs/validation.md"
    program = f"{build}/deepstruc"
    measured, made = (sorted(glob.glob(f"{data}/{kind}/*.gr")) for kind in ("experimental", "simulated"))
    sections = {
        "verdicts": lambda: print_verdicts(build),
        "groups": lambda: print_groups(build),
        "measured": lambda: print_measured(program, measured),
        "contained": lambda: print_contained(program, measured + made),
        "same": lambda: print_same(program, measured, ["--methods", "library"]),
        "same-simulated": lambda: print_same(program, made, ["--methods", "library", "--catalogue", "paper"]),
    }
    for name in only or sections:
        table = io.StringIO()
        with contextlib.redirect_stdout(table):
            sections[name]()
        text, n = re.subn(rf"(<!-- {name} -->\n).*?(<!-- end -->)", lambda m: m[1] + "\n" + table.getvalue() + "\n" + m[2],
                          page.read_text(), flags=re.S)
        if n != 1:
            sys.exit(f"{page}: wants one section {name}")
        page.write_text(text)


def main():
    arguments = sys.argv[1:]
    if arguments[:1] == ["--all"]:
        only = []
        while "--only" in arguments:
            at = arguments.index("--only")
            only.append(arguments[at + 1])
            del arguments[at:at + 2]
        build, data = (arguments[1:] + ["build/release", "../shared/data"][len(arguments) - 1:])[:2]
        return fill(only, os.path.abspath(build), os.path.abspath(data))
    options = arguments[arguments.index("--") + 1:] if "--" in arguments else []
    program, *files = arguments[:arguments.index("--")] if "--" in arguments else arguments
    print_same(program, files, options)


if __name__ == "__main__":
    main()
