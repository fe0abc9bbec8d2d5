"""What an extra is for is written down as a program, and where it does not do that it is told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from supply import installing
from supply.installing import PROGRAMS, Place, extra_works
from supply.wanted import PROJECT, wants

HERE = Place(Path(sys.prefix))  # where everything is installed


def test_each_extra_has_its_program() -> None:
    assert sorted(PROGRAMS) == sorted(wants(PROJECT.read_text(encoding="utf-8")).extras)


def test_a_program_that_needs_no_extra_is_told() -> None:
    assert list(extra_works(HERE, HERE, "progress")) == [
        "progress: whoever lacks it is not told its name: nothing fails"
    ]


def test_an_extra_without_a_program_is_told() -> None:
    (said,) = extra_works(HERE, HERE, "cats")
    assert said.startswith("cats: nobody has written down")


def test_an_extra_that_does_not_work_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    named = "raise ImportError('no cats: install `cvatfn[cats]`')"
    monkeypatch.setattr(installing, "PROGRAMS", {"cats": named})
    assert list(extra_works(HERE, HERE, "cats")) == [
        "cats: ImportError: no cats: install `cvatfn[cats]`"
    ]
