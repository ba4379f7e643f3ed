#!/bin/sh
# Makes a fresh virtual environment, installs the package into it and runs its tests, the notebook among them.
#
#   python/check.sh [folder for the environment]
#
# Takes a Rust toolchain, Python 3.10 or newer with venv, and PyPI and crates.io.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
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
