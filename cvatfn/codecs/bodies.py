"""Request bodies: from a model, a dict or a mixture to bytes, checked before anything is sent.

Rule: a model is written natively and checked by reading the bytes back natively; only where
that refuses, or a dict was given, or files are in play, is the slow path taken, which names every
problem.
"""

from __future__ import annotations

from types import NoneType
from typing import Annotated, Final, Union, get_args, get_origin, is_typeddict

from attrs import frozen

from cvatfn.codecs import native
from cvatfn.codecs.building import members, reached
from cvatfn.codecs.enums import closed_enums
from cvatfn.codecs.files import Content, File
from cvatfn.codecs.kinds import is_open, is_union
from cvatfn.codecs.multipart import MULTIPART, files_in, form, holds_file, write_form
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.codecs.problems import Problem
from cvatfn.codecs.remembering import remembered
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.forking import making
from cvatfn.outcome import Failure, Outcome, Success

__all__ = ["EncodedBody", "encode_body", "sent_kind"]

JSON: Final = "application/json"


@frozen
class EncodedBody:
    """A body ready to be sent.

    :param content_type: its media type.
    :param content: its bytes; or where they are to be read from.
    """

    content_type: str
    content: bytes | Content


def encode_body(
    annotation: object, content_types: tuple[str, ...], value: object, *, validated: bool
) -> Outcome[EncodedBody, tuple[Problem, ...]]:
    """Write a body.

    :param annotation: what the endpoint takes: a model, its dict twin, or both.
    :param content_types: the media types it may go in; JSON is taken where no file is held.
    :param value: what the caller gave.
    :param validated: whether to hold the value to types, limits and keys.
    :returns: the body, or all that is wrong with the value, each with its path.
    """
    try:
        return _encoded(sent_kind(annotation), content_types, value, validated=validated)
    except RecursionError:  # a list that holds itself, or hundreds of lists in one another
        return Failure((Problem("$", "is nested too deeply"),))


def _encoded(
    kind: object, content_types: tuple[str, ...], value: object, *, validated: bool
) -> Outcome[EncodedBody, tuple[Problem, ...]]:
    if kind is bytes and isinstance(value, bytes):
        return Success(EncodedBody(content_types[0], value))
    if JSON in content_types and isinstance(value, _class(kind)) and not _takes_files(kind):
        return _native(kind, value, validated=validated)
    checked = _checked(kind, value) if validated else Success(value)
    match checked:
        case Failure():
            return checked
        case Success(model):
            return _written(content_types, model)


@remembered
def sent_kind(annotation: object) -> object:
    """What of an annotation is sent: its dict twins, `None` and `Unset` left out.

    :param annotation: the annotation of a body.
    """
    if get_origin(annotation) is Annotated:
        return sent_kind(get_args(annotation)[0])
    if not is_union(annotation):
        return annotation
    kinds = [
        part
        for part in get_args(annotation)
        if part not in (NoneType, Unset) and not is_typeddict(part)
    ]
    return Union[tuple(kinds)] if kinds else annotation  # noqa: UP007 - made of values


def _written(
    content_types: tuple[str, ...], model: object
) -> Outcome[EncodedBody, tuple[Problem, ...]]:
    if MULTIPART in content_types and (JSON not in content_types or holds_file(model)):
        match form(model):
            case Failure() as refused:
                return refused
            case Success(fields):
                encoded = write_form(fields)
                return Success(EncodedBody(encoded.content_type, encoded.body))
    return _json(model)


def _json(model: object) -> Outcome[EncodedBody, tuple[Problem, ...]]:
    if files := tuple(files_in(model)):
        return Failure(tuple(Problem(at, "is a file, which JSON cannot carry") for at in files))
    try:
        return Success(EncodedBody(JSON, native.encode(_without_unset(model))))
    except native.REFUSALS as refusal:
        return Failure((Problem("$", f"cannot be written as JSON: {refusal}"),))


def _native(
    kind: object, model: object, *, validated: bool
) -> Outcome[EncodedBody, tuple[Problem, ...]]:
    try:
        content = native.encode(model)
        if not validated or _reads_back(kind, content):
            return Success(EncodedBody(JSON, content))
    except native.REFUSALS as refusal:
        refused = Problem("$", f"cannot be written as JSON: {refusal}")
    else:
        refused = Problem("$", f"does not fit {kind}")
    match _checked(kind, model):
        case Failure() as wrong:
            return wrong
        case Success(checked):
            # It fits, but in a form that the native decoder does not take back.
            return _json(checked) if validated else Failure((refused,))


def _reads_back(kind: object, content: bytes) -> bool:
    decoder = native.decoder(kind)
    if decoder is None or _is_open(kind) or (_swallows_nan(kind) and b"null" in content):
        return False
    try:
        with closed_enums():
            native.decoded(decoder, content)
    except native.REFUSALS:
        return False
    return True


def _checked(kind: object, value: object) -> Outcome[object, tuple[Problem, ...]]:
    # cattrs is slow to import, and the native path needs none of it.
    with making():
        from cvatfn.codecs import dicts

    return dicts.check(kind, value)


@remembered
def _takes_files(kind: object) -> bool:
    return any(held is File for held in reached(kind))


@remembered
def _is_open(kind: object) -> bool:
    """Whether a value may hold anything: be it a set or a NaN, which are no JSON."""
    return any(map(is_open, reached(kind)))


@remembered
def _swallows_nan(kind: object) -> bool:
    """Whether a NaN, which is written as null, would be taken back for an honest null."""
    return any(
        NoneType in get_args(held) and float in [_bare(part) for part in get_args(held)]
        for held in reached(kind)
    )


def _bare(kind: object) -> object:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _class(kind: object) -> type:
    return kind if isinstance(kind, type) else NoneType


def _without_unset(value: object) -> object:
    """Plain dicts may hold `UNSET` too; the native encoder leaves it out of models only."""
    if is_mapping(value):
        return {key: _without_unset(held) for key, held in members(value) if held is not UNSET}
    if is_array(value):
        return [_without_unset(element) for element in value]
    return value
