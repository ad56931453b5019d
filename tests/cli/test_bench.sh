#!/bin/sh
# One quick row of `bench`: its table, its JSON, its manners.
set -eu
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$program" bench pdf_step_147 --json rows.json > table
grep -q '^pdf_step_147 ' table
python3 - <<'END'
import json
rows = json.load(open("rows.json"))["rows"]
assert [r["name"] for r in rows] == ["pdf_step_147"], rows
assert rows[0]["repeats"] >= 7 and 0 < rows[0]["median_s"] < rows[0]["reference_s"], rows
END
"$program" bench decode_1000 --json decoded.json --quiet
python3 - <<'END'
import json
row, = json.load(open("decoded.json"))["rows"]
assert row["name"] == "decode_1000" and row["median_s"] > 0 and row["reference_s"] is None, row
END
status=0; "$program" bench pdf_step_147 --json rows.json > table 2> error || status=$?
test $status = 1; test "$(wc -l < error)" = 1
status=0; "$program" bench no_such_row 2> error || status=$?
test $status = 2; test "$(wc -l < error)" = 1
"$program" --version | grep -q 'pair kernels'
