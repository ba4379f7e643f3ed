#!/usr/bin/env bash
# MONAI's DiceLoss beside ours, one thread, 512 x 512 and 2048 x 2048.
#
#   benches/monai.sh             measures, if torch and monai are there
#   benches/monai.sh --install   makes a virtual environment under target/ and installs them first (large)
#
# Not part of CI. Prints lines `monai <kernel> <side> <throughput of ours over MONAI's>`.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=target/monai
if [[ ${1:-} == --install ]]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet torch monai numpy
fi
if [[ ! -x $venv/bin/python ]]; then
    echo "no $venv: run benches/monai.sh --install" >&2
    exit 1
fi
cargo build --quiet --release -p soft-dice-kernels --bin frame_time
ours=$(cargo metadata --format-version 1 --no-deps |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release/frame_time
OMP_NUM_THREADS=1 exec "$venv/bin/python" benches/time_monai.py "$ours"
