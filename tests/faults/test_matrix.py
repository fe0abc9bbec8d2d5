"""Every pair of a fault and a kind of endpoint: what `docs/faults.md` says of it comes true."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings

from cvatfn.errors import Rejected
from tests.faults.cells import GOES_ON, UNSEEN, Certificate, Nobody, Row
from tests.faults.conftest import Stage
from tests.faults.kinds import KINDS, Kind
from tests.faults.settled import EVERY, ROWS, awaited_cells
from tests.faults.trying import Driver, Tried, tried
from tests.hop.thresholds import Handshake

CELLS: Final = [
    pytest.param(row, kind, id=f"{row.id}-x-{kind.name}") for row in ROWS for kind in KINDS
]


@pytest.mark.parametrize(("row", "kind"), CELLS)
def test_cell(row: Row, kind: Kind, stage: Stage, tmp_path: Path) -> None:
    _comes_true(row, kind, stage, tmp_path, "threads")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_under_event_loops_it_comes_to_the_same(
    row: Row, stage: Stage, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    every = settings().max_examples >= EVERY
    for kind, driver in awaited_cells(row, every=every):
        with subtests.test(kind=kind.name, driver=driver):
            folder = tmp_path / f"{kind.name}-{driver}"
            came = _comes_true(row, kind, stage, folder, driver)
            if every:
                plain = _comes_true(row, kind, stage, folder / "in threads", "threads")
                assert _told(came) == _told(plain)


def _told(came: Tried) -> tuple[object, ...]:
    """What a program can go by, of what came of it; reasons are for people."""
    error = came.error
    named = ("may_have_acted", "limit", "problems", "wanted", "status", "retry_after", "detail")
    return came.came_to, *(getattr(error, name, None) for name in named)


def _comes_true(row: Row, kind: Kind, stage: Stage, folder: Path, driver: Driver) -> Tried:
    cell = row.cells[kind.name]
    folder.mkdir(exist_ok=True, parents=True)
    once = tried(stage, row, kind, folder, driver=driver)
    _as_settled(once, cell.once, row, kind, stage)
    if cell.once == GOES_ON and row.waits is not None and kind.tries:
        assert max(once.slept) == row.waits
    stands = isinstance(row.fault, Nobody | Certificate | Handshake)
    if not stands and cell.stays != cell.once:
        again = folder / "again"
        again.mkdir()
        stayed = tried(stage, row, kind, again, stays=True, driver=driver)
        _as_settled(stayed, cell.stays, row, kind, stage)
    return once


def _as_settled(came: Tried, settled: str, row: Row, kind: Kind, stage: Stage) -> None:
    if settled == GOES_ON:
        assert came.came_to == "", came.error
        assert came.whole
        assert came.done == (1 if kind.unsafe else 0)
    elif settled == UNSEEN:
        assert came.came_to == "", came.error
        assert not came.whole
        assert came.file is not None
        assert stage.place.content.startswith(came.file)
    else:
        assert came.came_to == settled, came.error
        if kind.struck_acts:
            assert came.done == int(row.acts)
        else:
            assert came.done <= 1
        may_have_acted = getattr(came.error, "may_have_acted", None)
        if row.acts and kind.struck_acts:
            assert may_have_acted is not False
        if row.unsent:
            assert may_have_acted is False
    if isinstance(came.error, Rejected):
        assert came.error.retry_after == row.waits
        assert came.error.response.body
