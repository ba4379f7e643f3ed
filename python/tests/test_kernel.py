"""Sums of numpy arrays are the library's, integer for integer; arrays that cannot be read in place are refused."""

import json
import threading
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soft_dice as sd

DATA = Path(__file__).resolve().parents[2] / "tests" / "data"
rng = np.random.default_rng(7)


def by_hand(p, t):
    p, t = p.astype(object).ravel(), t.astype(object).ravel()
    return int(sum(p)), int(sum(t)), int(sum(a * b for a, b in zip(p, t)))


def test_sums_are_the_recorded_integers():
    """The exact integers of the device's maps, that the library's own tests hold too."""
    compared = 0
    for case in json.loads((DATA / "expected.json").read_text().replace("NaN", "null"))["cases"]:
        exact, pred, target = case.get("exact_ints"), case["pred"], case["target"]
        if not exact or target.get("rule") != "value > 0.5" or not (DATA / target["file"]).exists():
            continue
        codes, truth = np.load(DATA / pred["file"]), np.load(DATA / target["file"])
        mask = (truth > 0.5).view(np.uint8).reshape(codes.shape)
        sums = sd.sums(codes, mask, element=sd.Element.i8(pred["scale"], pred["zero_point"]))
        assert (sums.p, sums.t, sums.pt) == tuple(int(exact[name]) for name in ("u", "T", "uT"))
        compared += 1
    assert compared >= 2
    print(compared, "recorded maps")


@pytest.mark.parametrize("dtype, element, zero", [
    (np.uint8, None, 0), (np.int8, sd.Element.tflite(), -128), (np.uint16, None, 0), (np.int16, sd.Element.q15(), 0),
    (np.uint8, sd.Element.u8_affine(1 / 256, 0), 0), (np.int8, sd.Element.i8(1 / 256, -128), -128),
])
def test_every_integer_type(dtype, element, zero):
    low = 0 if dtype == np.int16 else np.iinfo(dtype).min
    p = rng.integers(low, np.iinfo(dtype).max + 1, (37, 53)).astype(dtype)
    t = rng.integers(0, 2, p.shape).astype(np.uint8)
    sums = sd.sums(p, t, element=element)
    assert (sums.p, sums.t, sums.pt) == by_hand(p.astype(np.int64) - zero, t)
    assert sums.count == p.size
    region = rng.integers(0, 2, p.shape).astype(np.uint8)
    within = sd.sums(p, t, element=element, region=region)
    assert (within.p, within.t, within.pt) == by_hand((p.astype(np.int64) - zero) * region, t * region)
    assert within.count + within.ignored == p.size


def test_rows_of_larger_images_are_read_in_place():
    image = rng.integers(0, 256, (40, 64)).astype(np.uint8)
    mask = rng.integers(0, 2, (50, 80)).astype(np.uint8)
    p, t = image[5:25, 7:47], mask[10:30, 20:60]
    assert not p.flags.c_contiguous
    assert sd.sums(p, t) == sd.sums(p.copy(), t.copy())
    maps = rng.random((2, 3, 20, 30), dtype=np.float32)
    labels = rng.integers(0, 3, (2, 20, 30)).astype(np.uint8)
    crop, of = maps[:, :, 3:17, 2:22], labels[:, 3:17, 2:22]
    assert sd.class_sums(crop, of) == sd.class_sums(crop.copy(), of.copy())
    last = np.ascontiguousarray(np.moveaxis(maps, 1, -1))
    assert sd.class_sums(last[:, 3:17, 2:22], of, layout="nhwc") == sd.class_sums(crop, of)


def test_other_orders_are_refused():
    p = np.asfortranarray(rng.integers(0, 256, (40, 64)).astype(np.uint8))
    with pytest.raises(ValueError, match="neither in C order nor made of rows"):
        sd.sums(p, p)
    with pytest.raises(ValueError, match="neither in C order"):
        sd.sums(p.T[:, ::2], p.T[:, ::2])
    with pytest.raises(ValueError, match="shape"):
        sd.sums(p.T, p)
    with pytest.raises(TypeError, match="float64"):
        sd.sums(np.zeros((2, 2)), np.zeros((2, 2), np.uint8))
    with pytest.raises(TypeError, match="must be uint8, not int64"):
        sd.class_sums(np.zeros((1, 2, 3), np.float32), np.zeros((1, 3), np.int64))
    with pytest.raises(ValueError, match="scale and zero point"):
        sd.sums(np.zeros(3, np.int8), np.zeros(3, np.uint8))


