#!/usr/bin/env bash
# Installs what is needed (Debian 12), builds, and runs the whole test suite: once as released, once under ASan and UBSan.
set -euo pipefail
cd "$(dirname "$0")"
tools/install.sh --tests
for preset in release asan; do
  echo "== $preset"
  cmake --preset "$preset" >/dev/null
  cmake --build --preset "$preset" --parallel "$(nproc)"
  ctest --preset "$preset" --parallel "$(nproc)"
done
