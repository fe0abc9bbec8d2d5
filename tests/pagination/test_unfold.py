"""The core: items in order, a failure is the last outcome, nothing is done before it is needed."""

from __future__ import annotations

import weakref
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from cvatfn import unfold
from cvatfn.outcome import Failure, Outcome, Success


class Items(list[int]):
    """Items of which one can tell when they are gone."""


STEPS = st.lists(st.one_of(st.lists(st.integers(), max_size=3), st.text(max_size=3)), max_size=8)


def _planned(steps: list[list[int] | str], taken: list[int]) -> list[Outcome[int, str]]:
    def step(at: int) -> Outcome[tuple[list[int], int | None], str]:
        taken.append(at)
        planned = steps[at]
        if isinstance(planned, str):
            return Failure(planned)
        return Success((planned, at + 1 if at + 1 < len(steps) else None))

    return list(unfold(step, 0)) if steps else []


@given(STEPS)
def test_it_gives_the_items_of_each_step_up_to_the_first_failure(
    steps: list[list[int] | str],
) -> None:
    taken: list[int] = []
    expected: list[Outcome[int, str]] = []
    for planned in steps:
        if isinstance(planned, str):
            expected.append(Failure(planned))
            break
        expected += map(Success, planned)
    assert _planned(steps, taken) == expected
    failures = [at for at, planned in enumerate(steps) if isinstance(planned, str)]
    assert taken == list(range(min([*failures, len(steps) - 1]) + 1))


def test_a_step_is_taken_when_its_items_are_needed() -> None:
    taken: list[int] = []

    def step(at: int) -> Outcome[tuple[tuple[int, int], int | None], str]:
        taken.append(at)
        return Success(((at, at), at + 1))

    walk = unfold(step, 0)
    assert taken == []
    assert list(islice(walk, 2)) == [Success(0), Success(0)]
    assert taken == [0]
    next(walk)
    assert taken == [0, 1]


def test_a_false_seed_is_a_seed() -> None:
    ends: list[Outcome[tuple[str, int | None], str]] = [Success(("a", 0)), Success(("b", None))]
    assert list(unfold(lambda _: ends.pop(0), 0)) == [Success("a"), Success("b")]


def test_the_items_of_a_step_are_gone_when_the_next_is_taken() -> None:
    taken: list[weakref.ref[Items]] = []

    def step(at: int) -> Outcome[tuple[Items, int | None], str]:
        assert all(items() is None for items in taken)
        made = Items([at])
        taken.append(weakref.ref(made))
        return Success((made, at + 1 if at < 3 else None))

    assert list(unfold(step, 0)) == [Success(at) for at in range(4)]
