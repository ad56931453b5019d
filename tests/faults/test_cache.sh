#!/usr/bin/env bash
# The cached catalogue of solve --catalogue full: kept, used, made again when damaged, and never in the way.
set -euo pipefail
program=$(realpath "$1")
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
awk '!/^[0-9]/ || $1 < 6' examples/decahedron.gr > "$work/short.gr" # a short range is searched sooner
cd "$work"
export XDG_CACHE_HOME=$work/cache
cached=cache/deepstruc/catalogue-5-13
solve() {
  "$program" solve short.gr --catalogue full --max-atoms 13 --methods library --qmin 0.9 --threads 1 --quiet -o "$1"
}
fail() { echo "$1"; exit 1; }
same() { cmp "$1/candidates.csv" first/candidates.csv || fail "$1: not the candidates of the first search"; }

solve first
[ -s $cached ] || fail "no catalogue in the cache: $(find cache)"
[ "$(stat -c %a cache/deepstruc)" = 700 ] || fail "others may write into the cache"
stamp=$(stat -c %i $cached)
solve again && same again
[ "$(stat -c %i $cached)" = "$stamp" ] || fail "the catalogue was written again"

printf '\377' | dd of=$cached bs=1 seek=500 conv=notrunc status=none
solve damaged && same damaged
[ "$(stat -c %i $cached)" != "$stamp" ] || fail "a damaged catalogue was kept"

rm $cached                                   # two programs build it at once
solve left & solve right & wait
same left && same right
[ "$(ls cache/deepstruc)" = catalogue-5-13 ] || fail "left in the cache: $(ls cache/deepstruc)"

rm -r cache && touch cache                   # no folder can be made there
solve without && same without
[ ! -s cache ] || fail "something was written into a file that was none of ours"
