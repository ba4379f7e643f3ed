"""Cases of MONAI's AsymmetricFocalTverskyLoss in float64: python monai_asymmetric_focal_tversky.py > ….json, by hand."""

import json
from importlib import metadata

import numpy as np
import torch
from monai.losses.unified_focal_loss import AsymmetricFocalTverskyLoss

random = np.random.default_rng(5)


def case(name, foreground, target, **params):
    # Clamped as MONAI clamps f32 tensors. In f64 its own clamp then finds nothing to do, and the crate reads the same maps.
    foreground = np.float32(foreground)
    p = np.clip(np.stack([np.float32(1) - foreground, foreground]), np.float32(1e-7), np.float32(1 - 1e-7))
    t = np.stack([1 - target, target]).astype(np.float32)
    as_f64 = lambda x: torch.from_numpy(x.astype(np.float64))[None, :, None]
    loss = AsymmetricFocalTverskyLoss(reduction="none", **params)(as_f64(p), as_f64(t))
    version = metadata.version("monai")
    return {
        "source": f"computed by monai=={version}, torch=={metadata.version('torch')}, float64: {name}",
        "fn": "monai.losses.unified_focal_loss.AsymmetricFocalTverskyLoss",
        "params": {**params, "reduction": "none"},
        "input": p.tolist(),
        "target": t.tolist(),
        "expected": loss[0].tolist(),
        "tol": {"rtol": 0.0, "atol": 1e-6},
    }


soft, mask = random.random(64), random.integers(0, 2, 64)
sharp = np.where(random.random(64) < 0.8, mask, 1 - mask).astype(np.float64)
cases = [
    case("random", soft, mask),
    case("gamma of the unified loss", soft, mask, gamma=0.5),
    case("delta", soft, mask, delta=0.2, gamma=0.25),
    case("zeros and ones", sharp, mask),
    case("perfect", mask.astype(np.float64), mask),
    case("foreground absent and not predicted", np.zeros(64), np.zeros(64)),
    case("foreground absent", soft, np.zeros(64)),
    case("background absent", soft, np.ones(64), delta=0.6),
    case("all wrong", 1.0 - mask, mask),
]
print(json.dumps(cases, indent=1))
