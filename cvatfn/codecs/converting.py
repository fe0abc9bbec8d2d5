"""What was read, turned into what can be written.

Rule: fields carry over by name. A field the target does not have is dropped (the read-only ones are
those), and so is a value that has no form in the target (a summary where a list is written, a null
where null is not taken), unless the target cannot do without it.
"""

from __future__ import annotations

from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Final, TypeVar, Union, cast, get_args, get_origin

import attrs
from typing_extensions import TypeForm

from cvatfn.codecs import native
from cvatfn.codecs.building import field_types, fields_of, members
from cvatfn.codecs.files import File
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.codecs.problems import DecodeError, Problem, at_index, at_key
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.outcome import Failure, Outcome, Success

__all__ = ["convert"]

T = TypeVar("T")


def convert(value: object, to: TypeForm[T]) -> Outcome[T, DecodeError]:
    """Turn one model into another that has fields of the same names.

    :param value: what was read, such as `LabeledData` or `TaskRead`.
    :param to: what is to be written, such as `LabeledDataRequest` or `PatchedTaskWriteRequest`.
    :returns: the new model; a failure names the required fields that the value does not have.

    >>> from cvatfn.models import AttributeVal, AttributeValRequest
    >>> convert(AttributeVal(spec_id=3, value="red"), AttributeValRequest)
    <Success: AttributeValRequest(spec_id=3, value='red')>
    """
    decoder = native.decoder(to)
    if decoder is not None:
        try:
            # Where every field has its counterpart, the native round trip is ten times the loop.
            encoded = native.encode(value)
            with native.paused_collector(len(encoded)):
                return Success(cast("T", decoder.decode(encoded)))  # the decoder was built for `to`
        except native.REFUSALS:
            pass
    problems: list[Problem] = []
    converted = _converted(value, to, "$", problems)
    if problems or converted is _NOTHING:
        named = tuple(problems) or (Problem("$", f"has no form as {to}"),)
        return Failure(DecodeError(named, value))
    return Success(cast("T", converted))  # built along the type `to`


class _Nothing(Enum):
    """No form in the target; an enum, so that `is` narrows."""

    NOTHING = "nothing"


_NOTHING: Final = _Nothing.NOTHING


def _converted(value: object, kind: object, path: str, problems: list[Problem]) -> object:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _converted(value, arguments[0], path, problems)
    if origin in (Union, UnionType):
        return _alternative(value, arguments, path, problems)
    if origin is tuple:
        return _elements(value, arguments[0], path, problems)
    if origin is dict:
        return _mapping(value, arguments[1], path, problems)
    if isinstance(kind, type):
        return _as_class(value, kind, path, problems)
    return value


def _alternative(
    value: object, parts: tuple[object, ...], path: str, problems: list[Problem]
) -> object:
    if (value is None and NoneType in parts) or (value is UNSET and Unset in parts):
        return value
    for part in parts:
        if part is NoneType or part is Unset:
            continue
        tried: list[Problem] = []
        converted = _converted(value, part, path, tried)
        if converted is not _NOTHING:
            problems.extend(tried)
            return converted
    return _NOTHING


def _elements(value: object, kind: object, path: str, problems: list[Problem]) -> object:
    if not is_array(value):
        return _NOTHING
    elements = [
        _converted(element, kind, at_index(path, index), problems)
        for index, element in enumerate(value)
    ]
    return _NOTHING if _NOTHING in elements else tuple(elements)


def _mapping(value: object, kind: object, path: str, problems: list[Problem]) -> object:
    if not is_mapping(value):
        return _NOTHING
    converted = {
        key: _converted(held, kind, at_key(path, str(key)), problems) for key, held in value.items()
    }
    return _NOTHING if _NOTHING in converted.values() else converted


def _as_class(value: object, kind: type, path: str, problems: list[Problem]) -> object:
    if attrs.has(kind) and kind is not File:
        return _model(value, kind, path, problems)
    if issubclass(kind, Enum):
        return kind(str(value)) if isinstance(value, str) else _NOTHING
    if kind is float:
        fits = isinstance(value, int | float) and not isinstance(value, bool)
    elif kind is int:
        fits = isinstance(value, int) and not isinstance(value, bool)
    else:
        fits = isinstance(value, kind)
    return value if fits else _NOTHING


def _model(value: object, kind: type, path: str, problems: list[Problem]) -> object:
    given = dict(members(value))
    if not given and not is_mapping(value):
        return _NOTHING
    values: dict[str, object] = {}
    for field in fields_of(kind):
        at = at_key(path, field.name)
        held = given.get(field.name, UNSET)
        converted = (
            _NOTHING
            if held is UNSET
            else _converted(held, field_types(kind)[field.name], at, problems)
        )
        if converted is not _NOTHING:
            values[field.name] = converted
        elif field.default is attrs.NOTHING:
            problems.append(Problem(at, "is required, and the value has nothing that fits"))
    return kind(**values) if not problems else UNSET
