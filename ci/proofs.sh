#!/usr/bin/env bash
# Proofs on linked firmware for M4: no panic path, no allocation, no std; all of the public interface; text; stack.
#
#   ci/proofs.sh              all
#   ci/proofs.sh --write      accept today's text and stack (ci/sizes.txt)
#
# The calls proved are listed in examples/firmware/src/bin/api/; what else training and many classes call, for which the first
# proof alone is made, in training.rs beside it.
set -euo pipefail

SOFT_DICE_ROOT=$(cd "$(dirname "$0")/.." && pwd)
. "$SOFT_DICE_ROOT/ci/toolchain.sh"
target=thumbv7em-none-eabihf
table="$SOFT_DICE_ROOT/ci/sizes.txt"
export BOARD=m4

bare_metal_tools arm-none-eabi-size arm-none-eabi-objdump arm-none-eabi-nm
bare_metal_target "$target"
cd "$SOFT_DICE_ROOT/examples/firmware"

# Builds the program $3 with the calls $1 at opt-level $2 and says where it is. What follows goes to rustc.
link() {
    local calls=$1 level=$2 program=$3 dir
    shift 3
    dir="$(bare_metal_dir)/proofs-$level"
    API=$calls CARGO_PROFILE_RELEASE_OPT_LEVEL=$level \
        bare_metal_cargo "$target" rustc --quiet --release --target-dir "$dir" --bin "$program" -- "$@" >&2 || return 1
    echo "$dir/$target/release/$program"
}

disassemble() { arm-none-eabi-objdump -d --no-show-raw-insn "$1"; }

# The host's side, built with the host's own compiler and flags.
host_tools=$(host_tools_dir)

# A failing proof does not hide the next.
status=0

# Every public function is called.
(unset RUSTFLAGS; cargo doc --quiet --no-deps --manifest-path "$SOFT_DICE_ROOT/Cargo.toml" -p soft-dice --target-dir "$host_tools")
host_tool proofs listed "$host_tools/doc/soft_dice" src/bin/api/*.rs || status=1

# No allocator and no std are there to link with; an undefined panic handler leaves no room for a panic.
for level in s 3; do
    for program in api training; do
        link all "$level" "$program" >/dev/null 2>"$host_tools/link.log" && continue
        echo "no panic: a panic path, an allocation or std is left in $program at opt-level $level" >&2
        # Linked after all, the program says where: inlined calls stand under the name of their caller.
        if elf=$(link all "$level" "$program" -C link-arg=--defsym=a_panic_path_is_left=0 2>/dev/null); then
            disassemble "$elf" |
                awk -v fails='panicking|unwrap_failed|expect_failed|slice_index_fail' '
                    /^[0-9a-f]+ </ { name = $2 } $0 ~ "\t.*<[^>]*(" fails ")" && name !~ fails { print "  in " name }' |
                sort -u >&2
        else
            cat "$host_tools/link.log" >&2
        fi
        exit 1
    done
    echo "no_panic opt-level $level: linked"
done

# Text of a build in bytes: code and constants.
text() { arm-none-eabi-size "$1" | awk 'NR == 2 { print $1 }'; }

# Bytes of the functions of the program $1 whose names match $2.
functions() {
    arm-none-eabi-nm -C -S -t d "$1" | awk -v names="$2" '$3 ~ /[tT]/ && $0 ~ names { bytes += $2 } END { print bytes + 0 }'
}

# What a frame costs, as a user writes it: beyond the same firmware without the call.
calls_of() { sed -n 's/^    fn \([a-z0-9_]*\)(.*/\1/p' "$@"; }
base=$(text "$(link none s api)")
found=$(
    for call in $(calls_of src/bin/api/stream.rs | grep -e '_dice$' -e '_confidence$') watch_frame watch_frame_with; do
        echo "alone $call $(($(text "$(link "$call" s api)") - base))"
    done
    # What the picture takes beside the map, in four: bringing the camera's rows to the map's size; the mask's bits and their rim
    # (the edge); how much the picture changes, and its sums (the detail, which the edge is compared with); and the rest, which is
    # walking down the rows and the way of the sums to a frame. The two programs lie in one place, one after the other.
    picture=$(link watch_frame_with s api)
    both=$(text "$picture")
    camera=$(functions "$picture" 'monitor::camera::')
    edge=$(functions "$picture" '::lines::.*(mask|marks|rims)')
    lines=$(functions "$picture" '::lines::')
    map=$(link watch_frame s api)
    detail=$((lines - edge - $(functions "$map" '::lines::')))
    echo "part picture_camera $camera"
    echo "part picture_edge $edge"
    echo "part picture_detail $detail"
    echo "part picture_rows $((both - $(text "$map") - camera - edge - detail))"
    # What each call reaches and how deep, in the build of everything, as a user of everything would link it.
    # shellcheck disable=SC2046 # a list of words
    disassemble "$(link all s api)" | host_tool proofs calls $(calls_of src/bin/api/*.rs | sed 's/^/call_/')
) || status=1
lines=$(echo "$found" | sed 's/^call_/call /')

# Compilers differ by more than the margin, so each route has its own lines.
if [ "${1:-}" = --write ]; then
    rest=$(grep -sv -e "^#" -e "^$BARE_METAL_ROUTE " "$table" || true)
    {
        echo "# Cortex-M4, opt-level \"s\", bytes: ci/proofs.sh --write"
        echo "#   <compiler> alone <call> <text it adds to a firmware that is otherwise the same>"
        echo "#   <compiler> part <part> <of the text that watch_frame_with adds beyond watch_frame>"
        echo "#   <compiler> call <call> <text reached from it, shared or not> <stack of its deepest chain>"
        echo "#   c/<compiler> ...: the same of the C interface, and fixed <call> <instructions of a call without pixels>: capi/check.sh sizes --write"
        printf '%s\n' "$rest" "$(echo "$lines" | awk -v r="$BARE_METAL_ROUTE" '{ print r, $1, $2, $3, $1 == "call" ? $4 : "" }' | sed 's/ $//')" |
            grep . | LC_ALL=C sort
    } >"$table.new"
    mv "$table.new" "$table"
fi
# Growth over 5 % fails, a call without a line too. The first target is a promise of its own: 1 KiB, and 128 bytes of stack.
echo "$lines" | awk -v table="$table" -v route="$BARE_METAL_ROUTE" '
    BEGIN { while ((getline line < table) > 0) { split(line, f, " "); if (f[1] == route) { key = f[2] " " f[3]; text[key] = f[4]; stack[key] = f[5] } } }
    {
        key = $1 " " $2
        verdict = "ok"
        if (!(key in text)) verdict = "not in the table"
        else if ($3 > text[key] * 1.05) verdict = "text grew from " text[key]
        else if ($1 == "call" && $4 > stack[key] * 1.05) verdict = "stack grew from " stack[key]
        if (key == "alone u8_mask_dice" && $3 > 1024) verdict = "text over 1024"
        if (key ~ /^call u8_mask_(update|finish)/ && $4 > 128) verdict = "stack over 128"
        # A watch of i8 maps: 8 KiB beyond the same firmware without it, and half a KiB of stack.
        if (key == "alone watch_frame" && $3 > 8192) verdict = "text over 8192"
        if (key == "call watch_frame" && $4 > 512) verdict = "stack over 512"
        if (verdict != "ok") bad = 1
        $1 = $1 == "alone" ? "size" : $1
        print $0 ": " verdict
    }
    END { exit bad }' || status=1
exit $status
