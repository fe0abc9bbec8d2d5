"""What a listing can be filtered and sorted by.

Rule: a field is compared with values of its own type only, in every way that its kind has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt, ne
from types import NoneType
from typing import Any, Final, TypeAlias, TypeVar, cast, get_args, get_type_hints

from attrs import frozen
from hypothesis import strategies as st

from cvatfn.codecs.kinds import is_union
from cvatfn.codecs.remembering import remembered
from cvatfn.filters.fields import Field, Scale, Text
from cvatfn.filters.filter import Filter
from cvatfn.filters.order import Key, Order, Unsortable, ordered
from cvatfn.testing.strategies.fitting import fitting
from cvatfn.testing.strategies.showing import built, named

__all__ = ["filters", "orders"]

C = TypeVar("C")

AnyFilter: TypeAlias = Filter[Any]
Drawn: TypeAlias = st.SearchStrategy[Any]


def filters(listing: type[C]) -> st.SearchStrategy[Filter[C]]:
    """Draw filters of a listing: its fields, each with values of its own type.

    :param listing: a class of `cvatfn.filters`, such as `Tasks`.
    :raises TypeError: it has no fields.

    >>> from hypothesis import find
    >>> from cvatfn.filters import Tasks
    >>> find(filters(Tasks), lambda wanted: wanted.names == {"status"}).names
    frozenset({'status'})
    >>> filters(Tasks)
    filters(Tasks)
    """
    return _drawn_filters(listing)


@st.composite
@named("filters")
def _drawn_filters(draw: st.DrawFn, listing: type[C]) -> Filter[C]:
    return cast("Filter[C]", draw(_filters(listing)))  # of this listing's fields


def orders(listing: type[C]) -> st.SearchStrategy[Order[C]]:
    """Draw orders of a listing: fields that it can be sorted by, forwards or backwards.

    :param listing: a class of `cvatfn.filters`, such as `Tasks`.
    :raises TypeError: it has no fields.

    >>> from hypothesis import find
    >>> from cvatfn.filters import Tasks
    >>> find(orders(Tasks), lambda order: order.names == ("-id",))
    Order(names=('-id',))
    """
    return _drawn_orders(listing)


@st.composite
@named("orders")
def _drawn_orders(draw: st.DrawFn, listing: type[C]) -> Order[C]:
    return cast("Order[C]", draw(_orders(listing)))  # of this listing's fields


@frozen
class _Column:
    """A field of a listing, and the types that it was declared with: whose it is, what it holds."""

    field: Key[Any]
    types: tuple[object, ...]


def _columns(listing: type) -> list[_Column]:
    fields: Mapping[str, object] = vars(listing)
    columns = [
        _Column(cast("Key[Any]", fields[name]), get_args(get_args(declared)[0]))  # it is one
        for name, declared in get_type_hints(listing).items()
        if isinstance(fields.get(name), Key)
    ]
    if not columns:
        raise TypeError(f"{listing!r} is no listing with fields")
    return columns


@remembered
def _filters(listing: type) -> st.SearchStrategy[AnyFilter]:
    filterable = [each for each in _columns(listing) if isinstance(each.field, Field)]
    conditions = [drawn for column in filterable for drawn in _conditions(column)]

    def joined(inner: st.SearchStrategy[AnyFilter]) -> st.SearchStrategy[AnyFilter]:
        pairs = st.tuples(inner, inner)
        return built(inner, _denied) | built(pairs, _both) | built(pairs, _either)

    return st.recursive(st.one_of(conditions), joined, max_leaves=4)


def _denied(filter: AnyFilter) -> AnyFilter:
    return ~filter


def _both(pair: tuple[AnyFilter, AnyFilter]) -> AnyFilter:
    return pair[0] & pair[1]


def _either(pair: tuple[AnyFilter, AnyFilter]) -> AnyFilter:
    return pair[0] | pair[1]


def _conditions(column: _Column) -> list[st.SearchStrategy[AnyFilter]]:
    field: Any = column.field  # which of the kinds it is, is asked below
    kind = column.types[1]
    parts = get_args(kind) if is_union(kind) else (kind,)
    known = st.one_of([_values(part) for part in parts if part is not NoneType])
    held = known | st.none() if NoneType in parts else known
    drawn = [_compared(field, how, held) for how in (eq, ne)]
    drawn += [built(st.lists(held, max_size=3), field.one_of), st.just(field.present)]
    if Text in type(field).__mro__:
        drawn.append(built(TEXT, field.contains))
    if Scale in type(field).__mro__:
        drawn += [_compared(field, how, known) for how in (lt, le, gt, ge)]
        drawn.append(built(st.tuples(known, known), lambda ends: field.between(*ends)))
    return drawn


def _compared(
    field: Any, how: Callable[[Any, Any], AnyFilter], values: Drawn
) -> st.SearchStrategy[AnyFilter]:
    return built(values, lambda value: how(field, value))


def _values(kind: object) -> Drawn:
    return VALUES[kind] if kind in VALUES else fitting(kind)


@remembered
def _orders(listing: type) -> st.SearchStrategy[Order[Any]]:
    fields = [each.field for each in _columns(listing) if Unsortable not in each.types]
    keys = [key for field in fields for key in (ordered(field), -field)]
    several = st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique_by=_name)
    return built(several, lambda chosen: ordered(*chosen))


def _name(order: Order[Any]) -> str:
    return order.text.removeprefix("-")


TEXT: Final = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
"""PostgreSQL, which CVAT keeps its fields in, has no text with a null in it."""
VALUES: Final[Mapping[object, Drawn]] = {
    datetime: st.datetimes(timezones=st.just(UTC)),
    int: st.integers(-(2**31), 2**31 - 1),
    str: TEXT,
}
"""Values as CVAT's columns hold them."""
