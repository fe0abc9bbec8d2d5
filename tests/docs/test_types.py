"""Every Python block of the README and of `docs/` is strictly typed: mypy and pyright say so."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.docs.pages import PAGES, read
from tests.docs.typed import complaints_of_mypy, complaints_of_pyright, written
from tests.typing.agreement import CHECKERS, errors

READ: Final = [page for page in map(read, PAGES) if page.blocks]


def test_every_python_block_is_strictly_typed(tmp_path: Path) -> None:
    origins = written(READ, tmp_path)
    assert len(set(origins.values())) > 1
    assert complaints_of_mypy(tmp_path, origins) == ""


def test_pyright_agrees(tmp_path: Path) -> None:
    assert complaints_of_pyright(tmp_path, written(READ, tmp_path)) == ""


@pytest.mark.parametrize("name", sorted(CHECKERS))
def test_the_other_checkers_find_nothing_in_the_readme(name: str, tmp_path: Path) -> None:
    files = [tmp_path / each for each in written([read("README.md")], tmp_path)]
    assert files
    assert errors(CHECKERS[name], files) == frozenset()
