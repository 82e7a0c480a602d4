#!/usr/bin/env python3
"""Run lengths and polygons as pycocotools 2.0 makes them: python3 coco_masks.py > coco_masks.json (needs pycocotools)."""
import json
import random

import numpy as np
from pycocotools import mask as coco


def polygon(draw: random.Random, height: int, width: int) -> list[float]:
    points = draw.randint(3, 9)
    margin = draw.choice([0, 3])
    digits = draw.choice([0, 1, 2, 6])
    return [round(draw.uniform(-margin, size + margin), digits) for _ in range(points) for size in (width, height)]


def main() -> None:
    draw = random.Random(1)
    strings = []
    for counts in ([0, 4], [6], [16], [5, 1, 3, 1, 2], [100, 31, 1000, 2, 1], [0, 1, 31, 32, 15, 16, 17, 70000, 1, 5]):
        text = coco.frPyObjects({"size": [1, sum(counts)], "counts": counts}, 1, sum(counts))["counts"].decode()
        strings.append({"counts": counts, "text": text})
    polygons = []
    for _ in range(60):
        height, width = draw.randint(1, 24), draw.randint(1, 24)
        points = polygon(draw, height, width)
        rle = coco.frPyObjects([points], height, width)[0]
        polygons.append({"height": height, "width": width, "points": points, "text": rle["counts"].decode(),
                         "area": int(np.count_nonzero(coco.decode(rle)))})
    print(json.dumps({"strings": strings, "polygons": polygons}))


main()
