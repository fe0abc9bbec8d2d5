"""The page of faults says what the table says, and its table is whole."""

from __future__ import annotations

from collections import Counter
from typing import get_args

from tests.faults.cells import Certificate, Nobody
from tests.faults.kinds import KINDS
from tests.faults.page import PAGE, page
from tests.faults.settled import LOOPS, ROWS, awaited_cells
from tests.hop.faults import Delay, Pass, Wrong
from tests.hop.thresholds import Handshake


def test_the_page_is_what_the_table_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.faults`"


def test_each_row_has_a_cell_for_each_kind_and_a_name_of_its_own() -> None:
    assert all(row.cells.keys() == {kind.name for kind in KINDS} for row in ROWS)
    assert set(Counter(row.id for row in ROWS).values()) == {1}


def test_there_is_a_row_for_each_thing_that_a_hop_can_do() -> None:
    harmless = {Pass, Delay}
    wrong = {*get_args(Wrong), Nobody, Certificate, Handshake} - harmless
    assert {type(row.fault) for row in ROWS} == wrong


def test_event_loops_meet_every_fault_and_both_meet_every_kind() -> None:
    met = {row.id: [*awaited_cells(row, every=False)] for row in ROWS}
    assert all(met.values())
    assert {(kind.name, loop) for cells in met.values() for kind, loop in cells} == {
        (kind.name, loop) for kind in KINDS for loop in LOOPS
    }
    assert len([*awaited_cells(ROWS[0], every=True)]) == 2 * len(KINDS)
