"""Processes: a contestant that does next to nothing, the real one of Inlay, commands, and that nothing is left running."""
import array
import os
import pathlib
import sys
import tempfile
import time
import unittest
import zlib

from paths import PEERS
import command
import fixture
import large
from contestant import Contestant

CORES = sorted(os.sched_getaffinity(0))
FAKE = f"""
import subprocess, sys
sys.path.insert(0, {str(PEERS / 'contestants')!r})
import contest

class Logits:
    def astype(self, *_, **__): return self
    def tofile(self, path): open(path, "wb").write(b"1234")

def make(job):
    print("a library's chatter")
    helper = subprocess.Popen(["sleep", "600"])
    open(job["pid"], "w").write(str(helper.pid))
    if job["how"] == "dies":
        raise SystemExit("first line\\nno such model")
    return contest.Work(lambda: 0.5, Logits, repeats=2)

contest.serve(make)
"""


def alive(pid):
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def gone(pid, seconds=5):
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.01)
    return not alive(pid)


class WithFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)


class Fake(WithFolder):
    def start(self, how, mode="train"):
        job = {"how": how, "mode": mode, "warm_up": 3, "pid": str(self.folder / "pid")}
        return Contestant([sys.executable, "-c", FAKE], job, {}, CORES[:1], self.folder / "log", "Fake: ")

    def helper(self):
        return int((self.folder / "pid").read_text())

    def test_it_warms_up_runs_and_saves(self):
        with self.start("works") as fake:
            self.assertEqual([0.5] * 3, fake.ready["losses"])
            times = fake.run(4)
            self.assertEqual(4, len(times))
            self.assertTrue(all(0 <= ms < 1000 for ms in times))
            fake.save(self.folder / "logits")
            self.assertEqual(b"1234", (self.folder / "logits").read_bytes())
            self.assertGreater(fake.peak_mb(), 1)
            self.assertEqual({CORES[0]}, os.sched_getaffinity(fake.process.pid))
        self.assertIn("chatter", (self.folder / "log").read_text())

    def test_inference_tells_no_losses(self):
        with self.start("works", "infer") as fake:
            self.assertEqual([], fake.ready["losses"])

    def test_nothing_is_left_running(self):
        with self.start("works") as fake:
            self.assertTrue(alive(self.helper()))
        self.assertTrue(gone(fake.process.pid))
        self.assertTrue(gone(self.helper()))

    def test_why_it_failed(self):
        with self.assertRaisesRegex(command.Failed, "^Fake: no such model$"):
            with self.start("dies"):
                pass
        self.assertTrue(gone(self.helper()))
        with self.start("works") as fake, self.assertRaisesRegex(command.Failed, "^Fake: unknown request 'walk'$"):
            fake.ask("walk")
        with self.start("works") as fake, self.assertRaisesRegex(command.Failed, "ended by SIGKILL"):
            fake.process.kill()
            fake.run(1)

    def test_no_answer_in_time(self):
        with self.start("works") as fake, self.assertRaisesRegex(command.Failed, "^Fake: no answer within 0.1 s$"):
            fake.answer(0.1)


