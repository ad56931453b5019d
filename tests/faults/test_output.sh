#!/usr/bin/env bash
# Folders that cannot be written, two programs on one output, a full disk under a whole job: one line and exit code 1,
# or a whole result; nothing half-written, nothing temporary left.
set -euo pipefail
program=$(realpath "$1")
work=$(mktemp -d)
trap 'umount "$work/small" 2>/dev/null || true; rm -rf "$work"' EXIT
chmod 755 "$work"
cp examples/decahedron.gr "$work/a.gr"
cd "$work"
fail() { echo "$1"; cat err 2>/dev/null; exit 1; }
one_line() { # CODE WHAT: the last command's exit code, and what was refused
  [ "$1" = 1 ] || fail "$2: exit code $1"
  [ "$(wc -l < err)" = 1 ] || fail "$2: not one line"
}
search="solve a.gr --methods library --catalogue paper --max-atoms 13 --qmin 0.9 --fit-rmax 6 --threads 1 --quiet"

# A folder that may be read only, as a user who is not root. (Others may not reach the program where it lies.)
user=()
[ "$(id -u)" != 0 ] || user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
mkdir closed
"$program" build icosahedron --shells 2 -o closed/x.xyz --quiet
"$program" simulate closed/x.xyz -o closed/x.gr --quiet
chmod 555 closed
for job in "build icosahedron --shells 2 -o closed/y.xyz" "simulate closed/x.xyz -o closed/y.gr" \
  "build icosahedron --shells 3 -o closed/x.xyz --force"; do
  "${user[@]}" test -x "$program" 2> /dev/null || { echo "not tried: others cannot reach the program"; break; }
  before=$(cd closed && cat ./* | cksum) code=0
  "${user[@]}" "$program" $job 2> err || code=$?
  one_line $code "read-only folder: $job"
  [ "$before $(ls closed)" = "$(cd closed && cat ./* | cksum) $(printf 'x.gr\nx.xyz')" ] || fail "$job: changed the folder"
done
chmod 755 closed

# Two programs on one output: the result is one of theirs.
$program $search -o r --force 2> err1 & one=$!
$program $search -o r --force 2> err2 & two=$!
a=0 b=0
wait $one || a=$?
wait $two || b=$?
[ $((a + b)) -le 1 ] || fail "both of two searches failed: $(cat err1 err2)"
"$program" cite r > /dev/null && [ -s r/candidates.csv ] && [ -s r/report.html ] || fail "the result is not whole"
[ -z "$(find . -name '*.tmp-*')" ] || fail "left: $(find . -name '*.tmp-*')"

# A full disk under a whole search and under a data set: nothing but the line.
mkdir small
if mount -t tmpfs -o size=64k tmpfs small 2> /dev/null; then
  for job in "$search -o small/r" "dataset -o small/d.h5 --quiet"; do
    code=0
    "$program" $job 2> err || code=$?
    one_line $code "full disk: $job"
    [ -z "$(ls small)" ] || fail "left on the full disk: $(ls small)"
  done
else
  echo "not tried here: a small disk may not be mounted"
fi
