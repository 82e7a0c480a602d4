"""Golden values of the scores: python make_metrics_golden.py [FOLDER]

Masks are drawn here and scored by scikit-learn, scikit-image, SciPy and NumPy, as scorer.h defines the scores; tests/metrics/golden_test.cpp
scores the same. Run again only when cases are added; metrics.json is committed.
"""
import itertools
import json
import pathlib
import sys

import numpy as np
from scipy import ndimage
from skimage.measure import label
from sklearn.metrics import confusion_matrix, log_loss, v_measure_score
from sklearn.metrics.cluster import pair_confusion_matrix

VOID = 255
rng = np.random.default_rng(20121023)


def nanmean(values):
    values = [v for v in values if not np.isnan(v)]
    return float(np.mean(values)) if values else float("nan")


def ratio(a, b):
    return a / b if b else float("nan")


# ---- masks

def regions(height, width, classes, cells):
    """Voronoi regions of random classes."""
    y, x = np.mgrid[:height, :width]
    seeds = rng.random((cells, 2)) * (height, width)
    nearest = np.argmin([(y - a) ** 2 + (x - b) ** 2 for a, b in seeds], 0)
    return rng.integers(0, classes, cells)[nearest].astype(np.uint8), nearest


def membranes(nearest, thickness):
    edge = (ndimage.maximum_filter(nearest, 3) != ndimage.minimum_filter(nearest, 3))
    return (~(ndimage.binary_dilation(edge, iterations=thickness) if thickness else edge)).astype(np.uint8)


def disturbed(mask, classes, shift, patches):
    out = np.roll(mask, shift, (0, 1))
    for _ in range(patches):
        y, x, h, w = rng.integers(0, mask.shape[0]), rng.integers(0, mask.shape[1]), *rng.integers(2, 14, 2)
        out[y:y + h, x:x + w] = rng.integers(0, classes)
    return out


def with_void(mask):
    mask = mask.copy()
    y, x = rng.integers(0, mask.shape[0] - 20), rng.integers(0, mask.shape[1] - 20)
    mask[y:y + 17, x:x + 19] = VOID
    return mask


# ---- scores: each gives (value, by class) of all pairs (prediction, truth)

def overlap(pairs, classes, count_void=False):
    matrix = sum(confusion_matrix(t[t != VOID], p[t != VOID], labels=range(classes)) for p, t in pairs).astype(float)
    extra = sum(np.bincount(p[t == VOID], minlength=classes) for p, t in pairs) if count_void else np.zeros(classes)
    hits, truth, predicted = np.diag(matrix), matrix.sum(1), matrix.sum(0) + extra
    iou = [ratio(h, t + p - h) for h, t, p in zip(hits, truth, predicted)]
    dice = [ratio(2 * h, t + p) for h, t, p in zip(hits, truth, predicted)]
    accuracy = [ratio(h, t) for h, t in zip(hits, truth)]
    pixel = ratio(hits.sum(), truth.sum())
    weighted = sum(t * i for t, i in zip(truth, iou) if t) / truth.sum()
    return {"mean_iou": (nanmean(iou), iou), "mean_dice": (nanmean(dice), dice), "pixel_accuracy": (pixel, []),
            "mean_accuracy": (nanmean(accuracy), accuracy), "frequency_weighted_iou": (weighted, []),
            "pixel_error": (1 - pixel, [])}


def image_overlap(pairs, classes):
    each = [overlap([pair], classes) for pair in pairs]
    result = {}
    for name, source in (("image_iou", "mean_iou"), ("image_dice", "mean_dice")):
        result[name] = (nanmean([e[source][0] for e in each]),
                        [nanmean([e[source][1][c] for e in each]) for c in range(classes)])
    return result


def counted(pair):
    return np.where(pair[1] == VOID, VOID, pair[0]), pair[1]


