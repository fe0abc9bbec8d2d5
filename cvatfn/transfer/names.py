"""Names of files: the one a server sends, and one that may be given to a new file here.

Rule: a name that was sent is text from a stranger. Only what `safe_name` returns may be joined to
a folder.

The header is read by hand, for the standard library's `email` reads it as mail (RFC 2231): it
joins numbered parts, prefers `filename` to `filename*`, decodes words, and raises on some input.
"""

from __future__ import annotations

import re
from typing import Final
from unicodedata import normalize
from urllib.parse import unquote_to_bytes

from cvatfn.messages import Headers

__all__ = ["ROOM", "name_sent", "safe_name"]

ROOM: Final = 255 - 40
"""Bytes of a safe name, at most: what file systems take, less the room for a suffix of 40."""

PARAMETER: Final = re.compile(
    r"""(?:^|;)\s*([^\s;="]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))""", re.DOTALL
)
QUOTED_PAIR: Final = re.compile(r'\\([\\"])')
ESCAPED: Final = re.compile(r"(?:[^%]|%[0-9A-Fa-f]{2})*")

INVISIBLE: Final = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""What is not seen, or turns the text around it (bidirectional controls): a name must look as it
is. The joiners (U+200C, U+200D) stay, since scripts and emoji need them."""

UNFIT: Final = re.compile('[\x00-\x1f\x7f-\x9f\ud800-\udfff<>:"|?*]')
"""Controls, halves of characters, and what Windows has other uses for."""

BLANKS: Final = " \u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
"""The separators of Unicode (category Zs)."""

DEVICES: Final = frozenset({"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}).union(
    f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789\u00b9\u00b2\u00b3"
)
"""Windows opens a device under these names, whatever extension follows."""

LONGEST_EXTENSION: Final = 32
"""Bytes; what is longer after the last dot is part of a sentence, not an extension."""


def name_sent(headers: Headers) -> str | None:
    r"""The file name in a response's `Content-Disposition` (RFC 6266), as the server means it.

    `filename*` (RFC 8187) goes before `filename`. In the latter, UTF-8 that was sent as plain bytes
    is read as UTF-8, and a name that is percent-encoded throughout is decoded, as browsers do: both
    are not in the RFC, but on the wire. In quotes only `\"` and `\\` are undone, as a
    backslash before another character is part of a Windows path.

    :param headers: the response's headers.
    :returns: the name, which may be any text: see `safe_name`; `None` where there is none or none
        that can be read.

    >>> name_sent(Headers.of({"Content-Disposition": 'attachment; filename="cvat 1.1.zip"'}))
    'cvat 1.1.zip'
    >>> name_sent(Headers.of({"Content-Disposition": "attachment; filename*=UTF-8''caf%C3%A9"}))
    'café'
    """
    given: dict[str, str] = {}
    for name, quoted, token in PARAMETER.findall(headers.get("content-disposition") or ""):
        value = QUOTED_PAIR.sub(r"\1", quoted) or token.strip()
        given.setdefault(name.lower(), _utf_8(value))
    return _extended(given.get("filename*", "")) or _plain(given.get("filename", "")) or None


def safe_name(text: str, *, otherwise: str = "download") -> str:
    """A name that can only be a plain file in the folder where it is put, on any system.

    Of a path only the last part is taken (RFC 6266, section 4.3). What Windows cannot store becomes
    `_`, what cannot be seen goes, and blanks and dots at the end go. A name that would be hidden,
    an option, a home (`.x`, `-x`, `~x`) or a device (`NUL.txt`) gets a `_` in front. The rest is
    normalized (NFC) and shortened to `ROOM` bytes of UTF-8, its extension kept.

    :param text: any text.
    :param otherwise: what to call a file of which no name is left; it is made safe too.
    :returns: never empty; a safe name comes back as it is.

    >>> safe_name("../../etc/task_54_cvat for images 1.1.zip")
    'task_54_cvat for images 1.1.zip'
    >>> safe_name(".bashrc"), safe_name("nul.txt"), safe_name("why?.zip"), safe_name("..")
    ('_.bashrc', '_nul.txt', 'why_.zip', 'download')
    """
    return _safe(text) or _safe(otherwise) or "download"


def _extended(value: str) -> str:
    charset, _, rest = value.partition("'")
    _, _, encoded = rest.partition("'")
    if charset.lower() not in {"utf-8", "iso-8859-1"}:  # RFC 5987 has both, RFC 8187 the first
        return ""
    return _percent_decoded(encoded, charset) or ""


def _plain(text: str) -> str:
    if "%" not in text or not ESCAPED.fullmatch(text):
        return text
    return _percent_decoded(text, "utf-8") or text


def _utf_8(value: str) -> str:
    """Undo how HTTP libraries read a header's bytes: as Latin-1, or with bytes as surrogates."""
    try:
        return value.encode("latin-1", "surrogateescape").decode()
    except UnicodeError:
        return value


def _percent_decoded(text: str, charset: str) -> str | None:
    try:
        return unquote_to_bytes(text.encode("utf-8", "surrogatepass")).decode(charset)
    except UnicodeError:
        return None


def _safe(text: str) -> str:
    seen = UNFIT.sub("_", INVISIBLE.sub("", text))
    last = seen.replace("\\", "/").rstrip("/").rpartition("/")[2]
    bare = normalize("NFC", last).lstrip(BLANKS).rstrip(BLANKS + ".")
    # Once more at the end: a device may be what is left of a longer name.
    return _guarded(_shortened(_guarded(bare)))


def _guarded(name: str) -> str:
    device = name.partition(".")[0].rstrip(BLANKS).upper() in DEVICES
    return f"_{name}" if device or name.startswith((".", "-", "~")) else name


def _shortened(name: str) -> str:
    if len(name.encode()) <= ROOM:
        return name
    stem, dot, extension = name.rpartition(".")
    ending = dot + extension
    if not stem or len(ending.encode()) > LONGEST_EXTENSION:
        return _cut(name, ROOM)
    return _cut(stem, ROOM - len(ending.encode())) + ending


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore").rstrip(BLANKS + ".")
