#!/usr/bin/env bash
# Builds and runs the C programs.
#
#   capi/check.sh host      compiled by every standard of C and C++ without a warning; run under valgrind and AddressSanitizer
#   capi/check.sh misra     cppcheck's MISRA C:2012 over the header and a program that uses it, against capi/misra.txt
#   capi/check.sh cmake     find_package in a project of its own, for the PC and for boards; the Zephyr module and its samples
#   capi/check.sh board     firmware on the emulated m4: its output is the PC's, no panic path is linked, beside another Rust
#                           archive it links, and what it logs is what the host saw
#   capi/check.sh sizes     text and stack of the functions, instructions of a call, against ci/sizes.txt (--write accepts today's)
#
# The exit code is 0 if all is well.
set -euo pipefail

SOFT_DICE_ROOT=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=../ci/toolchain.sh
. "$SOFT_DICE_ROOT/ci/toolchain.sh"
# shellcheck source=../ci/trip.sh
. "$SOFT_DICE_ROOT/ci/trip.sh"
cd "$SOFT_DICE_ROOT"

capi=$SOFT_DICE_ROOT/capi
build=${CARGO_TARGET_DIR:-$SOFT_DICE_ROOT/target}/capi
warnings=(-Wall -Wextra -Wpedantic -Werror -I"$capi/include" -I"$capi/examples")
strict=(-std=c99 "${warnings[@]}")
maps=("$capi/examples/sums.c" "$capi/examples/device_map.S" -Wa,-I"$SOFT_DICE_ROOT/tests/data")
# What the boards and the PC both run: each must print the same.
programs=(sums watches pairs many tables logits)
mkdir -p "$build"

# The sources of a program.
sources() {
    case $1 in
        sums) sources=("${maps[@]}") ;;
        *) sources=("$capi/examples/$1.c") ;;
    esac
}

# The archive for this machine, with the checks of a debug build: an overflow would end the program.
archive() {
    cargo build --quiet --lib --manifest-path "$capi/Cargo.toml" --target-dir "$build" >&2
    archive=$build/debug/libsoft_dice_capi.a
}

# A program for the PC, with more options of the compiler.
for_pc() {
    local program=$1
    shift
    sources "$program"
    cc "${strict[@]}" -O1 -g "$@" "${sources[@]}" "$archive" -o "$build/$program"
}

# The header and a program that names every initialiser, by every standard that the compiler knows.
standards() {
    local standard compiled=0
    for standard in c99 c11 c17 c2x c23; do
        echo 'int main(void) { return 0; }' | cc -x c -std=$standard -fsyntax-only - 2>/dev/null || continue
        cc -std=$standard "${warnings[@]}" -Wc++-compat -Wconversion -fsyntax-only "$capi/examples/initialisers.c"
        compiled=$((compiled + 1))
    done
    if command -v c++ >/dev/null; then
        for standard in c++11 c++14 c++17 c++20 c++2b c++23; do
            echo 'int main() { return 0; }' | c++ -x c++ -std=$standard -fsyntax-only - 2>/dev/null || continue
            c++ -x c++ -std=$standard "${warnings[@]}" -fsyntax-only "$capi/examples/initialisers.c"
            compiled=$((compiled + 1))
        done
    fi
    echo "header: $compiled standards of C and C++ without a warning"
}

host() {
    bare_metal_tools cc valgrind
    standards
    archive
    local program
    for program in score watch "${programs[@]}"; do
        for_pc "$program"
        # Memory that a Rust value leaves between its fields is no number to valgrind; the seal counts it all the same.
        valgrind --quiet --error-exitcode=99 --leak-check=full --suppressions="$capi/valgrind.supp" \
            "$build/$program" >"$build/$program.host"
        tail -n 1 "$build/$program.host"
        # Every byte that C hands over, with the memory around it watched.
        for_pc "$program" -fsanitize=address,undefined -fno-sanitize-recover=all
        "$build/$program" >"$build/$program.watched"
        cmp "$build/$program.host" "$build/$program.watched"
    done
    covered
    promised
}

