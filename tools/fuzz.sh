#!/usr/bin/env bash
# tools/fuzz.sh CPU_MINUTES NAME...   runs fuzzers one after the other, each for so much processor time, in idle cycles.
# What they find new stays in build/fuzz/found/NAME/; a crash is named and ends its run. CONTRIBUTING.md says how to build.
set -euo pipefail
case ${1:-} in -h | --help) sed -n '2,/^set/s/^# //p' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
[ $# -ge 2 ] || { echo "usage: tools/fuzz.sh CPU_MINUTES NAME..."; exit 2; }
minutes=$1
shift
ticks=$(getconf CLK_TCK)
for name in "$@"; do
  found=build/fuzz/found/$name
  mkdir -p "$found"
  log=build/fuzz/found/$name.log
  # A session of its own, since Linux shares time among sessions before it looks at what is nice.
  setsid nice -n 19 build/fuzz/fuzz/fuzz_"$name" -timeout=1200 -rss_limit_mb=3000 -print_final_stats=1 \
    -artifact_prefix="$found.crash-" "$found" "fuzz/corpus/$name" 2> "$log" &
  pid=$!
  { sleep 0.2; echo 19 > /proc/$pid/autogroup; } 2> /dev/null || true
  used=0
  while kill -0 $pid 2>/dev/null; do
    sleep 5
    read -r user system < <(awk '{print $14, $15}' /proc/$pid/stat 2>/dev/null || echo 0 0) || true
    [ "$user" = 0 ] || used=$(((user + system) / ticks))
    [ $used -lt $((60 * minutes)) ] || { kill -INT $pid 2>/dev/null || true; break; }
  done
  code=0
  wait $pid || code=$?
  runs=$(awk '/stat::number_of_executed_units/ {print $2}' "$log")
  echo "$name: $used CPU seconds, ${runs:-?} inputs, $(ls "$found".crash-* 2>/dev/null | wc -l) findings (exit code $code)"
done
