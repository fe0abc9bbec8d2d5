"""Writes `requirements/`: what development installs, and the least that the bounds allow.

What is locked stays as it is until somebody asks for newer: a dependency that is new in
`pyproject.toml` is added, one that is gone is taken out, and nothing else moves.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.requirements import Requirement

from supply.wanted import LOCKS, PROJECT, wants

__all__ = ["LOWEST", "compiled", "outdated", "write"]

LOWEST = "lowest"
HEAD = """\
# Written by `make lock` from pyproject.toml, for every platform and Python from 3.11 on: {what}.
# Installed with `pip install --no-deps --require-hashes -r`.
"""
COMPILE = [
    *(sys.executable, "-m", "uv", "pip", "compile", "-"),
    *("--universal", "--fork-strategy", "fewest", "--python-version", "3.11", "--generate-hashes"),
    *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
]


def write(folder: Path, *, upgrade: bool = False) -> list[str]:
    """Write each lock anew; development's comes first, and binds those of the other groups.

    :param folder: where they are, and what they hold on to
    :param upgrade: take the newest versions that fit, in place of those that are locked
    :returns: what is withdrawn among what is locked, by the index's own word
    """
    wanted = wants(PROJECT.read_text(encoding="utf-8")).locked()
    dev = folder / "dev.txt"
    more = ["--upgrade"] if upgrade else []
    said = compiled(dev, wanted["dev"], "the group dev, the core and every extra", more)
    for name in sorted(wanted.keys() - {"dev"}):
        bound = [*more, "--constraints", str(dev)]
        said += compiled(folder / f"{name}.txt", wanted[name], f"the group {name}", bound)
    _freed(folder / f"{LOWEST}.txt", wanted["dev"])
    least = [*more, "--resolution", "lowest-direct"]
    what = "as dev.txt, each direct dependency at its lower bound"
    said += compiled(folder / f"{LOWEST}.txt", wanted["dev"], what, least)
    for gone in {each.stem for each in folder.glob("*.txt")} - wanted.keys() - {LOWEST}:
        (folder / f"{gone}.txt").unlink()
    return [line for line in said if "yanked" in line]


def compiled(path: Path, wanted: tuple[Requirement, ...], what: str, how: list[str]) -> list[str]:
    """Resolve requirements into a lock, which is kept to where it exists.

    :returns: the lines that were said about it
    """
    held = path.read_bytes() if path.exists() else b""
    done = subprocess.run(  # noqa: S603 - our own
        [*COMPILE, "--output-file", str(path), *how],
        input="\n".join(map(str, wanted)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    path.write_text(HEAD.format(what=what) + path.read_text(encoding="utf-8"), encoding="utf-8")
    if path.read_bytes() == held:
        return done.stderr.splitlines()
    # What a version of Python of its own was split off for may be mended by what is now locked.
    return compiled(path, wanted, what, [each for each in how if each != "--upgrade"])


def _freed(path: Path, wanted: tuple[Requirement, ...]) -> None:
    """Let go of what is asked for: locked for others before, it would be held where it was."""
    names = "|".join(re.escape(each.name) for each in wanted)
    asked = re.compile(
        rf"^(?:{names})(?:\[.*\])?==.*\\\n(?:    --hash=.*\n)+", re.MULTILINE | re.IGNORECASE
    )
    if path.exists():
        path.write_text(asked.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")


def outdated() -> list[str]:
    """What `make lock` would change, and what is withdrawn: nothing, where all is well."""
    with TemporaryDirectory() as folder:
        anew = Path(folder, "requirements")
        shutil.copytree(LOCKS, anew)
        withdrawn = write(anew)
        then = {each.name: each.read_bytes() for each in LOCKS.glob("*.txt")}
        now = {each.name: each.read_bytes() for each in anew.glob("*.txt")}
    changed = sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))
    return [f"requirements/{name} does not fit: run `make lock`" for name in changed] + withdrawn