# Every function of the header is called by one of the programs.
covered() {
    local called=$build/called function calls missing=""
    for program in score watch "${programs[@]}"; do
        cc -E -P "${strict[@]}" "$capi/examples/$program.c"
    done >"$called"
    for function in $(functions); do
        # Each program declares it once.
        calls=$(grep -o "\b$function(" "$called" | wc -l)
        [ "$calls" -gt $((2 + ${#programs[@]})) ] || missing="$missing $function"
    done
    [ -z "$missing" ] || { echo "no program calls$missing" >&2; return 1; }
    echo "header: $(functions | wc -l) functions, each called by a program"
}

functions() { sed -n 's/.*\b\(soft_dice_[a-z0-9_]*\)(.*/\1/p' "$capi/include/soft_dice.h" | sort -u; }

# What docs/c.md says that the programs print.
promised() {
    local program line
    for program in score watch; do
        while read -r line; do
            grep -qF "$line" docs/c.md || { echo "docs/c.md does not promise what $program prints: $line" >&2; return 1; }
        done <"$build/$program.host"
    done
}

# A rule that is broken, a line: <rule> <file>.
misra() {
    bare_metal_tools cppcheck
    local found=$build/misra.found
    local program
    # One at a time: the two of them are no one program.
    for program in initialisers watch; do
        cppcheck --quiet --addon=misra --std=c99 --suppress=missingIncludeSystem --force -I"$capi/include" \
            --template='{id} {file}' "$capi/examples/$program.c" 2>&1
    done >"$build/misra.log"
    sed -n "s|^misra-c2012-\([0-9.]*\) .*/|\1 |p" "$build/misra.log" | sort -u >"$found"
    [ -s "$found" ] || { echo "cppcheck found nothing at all: is its addon misra there?" >&2; cat "$build/misra.log" >&2; return 1; }
    # What it says beside the rules is a defect.
    if grep -v -e '^misra-' -e '^$' "$build/misra.log"; then
        echo "cppcheck has found more than broken rules" >&2
        return 1
    fi
    # Each line of the list: rule, file, reason.
    if sed -n 's/^\([0-9][0-9.]* [a-z_.]*\)  *.*/\1/p' "$capi/misra.txt" | sort -u | diff - "$found"; then
        echo "MISRA C:2012: $(wc -l <"$found") deviations, each with its reason in capi/misra.txt"
    else
        echo "capi/misra.txt lists other deviations: < is listed, > is found" >&2
        return 1
    fi
}

# Configures and builds the examples in directory $1, with more definitions.
project() {
    local directory=$build/$1
    shift
    rm -rf "$directory"
    cmake -S "$capi/examples" -B "$directory" -Dsoft_dice_DIR="$capi/cmake" "$@" >"$directory.log" &&
        cmake --build "$directory" >>"$directory.log" || { cat "$directory.log" >&2; return 1; }
}

cmake_projects() {
    bare_metal_tools cc cmake qemu-system-arm arm-none-eabi-gcc
    cmake -P "$capi/cmake/core.test.cmake"
    # The directories are those of the other parts, so that cargo finds its work done.
    project project -DSOFT_DICE_PROFILE=dev -DSOFT_DICE_BUILD="$build"
    "$build/project/score"
    library thumbv7em-none-eabihf
    # CMake knows rustup's cargo; what Debian's compiler built is handed over.
    local found=()
    [ "$BARE_METAL_ROUTE" = rustup ] || found=(-DSOFT_DICE_LIBRARY="$library")
    project firmware -DCMAKE_TOOLCHAIN_FILE="$capi/examples/m4/toolchain.cmake" \
        -DSOFT_DICE_BUILD="$(bare_metal_dir)/capi" "${found[@]}"
    emulate mps2-an386 "$build/firmware/score"
    cores
    # Zephyr itself is not here: its functions are played, and the core of an nRF52 or STM32F4 is asked for.
    rm -rf "$build/zephyr"
    cmake -S "$capi/examples/zephyr" -B "$build/zephyr" -DMODULE="$SOFT_DICE_ROOT" >/dev/null
    echo "Zephyr: the module links the library of its core"
}

# What -mcpu says reaches rustc, and the archive of that core runs on it.
cores() {
    local name machine flags target
    while read -r name machine target flags; do
        # Where rustup has no such target, the table of cmake/core.test.cmake alone says what would be asked of it.
        bare_metal_by_rustup "$target" || { echo "not run: $name: rustup has no $target"; continue; }
        BARE_METAL_ROUTE=rustup
        project "core-$name" -DSOFT_DICE_CLOCK=32000000 -DCMAKE_TOOLCHAIN_FILE="$capi/examples/cores/toolchain.cmake" -DSOFT_DICE_FLAGS="$flags" \
            -DSOFT_DICE_BOARD="$name" -DSOFT_DICE_BUILD="$(bare_metal_dir)/capi-$name" -DSOFT_DICE_UPDATE=OFF
        emulate "$machine" "$build/core-$name/score"
        case $name in
            # A loop of vectors of bytes, which no other core has.
            m55) disassembled "$build/core-$name/score" | grep -E 'wlstp\.8' >/dev/null ;;
            m4) ! disassembled "$build/core-$name/score" | sed -n '/<soft_dice_/,/^$/p' | grep -E '\bv(ldr|add|mul|cvt|mov)\.' ;;
            m33) disassembled "$build/core-$name/score" | grep -E '\bsmlad\b|\busada8\b|\buxtab16\b' >/dev/null ;;
        esac || { echo "$name: not the instructions of its core" >&2; return 1; }
        [ "$name" != m55 ] || as_many_as_rust "$machine" "$build/core-$name/count"
        echo "core $name: $flags: built by CMake, run, with the instructions of its core"
    done <<'CORES'
m4 mps2-an386 thumbv7em-none-eabi -mcpu=cortex-m4 -mfloat-abi=soft
m33 mps2-an505 thumbv8m.main-none-eabi -mcpu=cortex-m33
m55 mps3-an547 thumbv8m.main-none-eabihf -mcpu=cortex-m55 -mfloat-abi=hard
CORES
    [ ! -d "$build/core-m33" ] || release
}

# A call with 4096 pixels takes at most a tenth more instructions than the same call from Rust, which benches/counts.txt has.
as_many_as_rust() {
    local count
    count=$(timeout 60 qemu-system-arm -M "$1" -icount shift=7 -display none -monitor none -serial null \
        -semihosting-config enable=on,target=native -kernel "$2" </dev/null)
    awk -v count="$count" '
        $1 == "rustup" && $2 == "m55" && $3 == "i8_nonzero" { rust = $4 }
        END {
            ours = count / 4096
            printf "m55: i8 against a mask, %.3f instructions a pixel from C, %.3f from Rust\n", ours, rust
            exit !(rust > 0 && ours > 0 && ours <= rust * 1.1)
        }' benches/counts.txt
}

# A folder to be handed on, of archives that are built already: its checksums hold, and pkg-config's file says where each lies.
release() {
    local folder=$build/release
    rm -rf "$folder"
    SOFT_DICE_BUILD=$(bare_metal_dir)/capi SOFT_DICE_CARGO=--no-default-features "$capi/release.sh" "$folder" m4 m33 m55
    (cd "$folder" && sha256sum --quiet -c SHA256SUMS)
    cmp "$folder/include/soft_dice.h" "$capi/include/soft_dice.h"
    local core archive
    for core in m4 m33 m55; do
        archive=$folder/lib/$core/libsoft_dice.a
        grep -q "^Libs: .*/lib/$core -lsoft_dice" "$folder/lib/$core/pkgconfig/soft_dice.pc"
        arm-none-eabi-nm "$archive" 2>/dev/null | grep ' T soft_dice_watch_frame_i8' >/dev/null
        # The panic handler is weak, or it is not there at all, because nothing reaches it.
        if arm-none-eabi-nm "$archive" 2>/dev/null | grep ' T .*rust_begin_unwind'; then
            echo "$archive: another Rust archive beside it would not link" >&2
            return 1
        fi
    done
    # What was built for a core has its instructions.
    disassembled "$folder/lib/m55/libsoft_dice.a" 2>/dev/null | grep -E 'wlstp\.8' >/dev/null
    if disassembled "$folder/lib/m33/libsoft_dice.a" 2>/dev/null | grep -E 'wlstp\.8'; then
        echo "the archive of m33 has instructions that its core has not" >&2
        return 1
    fi
}

disassembled() { arm-none-eabi-objdump -d --no-show-raw-insn "$1"; }

# The archive for a target: $library. Options of rustc come from RUSTFLAGS.
library() {
    local target=$1 dir
    bare_metal_target "$target"
    dir=$(bare_metal_dir)/capi
    (cd "$capi" && bare_metal_cargo "$target" rustc --quiet --release --lib --crate-type staticlib --target-dir "$dir")
    library=$dir/$target/release/libsoft_dice_capi.a
    # As capi/cmake does, so that another Rust archive may be linked beside it.
    arm-none-eabi-objcopy -w --weaken-symbol='*rust_begin_unwind' "$library"
}

# Links $2… for the board as $1, with more arguments of the linker before them.
link() {
    local elf=$1
    shift
    arm-none-eabi-gcc -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16 -Os "${strict[@]}" "$@" "$capi/examples/m4/start.c" \
        "$library" -T "$capi/examples/m4/board.ld" -nostartfiles --specs=rdimon.specs \
        -Wl,--gc-sections,--nmagic,-z,noexecstack -o "$elf"
}

# The same, and nothing in it leads to a panic.
firmware() {
    local elf=$1
    link "$@"
    # The library brings a panic handler, which nothing must reach.
    if arm-none-eabi-nm "$elf" | grep -i -E 'panic|begin_unwind'; then
        echo "$elf: a panic path is linked" >&2
        return 1
    fi
}

emulate() {
    timeout "${SOFT_DICE_TIMEOUT:-180}" qemu-system-arm -M "$1" -display none -monitor none -serial null \
        -semihosting-config enable=on,target=native -kernel "$2" </dev/null
}

board() {
    bare_metal_tools cc qemu-system-arm arm-none-eabi-gcc
    library thumbv7em-none-eabihf
    archive
    local program status
    for program in score watch "${programs[@]}"; do
        sources "$program"
        firmware "$build/$program.elf" "${sources[@]}"
        status=0
        emulate mps2-an386 "$build/$program.elf" >"$build/$program.m4" || status=$?
        [ "$status" = 0 ] || { cat "$build/$program.m4"; echo "m4 $program: exit code $status" >&2; return "$status"; }
        for_pc "$program"
        "$build/$program" >"$build/$program.host"
        diff "$build/$program.m4" "$build/$program.host"
        echo "m4 $program: $(wc -l <"$build/$program.m4") lines equal to the PC's"
    done
    two_archives
    round_trip
}

# Recording → settings → firmware → log → page: every report, event and sum of the board is the host's.
round_trip() {
    bare_metal_tools python3
    local trip=$build/trip
    trip_settings "$trip"
    firmware "$build/trip.elf" -I"$trip" "$capi/examples/round_trip.c" "$capi/examples/recording.S" \
        -Wa,-I"$SOFT_DICE_ROOT/tests/data"
    emulate mps2-an386 "$build/trip.elf" >"$trip/device.bin"
    trip_compare "$trip"
}

# Another Rust archive brings a panic handler too, and functions of its own language: both link in one image, and run.
two_archives() {
    local target=thumbv7em-none-eabihf dir
    dir=$(bare_metal_dir)/capi-other
    (cd "$capi/examples/other" && bare_metal_cargo "$target" build --quiet --release --target-dir "$dir")
    # The other one first, so that its handler is there when the library comes.
    arm-none-eabi-gcc -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16 -Os "${strict[@]}" "$capi/examples/other/two.c" \
        "$capi/examples/m4/start.c" "$dir/$target/release/libother.a" "$library" -T "$capi/examples/m4/board.ld" \
        -nostartfiles --specs=rdimon.specs -Wl,--gc-sections,--nmagic,-z,noexecstack -o "$build/two.elf"
    emulate mps2-an386 "$build/two.elf"
}

# What the short way costs, and what each function of the header reaches: lines like those of ci/proofs.sh, with c/ before the
# compiler's name.
sizes() {
    bare_metal_tools qemu-system-arm arm-none-eabi-gcc
    local target=thumbv7em-none-eabihf dir table=$SOFT_DICE_ROOT/ci/sizes.txt none alone lines
    bare_metal_target "$target"
    dir=$(bare_metal_dir)/capi-s
    (cd "$capi" && CARGO_PROFILE_RELEASE_OPT_LEVEL=s bare_metal_cargo "$target" rustc --quiet --release --lib --crate-type staticlib --target-dir "$dir")
    library=$dir/$target/release/libsoft_dice_capi.a
    arm-none-eabi-objcopy -w --weaken-symbol='*rust_begin_unwind' "$library"
    text() { arm-none-eabi-size "$1" | awk 'NR == 2 { print $1 }'; }
    firmware "$build/cost0.elf" -DCALLS=0 "$capi/examples/cost.c"
    firmware "$build/cost1.elf" -DCALLS=1 "$capi/examples/cost.c"
    firmware "$build/cost2.elf" -DCALLS=2 "$capi/examples/cost.c"
    none=$(text "$build/cost0.elf")
    alone=$(text "$build/cost1.elf")
    # A call of no pixel, in instructions: one is 128 ns, and a tick of the 25 MHz clock 40.
    local fixed
    fixed=$(timeout 60 qemu-system-arm -M mps2-an386 -icount shift=7 -display none -monitor none -serial null \
        -semihosting-config enable=on,target=native -kernel "$build/cost2.elf" </dev/null)
    # shellcheck disable=SC2046 # lists of words
    # At "s" the length of a `zip` of chunks stays a function of its own in `core`, which asks whether a constant is 0: of all
    # calls together that one way to a panic is linked, which nothing can take.
    link "$build/all.elf" $(printf -- '-Wl,--undefined=%s ' $(functions)) -DCALLS=0 "$capi/examples/cost.c"
    lines=$(
        echo "alone i8_mask_dice $((alone - none))"
        echo "fixed add_i8_mask $fixed"
        # shellcheck disable=SC2046 # a list of words
        (cd "$SOFT_DICE_ROOT/examples/firmware" && disassembled "$build/all.elf" | host_tool proofs calls $(functions)) |
            sed 's/^/call /'
    )
    if [ "${1:-}" = --write ]; then
        {
            grep -v "^c/$BARE_METAL_ROUTE " "$table"
            echo "$lines" | awk -v r="c/$BARE_METAL_ROUTE" '{ print r, $1, $2, $3, $1 == "call" ? $4 : "" }' | sed 's/ $//'
        } | awk '/^#/ { print; next } { print | "LC_ALL=C sort" }' >"$table.new"
        mv "$table.new" "$table"
    fi
    echo "$lines" | awk -v table="$table" -v route="c/$BARE_METAL_ROUTE" '
        BEGIN { while ((getline line < table) > 0) { split(line, f, " "); if (f[1] == route) { key = f[2] " " f[3]; text[key] = f[4]; stack[key] = f[5] } } }
        {
            key = $1 " " $2
            verdict = "ok"
            if (!(key in text)) verdict = "not in the table"
            else if ($3 > text[key] * 1.05) verdict = "grew from " text[key]
            else if ($1 == "call" && $4 > stack[key] * 1.05) verdict = "stack grew from " stack[key]
            # What was promised of the short way.
            if (key == "alone i8_mask_dice" && $3 > 2048) verdict = "text over 2048"
            if (key == "fixed add_i8_mask" && $3 > 250) verdict = "over 250 instructions"
            if (verdict != "ok") { bad = 1; print "C " $0 ": " verdict }
            else if ($1 != "call") print "C " $0 ": ok"
            calls += $1 == "call"
        }
        END { print "C: " calls " functions in ci/sizes.txt"; exit bad }'
}

case ${1:-} in
    host) host ;;
    misra) misra ;;
    cmake) cmake_projects ;;
    board) board ;;
    sizes) sizes "${2:-}" ;;
    *) echo "usage: capi/check.sh host|misra|cmake|board|sizes" >&2; exit 2 ;;
esac
