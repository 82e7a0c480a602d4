"""One picture of 10000x10000 pixels, start to end. Inlay alone: none of the peers has a command that does this."""
import struct
import zlib

import fixture
import machine
from command import Failed, run
from results import INLAY, Result

TILE = 512  # a rate in tiles of this side can be compared with the inference cases


def write_png(path, height, width):
    """RGB, drawn without keeping more than a row in memory: a gradient that no filter makes trivial."""
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    packer = zlib.compressobj(1)
    with path.open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)))
        for y in range(height):
            row = bytes((x * x // 64 + y * y // 32) & 255 for x in range(256)) * (3 * width // 256 + 1)
            if packed := packer.compress(b"\0" + row[:3 * width]):
                file.write(chunk(b"IDAT", packed))
        file.write(chunk(b"IDAT", packer.flush()) + chunk(b"IEND", b""))


def measure(bench, case):
    folder = bench.folder / case.key
    folder.mkdir()
    _, channels, height, width = case.shape
    result = Result(case.key, INLAY, "Inlay")
    bench.progress.say(f"{case.key} Inlay")
    try:
        write_png(folder / "large.png", height, width)
        fixture.write_model(bench.inlay, folder / "model.onnx", case.net,
                            {**case.settings, "in_channels": channels, "classes": case.classes})
        _, seconds = run([bench.inlay, "predict", folder / "model.onnx", folder / "large.png", "-o", folder / "masks",
                          "--threads", bench.threads], cores=bench.cores[:bench.threads], memory=machine.free_bytes())
        result.times = result.ours = [seconds * 1e3]
        result.note = f"{height * width / TILE**2 / seconds:.1f} tiles of {TILE}x{TILE} a second"
    except Failed as failure:
        result.error = str(failure)
    yield result
