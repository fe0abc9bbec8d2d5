"""Bodies without their secrets: what errors, logs and recordings may keep.

Rule: in a request, a secret field's value is replaced, whatever it is. In an answer the values that
were sent are replaced wherever they turn up, so that a server's explanation stays readable and a
server that repeats a password is not repeated. What no reader takes is looked through word by word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, unquote_to_bytes, urlencode

from cvatfn.codecs import native
from cvatfn.codecs.clearing import (
    IN_URLS_OF_BYTES,
    LARGEST,
    Sought,
    cleared_of,
    is_held,
    is_number,
    replaced,
    sought_of,
    without_urls,
)
from cvatfn.codecs.lexing import words
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.codecs.secrets import MASK, signs

__all__ = [
    "names_any",
    "says_json",
    "sent_secrets",
    "whole_words",
    "without_fields",
    "without_query",
    "without_values",
]

_HIDDEN: Final = MASK.encode()
_HIDING: Final = frozenset({"\\u"})
"""By what a name may be hidden."""


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
    if not says_json(content_type):
        # A form with a secret field: nothing of it is worth the risk.
        plain = _plainly(body, content_type)
        held = names_any(plain, names | _HIDING) or IN_URLS_OF_BYTES.search(plain) is not None
        return _HIDDEN if held else body
    if not (_may_name(body, names) or IN_URLS_OF_BYTES.search(body)):
        return body
    try:
        # Written anew also where nothing was masked: a reader passes over the first of two fields
        # of one name, and what it held.
        return native.encode(_masked(native.read_json(body), names))
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
    kind = (content_type or "").lower()
    if "multipart" in kind:
        return set(_in_form(body, names))
    if "urlencoded" in kind:
        pairs = parse_qsl(body.decode("utf-8", "replace"), errors="replace")
        return {value for name, value in pairs if name in names and value}
    if not _may_name(body, names):
        return set()
    try:
        return set(_under(native.read_json(body), names))
    except native.REFUSALS:  # too deep, or no JSON as a whole
        text = _in_words(body)
        return {word.text for word in words(text, names) if word.under and word.text}


def without_values(body: bytes, values: set[str], names: frozenset[str]) -> bytes:
    """An answer in which none of the values is left.

    :param body: the bytes.
    :param values: the texts to mask, however they are escaped; secrets in URLs are masked by name.
    :param names: fields that hold a secret where they hold a text; a list is an explanation.

    >>> without_values(b'{"password":["Not s3cret again."]}', {"s3cret"}, frozenset({"password"}))
    b'{"password":["Not *** again."]}'
    """
    sought = sought_of(values)
    if not (values or _may_name(body, names) or IN_URLS_OF_BYTES.search(body)):
        return body
    try:
        plain = native.read_json(body)
        cleared = _cleared(plain, sought, names)
        # What a reader passes over, as the first of two fields of one name, is not in `plain`.
        if cleared == plain and not is_held(body.decode(), sought):
            return body
        shown = native.encode(cleared)
        # A value may be a number, or what stands between two texts.
        return _HIDDEN if any(text.encode() in shown for text in sought.spelled) else shown
    except native.REFUSALS:
        return _without(body, sought, names)


def whole_words(body: bytes, values: set[str]) -> bytes:
    """The beginning of an answer without the end of it, where half of one of the values may stand.

    :param body: the bytes, after which there were more.
    :param values: the texts of which no half is to be left, however they are escaped.

    >>> whole_words(b"x" * 1000 + b"s3c", {"s3cret"}) == b"x" * (1003 - 12 * len("s3cret"))
    True
    """
    longest = max(map(len, values), default=0)
    return body[: max(0, len(body) - _LARGEST_ESCAPE * longest)] if longest else body


def without_query(target: str, names: frozenset[str]) -> str:
    """A request target whose secret query values are masked; where there are none, as it is.

    :param target: the path, with a query if it has one.
    :param names: the names of the secret values.

    >>> without_query("/api/tasks?search=a+b&token=s3cret", frozenset({"token"}))
    '/api/tasks?search=a+b&token=***'
    """
    path, _, query = target.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    if not any(name in names or signs(name) for name, _ in pairs):
        return target
    shown = [(name, MASK if name in names or signs(name) else value) for name, value in pairs]
    return f"{path}?{urlencode(shown, safe='*', errors='surrogateescape')}"


def says_json(content_type: str | None) -> bool:
    """Whether a body is to be read as JSON: CVAT's own media type is one, and so is none at all.

    :param content_type: its media type.
    """
    return content_type is None or "json" in content_type.lower()


def names_any(body: bytes, names: frozenset[str]) -> bool:
    """Whether one of the names stands in a text, in whatever place.

    :param body: the text's bytes.
    :param names: the names, in the same case.
    """
    return any(name.encode() in body for name in names)


def _may_name(body: bytes, names: frozenset[str]) -> bool:
    """Whether a look at a body as JSON is needed: it costs far more than one at its bytes."""
    if body[:1] not in (b"{", b"["):
        return True
    hidden = (b"\\u", b"\0")  # escapes, and codings other than UTF-8
    return any(text in body for text in hidden) or names_any(body, names)


def _plainly(body: bytes, content_type: str | None) -> bytes:
    """A body that is no JSON as far as names may be hidden in it; UTF-16 is mostly zeros."""
    kind = (content_type or "").lower()
    return unquote_to_bytes(body) if "urlencoded" in kind else body.replace(b"\0", b"")


def _masked(held: object, names: frozenset[str]) -> object:
    if is_mapping(held):
        return {key: MASK if key in names else _masked(value, names) for key, value in held.items()}
    if is_array(held):
        return [_masked(value, names) for value in held]
    return without_urls(held) if isinstance(held, str) else held


def _under(held: object, names: frozenset[str], *, secret: bool = False) -> Iterator[str]:
    if is_mapping(held):
        for key, value in held.items():
            yield from _under(value, names, secret=secret or key in names)
    elif is_array(held):
        for value in held:
            yield from _under(value, names, secret=secret)
    elif secret and isinstance(held, str) and held:
        yield held
    elif secret and is_number(held):
        yield native.encode(held).decode()


def _in_form(body: bytes, names: frozenset[str]) -> Iterator[str]:
    """The values of a form's parts; the form is one that this library wrote."""
    boundary, _, _ = body.partition(b"\r\n")
    if not boundary:
        return
    for part in body.split(boundary):
        head, _, content = part.partition(b"\r\n\r\n")
        name = re.search(rb' name="(\w+)', head)
        text = content.removesuffix(b"\r\n").decode("utf-8", "replace")
        if name and name[1].decode() in names and text:
            yield text


