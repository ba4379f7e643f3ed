#!/usr/bin/env bash
# Builds and runs the C examples.
#
#   capi/check.sh host      examples compiled as C99 without a warning, under valgrind; the header as C++
#   capi/check.sh cmake     find_package in a project of its own, for the PC and for the board; the Zephyr module
#   capi/check.sh board     firmware on the emulated m4: its output is the PC's, and no panic path is linked
#
# The exit code is 0 if all is well.
set -euo pipefail

SOFT_DICE_ROOT=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=../ci/toolchain.sh
. "$SOFT_DICE_ROOT/ci/toolchain.sh"
cd "$SOFT_DICE_ROOT"

capi=$SOFT_DICE_ROOT/capi
build=${CARGO_TARGET_DIR:-$SOFT_DICE_ROOT/target}/capi
strict=(-std=c99 -Wall -Wextra -Wpedantic -Werror -I"$capi/include" -I"$capi/examples")
maps=("$capi/examples/sums.c" "$capi/examples/device_map.S" -Wa,-I"$SOFT_DICE_ROOT/tests/data")
mkdir -p "$build"

# The archive for this machine, with the checks of a debug build: an overflow would end the program.
archive() {
    cargo build --quiet --lib --manifest-path "$capi/Cargo.toml" --target-dir "$build" >&2
    echo "$build/debug/libsoft_dice_capi.a"
}

# The program that board and PC both run, for the PC.
sums() {
    cc "${strict[@]}" -O1 -g "${maps[@]}" "$(archive)" -o "$build/sums"
}

host() {
    bare_metal_tools cc valgrind
    sums
    cc "${strict[@]}" -O1 -g "$capi/examples/score.c" "$(archive)" -o "$build/score"
    valgrind --quiet --error-exitcode=99 --leak-check=full "$build/score" | tee "$build/score.host"
    grep -qF "prints \`$(cat "$build/score.host")\`" docs/c.md || { echo "docs/c.md promises another score" >&2; return 1; }
    valgrind --quiet --error-exitcode=99 --leak-check=full "$build/sums" >"$build/sums.host"
    tail -n 1 "$build/sums.host"
    # C++ reads the header too, if there is a compiler.
    ! command -v c++ >/dev/null || echo '#include "soft_dice.h"' | c++ -x c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror \
        -I"$capi/include" -fsyntax-only -
}

# Configures and builds the examples in directory $1, with more definitions.
project() {
    local directory=$build/$1
    shift
    rm -rf "$directory"
    cmake -S "$capi/examples" -B "$directory" -Dsoft_dice_DIR="$capi/cmake" "$@" >/dev/null
    cmake --build "$directory" >/dev/null
}

cmake_projects() {
    bare_metal_tools cc cmake qemu-system-arm arm-none-eabi-gcc
    # The directories are those of the other parts, so that cargo finds its work done.
    project project -DSOFT_DICE_PROFILE=dev -DSOFT_DICE_BUILD="$build"
    "$build/project/score"
    library
    # CMake knows rustup's cargo; what Debian's compiler built is handed over.
    local found=()
    [ "$BARE_METAL_ROUTE" = rustup ] || found=(-DSOFT_DICE_LIBRARY="$library")
    project firmware -DCMAKE_TOOLCHAIN_FILE="$capi/examples/m4/toolchain.cmake" \
        -DSOFT_DICE_BUILD="$(bare_metal_dir)/capi" "${found[@]}"
    emulate "$build/firmware/score"
    # Zephyr itself is not here: its functions are played, and the core of an nRF52 or STM32F4 is asked for.
    rm -rf "$build/zephyr"
    cmake -S "$capi/examples/zephyr" -B "$build/zephyr" -DMODULE="$SOFT_DICE_ROOT" >/dev/null
    echo "Zephyr: the module links the library of its core"
}

# The archive for the board: $library.
library() {
    local target=thumbv7em-none-eabihf dir
    bare_metal_target $target
    dir=$(bare_metal_dir)/capi
    (cd "$capi" && bare_metal_cargo $target build --quiet --release --lib --target-dir "$dir")
    library=$dir/$target/release/libsoft_dice_capi.a
}

# Links $2… for the board as $1, with more arguments of the linker before them.
firmware() {
    local elf=$1
    shift
    arm-none-eabi-gcc -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16 -Os "${strict[@]}" "$@" "$capi/examples/m4/start.c" \
        "$library" -T "$capi/examples/m4/board.ld" -nostartfiles --specs=rdimon.specs \
        -Wl,--gc-sections,--nmagic,-z,noexecstack -o "$elf"
    # The library brings a panic handler, which nothing must reach.
    if arm-none-eabi-nm "$elf" | grep -i -E 'panic|begin_unwind'; then
        echo "$elf: a panic path is linked" >&2
        return 1
    fi
}

emulate() {
    timeout "${SOFT_DICE_TIMEOUT:-180}" qemu-system-arm -M mps2-an386 -display none -monitor none -serial null \
        -semihosting-config enable=on,target=native -kernel "$1" </dev/null
}

board() {
    local status=0
    bare_metal_tools qemu-system-arm arm-none-eabi-gcc
    library

    # Every function of the header at once: each exists, and none has a panic path.
    local functions
    functions=$(grep -oE '\bsoft_dice_[a-z0-9_]+\(' "$capi/include/soft_dice.h" | tr -d '(' | sort -u)
    # shellcheck disable=SC2046,SC2086 # a list of words
    firmware "$build/all.elf" "$capi/examples/score.c" $(printf -- '-Wl,-u,%s ' $functions)
    echo "m4: $(echo "$functions" | wc -l) functions linked, no panic path"

    firmware "$build/score.elf" "$capi/examples/score.c"
    emulate "$build/score.elf"
    firmware "$build/sums.elf" "${maps[@]}"
    emulate "$build/sums.elf" >"$build/sums.m4" || status=$?
    [ "$status" = 0 ] || { cat "$build/sums.m4"; echo "m4 sums: exit code $status" >&2; return "$status"; }
    sums
    "$build/sums" >"$build/sums.host"
    diff "$build/sums.m4" "$build/sums.host"
    echo "m4: $(wc -l <"$build/sums.m4") lines equal to the PC's, every sum to the bit"
}

case ${1:-} in
    host) host ;;
    cmake) cmake_projects ;;
    board) board ;;
    *) echo "usage: capi/check.sh host|cmake|board" >&2; exit 2 ;;
esac
