#!/bin/sh
# Lints the binding, makes a fresh virtual environment, installs the package into it and runs its tests, the notebook among them.
#
#   python/check.sh [folder for the environment]
#
# Takes a Rust toolchain with rustfmt and clippy, Python 3.10 or newer with venv, and PyPI and crates.io.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# `compare` is left out: the command behind it has lints of its own, and takes most of the time.
cargo fmt --check --manifest-path "$here/Cargo.toml"
cargo clippy --quiet --manifest-path "$here/Cargo.toml" --no-default-features -- -D warnings
temporary=
if [ $# -gt 0 ]; then
    folder=$1
else
    folder=$(mktemp -d)
    temporary=$folder
fi
trap '[ -z "$temporary" ] || rm -rf "$temporary"' EXIT
python3 -m venv --clear "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet "$here[test]"
# From elsewhere, so that the installed package is tested and not the folder.
cd "$folder"
"$folder/venv/bin/python" -m pytest -q -p no:cacheprovider "$here/tests"
