#!/bin/sh
# deepstruc solve with several files: a bad one does not stop the rest, and a second run goes on where the first ended.
set -eu
program=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() { echo "FAIL: $1"; exit 1; }
solve() { "$program" solve --methods library --catalogue paper --max-atoms 60 --top 2 --quiet "$@"; }

"$program" build octahedron --length 4 --cut 1 --element Pt --bond-length 2.77 -o "$dir/a.xyz"
"$program" simulate "$dir/a.xyz" -o "$dir/cold.gr" --qmin 0.9 --qmax 18 --qdamp 0.03 --rmax 12 --rstep 0.05
mkdir "$dir/other"
sed 's/^qmin/temperature = 300\nqmin/' "$dir/cold.gr" >"$dir/other/cold.gr"
sed -i 's/^qmin/temperature = 100\nqmin/' "$dir/cold.gr"
echo "this is no PDF" >"$dir/bad.gr"

code=0
solve "$dir/cold.gr" "$dir/bad.gr" "$dir/other/cold.gr" -o "$dir/out" 2>"$dir/err" || code=$?
[ "$code" = 1 ] || fail "a batch with a bad file: exit $code"
[ "$(grep -vc ' %$' "$dir/err")" = 1 ] || fail "not one line: $(cat "$dir/err")"
grep -q 'bad.gr' "$dir/err" || fail "the bad file is not named"
[ "$(wc -l <"$dir/out/summary.csv")" = 4 ] || fail "no row for every file"
grep -q 'bad.gr",failed' "$dir/out/summary.csv" || fail "no failed row"
[ -f "$dir/out/cold/result.json" ] && [ -f "$dir/out/cold-2/result.json" ] || fail "files of one name share a folder"
grep -q 'Temperature (K)' "$dir/out/overview.html" || fail "no trend over the headers' temperatures"
for link in $(grep -o 'href="[^"]*"' "$dir/out/overview.html" | cut -d'"' -f2); do
    [ -f "$dir/out/$link" ] || fail "broken link $link"
done

code=0
solve "$dir/cold.gr" "$dir/bad.gr" -o "$dir/out" 2>"$dir/err" || code=$?
[ "$code" = 1 ] && grep -q -- '--resume' "$dir/err" || fail "a batch that is there is not refused"

# The first folder is kept as it is, the second was never finished.
echo mark >"$dir/out/cold/mark"
rm -r "$dir/out/cold-2"
cp "$dir/cold.gr" "$dir/bad.gr"
solve "$dir/cold.gr" "$dir/bad.gr" "$dir/other/cold.gr" -o "$dir/out" --resume || fail "--resume: exit $?"
[ -f "$dir/out/cold/mark" ] || fail "a finished file was solved again"
[ -f "$dir/out/cold-2/result.json" ] && [ -f "$dir/out/bad/result.json" ] || fail "--resume left files out"
grep -q failed "$dir/out/summary.csv" && fail "a row of the old summary is left"
echo ok
