#!/usr/bin/env bash
# The cases of `agree` under a WebAssembly engine, without and with its vectors: every sum is the host's. The engine is
# wasmtime, from PyPI, in an environment of its own. Compiled for a target that has a standard library, for the output's sake.
set -euo pipefail

SOFT_DICE_ROOT=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=toolchain.sh
. "$SOFT_DICE_ROOT/ci/toolchain.sh"

build=$(realpath -m "${CARGO_TARGET_DIR:-$SOFT_DICE_ROOT/target}/wasm")
python=$build/python/bin/python
[ -x "$python" ] || python3 -m venv "$build/python"
"$python" -c 'import wasmtime' 2>/dev/null || "$python" -m pip install --quiet 'wasmtime>=50,<51'
bare_metal_by_rustup wasm32-wasip1 || {
    echo "no compiler for wasm32-wasip1: try  rustup target add wasm32-wasip1" >&2
    exit 1
}

cd "$SOFT_DICE_ROOT/examples/firmware"
output=$(mktemp)
trap 'rm -f "$output"' EXIT
for flags in "" "-C target-feature=+simd128"; do
    # Each has a directory of its own: other flags would build everything again at the next run.
    dir=$build/${flags:+vectors}
    RUSTFLAGS="${RUSTFLAGS:-} $flags" \
        cargo build --quiet --release --target wasm32-wasip1 --target-dir "${dir%/}" -p wasm
    echo "wasm32${flags:+ with simd128}:"
    "$python" "$SOFT_DICE_ROOT/ci/wasm.py" "${dir%/}/wasm32-wasip1/release/agree-wasm.wasm" >"$output"
    host_tool tool agree <"$output"
done
