#!/usr/bin/env python3
"""docs/openapi.json and docs/api.md list the addresses of the server's table, every one and no other."""
import json, pathlib, re, sys

root = pathlib.Path(__file__).resolve().parents[2]
table = (root / "src/serve/routes.c").read_text()
served = {(method, pattern) for method, pattern in re.findall(r'\{"([A-Z]+)", "(/api[^"]*)"', table)}
listed = {(method.upper(), path.replace("{id}", "#").replace("{name}", "*"))
          for path, item in json.loads((root / "docs/openapi.json").read_text())["paths"].items() for method in item if method != "parameters"}
told = {(method, re.sub(r"/N(?=/|$)", "/#", re.sub(r"\?.*", "", path)).replace("NAME", "*").replace("RANK.xyz", "*"))
        for method, path in re.findall(r"^\| `([A-Z]+) (\S+)`", (root / "docs/api.md").read_text(), re.M)}
bad = [f"{' '.join(each)}: served, and not in {name}" for name, there in (("openapi.json", listed), ("api.md", told)) for each in sorted(served - there)]
bad += [f"{' '.join(each)}: in {name}, and not served" for name, there in (("openapi.json", listed), ("api.md", told)) for each in sorted(there - served)]
print("\n".join(bad) or f"{len(served)} addresses, all described")
sys.exit(bool(bad))
