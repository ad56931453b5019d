#!/usr/bin/env bash
# Installs the Debian packages that deepstruc builds with; with --tests also those of the test suite. Quick when all are there.
set -euo pipefail
build="gcc cmake ninja-build pkg-config libjansson-dev libcminpack-dev libcairo2-dev libpango1.0-dev libhdf5-dev libdnnl-dev
  libopenblas-dev fonts-dejavu-core"
tests="libcmocka-dev python3"
packages=$build
[ "${1:-}" = --tests ] && packages="$build $tests"
missing=$(dpkg-query -W -f '${Status} ${Package}\n' $packages 2>/dev/null | awk '$3 == "installed" {print $4}' |
  sort | comm -13 - <(printf '%s\n' $packages | sort))
[ -z "$missing" ] && exit 0
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
echo "installing:" $missing
$sudo env DEBIAN_FRONTEND=noninteractive sh -c "apt-get update -q && apt-get install -yq --no-install-recommends $(echo $missing)" \
  >/tmp/deepstruc-install.log 2>&1 || { tail -5 /tmp/deepstruc-install.log >&2; exit 1; }
