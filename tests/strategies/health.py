"""Whether Hypothesis has nothing to say against a strategy, and what it draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

T = TypeVar("T")


def assert_healthy(
    strategy: st.SearchStrategy[T], holds: Callable[[T], object], examples: int = 5
) -> None:
    """Draw a few times with all health checks on; what is drawn must hold."""

    @settings(
        database=None,
        deadline=None,
        max_examples=examples,
        phases=[Phase.generate],
        suppress_health_check=[],
    )
    @given(strategy)
    def run(value: T) -> None:
        assert holds(value)

    run()


def drawn(strategy: st.SearchStrategy[T], holds: Callable[[T], object] = bool) -> T:
    """Something that is drawn and holds, whatever else it is: much faster than `find`."""
    quick = settings(database=None, max_examples=2000, phases=[Phase.generate])
    return find(strategy, lambda value: bool(holds(value)), settings=quick)


def anything(_: object) -> bool:
    """Hold for all."""
    return True
