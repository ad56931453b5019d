#!/usr/bin/env bash
# Installs what is needed (Debian 12), builds deepstruc, and solves FILE.gr (without one: an example simulated by us, with noise).
# usage: ./quickstart.sh [FILE.gr]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
if [ "${1:-}" = "-h" ] || [ "${1:-}" = "--help" ]; then
  sed -n '2,3s/^# //p' "$0"
  exit 0
fi
input=${1:-$here/examples/decahedron.gr}
if [ ! -r "$input" ]; then
  echo "quickstart: cannot read $input" >&2
  exit 1
fi
"$here/tools/install.sh"
echo "building ..."
(cd "$here" && cmake --preset release && cmake --build --preset release --parallel "$(nproc)" --target deepstruc_program) >"$here/build-quickstart.log" 2>&1 ||
  { tail -20 "$here/build-quickstart.log" >&2; exit 1; }
left_out=$(sed -n '/the tests are left out/d; s/^-- \(.*\(left out\|cannot open\).*\)/note: \1/p' "$here/build-quickstart.log")
rm -f "$here/build-quickstart.log"
stem=$(basename "${input%.gr}")
"$here/build/release/deepstruc" solve "$input" --force -o "deepstruc-$stem"
echo "The program is $here/build/release/deepstruc (--help lists its commands); \`deepstruc serve\` is the same as a page."
[ -z "$left_out" ] || echo "$left_out"
