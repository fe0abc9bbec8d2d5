"""What developers are told to run is there: in the Makefile, in its help, and before a commit."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from attrs import frozen
from packaging.utils import canonicalize_name

from cvatfn.codecs.json import structure
from supply.wanted import LOCKS, ROOT, pins

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z][\w-]*)(?: [\w-]+)*:(?!=)", MAKEFILE, re.MULTILINE))
# What stands between backticks, and the lines of what is to be typed.
SAID = [
    *re.findall(r"`([^`\n]+)`", GUIDE),
    *(
        line
        for block in re.findall(r"```console\n(.*?)```", GUIDE, re.DOTALL)
        for line in block.splitlines()
    ),
]


def _recipe(target: str) -> str:
    (text,) = re.findall(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    return str(text)


def _helped() -> list[str]:
    done = subprocess.run(
        ["make", "--no-print-directory", "help"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_help_names_every_target_once_and_no_other() -> None:
    named = [line.split()[1] for line in _helped() if line.startswith("  make ")]
    assert sorted(named) == sorted(TARGETS - {"help"})


def test_help_is_in_groups() -> None:
    lines = _helped()
    heads = [line for line in lines if not line.startswith(" ")]
    assert heads[0] == lines[0]
    assert heads[:-1] == [
        "To try it",
        "To read it",
        "To test",
        "To change it",
        "To supply it",
    ]
    assert all(len(line) <= 100 for line in lines)


def test_no_target_is_taken_for_a_file() -> None:
    phony = " ".join(re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)).split()
    assert sorted(phony) == sorted(TARGETS)


@pytest.mark.parametrize("said", [SAID, CI.splitlines()], ids=["CONTRIBUTING.md", ".ci/run"])
def test_each_target_that_is_named_is_there(said: list[str]) -> None:
    named = {name for each in said for name in re.findall(r"^(?:\w+=\S+ )?make ([\w-]+)", each)}
    assert named
    assert named - TARGETS == set()


def test_variables_that_are_named_are_heeded() -> None:
    named = {
        name
        for said in SAID
        if "make " in f"{said} "
        for name in re.findall(r"\b([A-Z]{3,})=", said)
    }
    assert {"TESTS", "PYTHON", "VENV", "VERSION", "UPGRADE"} <= named
    assert {
        name
        for name in named
        if not re.search(rf"\$\(.*\b{name}\b|^{name} :?\??=", MAKEFILE, re.MULTILINE)
    } == set()


def test_each_module_that_is_to_be_run_can_be() -> None:
    named = re.findall(r"python -m ([\w.]+)", GUIDE)
    assert named
    assert [name for name in named if find_spec(name) is None] == []


def test_each_file_that_is_named_is_there() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", GUIDE)
    paths = [each for each in SAID if re.fullmatch(r"[\w.-]+(/[\w.<>-]+)+|[\w-]+\.(toml|md)", each)]
    assert len(paths) > 10
    assert [each for each in (*linked, *paths) if not (ROOT / each).exists()] == []


@frozen
class Hook:
    """One that git runs."""

    id: str
    entry: str
    language: str
    pass_filenames: bool = True


@frozen
class Repository:
    """Where hooks come from."""

    repo: str
    hooks: tuple[Hook, ...]


def _hooks() -> Mapping[str, Hook]:
    said = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    (only,) = structure(tuple[Repository, ...], said["repos"]).unwrap()
    assert only.repo == "local"
    return {hook.id: hook for hook in only.hooks}


def test_hooks_run_what_is_locked_and_fetch_nothing() -> None:
    locked = {pin.name for pin in pins((LOCKS / "dev.txt").read_text(encoding="utf-8"))}
    assert "pre-commit" in locked
    for hook in _hooks().values():
        assert hook.language == "unsupported", "what is not local is installed from elsewhere"
        program = hook.entry.split()[0]
        assert program.startswith(".venv/bin/")
        tool = Path(program).name
        owner = {"lint-imports": "import-linter"}.get(tool, tool)
        assert tool == "python" or canonicalize_name(owner) in locked


def test_hooks_check_nothing_that_ci_does_not() -> None:
    checked = (
        "".join(map(_recipe, ("lint", "types", "check"))).replace("--check ", "").replace(" .", "")
    )
    for hook in _hooks().values():
        command = (
            hook.entry.removeprefix(".venv/bin/")
            .replace(" --force-exclude", "")
            .replace(" --check", "")
        )
        assert f"$(BIN)/{command}\n" in f"{checked.replace(' --check', '')}\n"


def test_a_hook_stops_a_commit_and_says_why(tmp_path: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("there is no git here, and nothing to commit to")
    git = ["git", "-c", "user.name=ada", "-c", "user.email=ada@cvat.example"]
    subprocess.run([*git, "init", "--quiet", str(tmp_path)], check=True)  # noqa: S603
    shutil.copy(ROOT / ".pre-commit-config.yaml", tmp_path)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "cats.py").write_text("x  =  1\n", encoding="utf-8")
    subprocess.run([*git, "add", "cats.py"], cwd=tmp_path, check=True)  # noqa: S603
    command = [str(Path(sys.executable).parent / "pre-commit"), "run", "ruff-format"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 1
    assert "style" in done.stdout
    assert (tmp_path / "cats.py").read_text(encoding="utf-8") == "x = 1\n"
