"""What was read, turned into what can be written.

Rule: fields carry over by name. A field the target does not have is dropped (the read-only ones are
those), and so is the value of a field that has no form in the target (a summary where a list is
written, a null where null is not taken), unless the target cannot do without it. An element of an
array is never dropped: one that does not fit is a problem with its path.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from types import NoneType
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    TypeVar,
    cast,
    get_args,
    get_origin,
    is_typeddict,
)

import attrs
from typing_extensions import TypeForm

from cvatfn.codecs import native
from cvatfn.codecs.building import field_types, fields_of, members
from cvatfn.codecs.files import File
from cvatfn.codecs.kinds import is_union
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
            return Success(cast("T", native.decoded(decoder, encoded)))  # built for `to`
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
    if is_union(kind):
        return _alternative(value, arguments, path, problems)
    if origin is Literal:
        return value if value in arguments else _NOTHING
    if origin is tuple and arguments[1:] == (Ellipsis,):
        return _elements(value, arguments[0], path, problems, tuple)
    if origin is list:
        return _elements(value, arguments[0], path, problems, list)
    if origin is dict:
        return _mapping(value, arguments[1], path, problems)
    if kind is Any or kind is object:
        return value
    if isinstance(kind, type) and not is_typeddict(kind):
        return _as_class(value, kind, path, problems)
    return _NOTHING


def _alternative(
    value: object, parts: tuple[object, ...], path: str, problems: list[Problem]
) -> object:
    """The first alternative that fits; if none does, the first that fits but for what is named."""
    if (value is None and NoneType in parts) or (value is UNSET and Unset in parts):
        return value
    flawed: list[tuple[object, list[Problem]]] = []
    for part in parts:
        if part is NoneType or part is Unset:
            continue
        tried: list[Problem] = []
        converted = _converted(value, part, path, tried)
        if converted is not _NOTHING and not tried:
            return converted
        if converted is not _NOTHING:
            flawed.append((converted, tried))
    if not flawed:
        return _NOTHING
    converted, tried = flawed[0]
    problems.extend(tried)
    return converted


def _elements(
    value: object,
    kind: object,
    path: str,
    problems: list[Problem],
    gather: Callable[[list[object]], object],
) -> object:
    if not is_array(value):
        return _NOTHING
    elements: list[object] = []
    for index, element in enumerate(value):
        at = at_index(path, index)
        converted = _converted(element, kind, at, problems)
        if converted is _NOTHING:  # to drop it, or all of them, would lose data without a word
            problems.append(Problem(at, _MISFIT))
        elements.append(converted)
    return gather(elements)


def _mapping(value: object, kind: object, path: str, problems: list[Problem]) -> object:
    if not is_mapping(value):
        return _NOTHING
    converted: dict[str, object] = {}
    for key, held in members(value):
        at = at_key(path, key)
        converted[key] = _converted(held, kind, at, problems)
        if converted[key] is _NOTHING:
            problems.append(Problem(at, _MISFIT))
    return converted


_MISFIT: Final = "has no form in what is to be written"


def _as_class(value: object, kind: type, path: str, problems: list[Problem]) -> object:
    if attrs.has(kind) and kind is not File:
        return _model(value, kind, path, problems)
    if issubclass(kind, Enum):
        return _member(kind, value)
    if kind is float:
        fits = isinstance(value, int | float) and not isinstance(value, bool)
    elif kind is int:
        fits = isinstance(value, int) and not isinstance(value, bool)
    else:
        fits = isinstance(value, kind)
    return value if fits else _NOTHING


def _member(kind: type[Enum], value: object) -> object:
    try:
        # A member of another enum of texts is its text, however it prints.
        return kind(str.__str__(value)) if isinstance(value, str) else _NOTHING
    except ValueError:  # a closed enum, of a user's own
        return _NOTHING


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
