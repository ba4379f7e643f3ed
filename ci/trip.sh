# The round trip of a recording over a board; sourced by capi/check.sh and examples/firmware/run.sh, from Rust and from C alike.
#
#   trip_settings FOLDER   the host watches the recording: settings for firmware, and what it saw (host.json)
#   trip_compare FOLDER    reads what the board has written (device.bin): every report, event and sum is the host's
#
# Between the two the firmware is built with FOLDER/settings.h or settings.rs, and its output becomes FOLDER/device.bin.

soft_dice_command() { echo "${CARGO_TARGET_DIR:-$SOFT_DICE_ROOT/target}/debug/soft-dice"; }

trip_settings() {
    rm -rf "$1"
    mkdir -p "$1"
    # Of the host alone: what a caller asked of rustc was for its board.
    (cd "$SOFT_DICE_ROOT" && unset RUSTFLAGS && cargo build --quiet -p soft-dice-cli >&2)
    "$(soft_dice_command)" watch "$SOFT_DICE_ROOT/tests/data/drift_q8.npy" --tflite --calibrate 8 --quiet \
        --emit "$1/settings.h" --emit "$1/settings.rs" --emit "$1/settings.json" --json "$1/host.json"
}

trip_compare() {
    "$(soft_dice_command)" log "$1/device.bin" --settings "$1/settings.json" --quiet --json "$1/device.json" \
        --report "$1/device.html" --plot "$1/device.svg" &&
        python3 "$SOFT_DICE_ROOT/ci/trip.py" "$1/device.json" "$1/host.json" && grep -q '<svg' "$1/device.html"
}
