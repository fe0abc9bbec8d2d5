"""Types in words: what an option takes, what a field holds, with the limits.

Rule: all is read off the type, so that it is true of endpoints that somebody else declares.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from types import NoneType
from typing import Annotated, Final, Literal, TypeAlias, get_args, get_origin, is_typeddict
from uuid import UUID

from msgspec import Meta

from cvatfn.codecs.building import plain, takes_blank
from cvatfn.codecs.files import File
from cvatfn.codecs.kinds import class_of, is_open, is_union
from cvatfn.codecs.unset import Unset

__all__ = ["Sort", "choices", "limits", "nullable", "sort_of", "words"]

Sort: TypeAlias = Literal["flag", "scalar", "scalars", "file", "files", "json", "jsons"]
"""How a value is written on a command line; those that end in `s` may come again."""

_SCALARS: Final = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    datetime: "time with its zone",
    UUID: "UUID",
}


def sort_of(annotation: object) -> Sort:
    """How a value of a type is written on a command line.

    :param annotation: what a parameter or a field takes.

    >>> sort_of(int | None), sort_of(tuple[str, ...]), sort_of(tuple[dict[str, int], ...])
    ('scalar', 'scalars', 'jsons')
    """
    kinds = plain(annotation)
    if kinds == (bool,):
        return "flag"
    if kinds and all(map(_is_scalar, kinds)):
        return "scalar"
    if kinds == (File,):
        return "file"
    if len(kinds) == 1 and get_origin(kinds[0]) is tuple:
        match sort_of(get_args(kinds[0])[0]):
            case "file":
                return "files"
            case "scalar" | "flag":
                return "scalars"
            case _:
                return "jsons"
    return "json"


def choices(annotation: object) -> tuple[str, ...]:
    """The texts that a type lists; nothing where it takes others, too.

    :param annotation: what a parameter, a field or an element takes.

    >>> choices(Literal["a", "b"] | None), choices(Literal["all"] | int)
    (('a', 'b'), ())
    """
    found: list[str] = [""] if takes_blank(annotation) else []
    for kind in plain(annotation):
        base = class_of(kind)
        if get_origin(kind) is Literal:
            found += map(str, get_args(kind))
        elif issubclass(base, Enum):
            found += [str(member.value) for member in base]
        elif not is_typeddict(kind):
            return ()
    return tuple(dict.fromkeys(found))


def nullable(annotation: object) -> bool:
    """Whether a type takes null, as JSON of any form does.

    :param annotation: what a field takes.

    >>> nullable(int | None), nullable(object), nullable(int)
    (True, True, False)
    """
    if any(map(is_open, plain(annotation))):
        return True
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return is_union(annotation) and NoneType in get_args(annotation)


def words(annotation: object) -> str:
    """A type in words, with its limits.

    :param annotation: any type that a signature can name.

    >>> words(Annotated[str, Meta(min_length=1, max_length=64)] | None)
    'text of 1 to 64 characters or null'
    >>> words(tuple[Annotated[int, Meta(ge=0)], ...])
    'list of whole numbers, at least 0'
    """
    parts = [
        _said(part, several=False)
        for part in _alternatives(annotation)
        if part is not NoneType and part is not Unset
    ]
    listed = choices(annotation)
    if listed:
        parts = [_listed(listed)]
    if nullable(annotation) and not any(map(is_open, plain(annotation))):
        parts.append("null")
    said = " or ".join(dict.fromkeys(parts))
    return (said if "," not in said else ", or ".join(dict.fromkeys(parts))) or "nothing"


def limits(annotation: object) -> str:
    """The limits of a type alone, in words; nothing where there are none.

    :param annotation: what a parameter or a field takes.

    >>> limits(Annotated[int, Meta(ge=0, le=100)] | None)
    '0 to 100'
    """
    found = [
        said
        for part in _alternatives(annotation)
        if get_origin(part) is Annotated
        for _, said in _limits(part)
    ]
    return ", ".join(found)


def _is_scalar(kind: object) -> bool:
    base = class_of(kind)
    from_filters = base.__module__.startswith("cvatfn.filters.")
    listed = get_origin(kind) is Literal or issubclass(base, Enum)
    return listed or from_filters or base in _SCALARS


def _alternatives(annotation: object) -> Iterator[object]:
    if is_union(annotation):
        for part in get_args(annotation):
            yield from _alternatives(part)
    elif not is_typeddict(annotation):  # the twin of a model that stands beside it
        yield annotation


def _said(kind: object, *, several: bool) -> str:
    """One alternative in words."""
    if get_origin(kind) is Annotated:
        said = _said(get_args(kind)[0], several=several)
        return "".join((said, *(f"{sign}{limit}" for sign, limit in _limits(kind))))
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _listed(tuple(map(str, arguments)))
    if origin is tuple:
        return f"list of {_several(arguments[0])}"
    if is_open(kind) or (origin is dict and is_open(arguments[1])):
        return "JSON" if origin is None else "JSON object"
    if origin is dict:
        return f"object of {_several(arguments[1])}"
    if kind is None:  # as answers say it
        return "nothing"
    known = _SCALARS.get(class_of(kind))
    if known is None and issubclass(class_of(kind), Enum):
        return _listed(choices(kind))
    if known is not None:
        return f"{known}s" if several and kind is not bool else known
    name = class_of(kind).__name__
    named = {"File": "file", "Filter": "filter", "Order": "order"}.get(name, name)
    of = f" of {', '.join(_several(argument) for argument in arguments)}" if arguments else ""
    return f"{named}{of if name not in ('Filter', 'Order') else ''}"


def _listed(texts: tuple[str, ...]) -> str:
    shown = ", ".join(text or "(empty)" for text in texts)
    return f"one of {shown}" if texts[1:] else shown


def _several(element: object) -> str:
    """An element's type, where there may be many of it."""
    if is_union(element):
        return words(element)
    return _said(element, several=True)


def _limits(limited: object) -> Iterator[tuple[str, str]]:
    """Each limit of a type, and what parts it from the type's name."""
    kind, *found = get_args(limited)
    unit = "entries" if get_origin(kind) is tuple else "characters" if kind is str else ""
    for limit in found:
        if not isinstance(limit, Meta):
            continue
        low, high = (limit.min_length, limit.max_length) if unit else (limit.ge, limit.le)
        span = _span(low, high)
        if span:
            yield " of " if kind is str else ", ", f"{span} {unit}".rstrip()
        if limit.gt is not None:
            yield ", ", f"more than {limit.gt}"
        if limit.lt is not None:
            yield ", ", f"less than {limit.lt}"
        if limit.multiple_of is not None:
            yield ", ", f"a multiple of {limit.multiple_of}"
        if limit.pattern is not None:
            yield ", ", limit.description or f"of the form {limit.pattern}"


def _span(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    if low is None:
        return f"at most {high}"
    if high is None:
        return f"at least {low}"
    return f"{low}" if low == high else f"{low} to {high}"
