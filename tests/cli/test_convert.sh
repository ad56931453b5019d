#!/usr/bin/env bash
# Files of the field's other programs to ours and back.
set -euo pipefail
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shared=$(cd .. && pwd)/shared
cd "$work"
fails() { # words... : the program fails with one line holding $wanted
  ! "$program" "$@" >out 2>error && [ "$(wc -l <error)" = 1 ] && grep -q "$wanted" error || { cat error; echo "wanted: $wanted"; exit 1; }
}

# A structure around the formats and back: the same PDF, but for the digits written (6 of a box of 67 Å).
mkdir structures
"$program" build icosahedron --shells 2 -o structures/a.xyz
"$program" build octahedron --length 3 --element Pt -o structures/b.xyz
"$program" convert structures/a.xyz -o a.stru --stru-biso 0.5
"$program" convert a.stru -o a.cif
"$program" convert a.cif -o back.xyz
"$program" simulate structures/a.xyz --rmax 8 -o one.gr
"$program" simulate back.xyz --rmax 8 -o two.gr
"$program" simulate a.stru --rmax 8 -o three.gr
for other in two three; do
  paste one.gr $other.gr | awk '$1 + 0 > 0 && NF == 4 { n++; d = $2 - $4; if (d > 2e-4 || d < -2e-4) bad++ } END { exit !(n > 700 && !bad) }'
done

# A fit of PDFgui's gives the measured curve: columns 2 and 5 together.
printf '##### PDFgui fit\nstype=X\nqmax=20.0\nqdamp=0.04\n##### start data\n#L r(A) G(r) d_r d_Gr Gdiff\n' >fit.fgr
awk 'BEGIN { for (i = 0; i < 300; i++) { r = 1.5 + 0.05 * i; g = sin(3 * r) / r; printf "%.4f %.6f 0 0 %.6f\n", r, 0.75 * g, 0.25 * g } }' >>fit.fgr
"$program" convert fit.fgr -o measured.gr --quiet
grep -q 'qmax = 20' measured.gr && grep -q 'qdamp = 0.04' measured.gr
awk '/^[0-9]/ { n++; d = $2 - sin(3 * $1) / $1; if (d > 1e-4 || d < -1e-4) bad++ } END { exit !(n == 300 && !bad) }' measured.gr

# Structures to a training set, and out again as files.
"$program" convert structures -o set.h5 --rmax 10 | grep '2 structures .*13 to 19 atoms, PDFs of 1000 points'
"$program" convert structures/a.xyz structures/b.xyz -o two.h5 --rmax 10 --quiet
"$program" convert set.h5 -o files --quiet
[ "$(ls files | wc -l)" = 4 ]
[ "$("$program" convert files -o again.h5 --rmax 10 | cut -d: -f2)" = "$("$program" info set.h5 | sed -n 's/.*data set//p' | cut -d: -f2)" ]

# The original's graph files, one and a folder of them.
if [ -d "$shared/data/simulated" ]; then
  "$program" convert "$shared/data/simulated" -o graphs.h5 | grep '6 structures'
  "$program" convert "$shared"/data/simulated/graph_Ico*.h5 -o graph --quiet
  grep -c '^V ' graph/*.xyz | grep '^55$'
else
  echo "no published graph files at ../shared: that part is left out"
fi

wanted="no model 'nomodel'" fails solve one.gr -m nomodel
wanted="wants -o OUTPUT" fails convert a.stru
wanted="exists already" fails convert a.stru -o a.cif
wanted="exists already" fails convert set.h5 -o files
wanted="cannot make a.gr of a.stru" fails convert a.stru -o a.gr
wanted="several inputs" fails convert a.stru a.cif -o b.xyz
wanted="one.gr: is a PDF, by its name; a structure" fails simulate one.gr -o s.gr
wanted="a.cif: is a structure, by its name; a PDF" fails refine a.cif a.stru
wanted="set.h5: is a data set, by its name; a PDF" fails solve set.h5
cp a.cif p.ddp
wanted="p.ddp: is a project of PDFgui's (deepstruc convert opens it); a PDF" fails info p.ddp
wanted="unknown command 'solv', perhaps solve; see" fails solv one.gr
wanted="unknown command 'dance'; see" fails dance
wanted="unknown option '--stru-bios=1', perhaps --stru-biso; see" fails convert a.xyz --stru-bios=1
wanted="unknown option '--nothing'; see" fails convert a.xyz --nothing
mkdir empty
wanted="empty: is a folder without" fails convert empty -o e.h5
sed 's/^AU/QQ/' a.stru >bad.stru
wanted="bad.stru:10: 'QQ' is no element" fails convert bad.stru -o q.xyz
[ ! -e q.xyz ] && [ -z "$(ls -d ./*.tmp-* 2>/dev/null)" ]
