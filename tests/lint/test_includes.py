#!/usr/bin/env python3
"""Includes point one way: a module may include only itself and modules earlier in the list; the command line and the
server see public headers only, and the command line the server's."""
import pathlib, re, sys

ORDER = "base cluster pdf refine dataset project nn model train propose solve report study binding serve cli".split()
PUBLIC_ONLY = {"serve", "cli"}
root = pathlib.Path(__file__).resolve().parents[2]
bad = []
for path in sorted((root / "src").rglob("*.[ch]")):
    module = path.relative_to(root / "src").parts[0]
    if module not in ORDER:
        bad.append(f"{path}: module '{module}' is not in the list")
        continue
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if not found:
            continue
        target = found[1].split("/")[0]
        if "/" not in found[1] or target not in ORDER:
            bad.append(f"{path}:{number}: include as \"MODULE/file.h\"")
        elif ORDER.index(target) > ORDER.index(module):
            bad.append(f"{path}:{number}: {module} must not include {target}")
        elif module in PUBLIC_ONLY and target not in (module, "serve"):
            bad.append(f"{path}:{number}: {module} sees public headers only")
print("\n".join(bad) or "includes point one way")
sys.exit(bool(bad))
