#!/bin/sh
# The Python package, by pytest, against the shared library of this build.
python=/usr/bin/python3
if ! "$python" -c 'import numpy, pytest' 2>/dev/null; then
  echo "skipped: $python has no numpy or no pytest (apt install python3-numpy python3-pytest)"
  exit 77
fi
if [ -n "${DEEPSTRUC_SANITIZE:-}" ]; then # the interpreter's own leaks are not ours
  LD_PRELOAD=$(gcc -print-file-name=libasan.so):$(gcc -print-file-name=libubsan.so)
  ASAN_OPTIONS=detect_leaks=0
  export LD_PRELOAD ASAN_OPTIONS
fi
DEEPSTRUC_LIBRARY=$(dirname "$1")/libdeepstruc.so PYTHONPATH=python PYTHONDONTWRITEBYTECODE=1 \
  exec "$python" -m pytest -q -p no:cacheprovider python/tests
