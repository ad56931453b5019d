#!/usr/bin/env bash
# Search, batches and data sets: the same bytes for any number of ranks.
. "$(dirname "$0")/common.sh"
awk '!/^[0-9]/ || $1 < 6' "$source_folder/examples/decahedron.gr" > a.gr # a short range is searched sooner
options="--methods library --max-atoms 13 --qmin 0.9 --quiet"
same() { # folders of one search; times, and the numbers that cairo gives its surfaces, differ from call to call
  for file in candidates.csv fit-001.fgr; do cmp "$1/$file" "$2/$file" || fail "$2: other bytes"; done
  diff -r "$1/candidates" "$2/candidates" > /dev/null || fail "$2: other structures"
  diff <(sed '/timing_s/,$d' "$1/result.json") <(sed '/timing_s/,$d' "$2/result.json") || fail "$2: another result"
}

"$program" solve a.gr $options -o alone
code=0
ranks 2 solve a.gr none.gr $options -o batch 2> err || code=$? # files by rank
[ $code = 1 ] && [ "$(grep -c 'none.gr' err)" = 1 ] || fail "the missing file is not named once"
[ "$(wc -l < batch/summary.csv)" = 3 ] || fail "not one line for each file"
same alone batch/a
ranks 2 solve a.gr $options -o shared # both search for one file
same alone shared

"$program" dataset -o alone.h5 --quiet
ranks 2 dataset -o two.h5 --quiet
cmp alone.h5 two.h5 || fail "data sets differ"

code=0
ranks 2 build icosahedron --shells 2 -o x.xyz 2> err || code=$?
[ $code = 2 ] && grep -q 'without mpirun' err || fail "commands that do not share their work say so"
