#!/usr/bin/env bash
# The ratios as a CPU with AVX2 and without AVX-512 has them, on a CPU that has more: ours and the peers are built without it.
#
#   benches/avx2.sh [arguments of the ratios: kernels, levels, --table, --write]
#
# Clock and caches stay those of this CPU: docs/speed.md says so. Not part of CI.
set -euo pipefail
cd "$(dirname "$0")/.."
# What the build scripts of SimSIMD and NumKong ask, and the cfg that fearless_simd does.
for name in SKYLAKE ICE GENOA SAPPHIRE TURIN SIERRA; do
    export "SIMSIMD_TARGET_$name=0"
done
for name in SKYLAKE ICELAKE GENOA SAPPHIRE SAPPHIREAMX GRANITEAMX DIAMOND TURIN ALDER SIERRA; do
    export "NK_TARGET_$name=0"
done
export RUSTFLAGS="${RUSTFLAGS:-} --cfg soft_dice_backend=\"avx2\" --cfg disable_dispatch_avx512"
export SOFT_DICE_BENCH_KEPT=" (the CPU has more, which ours and the peers were built without: benches/avx2.sh)"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/avx2
cargo bench -p soft-dice-benches --bench ratios -- "$@"