def boundary_f1(pairs, classes):
    cross = ndimage.generate_binary_structure(2, 1)
    scores = []
    for p, t in map(counted, pairs):
        tolerance, row = 0.0075 * np.hypot(*t.shape), []
        for c in range(classes):
            a, b = ((m == c) & ~ndimage.binary_erosion(m == c, cross, border_value=1) for m in (p, t))
            if not a.any() and not b.any():
                row.append(float("nan"))
            elif not a.any() or not b.any():
                row.append(0.0)
            else:
                precision = (ndimage.distance_transform_edt(~b)[a] <= tolerance).mean()
                recall = (ndimage.distance_transform_edt(~a)[b] <= tolerance).mean()
                row.append(2 * precision * recall / (precision + recall) if precision * recall else 0.0)
        scores.append(row)
    return {"boundary_f1": (nanmean([nanmean(row) for row in scores]),
                            [nanmean([row[c] for row in scores]) for c in range(classes)])}


def boundary_iou(pairs, classes):
    both, either = np.zeros(classes), np.zeros(classes)
    for p, t in map(counted, pairs):
        d = max(1, int(round(0.02 * np.hypot(*t.shape))))
        for c in range(classes):
            a, b = ((m == c) & ~ndimage.binary_erosion(m == c, np.ones((3, 3)), iterations=d) for m in (p, t))
            both[c] += (a & b).sum()
            either[c] += (a | b).sum()
    by_class = [ratio(a, b) for a, b in zip(both, either)]
    return {"boundary_iou": (nanmean(by_class), by_class)}


def surface_distance(pairs, classes):
    cross = ndimage.generate_binary_structure(2, 1)
    worst, mean = [[] for _ in range(classes)], [[] for _ in range(classes)]
    for p, t in map(counted, pairs):
        for c in range(classes):
            a, b = ((m == c) ^ ndimage.binary_erosion(m == c, cross) for m in (p, t))
            if not a.any() and not b.any():
                continue
            if not a.any() or not b.any():
                worst[c].append(np.hypot(*t.shape))
                mean[c].append(np.hypot(*t.shape))
                continue
            there, back = ndimage.distance_transform_edt(~b)[a], ndimage.distance_transform_edt(~a)[b]
            worst[c].append(max(np.percentile(there, 95), np.percentile(back, 95)))
            mean[c].append(np.concatenate([there, back]).mean())
    worst, mean = [nanmean(v) for v in worst], [nanmean(v) for v in mean]
    return {"hausdorff95": (nanmean(worst), worst), "surface_distance": (nanmean(mean), mean)}


def average_precision(pairs, classes, background):
    by_class = []
    for c in range(classes):
        scores = []
        for p, t in map(counted, pairs):
            inter, union = ((p == c) & (t == c)).sum(), ((p == c) | (t == c)).sum()
            scores.append(1.0 if union == 0 else np.mean([inter / union > 0.5 + 0.05 * k + 1e-9 for k in range(10)]))
        by_class.append(float("nan") if background and c == 0 else np.mean(scores))
    return {"mean_average_precision": (nanmean(by_class), by_class)}


def panoptic(pairs, classes, background):
    tp, fp, fn, iou = (np.zeros(classes) for _ in range(4))
    for p, t in pairs:
        for c in range(1 if background else 0, classes):
            a, b = label(p == c, connectivity=2), label(t == c, connectivity=2)
            matched_a, matched_b = set(), set()
            for i, j in itertools.product(range(1, a.max() + 1), range(1, b.max() + 1)):
                inter = ((a == i) & (b == j)).sum()
                union = (((a == i) & (t != VOID)) | (b == j)).sum()
                if union and inter / union > 0.5:
                    matched_a.add(i), matched_b.add(j)
                    tp[c] += 1
                    iou[c] += inter / union
            for i in set(range(1, a.max() + 1)) - matched_a:
                fp[c] += (t[a == i] == VOID).mean() <= 0.5
            fn[c] += b.max() - len(matched_b)
    whole = tp + fp / 2 + fn / 2
    pq = [ratio(a, b) for a, b in zip(iou, whole)]
    sq = [ratio(a, b) if b else (0.0 if w else float("nan")) for a, b, w in zip(iou, tp, whole)]
    rq = [ratio(a, b) for a, b in zip(tp, whole)]
    return {"pq": (nanmean(pq), pq), "sq": (nanmean(sq), sq), "rq": (nanmean(rq), rq)}


