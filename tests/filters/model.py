"""Filters together with what they mean, said a second time in plain Python: the tests' own model.

Rule: nothing here shares code with the evaluator that it judges; a predicate is what a reader of
the filter would say it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from operator import ge, gt, le, lt
from typing import Any, Never, TypeAlias

from attrs import field, frozen
from hypothesis import strategies as st

from cvatfn.filters import F, Filter
from cvatfn.filters.fields import Known, Value

__all__ = ["COLUMNS", "Case", "Pools", "Row", "cases", "plain_cases", "rows"]

Row: TypeAlias = Mapping[str, Value]
Pools: TypeAlias = Mapping[str, st.SearchStrategy[Value]]
"""For each field, the values that may be in it; those are asked for, too."""


@frozen
class Case:
    """A filter, and whether a row meets it."""

    filter: Filter[Never]
    holds: Callable[[Row], bool] = field(repr=False)


def cases(pools: Pools) -> st.SearchStrategy[Case]:
    """Draw filters of all forms; their values are those that rows have."""
    condition = st.sampled_from(sorted(pools)).flatmap(
        lambda name: _equalities(name, pools[name]) | _orders(name, _known(pools[name]))
    )
    return _joined(condition)


def plain_cases(pools: Pools) -> st.SearchStrategy[Case]:
    """Draw filters that ask for no order, and for no text in another."""
    return _joined(
        st.sampled_from(sorted(pools)).flatmap(lambda name: _equalities(name, pools[name]))
    )


def _joined(condition: st.SearchStrategy[Case]) -> st.SearchStrategy[Case]:
    return st.recursive(
        condition,
        lambda inner: st.one_of(
            inner.map(_denied),
            st.builds(_both, inner, inner),
            st.builds(_either, inner, inner),
        ),
        max_leaves=10,
    )


def _denied(case: Case) -> Case:
    return Case(~case.filter, lambda row: not case.holds(row))


def _both(left: Case, right: Case) -> Case:
    return Case(left.filter & right.filter, lambda row: left.holds(row) and right.holds(row))


def _either(left: Case, right: Case) -> Case:
    return Case(left.filter | right.filter, lambda row: left.holds(row) or right.holds(row))


def _known(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Known]:
    return values.flatmap(lambda value: st.nothing() if value is None else st.just(value))


def _equalities(name: str, values: st.SearchStrategy[Value]) -> st.SearchStrategy[Case]:
    return st.one_of(
        st.just(Case(F[name].present, lambda row: row[name] is not None)),
        values.map(lambda value: _equal(name, value)),
        values.map(lambda value: _unequal(name, value)),
        st.lists(values, max_size=3).map(lambda given: _among(name, given)),
    )


def _orders(name: str, known: st.SearchStrategy[Known]) -> st.SearchStrategy[Case]:
    """What asks for more than whether values are equal."""
    return st.one_of(
        st.tuples(known, known).map(lambda drawn: _between(name, *drawn)),
        st.tuples(known, st.integers(0, 3)).map(lambda drawn: _compared(name, *drawn)),
        known.map(lambda value: _containing(name, value)),
    )


def _equal(name: str, value: Value) -> Case:
    return Case(F[name] == value, lambda row: row[name] == value)


def _unequal(name: str, value: Value) -> Case:
    return Case(F[name] != value, lambda row: row[name] != value)


def _among(name: str, given: list[Value]) -> Case:
    return Case(F[name].one_of(given), lambda row: row[name] in given)


def _between(name: str, low: Known, high: Known) -> Case:
    def holds(row: Row) -> bool:
        value: Any = row[name]
        return value is not None and low <= value <= high  # of one column, so alike

    return Case(F[name].between(low, high), holds)


def _compared(name: str, value: Known, which: int) -> Case:
    column, operator = F[name], (lt, le, gt, ge)[which]
    filter = (column < value, column <= value, column > value, column >= value)[which]

    def holds(row: Row) -> bool:
        held: Any = row[name]
        return held is not None and bool(operator(held, value))

    return Case(filter, holds)


def _containing(name: str, value: Known) -> Case:
    text = value[1:3] if isinstance(value, str) else "a"

    def holds(row: Row) -> bool:
        held = row[name]
        return isinstance(held, str) and text in held

    return Case(F[name].contains(text), holds)


_NAMES = st.sampled_from(["", "cat", "Cat", "a cat", "dög", "%", '"', "\\"])
_ZONES = [UTC, timezone(timedelta(hours=1)), timezone(timedelta(hours=-2, minutes=30))]
_MOMENTS = st.tuples(st.integers(0, 3), st.sampled_from(_ZONES)).map(
    lambda drawn: datetime(2026, 1, 1, drawn[0], tzinfo=drawn[1])
)

COLUMNS: Pools = {
    "id": st.integers(-2, 2),
    "project_id": st.none() | st.integers(0, 2),
    "score": st.sampled_from([-0.5, 0.0, 1.0, 1e22]),
    "name": _NAMES,
    "owner": st.none() | _NAMES,
    "resolved": st.booleans(),
    "created_date": _MOMENTS,
    "expiry_date": st.none() | _MOMENTS,
}
"""Fields of every kind that CVAT has, with few values, so that filters find something."""

rows: st.SearchStrategy[Row] = st.fixed_dictionaries(dict(COLUMNS))
