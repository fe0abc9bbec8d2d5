"""What an extra is for is written down as a program, and where it does not do that it is told."""

from __future__ import annotations

import sys
import venv
from pathlib import Path

import pytest

from cvatfn import __version__
from supply import installing
from supply.installing import PROGRAMS, Place, core_works, extra_works, types_are_known
from supply.wanted import PROJECT, wants

HERE = Place(Path(sys.prefix))  # where everything is installed


def test_each_extra_has_its_program() -> None:
    assert sorted(PROGRAMS) == sorted(wants(PROJECT.read_text(encoding="utf-8")).extras)


def test_the_readmes_first_program_and_the_version_are_looked_at() -> None:
    assert list(core_works(HERE, __version__)) == []
    said = list(core_works(HERE, "0.0.0"))
    assert said == [f"the version that is installed says {__version__}, not 0.0.0"] * 2


@pytest.mark.parametrize(("source", "score"), [("x: int = 1", None), ("def x(y): ...", "0%")])
def test_a_type_that_has_to_be_guessed_is_told(
    tmp_path: Path, source: str, score: str | None
) -> None:
    venv.create(tmp_path, symlinks=True)
    (libraries,) = tmp_path.glob("lib/python3*/site-packages")
    (libraries / "cvatfn").mkdir()
    (libraries / "cvatfn" / "py.typed").touch()
    (libraries / "cvatfn" / "__init__.py").write_text(source, encoding="utf-8")
    said = list(types_are_known(Place(tmp_path)))
    assert [f"Type completeness score: {score}" in each for each in said] == [True] * bool(score)


def test_where_there_is_nothing_no_type_is_known(tmp_path: Path) -> None:
    venv.create(tmp_path, symlinks=True)
    (said,) = types_are_known(Place(tmp_path))
    assert "No py.typed file found" in said


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
