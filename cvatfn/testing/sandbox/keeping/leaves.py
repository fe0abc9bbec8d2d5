"""Forms of what holds nothing else: texts, numbers, dates, enums, bytes; open JSON; functions.

Rule: the hooks that read what servers send read this, too. What was written is read back before it
counts as written, so that no value is saved that could not be loaded. Bytes stand beside the JSON
under the digest of what they are, so that images which are shared stay shared. Functions are left
out, and found again by the name under which they stand, or what they are a field of.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from hashlib import blake2b
from types import NoneType
from typing import Final, Literal, cast, get_args, get_origin
from uuid import UUID

from cvatfn.codecs.kinds import class_of
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.codecs.scalars import SCALARS, Hook, Misfit, misfit
from cvatfn.testing.sandbox.keeping.forms import Form, Place, Reading, Writing, noted

__all__ = ["BYTES", "FUNCTION", "OPEN", "function_field", "is_function", "scalar_form"]


def scalar_form(kind: object) -> Form | None:
    """The form of a type whose values hold nothing else; `None` for any other type.

    :param kind: the type.
    """
    base = class_of(kind)
    if get_origin(kind) is Literal:
        return _scalar(_one_of(get_args(kind)), _as_it_is)
    if kind is timedelta:
        return _scalar(_duration, lambda value: cast("timedelta", value) // _TICK)
    if base in _WRITTEN:
        return _scalar(_HOOKS[base], _WRITTEN[base])
    if issubclass(base, Enum):
        return _scalar(lambda value, _: _member(base, value), _member_text)
    return None


def function_field(*, optional: bool) -> Form:
    """The form of a function that is a field of a thing: the thing has the name.

    :param optional: whether there may be none; then none is where none is given.
    """

    def read(_: object, reading: Reading, place: Place) -> object:
        around = None if place is None else place[0]
        known = any(name in reading.functions for name in _names(around))
        return None if optional and not known else _function_read(None, reading, around)

    return Form(_nothing_written, read)


def is_function(kind: object) -> bool:
    """Whether a type is that of a function, or a protocol of what can be called.

    :param kind: the type.
    """
    base: object = get_origin(kind) or kind
    if isinstance(base, type) and getattr(base, "_is_protocol", False):
        return "__call__" in vars(base)
    return base is Callable


_TICK: Final = timedelta(microseconds=1)
_HOOKS: Final[Mapping[type, Hook]] = dict(SCALARS)


def _as_it_is(value: object) -> object:
    return value


def _finite(value: object) -> object:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise misfit("a finite number", value)
    return value


def _moment_text(value: object) -> object:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise misfit("datetime with a time zone", value)
    return value.isoformat()


_WRITTEN: Final[Mapping[type, Callable[[object], object]]] = {
    str: _as_it_is,
    int: _as_it_is,
    float: _finite,
    bool: _as_it_is,
    NoneType: _as_it_is,
    datetime: _moment_text,
    UUID: str,
}


def _scalar(read: Hook, write: Callable[[object], object]) -> Form:
    """The form of what holds nothing else."""

    def written(value: object, writing: Writing, place: Place) -> object:
        try:
            said = write(value)
            if read(said, None) != value:
                raise misfit("what its annotation says", value)
        except (Misfit, ValueError, TypeError) as error:
            noted(writing.problems, place, str(error))
            return None
        return said

    def got(data: object, reading: Reading, place: Place) -> object:
        try:
            value = read(data, None)
        except (Misfit, ValueError, TypeError, OverflowError) as error:
            return noted(reading.problems, place, str(error))
        if isinstance(value, datetime) and value.utcoffset() is None:
            return noted(reading.problems, place, "has no time zone")
        return value

    return Form(written, got)


def _one_of(choices: tuple[object, ...]) -> Hook:
    def hook(value: object, _: object) -> object:
        for choice in choices:
            if type(value) is type(choice) and value == choice:
                return choice
        raise Misfit(f"expected one of {', '.join(map(repr, choices))}")

    return hook


def _duration(value: object, _: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return value * _TICK
    raise misfit("microseconds", value)


def _member(kind: type, value: object) -> object:
    """A member by its text, or by its name where its values are no texts."""
    members = cast("type[Enum]", kind)  # whoever calls has asked
    if not isinstance(value, str):
        raise misfit(f"text of {kind.__name__}", value)
    if issubclass(kind, str):
        return members(value)
    found = members.__members__.get(value)
    if found is None:
        raise Misfit(f"expected one of {', '.join(members.__members__)}")
    return found


def _member_text(value: object) -> object:
    if not isinstance(value, Enum):
        raise misfit("a member of an enum", value)
    return value.value if isinstance(value, str) else value.name


def _nothing_written(_: object, __: Writing, ___: Place) -> None:
    return


def _function_read(_: object, reading: Reading, place: Place) -> object:
    """The function that was given under the nearest name of a thing above."""
    names = [name for name in _names(place) if name in reading.functions]
    if names:
        return reading.functions[names[0]]
    noted(reading.problems, place, "is a function, which no file holds: it has to be given by name")
    return None


def _names(place: Place) -> tuple[str, ...]:
    return () if place is None else (str(place[1]), *_names(place[0]))


def _open_written(value: object, writing: Writing, place: Place) -> object:
    """JSON of any form, looked through, because its type says nothing of it."""
    if is_mapping(value):
        return {
            str(key): _open_written(held, writing, (place, str(key))) for key, held in value.items()
        }
    if is_array(value):
        return [_open_written(held, writing, (place, index)) for index, held in enumerate(value)]
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    return noted(writing.problems, place, f"JSON cannot say {type(value).__name__}")


def _bytes_written(value: object, writing: Writing, place: Place) -> object:
    if not isinstance(value, bytes):
        return noted(writing.problems, place, f"expected bytes, got {type(value).__name__}")
    digest = blake2b(value, digest_size=16).hexdigest()
    writing.contents[digest] = value
    return digest


def _bytes_read(data: object, reading: Reading, place: Place) -> object:
    content = reading.contents.get(data) if isinstance(data, str) else None
    if content is None:
        noted(reading.problems, place, "names bytes that are not in the file")
    return content


BYTES: Final = Form(_bytes_written, _bytes_read)
FUNCTION: Final = Form(_nothing_written, _function_read)
OPEN: Final = Form(_open_written, lambda data, _, __: data)
