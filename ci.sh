#!/usr/bin/env bash
# All checks: ./ci.sh. Parts: ./ci.sh host | bare | boards | capi | fuzz (fuzz is not part of all).
#
#   host     format, lints, tests on every backend of this CPU and on swar, docs, examples, features
#   bare     no_std builds for bare-metal targets, each feature alone; WebAssembly under an engine
#   boards   firmware on emulated boards, proofs, instruction counts
#   capi     the C interface: header, C programs on this machine and on an emulated board, MISRA, CMake, Zephyr, sizes
#   fuzz     a minute on each fuzz target, three on those of the command (nightly and cargo-fuzz)
#
# What cannot run here is printed as `not run: reason` and counted; with CI=true it fails.
set -uo pipefail

SOFT_DICE_ROOT=$(cd "$(dirname "$0")" && pwd)
cd "$SOFT_DICE_ROOT" || exit 1
. ci/toolchain.sh

passed=0 failed=0 skipped=0
# What failed, said again at the end: what it printed may be far above.
faults=()

step() {
    local name=$1 start=$SECONDS
    shift
    echo "== $name"
    if "$@"; then
        echo "   ok: $name ($((SECONDS - start)) s)"
        passed=$((passed + 1))
    else
        echo "   FAILED: $name ($((SECONDS - start)) s)"
        failed=$((failed + 1))
        faults+=("FAILED: $name")
    fi
}

not_run() {
    echo "not run: $1"
    if [ "${CI:-}" = true ]; then
        failed=$((failed + 1))
        faults+=("FAILED: not run: $1")
    else
        skipped=$((skipped + 1))
    fi
}

# A full disk fails every step after it, each with words of its own: what was free at the start is said first, and again
# beside the failures. All checks together write about 20 GiB where nothing was built before.
written=20
free_disk() {
    df -Pk . | awk 'NR == 2 { print int($4 / 1048576) }'
}

# What the features add: the tests that know of them. All others ran in `cargo test`.
tests_features() {
    cargo test --quiet -p soft-dice --features defmt,serde,micromath --lib --test monitor --test score --test activation --test logged -- --show-output
}

# The loops of a plain microcontroller, on this machine: a build of its own. They are inlined into every caller, so that the
# table of all pairs would take one compiler 8 GiB: the boards compare those. Every backend that this CPU has is walked by
# the tests themselves, in one process.
tests_swar() {
    RUSTFLAGS="${RUSTFLAGS:-} --cfg soft_dice_backend=\"swar\"" CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/swar" \
        cargo test --quiet -p soft-dice --lib --test bad_input -- --show-output
}

# `print` features of the manifest, one a line.
features() {
    sed -n '/^\[features\]/,/^\[/s/^\([a-z0-9_-]*\) = .*/\1/p' Cargo.toml | grep -v '^default$'
}

# The oldest compiler that the manifest promises, where rustup has it or can fetch it.
oldest_compiler() {
    oldest=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    command -v rustup >/dev/null &&
        { rustup run "$oldest" rustc --version >/dev/null 2>&1 ||
            RUSTUP_MAX_RETRIES=0 alone timeout 120 rustup toolchain install "$oldest" --profile minimal >/dev/null 2>&1; }
}

# The command, as a user's build has it but for the time that optimising takes.
command_tests() {
    cargo test --quiet -p soft-dice-cli -- --show-output
}

# Every test of the library with the memory around each buffer watched: an access beyond an end ends the run.
tests_watched() {
    local host
    host=$(rustc +nightly -vV | sed -n 's/^host: //p')
    RUSTFLAGS="-Zsanitizer=address" CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/watched" \
        cargo +nightly test --quiet -p soft-dice --target "$host" --lib --tests
}

# A Python with a database that knows nothing of this program: records of many machines are pooled in it.
python_with_duckdb() {
    local folder
    folder=$(realpath -m "${CARGO_TARGET_DIR:-target}/duckdb")
    command -v python3 >/dev/null || return 1
    [ -x "$folder/bin/python" ] || python3 -m venv "$folder" || return 1
    "$folder/bin/python" -c 'import duckdb' 2>/dev/null ||
        "$folder/bin/python" -m pip install --quiet 'duckdb>=1,<2' || return 1
    export SOFT_DICE_PYTHON="$folder/bin/python"
}

# What was begun before, with what it printed.
begun() {
    local status=0
    wait "$1" || status=$?
    [ "$status" = 0 ] || cat "$2"
    rm -f "$2"
    return "$status"
}