def zhang_suen(border):
    border = border.astype(bool).copy()
    while True:
        changed = False
        for half in range(2):
            pad = np.pad(border, 1, mode="edge")
            n = [pad[1 + dy:pad.shape[0] - 1 + dy, 1 + dx:pad.shape[1] - 1 + dx]
                 for dy, dx in ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))]
            total = sum(v.astype(int) for v in n)
            rises = sum((~n[k] & n[(k + 1) % 8]).astype(int) for k in range(8))
            p2, p4, p6, p8 = n[0], n[2], n[4], n[6]
            sides = (~(p2 & p4 & p6) & ~(p4 & p6 & p8)) if half == 0 else (~(p2 & p4 & p8) & ~(p2 & p6 & p8))
            gone = border & (total >= 2) & (total <= 6) & (rises == 1) & sides
            border &= ~gone
            changed |= gone.any()
        if not changed:
            return border


def agreement(border, t):
    predicted = label(~zhang_suen(border), connectivity=1)
    truth = label((t != 0) & (t != VOID), connectivity=1)
    inside = truth > 0
    if not inside.any():
        return float("nan"), float("nan")
    predicted, truth = predicted[inside], truth[inside]
    predicted[predicted == 0] = predicted.max() + 1 + np.arange((predicted == 0).sum())
    pairs_of = pair_confusion_matrix(truth, predicted)
    n, same = truth.size, pairs_of[1, 1]
    return 2 * (same + n) / ((same + pairs_of[0, 1] + n) + (same + pairs_of[1, 0] + n)), v_measure_score(truth, predicted)


def cells(pairs):
    rand, information = zip(*(agreement((p == 0) | (p == VOID), t) for p, t in pairs))
    return {"v_rand": (nanmean(rand), []), "v_info": (nanmean(information), [])}


def topology(patch):
    """Cells by edges and border by corners in 3x3 pixels, those that touch the middle by edges and by corners."""
    middle = patch[1, 1]
    ring = patch.copy()
    ring[1, 1] = 0
    cells_around = label(ring, connectivity=1)
    touching = {v for v in (cells_around[0, 1], cells_around[1, 0], cells_around[1, 2], cells_around[2, 1]) if v}
    ring = 1 - patch
    ring[1, 1] = 0
    assert middle in (0, 1)
    return len(touching), label(ring, connectivity=2).max()


def warping(pairs):
    wrong, pixels = 0, 0
    for p, t in map(counted, pairs):
        source, target = (np.pad(((m != 0) & (m != VOID)).astype(int), 1) for m in (t, p))
        left = [(y + 1, x + 1) for y, x in np.argwhere(t != VOID)]
        pixels += len(left)
        left = [at for at in left if source[at] != target[at]]
        while True:
            stay = []
            for y, x in left:
                if topology(source[y - 1:y + 2, x - 1:x + 2]) == (1, 1):
                    source[y, x] = target[y, x]
                else:
                    stay.append((y, x))
            if len(stay) == len(left):
                break
            left = stay
        wrong += len(left)
    return {"warping_error": (wrong / pixels, [])}


# ---- cases

def runs(mask):
    flat = mask.reshape(-1)
    ends = np.flatnonzero(np.append(flat[1:] != flat[:-1], True))
    return [int(v) for end, before in zip(ends, np.append(-1, ends[:-1])) for v in (flat[end], end - before)]


def plain(value):
    return None if np.isnan(value) else round(float(value), 10)


def case(name, names, pairs, background):
    classes, scores = len(names), {}
    for result in (overlap(pairs, classes), image_overlap(pairs, classes), boundary_f1(pairs, classes),
                   boundary_iou(pairs, classes), surface_distance(pairs, classes),
                   average_precision(pairs, classes, background), panoptic(pairs, classes, background), cells(pairs),
                   warping(pairs)):
        scores.update(result)
    void = {k: v for k, v in overlap(pairs, classes, True).items() if k in ("mean_iou", "mean_dice")}
    pack = lambda s: {k: {"value": plain(v), "classes": [plain(c) for c in by]} for k, (v, by) in s.items()}
    return {"name": name, "classes": names, "pairs": [{"height": t.shape[0], "width": t.shape[1], "prediction": runs(p),
                                                       "truth": runs(t)} for p, t in pairs],
            "scores": pack(scores), "void_counts": pack(void)}


