"""Histograms of 8-bit maps against loops of numpy over the same pixels: counts and sums as integers exactly, figures in float64."""

import numpy as np
import pytest
import soft_dice as sd

rng = np.random.default_rng(11)

# Type, element, zero point, and how many codes make 1.0.
ELEMENTS = [
    (np.uint8, None, 0, 255), (np.uint8, sd.Element.u8_affine(1 / 256, 0), 0, 256), (np.int8, sd.Element.tflite(), -128, 256),
    (np.int8, sd.Element.onnxruntime(), -128, 255), (np.int8, sd.Element.i8(1 / 256, -100), -100, 256),
]
THRESHOLDS = (0.0, 0.1, 0.37, 0.5, 0.9, 1.0)


def draw(dtype, shape=(53, 71)):
    """A map whose greater codes are more often of the target, and its mask."""
    codes = rng.integers(0, 256, shape)
    mask = (rng.random(shape) < 0.1 + 0.8 * codes / 255).astype(np.uint8)
    # A pixel of the target with the least code: its logarithm is infinite.
    codes.flat[0], mask.flat[0] = 0, 1
    return (codes + (-128 if dtype == np.int8 else 0)).astype(dtype), mask


def read(codes, zero, one):
    """Codes after the zero point, those below it as 0, and the probabilities."""
    k = np.maximum(codes.astype(int) - zero, 0).ravel()
    return k, k / one


def dice(hard, t):
    return 2 * (hard & t).sum() / (hard.sum() + t.sum()) if hard.any() or t.any() else np.nan


