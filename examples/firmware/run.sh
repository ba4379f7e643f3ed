#!/usr/bin/env bash
# Builds a program for an emulated board, runs it, stops on its own. The exit code is the board's.
#
#   run.sh <board> <program>     boards m0 m3 m4 m7 m33 m55 a53 a76 rv32, programs agree counts logits, and on Cortex-M
#                                monitor watch sight
#   run.sh m4 interrupt | task   a watch in a static that an interrupt fills: critical sections, and embassy
#   run.sh m4 trip | trip-defmt  recording, settings, firmware, log: what the board reports, by postcard or through defmt, is what the
#                                host saw
#   run.sh m7 bodypix            a real network on the board, from the data that SOFT_DICE_DATA names
#
# `watch`, `interrupt`, `task` and the trips bear 1.8 MB of frames: m3 m4 m7 m33 alone have the room.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
SOFT_DICE_ROOT=$(cd "$here/../.." && pwd)
# shellcheck source=../../ci/toolchain.sh
. "$SOFT_DICE_ROOT/ci/toolchain.sh"

usage() { echo "usage: run.sh m0|m3|m4|m7|m33|m55|a53|a76|rv32 agree|counts|logits|monitor|watch|sight, run.sh m7 bodypix, run.sh m4 interrupt|task|trip|trip-defmt" >&2; exit 2; }
[ $# = 2 ] || usage
export BOARD=$1
program=$2

# 256 KiB of flash have no room for all cases or calls at once, nor have 512 for all cases.
if [ -z "${SOFT_DICE_PART:-}" ]; then
    case "$BOARD $program" in
        "m0 agree" | "m55 agree") parts=(pairs more decided) ;;
        "m0 counts") parts=(pairs more) ;;
        *) parts=() ;;
    esac
    for part in "${parts[@]}"; do
        SOFT_DICE_PART=$part "$0" "$BOARD" "$program"
    done
    [ "${#parts[@]}" = 0 ] || exit 0
fi

cpu="" emulator=qemu-system-arm options=()
case $BOARD in
    m0) machine=microbit target=thumbv6m-none-eabi ;;
    m3) machine=mps2-an385 target=thumbv7m-none-eabi ;;
    m4) machine=mps2-an386 target=thumbv7em-none-eabihf ;;
    m7) machine=mps2-an500 target=thumbv7em-none-eabihf ;;
    # The target alone promises neither DSP nor vector instructions; the core does.
    m33) machine=mps2-an505 target=thumbv8m.main-none-eabihf cpu="-C target-cpu=cortex-m33" ;;
    m55) machine=mps3-an547 target=thumbv8m.main-none-eabihf cpu="-C target-cpu=cortex-m55" ;;
    # The first has no dot product, and faults on one; the second has it, and the build is told. The target assumes that
    # nothing has turned on the MMU, and loads vectors byte by byte; src/aarch64.rs has.
    a53 | a76)
        machine=virt target=aarch64-unknown-none emulator=qemu-system-aarch64 options=(-cpu "cortex-$BOARD" -nic none)
        cpu="-C target-cpu=cortex-$BOARD -C target-feature=-strict-align"
        ;;
    rv32) machine=virt target=riscv32imac-unknown-none-elf emulator=qemu-system-riscv32 options=(-bios none -nic none) ;;
    *) usage ;;
esac

# Semihosting is slow where instructions are counted, so only `counts` and `logits` count.
clock=()
features=()
limit=180
case $program in
    counts)
        clock=(-icount shift=7)
        [ -z "${SOFT_DICE_PART:-}" ] || features=(--features "$SOFT_DICE_PART")
        ;;
    logits) clock=(-icount shift=7); features=(--features logits) ;;
    monitor) features=(--features log) ;;
    sight) features=(--features log); export DEFMT_LOG=debug ;;
    # Every frame's report is beneath the events.
    watch) features=(--features log); export DEFMT_LOG=debug ;;
    agree) [ -z "${SOFT_DICE_PART:-}" ] || features=(--features "$SOFT_DICE_PART") ;;
    interrupt | task) [ "$machine" = mps2-an386 ] || usage; features=(--features shared) ;;
    trip | trip-defmt)
        [ "$machine" = mps2-an386 ] || usage
        # shellcheck source=../../ci/trip.sh
        . "$SOFT_DICE_ROOT/ci/trip.sh"
        bare_metal_tools python3
        trip=${CARGO_TARGET_DIR:-$SOFT_DICE_ROOT/target}/trip
        trip_settings "$trip"
        export SETTINGS=$trip/settings.rs
        features=(--features trip)
        [ "$program" = trip ] || features=(--features "trip log")
        ;;
    bodypix)
        [ "$BOARD" = m7 ] || usage
        # A package of its own: the rest builds without the model.
        features=(-p bodypix)
        # 19 s of an idle core.
        limit=600
        model="${SOFT_DICE_DATA:-}/device/models/bodypix129_int8_inl.tflite"
        if [ ! -f "$model" ]; then
            echo "not run: bodypix: SOFT_DICE_DATA names no directory with device/models/${model##*/}" >&2
            # Without the data this is nobody's fault; data that are named must be there.
            [ -z "${SOFT_DICE_DATA:-}" ]
            exit
        fi
        ;;
    *) usage ;;
esac

bare_metal_tools "$emulator"
bare_metal_target "$target"
[ -z "$cpu" ] || export RUSTFLAGS="${RUSTFLAGS:-} $cpu"
# Unset means errors only.
export DEFMT_LOG=${DEFMT_LOG:-info}
cd "$here"
# A directory for each board: memory map and flags differ, and nothing is built twice.
dir="$(bare_metal_dir)/$BOARD"
bin=${program%-defmt}
bare_metal_cargo "$target" build --quiet --release --target-dir "$dir" "${features[@]}" --bin "$bin"
elf="$dir/$target/release/$bin"

emulate() {
    # A board that hangs is a failure (124).
    timeout "${SOFT_DICE_TIMEOUT:-$limit}" "$emulator" -M "$machine" "${options[@]}" -display none -monitor none -serial null \
        "${clock[@]}" -semihosting-config enable=on,target=native -kernel "$elf" </dev/null
}

status=0
case $program in
    counts | logits | interrupt | task) emulate || status=$? ;;
    trip)
        emulate >"$trip/device.bin" || status=$?
        [ "$status" != 0 ] || trip_compare "$trip" || status=1
        ;;
    trip-defmt)
        # The text that `defmt-print` would make of it, by the same decoder.
        emulate >"$trip/device.defmt" || status=$?
        [ "$status" != 0 ] || { host_tool tool defmt "$elf" <"$trip/device.defmt" >"$trip/device.bin" && trip_compare "$trip"; } || status=1
        ;;
    agree | monitor | watch | sight | bodypix)
        output=$(mktemp)
        trap 'rm -f "$output"' EXIT
        emulate >"$output" || status=$?
        read_by=0
        case $program in
            agree) host_tool tool agree <"$output" || read_by=1 ;;
            bodypix) host_tool tool bodypix "$SOFT_DICE_DATA" <"$output" || read_by=1 ;;
            monitor) host_tool tool defmt "$elf" <"$output" || read_by=1 ;;
            watch | sight) host_tool tool "$program" "$elf" <"$output" || read_by=1 ;;
        esac
        # What a panicking board said is in there.
        [ "$status" = 0 ] || [ "$program" != agree ] || tail -n 3 "$output" >&2
        [ "$status" != 0 ] || status=$read_by
        ;;
esac
echo "$BOARD $program: exit code $status" >&2
exit "$status"
