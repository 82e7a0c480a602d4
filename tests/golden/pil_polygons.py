#!/usr/bin/env python3
"""Polygons and circles as PIL (and labelme through it) draws them: python3 pil_polygons.py > pil_polygons.json."""
import json
import random

from PIL import Image, ImageDraw


def runs(image: Image.Image) -> list[int]:
    """Run lengths row by row, zeros first."""
    counts, inside = [0], 0
    for value in image.getdata():
        if value != inside:
            inside = value
            counts.append(0)
        counts[-1] += 1
    return counts


def main() -> None:
    draw = random.Random(2)
    polygons, circles = [], []
    for _ in range(60):
        height, width = draw.randint(4, 40), draw.randint(4, 40)
        points = [[round(draw.uniform(-2, size + 2), 2) for size in (width, height)] for _ in range(draw.randint(3, 9))]
        image = Image.new("L", (width, height))
        ImageDraw.Draw(image).polygon([tuple(p) for p in points], outline=1, fill=1)
        polygons.append({"height": height, "width": width, "points": points, "runs": runs(image)})
    for _ in range(20):
        height, width = draw.randint(10, 60), draw.randint(10, 60)
        x, y, d = draw.uniform(0, width), draw.uniform(0, height), draw.uniform(2, 20)
        image = Image.new("L", (width, height))
        ImageDraw.Draw(image).ellipse([x - d, y - d, x + d, y + d], outline=1, fill=1)
        circles.append({"height": height, "width": width, "x": x, "y": y, "radius": d, "runs": runs(image)})
    print(json.dumps({"polygons": polygons, "circles": circles}))


main()
