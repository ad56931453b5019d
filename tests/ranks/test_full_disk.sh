#!/usr/bin/env bash
# A disk that fills under a job of two ranks: one line, exit code 1, and what was there before stays whole. Skipped where
# no small disk may be mounted.
. "$(dirname "$0")/common.sh"
trap 'umount "$work/small" 2>/dev/null || true; rm -rf "$work"' EXIT
mkdir small
mount -t tmpfs -o size=3m tmpfs small 2> /dev/null || { echo "skipped: a small disk may not be mounted"; exit 77; }
one_line() { # CODE WHAT: the job's exit code, and what it did
  [ "$1" = 1 ] || fail "$2: exit code $1"
  [ "$(wc -l < err)" = 1 ] && grep -qE 'No space left|disk full' err || fail "$2: not one line that says so"
}

# Training: model and checkpoint take 2.2 MB; the next checkpoint would stand beside the old one.
options="train -o small/m --arch sites --batch 48 --latent 3 --trunk 16 --decoder 16 --last 8 --max-atoms 40 --quiet"
ranks 2 $options --steps 2
before=$(cat small/* | cksum) code=0
ranks 2 $options --steps 3 --resume 2> err || code=$?
one_line $code training
[ "$before $(ls small | tr '\n' ' ')" = "$(cat small/* | cksum) m m.checkpoint " ] || fail "the full disk changed: $(ls -l small)"
mount -o remount,size=9m small
ranks 3 $options --steps 3 --resume || fail "3 ranks do not go on from the checkpoint on the disk that was full"

# Data sets and results: nothing is left of them.
rm small/*
mount -o remount,size=64k small
awk '!/^[0-9]/ || $1 < 6' "$source_folder/examples/decahedron.gr" > a.gr
for job in "dataset -o small/d.h5" "solve a.gr --methods library --catalogue paper --max-atoms 13 --qmin 0.9 -o small/r"; do
  code=0
  ranks 2 $job --quiet 2> err || code=$?
  one_line $code "$job"
  [ -z "$(ls small)" ] || fail "$job left $(ls small)"
done
