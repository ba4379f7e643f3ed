"""1000 maps of 512 x 512 u8 with masks: written as .npy, and the sums and Dice by numpy, reading and computing apart.

    time_numpy.py make FOLDER [MAPS]     writes FOLDER/pred and FOLDER/mask
    time_numpy.py time FOLDER            prints seconds of reading, seconds of computing, and the mean Dice
"""

import pathlib
import sys
import time

import numpy as np

SIDE = 512


def make(folder: pathlib.Path, maps: int) -> None:
    """A disc of soft edge for each map, and noise; its mask is the disc a little aside."""
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    rng = np.random.default_rng(7)
    noise = rng.normal(0, 12, (SIDE, SIDE)).astype(np.float32)
    for name in ("pred", "mask"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for index in range(maps):
        cy, cx, r = rng.uniform(150, 362, 2).tolist() + [rng.uniform(60, 140)]
        distance = np.hypot(y - cy, x - cx)
        value = 255 / (1 + np.exp((distance - r) / 6)) + noise
        pred = np.clip(np.rint(value), 0, 255).astype(np.uint8)
        mask = (np.hypot(y - cy - 3, x - cx + 2) < r).astype(np.uint8)
        np.save(folder / "pred" / f"{index:04}.npy", pred)
        np.save(folder / "mask" / f"{index:04}.npy", mask)


def measure(folder: pathlib.Path) -> None:
    reading = computing = 0.0
    dice = []
    for path in sorted((folder / "pred").iterdir()):
        start = time.perf_counter()
        p = np.load(path)
        t = np.load(folder / "mask" / path.name)
        read = time.perf_counter()
        # The exact expression: three integer sums, each in 64 bits. (numpy multiplies u8 in u8: the product is widened.)
        i = np.multiply(p, t, dtype=np.uint16).sum(dtype=np.uint64)
        score = 2 * int(i) / (int(p.sum(dtype=np.uint64)) + 255 * int(t.sum(dtype=np.uint64)))
        computing += time.perf_counter() - read
        reading += read - start
        dice.append(score)
    print(f"{reading:.6f} {computing:.6f} {np.mean(dice):.12f}")


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[2])
    if sys.argv[1] == "make":
        make(folder, int(sys.argv[3]) if len(sys.argv) > 3 else 1000)
    else:
        measure(folder)
