#!/bin/sh
# `pip install .` without network makes a package that works on its own: library and model are inside of it.
set -eu
python=/usr/bin/python3
if ! "$python" -c 'import numpy, setuptools, wheel, pip' 2>/dev/null; then
  echo "skipped: $python has no numpy, pip, setuptools or wheel"
  exit 77
fi
if [ -n "${DEEPSTRUC_SANITIZE:-}" ]; then
  echo "skipped: a sanitized library is not for packages"
  exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/source"
cp -r pyproject.toml setup.py README.md python models "$work/source" # pip leaves its traces there
cp examples/decahedron.gr "$work"
DEEPSTRUC_BUILD=$(dirname "$1") "$python" -m pip install -q --no-index --no-deps --no-build-isolation --root-user-action=ignore \
  --target "$work/site" "$work/source"
cd "$work"
PYTHONPATH=$work/site "$python" -c '
import deepstruc
assert deepstruc.__file__.startswith("'"$work"'/site"), deepstruc.__file__
print(deepstruc.__version__, deepstruc.latent("decahedron.gr").readings[0].type)
' | grep '^0\.1\.0 decahedron$'
