"""Bodies without their secrets: what errors, logs and recordings may keep.

Rule: in a request, a secret field's value is replaced, whatever it is. In an answer the values that
were sent are replaced wherever they turn up, so that a server's explanation stays readable and a
server that repeats a password is not repeated. A value that is escaped in a way of its own costs
the whole text that holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from json import dumps
from typing import Final
from urllib.parse import parse_qsl, quote, quote_plus, unquote_plus, urlencode

from attrs import frozen

from cvatfn.codecs import native
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.codecs.secrets import MASK, SECRET_NAMES, SIGNATURES, signs

__all__ = [
    "cleared_text",
    "names_any",
    "says_json",
    "sent_secrets",
    "whole_words",
    "without_fields",
    "without_query",
    "without_values",
]

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
    if not says_json(content_type):
        return _HIDDEN  # a form with a secret field: nothing of it is worth the risk
    if not _may_name(body, names):
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
    if not says_json(content_type):
        return set(_in_form(body, names))
    if not _may_name(body, names):
        return set()
    try:
        return set(_under(native.read_json(body), names))
    except native.REFUSALS:
        return set()


def without_values(body: bytes, values: set[str], names: frozenset[str]) -> bytes:
    """An answer in which none of the values is left.

    :param body: the bytes.
    :param values: the texts to mask, however they are escaped; secrets in URLs are masked by name.
    :param names: fields that hold a secret where they hold a text; a list is an explanation.

    >>> without_values(b'{"password":["Not s3cret again."]}', {"s3cret"}, frozenset({"password"}))
    b'{"password":["Not *** again."]}'
    """
    sought = _sought(values)
    try:
        plain = native.read_json(body)
        cleared = _cleared(plain, sought, names)
        # What a reader passes over, as the first of two fields of one name, is not in `plain`.
        if cleared == plain and not _is_held(body.decode(), sought):
            return body
        shown = native.encode(cleared)
        # A value may be a number, or what stands between two texts.
        return _HIDDEN if any(text.encode() in shown for text in sought.spelled) else shown
    except native.REFUSALS:
        return _without(body, sought)


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


def cleared_text(text: str, values: set[str]) -> str:
    r"""A text in which none of the values is left, however it is escaped there.

    :param text: the text.
    :param values: the texts to mask; secrets in a URL's query are masked by their names, too.

    >>> cleared_text("no such page: /x?q=a%26b&token=c", {"a&b"})
    'no such page: /x?q=***&token=***'
    >>> cleared_text(r"as JSON in JSON: a\\\u0026b", {"a&b"})
    '***'
    """
    return _replaced(text, _sought(values))


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
    if not boundary:
        return
    for part in body.split(boundary):
        head, _, content = part.partition(b"\r\n\r\n")
        name = re.search(rb' name="(\w+)', head)
        text = content.removesuffix(b"\r\n").decode("utf-8", "replace")
        if name and name[1].decode() in names and text:
            yield text


@frozen
class _Sought:
    """Texts to be masked.

    :param spelled: as they are usually escaped, the longest first: it may hold a shorter one.
    :param bare: without any escapes.
    """

    spelled: list[str]
    bare: list[str]


def _sought(values: set[str]) -> _Sought:
    spelled = sorted(set(_spellings(values)), key=len, reverse=True)
    return _Sought(spelled, [bare for value in values if (bare := _bare(value))])


def _cleared(held: object, sought: _Sought, names: frozenset[str]) -> object:
    if is_mapping(held):
        return {
            _replaced(str(key), sought): MASK
            if key in names and isinstance(value, str)
            else _cleared(value, sought, names)
            for key, value in held.items()
        }
    if is_array(held):
        return [_cleared(value, sought, names) for value in held]
    return _replaced(held, sought) if isinstance(held, str) else held


def _replaced(text: str, sought: _Sought) -> str:
    for each in sought.spelled:
        text = text.replace(each, MASK)
    if _is_escaped(text, sought):
        return MASK
    return _IN_URLS.sub(rf"\1{MASK}", text) if "=" in text else text


def _without(body: bytes, sought: _Sought) -> bytes:
    for text in sought.spelled:
        for coding in _CODINGS:
            body = body.replace(text.encode(coding, "replace"), MASK.encode(coding))
    text = body.decode("utf-8", "surrogateescape")
    if _is_held(text.replace("\0", ""), sought):
        return _HIDDEN
    return _IN_URLS.sub(rf"\1{MASK}", text).encode("utf-8", "surrogateescape")


def _is_held(text: str, sought: _Sought) -> bool:
    return any(each in text for each in sought.spelled) or _is_escaped(text, sought)


def _is_escaped(text: str, sought: _Sought) -> bool:
    """Whether a text holds one of the values in a way that is not usual."""
    if not sought.bare or not ("\\" in text or "%" in text or "&" in text):
        return False
    if len(text) > _LARGEST:
        return True  # for all that is known: to look through it may take a minute
    plain = _bare(text)
    return any(bare in plain for bare in sought.bare)


def _bare(text: str) -> str:
    """A text without the escapes of JSON, HTML and URLs, were they one within the other."""
    for _ in range(_LAYERS):
        plainer = unquote_plus(unescape(_ESCAPE.sub(_unescaped, text)))
        if plainer == text:
            break
        text = plainer
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(escape: re.Match[str]) -> str:
    code, sign = escape.groups()
    return chr(int(code, 16)) if code else {"n": "\n", "r": "\r", "t": "\t"}.get(sign, sign)


def _spellings(values: set[str]) -> Iterator[str]:
    for value in filter(None, values):
        quoted = value.encode("utf-8", "replace")
        yield from (value, dumps(value)[1:-1], escape(value), quote(quoted), quote_plus(quoted))


_CODINGS: Final = ("utf-8", "latin-1", "utf-16-le", "utf-16-be")
_LAYERS: Final = 6
_LARGEST: Final = 1 << 22
_LARGEST_ESCAPE: Final = 12
"""How many bytes may stand for a character: two escapes as JSON writes them."""
_ESCAPE: Final = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|(.?))", re.DOTALL)
_IN_URLS: Final = re.compile(
    rf"([?&;](?:{'|'.join(sorted(SECRET_NAMES | SIGNATURES))})=)[^&#\s\"'<>\\]+", re.IGNORECASE
)