def street():
    pairs = []
    for height, width in ((96, 151), (140, 110), (33, 40)):
        truth, _ = regions(height, width, 4, 14)
        prediction = disturbed(truth, 5, rng.integers(-3, 4, 2), 4)
        pairs.append((prediction, with_void(truth) if height > 40 else truth))
    return case("street", ["road", "sky", "car", "tree", "never"], pairs, False)


def objects():
    pairs = []
    for _ in range(3):
        truth, _ = regions(90, 120, 3, 18)
        pairs.append((disturbed(truth, 3, rng.integers(-2, 3, 2), 3), truth))
    return case("objects", ["background", "a", "b"], pairs, True)


def tissue():
    pairs = []
    for height, width in ((80, 90), (101, 64)):
        _, nearest = regions(height, width, 2, 12)
        truth = membranes(nearest, 1)
        prediction = membranes(nearest, 2)
        prediction[20:26] = 1  # mends no membrane there: cells merge
        prediction[:, 40] = 0
        pairs.append((prediction, with_void(truth) if width == 64 else truth))
    return case("tissue", ["membrane", "inside"], pairs, True)


def confidences():
    """Logits of quarters, so that they are short in text and exact."""
    logits = (rng.normal(size=(3, 12, 15)) * 8).round() / 4
    truth = np.where(rng.random((12, 15)) < 0.6, logits.argmax(0), rng.integers(0, 3, (12, 15)))
    truth[2, 3:9] = VOID
    keep = truth != VOID
    p = np.exp(logits) / np.exp(logits).sum(0)
    best, correct = p.max(0)[keep], (p.argmax(0) == truth)[keep]
    edges = np.linspace(0, 1, 16)
    place = np.clip(np.digitize(best, edges, right=True) - 1, 0, 14)
    gaps = [(abs(correct[place == i].mean() - best[place == i].mean()), (place == i).mean()) for i in range(15) if (place == i).any()]
    return {"height": 12, "width": 15, "logits": logits.reshape(-1).tolist(), "truth": truth.reshape(-1).tolist(),
            "ece": float(sum(g * w for g, w in gaps)), "mce": float(max(g for g, _ in gaps)),
            "cross_entropy": float(log_loss(truth[keep], p[:, keep].T, labels=[0, 1, 2]))}


def membrane_probabilities():
    """Logits of the inside, in quarters; the membrane is blurred, broken in places and noisy."""
    images, each = [], []
    for height, width in ((60, 71), (44, 90)):
        _, nearest = regions(height, width, 2, 9)
        truth = membranes(nearest, 0)
        soft = ndimage.gaussian_filter((1.0 - truth) * rng.uniform(0, 1, truth.shape) ** 0.5, 0.7) + rng.normal(size=truth.shape) * 0.1
        logits = np.rint(4 * (2.5 - 12 * soft)).astype(int)
        truth = with_void(truth) if height < 50 else truth
        p = 1 / (1 + np.exp(logits / 4))
        each.append([agreement(p >= t / 10, truth) for t in range(11)])
        images.append({"height": height, "width": width, "logits": logits.reshape(-1).tolist(), "truth": runs(truth)})
    rand, information = np.mean(each, 0).T
    near = lambda scores: min(np.flatnonzero(scores == scores.max()), key=lambda t: abs(t - 5)) / 10
    return {"images": images, "v_rand_max": float(rand.max()), "v_rand_threshold": near(rand),
            "v_info_max": float(information.max()), "v_info_threshold": near(information)}


folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
cases = ",\n".join(json.dumps(c, separators=(",", ":")) for c in (street(), objects(), tissue()))
(folder / "metrics.json").write_text(
    f'{{"cases":[\n{cases}\n],\n"confidences":{json.dumps(confidences(), separators=(",", ":"))},\n'
    f'"membranes":{json.dumps(membrane_probabilities(), separators=(",", ":"))}}}\n')
