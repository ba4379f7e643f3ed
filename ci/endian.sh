#!/usr/bin/env bash
# The cases of `agree` on a big-endian machine, s390x under user-mode emulation, with the loops over words that such a target gets
# and with the portable lanes of `wide`, which aarch64_be gets: every sum is the host's. Not part of CI, because its linker and C
# library are 60 MB of packages for loops that differ from those of others in the order of bytes alone.
set -euo pipefail

SOFT_DICE_ROOT=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=toolchain.sh
. "$SOFT_DICE_ROOT/ci/toolchain.sh"

target=s390x-unknown-linux-gnu
bare_metal_tools s390x-linux-gnu-gcc qemu-s390x
bare_metal_by_rustup "$target" || {
    echo "no compiler for $target: try  rustup target add $target" >&2
    exit 1
}
cd "$SOFT_DICE_ROOT/examples/firmware"
build=$(realpath -m "${CARGO_TARGET_DIR:-$SOFT_DICE_ROOT/target}/endian")
output=$(mktemp)
trap 'rm -f "$output"' EXIT
for backend in swar wide; do
    level=3
    if [[ $backend == wide ]]; then
        # An optimised build multiplies two f32 to an f64 by MDEBR, which QEMU 7.2 takes for a product of f64: 0.5 * 1 is 3.05e-5 there.
        level=0
    fi
    CARGO_PROFILE_RELEASE_OPT_LEVEL=$level RUSTFLAGS="${RUSTFLAGS:-} --cfg soft_dice_backend=\"$backend\"" \
        CARGO_TARGET_S390X_UNKNOWN_LINUX_GNU_LINKER=s390x-linux-gnu-gcc \
        cargo build --quiet --release --target "$target" --target-dir "$build/$backend" -p wasm
    echo "$target, $backend:"
    qemu-s390x -L /usr/s390x-linux-gnu "$build/$backend/$target/release/agree-wasm" >"$output"
    host_tool tool agree <"$output"
done
