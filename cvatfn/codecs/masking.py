"""Bodies without their secrets: what errors, logs and recordings may keep.

Rule: in a request, a secret field's value is replaced, whatever it is. In an answer the values that
were sent are replaced wherever they turn up, so that a server's explanation stays readable and a
server that repeats a password is not repeated. A value that is escaped in a way of its own costs
the whole text that holds it; a value that is a word of the servers' own is left in their sentences, where to mask it
would tell it (docs/decisions/0032-words-are-left-in-sentences.md).
"""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from html import escape, unescape
from json import dumps
from typing import Final
from urllib.parse import parse_qsl, quote, quote_plus, unquote_plus, unquote_to_bytes, urlencode

from attrs import frozen

from cvatfn.codecs import native
from cvatfn.codecs.lexing import joined, unescaped, words
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.codecs.secrets import MASK, SECRET_NAMES, SIGNATURES, signs

__all__ = [
    "cleared_text",
    "is_common",
    "names_any",
    "says_json",
    "sent_secrets",
    "shown",
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
        # A form with a secret field: nothing of it is worth the risk.
        plain = _plainly(body, content_type)
        held = names_any(plain, names | _HIDING) or _IN_URLS_OF_BYTES.search(plain) is not None
        return _HIDDEN if held else body
    if not (_may_name(body, names) or _IN_URLS_OF_BYTES.search(body)):
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
    sought = _sought(values)
    if not (values or _may_name(body, names) or _IN_URLS_OF_BYTES.search(body)):
        return body
    try:
        plain = native.read_json(body)
        cleared = _cleared(plain, sought, names)
        # What a reader passes over, as the first of two fields of one name, is not in `plain`.
        kept = cleared == plain and not _is_held(body.decode(), sought)
        return body if kept else native.encode(cleared)
    except native.REFUSALS:
        return _without(body, sought, names)


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

    >>> cleared_text("no such page: /x?q=ab%26c&token=d", {"ab&c"})
    'no such page: /x?q=***&token=***'
    >>> cleared_text(r"as JSON in JSON: ab\\\u0026c", {"ab&c"})
    '***'
    """
    sought = _sought(values)
    return MASK if text.strip(_BLANK) in sought.alone else _replaced(text, sought)


def is_common(value: str) -> bool:
    """Whether a value stands in answers by chance: it is short, or a word of the servers' own.

    :param value: a secret; where nothing else is said it is masked nevertheless.

    >>> is_common("abc"), is_common("Password"), is_common("hunter2")
    (True, True, False)
    """
    return len(value) < LEAST_SECRET or value.lower() in _SAID


def shown(value: object) -> str:
    """The `repr` of what holds URLs, without the secrets in them.

    :param value: a URL, or several.

    >>> shown("https://ada:s3cret@bucket.example/cat.png?X-Amz-Signature=7f&a=1")
    "'https://***@bucket.example/cat.png?X-Amz-Signature=***&a=1'"
    """
    return _without_urls(repr(value))


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
    return _without_urls(held) if isinstance(held, str) else held


def _under(held: object, names: frozenset[str], *, secret: bool = False) -> Iterator[str]:
    if is_mapping(held):
        for key, value in held.items():
            yield from _under(value, names, secret=secret or key in names)
    elif is_array(held):
        for value in held:
            yield from _under(value, names, secret=secret)
    elif secret and isinstance(held, str) and held:
        yield held
    elif secret and _is_number(held):
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


@frozen
class _Sought:
    """Texts to be masked.

    :param spelled: as they are usually escaped, the longest first: it may hold a shorter one.
    :param bare: without any escapes.
    :param alone: those that are masked only where nothing else is said.
    """

    spelled: list[str]
    bare: list[str]
    alone: frozenset[str]


def _sought(values: set[str]) -> _Sought:
    alone = frozenset(value for value in values if value and is_common(value))
    told = {value for value in values if value not in alone}
    spelled = sorted(set(_spellings(told)), key=len, reverse=True)
    return _Sought(spelled, [bare for value in told if (bare := _bare(value))], alone)


def _is_number(held: object) -> bool:
    return isinstance(held, int | float) and not isinstance(held, bool)


def _cleared(held: object, sought: _Sought, names: frozenset[str]) -> object:
    if is_mapping(held):
        return {
            _replaced(str(key), sought): MASK
            if key in names and (isinstance(value, str) or _is_number(value))
            else _cleared(value, sought, names)
            for key, value in held.items()
        }
    if is_array(held):
        return [_cleared(value, sought, names) for value in held]
    if isinstance(held, str):
        return MASK if held.strip(_BLANK) in sought.alone else _replaced(held, sought)
    if _is_number(held) and (sought.spelled or sought.alone):
        said = native.encode(held).decode()
        return MASK if said in sought.alone or _is_held(said, sought) else held
    return held


def _replaced(text: str, sought: _Sought) -> str:
    for each in sought.spelled:
        text = text.replace(each, MASK)
    if _is_escaped(text, sought):
        return MASK
    return _without_urls(text)


def _without_urls(text: str) -> str:
    """A text without the secrets that its URLs say to be some."""
    if "=" in text or "%3" in text:
        text = _IN_URLS.sub(rf"\1{MASK}", text)
    return _LOGINS.sub(rf"\1{MASK}@", text) if "@" in text and "//" in text else text


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


def _without(body: bytes, sought: _Sought, names: frozenset[str]) -> bytes:
    for text in sought.spelled:
        for coding in _CODINGS:
            body = body.replace(text.encode(coding, "replace"), MASK.encode(coding))
    text = body.decode("utf-8", "surrogateescape")
    if _is_held(text.replace("\0", ""), sought):
        return _HIDDEN
    if text.strip(_BLANK) in sought.alone:
        return _HIDDEN
    if '"' in text and names_any(body.replace(b"\0", b""), names | _HIDING):
        named = _without_named(text.replace("\0", ""), names) if len(text) <= _LARGEST else None
        if "\0" in text and named != text.replace("\0", ""):
            named = None
        if named is None:
            return _HIDDEN
        text = text if "\0" in text else named
    return _without_urls(text).encode("utf-8", "surrogateescape")


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
        plainer = unquote_plus(unescape(unescaped(text)))
        if plainer == text:
            break
        text = plainer
    return joined(text)


def _spellings(values: set[str]) -> Iterator[str]:
    for value in filter(None, values):
        quoted = value.encode("utf-8", "replace")
        yield from (value, dumps(value)[1:-1], escape(value), quote(quoted), quote_plus(quoted))
        if len(quoted) >= _LEAST_CODED:
            yield from _coded(quoted)


def _coded(value: bytes) -> Iterator[str]:
    """A value in hexadecimal and in base64, wherever in a longer text it stood."""
    yield from (value.hex(), value.hex().upper())
    for before in range(3):
        told = len(value) - (before + len(value)) % 3  # what follows has no part in these bytes
        for coded in (b64encode, urlsafe_b64encode):
            text = coded(b"\0" * before + value[:told]).decode()
            yield text[(before * 8 + 5) // 6 :]


LEAST_SECRET: Final = 4
"""What is shorter guards nothing, and stands in every answer by chance."""

_LEAST_CODED: Final = 6
"""From how many bytes on a value is looked for in base64: a short one stands in any file."""

_SAID: Final = frozenset(
    [
        "about",
        "accepted",
        "account",
        "active",
        "again",
        "allowed",
        "already",
        "among",
        "another",
        "answer",
        "argument",
        "authenticated",
        "authentication",
        "authorization",
        "bad",
        "before",
        "been",
        "below",
        "body",
        "cannot",
        "characters",
        "check",
        "close",
        "code",
        "common",
        "contain",
        "content",
        "correct",
        "could",
        "credentials",
        "data",
        "date",
        "deleted",
        "detail",
        "details",
        "disabled",
        "does",
        "email",
        "empty",
        "ensure",
        "enter",
        "entered",
        "equal",
        "error",
        "errors",
        "exceeded",
        "exist",
        "exists",
        "expected",
        "expired",
        "failed",
        "false",
        "field",
        "fields",
        "file",
        "files",
        "forbidden",
        "format",
        "found",
        "from",
        "gateway",
        "given",
        "greater",
        "have",
        "header",
        "inactive",
        "incorrect",
        "internal",
        "invalid",
        "json",
        "know",
        "least",
        "length",
        "less",
        "limit",
        "list",
        "logged",
        "login",
        "long",
        "mail",
        "match",
        "maximum",
        "message",
        "method",
        "minimum",
        "missing",
        "more",
        "most",
        "must",
        "name",
        "names",
        "none",
        "non_field_errors",
        "null",
        "number",
        "numeric",
        "object",
        "old",
        "only",
        "organization",
        "page",
        "parameter",
        "parse",
        "password",
        "passwords",
        "perform",
        "permission",
        "please",
        "problem",
        "project",
        "property",
        "provided",
        "query",
        "reason",
        "request",
        "requested",
        "required",
        "retry",
        "same",
        "seconds",
        "secret",
        "server",
        "service",
        "short",
        "should",
        "similar",
        "slug",
        "status",
        "string",
        "system",
        "task",
        "text",
        "than",
        "that",
        "then",
        "there",
        "they",
        "this",
        "throttled",
        "time",
        "timeout",
        "token",
        "too",
        "true",
        "type",
        "unable",
        "unauthorized",
        "unavailable",
        "unexpected",
        "unique",
        "unknown",
        "url",
        "user",
        "username",
        "valid",
        "value",
        "values",
        "verified",
        "version",
        "wait",
        "were",
        "what",
        "when",
        "wrong",
        "your",
    ]
) | {*SECRET_NAMES}
"""Words of CVAT's own refusals and of those of the servers before it; shorter ones need no list."""

_CODINGS: Final = ("utf-8", "latin-1", "utf-16-le", "utf-16-be")
_LAYERS: Final = 6
_LARGEST: Final = 1 << 22
_BLANK: Final = " \t\r\n\0\"'.\ufeff"
_HIDING: Final = frozenset({"\\u"})
_ENDS: Final = r"&#\s\"'<>\\"
_NAMED_IN_URLS: Final = (
    r"((?:[?&;#]|\\u0026|%26|%3f|%23)"
    rf"(?:{'|'.join(map(re.escape, sorted(SECRET_NAMES | SIGNATURES)))})(?:=|%3d|\\u003d))[^{_ENDS}]+"
)
_LOGIN_IN_URLS: Final = rf"(//)[^/?{_ENDS}@]+@"
"""RFC 3986, section 3.2.1."""
_IN_URLS: Final = re.compile(_NAMED_IN_URLS, re.IGNORECASE)
_LOGINS: Final = re.compile(_LOGIN_IN_URLS)
_IN_URLS_OF_BYTES: Final = re.compile(f"{_NAMED_IN_URLS}|{_LOGIN_IN_URLS}".encode(), re.IGNORECASE)
