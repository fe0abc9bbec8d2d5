"""What constructors of request models do: dicts become models, texts enums and times, lists tuples.

Rule: only the outer form is brought into shape here. A value that does not fit is kept as it was
given, and is named with its path when the request is prepared; a name that no field has is a
`TypeError`, as for any Python call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from types import NoneType
from typing import Annotated, Final, TypeAlias, cast, get_args, get_origin, get_type_hints

import attrs
from msgspec import Meta

from cvatfn.codecs.enums import listed
from cvatfn.codecs.files import File, as_file
from cvatfn.codecs.kinds import is_union
from cvatfn.codecs.plain import is_mapping, is_walkable
from cvatfn.codecs.remembering import remembered
from cvatfn.codecs.showing import in_words
from cvatfn.codecs.unset import Unset

__all__ = [
    "OrBlank",
    "field_types",
    "fields_of",
    "fill",
    "members",
    "plain",
    "reached",
    "takes_blank",
]

Shaper: TypeAlias = Callable[[object], object]

OrBlank: Final = Meta(extra={"blank": True})
"""Mark an enum in whose place an empty text may stand."""


def fill(model: object, given: Mapping[str, object]) -> None:
    """Set the fields of a request model under construction.

    :param model: the instance that `__init__` was called for.
    :param given: the constructor's `locals()`; `self` is passed over.
    :raises TypeError: a nested dict has a key that is no field, or lacks a required one.
    """
    shapers = _shapers(type(model))
    values = {
        name: shape(given[name]) if shape is not None else given[name]
        for name, shape in shapers.items()
    }
    init: Callable[..., None] = getattr(model, "__attrs_init__")  # noqa: B009 - made by attrs
    init(**values)


@remembered
def field_types(model: type) -> Mapping[str, object]:
    """The types of a model's fields, with their limits, by name, resolved once.

    :param model: an attrs class.
    """
    hints: dict[str, object] = get_type_hints(model, include_extras=True)
    return {field.name: hints[field.name] for field in fields_of(model)}


def fields_of(model: type) -> tuple[attrs.Attribute[object], ...]:
    """The fields of a model, in order.

    :param model: an attrs class.
    """
    # `attrs.has` has shown it to be one; what its fields hold is not known to the checkers.
    instance = cast("type[attrs.AttrsInstance]", model)
    return cast("tuple[attrs.Attribute[object], ...]", attrs.fields(instance))


def plain(annotation: object) -> tuple[object, ...]:
    """The alternatives of a type, without limits, `None` and `Unset`.

    >>> plain(int | None)
    (<class 'int'>,)
    """
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if is_union(annotation):
        return tuple(kind for part in get_args(annotation) for kind in plain(part))
    return () if annotation is NoneType or annotation is Unset else (annotation,)


def takes_blank(annotation: object) -> bool:
    """Whether an enum's field may also hold an empty text, which its list does not have.

    Source: `oneOf` with `BlankEnum` in CVAT's OpenAPI document.

    >>> takes_blank(Annotated[str, OrBlank] | None), takes_blank(str | None)
    (True, False)
    """
    if get_origin(annotation) is Annotated:
        return OrBlank in get_args(annotation)
    return is_union(annotation) and any(map(takes_blank, get_args(annotation)))


def members(value: object) -> Iterator[tuple[str, object]]:
    """The names and values of a model or a mapping; nothing for any other value.

    >>> list(members({"a": 1}))
    [('a', 1)]
    """
    if is_mapping(value):
        yield from ((in_words(key), held) for key, held in value.items())
    elif attrs.has(type(value)):
        yield from ((field.name, getattr(value, field.name)) for field in fields_of(type(value)))


def reached(annotation: object) -> Iterator[object]:
    """Every type that a value of a type may hold, itself first, each once.

    >>> list(reached(tuple[int, ...] | None))[1:]
    [tuple[int, ...], <class 'int'>, <class 'NoneType'>]
    """
    seen: list[object] = []
    waiting = [annotation]
    while waiting:
        kind = waiting.pop(0)
        if kind in seen or kind is Ellipsis:
            continue
        seen.append(kind)
        yield kind
        below = list(get_args(kind)[:1] if get_origin(kind) is Annotated else get_args(kind))
        base = get_origin(kind) or kind
        if isinstance(base, type) and attrs.has(base):
            below += field_types(base).values()
        waiting = below + waiting


@remembered
def _shapers(model: type) -> Mapping[str, Shaper | None]:
    return {name: _shaper(kind) for name, kind in field_types(model).items()}


def _shaper(annotation: object) -> Shaper | None:
    """How to bring a value into the shape of a type; none where a plain value needs nothing."""
    kinds = plain(annotation)
    if len(kinds) != 1:
        return None
    (kind,) = kinds
    arguments = get_args(kind)
    if get_origin(kind) is tuple:
        return _many(_shaper(arguments[0]))
    if get_origin(kind) is dict:
        return _mapping(_shaper(arguments[1]))
    if kind is File:
        return _file
    if kind is datetime:
        return _moment
    if isinstance(kind, type) and attrs.has(kind):
        return _model(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _member(kind, or_blank=takes_blank(annotation))
    return None


def _many(item: Shaper | None) -> Shaper:
    def shape(value: object) -> object:
        if not is_walkable(value):
            return value
        return tuple(value) if item is None else tuple(map(item, value))

    return shape


def _mapping(item: Shaper | None) -> Shaper:
    def shape(value: object) -> object:
        if not is_mapping(value):
            return value
        return {key: held if item is None else item(held) for key, held in value.items()}

    return shape


def _model(kind: Callable[..., object]) -> Shaper:
    def shape(value: object) -> object:
        return kind(**dict(members(value))) if is_mapping(value) else value

    return shape


def _member(kind: type[Enum], *, or_blank: bool) -> Shaper:
    def shape(value: object) -> object:
        if isinstance(value, kind) or not isinstance(value, str):
            return value
        found = listed(kind, value)
        if found is None and or_blank and value == "":
            return kind("")  # the list of the enum has no blank, and the field takes one
        return value if found is None else found  # to be named when the request is prepared

    return shape


def _moment(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return value  # to be named when the request is prepared


def _file(value: object) -> object:
    return as_file(value) or value
