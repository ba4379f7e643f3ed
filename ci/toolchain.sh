# Building for bare metal; sourced by ci.sh and examples/firmware/run.sh.
#
#   bare_metal_tools TOOL…            make sure these commands exist (qemu-system-arm, arm-none-eabi-objdump …)
#   bare_metal_target TARGET          decide how TARGET is built; sets BARE_METAL_ROUTE, prints it once
#   bare_metal_cargo TARGET ARG…      run cargo for TARGET the way that was decided; give it a --target-dir
#   bare_metal_dir                    where that route keeps its target directories
#   host_tool PROGRAM ARG…            the host's side of the boards, run from examples/firmware
#
# Two routes. With rustup the target is fetched (or is there already). Where rustup is missing or can fetch nothing,
# Debian's compiler builds `core` from its own source package. SOFT_DICE_ROUTE=rustup or =debian forces one.
# The compilers differ, so each route keeps a target directory of its own.

# Debian's package for each command; anything else is a package of its own name.
bare_metal_package() {
    case $1 in
        qemu-system-arm | qemu-system-aarch64) echo qemu-system-arm ;;
        qemu-system-riscv32) echo qemu-system-misc ;;
        arm-none-eabi-gcc) echo "gcc-arm-none-eabi libnewlib-arm-none-eabi" ;;
        s390x-linux-gnu-gcc) echo "gcc-s390x-linux-gnu libc6-dev-s390x-cross" ;;
        qemu-s390x) echo qemu-user ;;
        arm-none-eabi-*) echo binutils-arm-none-eabi ;;
        ld.lld) echo lld ;;
        cc) echo "gcc libc6-dev" ;;
        *) echo "$1" ;;
    esac
}

# One installation at a time: parts of the checks run side by side, and neither apt nor rustup waits for another.
alone() {
    if command -v flock >/dev/null; then
        flock "$SOFT_DICE_ROOT/ci/toolchain.sh" "$@"
    else
        "$@"
    fi
}

# Installs Debian packages where that is ours to do (root in CI); otherwise says what to type.
bare_metal_install() {
    if [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "installing: $*" >&2
        DEBIAN_FRONTEND=noninteractive alone timeout 120 apt-get -qq update </dev/null >&2 &&
            DEBIAN_FRONTEND=noninteractive alone timeout 900 apt-get -qq install -y --no-install-recommends "$@" </dev/null >&2 &&
            return
        echo "could not install: $*" >&2
    else
        echo "missing; on Debian or Ubuntu:  sudo apt-get install --no-install-recommends $*" >&2
    fi
    return 1
}

bare_metal_tools() {
    local tool missing=""
    for tool in "$@"; do
        command -v "$tool" >/dev/null || missing="$missing $(bare_metal_package "$tool")"
    done
    # shellcheck disable=SC2086 # a list of words
    [ -z "$missing" ] || bare_metal_install $missing
}

# rustup's way, or a failure within a minute.
bare_metal_by_rustup() {
    command -v rustup >/dev/null && command -v cargo >/dev/null || return 1
    rustup target list --installed 2>/dev/null | grep -qx "$1" && return
    # Without a connection rustup would retry for long; one attempt tells.
    RUSTUP_MAX_RETRIES=0 alone timeout 60 rustup target add "$1" >/dev/null 2>&1
}

bare_metal_by_debian() {
    # Newest `core` source first: Debian ships it under two names.
    [ -x /usr/bin/cargo ] && [ -e /usr/lib/rustlib/src/rust/library/core/src/lib.rs ] && command -v ld.lld >/dev/null ||
        bare_metal_install rustc-web cargo-web rust-web-src lld || return 1
    # Edition 2024 and the crate's MSRV.
    local minor
    minor=$(/usr/bin/rustc --version | cut -d. -f2)
    [ "$minor" -ge 89 ] || { echo "/usr/bin/rustc is older than 1.89" >&2; return 1; }
}

bare_metal_target() {
    case ${SOFT_DICE_ROUTE:-any} in
        rustup) bare_metal_by_rustup "$1" && BARE_METAL_ROUTE=rustup ;;
        debian) bare_metal_by_debian && BARE_METAL_ROUTE=debian ;;
        any)
            if bare_metal_by_rustup "$1"; then
                BARE_METAL_ROUTE=rustup
            elif bare_metal_by_debian; then
                BARE_METAL_ROUTE=debian
            else
                false
            fi
            ;;
        *) echo "SOFT_DICE_ROUTE is rustup or debian" >&2; return 2 ;;
    esac || {
        echo "no compiler for $1: try  rustup target add $1" >&2
        return 1
    }
    # stderr: stdout is the board's.
    if [ "$BARE_METAL_ROUTE" = rustup ]; then
        echo "route: rustup, $(rustc --version), target $1" >&2
    else
        echo "route: debian, $(/usr/bin/rustc --version), target $1, core from source" >&2
    fi
}

bare_metal_dir() {
    echo "${CARGO_TARGET_DIR:-$SOFT_DICE_ROOT/target}/bare-metal-$BARE_METAL_ROUTE"
}

# RUSTFLAGS of the caller hold for TARGET alone: with --target cargo keeps them from build scripts.
bare_metal_cargo() {
    local target=$1 upper command=$2
    shift 2
    if [ "$BARE_METAL_ROUTE" = rustup ]; then
        cargo "$command" --target "$target" "$@"
    else
        upper=$(echo "$target" | tr 'a-z.-' 'A-Z__')
        # /usr/bin first, or a rustup proxy would be picked up for rustc.
        env "CARGO_TARGET_${upper}_LINKER=ld.lld" PATH="/usr/bin:$PATH" RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
            /usr/bin/cargo "$command" -Zbuild-std=core --target "$target" "$@"
    fi
}

host_tools_dir() {
    echo "${CARGO_TARGET_DIR:-$SOFT_DICE_ROOT/target}/host-tools"
}

# Built with the host's own compiler and flags. It compares, and need not be fast: a board's profile would compile every
# pair on every backend in one piece, for minutes.
host_tool() {
    local program=$1
    shift
    (
        unset RUSTFLAGS
        export CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off
        export CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_DEBUG=false
        cargo run --quiet --release -p host --bin "$program" --target-dir "$(host_tools_dir)" -- "$@"
    )
}
