#!/usr/bin/env bash
# deepstruc build and dataset from outside: every form of the contract, exit codes, one line on stderr.
set -u
program=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failures=0
check() { # check NAME WANTED GOT
    [ "$2" = "$3" ] || { echo "FAIL $1: wanted '$2', got '$3'"; failures=$((failures + 1)); }
}
atoms() { "$program" build "$@" 2>&1 | head -1; }

check sc 7 "$(atoms sc --layers 1,1,1)"
check bcc 9 "$(atoms bcc --layers 1,1,3)"
check fcc 171 "$(atoms fcc --layers 3,6,7 --element Pt)"
check hcp 128 "$(atoms hcp --size 4,4,4)"
check icosahedron 147 "$(atoms icosahedron --shells 4)"
check decahedron 105 "$(atoms decahedron --pqr 5,1,0)"
check octahedron 146 "$(atoms octahedron --length 6)"
check truncated 140 "$(atoms octahedron --length 6 --cut 1)"
check layers 120 "$(atoms layers ABCABA --size 4,5)"

"$program" build fcc --layers 2,2,2 --bond-length 2.88 -o "$dir/a.xyz"
check "xyz written" "0 19" "$? $(head -1 "$dir/a.xyz")"
"$program" build fcc --layers 2,2,2 -o "$dir/a.xyz" 2>"$dir/err"
check "an existing file is kept" "1 1" "$? $(wc -l <"$dir/err")"
"$program" build fcc --layers 2,2,2 -o "$dir/a.cif" && "$program" build fcc --layers 2,2,2 -o "$dir/a.stru"
check cif 19 "$(grep -c '^Au[0-9]* Au ' "$dir/a.cif")"
check stru 19 "$(grep -c '^AU ' "$dir/a.stru")"
for wrong in "fcc" "fcc --layers 1,2" "fcc --layers 0,1,2" "cube --layers 1,1,1" "layers ABBA --size 2,2" "layers" "fcc hcp" \
    "octahedron --length 4 --cut 2" "fcc --layers 2,2,2 --element Qq" "fcc --layers 2,2,2 --bond-length -1"; do
    "$program" build $wrong >"$dir/out" 2>"$dir/err"
    check "build $wrong" "2 1 0" "$? $(wc -l <"$dir/err") $(wc -l <"$dir/out")"
done

check structures 3743 "$("$program" dataset --protocol paper --list | sort -u | wc -l)"
check "metals that name them" 19 "$("$program" dataset --list | cut -f4 | sort -u | wc -l)"
"$program" dataset --list --protocol nonsense 2>/dev/null
check "an unknown protocol" 2 $?
exit $((failures > 0))
