"""Filters and orders speak of their listing's fields, with values of their types."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast, get_args, get_type_hints

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from cvatfn import filters as fields
from cvatfn import models
from cvatfn.filters import Filter, Order, Tasks, parsed
from cvatfn.filters.order import Key, Unsortable
from cvatfn.filters.rules import Among, Between, Compared, Containing, Present, flat
from cvatfn.testing import strategies
from tests.strategies.health import assert_healthy, drawn

LISTINGS: list[type[object]] = [
    found
    for name in dir(fields)
    if isinstance(found := getattr(fields, name), type)
    and found.__module__ == "cvatfn.filters.listings"
]


def _fields(listing: type[object]) -> Mapping[str, Key[object]]:
    return {field.name: field for field in map(_key, vars(listing).values()) if field is not None}


def _key(found: object) -> Key[object] | None:
    return cast("Key[object]", found) if isinstance(found, Key) else None  # whose key, matters not


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: str(listing.__name__))
def test_filters_are_drawn_in_good_health_and_of_their_listing(listing: type[object]) -> None:
    names = frozenset(_fields(listing))

    def holds(drawn: Filter[object]) -> bool:
        return drawn.names <= names and parsed(drawn.text).unwrap() == drawn

    assert_healthy(strategies.filters(listing), holds)


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: str(listing.__name__))
def test_orders_are_drawn_in_good_health_and_of_their_listing(listing: type[object]) -> None:
    hints = get_type_hints(listing)
    sortable = {
        field.name
        for name, field in vars(listing).items()
        if isinstance(field, Key) and Unsortable not in get_args(get_args(hints[name])[0])
    }

    def holds(drawn: Order[object]) -> bool:
        names = [name.removeprefix("-") for name in drawn.names]
        return len(set(names)) == len(names) and sortable.issuperset(names)

    assert_healthy(strategies.orders(listing), holds)


@settings(max_examples=100)
@given(strategies.filters(Tasks))
def test_values_are_of_the_fields_own_type(drawn: Filter[Tasks]) -> None:
    for piece in flat(drawn.rule):
        match piece:
            case Compared("id" | "project_id", _, value):
                assert value is None or isinstance(value, int)
            case Between("created_date" | "updated_date", low, high):
                assert isinstance(low, str)
                assert isinstance(high, str)
                assert datetime.fromisoformat(low).tzinfo is not None
            case Among("status", values):
                assert all(isinstance(models.JobStatus(text), models.JobStatus) for text in values)
            case _:
                pass


@pytest.mark.parametrize("kind", [Compared, Between, Among, Containing, Present])
def test_every_kind_of_condition_is_drawn(kind: type) -> None:
    def has_it(wanted: Filter[Tasks]) -> bool:
        return any(isinstance(piece, kind) for piece in flat(wanted.rule))

    drawn(strategies.filters(Tasks), has_it)


@pytest.mark.parametrize("mark", ["and", "or", "!"])
def test_filters_are_joined_and_denied(mark: str) -> None:
    least = find(strategies.filters(Tasks), lambda wanted: mark in wanted.data)
    assert len(repr(least)) < 60


def test_what_has_no_fields_is_no_listing() -> None:
    for strategy in (strategies.filters(int), strategies.orders(int)):
        with pytest.raises(TypeError, match="no listing"):
            find(strategy, lambda _: True)


@given(st.data())
def test_filters_are_values_like_others(data: st.DataObject) -> None:
    drawn = data.draw(strategies.values(Filter[Tasks]))
    assert drawn.names <= frozenset(_fields(Tasks))
    order = data.draw(strategies.values(Order[Tasks] | None))
    assert order is None or order.names
