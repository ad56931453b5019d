#!/usr/bin/env bash
# The Debian package and the tarball, made of this build, work from where they are unpacked, in an empty environment.
set -euo pipefail
build=$(dirname "$1")
if [ -n "${DEEPSTRUC_SANITIZE:-}" ]; then
  echo "skipped: a sanitized build is not for packages"
  exit 77
fi
if ! command -v dpkg-shlibdeps >/dev/null || ! command -v file >/dev/null; then
  echo "skipped: no dpkg-shlibdeps or no file (apt install dpkg-dev file)"
  exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
BUILD=$build OUT=$work tools/package.sh >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
deb=$(echo "$work"/deepstruc_*.deb)
mkdir "$work/deb" "$work/tarball"
dpkg-deb -x "$deb" "$work/deb"
tar -xzf "$work"/deepstruc-*.tar.gz -C "$work/tarball" --strip-components 1
for wanted in python3-numpy libhdf5 libcairo2 libc6; do
  dpkg-deb -f "$deb" Depends | grep -q "$wanted" || { echo "the package does not depend on $wanted"; exit 1; }
done

# From elsewhere, with nothing in the environment that could lead back to the build.
cd "$work"
for prefix in "$work/deb/usr" "$work/tarball"; do
  cp "$prefix/share/doc/deepstruc/examples/decahedron.gr" .
  clean() { env -i PATH=/usr/bin:/bin HOME="$work" PYTHONDONTWRITEBYTECODE=1 "$@"; }
  clean "$prefix/bin/deepstruc" solve decahedron.gr --methods library --catalogue paper --max-atoms 60 --fit-rmax 6 --force -o answer >said
  grep -q '^Results: answer/' said && [ -s answer/report.html ]
  clean "$prefix/bin/deepstruc" latent decahedron.gr --force -o map.svg >said
  grep -q decahedron said || { cat said; exit 1; }
  [ -s "$prefix/share/man/man1/deepstruc.1" ] && [ -s "$prefix/share/bash-completion/completions/deepstruc" ]
  if /usr/bin/python3 -c 'import numpy' 2>/dev/null; then
    clean PYTHONPATH="$prefix/lib/python3/dist-packages" /usr/bin/python3 -c '
import deepstruc
assert deepstruc.__file__.startswith("'"$prefix"'"), deepstruc.__file__
print(deepstruc.refine("decahedron.gr", deepstruc.build("decahedron", pqr=(3, 2, 1), element="Pt", bond_length=2.76))[0].rw)'
  fi
done

# The tarball brings every library but the C library's own.
if env -i ldd tarball/bin/deepstruc | grep '=>' | grep -v "=> $work/tarball/" | grep -vE 'lib(c|m|dl|rt|pthread|resolv|mvec)\.so'; then
  echo "the libraries above come from the system"
  exit 1
fi
