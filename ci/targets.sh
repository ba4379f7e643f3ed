#!/usr/bin/env bash
# The library checked for every target that it is meant for, warnings as errors, in one shared directory: every Cortex-M
# target that rustup has, without and with each CPU that adds instructions to it, and RISC-V, ARM, x86 and WebAssembly.
#
#   ci/targets.sh             all
#   ci/targets.sh WORD        those whose line has the word
#
# A target that rustup cannot fetch is named as not run, and fails nothing; a CPU or a target that does not compile does.
#
# Not among them: Xtensa (ESP32, S2, S3), for which rustup has no compiler, only Espressif's own; on it the loops for plain
# words are taken. `thumbv8m.base` (Cortex-M23) has the small instruction set of the Cortex-M0, and takes its loops.
set -euo pipefail

SOFT_DICE_ROOT=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=toolchain.sh
. "$SOFT_DICE_ROOT/ci/toolchain.sh"
cd "$SOFT_DICE_ROOT"

# A target, and what goes to rustc beside.
targets() {
    local hard
    echo thumbv6m-none-eabi
    echo thumbv7m-none-eabi
    for hard in "" hf; do
        echo "thumbv7em-none-eabi$hard"
        echo "thumbv7em-none-eabi$hard -C target-cpu=cortex-m4"
        echo "thumbv7em-none-eabi$hard -C target-cpu=cortex-m7"
    done
    echo thumbv8m.base-none-eabi
    for hard in "" hf; do
        echo "thumbv8m.main-none-eabi$hard"
        for cpu in cortex-m33 cortex-m35p cortex-m55 cortex-m85; do
            echo "thumbv8m.main-none-eabi$hard -C target-cpu=$cpu"
        done
    done
    echo riscv32imc-unknown-none-elf
    echo riscv32imac-unknown-none-elf
    echo riscv32imafc-unknown-none-elf
    echo riscv64gc-unknown-none-elf
    echo aarch64-unknown-none
    echo "aarch64-unknown-none -C target-feature=+dotprod"
    echo armv7-unknown-linux-gnueabihf
    echo i686-unknown-linux-gnu
    echo wasm32-unknown-unknown
    echo "wasm32-unknown-unknown -C target-feature=+simd128"
}

dir="$(BARE_METAL_ROUTE=rustup bare_metal_dir)/targets"
status=0
while read -r target flags; do
    [[ "$target $flags" == *"${1:-}"* ]] || continue
    if ! bare_metal_by_rustup "$target"; then
        # Not the library's fault: a mirror may lack a target that rustup lists. It is said, and what can be checked is.
        echo "not run: $target $flags: rustup cannot fetch it" >&2
        continue
    fi
    if RUSTFLAGS="-D warnings $flags" cargo check --quiet -p soft-dice --lib --target "$target" --target-dir "$dir" </dev/null; then
        echo "checked $target $flags"
    else
        echo "FAILED $target $flags" >&2
        status=1
    fi
done < <(targets)
exit $status
