#!/usr/bin/env bash
# 1000 maps of 512 x 512 u8 with masks: `soft-dice score` beside numpy's exact expression (time_numpy.py), one thread each, in
# turns. Computing is stated apart from reading. Fails where ours is not 10 times as fast, or the scores differ.
#
#   cli/benches/numpy.sh [python with numpy]
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${1:-python3}
"$python" -c 'import numpy' || { echo "numpy is missing: $python -m pip install numpy" >&2; exit 2; }
cargo build --quiet --release -p soft-dice-cli
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" cli/benches/time_numpy.py make "$folder" 1000
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

ours() {
    target/release/soft-dice score "$folder/pred" "$folder/mask" --threads 1 --time --json - |
        "$python" -c 'import json, sys; r = json.load(sys.stdin); t = r["times"]
print(t["reading"], t["computing"], format(r["mean"]["dice"], ".12f"))'
}

# Once each to warm the page cache, then the best of five.
ours >/dev/null
best() { sort -g -k2 | head -1; }
theirs=$(for _ in 1 2 3 4 5; do "$python" cli/benches/time_numpy.py time "$folder"; done | best)
mine=$(for _ in 1 2 3 4 5; do ours; done | best)
grep -A2 'exact expression' cli/benches/time_numpy.py | tail -2
echo "numpy      reading, computing (s), mean Dice: $theirs"
echo "soft-dice  reading, computing (s), mean Dice: $mine"
awk -v a="$theirs" -v b="$mine" 'BEGIN {
    split(a, n); split(b, o)
    printf "computing: %.1f times as fast as numpy\n", n[2] / o[2]
    if (n[3] - o[3] > 1e-11 || o[3] - n[3] > 1e-11) { print "the scores differ"; exit 1 }
    if (n[2] / o[2] < 10) { print "below 10"; exit 1 }
}'
