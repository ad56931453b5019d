#!/usr/bin/env bash
# deepstruc-2023 on ranks: one gives the bytes of no ranks at all, two and three follow the same curve; what stops them
# leaves a checkpoint from which any number goes on.
. "$(dirname "$0")/common.sh"
data=$(realpath "$source_folder/../shared/data/simulated" 2>/dev/null) || { echo "skipped: no reference data"; exit 77; }
echo '{"name": "deepstruc-2023", "divisor": 32}' > small.json
options="--arch small.json --batch 6 --epochs 4 --quiet"

env -u OMPI_COMM_WORLD_SIZE "$program" train "$data" -o alone $options
ranks 1 train "$data" -o one $options
cmp alone one || fail "one rank: not the bytes of the serial program"
for n in 2 3; do
  ranks $n train "$data" -o "m$n" $options
  # Sums of float in another order: 1e-6 of a loss, a few times that after 4 epochs of steps.
  paste -d, alone.csv "m$n.csv" | awk -F, 'NR > 1 { for (k = 5; k <= 9; k++) { d = $k - $(k + 12);
    if (d < 0) d = -d; if (d > 1e-4 * $k) { print "column " k ": " $k " " $(k + 12); exit 1 } } }' ||
    fail "$n ranks: another curve"
done
[ "$(wc -l < m2.csv)" = 5 ] || fail "not one line per epoch"

code=0
ranks 2 train "$data" -o one $options 2> err || code=$?
[ $code = 1 ] && [ "$(grep -c 'exists already' err)" = 1 ] || fail "an existing model: one line, from one rank"

# A rank dies in the middle: the job ends, and what it saved goes on with another number of ranks.
long="--arch small.json --batch 6 --epochs 100000 --quiet --checkpoint-every 0"
ranks 2 train "$data" -o killed $long 2> err &
job=$!
for _ in $(seq 200); do [ -s killed.checkpoint ] && break; sleep 0.05; done
kill -9 "$(process_of 1 killed)"
code=0
wait $job || code=$?
[ $code != 0 ] || fail "the job ended well without a rank"
ranks 3 train "$data" -o killed $long --resume --time-limit 0.5 || fail "3 ranks do not go on from 2"
"$program" train "$data" -o killed $long --resume --time-limit 0.2 || fail "one process does not go on from 3 ranks"

# A rank that hangs: the job ends by itself, with one line that names it.
DEEPSTRUC_PATIENCE=2 ranks 2 train "$data" -o hung $long 2> err &
job=$!
for _ in $(seq 200); do [ -s hung.checkpoint ] && break; sleep 0.05; done
kill -STOP "$(process_of 1 hung)"
code=0
wait $job || code=$?
[ $code != 0 ] || fail "the job ended well with a rank that hangs"
grep -q 'rank 1 kept the others waiting' err || fail "the rank that hangs is not named"
"$program" train "$data" -o hung $long --resume --time-limit 0.2 || fail "no whole checkpoint after a rank hung"