def test_what_the_library_refuses_has_its_name():
    with pytest.raises(sd.SoftDiceError) as error:
        sd.sums(np.array([1.5], np.float32), np.array([1], np.uint8))
    assert error.value.args[0] == "Range"
    with pytest.raises(sd.SoftDiceError) as error:
        sd.class_sums(np.zeros((1, 2, 3), np.uint8), np.full((1, 3), 9, np.uint8))
    assert error.value.args[0] == "Label"
    empty = sd.sums(np.zeros(3, np.uint8), np.zeros(3, np.uint8))
    with pytest.raises(sd.SoftDiceError) as error:
        sd.Score()(empty)
    assert error.value.args[0] == "Undefined"
    assert sd.Score(both_empty="one")(empty) == 1.0


def test_no_copy_is_made():
    p = rng.integers(0, 256, (2048, 2048), dtype=np.uint8)
    t = rng.integers(0, 2, p.shape, dtype=np.uint8)
    maps, labels = p.reshape(1, 4, 1024, 1024), t.reshape(4, 1024, 1024)[:1]
    sd.sums(p, t)
    tracemalloc.start()
    before = resident()
    for _ in range(3):
        sd.sums(p, t)
        sd.sums(p[:, 1:2000], t[:, 1:2000])
        sd.class_sums(maps, labels)
    traced, grown = tracemalloc.get_traced_memory()[1], resident() - before
    tracemalloc.stop()
    # The arrays take 8 MiB: neither Python's allocator nor the process grew by any part of that worth the name.
    assert traced < 100_000 and grown < 1 << 20, (traced, grown)
    print(f"{traced} bytes by Python's allocator, the process grew by {grown} bytes")


