#!/usr/bin/env python3
"""The command-line contract: runs ../shared/check/contract.py on the program, where that folder is there."""
import os, pathlib, subprocess, sys

SECTIONS = ["help", "dataset", "oracle", "solve", "measured", "bad"]
if os.environ.get("DEEPSTRUC_SANITIZE"):  # ten times slower: what reads files, and no search
    SECTIONS = ["help", "dataset", "bad"]
script = pathlib.Path(__file__).resolve().parents[2].parent / "shared/check/contract.py"
if not script.exists():
    print("skipped: no ../shared/check/contract.py")
    sys.exit(77)
sys.exit(subprocess.run([sys.executable, str(script), sys.argv[1], *SECTIONS]).returncode)