host() {
    # What README and CONTRIBUTING tell a newcomer to run first.
    step "cargo test" cargo test --quiet -- --show-output
    step "format" cargo fmt --all --check
    step "lints, library alone" cargo clippy -p soft-dice --lib -- -D warnings
    # The benches' peers are C that compiles for minutes on one core; the other does the rest meanwhile.
    local benches printed
    printed=$(mktemp)
    CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/benches" \
        cargo clippy -p soft-dice-benches -p soft-dice-peers --all-targets -- -D warnings >"$printed" 2>&1 </dev/null &
    benches=$!
    step "lints, all targets" \
        cargo clippy --workspace --exclude soft-dice-benches --exclude soft-dice-peers --all-targets --features soft-dice/defmt,soft-dice/serde,soft-dice/micromath -- -D warnings
    step "docs" env RUSTDOCFLAGS="-D warnings" cargo doc -p soft-dice -p soft-dice-cli --no-deps --features soft-dice/defmt,soft-dice/serde,soft-dice/micromath
    step "tests, features defmt, serde and micromath" tests_features
    step "tests, backend swar" tests_swar
    for feature in $(features); do
        step "feature $feature alone" cargo check -p soft-dice --lib --features "$feature"
    done
    # Not a failure in CI: a machine has the compiler it has, and this one may be out of reach.
    if oldest_compiler; then
        step "oldest compiler, $oldest" \
            cargo "+$oldest" check -p soft-dice --lib --features defmt,serde,micromath --target-dir target/oldest
    else
        echo "not run: no Rust $oldest, and none to be fetched"
        skipped=$((skipped + 1))
    fi
    # The pages are opened in it: without one their tests fail in CI.
    bare_metal_tools chromium || not_run "pages in a browser: no chromium"
    python_with_duckdb || not_run "records in a database: no python3 with venv, or no DuckDB to be fetched"
    step "command soft-dice" command_tests
    step "lints, benches" begun "$benches" "$printed"
    step "example score" cargo run --quiet --release -p soft-dice --example score
    step "example watch" cargo run --quiet --release -p soft-dice --example watch
    if command -v python3 >/dev/null; then
        step "Python package" python/check.sh
    else
        not_run "Python package: no python3"
    fi
    # Without the data it says that it was not run.
    step "example field" cargo run --quiet --release -p soft-dice --example field -- --check
}

bare() {
    local target feature
    if command -v rustup >/dev/null; then
        step "every target, warnings as errors" ci/targets.sh
    else
        not_run "every target: no rustup"
    fi
    for target in thumbv6m-none-eabi thumbv7em-none-eabihf thumbv8m.main-none-eabihf riscv32imac-unknown-none-elf; do
        if ! bare_metal_target "$target"; then
            not_run "no compiler for $target"
            continue
        fi
        local dir
        dir="$(bare_metal_dir)/lib"
        step "no_std $target" bare_metal_cargo "$target" build --quiet --release --target-dir "$dir"
        for feature in $(features); do
            step "no_std $target, feature $feature alone" \
                bare_metal_cargo "$target" build --quiet --release --target-dir "$dir" --features "$feature"
        done
    done
    if command -v rustup >/dev/null && command -v python3 >/dev/null; then
        step "every sum under a WebAssembly engine" ci/wasm.sh
    else
        not_run "WebAssembly: no rustup, or no python3"
    fi
}

boards() {
    local board
    if ! bare_metal_tools qemu-system-arm qemu-system-aarch64 qemu-system-riscv32; then
        not_run "boards: no emulator"
        return
    fi
    step "format, firmware" cargo fmt --all --check --manifest-path examples/firmware/Cargo.toml
    for board in m0 m3 m4 m7 m33 m55 a53 a76 rv32; do
        step "board $board, agree" examples/firmware/run.sh "$board" agree
    done
    step "boards, instruction counts" ci/counts.sh
    step "boards, instruction counts of logits" ci/logits.sh
    step "board m4, the package of docs/firmware.md" ci/first.sh
    step "board m4, monitor" examples/firmware/run.sh m4 monitor
    step "board m4, watch" examples/firmware/run.sh m4 watch
    step "board m4, a state in a static, by critical sections" examples/firmware/run.sh m4 interrupt
    step "board m4, a state in a static, by embassy" examples/firmware/run.sh m4 task
    step "board m4, round trip from Rust" examples/firmware/run.sh m4 trip
    step "board m4, round trip from Rust through defmt" examples/firmware/run.sh m4 trip-defmt
    for board in m0 m4 m55; do
        step "board $board, sight" examples/firmware/run.sh "$board" sight
    done
    # The model is no part of the project, so that its absence is no failure.
    if [ -n "${SOFT_DICE_DATA:-}" ]; then
        step "board m7, bodypix" examples/firmware/run.sh m7 bodypix
    else
        echo "not run: board m7, bodypix: SOFT_DICE_DATA names no data"
        skipped=$((skipped + 1))
    fi
    step "board m4, agree, the short loops of opt-level s" \
        env CARGO_PROFILE_RELEASE_OPT_LEVEL=s examples/firmware/run.sh m4 agree
    step "proofs: no panic path, every public call, text, stack" ci/proofs.sh
}

