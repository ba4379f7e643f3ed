#!/usr/bin/env bash
# The cases of `agree` on a big-endian machine, s390x under user-mode emulation: every sum is the host's. Not part of CI, because its
# linker and C library are 60 MB of packages for loops that differ from those of Cortex-M0 in the order of bytes alone.
#
# The lanes of `wide` on aarch64_be cannot be run so: no compiler ships a standard library for that target, and Debian has no linker.
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
CARGO_TARGET_S390X_UNKNOWN_LINUX_GNU_LINKER=s390x-linux-gnu-gcc \
    cargo build --quiet --release --target "$target" --target-dir "$build" -p wasm
echo "$target:"
qemu-s390x -L /usr/s390x-linux-gnu "$build/$target/release/agree-wasm" >"$output"
host_tool tool agree <"$output"
