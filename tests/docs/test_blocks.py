"""Every code block of the README and of `docs/` runs, and prints what its page says it prints."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from tests.docs.pages import PAGES, ROOT, Page, read
from tests.docs.running import WAYS, run
from tests.docs.typed import complaints_of_mypy, complaints_of_pyright, written

READ: Final = [page for page in map(read, PAGES) if page.blocks]


@pytest.mark.parametrize("page", READ, ids=[page.path for page in READ])
def test_a_page_does_what_it_says(page: Page, tmp_path: Path) -> None:
    if missing := run(page, tmp_path):
        pytest.skip(f"the rest passed; these are not installed here: {', '.join(missing)}")


@pytest.mark.parametrize("page", READ, ids=[page.path for page in READ])
def test_no_block_is_left_out_without_a_reason(page: Page) -> None:
    text = (ROOT / page.path).read_text(encoding="utf-8")
    fences = re.findall(r"^[ >]*(?:`{3,}|~{3,})(.*)", text, re.MULTILINE)
    around = [info for info in fences if re.match(r"\{(?!code|sourcecode|mermaid)", info)]
    shown = sum(block.printed is not None for block in page.blocks)
    assert 2 * (len(page.blocks) + shown + len(around)) == len(fences)
    for block in page.blocks:
        excused = block.marked("not run") is not None
        assert excused or block.language in WAYS, f"{page.path}:{block.line}"


def test_every_python_block_is_strictly_typed(tmp_path: Path) -> None:
    origins = written(READ, tmp_path)
    assert len(origins) >= 9
    assert complaints_of_mypy(tmp_path, origins) == ""


def test_pyright_agrees(tmp_path: Path) -> None:
    assert complaints_of_pyright(tmp_path, written(READ, tmp_path)) == ""
