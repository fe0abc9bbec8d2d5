"""What cvat-sdk 2.80 lets happen (`tests/official/test_held_to_more.py`) does not happen here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.held_to_more.clients import came_of
from tests.held_to_more.here import Here
from tests.held_to_more.scenarios import SCENARIOS, Scenario

PAGE = Path(__file__).parents[2] / "docs" / "held-to-more.md"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_it_does_not_happen_here(scenario: Scenario, tmp_path: Path) -> None:
    came = came_of(scenario.act, scenario.home, scenario.stranger, Here(), tmp_path)
    assert came.raised is None
    assert not scenario.harmed(came)
    assert came.stranger == ()
    assert scenario.instead in f"{came.value} {came.told}"


def test_the_page_tells_of_each_in_its_order() -> None:
    rows = [line.split("|")[1].strip() for line in PAGE.read_text().splitlines() if "|" in line]
    assert rows[2:] == [scenario.item for scenario in SCENARIOS]