@pytest.mark.parametrize("dtype, element, zero, one", ELEMENTS)
def test_every_figure_is_that_of_numpy(dtype, element, zero, one):
    codes, mask = draw(dtype)
    histogram = sd.Histogram(element)
    histogram.update(codes, mask)
    k, p = read(codes, zero, one)
    t = mask.ravel() == 1
    low = int(np.iinfo(dtype).min)
    assert histogram.count == codes.size and histogram.ignored == 0
    assert np.array_equal(histogram.counts, np.bincount(codes.ravel().astype(int) - low, minlength=256))
    assert np.array_equal(histogram.labelled, np.bincount(codes.ravel()[t].astype(int) - low, minlength=256))
    # Soft scores: the sums are those of the pixels, integer for integer.
    assert histogram.sums() == sd.sums(codes, mask, element=element, moments="all")
    for score in (sd.Score(), sd.Score("jaccard", "squared"), sd.Score("tversky", alpha=0.3, beta=0.7)):
        assert score(histogram.sums()) == score(sd.sums(codes, mask, element=element, moments="all"))
    # Hard counts at thresholds.
    for threshold in THRESHOLDS:
        threshold = float(np.float32(threshold))
        for found, hard in ((histogram.at_least(threshold), p >= threshold), (histogram.above(threshold), p > threshold)):
            assert (found.p, found.t, found.pt) == (hard.sum(), t.sum(), (hard & t).sum())
    # Every threshold, and the best.
    score = sd.Score()
    thresholds, values = histogram.cuts(score)
    truth = [dice(k >= code, t) for code in range(257)]
    assert np.allclose(thresholds, np.arange(257) / one, atol=1e-7) and np.allclose(values, truth, rtol=1e-12, equal_nan=True)
    best = histogram.best(score)
    assert best["code"] == int(np.nanargmax(truth)) and np.isclose(best["score"], np.nanmax(truth), rtol=1e-12)
    assert best["threshold"] == thresholds[best["code"]] and score(best["sums"]) == best["score"]
    assert best["sums"] == histogram.from_code(best["code"])
    worst = histogram.best(sd.Score("recall", loss=True))
    assert (worst["code"], worst["score"]) == (0, 0.0)
    # Costs.
    assert np.isclose(histogram.brier(), ((p - t) ** 2).mean(), rtol=1e-9)
    for clamp, least in (("keras", 1e-7), (1 / 512, 1 / 512)):
        q = np.clip(p, least, 1 - least)
        assert np.isclose(histogram.cross_entropy(clamp), -np.where(t, np.log(q), np.log1p(-q)).mean(), rtol=1e-7)
    with np.errstate(divide="ignore"):
        cost = np.minimum(-np.log(np.where(t, p, 1 - p)), 100)
    assert np.isclose(histogram.cross_entropy("torch"), cost.mean(), rtol=1e-7)
    with pytest.raises(sd.SoftDiceError) as error:
        histogram.cross_entropy()
    assert error.value.args[0] == "Undefined"
    # Calibration.
    for bins in (10, 15, 256):
        at = np.minimum(k * bins // one, bins - 1)
        count = np.bincount(at, minlength=bins)
        said, came = (np.bincount(at, weights=x, minlength=bins) for x in (p, t))
        assert np.isclose(histogram.expected_error(bins), np.abs(said - came).sum() / k.size, rtol=1e-6)
        means, shares, pixels = histogram.reliability(bins)
        assert np.array_equal(pixels, count)
        with np.errstate(invalid="ignore"):
            assert np.allclose(means, said / count, rtol=1e-6, equal_nan=True)
            assert np.allclose(shares, came / count, rtol=1e-12, equal_nan=True)
    # Areas: how often a pixel of the target has the greater code; precision over the steps of recall.
    zeros = np.sort(k[~t])
    below, up_to = np.searchsorted(zeros, k[t], "left"), np.searchsorted(zeros, k[t], "right")
    assert np.isclose(histogram.roc_area(), (below + up_to).sum() / 2 / zeros.size / t.sum(), rtol=1e-12)
    area, before = 0.0, 0.0
    for code in np.unique(k)[::-1]:
        hard = k >= code
        recall = (hard & t).sum() / t.sum()
        area, before = area + (recall - before) * (hard & t).sum() / hard.sum(), recall
    assert np.isclose(histogram.average_precision(), area, rtol=1e-9)


@pytest.mark.parametrize("dtype, element, zero, one", ELEMENTS)
def test_without_a_target(dtype, element, zero, one):
    codes, mask = draw(dtype)
    counts = sd.CodeCounts(element)
    counts.update(codes)
    k, p = read(codes, zero, one)
    assert np.array_equal(counts.counts, np.bincount(codes.ravel().astype(int) - int(np.iinfo(dtype).min), minlength=256))
    against = sd.Histogram(element)
    against.update(codes, mask)
    assert against.codes() == counts
    # Soft Dice Confidence at every threshold, and the sums that a pass over the pixels has.
    thresholds, values = counts.confidences()
    for code in range(257):
        own = k >= code
        truth = 2 * p[own].sum() / (p.sum() + own.sum())
        assert np.isclose(values[code], truth, rtol=1e-7, atol=1e-12), code
    for threshold in THRESHOLDS[1:]:
        ours, direct = counts.at_least(threshold), sd.confidence(codes, element=element, threshold=threshold)
        assert (ours.p, ours.t, ours.pt) == (direct.p, direct.t, direct.pt)
        assert counts.above(threshold).t == (p > float(np.float32(threshold))).sum()
    assert np.isclose(counts.confidence(), sd.Score()(sd.confidence(codes, element=element)), rtol=1e-12)
    assert np.isclose(thresholds[128], 128 / one, atol=1e-7)


def test_distances():
    a, b = (sd.CodeCounts() for _ in range(2))
    mine, its = rng.integers(0, 200, 4000).astype(np.uint8), rng.integers(50, 256, 7000).astype(np.uint8)
    a.update(mine)
    b.update(its)
    x, y = np.bincount(mine, minlength=256) / mine.size, np.bincount(its, minlength=256) / its.size
    assert np.isclose(a.l1(b), np.abs(x - y).sum(), rtol=1e-12)
    both = (x + y) / 2
    kl = lambda share: (share[share > 0] * np.log(share[share > 0] / both[share > 0])).sum()
    assert np.isclose(a.jensen_shannon(b), (kl(x) + kl(y)) / 2, rtol=1e-10)
    assert a.l1(a) == 0 and a.jensen_shannon(a) == 0
    with pytest.raises(sd.SoftDiceError) as error:
        a.l1(sd.CodeCounts(sd.Element.tflite()))
    assert error.value.args[0] == "Mismatch"


def test_chunks_merge_to_the_same_counts():
    codes, mask = draw(np.uint8)
    whole, first, second = (sd.Histogram() for _ in range(3))
    whole.update(codes, mask)
    first.update(codes[:20], mask[:20])
    second.update(codes[20:], mask[20:])
    assert first + second == whole and first != whole
    first.merge(second)
    assert first == whole
    for other in (sd.Histogram(label=1), sd.Histogram(sd.Element.mask())):
        with pytest.raises(sd.SoftDiceError) as error:
            first.merge(other)
        assert error.value.args[0] == "Mismatch"
    assert first == whole
    parts = sd.CodeCounts(), sd.CodeCounts()
    for part, rows in zip(parts, (codes[:20], codes[20:])):
        part.update(rows)
    assert parts[0] + parts[1] == whole.codes()


def test_labels_regions_and_rows_of_larger_images():
    codes, _ = draw(np.uint8)
    labels = rng.choice(np.array([0, 1, 2, 255], np.uint8), codes.shape)
    region = rng.integers(0, 2, codes.shape).astype(np.uint8)
    histogram = sd.Histogram(label=2, ignore=255)
    histogram.update(codes[3:40, 5:60], labels[3:40, 5:60], region=region[3:40, 5:60])
    c, l, r = (array[3:40, 5:60] for array in (codes, labels, region))
    kept = (r != 0) & (l != 255)
    assert histogram.count == kept.sum() and histogram.ignored == (~kept).sum()
    assert np.array_equal(histogram.counts, np.bincount(c[kept], minlength=256))
    assert np.array_equal(histogram.labelled, np.bincount(c[kept & (l == 2)], minlength=256))
    alone = sd.CodeCounts()
    alone.update(c, region=r)
    assert np.array_equal(alone.counts, np.bincount(c[r != 0], minlength=256)) and alone.ignored == (r == 0).sum()
    assert "Histogram(Element.u8(), label=2, ignore=255, count=" in repr(histogram) and "<table>" in histogram._repr_html_()
    assert repr(alone).startswith("CodeCounts(count=")


@pytest.mark.parametrize("layout", ["nchw", "nhwc"])
@pytest.mark.parametrize("dtype, element", [(np.uint8, None), (np.int8, sd.Element.tflite())])
def test_classes_of_a_batch(layout, dtype, element):
    codes = draw(dtype, (2, 3, 40, 50))[0]
    labels = rng.choice(np.array([0, 1, 2, 255], np.uint8), (2, 40, 50))
    region = rng.integers(0, 2, labels.shape).astype(np.uint8)
    given = codes if layout == "nchw" else np.ascontiguousarray(np.moveaxis(codes, 1, -1))
    # A crop: rows are read where they lie.
    crop = (slice(None), slice(None), slice(4, 30), slice(7, 41)) if layout == "nchw" else (slice(None), slice(4, 30), slice(7, 41))
    inside = (slice(None), slice(4, 30), slice(7, 41))
    found = sd.class_histograms(given[crop], labels[inside], element=element, layout=layout, ignore=255, region=region[inside])
    alone = sd.channel_counts(given[crop], element=element, layout=layout, region=region[inside])
    assert len(found) == len(alone) == 3
    kept = (region[inside] != 0) & (labels[inside] != 255)
    low = int(np.iinfo(dtype).min)
    for c, (histogram, counts) in enumerate(zip(found, alone)):
        plane = codes[:, c, 4:30, 7:41].astype(int) - low
        assert np.array_equal(histogram.counts, np.bincount(plane[kept], minlength=256))
        assert np.array_equal(histogram.labelled, np.bincount(plane[kept & (labels[inside] == c)], minlength=256))
        assert np.array_equal(counts.counts, np.bincount(plane[region[inside] != 0], minlength=256))
    one = 255 if element is None else 256
    p = np.take_along_axis((codes[:, :, 4:30, 7:41].astype(int) - low) / one, np.where(kept, labels[inside], 0)[:, None], 1)[:, 0]
    cost = -np.log(np.clip(p, 1 / 512, 1 - 1 / 512))
    assert np.isclose(sd.cross_entropy(found, clamp=1 / 512), cost[kept].mean(), rtol=1e-7)
    weight = np.array([0.5, 1.0, 2.0])
    w = weight[np.where(kept, labels[inside], 0)]
    assert np.isclose(sd.cross_entropy(found, weight=list(weight), clamp=1 / 512), (w * cost)[kept].sum() / w[kept].sum(), rtol=1e-7)


def test_what_is_refused():
    codes, mask = draw(np.uint8)
    histogram = sd.Histogram()
    for array, target, kind, what in (
        (codes.T, mask.T, ValueError, "neither in C order"), (codes, mask[:-1], ValueError, "shape"),
        (codes.view(np.int8), mask, TypeError, "must be uint8, not int8"), (codes, mask.astype(np.int64), TypeError, "must be uint8, not int64"),
    ):
        with pytest.raises(kind, match=what):
            histogram.update(array, target)
    assert histogram.count == 0
    with pytest.raises(TypeError, match="8-bit codes"):
        sd.Histogram(sd.Element.f32())
    with pytest.raises(ValueError, match="needs label"):
        sd.Histogram(ignore=255)
    with pytest.raises(ValueError, match="bins is one of"):
        histogram.expected_error(7)
    with pytest.raises(ValueError, match="'torch', 'keras'"):
        histogram.cross_entropy("numpy")
    for name in ("brier", "expected_error", "roc_area", "average_precision"):
        with pytest.raises(sd.SoftDiceError) as error:
            getattr(histogram, name)()
        assert error.value.args[0] == "Undefined", name
    with pytest.raises(sd.SoftDiceError) as error:
        sd.class_histograms(np.zeros((1, 2, 3), np.uint8), np.full((1, 3), 9, np.uint8))
    assert error.value.args[0] == "Label"
    with pytest.raises(ValueError, match="scale and zero point"):
        sd.class_histograms(np.zeros((1, 2, 3), np.int8), np.zeros((1, 3), np.uint8))
    with pytest.raises(sd.SoftDiceError) as error:
        sd.cross_entropy([])
    assert error.value.args[0] == "Classes"