def _cleared(held: object, sought: Sought, names: frozenset[str]) -> object:
    if is_mapping(held):
        return {
            replaced(str(key), sought): MASK
            if key in names and (isinstance(value, str) or is_number(value))
            else _cleared(value, sought, names)
            for key, value in held.items()
        }
    if is_array(held):
        return [_cleared(value, sought, names) for value in held]
    if isinstance(held, str):
        return cleared_of(held, sought)
    if is_number(held):
        said = native.encode(held).decode()
        return held if cleared_of(said, sought) == said else MASK
    return held


def _in_words(body: bytes) -> str:
    """The text of a body that is no JSON as a whole; UTF-16 is mostly zeros."""
    return body.replace(b"\0", b"").decode("utf-8", "replace")


def _without_named(text: str, names: frozenset[str]) -> str:
    """A text that may be JSON without the texts and numbers under secret names."""
    pieces: list[str] = []
    done = 0
    for word in words(text, names):
        if word.named and (word.quoted or word.text[:1] in "-0123456789"):
            pieces += [text[done : word.start], MASK if word.quoted else f'"{MASK}"']
            done = word.end
    return "".join([*pieces, text[done:]])


def _without(body: bytes, sought: Sought, names: frozenset[str]) -> bytes:
    for text in sought.spelled:
        for coding in _CODINGS:
            body = body.replace(text.encode(coding, "replace"), MASK.encode(coding))
    text = body.decode("utf-8", "surrogateescape")
    plain = text.replace("\0", "")
    if is_held(plain, sought) or cleared_of(plain, sought) == MASK:
        return _HIDDEN
    if '"' in plain and names_any(plain.encode("utf-8", "surrogateescape"), names | _HIDING):
        named = None if len(plain) > LARGEST else _without_named(plain, names)
        if named != plain:
            if named is None or plain != text:  # too long, or in another coding
                return _HIDDEN
            text = named
    return without_urls(text).encode("utf-8", "surrogateescape")


_CODINGS: Final = ("utf-8", "latin-1", "utf-16-le", "utf-16-be")
_LARGEST_ESCAPE: Final = 12
"""How many bytes may stand for a character: two escapes as JSON writes them."""
