#!/usr/bin/env bash
# cite names what a result used and nothing else; CITATION.cff names no work that cite does not know.
set -euo pipefail
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$program" cite >"$work/all.txt"
for doi in $(sed -n 's/^ *doi: //p' CITATION.cff); do
  grep -q "doi $doi\$" "$work/all.txt" || { echo "cite does not know $doi of CITATION.cff"; exit 1; }
done
# A work that the theory no longer names is none that it rests on.
sed -n 's/^    X("[^"]*", [A-Z0-9]*, "\([^,]*\),.*/\1/p' src/cli/references.h >"$work/authors"
[ "$(wc -l <"$work/authors")" -ge 10 ]
while read -r author; do
  grep -q "$author" docs/*.md || { echo "$author is cited and not in docs/"; exit 1; }
done <"$work/authors"
cd "$work"
"$program" build icosahedron --shells 2 -o a.xyz
"$program" build icosahedron --shells 3 -o b.xyz
"$program" simulate a.xyz --rmax 9
"$program" refine a.gr a.xyz -o one --quiet
"$program" refine a.gr a.xyz b.xyz -o two --quiet
"$program" cite one >one.txt
"$program" cite two/result.json >two.txt
grep -q '^The deepstruc developers: deepstruc, version ' one.txt
grep -q Mackay one.txt && grep -q Debye one.txt
! grep -q 'Marks\|PDFgetX3\|Honeycutt' one.txt
grep -q Mackay two.txt
"$program" cite --bibtex >all.bib
[ "$(grep -c '^@' all.bib)" = "$(wc -l <all.txt)" ]
[ "$(tr -cd '{' <all.bib | wc -c)" = "$(tr -cd '}' <all.bib | wc -c)" ]
sort <(grep '^@' all.bib) | uniq -d | grep . && exit 1
! "$program" cite absent 2>error
grep -q '^deepstruc: absent: cannot be opened' error
echo '{' >broken.json
! "$program" cite broken.json 2>error
grep -q '^deepstruc: broken.json:[0-9]*: is no result' error
# A result that somebody changed is looked at by key and kind only.
printf '{"candidates": [1, null, {"type": 3, "group": "x", "method": []}], "input": [{}]}' >bent.json
"$program" cite bent.json >bent.txt || { echo "a bent result is not taken"; exit 1; }
printf '{"candidates": ' >cut.json
if "$program" cite cut.json >cut.txt 2>&1 || [ "$(wc -l <cut.txt)" != 1 ]; then echo "a cut result is not refused in one line"; exit 1; fi
