"""From measured times to the tables, and their place in the document."""
import io
import unittest

from paths import ROOT
import cases
import machine
import progress
import results
import tables
from results import INLAY, Result

I1 = [c for c in cases.CASES if c.key == "I1"]
T1 = [c for c in cases.CASES if c.key == "T1"]
S = [c for c in cases.CASES if c.key == "S"]
THREADS = [c for c in cases.CASES if c.key == "I1-threads"]


def inlay(case="I1", times=(100, 110, 90), peak=500):
    return Result(case, INLAY, "Inlay", list(times), list(times), peak)


def peer(key, times, case="I1", **more):
    return Result(case, key, key, list(times), [100, 110, 90], **more)


class Ratios(unittest.TestCase):
    def test_median_and_least(self):
        found = peer("onnxruntime", [300, 250, 270])
        self.assertAlmostEqual(2.7, found.ratio())
        self.assertAlmostEqual(250 / 90, found.least_ratio())

    def test_the_best_is_fp32_has_numbers_and_is_of_the_group(self):
        rows = [inlay(), peer("torch-bf16", [110] * 3, fp32=False), peer("openvino-latency", [], error="broken"),
                peer("onnxruntime", [300] * 3), peer("torch", [200] * 3), peer("torch", [50] * 3, case="I2")]
        self.assertEqual("torch", results.best(rows, "I1").key)
        self.assertEqual("onnxruntime", results.best(rows, "I1", ("onnxruntime", "openvino")).key)
        self.assertIsNone(results.best(rows, "I1", ("tensorflow",)))

    def test_least_memory(self):
        rows = [inlay(), peer("torch", [200], peak_mb=900), peer("torch-compile", [200], peak_mb=800),
                peer("torch-bf16", [200], peak_mb=100, fp32=False)]
        self.assertEqual(800, results.least_memory(rows, "I1", ("torch",)).peak_mb)


class Tables(unittest.TestCase):
    def test_inlay_first_then_by_speed_and_nobody_is_dropped(self):
        rows = [peer("torch", [500] * 3, peak_mb=1000, differences=(4e-6,)), peer("tensorflow", [], error="no a|b"),
                peer("onnxruntime", [270] * 3), inlay()]
        lines = tables.time_table(rows, I1).splitlines()
        self.assertIn("**I1**", lines[2])
        self.assertIn("| Inlay | 100.0 | 90.0 | 1.00x | 1.00x | 500 | – |", lines[2])
        self.assertIn("| onnxruntime | 270.0 | 270.0 | 2.70x | 3.00x |", lines[3])
        self.assertIn("| torch | 500.0 | 500.0 | 5.00x | 5.56x | 1000 (2.00x) | 4e-06 |", lines[4])
        self.assertIn("| tensorflow | – | – | – | – | – | – | no a/b |", lines[5])

    def test_what_is_not_fp32_is_marked(self):
        self.assertIn("| not fp32 |", tables.time_table([inlay(), peer("torch-bf16", [200], fp32=False)], I1))

    def test_a_network_that_is_not_there_keeps_its_line(self):
        segnet = [c for c in cases.CASES if c.key == "I3.segnet"]
        text = tables.time_table([Result("I3.segnet", INLAY, "Inlay", error="not in Inlay yet")], segnet)
        self.assertRegex(text, r"I3\.segnet.*not in Inlay yet")

    def test_thread_table(self):
        rows = [Result("I1-threads", INLAY, "Inlay", [190.0], [100.0]), Result("I1-threads", "", "best peer", error="unknown")]
        text = tables.thread_table(rows, THREADS)
        self.assertIn("| I1-threads | Inlay | 190.0 | 100.0 | 1.90x |", text)
        self.assertIn("| I1-threads | best peer | – | – | unknown |", text)
        self.assertIn("| I1-threads | two threads | 1.85x | 1.90x | yes |", tables.target_table(rows, THREADS))

    def test_speed_targets(self):
        rows = [inlay(), peer("onnxruntime", [270] * 3), peer("openvino-latency", [260] * 3), peer("torch", [250] * 3)]
        text = tables.target_table(rows, I1)
        self.assertIn("| I1 | best fp32 peer: torch | – | 2.50x | – |", text)
        self.assertIn("| I1 | speed of openvino-latency | 2.7x | 2.60x | no |", text)

    def test_memory_targets(self):
        rows = [inlay("T1", peak=400), peer("torch", [400] * 3, case="T1", peak_mb=900)]
        self.assertIn("| T1 | memory of torch | at most 0.5x | 0.44x | yes |", tables.target_table(rows, T1))
        rows = [inlay(peak=600), peer("onnxruntime", [400] * 3, peak_mb=500)]
        self.assertIn("| I1 | memory of onnxruntime | at most 1.0x | 1.20x | no |", tables.target_table(rows, I1))

    def test_start_to_end_target(self):
        self.assertIn("| S | start to end | at most 150 ms | 100 ms | yes |", tables.target_table([inlay("S")], S))

    def test_peers_that_are_not_installed_are_named(self):
        from peers import PEERS
        text = tables.peer_table(PEERS[:1], {})
        self.assertIn("| ONNX Runtime | not installed |", text)


class Document(unittest.TestCase):
    def test_only_what_is_between_the_marks_changes(self):
        once = tables.insert(f"above\n{tables.BEGIN}\nold\n{tables.END}\nbelow\n", "| new |")
        self.assertEqual(f"above\n{tables.BEGIN}\n| new |\n{tables.END}\nbelow\n", once)
        self.assertEqual(once, tables.insert(once, "| new |"))

    def test_marks_must_be_there_once_and_in_order(self):
        for wrong in ("", tables.BEGIN, f"{tables.END}{tables.BEGIN}", f"{tables.BEGIN}{tables.END}" * 2):
            with self.assertRaisesRegex(ValueError, "expected one line"):
                tables.insert(wrong, "text")

    def test_the_page_has_them(self):
        tables.insert((ROOT / "docs" / "performance.md").read_text(), "")


class Words(unittest.TestCase):
    def test_durations(self):
        self.assertEqual(["0 s", "40 s", "1 min", "59 min", "1 h 20 min"],
                         [progress.duration(s) for s in (0, 40, 61, 3540, 4800)])

    def test_the_time_left_follows_the_pace_so_far(self):
        now, out = [0], io.StringIO()
        told = progress.Progress(10, out, lambda: now[0])
        self.assertEqual(600, told.seconds_left())
        now[0] = 240
        told.finish(2)
        self.assertEqual(8 * 120, told.seconds_left())
        told.say("T1 PyTorch")
        self.assertEqual("[about 16 min left] T1 PyTorch\n", out.getvalue())

    def test_the_machine(self):
        cpu = "model name\t: Fast 9000\ncpu family\t: 25\nmodel\t\t: 17\nflags\t\t: sse avx2 avx512f\n"
        self.assertEqual("Fast 9000 (family 25, model 17), AVX2, AVX-512, 16 GiB",
                         machine.describe(cpu, "MemTotal:       16777216 kB\n"))


if __name__ == "__main__":
    unittest.main()
