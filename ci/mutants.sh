#!/usr/bin/env bash
# Do the tests notice? Operators, values and arms of scores, sums, confidence, histograms, bins, tiles, COCO and the monitor are
# changed one by one, and the tests of those rooms are run on each.
#
#   ci/mutants.sh [COUNT] [SEED]     so many, drawn by a seed that is printed: 500 if nothing is said
#   ci/mutants.sh all                all of them
#
# It needs cargo-mutants, builds the library for each and takes hours: no part of `./ci.sh`. What survives stands in
# `mutants.out/missed.txt`. Fields taken out of a struct are tried in any case: the names that cargo-mutants is given (27.1) do not
# choose among those.
set -euo pipefail
cd "$(dirname "$0")/.."

count=${1:-500} seed=${2:-$RANDOM}
rooms=(score sums confidence histogram monitor)
files=(-f src/tiles.rs -f src/coco.rs -f src/reliability.rs)
for room in "${rooms[@]}"; do
    files+=(-f "src/$room.rs" -f "src/$room/**")
done
tests=(--lib)
for name in averages bad_input calibration classes coco code_counts combinations confidence formats gradients hard histogram \
    logged masks monitor multiclass noticed peers reductions regions score sight telemetry tiles tuned tuned_pictures verdicts watches; do
    tests+=(--test "$name")
done

drawn=$(mktemp --suffix=.toml)
trap 'rm -f "$drawn"' EXIT
if [ "$count" = all ]; then
    : >"$drawn"
else
    echo "$count mutants; ci/mutants.sh $count $seed draws the same"
    {
        echo 'examine_re = ['
        cargo mutants -p soft-dice "${files[@]}" --list |
            shuf -n "$count" --random-source=<(yes "$seed") |
            sed "s/[][\\\\.|\$(){}?+*^]/\\\\&/g; s/.*/    '''^&\$''',/"
        echo ']'
    } >"$drawn"
fi
# What is logged is there with its feature alone.
cargo mutants -p soft-dice --features defmt "${files[@]}" --config "$drawn" -- "${tests[@]}"
