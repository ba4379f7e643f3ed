#!/usr/bin/env bash
# Proofs on linked firmware for M4: no panic path, no allocation, no std; text size; stack depth.
#
#   ci/proofs.sh              all
#   ci/proofs.sh --panic      the first alone
#   ci/proofs.sh --write      accept today's sizes (ci/sizes.txt)
#
# The calls proved are listed in examples/firmware/src/bin/api.rs; those of training and many classes, for which the first
# proof alone is made, in training.rs beside it.
set -euo pipefail

SOFT_DICE_ROOT=$(cd "$(dirname "$0")/.." && pwd)
. "$SOFT_DICE_ROOT/ci/toolchain.sh"
target=thumbv7em-none-eabihf
table="$SOFT_DICE_ROOT/ci/sizes.txt"
export BOARD=m4

bare_metal_tools arm-none-eabi-size arm-none-eabi-objdump
bare_metal_target "$target"
cd "$SOFT_DICE_ROOT/examples/firmware"

# Builds `api` (or the program $3) with the calls $1 at opt-level $2 and says where it is.
link() {
    local dir
    dir="$(bare_metal_dir)/proofs-$2"
    API=$1 CARGO_PROFILE_RELEASE_OPT_LEVEL=$2 \
        bare_metal_cargo "$target" build --quiet --release --target-dir "$dir" --bin "${3:-api}" >&2 || return 1
    echo "$dir/$target/release/${3:-api}"
}

# A failing proof does not hide the next.
status=0

# No allocator and no std are there to link with; an undefined panic handler leaves no room for a panic.
for level in s 3; do
    for program in api training; do
        link all "$level" "$program" >/dev/null || {
            echo "no panic: a panic path, an allocation or std is left in $program at opt-level $level" >&2
            exit 1
        }
    done
    echo "no_panic opt-level $level: linked"
done

[ "${1:-}" != --panic ] || exit 0

# Text of a build in bytes: code and constants.
text() { arm-none-eabi-size "$1" | awk 'NR == 2 { print $1 }'; }

# What each call adds to the same firmware without it.
calls=$(awk '/^    fn [a-z0-9_]+\(\) \{/ { sub(/\(.*/, "", $2); print $2 }' src/bin/api.rs)
base=$(text "$(link none s)")
sizes=$(for call in $calls; do
    elf=$(link "$call" s)
    echo "$call $(($(text "$elf") - base))"
done)
# Compilers differ by more than the margin, so each route has its own lines.
if [ "${1:-}" = --write ]; then
    rest=$(grep -sv -e "^#" -e "^$BARE_METAL_ROUTE " "$table" || true)
    {
        echo "# Bytes of text each call adds to a Cortex-M4 firmware, opt-level \"s\": ci/proofs.sh --write"
        printf '%s\n' "$rest" "$(echo "$sizes" | sed "s/^/$BARE_METAL_ROUTE /")" | grep . | sort
    } >"$table.new"
    mv "$table.new" "$table"
fi
# Growth over 5 % fails, a call without a line too. The first target is a promise of its own.
echo "$sizes" | awk -v table="$table" -v route="$BARE_METAL_ROUTE" '
    BEGIN { while ((getline line < table) > 0) { split(line, f, " "); if (f[1] == route) known[f[2]] = f[3] } }
    {
        verdict = "ok"
        if (!($1 in known)) { verdict = "not in the table"; bad = 1 }
        else if ($2 > known[$1] * 1.05) { verdict = "grew from " known[$1]; bad = 1 }
        else if ($1 == "u8_mask_dice" && $2 > 1024) { verdict = "over 1024"; bad = 1 }
        print "size", $1, $2, verdict
    }
    END { exit bad }' || status=1

# The deepest chain of calls. The proof runs on the build of everything, as a user of everything would link it.
elf=$(link all s)
roots=$(for call in $calls; do
    case $call in
        u8_mask_*) echo "$call=128" ;;
        *) echo "$call=1024" ;;
    esac
done)
# shellcheck disable=SC2086
arm-none-eabi-objdump -d --no-show-raw-insn "$elf" |
    (unset RUSTFLAGS; cargo run --quiet --release -p host --target-dir "${CARGO_TARGET_DIR:-$SOFT_DICE_ROOT/target}/host-tools" -- stack $roots) || status=1
exit $status
