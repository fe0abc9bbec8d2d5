"""Secrets inside of texts: in whatever way one is spelled there, it is found and replaced.

Rule: what is masked is what tells something. A value that is a word of the servers' own is left in
their sentences: to mask it there would tell it (docs/decisions/0032-words-in-sentences-stay.md);
a value that is escaped in a way of its own costs the whole text that holds it. Secrets in URLs are
known by their names.
"""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from html import escape, unescape
from json import dumps
from typing import Final
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from attrs import frozen
from typing_extensions import TypeIs

from cvatfn.codecs.lexing import joined, unescaped
from cvatfn.codecs.secrets import MASK, SECRET_NAMES, SIGNATURES

__all__ = [
    "IN_URLS_OF_BYTES",
    "LARGEST",
    "Sought",
    "cleared_of",
    "cleared_text",
    "is_common",
    "is_held",
    "is_number",
    "replaced",
    "secrets_in_urls",
    "shown",
    "sought_of",
    "without_urls",
]

LARGEST: Final = 1 << 22
"""How long a text may be, in characters, to be looked through without escapes and word by word."""


def cleared_text(text: str, values: set[str]) -> str:
    r"""A text in which none of the values is left, however it is escaped there.

    :param text: the text.
    :param values: the texts to mask; secrets in a URL's query are masked by their names, too.

    >>> cleared_text("no such page: /x?q=ab%26c&token=d", {"ab&c"})
    'no such page: /x?q=***&token=***'
    >>> cleared_text(r"as JSON in JSON: ab\\\u0026c", {"ab&c"})
    '***'
    """
    return cleared_of(text, sought_of(values))


def cleared_of(text: str, sought: Sought) -> str:
    """A text in which none of the values is left; alone it may be one of those that are common.

    :param text: the text.
    :param sought: the values.
    """
    return MASK if text.strip(_BLANK) in sought.alone else replaced(text, sought)


def is_common(value: str) -> bool:
    """Whether a value stands in answers by chance: it is short, or a word of the servers' own.

    :param value: a secret; where nothing else is said it is masked nevertheless.

    >>> is_common("abc"), is_common("Password"), is_common("hunter2")
    (True, True, False)
    """
    return len(value) < _LEAST or value.lower() in _SAID


def shown(value: object) -> str:
    """The `repr` of what holds URLs, without the secrets in them.

    :param value: a URL, or several.

    >>> shown("https://ada:s3cret@bucket.example/cat.png?X-Amz-Signature=7f&a=1")
    "'https://***@bucket.example/cat.png?X-Amz-Signature=***&a=1'"
    """
    return without_urls(repr(value))


def secrets_in_urls(text: str | bytes) -> Iterator[str]:
    """The secrets in the URLs of a text: logins, their passwords, and what signs.

    :param text: the text, or its bytes in UTF-8.

    >>> [*secrets_in_urls("see https://ada:s3cret@bucket.example/?sig=7f8a")]
    ['ada:s3cret', 's3cret', '7f8a']
    """
    held = text.encode("utf-8", "replace") if isinstance(text, str) else text
    if not (b"=" in held or b"//" in held):
        return
    for match in IN_URLS_OF_BYTES.finditer(held):
        said = match[0].decode("utf-8", "replace")
        if match[1] is not None:
            value = said[len(match[1].decode()) :]
            yield from dict.fromkeys((value, unquote_plus(value)))
        else:
            login = unquote(said[2:-1])
            yield from dict.fromkeys((said[2:-1], login, login.partition(":")[2]))


def is_number(held: object) -> TypeIs[int | float]:
    """Whether a value is a number as JSON has them.

    :param held: a value that was read.

    >>> is_number(1.5), is_number(True)
    (True, False)
    """
    return isinstance(held, int | float) and not isinstance(held, bool)


@frozen
class Sought:
    """Texts to be masked.

    :param spelled: as they are usually escaped, the longest first: it may hold a shorter one.
    :param bare: without any escapes.
    :param alone: those that are masked only where nothing else is said.
    """

    spelled: list[str]
    bare: list[str]
    alone: frozenset[str]


def sought_of(values: set[str]) -> Sought:
    """What to look for, to find the values in whatever spelling.

    :param values: the values.
    """
    alone = frozenset(value for value in values if value and is_common(value))
    told = {value for value in values if value not in alone}
    spelled = sorted(set(_spellings(told)), key=len, reverse=True)
    bare = [bare for value in told for text in _read(value) if (bare := _bare(text))]
    return Sought(spelled, bare, alone)