# Its tests write the header anew, for which cbindgen builds once more: in the same directory.
capi_cargo() {
    local command=$1
    shift
    CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$SOFT_DICE_ROOT/target}/capi" \
        cargo "$command" --quiet --manifest-path capi/Cargo.toml "$@"
}

capi() {
    step "format, C interface" cargo fmt --all --check --manifest-path capi/Cargo.toml
    step "format, another Rust archive" cargo fmt --all --check --manifest-path capi/examples/other/Cargo.toml
    step "lints, C interface" capi_cargo clippy --all-targets -- -D warnings
    step "C interface: header, every pair, docs/c.md" capi_cargo test
    local part
    for part in "host cc valgrind" "misra cppcheck" "board qemu-system-arm arm-none-eabi-gcc" \
        "cmake cc cmake qemu-system-arm arm-none-eabi-gcc" "sizes qemu-system-arm arm-none-eabi-gcc"; do
        # shellcheck disable=SC2086 # a list of words
        if bare_metal_tools ${part#* }; then
            step "C programs, ${part%% *}" capi/check.sh "${part%% *}"
        else
            not_run "C programs, ${part%% *}: tools are missing"
        fi
    done
}

# Inputs of any length at once, and no allocation that the input does not account for: a file here is of a few KiB, and
# one of 64 MiB from it is believed a lie. Leaks are not looked for, which takes longer than a run does.
fuzz() {
    command -v cargo-fuzz >/dev/null || {
        not_run "cargo-fuzz is missing: cargo install cargo-fuzz"
        return
    }
    cargo +nightly --version >/dev/null 2>&1 || {
        not_run "no nightly compiler: rustup toolchain install nightly"
        return
    }
    # Every load of every backend, with the memory around each buffer watched.
    step "tests under AddressSanitizer" tests_watched
    local target seconds seed
    for target in $(cd fuzz && cargo +nightly fuzz list); do
        # From nothing it would take a minute to find that inputs may be long.
        mkdir -p "fuzz/corpus/$target"
        for seed in {1..64}; do
            head -c $((seed * 32)) /dev/urandom >"fuzz/corpus/$target/seed$seed"
        done
        case $target in cli_*) seconds=180 ;; *) seconds=60 ;; esac
        step "fuzz $target" cargo +nightly fuzz run --fuzz-dir fuzz "$target" -- \
            -max_total_time="$seconds" -len_control=0 -malloc_limit_mb=64 -detect_leaks=0
    done
}

# What is for bare metal beside what is for the host and for C: most of either keeps one core busy, and they take about as long. The
# first is printed when it is done.
all() {
    local printed counts other more ended
    printed=$(mktemp)
    counts=$(mktemp)
    (
        bare
        boards
        printf '%s\n' "$passed $failed $skipped" "${faults[@]}" >"$counts"
    ) >"$printed" 2>&1 </dev/null &
    other=$!
    host
    capi
    wait "$other"
    cat "$printed"
    mapfile -t ended <"$counts"
    # Nothing is in it where the other side did not come to its end: that is a failure.
    [ "${#ended[@]}" != 0 ] || ended=("0 1 0" "FAILED: bare metal came to no end")
    read -ra more <<<"${ended[0]}"
    faults+=("${ended[@]:1}")
    rm -f "$printed" "$counts"
    passed=$((passed + more[0])) failed=$((failed + more[1])) skipped=$((skipped + more[2]))
}

# Each run in CI is the first in its folder, where what incremental builds keep is 3 GiB that nothing reads.
[ "${CI:-}" != true ] || export CARGO_INCREMENTAL=0
free=$(free_disk)
echo "disk: $free GiB free, of which all checks in a folder without builds take about $written"
case ${1:-all} in
    host) host ;;
    bare) bare ;;
    boards) boards ;;
    capi) capi ;;
    fuzz) fuzz ;;
    all) all ;;
    *) echo "usage: ./ci.sh [host|bare|boards|capi|fuzz]" >&2; exit 2 ;;
esac

echo
[ "$failed" = 0 ] || printf '%s\n' "${faults[@]}"
if [ "$failed" != 0 ] && [ "$free" -lt "$written" ]; then
    echo "the disk had $free GiB free at the start and has $(free_disk) now: too few for all checks"
fi
echo "ci: $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
