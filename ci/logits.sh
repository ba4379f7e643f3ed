#!/usr/bin/env bash
# Instructions per value of what reads f32 logits, on four boards, against the committed table: growth over 2 % fails.
#
#   ci/logits.sh              compare with benches/logits.txt
#   ci/logits.sh --write      accept today's counts
set -euo pipefail
# One order of lines everywhere.
export LC_ALL=C

SOFT_DICE_ROOT=$(cd "$(dirname "$0")/.." && pwd)
table="$SOFT_DICE_ROOT/benches/logits.txt"

# Lines `<board> <function> <by> <count>`. Those of libm and micromath move with their versions, and are shown, not held.
counts=""
for board in m0 m3 m4 m55; do
    log=$(mktemp)
    lines=$("$SOFT_DICE_ROOT/examples/firmware/run.sh" "$board" logits 2>"$log") || {
        cat "$log" >&2
        echo "$lines" >&2
        rm -f "$log"
        exit 1
    }
    rm -f "$log"
    counts+=$(echo "$lines" | awk -v b="$board" '$1 == "instr_per_value" { print b, $2, $3, $4 }')$'\n'
done

if [ "${1:-}" = --write ]; then
    {
        echo "# Instructions per value, loop included: ci/logits.sh --write"
        echo "$counts" | grep .
    } >"$table"
fi
echo "$counts" | grep . | awk -v table="$table" '
    BEGIN { while ((getline line < table) > 0) { split(line, f, " "); known[f[1] " " f[2] " " f[3]] = f[4] } }
    {
        key = $1 " " $2 " " $3
        verdict = "ok"
        if (!(key in known)) { verdict = "not in the table"; bad = 1 }
        else if ($4 > known[key] * 1.02 && $3 ~ /^(own|integer)$/) { verdict = "grew from " known[key]; bad = 1 }
        print "instr_per_value", $1, $2, $3, $4, verdict
    }
    END { exit bad }'