def _read(value: str) -> Iterator[str]:
    """A value, and what becomes of it where its bytes are shown one by one."""
    yield value
    if not value.isascii():
        yield value.encode("utf-8", "replace").decode("latin-1")


def replaced(text: str, sought: Sought) -> str:
    """A text in which none of the values is left but those that are common.

    :param text: the text.
    :param sought: the values.
    """
    for each in sought.spelled:
        text = text.replace(each, MASK)
    if _is_escaped(text, sought):
        return MASK
    return without_urls(text)


def without_urls(text: str) -> str:
    """A text without the secrets that its URLs say to be some.

    :param text: the text.
    """
    if "=" in text or "%3" in text:
        text = _IN_URLS.sub(rf"\1{MASK}", text)
    return _LOGINS.sub(rf"\1{MASK}@", text) if "@" in text and "//" in text else text


def is_held(text: str, sought: Sought) -> bool:
    """Whether a text holds one of the values that are not common.

    :param text: the text.
    :param sought: the values.
    """
    return any(each in text for each in sought.spelled) or _is_escaped(text, sought)


def _is_escaped(text: str, sought: Sought) -> bool:
    """Whether a text holds one of the values in a way that is not usual."""
    if not sought.bare or not ("\\" in text or "%" in text or "&" in text):
        return False
    if len(text) > LARGEST:
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
        yield from (repr(value)[1:-1], ascii(value)[1:-1], repr(quoted)[2:-1])
        if len(quoted) >= _LEAST_CODED:
            for inside in {value, dumps(value)[1:-1], dumps(value, ensure_ascii=False)[1:-1]}:
                yield from _coded(inside.encode("utf-8", "replace"))


def _coded(value: bytes) -> Iterator[str]:
    """A value in hexadecimal and in base64, wherever in a longer text it stood."""
    yield from (value.hex(), value.hex().upper())
    for before in range(3):
        told = len(value) - (before + len(value)) % 3  # what follows has no part in these bytes
        for coded in (b64encode, urlsafe_b64encode):
            text = coded(b"\0" * before + value[:told]).decode()
            yield text[(before * 8 + 5) // 6 :]


_LEAST: Final = 4
"""What is shorter guards nothing, and stands in every answer by chance."""

_LEAST_CODED: Final = 6
"""From how many bytes on a value is looked for in base64: a short one stands in any file."""

_WORDS: Final = """
    about accepted account active again allowed already among another answer argument
    authenticated authentication authorization bad before been below body cannot characters
    check close code common contain content correct could credentials data date deleted detail
    details disabled does email empty ensure enter entered equal error errors exceeded exist
    exists expected expired failed false field fields file files forbidden format found from
    gateway given greater have header inactive incorrect internal invalid json know least length
    less limit list logged login long mail match maximum message method minimum missing more
    most must name names none non_field_errors null number numeric object old only organization
    page parameter parse password passwords perform permission please problem project property
    provided query reason request requested required retry same seconds secret server service
    short should similar slug status string system task text than that then there they this
    throttled time timeout token too true type unable unauthorized unavailable unexpected unique
    unknown url user username valid value values verified version wait were what when wrong your
"""
_SAID: Final = frozenset(_WORDS.split()) | SECRET_NAMES
"""Words of CVAT's own refusals and of those of the servers before it; shorter ones need no list."""

_LAYERS: Final = 6
_BLANK: Final = " \t\r\n\0\"'.\ufeff"
_ENDS: Final = r"&#\s\"'<>\\"
_NAMED: Final = "|".join(map(re.escape, sorted(SECRET_NAMES | SIGNATURES)))
_NAMED_IN_URLS: Final = rf"((?:[?&;#]|\\u0026|%26|%3f|%23)(?:{_NAMED})(?:=|%3d|\\u003d))[^{_ENDS}]+"
_LOGIN_IN_URLS: Final = rf"(//)[^/?{_ENDS}@]+@"
"""RFC 3986, section 3.2.1."""

_IN_URLS: Final = re.compile(_NAMED_IN_URLS, re.IGNORECASE)
_LOGINS: Final = re.compile(_LOGIN_IN_URLS)
IN_URLS_OF_BYTES: Final = re.compile(f"{_NAMED_IN_URLS}|{_LOGIN_IN_URLS}".encode(), re.IGNORECASE)