@unittest.skipUnless("INLAY_BIN" in os.environ, "INLAY_BIN does not say where the programs are")
class Inlay(WithFolder):
    SHAPE, CLASSES = (2, 3, 16, 16), 4

    def setUp(self):
        super().setUp()
        self.bin = pathlib.Path(os.environ["INLAY_BIN"])
        settings = {"width": 4, "depth": 2, "in_channels": 3, "classes": self.CLASSES}
        fixture.write_model(self.bin / "inlay", self.folder / "model.onnx", "unet", settings)
        fixture.write_inputs(self.folder, self.SHAPE, self.CLASSES)

    def start(self, mode, **other):
        job = {"mode": mode, "model": str(self.folder / "model.onnx"), "shape": self.SHAPE, "threads": 1, "warm_up": 3,
               "image": str(self.folder / "image.f32"), "labels": str(self.folder / "labels.u8"), "rate": 1e-2, **other}
        return Contestant([self.bin / "inlay_bench_contestant"], job, {}, CORES, self.folder / "log")

    def test_inference(self):
        with self.start("infer") as inlay:
            self.assertEqual([], inlay.ready["losses"])
            self.assertEqual(2, len(inlay.run(2)))
            inlay.save(self.folder / "one")
        with self.start("infer", threads=2) as inlay:
            inlay.save(self.folder / "two")
        self.assertEqual(2 * self.CLASSES * 16 * 16, len(fixture.numbers(self.folder / "one")))
        self.assertLess(fixture.difference(self.folder / "two", self.folder / "one", 1e-5)[0], 1e-5)

    def test_training(self):
        with self.start("train") as inlay:
            first, _, third = inlay.ready["losses"]
            self.assertAlmostEqual(1.4, first, delta=1)  # about ln 4
            self.assertLess(third, first)
            self.assertEqual(1, len(inlay.run(1)))

    def test_errors_are_named(self):
        (self.folder / "image.f32").write_bytes(b"1234")
        with self.assertRaisesRegex(command.Failed, "image.f32' has 4 bytes, expected 6144"), self.start("infer"):
            pass
        fixture.write_inputs(self.folder, self.SHAPE, self.CLASSES)
        with self.start("infer") as inlay, self.assertRaisesRegex(command.Failed, "unknown request 'walk'"):
            inlay.ask("walk")


class Commands(WithFolder):
    def test_output_and_time(self):
        output, seconds = command.run(["sh", "-c", "echo hello"])
        self.assertEqual("hello\n", output)
        self.assertLess(seconds, 60)

    def test_the_last_line_says_why(self):
        with self.assertRaisesRegex(command.Failed, "^no space$"):
            command.run(["sh", "-c", "echo trying >&2; echo no space >&2; exit 1"])
        with self.assertRaisesRegex(command.Failed, "exit code 3 and no message"):
            command.run(["sh", "-c", "exit 3"])

    def test_a_limit_of_memory(self):
        with self.assertRaisesRegex(command.Failed, "MemoryError"):
            command.run([sys.executable, "-c", "bytearray(1 << 31)"], memory=1 << 30)

    def test_too_long(self):
        with self.assertRaisesRegex(command.Failed, "not done within 0.2 s"):
            command.run(["sh", "-c", f"sleep 600 & echo $! > {self.folder}/pid; wait"], seconds=0.2)
        self.assertTrue(gone(int((self.folder / "pid").read_text())))


class Files(WithFolder):
    def test_difference_is_relative_to_the_largest(self):
        (self.folder / "a").write_bytes(array.array("f", [1, -4]).tobytes())
        (self.folder / "b").write_bytes(array.array("f", [2, -4]).tobytes())
        (self.folder / "c").write_bytes(array.array("f", [2]).tobytes())
        self.assertEqual((0.25, 0.5), fixture.difference(self.folder / "b", self.folder / "a", 0.2))
        self.assertEqual((0.25, 0), fixture.difference(self.folder / "b", self.folder / "a", 0.3))
        with self.assertRaisesRegex(command.Failed, "1 logits, expected 2"):
            fixture.difference(self.folder / "c", self.folder / "a", 0.1)

    def test_inputs_have_the_sizes_and_classes(self):
        fixture.write_inputs(self.folder, (2, 3, 4, 5), 7)
        self.assertEqual(2 * 3 * 4 * 5, len(fixture.numbers(self.folder / "image.f32")))
        labels = (self.folder / "labels.u8").read_bytes()
        self.assertEqual(2 * 4 * 5, len(labels))
        self.assertLess(max(labels), 7)

    def test_the_large_picture_is_a_png(self):
        large.write_png(self.folder / "a.png", 7, 300)
        content = (self.folder / "a.png").read_bytes()
        packed, at = b"", 8
        while at < len(content):
            length = int.from_bytes(content[at:at + 4], "big")
            kind, body = content[at + 4:at + 8], content[at + 8:at + 8 + length]
            self.assertEqual(zlib.crc32(kind + body), int.from_bytes(content[at + 8 + length:at + 12 + length], "big"))
            packed += body if kind == b"IDAT" else b""
            at += 12 + length
        self.assertEqual(7 * (1 + 3 * 300), len(zlib.decompress(packed)))


if __name__ == "__main__":
    unittest.main()
