#!/usr/bin/env python3
"""Is the answer the same for a file whole, cut to 12 Å, thinned to its Nyquist grid, without its header, and with qmin off by
0.3? Solves every variant of every file and prints the tables of docs/validation.md.

usage: tools/validate.py PROGRAM FILE.gr... [-- OPTIONS OF solve]
"""
import json, math, os, re, subprocess, sys, tempfile


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


def main():
    arguments = sys.argv[1:]
    options = arguments[arguments.index("--") + 1:] if "--" in arguments else []
    program, *files = arguments[:arguments.index("--")] if "--" in arguments else arguments
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


if __name__ == "__main__":
    main()
