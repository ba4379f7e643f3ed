#!/usr/bin/env bash
# An estimate of cycles: the inner loops of the calls that `cycles` makes (examples/firmware), through the scheduling models of LLVM 19
# (llvm-mca-19, llvm-objdump-19: Debian's llvm-19). Lines `<core> <loop>: <instructions> <cycles> <pixels> of a turn,
# <instructions> <cycles> of a pixel`.
#
#   ci/cycles.sh
#
# What the models know: cortex-m4 (one instruction at a time, latencies of loads and multiplications), cortex-m7 (two at a
# time), cortex-m55 and cortex-m85 (vectors in beats). Loops of MVE that are inlined where they are called, so that no function of
# the program is one of them, are not asked for. No model knows flash wait states, caches, misaligned words or what a bus is busy
# with.
#
# A loop is the longest stretch of a function between a backward branch and its target that has no other branch within; the
# pixels of a turn are those of the source, named below.
set -euo pipefail

SOFT_DICE_ROOT=$(cd "$(dirname "$0")/.." && pwd)
. "$SOFT_DICE_ROOT/ci/toolchain.sh"
for tool in llvm-mca-19 llvm-objdump-19; do
    command -v "$tool" >/dev/null || { echo "not run: $tool is missing: apt-get install llvm-19" >&2; exit 1; }
done

# Function with its constants, what it is, and pixels of a turn. Of many channels it is the loop over some of them, which the name
# says: what a pixel takes beside it, such as counting its winner, branches and is not estimated.
dsp='
dsp::byte_mask::<0, 0, true>|u8_mask|64
dsp::byte_mask::<2155905152, 0, true>|i8_mask|64
dsp::kept::byte_kept::<2155905152, 0, true, 1, 4>|i8_mask_region|32
dsp::ignoring::byte_unless::<2155905152>|i8_label_ignoring|16
products::moment_turns::<2155905152, 2155905152, false, true, true, 8>|i8_i8_minima|64
dsp::follow::follow::<true>|i8_watch_frame|8
winners::four_rows::<2155905152, true>|i8_argmax21, four channels|4
rows::wide::five::<2155905152>|i8_classes21, twenty channels|2
table_sums::many::<true>|i8_softmax21, codes of four channels|1
'
helium='
helium::kept::byte_kept::<2155905152, 0, true, 1, 4>|i8_mask_region|16
helium::kept::byte_kept::<2155905152, 3, false, 3, 4>|i8_label_ignoring|16
helium::moments::byte_moments::<2155905152, 2155905152, false, true>|i8_i8_minima|128
helium::follow::follow::<true>|i8_watch_frame|16
helium::classes::four_winners::<2155905152>|i8_argmax4|16
rows::wide::five::<2155905152>|i8_classes21, twenty channels|2
table_sums::many::<true>|i8_softmax21, codes of four channels|1
'

# The program, with constants in the names of its functions.
program() {
    local board=$1 target=$2 flags=$3 dir
    bare_metal_target "$target"
    dir="$(bare_metal_dir)/cycles-$board"
    (
        cd "$SOFT_DICE_ROOT/examples/firmware"
        export RUSTFLAGS="${RUSTFLAGS:-} $flags -C symbol-mangling-version=v0" BOARD=$board
        bare_metal_cargo "$target" build --quiet --release --target-dir "$dir" --bin cycles >&2
    )
    echo "$dir/$target/release/cycles"
}

# The longest loop of a function: its instructions.
body() {
    awk -v wanted="$1" '
        /^[0-9a-f]+ </ { inside = index($0, wanted) > 0; n = 0; fence = 0; next }
        !inside || !/^ *[0-9a-f]+:/ { next }
        {
            address = $1; sub(":", "", address)
            text = $0; sub(/^ *[0-9a-f]+:[ \t]*/, "", text); sub(/[ \t]*(@|<).*/, "", text)
            at[++n] = address; line[n] = text
            name = text; sub(/[ \t].*/, "", name)
            if (name ~ /^(b|bl|blx|bx|b(eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|hs|lo)|cbz|cbnz|le|letp|wls.*|dls.*)(\.[nw])?$/) {
                to = text; sub(/.*0x/, "", to)
                for (first = n; first > fence && at[first] != to; first--);
                if (first > fence && n - first > best) {
                    best = n - first
                    found = ""
                    for (i = first; i < n; i++) found = found line[i] "\n"
                }
                fence = n
            }
        }
        END { printf "%s", found }' "$2"
}

estimate() {
    local core=$1 triple=$2 code=$3 loops=$4 function name pixels turn cycles instructions
    while IFS='|' read -r function name pixels; do
        [ -n "$function" ] || continue
        turn=$(body "$function" "$code")
        [ -n "$turn" ] || { echo "no loop of $function is in the program" >&2; return 1; }
        instructions=$(wc -l <<<"$turn")
        cycles=$(llvm-mca-19 -mtriple="$triple" -mcpu="$core" -iterations=100 2>/dev/null <<<"$turn" |
            awk '/^Total Cycles:/ { print $3 / 100 }')
        [ -n "$cycles" ] || { echo "$core: the model does not take $name" >&2; return 1; }
        awk -v c="$core" -v l="$name" -v n="$instructions" -v y="$cycles" -v p="$pixels" 'BEGIN {
            printf "%s %s: %d %.1f %d, %.2f %.2f\n", c, l, n, y, p, n / p, y / p }'
    done <<<"$loops"
}

listing=$(mktemp)
trap 'rm -f "$listing"' EXIT
elf=$(program m4 thumbv7em-none-eabihf "")
llvm-objdump-19 -d -C --no-show-raw-insn --mcpu=cortex-m4 "$elf" >"$listing"
estimate cortex-m4 thumbv7em-none-eabihf "$listing" "$dsp"
estimate cortex-m7 thumbv7em-none-eabihf "$listing" "$dsp"
elf=$(program m55 thumbv8m.main-none-eabihf "-C target-cpu=cortex-m55")
llvm-objdump-19 -d -C --no-show-raw-insn --mcpu=cortex-m55 "$elf" >"$listing"
estimate cortex-m55 thumbv8.1m.main-none-eabihf "$listing" "$helium"
estimate cortex-m85 thumbv8.1m.main-none-eabihf "$listing" "$helium"
