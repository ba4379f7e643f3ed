#!/usr/bin/env bash
# Makes a folder to be handed on: an archive for each core, the header, licences, pkg-config's files, checksums.
#
#   capi/release.sh FOLDER            all cores
#   capi/release.sh FOLDER m4f m55    these
#
# Needs cargo with Rust's targets for the cores, cmake, and arm-none-eabi-objcopy. An archive that cannot be built ends it.
set -euo pipefail

SOFT_DICE_ROOT=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=../ci/toolchain.sh
. "$SOFT_DICE_ROOT/ci/toolchain.sh"
capi=$SOFT_DICE_ROOT/capi

# Name of the folder, and what a C compiler is told of the core.
cores() {
    cat <<'CORES'
m0 -mcpu=cortex-m0
m0plus -mcpu=cortex-m0plus
m3 -mcpu=cortex-m3
m4 -mcpu=cortex-m4 -mfloat-abi=soft
m4f -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16
m7 -mcpu=cortex-m7 -mfloat-abi=hard -mfpu=fpv5-d16
m7sp -mcpu=cortex-m7 -mfloat-abi=hard -mfpu=fpv5-sp-d16
m33 -mcpu=cortex-m33
m33f -mcpu=cortex-m33 -mfloat-abi=hard -mfpu=fpv5-sp-d16
m55 -mcpu=cortex-m55 -mfloat-abi=hard
m85 -mcpu=cortex-m85 -mfloat-abi=hard
rv32imc -march=rv32imc -mabi=ilp32
rv32imac -march=rv32imac -mabi=ilp32
CORES
}

[ $# -ge 1 ] || { echo "usage: capi/release.sh FOLDER [CORE…]: $(cores | cut -d' ' -f1 | tr '\n' ' ')" >&2; exit 2; }
folder=$1
shift
chosen=("$@")
[ "${#chosen[@]}" != 0 ] || mapfile -t chosen < <(cores | cut -d' ' -f1)
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$capi/Cargo.toml")

bare_metal_tools cmake arm-none-eabi-objcopy
mkdir -p "$folder"
[ -z "$(ls -A "$folder")" ] || { echo "$folder is not empty" >&2; exit 2; }
folder=$(cd "$folder" && pwd)
mkdir "$folder/include"
cp "$capi/include/soft_dice.h" "$folder/include/"
cp "$SOFT_DICE_ROOT/LICENSE-APACHE" "$SOFT_DICE_ROOT/LICENSE-MIT" "$SOFT_DICE_ROOT/docs/c.md" "$folder/"

for core in "${chosen[@]}"; do
    flags=$(cores | sed -n "s/^$core //p")
    [ -n "$flags" ] || { echo "no core $core: $(cores | cut -d' ' -f1 | tr '\n' ' ')" >&2; exit 2; }
    mapfile -t told < <(cmake -DFLAGS="$flags" -P "$capi/cmake/core.print.cmake")
    target=${told[0]}
    bare_metal_target "$target"
    # Where SOFT_DICE_BUILD names folders, they keep what was built: capi/check.sh does.
    build=${SOFT_DICE_BUILD:-$(bare_metal_dir)/capi-release}-$core
    # SOFT_DICE_CARGO are more options of cargo.
    # shellcheck disable=SC2086 # a list of words
    (cd "$capi" && RUSTFLAGS="${told[1]:-}" bare_metal_cargo "$target" rustc --quiet --release --lib --crate-type staticlib --target-dir "$build" \
        ${SOFT_DICE_CARGO:-})
    mkdir -p "$folder/lib/$core/pkgconfig"
    cp "$build/$target/release/libsoft_dice_capi.a" "$folder/lib/$core/libsoft_dice.a"
    case $target in
        # Another Rust archive beside it has a panic handler of the same name.
        thumb*) arm-none-eabi-objcopy -w --weaken-symbol='*rust_begin_unwind' "$folder/lib/$core/libsoft_dice.a" ;;
    esac
    cat >"$folder/lib/$core/pkgconfig/soft_dice.pc" <<PC
prefix=\${pcfiledir}/../../..
Name: soft_dice
Description: Soft Dice over streaming pixel buffers: scores, and quality in the field
Version: $version
Cflags: -I\${prefix}/include
Libs: -L\${prefix}/lib/$core -lsoft_dice
PC
    echo "$core: $flags: $target ${told[1]:-}" | tee -a "$folder/CORES"
done
(cd "$folder" && find . -type f ! -name SHA256SUMS | LC_ALL=C sort | xargs sha256sum >SHA256SUMS)
echo "soft_dice $version: $(ls "$folder/lib" | wc -l) archives in $folder"
