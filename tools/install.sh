#!/usr/bin/env bash
# Installs the Debian packages that deepstruc builds with; with --tests also those of the test suite. Quick when all are there.
set -euo pipefail
case ${1:-} in -h | --help) sed -n '2,/^set/s/^# //p' "$0" && exit ;; esac
packages="gcc libc6-dev cmake ninja-build pkg-config libjansson-dev libcminpack-dev libcairo2-dev libpango1.0-dev libpng-dev libhdf5-dev libdnnl-dev
  libopenblas-dev libxgboost0 fonts-dejavu-core"
packages="$packages libmicrohttpd-dev libsqlite3-dev libarchive-dev" # the command serve
command -v npm >/dev/null || packages="$packages nodejs npm" # its page; a Node.js from elsewhere will do
[ "${1:-}" = --tests ] && packages="$packages libcmocka-dev libopenmpi-dev openmpi-bin python3 python3-numpy python3-pytest chromium dpkg-dev file"
missing=
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
log=$(mktemp)
echo "installing:$missing"
$sudo apt-get update -q >"$log" 2>&1 &&
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends $missing >>"$log" 2>&1 ||
  { tail -5 "$log" >&2; echo "install: apt-get failed; the whole output is in $log" >&2; exit 1; }
rm -f "$log"
