"""Each example is a program: without the words that it needs it says which."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
PROGRAMS = sorted(
    path.stem for path in EXAMPLES.glob("*.py") if "run(main)" in path.read_text("utf-8")
)


def test_there_are_programs() -> None:
    assert {"caching", "fanning_out", "relabelling"} <= set(PROGRAMS)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_without_its_words_says_what_is_wanted(name: str) -> None:
    command = [sys.executable, "-m", f"examples.{name}"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=EXAMPLES.parent, check=False)  # noqa: S603 - our own
    assert done.returncode == 2
    assert f"python -m examples.{name} https://cvat.example TOKEN" in done.stderr
    assert "missing a required argument: 'url'" in done.stderr
