"""Bodies without their secrets: what errors, logs and recordings may keep.

Rule: in a request, a secret field's value is replaced, whatever it is. In an answer the values that
were sent are replaced wherever they turn up, so that a server's explanation stays readable and a
server that repeats a password is not repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from json import dumps
from typing import Final
from urllib.parse import quote, quote_plus

from cvatfn.codecs import native
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.codecs.secrets import MASK

__all__ = ["sent_secrets", "without_fields", "without_values"]

_HIDDEN: Final = MASK.encode()


def without_fields(body: bytes, content_type: str | None, names: frozenset[str]) -> bytes:
    """A body whose secret fields are masked.

    :param body: the bytes.
    :param content_type: its media type.
    :param names: the names of the secret fields, at any depth.

    >>> without_fields(b'{"user":"ada","password":"s3cret"}', None, frozenset({"password"}))
    b'{"user":"ada","password":"***"}'
    """
    if not body or not names:
        return body
    if not _is_json(content_type):
        return _HIDDEN  # a form with a secret field: nothing of it is worth the risk
    if not _may_name(body, names):
        return body
    try:
        plain = native.read_json(body)
        hidden = _masked(plain, names)
        return body if hidden == plain else native.encode(hidden)
    except native.REFUSALS:
        return _HIDDEN  # half a body, or none: there is no telling what is in it


def sent_secrets(body: bytes | None, content_type: str | None, names: frozenset[str]) -> set[str]:
    """The secret texts that a request's body holds.

    :param body: the bytes.
    :param content_type: its media type.
    :param names: the names of the secret fields, at any depth.

    >>> sent_secrets(b'{"user":"ada","password":"s3cret"}', None, frozenset({"password"}))
    {'s3cret'}
    """
    if not body or not names:
        return set()
    if not _is_json(content_type):
        return set(_in_form(body, names))
    try:
        return set(_under(native.read_json(body), names))
    except native.REFUSALS:
        return set()


def without_values(body: bytes, values: set[str], names: frozenset[str]) -> bytes:
    """An answer in which none of the values is left.

    :param body: the bytes.
    :param values: the texts to mask, also where they are escaped for JSON, HTML or a URL.
    :param names: fields that hold a secret where they hold a text; a list is an explanation.

    >>> without_values(b'{"password":["Not s3cret again."]}', {"s3cret"}, frozenset({"password"}))
    b'{"password":["Not *** again."]}'
    """
    try:
        plain = native.read_json(body)
        cleared = _cleared(plain, values, names)
        return body if cleared == plain else native.encode(cleared)
    except native.REFUSALS:
        for text in sorted(set(_spellings(values)), key=len, reverse=True):
            body = body.replace(text, _HIDDEN)
        return body


def _is_json(content_type: str | None) -> bool:
    return content_type is None or "json" in content_type.lower()


def _may_name(body: bytes, names: frozenset[str]) -> bool:
    """Whether a look at a body as JSON is needed: it costs far more than one at its bytes."""
    if body[:1] not in (b"{", b"["):
        return True
    hidden = (b"\\u", b"\0")  # escapes, and codings other than UTF-8
    return any(text in body for text in (*hidden, *(name.encode() for name in names)))


def _masked(held: object, names: frozenset[str]) -> object:
    if is_mapping(held):
        return {key: MASK if key in names else _masked(value, names) for key, value in held.items()}
    return [_masked(value, names) for value in held] if is_array(held) else held


def _under(held: object, names: frozenset[str], *, secret: bool = False) -> Iterator[str]:
    if is_mapping(held):
        for key, value in held.items():
            yield from _under(value, names, secret=secret or key in names)
    elif is_array(held):
        for value in held:
            yield from _under(value, names, secret=secret)
    elif secret and isinstance(held, str) and held:
        yield held


def _in_form(body: bytes, names: frozenset[str]) -> Iterator[str]:
    """The values of a form's parts; the form is one that this library wrote."""
    boundary, _, _ = body.partition(b"\r\n")
    for part in body.split(boundary):
        head, _, content = part.partition(b"\r\n\r\n")
        name = re.search(rb' name="(\w+)', head)
        text = content.removesuffix(b"\r\n").decode("utf-8", "replace")
        if name and name[1].decode() in names and text:
            yield text


def _cleared(held: object, values: set[str], names: frozenset[str]) -> object:
    if is_mapping(held):
        return {
            key: MASK if key in names and isinstance(value, str) else _cleared(value, values, names)
            for key, value in held.items()
        }
    if is_array(held):
        return [_cleared(value, values, names) for value in held]
    if isinstance(held, str):
        for value in sorted(values, key=len, reverse=True):
            held = held.replace(value, MASK)
    return held


def _spellings(values: set[str]) -> Iterator[bytes]:
    for value in values:
        for text in (value, dumps(value)[1:-1], escape(value), quote(value), quote_plus(value)):
            yield text.encode("utf-8", "replace")
