"""The way of a walk: one mark is kept, and it is set where the rule says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn.trail import Trail


def _after(steps: int) -> Trail:
    trail = Trail("0")
    for number in range(1, steps + 1):
        following = trail.on(f"{number}")
        assert following is not None
        trail = following
    return trail


@given(st.integers(1, 100))
def test_the_mark_is_set_after_1_2_4_8_steps_and_so_on(steps: int) -> None:
    assert _after(steps) == Trail(f"{steps}", f"{1 << (steps.bit_length() - 1)}", steps)


@pytest.mark.parametrize("steps", range(1, 9))
def test_the_place_where_it_is_and_the_marked_one_are_known(steps: int) -> None:
    trail = _after(steps)
    assert trail.on(trail.at) is None
    assert trail.on(f"{trail.mark}") is None
    assert trail.on("new") is not None
