"""The Python environment that the peers live in: made by tools/peers.sh, one package after the other."""
import json
import os
import pathlib
import subprocess

from command import Failed
from peers import INSTALL

SCRIPT = pathlib.Path(__file__).parents[2] / "tools" / "peers.sh"
VERSIONS = """
import importlib.metadata, json, sys
print(json.dumps({d.metadata["Name"].lower().replace("_", "-"): d.version for d in importlib.metadata.distributions()}))
"""


def ways(name):
    """Lists of arguments for pip, the best way first."""
    return INSTALL.get(name, [[name]])


def packages_of(name):
    """The last way has no options, so it is the packages' names."""
    return ways(name)[-1]


class Environment:
    """`packages`: of the peers. What cannot be installed is kept with the reason."""

    def __init__(self, folder, packages, say):
        self.python = folder / "bin" / "python"
        self.reasons = {}
        self.versions = self.installed()
        for name in ["common", *packages]:
            if any(not self.has(word) for word in packages_of(name)):
                say(f"installing {name} into {folder}")
                self.install(folder, name)
        self.versions = self.installed()

    def has(self, package):
        return package in self.versions

    def installed(self):
        """{package: version}"""
        if not self.python.exists():
            return {}
        found = subprocess.run([self.python, "-c", VERSIONS], check=True, capture_output=True, text=True)
        return json.loads(found.stdout)

    def install(self, folder, name):
        for words in ways(name):
            done = subprocess.run(["sh", SCRIPT, folder, *words], capture_output=True, text=True)
            if done.returncode == 0:
                return
            self.reasons[name] = (done.stderr.strip().splitlines() or ["tools/peers.sh failed without a word"])[-1]

    def need(self, package):
        """Throws Failed with the reason when it, or what all need, could not be installed."""
        for name in ("common", package):
            if any(not self.has(word) for word in packages_of(name)):
                raise Failed(self.reasons.get(name, f"{name} is not installed"))


def need_library(name):
    """Throws Failed when the system's loader cannot put this shared library in front of a program."""
    tried = subprocess.run(["true"], env={**os.environ, "LD_PRELOAD": name}, capture_output=True, text=True)
    if tried.stderr:
        raise Failed(f"{name} is not installed (tools/packages.txt)")
