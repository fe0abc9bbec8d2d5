"""Reading one HTTP/1.1 answer from a stream of bytes, strictly and within bounds.

Rule: an answer is whole or it is refused. What cannot be framed without doubt (RFC 9112, section 6)
raises `BadAnswer`, what is larger than allowed raises `TooMuch`; no length that a server claims is
trusted with memory before its bytes arrive. `http.client` reads heads through the e-mail parser,
which passes over broken lines and costs more than all of this; hence these few functions.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Final, Protocol

from attrs import frozen

__all__ = ["Answer", "BadAnswer", "ClosedEarly", "Reader", "TooMuch", "gunzipped", "read_answer"]

_STATUS: Final = re.compile(rb"HTTP/1\.([0-9]) +([1-9][0-9]{2})(?: [^\r\n]*)?\r?\n")
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
_LONGEST_LINE: Final = 65_536
_MOST_FIELDS: Final = 256
_MOST_INTERIM: Final = 64
_MOST_MEMBERS: Final = 64
_PIECE: Final = 1 << 20


class Reader(Protocol):
    """A stream of bytes, such as a buffered socket."""

    def read(self, size: int, /) -> bytes:
        """So many bytes, or fewer where the stream ends."""
        ...

    def readline(self, size: int, /) -> bytes:
        """A line with its end, or as much of it."""
        ...


class BadAnswer(Exception):  # noqa: N818 - says what is wrong with an answer
    """What came is no HTTP/1.1, or ends before it is whole."""


class ClosedEarly(BadAnswer):
    """The connection was closed before the first byte of an answer."""


class TooMuch(Exception):  # noqa: N818 - says what is wrong with an answer
    """The body is larger than allowed."""


@frozen
class Answer:
    """What was read.

    :param status: the status code.
    :param fields: header fields in order.
    :param body: the content; `gzip` is undone.
    :param reusable: whether another request may follow on the same connection.
    """

    status: int
    fields: tuple[tuple[str, str], ...]
    body: bytes
    reusable: bool


def read_answer(reader: Reader, method: str, limit: int) -> Answer:
    r"""Read one answer, passing over interim ones.

    :param reader: the stream; it bounds the time.
    :param method: of the request: it decides whether a body follows.
    :param limit: the largest body, in bytes after decoding.
    :raises BadAnswer: it is no HTTP/1.1 (RFC 9112), or is cut short.
    :raises TooMuch: the body is larger than the limit.

    >>> said = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    >>> read_answer(BytesIO(said), "GET", 10)
    Answer(status=200, fields=(('Content-Length', '2'),), body=b'hi', reusable=True)
    """
    for _ in range(_MOST_INTERIM):
        version, status = _status(reader)
        fields = _fields(reader)
        if status >= 200 or status == 101:
            return _whole(reader, method, limit, version, status, fields)
    raise BadAnswer("interim answers without end")


def gunzipped(data: bytes, limit: int) -> bytes:
    """Undo `gzip` (RFC 1952), however small a bomb it is.

    :param data: the whole of the encoded content.
    :param limit: the most bytes that may come out.
    :raises BadAnswer: it is not gzip, or is cut short.
    :raises TooMuch: more would come out.

    >>> import gzip
    >>> gunzipped(gzip.compress(b"abc"), 3)
    b'abc'
    """
    parts: list[bytes] = []
    for _ in range(_MOST_MEMBERS):
        unzip = zlib.decompressobj(31)
        try:
            part = unzip.decompress(data, limit + 1)
        except zlib.error as error:
            raise BadAnswer(f"bad gzip: {error}") from error
        if len(part) > limit:
            raise TooMuch
        if not unzip.eof:
            raise BadAnswer("the gzip content is cut short")
        parts.append(part)
        limit -= len(part)
        data = unzip.unused_data
        if not data.startswith(b"\x1f\x8b"):  # padding is passed over, as gzip(1) does
            return parts[0] if len(parts) == 1 else b"".join(parts)
    raise BadAnswer("too many gzip members")


def _status(reader: Reader) -> tuple[bytes, int]:
    line = reader.readline(_LONGEST_LINE)
    if not line:
        raise ClosedEarly("closed without an answer")
    found = _STATUS.fullmatch(line)
    if found is None:
        raise BadAnswer(f"no HTTP status line: {line[:80]!r}")
    return found[1], int(found[2])


def _fields(reader: Reader) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    while True:
        line = reader.readline(_LONGEST_LINE)
        if line == b"\r\n" or line == b"\n":
            return fields
        if line[-1:] != b"\n":
            raise BadAnswer("the head is cut short, or a line of it is too long")
        name, colon, value = line.decode("latin-1").partition(":")
        if line[0] in b" \t" and fields:  # a folded line, RFC 9112, section 5.2
            before, start = fields[-1]
            fields[-1] = before, f"{start} {_clean(name + colon + value)}".strip()
        elif colon and _NAME.fullmatch(name):
            fields.append((name, _clean(value)))
        else:
            raise BadAnswer(f"no header field: {line[:80]!r}")
        if len(fields) > _MOST_FIELDS or len(fields[-1][1]) > _LONGEST_LINE:
            raise BadAnswer("too many header fields")


def _clean(value: str) -> str:
    value = value.strip(" \t\r\n")
    if "\r" in value or "\0" in value:  # RFC 9110, section 5.5
        value = value.replace("\r", " ").replace("\0", " ")
    return value


@frozen
class _Framing:
    """The fields that say where a body ends, and what was done to it."""

    length: int | None = None
    chunked: bool = False
    gzip: bool = False
    kept: bool = True


def _framing(version: bytes, fields: list[tuple[str, str]]) -> _Framing:
    lengths: set[str] = set()
    codings: list[str] = []
    encoding = options = ""
    for name, value in fields:
        match len(name):
            case 14 if name.lower() == "content-length":
                lengths.update(part.strip() for part in value.split(","))
            case 17 if name.lower() == "transfer-encoding":
                codings.append(value.lower())
            case 16 if name.lower() == "content-encoding":
                encoding = value.lower()
            case 10 if name.lower() == "connection":
                options += f",{value.lower()}"
            case _:
                pass
    if codings and codings != ["chunked"]:
        raise BadAnswer(f"unknown transfer coding: {', '.join(codings)[:80]}")
    said = {part.strip() for part in options.split(",")} if options else set[str]()
    return _Framing(
        length=_length(lengths),
        chunked=bool(codings),
        gzip=encoding in ("gzip", "x-gzip"),
        kept=not (codings and lengths)  # two lengths: some hop may have been fooled
        and ("keep-alive" in said if version == b"0" else "close" not in said),
    )


def _length(lengths: set[str]) -> int | None:
    if not lengths:
        return None
    text = next(iter(lengths))
    if len(lengths) > 1 or not text.isdecimal() or len(text) > 18:
        raise BadAnswer("the Content-Length is no number, or there are several")
    return int(text)


def _whole(
    reader: Reader,
    method: str,
    limit: int,
    version: bytes,
    status: int,
    fields: list[tuple[str, str]],
) -> Answer:
    framing = _framing(version, fields)
    if method == "HEAD" or status in (101, 204, 304):
        return Answer(status, tuple(fields), b"", framing.kept and status != 101)
    # Content that does not compress grows a little in gzip.
    most = limit + limit // 1000 + 1024 if framing.gzip else limit
    if framing.chunked:
        body = _gathered(_chunks(reader, most))
    elif framing.length is None:
        body = _gathered(_rest(reader, most))
    else:
        body = _exactly(reader, framing.length, most)
    if framing.gzip and body:
        body = gunzipped(body, limit)
        fields = [field for field in fields if field[0].lower() not in _OF_THE_CODING]
    delimited = framing.chunked or framing.length is not None
    return Answer(status, tuple(fields), body, framing.kept and delimited)


_OF_THE_CODING: Final = ("content-encoding", "content-length")


def _exactly(reader: Reader, length: int, most: int) -> bytes:
    if length > most:
        raise TooMuch
    if length <= _PIECE:
        body = reader.read(length)
        if len(body) < length:
            raise BadAnswer(f"the body ends after {len(body)} of {length} bytes")
        return body
    return _gathered(_pieces(reader, length))


def _gathered(pieces: Iterable[bytes]) -> bytes:
    gathered = BytesIO()  # a list of tiny pieces would cost many times their size
    gathered.writelines(pieces)
    return gathered.getvalue()


def _pieces(reader: Reader, length: int) -> Iterator[bytes]:
    left = length
    while left:
        piece = reader.read(min(left, _PIECE))
        if not piece:
            raise BadAnswer(f"the body ends after {length - left} of {length} bytes")
        left -= len(piece)
        yield piece


def _rest(reader: Reader, most: int) -> Iterator[bytes]:
    while piece := reader.read(min(most + 1, _PIECE)):
        most -= len(piece)
        if most < 0:
            raise TooMuch
        yield piece


def _chunks(reader: Reader, most: int) -> Iterator[bytes]:
    while True:
        line = reader.readline(_LONGEST_LINE)
        found = _SIZE.fullmatch(line)
        if found is None:
            raise BadAnswer(f"no chunk size: {line[:80]!r}")
        size = int(found[1], 16)
        if not size:
            _fields(reader)  # trailers say nothing to us
            return
        most -= size
        if most < 0:
            raise TooMuch
        yield from _pieces(reader, size)
        if reader.readline(2) not in (b"\r\n", b"\n"):
            raise BadAnswer("a chunk is longer than it said")
