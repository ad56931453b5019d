#!/bin/sh
# --threads holds for commands with a setting for it and without: OpenMP itself tells how large each team is that it makes.
set -eu
program=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() { echo "FAIL: $1"; exit 1; }
teams() { OMP_DISPLAY_AFFINITY=true OMP_AFFINITY_FORMAT='team of %N' "$program" "$@" --quiet --force 2>&1 | grep -a 'team of' | sort -u; }

"$program" build octahedron --length 4 --cut 1 --element Pt --bond-length 2.77 -o "$dir/a.xyz"
"$program" simulate "$dir/a.xyz" -o "$dir/a.gr" --qmin 0.9 --qmax 18 --qdamp 0.03 --rmax 20

each() {
  teams latent "$dir/a.gr" -o "$dir/latent" --threads "$1"
  teams evaluate --protocol paper --methods default-model --limit 2 --json "$dir/scores.json" --threads "$1"
  teams solve "$dir/a.gr" --methods generate --samples 64 -o "$dir/solve" --threads "$1"
}
each 1 >"$dir/one"
each 3 >"$dir/three"
! grep -v 'team of 1$' "$dir/one" || fail "one thread was asked for"
[ "$(grep -c 'team of 3$' "$dir/three")" -ge 3 ] || fail "three threads were asked for: $(cat "$dir/three")"
