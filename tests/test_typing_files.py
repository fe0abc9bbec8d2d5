"""What type checkers look at is all of the catalogue, and what they see is what is written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.typing.agreement import CHECKERS, FILES, disagreements, errors, exceptions
from tests.typing.write_calls import CALLS, written


def test_every_endpoint_is_called_for_the_type_checkers() -> None:
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(CALLS), "-"]
    formatted = subprocess.run(command, input=written().encode(), capture_output=True, check=True)  # noqa: S603 - our own
    assert formatted.stdout.decode() == CALLS.read_text(encoding="utf-8")


PLANTED = """\
from typing import assert_type
from cvatfn import Outcome
from cvatfn.api import tasks

assert_type(tasks.retrieve.name, str)
assert_type(tasks.retrieve.name, int)
ignored: Outcome[int, str] = 1  # type: ignore[assignment]
needless: int = 1  # type: ignore[assignment]
known: int = "1"  # but {name}: takes a text for a number
healed: int = 1  # but {name}: takes no number
others: int = 1  # but mypy: takes no number
tasks.retrieve.nmae
"""


@pytest.mark.parametrize("name", sorted(CHECKERS))
def test_where_a_checker_does_not_agree_it_is_told(name: str, tmp_path: Path) -> None:
    file = tmp_path / "planted.py"
    file.write_text(PLANTED.format(name=name), encoding="utf-8")
    told = list(disagreements(name, [file], errors(CHECKERS[name], [file])))
    assert [each.removeprefix(f"{file}:") for each in told] == [
        f"6: {name} finds an error: assert_type(tasks.retrieve.name, int)",
        f"8: {name} finds no error: needless: int = 1  # type: ignore[assignment]",
        f"10: {name} is no longer wrong: takes no number",
        f"12: {name} finds an error: tasks.retrieve.nmae",
    ]


@pytest.mark.parametrize("name", sorted(CHECKERS))
def test_a_checker_that_cannot_work_is_no_checker_that_agrees(name: str, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        errors(CHECKERS[name], [tmp_path / "nowhere.py"])


def test_the_files_that_speak_for_users_are_all_looked_at() -> None:
    here = Path(__file__).parent / "typing"
    tools = {"__init__.py", "agreement.py", "write_calls.py"}
    assert {file for file in here.glob("*.py") if file.name not in tools} <= set(FILES)


@pytest.mark.parametrize(("name", "most"), [("ty", 1), ("pyrefly", 3)])
def test_a_checker_is_wrong_in_few_places(name: str, most: int) -> None:
    assert len(exceptions(name, FILES)) <= most
