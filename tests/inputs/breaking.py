"""Values that are next to what a schema allows: on either side of each limit, of every type.

Rule: nobody says which of them are forbidden. That is for the judge and the library to agree on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import partial
from typing import Any, Final

from tests.inputs.document import Schema, is_list, is_object
from tests.inputs.judging import Place, target

__all__ = ["Break", "breaks", "broken", "places"]

Break = Callable[[Any], Any]
"""From a value to another one in its place."""

OF_EVERY_TYPE: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    -1,
    1.5,
    1.0,
    "",
    "x",
    [],
    [None],
    {},
    {"a": 1},
)
MISSHAPEN: Final[Mapping[str, tuple[str, ...]]] = {
    "date-time": ("2026-01-01", "2026-01-01T10:00:00", "2026-13-01T10:00:00Z", "now", ""),
    "email": ("nobody", "@home", "nobody@", "no body", ""),
    "uri": ("nowhere", "//host/path", "http://a b/", ""),
    "uuid": ("0", "00000000-0000-0000-0000-00000000000g", ""),
}


def places(schema: Schema, value: Any, place: Place = ()) -> Iterator[tuple[Place, Schema]]:
    """Every place in a value that the schema speaks of, inner ones first.

    :param schema: draft 4, with references into the document.
    :param value: what it allows.
    :param place: where the value is.
    """
    said = target(schema)
    if is_object(value):
        others: Schema = said.get("additionalProperties") or {}
        for name, held in value.items():
            inner = said.get("properties", {}).get(name, others)
            if inner:
                yield from places(inner, held, (*place, name))
    elif is_list(value):
        for index, held in enumerate(value):
            yield from places(said.get("items", {}), held, (*place, index))
    yield place, said


def breaks(schema: Schema) -> tuple[Break, ...]:
    """What may be done to a value that a schema allows.

    :param schema: what is said of a value that is there.
    """
    match schema.get("type"):
        case "string":
            special = (*_of_limits(schema), *_of_format(schema), *_of_enum(schema))
        case "integer" | "number":
            special = tuple(
                _always(schema[limit] + step)
                for limit in ("minimum", "maximum")
                if limit in schema
                for step in (-1, 0, 1, 0.5)
            )
        case "array":
            special = tuple(
                _cut(max(0, schema[limit] + step))
                for limit in ("minItems", "maxItems")
                if limit in schema
                for step in (-1, 0, 1)
            )
        case "object":
            special = tuple(_of_object(schema))
        case _:
            special = ()
    return (*special, *map(_always, OF_EVERY_TYPE))


def broken(value: Any, done: Mapping[Place, Break]) -> Any:
    """A value with some of its places changed.

    :param value: what is allowed.
    :param done: what is done where; inner places come first.
    """
    changed = [deepcopy(value)]
    for place in sorted(done, key=len, reverse=True):
        held: Any = changed
        for part in (0, *place)[:-1]:
            held = held[part]
        last = (0, *place)[-1]
        held[last] = done[place](held[last])
    return changed[0]


def _always(value: Any) -> Break:
    return lambda _: deepcopy(value)


def _of_limits(schema: Schema) -> Iterator[Break]:
    for limit in ("minLength", "maxLength"):
        for step in (-1, 0, 1) if limit in schema else ():
            yield _always("x" * max(0, schema[limit] + step))
            yield _always("é" * max(0, schema[limit] + step))
    if "pattern" in schema:
        yield lambda held: f"{held}\n"
        yield lambda held: f"\n{held}"[: schema.get("maxLength")]
        yield lambda held: f"{held} /{held}"[:9]


def _of_format(schema: Schema) -> Iterator[Break]:
    yield from map(_always, MISSHAPEN.get(schema.get("format", "").removesuffix(" or empty"), ()))


def _of_enum(schema: Schema) -> Iterator[Break]:
    if "enum" in schema:
        yield lambda held: f"{held} "
        yield lambda held: str(held).swapcase()


def _of_object(schema: Schema) -> Iterator[Break]:
    if "properties" in schema:
        yield lambda held: _whole(held) | {"nowhere": 1}
        yield lambda held: _whole(held) | {"id_": None, "url": "http://a/", "a b": 1}
        yield lambda held: _whole(held) | {f"{name}s": 1 for name in _whole(held)}
        yield lambda held: {} if held else None
        for name in schema.get("required", ()):
            yield partial(_without, name)


def _whole(held: Any) -> dict[str, Any]:
    """An object, where a null may have been."""
    return held if is_object(held) else {}


def _without(name: str, held: Any) -> Any:
    return {key: each for key, each in _whole(held).items() if key != name}


def _cut(size: int) -> Break:
    return lambda held: (held * (size + 1))[:size] if held else [None] * size
