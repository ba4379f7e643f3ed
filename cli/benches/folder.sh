#!/usr/bin/env bash
# What the outputs of `score` cost: 2000 maps of 512×512 and their masks, the table alone, and with page, JSON and CSV. Prints the
# CPU time of both and their peak memory, and fails where the outputs take more than the table does once more.
#
#   cli/benches/folder.sh                   needs GNU time, python3, and 1.1 GB for the maps
set -euo pipefail

cd "$(dirname "$0")/../.."
command -v /usr/bin/time >/dev/null || {
    echo "GNU time is missing" >&2
    exit 1
}
program=${SOFT_DICE:-target/release/soft-dice}
[ -x "$program" ] || {
    echo "$program is missing: cargo build --release -p soft-dice-cli, or name it in SOFT_DICE" >&2
    exit 1
}
program=$(realpath "$program")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 - "$folder" <<'END'
import pathlib
import sys

side, count = 512, 2000
folder = pathlib.Path(sys.argv[1])
text = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({side}, {side}), }}"
text += " " * (64 - (len(text) + 11) % 64) + "\n"
head = b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()
# A disc with a soft edge, as a network writes it.
edge = lambda x, y: (x - side / 2) ** 2 + (y - side / 2) ** 2
soft = bytes(min(255, max(0, int(128 + (150**2 - edge(x, y)) / 64))) for y in range(side) for x in range(side))
mask = bytes(code // 128 for code in soft)
for name in ("maps", "masks"):
    (folder / name).mkdir()
for at in range(count):
    # Each frame lies further down than the last.
    rows = at % 50 * side
    (folder / "maps" / f"{at:04}.npy").write_bytes(head + soft[-rows:] + soft[:-rows] if rows else head + soft)
    (folder / "masks" / f"{at:04}.npy").write_bytes(head + mask)
END

run() {
    /usr/bin/time -f "%U %S %M" "$program" score "$folder/maps" "$folder/masks" --threads 1 --threshold 0.5 "$@" 2>&1 >/dev/null |
        tail -1 | awk '{ printf "%.2f %d\n", $1 + $2, $3 }'
}

# Once for the page cache; then three of each in turn, of which the least counts: a busy machine adds, and takes nothing away.
run >/dev/null
least() { sort -n | head -1; }
for _ in 1 2 3; do
    run >>"$folder/table"
    run --report "$folder/page.html" --json "$folder/scores.json" --csv "$folder/scores.csv" >>"$folder/all"
done
read -r table table_kib <<<"$(least <"$folder/table")"
read -r all all_kib <<<"$(least <"$folder/all")"
echo "2000 maps of 512x512: the table $table s of CPU time, $table_kib KiB; with page, JSON and CSV $all s, $all_kib KiB"
awk -v table="$table" -v all="$all" 'BEGIN { exit !(all <= 2 * table) }' || {
    echo "the outputs take more than the table does" >&2
    exit 1
}
