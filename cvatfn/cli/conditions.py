"""What `--filter` and `--sort` say, as filters and orders of one listing, checked.

A condition is a field, a sign and a value: `name=cats`, `id>5`, `status!=completed`, `name~draft`
(that text is in it). A value in quotes or brackets is JSON: `name="null"`, `id=[3,5]` (one of
those); a bare `null` is null. All conditions must hold; whoever needs more writes JSON Logic, as
CVAT's own interface does: a text that begins with `{`.

Rule: fields and values are held to those of the listing before anything is sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from typing import Final, Never, get_args, get_type_hints

from attrs import frozen
from typing_extensions import TypeIs

from cvatfn.cli.reading import read_json, read_text
from cvatfn.cli.wording import choices, nullable
from cvatfn.codecs.hints import did_you_mean
from cvatfn.codecs.kinds import class_of
from cvatfn.codecs.params import param_codec
from cvatfn.codecs.plain import is_array
from cvatfn.codecs.problems import Problem
from cvatfn.codecs.showing import readable
from cvatfn.endpoints import Endpoint
from cvatfn.filters import AnyField, F, Filter, Order, parsed
from cvatfn.filters.fields import Field, Known, Scale, Text
from cvatfn.filters.order import Unsortable
from cvatfn.filters.rules import Among, Between, Compared, Condition, Containing, Present, flat
from cvatfn.outcome import Failure, Outcome, Success

__all__ = ["ListedBy", "filter_of", "listed_by", "order_of"]


@frozen
class ListedBy:
    """A field that a listing can be filtered or sorted by.

    :param name: its name.
    :param type: what it is compared with; `None` where it is for sorting alone.
    :param ordered: whether it can be compared by order.
    :param text: whether a text can be looked for in it.
    :param sortable: whether the listing can be sorted by it.
    """

    name: str
    type: object
    ordered: bool
    text: bool
    sortable: bool


def listed_by(endpoint: Endpoint[..., object]) -> Mapping[str, ListedBy]:
    """The fields of a listing, by name; none where it takes no filter.

    :param endpoint: the listing.

    >>> from cvatfn.api import tasks
    >>> listed_by(tasks.list)["id"]
    ListedBy(name='id', type=<class 'int'>, ordered=True, text=False, sortable=True)
    """
    hints = [
        get_type_hints(listing)
        for parameter in endpoint.parameters
        for kind in get_args(parameter.type)
        if class_of(kind) is Filter
        for listing in get_args(kind)
    ]
    return {name: _known(name, hint) for found in hints for name, hint in found.items()}


def filter_of(
    fields: Mapping[str, ListedBy], texts: Iterable[str], *, validated: bool = True
) -> Outcome[Filter[Never] | None, tuple[Problem, ...]]:
    """All conditions as one filter.

    :param fields: the fields of the listing.
    :param texts: the conditions, as they were typed.
    :param validated: whether they are held to those fields and their values; a newer server may
        know others.
    :returns: the filter, `None` where there is no condition; or all that is wrong.

    >>> from cvatfn.api import tasks
    >>> filter_of(listed_by(tasks.list), ["name~cat", "id>5"]).unwrap()
    F.name.contains('cat') & (F.id > 5)
    >>> print(*filter_of(listed_by(tasks.list), ["nmae=cat"]).failure())
    --filter: nmae=cat: there is no field 'nmae'; did you mean 'name'?
    """
    filters: list[Filter[Never]] = []
    problems: list[Problem] = []
    for text in texts:
        match _condition(fields, text, validated=validated):
            case Success(found):
                filters.append(found)
                wrong = [*_misfits(fields, found)] if validated else []
            case Failure(said):
                wrong = [said]
        problems += [Problem("--filter", f"{readable(text[:_SHOWN])}: {said}") for said in wrong]
    if problems:
        return Failure(tuple(problems))
    return Success(reduce(lambda left, right: left & right, filters) if filters else None)


def order_of(
    fields: Mapping[str, ListedBy], texts: Iterable[str], *, validated: bool = True
) -> Outcome[Order[Never] | None, tuple[Problem, ...]]:
    """What to sort by.

    :param fields: the fields of the listing.
    :param texts: names, a minus sign before those that count backwards, commas between them.
    :param validated: whether they are held to those fields.

    >>> from cvatfn.api import tasks
    >>> order_of(listed_by(tasks.list), ["-updated_date", "name,id"]).unwrap().text
    '-updated_date,name,id'
    """
    names = [name.strip() for text in texts for name in text.split(",")]
    sortable = [each.name for each in fields.values() if each.sortable]
    unknown = [
        f"nothing is sorted by {name!r}{did_you_mean(name, sortable)}"
        for name in names
        if validated and name.removeprefix("-") not in sortable
    ]
    if unknown:
        return Failure(tuple(Problem("--sort", said) for said in unknown))
    try:
        return Success(Order(tuple(names)) if names else None)
    except ValueError as error:
        return Failure((Problem("--sort", str(error)),))


_SHOWN: Final = 60
"""How much of a condition is told of with what is wrong in it."""

_PARTS: Final = re.compile(r"(?s)\s*(\w+)\s*(!=|<=|>=|==|=|<|>|~)\s*(.*?)\s*")


def _known(name: str, hint: object) -> ListedBy:
    (kind,) = get_args(hint)  # Final[Number[Tasks, int]]
    base, (_, *arguments) = class_of(kind), get_args(kind)
    return ListedBy(
        name,
        arguments[0] if issubclass(base, Field) else None,
        issubclass(base, Scale),
        issubclass(base, Text),
        Unsortable not in arguments,
    )


def _condition(
    fields: Mapping[str, ListedBy], text: str, *, validated: bool
) -> Outcome[Filter[Never], str]:
    if text.lstrip().startswith("{"):
        match parsed(text):
            case Success() as found:
                return found
            case Failure(problem):
                return Failure(str(problem))
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return Failure("is no FIELD=VALUE, nor with one of != < <= > >= ~ for the =")
    name, sign, value = parts.groups()
    field = fields.get(name)
    if field is None and validated:
        return Failure(_unknown(name, fields))
    sought = sign == "~" and not value.startswith('"')
    match Success(value) if sought else _value(field, value, validated=validated):
        case Failure() as refused:
            return refused
        case Success(held):
            return _made(name, sign, held)


def _value(field: ListedBy | None, text: str, *, validated: bool) -> Outcome[object, str]:
    if text == "null":
        return Success(None)
    if text[:1] in ('"', "["):
        return read_json(text)
    if field is not None and field.type is not None:
        found = read_text(field.type, text)
        return found if validated or isinstance(found, Success) else Success(text)
    if text == "-" or text.startswith("@"):  # a name, not that of a file
        return Success(text)
    guessed = read_json(text)  # of a field that nobody knows: a number, true or false, or a text
    known = isinstance(guessed, Success) and _is_known(guessed.unwrap())
    return guessed if known else Success(text)


def _made(name: str, sign: str, value: object) -> Outcome[Filter[Never], str]:
    try:
        return _compared(name, sign, value)
    except ValueError as error:  # what JSON cannot carry: half a character, a number without end
        return Failure(str(error))


def _compared(name: str, sign: str, value: object) -> Outcome[Filter[Never], str]:
    named = F[name]
    if sign == "~":
        if not isinstance(value, str):
            return Failure("what is looked for in a text is a text")
        return Success(named.contains(value))
    if is_array(value):
        known = [each for each in value if each is None or _is_known(each)]
        if len(known) < len(value) or sign not in ("=", "==", "!="):
            return Failure("a list has no lists in it, and is compared by = and != alone")
        among = named.one_of(known)
        return Success(~among if sign == "!=" else among)
    if sign in ("=", "==", "!=") and (value is None or _is_known(value)):
        return Success(named != value if sign == "!=" else named == value)
    if _is_known(value):
        return Success(_ORDERS[sign](named, value))
    return Failure("null is neither more nor less than anything")


def _is_known(value: object) -> TypeIs[Known]:
    return isinstance(value, Known)


_ORDERS: Final[Mapping[str, Callable[[AnyField, Known], Filter[Never]]]] = {
    "<": AnyField.__lt__,
    "<=": AnyField.__le__,
    ">": AnyField.__gt__,
    ">=": AnyField.__ge__,
}


def _misfits(fields: Mapping[str, ListedBy], found: Filter[Never]) -> Iterator[str]:
    """What of a filter the listing does not take."""
    for piece in flat(found.rule):
        if isinstance(piece, str):
            continue
        field = fields.get(piece.field)
        if field is None:
            yield _unknown(piece.field, fields)
        elif field.type is None:
            yield f"{field.name} is for --sort alone"
        else:
            yield from (f"{field.name} {said}" for said in _unfit(field, piece))


def _unfit(field: ListedBy, condition: Condition) -> Iterator[str]:
    match condition:
        case Containing():
            if not field.text:
                yield "is no text to find another one in"
        case Present():
            pass
        case Compared(_, operator, value):
            if operator != "==" and not field.ordered:
                yield f"has no order that {operator} could ask for"
            yield from _wrong(field, value)
        case Between(_, low, high):
            if not field.ordered:
                yield "has no order"
            yield from (*_wrong(field, low), *_wrong(field, high))
        case Among(_, values):
            for value in values:
                yield from _wrong(field, value)


def _wrong(field: ListedBy, value: object) -> Iterator[str]:
    if value is None:
        if not nullable(field.type):
            yield 'is never null; the text is written "null"'
        return
    if isinstance(value, str) and choices(field.type):
        found: Outcome[object, str] = read_text(field.type, value)
    else:
        found = param_codec(field.type).encode(value)
    if isinstance(found, Failure):
        yield found.failure()


def _unknown(name: str, fields: Iterable[str]) -> str:
    return f"there is no field {name!r}{did_you_mean(name, fields)}"
