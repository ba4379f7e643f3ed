#!/usr/bin/env bash
# The package that docs/firmware.md shows, made from the page alone in a folder outside of the checkout and run on the emulated
# board: what it prints is what the page says.
set -euo pipefail

SOFT_DICE_ROOT=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=toolchain.sh
. "$SOFT_DICE_ROOT/ci/toolchain.sh"
page=$SOFT_DICE_ROOT/docs/firmware.md
target=thumbv7em-none-eabihf

bare_metal_tools qemu-system-arm
bare_metal_target "$target"
beside=$(mktemp -d)
trap 'rm -rf "$beside"' EXIT
ln -s "$SOFT_DICE_ROOT" "$beside/soft-dice"
mkdir -p "$beside/first/src" "$beside/first/.cargo"

# Of its section, a block whose first line names a file is that file.
section=$beside/section
sed -n '/^## A monitor on a board, from nothing$/,/^## What a frame costs$/p' "$page" >"$section"
awk -v folder="$beside/first/" '
    /^```/ { inside = !inside; file = ""; begins = inside; next }
    inside && begins {
        begins = 0
        name = $2
        if (name ~ /^(Cargo\.toml|memory\.x|\.cargo\/config\.toml|src\/main\.rs)$/ && NF <= 3) file = folder name
    }
    inside && file != "" { print >file }' "$section"
# What the page says is printed: the block behind that word.
awk '/^prints$/ { waits = 1; next } waits && /^```/ { if (inside) exit; inside = 1; next } inside { print }' "$section" >"$beside/promised"
[ -s "$beside/promised" ] || { echo "docs/firmware.md does not say what its package prints" >&2; exit 1; }

# The versions that the other firmware was tried with.
cp "$SOFT_DICE_ROOT/examples/firmware/Cargo.lock" "$beside/first/"
cd "$beside/first"
bare_metal_cargo "$target" build --quiet --release --target-dir "$(bare_metal_dir)/first"
timeout 180 qemu-system-arm -M mps2-an386 -display none -monitor none -serial null \
    -semihosting-config enable=on,target=native -kernel "$(bare_metal_dir)/first/$target/release/first" </dev/null >"$beside/printed"
diff "$beside/promised" "$beside/printed"
echo "docs/firmware.md: its package prints what it says, $(wc -l <"$beside/printed") events"
