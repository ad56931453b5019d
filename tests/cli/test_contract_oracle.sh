#!/bin/sh
# `simulate --compat diffpy` as the contract checks it, and its manners: names, refusals, standard streams.
set -eu
program=$1
here=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

printf '2\n\nAu 0 0 0\nAu 0 0 2.88\n' > pair.xyz
"$program" simulate pair.xyz --rmax 5 --rstep 0.1
test "$(grep -c '^[0-9]' pair.gr)" = 50
"$program" simulate pair.xyz --rmax 5 --rstep 0.1 # its own file may be written again
echo "0 1" > measured.gr
if "$program" simulate pair.xyz -o measured.gr 2> error; then echo "a foreign file was replaced" >&2; exit 1; fi
test "$(wc -l < error)" = 1
"$program" simulate - --rmax 5 --rstep 0.1 < pair.xyz > piped.gr
cmp pair.gr piped.gr
status=0; "$program" simulate pair.xyz --compat other 2> error || status=$?; test $status = 2
status=0; "$program" simulate none.xyz 2> error || status=$?; test $status = 1
test "$(wc -l < error)" = 1

checks=$here/../shared/check/contract.py
if [ ! -e "$checks" ]; then echo "skipped: no reference data in ../shared"; exit 77; fi
python3 "$checks" "$program" oracle
