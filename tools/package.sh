#!/usr/bin/env bash
# Makes the Debian package and the relocatable tarball of this machine's kind into build/packages.
# usage: tools/package.sh [deb|tarball]...
set -euo pipefail
cd "$(dirname "$0")/.."
out=$PWD/build/packages
mkdir -p "$out"
forms=${*:-deb tarball}
if [[ " $forms " == *" deb "* ]]; then
  cmake --preset release >/dev/null
  cmake --build --preset release --target all
  (cd build/release && cpack -G DEB -B "$out")
fi
if [[ " $forms " == *" tarball "* ]]; then
  cmake -S . -B build/portable -G Ninja -DCMAKE_BUILD_TYPE=Release -DDEEPSTRUC_PORTABLE=ON >/dev/null
  cmake --build build/portable --target deepstruc_program deepstruc_shared manual
  (cd build/portable && cpack -G TGZ -B "$out")
fi
rm -rf "$out/_CPack_Packages"
ls -l "$out"
