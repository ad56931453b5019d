#!/bin/sh
# deepstruc info: one readable page on each kind of file, one line on what is none.
set -eu
program=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() { echo "FAIL: $1"; exit 1; }
holds() { grep -q -- "$2" "$1" || { cat "$1"; fail "no '$2' in the page"; }; }

"$program" build octahedron --length 5 --cut 1 --element Pt --bond-length 2.77 -o "$dir/a.xyz"
"$program" simulate "$dir/a.xyz" -o "$dir/a.gr" --qmin 0.9 --qmax 22 --qdamp 0.03
"$program" info "$dir/a.gr" >"$dir/page"
holds "$dir/page" '^points  *3000, r = 0 to 29.99 A$'
holds "$dir/page" '^qmin  *0.9 1/A in the header; 0.[89].* clear$'
holds "$dir/page" '^qmax  *22 1/A in the header; 2[12].* clear$'
sed '/^qmin/d; s/^composition.*/composition = Pt Cl2/; s/^rmax.*/rmax = 6/' "$dir/a.gr" >"$dir/b.gr"
"$program" info - <"$dir/b.gr" >"$dir/page"
holds "$dir/page" '(Pt 1, Cl 2)'
holds "$dir/page" '^note  *qmin=0.*: from the data; not in the header$'
holds "$dir/page" '^note  *rmax=29.99: from the data; the header says 6$'
"$program" info "$dir/a.xyz" >"$dir/page"
holds "$dir/page" '^atoms  *79 Pt$'
holds "$dir/page" '^bond length 2.7700 A'
"$program" convert "$dir/a.xyz" -o "$dir/a.cif"
"$program" info "$dir/a.cif" >"$dir/page"
holds "$dir/page" '^atoms  *79 Pt$'

# What a file says of itself reaches no terminal as a control character.
escape=$(printf '\033[31m')
sed "s/^composition.*/composition = Pt$escape/" "$dir/a.gr" >"$dir/escape.gr"
printf '2\nname="a%s" shape="b%s"\nAu 0 0 0\nAu 2.8 0 0\n' "$escape" "$escape" >"$dir/escape.xyz"
header='{"__metadata__":{"a\u001b[31m":"b\u001b[31m\u0007"}}'
length=$(printf '\\%03o\\0\\0\\0\\0\\0\\0\\0' ${#header})
{ printf "$length"; printf '%s' "$header"; } >"$dir/escape.safetensors"
for file in escape.gr escape.xyz escape.safetensors; do
    "$program" info "$dir/$file" >"$dir/page"
    holds "$dir/page" '^[a-z ]*[ab] *\[31m\|Pt \[31m'
    ! LC_ALL=C grep -q '[[:cntrl:]]' "$dir/page" || { cat -v "$dir/page"; fail "a control character of $file in the page"; }
done

for bad in missing.gr missing.xyz missing.h5 missing.safetensors empty.gr empty.safetensors; do
    case $bad in empty*) : >"$dir/$bad" ;; esac
    code=0
    "$program" info "$dir/$bad" >"$dir/out" 2>"$dir/err" || code=$?
    [ "$code" = 1 ] || fail "$bad: exit $code"
    [ "$(wc -l <"$dir/err")" = 1 ] && holds "$dir/err" "$bad"
    [ ! -s "$dir/out" ] || fail "$bad: something on stdout"
done
echo ok
