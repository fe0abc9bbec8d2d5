"""The JSON codec: bytes as plain values, and as every model there is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from math import isfinite
from typing import Final, cast, is_typeddict

from cvatfn import models
from cvatfn.codecs import dicts, native
from cvatfn.codecs.json import dumps, guesses, loads, structure
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.finding import catalogue
from cvatfn.outcome import Failure, Success
from cvatfn.plans import plan_of
from tests.fuzzing.target import Tape, Target, sound

__all__ = ["JSON_TOKENS", "TARGETS", "documents", "kinds"]

JSON_TOKENS: Final = (
    *(b"{", b"}", b"[", b"]", b":", b",", b'"', b"null", b"true", b"false", b"0", b"-1", b"1.5"),
    *(b'":', b',"', b"\\u0000", b"\\ud800", b"1e999", b"1E400", b"-0", b"9007199254740993"),
    *(b"99999999999999999999999999", b"NaN", b"Infinity", b"\xef\xbb\xbf", b"\xff", b'"id":'),
    *(b'"__class__":', b'"__init__":', b'"self":', b'"results":[', b'"count":', b'"next":'),
    *(b'"detail":', b'"2026-01-01T00:00:00Z"', b'"name":', b'"status":', b'"type":', b"[[[[[[[["),
)


@cache
def kinds() -> tuple[object, ...]:
    """Every type that JSON is read as: what endpoints answer and take, and all models."""
    answered = [plan_of(each.declaration).json_returns for each in catalogue()]
    named = [getattr(models, name) for name in sorted(dir(models))]
    classes = [kind for kind in named if isinstance(kind, type) and not is_typeddict(kind)]
    return tuple(dict.fromkeys([*answered, *classes]))


@cache
def documents() -> Sequence[bytes]:
    """A small document or two of every kind of JSON there is."""
    return (
        b"null",
        b'{"count":1,"next":null,"previous":null,"results":[{"id":1,"name":"a"}]}',
        b'{"detail":"Not found."}',
        b'{"name":["Too long."],"labels":[{"name":["a"]},{}]}',
        b'[1,2.5,-3e2,true,false,null,"\\u00e9\\n"]',
        b'{"a":{"b":{"c":[[[]]]}}}',
        b"18446744073709551616",
        b'{"id":1,"id":2}',
    )


def _read_json(data: bytes) -> None:
    try:
        read = native.read_json(data)
    except native.REFUSALS:
        return
    again: object = json.loads(data)
    assert _same(read, again), "the standard library reads something else"
    written = native.encode(read)
    assert _same(native.read_json(written), read)


def _same(one: object, other: object) -> bool:
    """Whether two plain values are equal, and integers integers on both sides; no recursion."""
    waiting: list[tuple[object, object]] = [(one, other)]
    while waiting:
        left, right = waiting.pop()
        if is_mapping(left) and is_mapping(right):
            if left.keys() != right.keys():
                return False
            waiting += [(held, right[key]) for key, held in left.items()]
        elif is_array(left) and is_array(right):
            if len(left) != len(right):
                return False
            waiting += zip(left, right, strict=True)
        elif (
            type(left) is not type(right)
            or left != right
            or (isinstance(left, float) and not isfinite(left))
        ):
            return False
    return True


def _read_models(data: bytes) -> None:
    tape = Tape(data)
    kind = cast("type[object]", tape.pick(kinds()))  # any type form will do
    text = tape.rest()
    read = loads(kind, text)
    guessed = guesses(kind, text)
    try:
        plain = native.read_json(text)
    except native.REFUSALS:
        assert isinstance(read, Failure)
        assert guessed == text
        sound(read.failure())
        return
    slowly = dicts.read(kind, plain)
    assert structure(kind, plain) == read or isinstance(read, Failure)
    match read:
        case Failure(error):
            assert error.problems
            assert error.data == text
            sound(error)
        case Success(value):
            assert slowly == Success(value), "the slow path reads something else"
            assert guessed == value, "leniently something else is read"
            written = dumps(value)
            assert loads(kind, written) == Success(value), "what was written reads otherwise"
            assert repr(value)


def _seeds_of_models() -> Sequence[bytes]:
    many = kinds()
    picked = range(0, len(many), 17)
    return [index.to_bytes(2, "big") + document for index in picked for document in documents()[:3]]


TARGETS: Final = (
    Target(
        "json",
        "JSON is read as the standard library reads it, or refused; numbers are exact.",
        _read_json,
        documents,
        JSON_TOKENS,
    ),
    Target(
        "models",
        "Bytes are read as any model or refused, and both ways of reading agree.",
        _read_models,
        _seeds_of_models,
        JSON_TOKENS,
    ),
)
