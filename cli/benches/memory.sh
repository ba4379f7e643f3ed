#!/usr/bin/env bash
# Peak memory of `soft-dice score` and `compare` on folders of 100 and 1000 maps of 512 x 512. Fails where the second is more
# than 10 % above the first. With and without all outputs, on one thread and on two.
set -euo pipefail
cd "$(dirname "$0")/../.."
time=$(type -P time) || { echo "GNU time is missing: apt-get install time" >&2; exit 2; }
command -v python3 >/dev/null || { echo "python3 is missing" >&2; exit 2; }
program=${1:-target/release/soft-dice}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 - "$folder" <<'PYTHON'
import os, pathlib, random, struct, sys
folder = pathlib.Path(sys.argv[1])
side = 512
text = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({side}, {side}), }}".ljust(117) + "\n"
head = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()
pixels = random.Random(7).randbytes(side * side)
for maps in (100, 1000):
    for kind in ("pred", "mask"):
        where = folder / str(maps) / kind
        where.mkdir(parents=True)
        for index in range(maps):
            (where / f"{index:04}.npy").write_bytes(head + pixels[index:] + pixels[:index])
PYTHON

failed=0
for threads in 1 2; do
    for command in "score" "score --confidence --threshold 0.5 --json $folder/x.json --csv $folder/x.csv" "compare"; do
        peaks=()
        for maps in 100 1000; do
            # The command is split into words on purpose.
            # shellcheck disable=SC2086
            peaks+=("$("$time" -f %M "$program" ${command%% *} "$folder/$maps/pred" "$folder/$maps/mask" \
                ${command#"${command%% *}"} --threads $threads 2>&1 >/dev/null | tail -1)")
        done
        shown=${command//"$folder/"/}
        awk -v a="${peaks[0]}" -v b="${peaks[1]}" -v c="$shown" -v n=$threads 'BEGIN {
            printf "%s --threads %d: %d KiB for 100 maps, %d KiB for 1000: %+.1f %%\n", c, n, a, b, 100 * (b - a) / a
            exit b > 1.1 * a
        }' || failed=1
    done
done
exit $failed
