#!/usr/bin/env bash
# Makes the Debian package and the relocatable tarball of this machine's kind into build/packages.
# usage: tools/package.sh [deb|tarball]...     of the release build; BUILD=folder: of that one, as it is
set -euo pipefail
case ${1:-} in -h | --help) sed -n '2,/^set/s/^# //p' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
build=${BUILD:-build/release}
out=${OUT:-$PWD/build/packages}
command -v dpkg-shlibdeps >/dev/null && command -v file >/dev/null ||
  { echo "package: dpkg-shlibdeps or file is missing; apt install dpkg-dev file" >&2; exit 1; }
mkdir -p "$out"
forms=${*:-deb tarball}
if [ -z "${BUILD:-}" ]; then
  cmake --preset release >/dev/null
  cmake --build --preset release --target all
fi
cd "$build"
if [[ " $forms " == *" deb "* ]]; then
  cpack -G DEB -B "$out"
fi
if [[ " $forms " == *" tarball "* ]]; then
  DEEPSTRUC_BUNDLE=1 cpack -G TGZ -D CPACK_PACKAGING_INSTALL_PREFIX=/ -B "$out"
fi
rm -rf "$out/_CPack_Packages"
ls -l "$out"
