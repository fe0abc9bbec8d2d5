"""The shape of an answer: its fields and what kind of value each holds, however deep.

Rule: values do not count, kinds do: null, boolean, number, text, time, URL, array, object. An
array's elements are one shape together, in which a field that only some have may be missing, and
kinds have to have one in common, null aside: whose rows a listing shows is
chance, but not whether it shows any. Objects keyed by numbers (ids) are arrays of their values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, Literal, TypeAlias

from attrs import evolve, field, frozen

from cvatfn.codecs.plain import is_array, is_mapping

__all__ = ["Difference", "differences", "shape_of", "worded"]

Kind: TypeAlias = Literal["null", "boolean", "number", "text", "time", "url", "array", "object"]


@frozen
class Difference:
    """Where two answers differ, and how.

    :param place: a status, the name of a header, or a JSON path.
    :param theirs: what the server gave.
    :param ours: what the sandbox gave.
    """

    place: str
    theirs: str
    ours: str


@frozen(kw_only=True)
class Shape:
    """What a value is like, or several values together.

    :param kinds: of which kinds they were.
    :param fields: of objects: name -> shape, and whether each of them had it.
    :param element: of arrays that were not empty: the shape of all elements together.
    :param emptiness: of arrays: whether some were empty, and some not.
    """

    kinds: frozenset[Kind]
    fields: Mapping[str, tuple[Shape, bool]] = field(factory=dict[str, tuple["Shape", bool]])
    element: Shape | None = None


def shape_of(value: object) -> Shape:
    """The shape of a value.

    :param value: plain JSON, with times as texts or as such.

    >>> sorted(shape_of({"id": 1}).fields)
    ['id']
    """
    if is_array(value):
        return Shape(kinds=_ARRAY, element=_together([shape_of(held) for held in value]))
    if is_mapping(value):
        if value and all(_IS_ID.fullmatch(str(key)) for key in value):
            return shape_of(list(value.values()))
        return Shape(
            kinds=_OBJECT,
            fields={str(name): (shape_of(held), True) for name, held in value.items()},
        )
    return Shape(kinds=frozenset({_kind(value)}))


def differences(theirs: Shape, ours: Shape, place: str = "$") -> Iterator[Difference]:
    """How two shapes differ; nothing where they agree.

    :param theirs: the server's.
    :param ours: the sandbox's.
    :param place: a JSON path.

    >>> [found.place for found in differences(shape_of({"a": 1}), shape_of({"a": "x"}))]
    ['$.a']
    """
    return _differences(theirs, ours, place, among=False)


def worded(text: str) -> str:
    """A sentence without what chance has put into it: numbers, and what stands in quotes.

    >>> worded("No. 7 of 'cats' is wrong")
    'No. N of Q is wrong'
    """
    return _NUMBER.sub("N", _QUOTED.sub("Q", text))


_ARRAY: Final[frozenset[Kind]] = frozenset({"array"})
_OBJECT: Final[frozenset[Kind]] = frozenset({"object"})
_NULL: Final[frozenset[Kind]] = frozenset({"null"})
_IS_ID: Final = re.compile(r"[0-9]+")
_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)")
_URL: Final = re.compile(r"https?://\S+")
_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?")
_QUOTED: Final = re.compile(r"'[^']*'|\"[^\"]*\"")


def _kind(value: object) -> Kind:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case datetime():
            return "time"
        case _:
            text = str(value)
            return "time" if _TIME.fullmatch(text) else "url" if _URL.fullmatch(text) else "text"


def _together(shapes: Sequence[Shape]) -> Shape | None:
    if not shapes:
        return None
    names = dict.fromkeys(name for shape in shapes for name in shape.fields)
    objects = [shape for shape in shapes if "object" in shape.kinds]
    merged = Shape(kinds=frozenset(kind for shape in shapes for kind in shape.kinds))
    fields = {name: _field(name, objects) for name in names}
    elements = [shape.element for shape in shapes if shape.element is not None]
    return evolve(merged, fields=fields, element=_together(elements))


def _field(name: str, objects: Sequence[Shape]) -> tuple[Shape, bool]:
    held = [shape.fields[name] for shape in objects if name in shape.fields]
    always = len(held) == len(objects) and all(each for _, each in held)
    return _together([shape for shape, _ in held]) or Shape(kinds=_NULL), always


def _differences(theirs: Shape, ours: Shape, place: str, *, among: bool) -> Iterator[Difference]:
    """The differences; `among` the elements of an array, some being null or empty is chance."""
    if not _alike(theirs.kinds, ours.kinds, among=among):
        yield Difference(place, _said(theirs.kinds), _said(ours.kinds))
        return
    if not theirs.kinds & ours.kinds - _NULL:
        return
    for name in {**theirs.fields, **ours.fields}:
        yield from _in_field(theirs, ours, name, f"{place}.{name}", among=among)
    if theirs.element is not None and ours.element is not None:
        yield from _differences(theirs.element, ours.element, f"{place}[]", among=True)
    elif "array" in theirs.kinds & ours.kinds and not among and theirs.element is not ours.element:
        yield Difference(place, _filled(theirs), _filled(ours))


def _in_field(
    theirs: Shape, ours: Shape, name: str, place: str, *, among: bool
) -> Iterator[Difference]:
    match theirs.fields.get(name), ours.fields.get(name):
        case (their_shape, _), (our_shape, _):
            yield from _differences(their_shape, our_shape, place, among=among)
        case (shape, always), None if always or not among:
            yield Difference(place, _said(shape.kinds), "absent")
        case None, (shape, always) if always or not among:
            yield Difference(place, "absent", _said(shape.kinds))
        case _:
            pass


def _alike(theirs: frozenset[Kind], ours: frozenset[Kind], *, among: bool) -> bool:
    if not among:
        return theirs == ours
    return theirs <= _NULL or ours <= _NULL or bool((theirs & ours) - _NULL)


def _said(kinds: frozenset[Kind]) -> str:
    return " or ".join(sorted(kinds))


def _filled(shape: Shape) -> str:
    return "an empty array" if shape.element is None else "an array with elements"