def resident():
    """Bytes of memory in use by the process."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
    except OSError:
        pytest.skip("no /proc on this system")


def test_the_gil_is_released():
    """Another thread gets to run while one reads pixels. In calls that hold the GIL it never would, for the interpreter is told
    not to switch to another thread between them. On a busy machine it may take several calls until it is its turn."""
    import sys
    import time

    p = np.zeros(1 << 24, np.float32)
    t = np.zeros(p.shape, np.uint8)
    turns, done = [0], threading.Event()

    def count():
        while not done.is_set():
            turns[0] += 1
            # Which gives the GIL back.
            time.sleep(1e-4)

    other = threading.Thread(target=count)
    interval = sys.getswitchinterval()
    other.start()
    try:
        sys.setswitchinterval(1e6)
        before, patience = turns[0], time.monotonic() + 60
        while turns[0] == before and time.monotonic() < patience:
            sd.sums(p, t)
        during = turns[0] - before
    finally:
        sys.setswitchinterval(interval)
        done.set()
        other.join()
    assert during > 0


def test_sums_merge_and_travel():
    p, t = rng.integers(0, 256, 1000).astype(np.uint8), rng.integers(0, 2, 1000).astype(np.uint8)
    whole = sd.sums(p, t)
    assert sd.sums(p[:333], t[:333]) + sd.sums(p[333:], t[333:]) == whole
    assert sd.Sums.from_json(whole.to_json()) == whole
    with pytest.raises(sd.SoftDiceError):
        whole + sd.sums(p, t, element=sd.Element.mask())
    # A map of zeros and ones with itself is 1.
    assert sd.Score()(sd.sums(t, t, element=sd.Element.mask())) == 1.0
    assert "Sums(count=1000" in repr(whole) and "<table>" in whole._repr_html_()
    assert repr(sd.Score()) == 'Score("dice", "linear")'
    assert repr(sd.Score("tversky", alpha=0.3, beta=0.7, smooth=(1.0, 1.0), both_empty="one", loss=True)) == (
        'Score("tversky", "linear", alpha=0.3, beta=0.7, smooth=(1, 1), both_empty="one", loss=True)')
    score = sd.Score()
    a, b = score.ratio(whole)
    assert abs(a / b - score(whole)) < 1e-15 and abs(score.q15(whole) / 32768 - score(whole)) < 2e-5


def test_gradient_is_that_of_finite_differences():
    p = rng.random((8, 9), dtype=np.float32) * 0.8 + 0.1
    t = rng.integers(0, 2, p.shape).astype(np.uint8)
    score = sd.Score(smooth=(1.0, 1.0))
    value, slopes = sd.gradient(score, p, t)
    assert slopes.shape == p.shape and slopes.dtype == np.float32
    assert abs(value - score(sd.sums(p, t))) < 1e-7
    step = 1 / 64
    for at in [(0, 0), (3, 4), (7, 8)]:
        up, down = p.copy(), p.copy()
        up[at] += step
        down[at] -= step
        numeric = -(score(sd.sums(up, t)) - score(sd.sums(down, t))) / (2 * step)
        assert abs(slopes[at] - numeric) < 1e-4
    logits = np.log(p / (1 - p))
    _, through = sd.gradient(score, logits, t, logits=True)
    assert np.allclose(through, slopes * p * (1 - p), atol=1e-6)


def test_confidence_and_agreement():
    p = rng.integers(-128, 128, (16, 16)).astype(np.int8)
    device = sd.Element.tflite()
    own = sd.confidence(p, element=device)
    mask = (p >= 0).view(np.uint8)
    assert sd.Score()(own) == sd.Score()(sd.sums(p, mask, element=device))
    assert sd.Score("dice", "semimetric")(sd.agreement(p, p, element=device)) == 1.0
    drift = np.load(DATA / "drift_q8.npy")
    expected = json.loads((DATA / "drift_expected.json").read_text().replace("NaN", "null"))
    frames = drift.reshape(48, -1)
    own = [sd.confidence(frame, element=device) for frame in frames]
    for sums, recorded in zip(own, expected["frames"], strict=True):
        assert (sums.p, sums.t, sums.pt) == (recorded["u"], recorded["y"], recorded["uy"])
        if recorded["sdc"] is not None:
            assert abs(sd.Score()(sums) - recorded["sdc"]) < 1e-6


def test_watch_calls_the_drift():
    frames = np.load(DATA / "drift_q8.npy").reshape(48, -1)
    watch = sd.Watch(frames.shape[1], sd.Element.tflite())
    events, reports = [], []
    for frame in frames:
        event = watch.frame(frame)
        events += [event] if event else []
        reports.append(watch.report())
    assert events[0]["to"] == "Healthy" and any(event["to"] == "Failed" for event in events)
    assert len(reports) == 48 and reports[-1]["frames"] == 48
    found = sd.calibrate([report["confidence"] for report in reports[:8]])
    assert sd.Watch(frames.shape[1], sd.Element.tflite(), found["settings"]).settings == found["settings"]
    with pytest.raises(ValueError, match="no setting"):
        sd.Watch(9, sd.Element.tflite(), {"drfit": 1})
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    assert len(sd.plot_watch(reports).lines) == 3


def test_watch_with_pictures_sees_a_mask_that_slips():
    # A disc with a soft edge on a scene of two greys; from frame 80 on the mask lies 14 pixels beside it.
    side, frames = 96, 100
    y, x = np.mgrid[:side, :side]
    far = lambda frame, off: np.hypot(y - 48 - np.sin(frame), x - 48 - off)
    maps = [(255 / (1 + np.exp(far(n, 0 if n < 80 else 14) - 24))).astype(np.uint8) for n in range(frames)]
    luma = [(40 + 120 * (far(n, 0) < 24) + (np.arange(side * side) % 3).reshape(side, side)).astype(np.uint8) for n in range(frames)]

    def run(settings=None, picture=1):
        watch = sd.Watch((side, side), sd.Element.u8(), settings, picture=picture)
        events, seen = [], []
        for map_, grey in zip(maps, luma):
            grey = None if picture is None else np.ascontiguousarray(grey.repeat(picture, 0).repeat(picture, 1))
            event = watch.frame(map_, grey)
            events += [event] if event else []
            seen.append(watch.seen)
        return events, seen

    for picture in (1, 2):
        events, seen = run(picture=picture)
        assert [(e["to"], e["cause"]) for e in events] == [("Healthy", "Learnt"), ("Degraded", "Edge")]
        assert 80 <= events[1]["frame"] <= 85 and seen[0].edge is not None
    blind, unseen = run(picture=None)
    assert [e["to"] for e in blind] == ["Healthy"] and unseen[0].edge is None
    # Calibrated on the healthy frames, in every signal.
    found = sd.tune([seen[:80]], frames_between=1e4)
    events, _ = run(found["settings"])
    assert [e["frame"] >= 80 for e in events[1:]] == [True] * len(events[1:]) and len(events) > 1
    watch = sd.Watch((side, side), sd.Element.u8())
    with pytest.raises(ValueError, match="told of no picture"):
        watch.frame(maps[0], luma[0])
    with pytest.raises(ValueError, match="the map's sides"):
        sd.Watch((side, side), sd.Element.u8(), picture=2).frame(maps[0], luma[0])


COPYING = """
import resource, sys
import numpy as np, soft_dice as sd
side = 12288
p = np.full((side, side), 200, np.uint8)
t = np.ones((side, side), np.uint8)
f = np.full((side // 2, side // 2), 0.5, np.float32)
small = sd.sums(p[:8, :8], t[:8, :8])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
sd.sums(p, t)
sd.sums(p[:, 100:-100], t[:, 100:-100])
sd.sums(f, t[:side // 2, :side // 2])
sd.class_sums(p.reshape(1, 4, side // 2, side // 2), t.reshape(4, side // 2, side // 2)[:1])
sd.confidence(p)
sd.agreement(p, p)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, p.nbytes // 1024)
"""


def test_the_peak_of_a_process_holds_no_copy():
    import subprocess
    import sys

    # The peak of a process that holds arrays of 144 MiB, before and after the calls, in KiB.
    grown, array = map(int, subprocess.run([sys.executable, "-c", COPYING], check=True, capture_output=True, text=True).stdout.split())
    print(f"peak memory grew by {grown} KiB, and one array has {array}")
    assert grown < array // 16


def test_half_floats_are_exact():
    p = rng.random((37, 53)).astype(np.float16)
    t = rng.integers(0, 2, p.shape).astype(np.uint8)
    other = rng.random(p.shape).astype(np.float16)
    steps = lambda x: (x.astype(np.float64) * 2**24).astype(np.int64)
    sums = sd.sums(p, t)
    assert (sums.p, sums.t, sums.pt) == by_hand(steps(p), t) and sums.unit_p == 2.0**-24
    # Rows of a larger image; squares; the same numbers in float32; a soft target of either type.
    crop = p[3:20, 5:31], t[3:20, 5:31]
    assert sd.sums(*crop) == sd.sums(*(array.copy() for array in crop))
    every = sd.sums(p, t, moments="all")
    assert every.squares == (int(sum(int(x) ** 2 for x in steps(p).ravel())), int(t.sum()))
    soft = sd.sums(p, other)
    assert (soft.p, soft.t, soft.pt) == by_hand(steps(p), steps(other))
    assert abs(sd.Score()(sums) - sd.Score()(sd.sums(p.astype(np.float32), t, element=sd.Element.f32_fine()))) < 1e-12
    assert abs(sd.Score()(sd.sums(p, other.astype(np.float32))) - sd.Score()(soft)) < 1e-6
    # A float32 target of any prediction; a target of half floats of no other.
    codes = (p.astype(np.float32) * 255).astype(np.uint8)
    exact = (codes.astype(np.float64) * other.astype(np.float64) * 2 / (codes.sum() + 255 * other.astype(np.float64).sum())).sum()
    assert abs(sd.Score()(sd.sums(codes, other.astype(np.float32))) - exact) < 1e-6
    with pytest.raises(ValueError, match="the prediction's own element, or float32"):
        sd.sums(codes, other)
    own = sd.confidence(p, threshold=0.25)
    assert (own.p, own.t) == (int(steps(p).sum()), int((p >= 0.25).sum()))
    assert sd.Score("dice", "semimetric")(sd.agreement(p, p)) == 1.0
    with pytest.raises(sd.SoftDiceError) as error:
        sd.sums(np.array([2.0], np.float16), np.array([1], np.uint8))
    assert error.value.args[0] == "Range"
    clamped = sd.sums(np.array([2.0, 0.5], np.float16), np.array([1, 1], np.uint8), element=sd.Element.f16("clamp"))
    assert (clamped.p, clamped.clamped) == (3 << 23, 1)
    with pytest.raises(TypeError, match="must be float16|is of float16"):
        sd.sums(np.zeros(3, np.uint16), np.zeros(3, np.uint8), element=sd.Element.f16())


def test_compare_finds_the_zero_point():
    p = np.load(DATA / "selfie256_astronaut_f32.npy").squeeze()
    device = np.load(DATA / "selfie256_astronaut_q8.npy").squeeze()
    right = sd.compare(p, device, tflite=True)
    # What `soft-dice compare` prints of the two files.
    assert f"{right.agreement:.4f}" == "0.9610" and not right.warnings
    parts = right.quantisation + right.ties + right.disagreement
    assert abs(parts - (1 - right.agreement)) < 1e-6
    wrong = sd.compare(p, device, scale=1 / 256, zero_point=-100)
    assert [(warning["mistake"], warning["whose"]) for warning in wrong.warnings] == [("zero_point", "device")]
    assert wrong.warnings[0]["agreement"] > 0.95 > wrong.warnings[0]["given"]
    # A place is searched for as well.
    mirrored = sd.compare(p, device[:, ::-1].copy(), tflite=True)
    assert [(warning["mistake"], warning["whose"]) for warning in mirrored.warnings] == [("flip", "either")]
    with pytest.raises(ValueError, match="scale and zero point"):
        sd.compare(p, device)
