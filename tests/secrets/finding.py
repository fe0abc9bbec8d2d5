"""The finder: where in a text or in bytes a planted secret stands, however it is spelled.

A secret of these tests is a word that occurs nowhere else. It is looked for as it is, and in each
spelling in which a program is likely to hand one on: so a secret that got out in disguise is found
as well, by a finder that shares no line with what masks.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from html import escape
from itertools import count
from json import dumps
from urllib.parse import quote, quote_plus, urlencode

from attrs import define, field

__all__ = ["SPELLINGS", "Secrets", "found_in"]

SPELLINGS: dict[str, Callable[[str], bytes]] = {
    "as it is": str.encode,
    "Latin-1": lambda text: text.encode("latin-1"),
    "UTF-16": lambda text: text.encode("utf-16-le"),
    "UTF-16, big end first": lambda text: text.encode("utf-16-be"),
    "UTF-32": lambda text: text.encode("utf-32-le"),
    "percent": lambda text: quote(text, safe="").encode(),
    "percent, twice": lambda text: quote(quote(text, safe=""), safe="").encode(),
    "percent, each byte": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()).encode(),
    "a form": lambda text: quote_plus(text).encode(),
    "a query": lambda text: urlencode({"a": text}).encode(),
    "JSON": lambda text: dumps(text)[1:-1].encode(),
    "JSON in JSON": lambda text: dumps(dumps(text))[1:-1].encode(),
    "JSON, each character": lambda text: "".join(f"\\u{ord(sign):04x}" for sign in text).encode(),
    "HTML": lambda text: escape(text).encode(),
    "HTML, each character": lambda text: "".join(f"&#{ord(sign)};" for sign in text).encode(),
    "repr": lambda text: repr(text)[1:-1].encode(),
    "ascii": lambda text: ascii(text)[1:-1].encode(),
    "repr of bytes": lambda text: repr(text.encode())[2:-1].encode(),
    "base64": lambda text: _base64(text.encode()),
    "base64, a byte before": lambda text: _base64(b":" + text.encode()),
    "base64, two bytes before": lambda text: _base64(b"a:" + text.encode() + b"!"),
    "base64 of a URL": lambda text: _base64(text.encode()).translate(bytes.maketrans(b"+/", b"-_")),
    "hexadecimal": lambda text: text.encode().hex().encode(),
    "hexadecimal, in capitals": lambda text: text.encode().hex().upper().encode(),
}
"""How a secret may be spelled. `found_in` undoes them by itself: it is tried on each."""


def _base64(held: bytes) -> bytes:
    return b64encode(held)


@define
class Secrets:
    """The secrets that were planted, each with where; no two are alike, nor like anything else.

    Each has characters that escapes change, unless it is to go where those cannot.
    """

    planted: dict[str, str] = field(factory=dict[str, str])
    open: list[type] = field(factory=list[type])
    _numbers: Iterator[int] = field(factory=lambda: count(101))

    def plant(self, where: str, *, plain: bool = False, longest: int = 64) -> str:
        """A new secret.

        :param where: where it is put.
        :param plain: letters and digits alone, as a token or a cookie is.
        :param longest: how long it may be.
        """
        core = f"zQ{next(self._numbers)}Xk"
        self.planted[core] = where
        # The core is what is looked for; around it stands what makes escapes necessary.
        return core if plain or longest < 16 else f'{core}"<\u00e9 &'

    def plain(self, where: str) -> str:
        """A new secret of letters and digits alone.

        :param where: where it is put.
        """
        return self.plant(where, plain=True)

    def found(self, held: bytes | str) -> list[str]:
        """Where the secrets were planted that stand in a text.

        :param held: the text.
        """
        return found_in(held, self.planted)


def found_in(held: bytes | str, planted: dict[str, str]) -> list[str]:
    """Where the secrets were planted that stand in a text, in whatever spelling.

    :param held: the text.
    :param planted: each secret's core, with where it was planted.
    """
    raw = held.encode("utf-8", "surrogatepass") if isinstance(held, str) else held
    cores = set(_cores(raw))
    return sorted(planted[core] for core in cores if core in planted)


def _cores(raw: bytes) -> Iterable[str]:
    for form in _forms(raw):
        yield from (core.decode() for core in _CORE.findall(form))


def _forms(raw: bytes) -> Iterator[bytes]:
    """A text, and what it says once its spellings are undone, one within the other."""
    yield raw
    yield raw.replace(b"\0", b"")
    plainer = _undone(raw.replace(b"\0", b""))
    yield plainer
    for text in {raw, plainer}:
        yield from (bytes.fromhex(run.decode()) for run in _HEX.findall(text))
        for hint in _BASE64.finditer(text):
            yield _unpacked(text, hint.start() - _AHEAD[hint[0][:1]])


def _unpacked(text: bytes, start: int) -> bytes:
    """What base64 says from a place on, for as long as a core may be."""
    run = text[max(0, start) : max(0, start) + 24].translate(_OF_URLS)
    run = run[: len(run) - len(run.lstrip(_LETTERS))]
    run = run[:-1] if len(run) % 4 == 1 else run
    return b64decode(run + b"=" * (-len(run) % 4))


def _undone(text: bytes) -> bytes:
    for _ in range(4):
        plainer = _ESCAPE.sub(_meant, text)
        if plainer == text:
            break
        text = plainer
    return text


def _meant(match: re.Match[bytes]) -> bytes:
    percent, code, byte, number, hexed = match.groups()
    value = int(percent or code or byte or hexed or b"0", 16) if not number else int(number)
    return bytes([value]) if value < 128 else b"?"


_CORE = re.compile(rb"zQ\d{3,}Xk")
_HEX = re.compile(rb"7a51(?:3[0-9]){3,}586b", re.IGNORECASE)
_BASE64 = re.compile(rb"elE|pR[MNO]|6UT")
"""How `zQ` and a digit are written in base64, at the beginning of three bytes and later in them."""
_AHEAD = {b"e": 0, b"p": 2, b"6": 3}
"""How many letters before these the three bytes begin."""
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_OF_URLS = bytes.maketrans(b"-_", b"+/")
_ESCAPE = re.compile(
    rb"%([0-9a-fA-F]{2})|\\+u([0-9a-fA-F]{4})|\\+x([0-9a-fA-F]{2})|&#(\d{1,7});|&#x([0-9a-fA-F]{1,6});"
)
