"""What is installed without an extra works, and an extra brings what its modules need.

The modules are imported in an interpreter that finds nothing but the libraries which the metadata
name, with what those need: all else that development has is out of its sight.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from supply.wanted import PROJECT, ROOT, wants

WANTED = wants(PROJECT.read_text(encoding="utf-8"))
SOURCES = [path for path in (ROOT / "cvatfn").rglob("*.py") if path.name != "__main__.py"]
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in SOURCES
)
PLUGIN = "cvatfn.testing.pytest_plugin"  # pytest itself loads it, so that it needs no extra for it
AIO = [name for name in MODULES if name.startswith("cvatfn.aio.")]
CLI = [name for name in MODULES if name.startswith("cvatfn.cli")]
APART = ("cvatfn.testing", "cvatfn.aio.", "cvatfn.cli")
CORE = [name for name in MODULES if not name.startswith(APART)]
TESTING = [name for name in MODULES if name.startswith("cvatfn.testing") and name != PLUGIN]
BARE = """
import sys
from importlib import import_module
from importlib.abc import MetaPathFinder

class Hidden(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in HIDDEN:
            raise ModuleNotFoundError(f"there is no {name}", name=name)

HIDDEN = set(sys.argv[1].split(","))
sys.meta_path.insert(0, Hidden())
for name in sys.stdin.read().split():
    import_module(name)
print(len(sys.modules))
"""


def _needed(names: set[str]) -> set[str]:
    """Libraries, with what they need on this machine, and what that needs."""
    found: set[str] = set()
    ahead = set(names)
    while ahead:
        name = ahead.pop()
        found.add(name)
        asked = (Requirement(line) for line in metadata.requires(name) or ())
        ahead |= {
            canonicalize_name(each.name)
            for each in asked
            if each.marker is None or each.marker.evaluate({"extra": ""})
        } - found
    return found


def _hidden(names: set[str]) -> list[str]:
    """The packages, by the names they are imported by, that none of the libraries brings."""
    brought = _needed(names)
    return sorted(
        package
        for package, owners in metadata.packages_distributions().items()
        if not brought.intersection(map(canonicalize_name, owners)) and package != "cvatfn"
    )


def _imported(modules: list[str], hidden: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", BARE, ",".join(hidden)]
    return subprocess.run(  # noqa: S603 - our own
        command,
        input=" ".join(modules),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "HYPOTHESIS_NO_PLUGINS": "1"},  # those of what is hidden
        check=False,
    )


def _names(*asked: tuple[Requirement, ...]) -> set[str]:
    return {canonicalize_name(each.name) for group in asked for each in group}


def test_the_core_is_imported_where_nothing_but_its_six_is() -> None:
    hidden = _hidden(_names(WANTED.core))
    assert {"PIL", "hypothesis", "pytest", "werkzeug", "yaml"} <= set(hidden)
    done = _imported(CORE, hidden)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_for_event_loops_is_imported_where_its_extra_is() -> None:
    hidden = _hidden(_names(WANTED.core, WANTED.extras["async"]))
    assert {"pytest", "trio", "werkzeug"} <= set(hidden)
    done = _imported([*CORE, *AIO], hidden)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_command_line_is_imported_where_its_extra_is() -> None:
    hidden = _hidden(_names(WANTED.core, WANTED.extras["cli"]))
    assert {"anyio", "pytest", "werkzeug"} <= set(hidden)
    done = _imported([*CORE, *CLI], hidden)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_testing_kit_is_imported_where_its_extras_are() -> None:
    extras = WANTED.extras
    hidden = _hidden(_names(WANTED.core, extras["images"], extras["sandbox"], extras["testing"]))
    assert {"pytest", "mypy", "yaml"} <= set(hidden)
    done = _imported([*CORE, *TESTING], hidden)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_hidden_is_missed() -> None:
    """Or else the two tests above prove nothing."""
    done = _imported(["cvatfn.codecs.json"], ["msgspec"])
    assert done.returncode == 1
    assert "there is no msgspec" in done.stderr


@pytest.mark.parametrize("library", sorted(_names(WANTED.core)))
def test_none_of_the_six_is_there_in_vain(library: str) -> None:
    line = re.compile(rf"^\s*(from|import) {library.replace('-', '_')}\b", re.MULTILINE)
    assert any(line.search(path.read_text(encoding="utf-8")) for path in SOURCES)
