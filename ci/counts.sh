#!/usr/bin/env bash
# Instructions per pixel on every board, against the committed table: growth over 2 % fails, and so does a call that takes
# more than 1.02 times the plain loop beside it (plain_per_px), unless it is one of those that benches/slower.txt admits. One
# that stands there and is no longer slower fails too, so that the list says what is true.
#
#   ci/counts.sh              compare with benches/counts.txt and benches/slower.txt
#   ci/counts.sh --write      accept today's counts, and today's slower calls, for the compiler in use
set -euo pipefail
# One order of lines everywhere.
export LC_ALL=C

SOFT_DICE_ROOT=$(cd "$(dirname "$0")/.." && pwd)
table="$SOFT_DICE_ROOT/benches/counts.txt"
admitted="$SOFT_DICE_ROOT/benches/slower.txt"
mkdir -p "$(dirname "$table")"

# Lines `<route> <board> <kernel> <count>`: each compiler is compared with itself.
counts="" slower=""
for board in m0 m3 m4 m7 m33 m55 a53 a76 rv32; do
    log=$(mktemp)
    lines=$("$SOFT_DICE_ROOT/examples/firmware/run.sh" "$board" counts 2>"$log") || {
        echo "$lines" | grep -v -e '^[a-z]*_per_px' >&2
        cat "$log" >&2
        rm -f "$log"
        exit 1
    }
    # Said once for each part of a board.
    route=$(sed -n '/^route: /{s/^route: \([a-z]*\),.*/\1/p;q}' "$log")
    rm -f "$log"
    echo "$lines" | awk -v b="$board" '$1 == "plain_per_px" || $1 == "inexact_per_px" { print $1, b, $2, $3 }'
    echo "$lines" | grep '^slower' || true
    slower+=$(echo "$lines" | awk -v b="$board" '$1 == "slower" { sub(":", "", $2); print b, $2 }')$'\n'
    counts+=$(echo "$lines" | awk -v r="$route" -v b="$board" '$1 == "instr_per_px" { print r, b, $2, $3 }')$'\n'
done

if [ "${1:-}" = --write ]; then
    rest=$(grep -sv -e '^#' -e "^$route " "$table" || true)
    {
        echo "# Instructions per pixel, call included (4096 px; less on m0): ci/counts.sh --write"
        printf '%s\n' "$rest" "$counts" | grep . | sort
    } >"$table.new"
    mv "$table.new" "$table"
    {
        echo "# Calls that take more than 1.02 times the plain loop beside them, by board: ci/counts.sh --write"
        echo "$slower" | grep . | sort || true
    } >"$admitted"
fi
changed=0
diff <(grep -v '^#' "$admitted") <(echo "$slower" | grep . | sort) >/dev/null || {
    echo "calls slower than their plain loops, as admitted (<) and as counted (>):"
    diff <(grep -v '^#' "$admitted") <(echo "$slower" | grep . | sort) || true
    changed=1
}
echo "$counts" | grep . | awk -v table="$table" '
    BEGIN { while ((getline line < table) > 0) { split(line, f, " "); known[f[1] " " f[2] " " f[3]] = f[4] } }
    {
        key = $1 " " $2 " " $3
        verdict = "ok"
        if (!(key in known)) { verdict = "not in the table"; bad = 1 }
        else if ($4 > known[key] * 1.02) { verdict = "grew from " known[key]; bad = 1 }
        print "instr_per_px", $2, $3, $4, verdict
    }
    END { exit bad }' && [ "$changed" = 0 ]
