#!/usr/bin/env bash
# train from outside: stops cleanly on SIGTERM and on its time limit, resumes, refuses with one line.
set -euo pipefail
program=$(realpath "$1")
data=$(realpath ../shared/data/simulated 2>/dev/null) || { echo "skipped: no reference data in ../shared"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"name": "deepstruc-2023", "divisor": 32}' > small.json
train() { "$program" train "$data" -o m.safetensors --arch small.json --batch 2 --quiet "$@"; }
expect() { [ "$1" = "$2" ] || { echo "wanted $2, got $1: $3"; cat err 2>/dev/null; exit 1; }; }

"$program" train "$data" -o m.safetensors --arch small.json --batch 2 --quiet --epochs 100000 2> err &
pid=$!
for _ in $(seq 200); do [ -s m.safetensors.checkpoint ] && break; sleep 0.05; done
kill -TERM $pid
code=0; wait $pid || code=$?
expect $code 0 "exit code after SIGTERM"
[ -s m.safetensors ] && [ -s m.safetensors.checkpoint ] || { echo "no model or checkpoint after SIGTERM"; exit 1; }

train --epochs 100000 --resume --time-limit 0.3
code=0; train --epochs 100000 2> err || code=$?
expect $code 1 "an existing model without --force"
expect "$(wc -l < err)" 1 "lines of the error"
code=0; train --epochs 7 --resume 2> err || code=$?
expect $code 1 "resuming with other settings"
expect "$(wc -l < err)" 1 "lines of the error"
head -c 5000 m.safetensors.checkpoint > cut && mv cut m.safetensors.checkpoint
code=0; train --epochs 100000 --resume 2> err || code=$?
expect $code 1 "a checkpoint cut short"
grep -q "m.safetensors.checkpoint" err
code=0; "$program" train "$data" 2> err || code=$?
expect $code 2 "no output named"
[ -z "$(ls | grep tmp || true)" ] || { echo "left behind: $(ls)"; exit 1; }
