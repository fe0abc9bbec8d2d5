"""Models, dicts and JSON bytes, each from each: the four public conversions.

Rule: data never make them raise. Bytes take the native path; when that refuses, the slow path names
every problem with its path.
"""

from __future__ import annotations

from typing import TypeVar, cast

import msgspec
from typing_extensions import TypeForm

from cvatfn.codecs import native
from cvatfn.codecs.problems import DecodeError, Problem
from cvatfn.forking import making
from cvatfn.outcome import Failure, Outcome, Success

__all__ = ["dumps", "guesses", "loads", "structure", "unstructure"]

T = TypeVar("T")


def loads(kind: TypeForm[T], data: bytes) -> Outcome[T, DecodeError]:
    """Read JSON bytes as a type.

    :param kind: any type a signature can name: a model, `Page[TaskRead]`, `tuple[int, ...] | None`.
    :param data: UTF-8 encoded JSON (RFC 8259); of a key that comes twice, the last one counts.
    :returns: the value, or all that does not fit, each with its path.

    >>> loads(tuple[int, ...] | None, b"[1, 2]")
    <Success: (1, 2)>
    >>> print(loads(tuple[int, ...], b'[1, "2"]').failure())
    $[1]: expected int, got str
    """
    decoder = native.decoder(kind)
    refused = "does not fit its type"
    if decoder is not None:
        try:
            # The decoder was built for `kind`.
            return Success(cast("T", native.decoded(decoder, data)))
        except native.REFUSALS as refusal:
            refused = _said(refusal)
    try:
        plain = native.read_json(data)
    except native.REFUSALS as refusal:
        return Failure(DecodeError((Problem("$", _said(refusal)),), data))
    match structure(kind, plain):
        case Failure(error):
            return Failure(DecodeError(error.problems, data))
        case Success() as structured:
            if decoder is None:
                return structured
            return Failure(DecodeError((Problem("$", refused),), data))


def dumps(value: object) -> bytes:
    """Write a model as JSON bytes; absent fields are left out, `None` is written as null.

    :param value: a model, or plain values and models in any mixture.
    :raises TypeError: a value that JSON cannot say; no model of the right types holds one.

    >>> from cvatfn.models import AttributeValRequest
    >>> loads(AttributeValRequest, dumps(AttributeValRequest(spec_id=1, value="x"))).unwrap().value
    'x'
    """
    return native.encode(value)


def structure(kind: TypeForm[T], data: object) -> Outcome[T, DecodeError]:
    """Read plain dicts, lists and scalars as a type.

    :param kind: any type a signature can name.
    :param data: what `unstructure` gives, or models and dicts in any mixture.
    :returns: the value, or all that does not fit, each with its path.

    >>> structure(int | None, None)
    <Success: None>
    """
    # cattrs is slow to import, and the native path needs none of it.
    with making():
        from cvatfn.codecs import dicts

    match dicts.read(kind, data):
        case Success(value):
            return Success(cast("T", value))  # the converter's hooks were built for `kind`
        case Failure(problems):
            return Failure(DecodeError(problems, data))


def unstructure(model: object) -> dict[str, object]:
    """Turn a model into a plain dict, as JSON would hold it.

    :param model: any model.
    :returns: a new dict of dicts, lists and scalars; absent fields are left out.

    >>> from cvatfn.models import AttributeValRequest
    >>> unstructure(AttributeValRequest(spec_id=1, value="x")) == {"spec_id": 1, "value": "x"}
    True
    """
    plain: object = msgspec.to_builtins(model)
    if not isinstance(plain, dict):
        raise TypeError(f"{type(model).__name__} is no model")
    return cast("dict[str, object]", plain)  # attrs fields have text names


def guesses(kind: object, data: bytes) -> object:
    """Read JSON bytes as well as it goes; bytes that are no JSON stay bytes.

    :param kind: any type a signature can name.
    :param data: the bytes.
    """
    with making():
        from cvatfn.codecs import dicts  # as above

    try:
        return dicts.guess(kind, native.read_json(data))
    except native.REFUSALS:
        return data


def _said(refusal: BaseException) -> str:
    if isinstance(refusal, RecursionError):
        return "is nested too deeply"
    if isinstance(refusal, UnicodeDecodeError):
        return f"is not UTF-8 at byte {refusal.start}"
    return str(refusal) or type(refusal).__name__
