"""The Python environment of the peers, with a stand-in for its python: no network is asked."""
import pathlib
import tempfile
import unittest

import paths  # noqa: F401  (first: it makes the next ones importable)
import command
import environment

PYTHON = """#!/bin/sh
here=$(dirname "$0")
if [ "$1" = -m ]; then
  echo "$@" >> "$here/asked"
  case "$*" in
    *tensorflow-cpu*) echo "ERROR: No matching distribution found for tensorflow-cpu"; exit 1;;
    *--index-url*) echo "ERROR: no such host"; exit 1;;
  esac
  touch "$here/installed"
elif [ -f "$here/installed" ]; then
  echo '{"numpy": "2.0", "onnx": "1.0", "pillow": "9.0", "torch": "2.0"}'
else
  echo '{}'
fi
"""


class Install(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "python").write_text(PYTHON)
        (self.folder / "bin" / "python").chmod(0o755)

    def asked(self):
        return (self.folder / "bin" / "asked").read_text().splitlines()

    def test_the_next_way_is_tried_when_one_fails(self):
        made = environment.Environment(self.folder, ["torch"], lambda text: None)
        self.assertEqual("2.0", made.versions["torch"])
        made.need("torch")
        common, first, second = self.asked()
        self.assertTrue(common.endswith("numpy onnx pillow"))
        self.assertIn("--index-url https://download.pytorch.org/whl/cpu torch", first)
        self.assertTrue(second.endswith("20 torch"))

    def test_what_is_there_is_left_alone(self):
        (self.folder / "bin" / "installed").touch()
        environment.Environment(self.folder, ["torch"], lambda text: None)
        self.assertFalse((self.folder / "bin" / "asked").exists())

    def test_the_reason_is_kept(self):
        told = []
        made = environment.Environment(self.folder, ["tensorflow-cpu"], told.append)
        self.assertEqual([f"installing {name} into {self.folder}" for name in ("common", "tensorflow-cpu")], told)
        with self.assertRaisesRegex(command.Failed, "pip cannot install tensorflow-cpu: ERROR: No matching distribution"):
            made.need("tensorflow-cpu")

    def test_a_library_that_is_not_there(self):
        with self.assertRaisesRegex(command.Failed, r"^libnowhere.so.1 is not installed \(tools/packages.txt\)$"):
            environment.need_library("libnowhere.so.1")
        environment.need_library("libc.so.6")


if __name__ == "__main__":
    unittest.main()
