"""Consoles: commands are run as a shell would run them, and write what the page shows.

Rule: what is ours is run; of what changes the machine (`make`, `pip`) only what it names is looked
at. A sandbox is started and stopped when it has said as much as the page shows.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

from tests.docs.pages import ROOT

__all__ = ["run_console", "run_script"]

OURS: Final = frozenset({"cvatfn", "pytest", "python"})
HARMLESS: Final = frozenset({"cat", "cd", "echo", "export", "head", "ls", "mkdir", "unzip"})
BETWEEN: Final = "\x1e"
"""What parts the outputs of two commands: ASCII's own separator of records."""
PATIENCE: Final = 60.0
"""How long a command may take, in seconds: a bound for what hangs."""


def run_console(
    source: str, printed: str | None, folder: Path, kept: list[str]
) -> Iterator[tuple[str, str]]:
    """Run the commands of a console.

    :param source: what the block says.
    :param printed: what a block of text after it says it writes.
    :param folder: where it runs.
    :param kept: what earlier blocks said that holds on, `cd` and `export`; and what this one says.
    :returns: what is said to be written, and what is, wherever something is said.
    """
    commands = list[tuple[str, str]]()
    for command, shown in _commands(source, printed):
        first = re.split(r"[\s=]", command)[0]
        if first == "make":
            _look_at_targets(command)
        elif first in ("pip", "uv"):
            _look_at_requirements(command)
        elif re.match(r"python -m cvatfn\.testing\.sandbox|cvatfn sandbox", command):
            yield from _started(command, shown, folder)
        else:
            named = first in OURS | HARMLESS or command.startswith(f"{first}=")
            assert named, f"nobody knows how to run {command!r}"
            commands.append((command, shown))
    written = _written([*kept, *(command for command, _ in commands)], folder)[len(kept) :]
    yield from ((shown, got) for (_, shown), got in zip(commands, written, strict=True) if shown)
    kept += [command for command, _ in commands if command.startswith(("cd ", "export "))]


def run_script(source: str, folder: Path, kept: Sequence[str]) -> list[str]:
    """Run a script of a shell, whose commands are all of them ours.

    :param source: what the block says.
    :param folder: where it runs.
    :param kept: what earlier blocks said that holds on.
    :returns: what it writes.
    """
    return _written([*kept, source], folder)[len(kept) :]


def _commands(source: str, printed: str | None) -> list[tuple[str, str]]:
    """The commands with what is shown below each."""
    joined = source.replace("\\\n", " ")
    if not re.search(r"^\$ ", joined, re.MULTILINE):
        lines = [line for line in joined.splitlines() if line.strip() and line[0] != "#"]
        return [(line, "") for line in lines[:-1]] + [(lines[-1], printed or "")]
    parts = re.split(r"^\$ ", joined, flags=re.MULTILINE)[1:]
    split = [part.partition("\n") for part in parts]
    shown = [(command, below) for command, _, below in split]
    shown[-1] = (shown[-1][0], shown[-1][1] or printed or "")
    return shown


def _environment(folder: Path) -> dict[str, str]:
    """A home of its own, and nothing of who runs the tests."""
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    programs = Path(sys.executable).parent
    return kept | {
        "HOME": str(folder / "home"),
        "PATH": f"{programs}{os.pathsep}{os.defpath}",
        "PYTHONPATH": str(folder),
        "PYTHONUTF8": "1",
        "NO_COLOR": "1",
        "COLUMNS": "100",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }


def _written(commands: Sequence[str], folder: Path) -> list[str]:
    """What commands write in one shell, each for itself."""
    (folder / "home").mkdir(exist_ok=True)
    script = "\n".join(f"{command}\nprintf '{BETWEEN}'" for command in commands)
    done = subprocess.run(  # noqa: S603 - our own
        ["/bin/sh", "-euc", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,  # as a terminal shows it
        text=True,
        cwd=folder,
        env=_environment(folder),
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}"
    return done.stdout.split(BETWEEN)[:-1]


def _started(command: str, shown: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Start a sandbox, on any port, and stop it when it has said as much as is shown."""
    (folder / "home").mkdir(exist_ok=True)
    port = re.search(r"--port (\d+)", command)
    program, *words = shlex.split(re.sub(r"--port \d+", "--port 0", command))
    started = [str(Path(sys.executable).parent / program), *words]
    environment = _environment(folder)
    with subprocess.Popen(  # noqa: S603 - our own
        started, stdout=subprocess.PIPE, text=True, cwd=folder, env=environment
    ) as sandbox:
        assert sandbox.stdout is not None
        lines = [sandbox.stdout.readline() for _ in shown.splitlines() or [""]]
        sandbox.terminate()
        assert sandbox.wait(PATIENCE) == 0
    assert lines[0], f"{command}: says nothing"
    if shown:
        at = re.compile(r"(127\.0\.0\.1:)\d+")
        there = port[1] if port else "..."
        yield at.sub(rf"\g<1>{there}", shown), at.sub(rf"\g<1>{there}", "".join(lines))


def _look_at_targets(command: str) -> None:
    rules = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = [word for word in shlex.split(command, comments=True)[1:] if "=" not in word]
    unknown = [name for name in targets if not re.search(rf"^{name}:", rules, re.MULTILINE)]
    assert targets, f"{command!r}: makes nothing"
    assert not unknown, f"{command!r}: there is no target {unknown}"


def _look_at_requirements(command: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    words = [word for word in shlex.split(command, comments=True) if word.startswith("cvatfn")]
    assert words, f"{command!r}: installs nothing of ours"
    for word in map(Requirement, words):
        unknown = word.extras - project["optional-dependencies"].keys()
        assert not unknown, f"{command!r}: there is no extra {unknown}"
