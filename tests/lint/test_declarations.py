#!/usr/bin/env python3
"""The C declarations that the Python package calls by are those of the public headers, word for word."""
import pathlib, re, sys

root = pathlib.Path(__file__).resolve().parents[2]


def plain(text):
    return re.sub(r"\s+", " ", text).strip()


headers = " ".join(path.read_text() for path in sorted((root / "include").rglob("*.h")))
headers = plain(re.sub(r"/\*.*?\*/", "", headers, flags=re.S))
source = (root / "python/deepstruc/_library.py").read_text()
declarations = [plain(d) + ";" for d in re.search(r'DECLARATIONS = """(.*?)"""', source, re.S)[1].split(";") if d.strip()]
bad = [d for d in declarations if d not in headers]
for declaration in bad:
    print(f"not in the public headers any more: {declaration}")
if bad:
    print("bring DECLARATIONS in python/deepstruc/_library.py up to date, and the calls of what changed")
else:
    print(f"{len(declarations)} declarations, as in the headers")
sys.exit(bool(bad))
