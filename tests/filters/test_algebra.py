"""The laws of filters, and that they select what their words say."""

from __future__ import annotations

import functools
import pickle
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn.filters import F, Filter
from cvatfn.testing.filtering import matches
from tests.filters.model import COLUMNS, Case, Row, cases, rows

CASES = cases(COLUMNS)
FILTERS = CASES.map(lambda case: case.filter)


@given(CASES, rows)
def test_a_filter_selects_what_its_words_say(case: Case, row: Row) -> None:
    assert matches(case.filter, row) == case.holds(row)


@given(FILTERS, FILTERS, rows)
def test_de_morgan(a: Filter[object], b: Filter[object], row: Row) -> None:
    assert matches(~(a & b), row) == matches(~a | ~b, row)
    assert matches(~(a | b), row) == matches(~a & ~b, row)


@given(FILTERS)
def test_a_denial_denied_is_the_filter(a: Filter[object]) -> None:
    assert ~~a == a
    assert ~a != a


@given(FILTERS, rows)
def test_a_row_meets_a_filter_or_its_denial(a: Filter[object], row: Row) -> None:
    assert matches(a, row) is not matches(~a, row)
    assert matches(a | ~a, row)
    assert not matches(a & ~a, row)


@given(FILTERS, FILTERS, rows)
def test_the_order_of_what_is_joined_makes_no_difference(
    a: Filter[object], b: Filter[object], row: Row
) -> None:
    assert matches(a & b, row) == matches(b & a, row)
    assert matches(a | b, row) == matches(b | a, row)


@given(FILTERS, FILTERS, FILTERS)
def test_chains_are_the_same_however_they_are_grouped(
    a: Filter[object], b: Filter[object], c: Filter[object]
) -> None:
    assert (a & b) & c == a & (b & c)
    assert (a | b) | c == a | (b | c)


@given(FILTERS, FILTERS, FILTERS, rows)
def test_absorption_and_distribution(
    a: Filter[object], b: Filter[object], c: Filter[object], row: Row
) -> None:
    assert matches(a | (a & b), row) == matches(a & (a | b), row) == matches(a, row)
    assert matches(a & (b | c), row) == matches(a & b | a & c, row)
    assert matches(a | (b & c), row) == matches((a | b) & (a | c), row)


@given(FILTERS, FILTERS, FILTERS)
def test_denying_binds_tightest_and_joining_by_or_least(
    a: Filter[object], b: Filter[object], c: Filter[object]
) -> None:
    assert a & b | c == (a & b) | c
    assert a | b & c == a | (b & c)
    assert ~a & b == (~a) & b
    assert ~a | b == (~a) | b


def test_grouping_is_seen_where_it_makes_a_difference() -> None:
    a, b, c = F.a == 1, F.b == 2, F.c == 3
    row = {"a": 0, "b": 0, "c": 3}
    assert matches(a & b | c, row)
    assert not matches(a & (b | c), row)
    assert a & b | c != a & (b | c)
    assert ~a & b != ~(a & b)


@given(FILTERS, FILTERS)
def test_filters_are_equal_when_their_texts_are(a: Filter[object], b: Filter[object]) -> None:
    assert (a == b) == (a.text == b.text)
    assert a != b or hash(a) == hash(b)
    assert (a != "x", a == a.text) == (True, False)


@given(st.lists(FILTERS, max_size=4), FILTERS)
def test_filters_are_found_in_sets(held: list[Filter[object]], a: Filter[object]) -> None:
    assert len({*held, a, pickle.loads(pickle.dumps(a))}) == len({*held, a})  # noqa: S301 - ours


def test_one_and_true_are_two_values() -> None:
    assert len({F.x == 1, F.x == True, F.x == 1.0, F.x == "1"}) == 4  # noqa: E712 - a field's


MANY = 30_000
"""Far more than Python recurses."""


def _chain(joined: Callable[[Filter[object], Filter[object]], Filter[object]]) -> Filter[object]:
    return functools.reduce(joined, (F.id == index for index in range(MANY)))


def _deep() -> Filter[object]:
    nested: Filter[object] = F.id == 0
    for index in range(MANY):
        nested = ~(nested & (F.id == index)) if index % 2 else nested | (F.id == index)
    return nested


@pytest.mark.parametrize(
    "filter",
    [
        _chain(lambda chain, one: chain & one),
        _chain(lambda chain, one: one | chain),
        _deep(),
    ],
    ids=["a long chain", "a long chain from the right", "nested"],
)
def test_no_filter_is_too_long_or_too_deep(filter: Filter[object]) -> None:
    assert matches(filter, {"id": 0}) is not matches(~filter, {"id": 0})
    assert pickle.loads(pickle.dumps(filter)) == filter  # noqa: S301 - ours
    assert hash(filter) == hash(~~filter)
    assert len(repr(filter)) > MANY
    assert filter.names == {"id"}
    assert len(filter.data) == 1


def test_a_chain_is_one_list_however_long() -> None:
    (parts,) = _chain(lambda chain, one: chain & one).data.values()
    assert parts == [{"==": [{"var": "id"}, index]} for index in range(MANY)]
