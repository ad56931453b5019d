#!/usr/bin/env python3
"""The shared library shows the names of the public headers, every one of them and no other."""
import pathlib, re, subprocess, sys

root = pathlib.Path(__file__).resolve().parents[2]
library = pathlib.Path(sys.argv[1]).parent / "libdeepstruc.so"

headers = "\n".join(path.read_text() for path in sorted((root / "include").rglob("*.h")))
headers = re.sub(r"/\*.*?\*/", "", headers, flags=re.S)
declared = set(re.findall(r"\b(deepstruc_\w+)\(", headers)) | set(re.findall(r"\b(deepstruc_\w+)\[\];", headers))

table = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
rows = [line.split() for line in table.splitlines()]
exported = {name.split("@@")[0] for _, kind, name in rows if kind != "A"}
unversioned = {name for _, kind, name in rows if kind != "A" and "@@DEEPSTRUC_0" not in name}
soname = re.search(r"SONAME.*\[(.*)\]", subprocess.run(["readelf", "-d", library], capture_output=True, text=True).stdout)

bad = [f"{name}: shown, and in no public header" for name in sorted(exported - declared)]
bad += [f"{name}: in a public header, and not shown" for name in sorted(declared - exported)]
bad += [f"{name}: has no version" for name in sorted(unversioned)]
if not soname or soname[1] != "libdeepstruc.so.0":
    bad.append(f"soname is {soname and soname[1]}, not libdeepstruc.so.0")
print("\n".join(bad) or f"{len(exported)} names, all public")
sys.exit(bool(bad))
