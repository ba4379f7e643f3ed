"""Times MONAI's DiceLoss and our program in turn, one thread, and prints the median of the rounds' ratios."""

import statistics
import subprocess
import sys
import time

import torch
from monai.losses import DiceLoss

ROUNDS = 9
OURS = sys.argv[1]


def ours(kernel: str, side: int) -> float:
    """Seconds a frame, as our program measures them itself."""
    return float(subprocess.run([OURS, kernel, str(side)], check=True, capture_output=True, text=True).stdout)


def theirs(call, side: int) -> float:
    """Seconds a frame: the best of a few, like ours."""
    repeats = 4 if side > 1000 else 40
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(repeats):
            call()
        best = min(best, (time.perf_counter() - start) / repeats)
    return best


def main() -> None:
    torch.set_num_threads(1)
    loss = DiceLoss()
    for side in (512, 2048):
        shape = (1, 1, side, side)
        p, t = torch.rand(shape), (torch.rand(shape) > 0.5).float()
        codes = (p * 255).round().to(torch.uint8)
        mask = t.to(torch.uint8)
        calls = {
            "f32_f32": lambda: loss(p, t),
            "u8_mask": lambda: loss(codes.float() / 255, mask.float()),
        }
        with torch.no_grad():
            for kernel, call in calls.items():
                call()
                ratios = [theirs(call, side) / ours(kernel, side) for _ in range(ROUNDS)]
                print(f"monai {kernel} {side} {statistics.median(ratios):.1f}")


main()
