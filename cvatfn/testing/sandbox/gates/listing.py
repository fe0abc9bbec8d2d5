"""Listings: sorted, filtered, searched and cut into pages.

Rule: a listing is a function of rows; each area says in a table which value a parameter is compared
with, and a filter asks for. An unknown `sort` is passed over, a filter that is not understood is a
400, a page past the end is a 404: as CVAT does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias, TypeVar
from urllib.parse import urlencode

from cvatfn.filters import parsed
from cvatfn.filters.fields import Value
from cvatfn.models.page import Page
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.filtering import contained, matches
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done
from cvatfn.testing.sandbox.gates.replies import Refusal, invalid, refused
from cvatfn.testing.sandbox.state.world import World

__all__ = ["Columns", "paged"]

T = TypeVar("T")

Columns: TypeAlias = Mapping[str, Callable[[T], Value]]

PAGE: Final = 10
"""How many entries a page has, unless asked otherwise."""
LARGEST: Final = 500
"""How many entries a page has at most."""


def paged(
    world: World,
    asked: Asked,
    rows: Iterable[T],
    columns: Columns[T],
    shown: Callable[[T], object],
    *,
    searched: Sequence[str] = (),
    order: str = "-id",
    unfiltered: Collection[str] = (),
    plain: bool = False,
) -> Done:
    """Answer one page of a listing.

    :param world: where the rows are from.
    :param asked: the request: its parameters of the columns' names, `search`, `sort`, `page`...
    :param rows: everything the person may see.
    :param columns: what may be compared and sorted by.
    :param shown: the model of a row.
    :param searched: the columns in which `search` looks: for every word, each in any of them.
    :param order: how to sort unless asked otherwise.
    :param unfiltered: the columns that can only be sorted by.
    :param plain: whether CVAT filters and sorts the rows itself, and not its database.
    """
    filtered = {name: column for name, column in columns.items() if name not in unfiltered}
    match _filtered(asked.given("filter", str) or "", rows, filtered, plain=plain):
        case Failure() as refusal:
            return refusal
        case Success(rows):
            pass
    wanted = {name: asked.params[name] for name in columns if name in asked.params}
    words = str(asked.params.get("search", "")).lower().replace(",", " ").split()
    found = (
        rows
        if not (wanted or words)
        else [
            row
            for row in rows
            if all(_text(columns[name](row)) == _text(value) for name, value in wanted.items())
            and all(any(word in text for text in _texts(row, columns, searched)) for word in words)
        ]
    )
    asked_order = str(asked.params.get("sort", "")) or order
    asked_order = _turned(asked_order) if plain else asked_order
    return _page(world, asked, _sorted(found, columns, f"{asked_order},{order}"), shown)


def _filtered(
    text: str, rows: Iterable[T], columns: Columns[T], *, plain: bool
) -> Outcome[Iterable[T], Refusal]:
    """The rows that meet a filter; an empty text asks nothing."""
    if not text:
        return Success(rows)
    match parsed(text):
        case Failure(problem):
            return invalid(f"filter: {problem}")
        case Success(filter):
            pass
    names = filter.names
    unknown = sorted(names - set(columns))
    if unknown:
        return invalid(f"filter: there is no field {unknown[0]!r}")

    def met(row: T) -> bool:
        asked = {name: columns[name](row) for name in names}
        return matches(filter, asked, contains=_containing if plain else contained)

    return Success([row for row in rows if met(row)])


def _containing(text: str, value: str) -> bool:
    """Where CVAT filters the rows itself, it asks `contained` the other way round."""
    return contained(value, text)


def _turned(order: str) -> str:
    """An order where CVAT sorts the rows itself: one minus sign turns all of it round.

    >>> _turned("status,-action")
    '-status,-action'
    """
    names = order.split(",")
    backwards = any(name.startswith("-") for name in names)
    return ",".join(f"-{name.removeprefix('-')}" for name in names) if backwards else order


def _texts(row: T, columns: Columns[T], names: Iterable[str]) -> list[str]:
    return [_text(columns[name](row)).lower() for name in names]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _sorted(rows: Iterable[T], columns: Columns[T], order: str) -> list[T]:
    for name in reversed(tuple(dict.fromkeys(order.split(",")))):
        column = columns.get(name.removeprefix("-"))
        if column is not None:
            rows = sorted(rows, key=_key(column), reverse=name.startswith("-"))
    return list(rows)


def _key(column: Callable[[T], Value]) -> Callable[[T], tuple[bool, float, str]]:
    def key(row: T) -> tuple[bool, float, str]:
        value = column(row)
        if isinstance(value, datetime):
            value = value.timestamp()
        number = float(value) if isinstance(value, int | float) else 0.0
        return value is not None, number, value if isinstance(value, str) else ""

    return key


def _page(world: World, asked: Asked, rows: Sequence[T], shown: Callable[[T], object]) -> Done:
    asked_size = asked.params.get("page_size", PAGE)
    size = asked_size if isinstance(asked_size, int) else max(len(rows), 1)
    size = PAGE if size < 1 else size if asked_size == "all" else min(size, LARGEST)
    number = asked.given("page", int)
    number = 1 if number is None else number
    last = max(1, -(-len(rows) // size))
    if not 1 <= number <= last:
        return refused(404, "Invalid page.")
    page: Page[object] = Page(
        count=len(rows),
        next=_url(asked, number + 1) if number < last else None,
        previous=_url(asked, number - 1) if number > 1 else None,
        results=tuple(map(shown, rows[(number - 1) * size : number * size])),
    )
    return done(world, page)


def _url(asked: Asked, number: int) -> str:
    query = [(name, value) for name, value in asked.request.query if name != "page"]
    if number > 1:
        query.append(("page", str(number)))
    return asked.url(asked.request.path) + (f"?{urlencode(query)}" if query else "")
