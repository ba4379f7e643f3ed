"""The speed of `soft_dice.sums` against numpy's `2*(p*t).sum()/(p.sum()+t.sum())` in float32 of the same arrays, one thread; and of
`soft_dice.CodeCounts` against `numpy.bincount` of the same codes.

Prints two lines a kernel: megapixels, milliseconds of both, and how many times faster, each the median of its rounds. "Repeated" is
each call by itself, as `%timeit` has it: what fits stays in the processor's last cache, and of this size that is the bytes and not
numpy's float32 with its product. "In turns" the two alternate, and each finds the cache full of the other's arrays: both then wait
for memory, and the ratio comes near that of the bytes that are moved. numpy's elementwise and sum loops use one thread; the
library has none of its own.
"""

import statistics
import sys
import time
from pathlib import Path

# Beside this file lie the sources, without the compiled part: the installed package is meant.
sys.path = [folder for folder in sys.path if Path(folder or ".").resolve() != Path(__file__).resolve().parent]

import numpy as np
import soft_dice as sd

SIDE = 2048
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 15


def timed(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main():
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
    mask = rng.integers(0, 2, (SIDE, SIDE), dtype=np.uint8)
    p, t = (codes / 255).astype(np.float32), mask.astype(np.float32)
    numpys = lambda: 2 * (p * t).sum() / (p.sum() + t.sum())
    score = sd.Score()
    assert abs(score(sd.sums(codes, mask)) - numpys()) < 1e-4
    kernels = {
        "u8_mask": lambda: score(sd.sums(codes, mask)),
        "i8_mask": lambda: score(sd.sums(codes.view(np.int8), mask, element=sd.Element.tflite())),
        "f32_mask": lambda: score(sd.sums(p, mask)),
    }
    print(f"backend {sd.backend()}, numpy {np.__version__}, {SIDE}×{SIDE} pixels, {ROUNDS} rounds")
    for name, call in kernels.items():
        call(), numpys()
        repeated = [timed(call) for _ in range(ROUNDS)], [timed(numpys) for _ in range(ROUNDS)]
        turns = zip(*((timed(call), timed(numpys)) for _ in range(ROUNDS)))
        for how, rounds in (("repeated", repeated), ("in turns", turns)):
            ours, theirs = map(statistics.median, rounds)
            print(f"python {name} {SIDE * SIDE / 1e6:.1f} Mpx, {how}: {ours * 1e3:.2f} ms, numpy float32 {theirs * 1e3:.2f} ms, "
                  f"{theirs / ours:.1f} times faster")


def histograms():
    """Codes as a sure network writes them, in runs and mostly the lowest and the highest; and codes of which none is like the last."""
    rng = np.random.default_rng(0)
    random = rng.integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
    runs = np.repeat(rng.integers(0, 256, SIDE * SIDE // 100, dtype=np.uint8), rng.integers(1, 400, SIDE * SIDE // 100))
    runs = np.resize(np.where(runs < 120, 0, np.where(runs > 200, 255, runs)).astype(np.uint8), (SIDE, SIDE))
    for name, codes in (("runs", runs), ("random", random)):
        counts = sd.CodeCounts(sd.Element.u8())
        counts.update(codes)
        flat = codes.ravel()
        assert (counts.counts == np.bincount(flat, minlength=256)).all()
        rounds = [(timed(lambda: counts.update(codes)), timed(lambda: np.bincount(flat, minlength=256))) for _ in range(ROUNDS)]
        ours, theirs = (statistics.median(times) for times in zip(*rounds))
        print(f"python codes {name} {SIDE * SIDE / 1e6:.1f} Mpx, in turns: {ours * 1e3:.2f} ms, numpy bincount {theirs * 1e3:.2f} ms, "
              f"{theirs / ours:.1f} times faster")


def memory():
    """How much more memory than before is held at the peak of a call on two arrays of 200 MB."""
    import resource

    peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    codes, mask = np.full(200_000_000, 200, np.uint8), np.ones(200_000_000, np.uint8)
    before = peak()
    sd.sums(codes, mask)
    print(f"python memory: {peak() - before:.1f} MB more at the peak while two arrays of 200 MB are summed")


main()
histograms()
memory()
