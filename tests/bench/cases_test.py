"""The tables of cases and peers, and the choice from them."""
import array
import os
import pathlib
import tempfile
import unittest

from paths import PEERS
import cases
import fixture
import peers
import steps
from command import Failed
from results import Result


def case(key):
    return next(c for c in cases.CASES if c.key == key)


def peer(key):
    return next(p for p in peers.PEERS if p.key == key)


class Difference(unittest.TestCase):
    def test_is_relative_to_the_largest_number_expected_unless_all_are_zero(self):
        with tempfile.TemporaryDirectory() as folder:
            files = {}
            for name, values in {"zero": [0, 0], "some": [0, 2], "more": [0, 3]}.items():
                files[name] = pathlib.Path(folder) / name
                files[name].write_bytes(array.array("f", values).tobytes())
            self.assertEqual(0.5, fixture.difference(files["more"], files["some"], 0.1)[0])
            self.assertEqual((0, 0), fixture.difference(files["zero"], files["zero"], 0.1))
            self.assertEqual(2, fixture.difference(files["some"], files["zero"], 0.1)[0])


class Peer:
    def save(self, path):
        path.write_bytes(array.array("f", [4, 1, 2, 3]).tobytes())


class Agreement(unittest.TestCase):
    def check(self, ours, apart):
        case = cases.Case("X", "infer", "", apart=apart)
        result = Result("X", "peer", "Peer")
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "inlay.f32").write_bytes(array.array("f", ours).tobytes())
            steps.check_agreement(case, pathlib.Path(folder), None, Peer(), result)
        return result

    def test_the_same_numbers_agree(self):
        self.assertEqual(((0,), ""), (self.check([4, 1, 2, 3], 0).differences, self.check([4, 1, 2, 3], 0.5).note))

    def test_other_numbers_do_not(self):
        with self.assertRaisesRegex(Failed, "computes something else: relative difference 2.5e-01"):
            self.check([4, 1, 2, 4], 0)

    def test_a_share_of_them_may_where_the_case_says_so(self):
        self.assertIn("25.0% of the logits differ", self.check([4, 1, 2, 4], 0.3).note)
        with self.assertRaises(Failed):
            self.check([4, 1, 3, 4], 0.3)


class Cases(unittest.TestCase):
    def test_keys_are_unique(self):
        self.assertEqual(len({c.key for c in cases.CASES}), len(cases.CASES))

    @unittest.skipUnless("INLAY_BIN" in os.environ, "INLAY_BIN says where the programs are")
    def test_every_net_is_one_of_inlays(self):
        known = fixture.networks(pathlib.Path(os.environ["INLAY_BIN"]) / "inlay")
        self.assertEqual([], [c.key for c in cases.CASES if c.kind != "threads" and c.net not in known])

    def test_every_target_is_about_peers_that_run_the_case(self):
        for c in cases.CASES:
            for group in c.against:
                rivals = [p for p in peers.PEERS if p.key.startswith(group) and p.fp32 and peers.suits(p, c)]
                self.assertTrue(rivals, f"{c.key} {group}")

    def test_thread_cases_name_a_case(self):
        for c in cases.CASES:
            if c.kind == "threads":
                self.assertIn(case(c.of).kind, ("infer", "train"))

    def test_all_but_the_large_one_when_none_is_named(self):
        self.assertEqual([c for c in cases.CASES if c.key != "L"], cases.chosen([]))
        self.assertEqual(cases.CASES, cases.chosen([], large=True))

    def test_named_ones_come_in_the_order_of_the_table(self):
        self.assertEqual(["I1", "T2"], [c.key for c in cases.chosen(["T2", "I1"])])
        self.assertEqual(["I1", "L"], [c.key for c in cases.chosen(["I1"], large=True)])
        self.assertEqual(["L"], [c.key for c in cases.chosen(["L"])])

    def test_a_group_stands_for_all_in_it(self):
        self.assertEqual(5, len(cases.chosen(["I3"])))
        self.assertTrue(all(c.key.startswith("I3.") for c in cases.chosen(["I3"])))

    def test_an_unknown_case_is_named_with_the_known_ones(self):
        with self.assertRaisesRegex(ValueError, "there is no case I9; there are I1, I2"):
            cases.chosen(["I1", "I9"])


class Peers(unittest.TestCase):
    def test_every_script_is_there(self):
        for p in peers.PEERS:
            self.assertTrue((PEERS / "contestants" / p.script).is_file(), p.script)

    def test_the_start_of_a_name_chooses(self):
        self.assertEqual(["openvino-latency", "openvino-throughput", "tensorflow"],
                         [p.key for p in peers.chosen(["openvino", "tensorflow"])])
        self.assertEqual(peers.PEERS, peers.chosen([]))

    def test_an_unknown_peer_is_named_with_the_known_ones(self):
        with self.assertRaisesRegex(ValueError, "there is no peer jax; there are onnxruntime"):
            peers.chosen(["jax", "torch"])

    def test_who_can_run_what(self):
        self.assertTrue(peers.suits(peer("onnxruntime"), case("I3.segnet")))
        self.assertFalse(peers.suits(peer("torch"), case("I3.segnet")))
        self.assertFalse(peers.suits(peer("onnxruntime"), case("T1")))
        self.assertTrue(peers.suits(peer("torch-bf16"), case("I1")))
        self.assertFalse(peers.suits(peer("torch-bf16"), case("I1-avx2")))


if __name__ == "__main__":
    unittest.main()
