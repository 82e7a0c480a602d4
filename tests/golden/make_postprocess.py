#!/usr/bin/env python3
"""Writes postprocess.json: what scikit-image and scipy make of random masks, for tests/image/postprocess_test.cpp.

    python3 -m venv venv && venv/bin/pip install scikit-image scipy numpy
    venv/bin/python tests/golden/make_postprocess.py
"""
import json
import pathlib

import numpy as np
from scipy import ndimage
from skimage import measure, morphology, segmentation


def blobs(seed, height, width, sigma, share):
    """A mask of 0 and 1 with objects of about `sigma` pixels."""
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).standard_normal((height, width)), sigma)
    return (noise > np.quantile(noise, 1 - share)).astype(np.uint8)


def rows(array):
    return ["".join("0123456789abcdefghijklmnopqrstuvwxyz"[v] for v in row) for row in array]


def touching_discs():
    y, x = np.mgrid[0:48, 0:72]
    mask = np.zeros((48, 72), np.uint8)
    for cy, cx, r in ((15, 15, 11), (17, 33, 10), (33, 24, 9), (24, 58, 12), (40, 45, 6)):
        mask |= ((y - cy) ** 2 + (x - cx) ** 2 <= r * r).astype(np.uint8)
    return mask


def case(mask, least):
    filled = ndimage.binary_fill_holes(mask)
    # Small objects first, then small holes: apart from each other by more than their size, the order does not matter.
    large = morphology.remove_small_objects(mask.astype(bool), least, connectivity=1)
    return {"mask": rows(mask), "least": least, "filled": rows(filled.astype(int)), "objects": rows(large.astype(int)),
            "count4": int(measure.label(mask, connectivity=1).max()),
            "count8": int(measure.label(mask, connectivity=2).max())}


def flooded(mask, seeds):
    distance = ndimage.distance_transform_edt(mask)
    markers = np.zeros(mask.shape, int)
    for number, (y, x) in enumerate(seeds, 1):
        markers[y, x] = number
    return {"mask": rows(mask), "seeds": seeds,
            "basins": rows(segmentation.watershed(-distance, markers, mask=mask.astype(bool)))}


def main():
    discs = touching_discs()
    golden = {
        "cases": [case(blobs(1, 40, 50, 2, 0.4), 12), case(blobs(2, 33, 61, 1.2, 0.5), 8), case(discs, 20)],
        "watershed": [flooded(discs, [[15, 15], [17, 33], [33, 24], [24, 58], [40, 45]])],
    }
    path = pathlib.Path(__file__).parent / "postprocess.json"
    path.write_text(json.dumps(golden, indent=1) + "\n")


main()
