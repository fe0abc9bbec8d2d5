"""What a hop may make of an answer: other bytes in its place, as data.

The server has acted, and its answer is there whole, its frames and its `gzip` undone; a `Retelling`
says how it is told to the client. `told` gives the steps of that, one after the other.

Rule: pure, and byte for byte: nothing here depends on time, and nothing is corrected.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import repeat
from typing import Final, Literal, TypeAlias, assert_never

from attrs import field, frozen

__all__ = [
    "Answer",
    "Chunks",
    "CutBody",
    "Drip",
    "Ending",
    "Fields",
    "Gzip",
    "Interim",
    "Length",
    "Nonsense",
    "Retelling",
    "Silence",
    "Stall",
    "Step",
    "Trickle",
    "told",
]

BOMB: Final = 1 << 21
"""How much a bomb comes to, in bytes."""

MISSING: Final = 10
"""How many bytes are missing where there are none to cut."""


@frozen
class Stall:
    """Fall silent, and stay so until the client goes."""

    within: Literal["before", "head", "body"]


@frozen
class Trickle:
    """Go on from there byte by byte, with pauses; a head never comes to an end."""

    within: Literal["head", "body"]


@frozen
class CutBody:
    """End within the body, as an application that crashed behind a gateway does.

    :param framing: what should have told where it ends; `gzip` is whole for HTTP, and cut within.
    :param reset: by RST; else by FIN.
    """

    framing: Literal["length", "chunked", "until close", "gzip"]
    reset: bool = False


@frozen
class Fields:
    """Put lines into the head, before all others; the rest is as it should be.

    :param lines: what is put there, without line ends.
    :param coded: whether the body is `gzip`, as one of the lines may say.
    :param chunked: whether the body comes in chunks, as one of the lines may say.
    :param another_length: whether to announce it twice: as it is, and so many bytes longer.
    """

    lines: tuple[bytes, ...] = field(default=(), repr=lambda lines: f"<{len(lines)}>")
    coded: bool = False
    chunked: bool = False
    another_length: int | None = None


@frozen
class Length:
    """Say that the body has another length than it has.

    :param said: so many bytes more, or less; or what stands in the place of a number.
    """

    said: int | str


@frozen
class Chunks:
    """Get the frames of chunks wrong."""

    flaw: Literal["no size", "huge size", "negative size", "no line end", "endless extension"]


@frozen
class Gzip:
    """Say that the body is `gzip`, and get that wrong."""

    flaw: Literal["damaged", "not gzip", "bomb"]


@frozen
class Interim:
    """Say first that there will be an answer, many times.

    :param code: 1xx.
    :param count: how many times; `None` is without end.
    """

    code: int
    count: int | None = 300

    def __attrs_post_init__(self) -> None:
        if self.count is not None and self.count < 1:
            raise ValueError(f"count must be at least 1, not {self.count}")


@frozen
class Nonsense:
    """Say what is no HTTP."""


Retelling: TypeAlias = (
    Stall | Trickle | CutBody | Fields | Length | Chunks | Gzip | Interim | Nonsense
)


@frozen
class Answer:
    """What the server said, its frames and its `gzip` undone.

    :param line: the first line, without its end.
    :param fields: those that say nothing of frames, without their ends.
    :param body: the content.
    :param bodiless: whether there can be none: it is one to HEAD, or a 204 or 304.
    """

    line: bytes
    fields: tuple[bytes, ...]
    body: bytes
    bodiless: bool = False


@frozen
class Silence:
    """Say nothing until the client goes."""


@frozen
class Drip:
    """Say it byte by byte, with pauses; then nothing until the client goes."""

    data: bytes


@frozen
class Ending:
    """Break off, by RST or by FIN."""

    reset: bool = False


Step: TypeAlias = bytes | Silence | Drip | Ending
"""What is done next; where the last is none of `Silence`, `Drip` and `Ending`, the connection is
there for more."""


def told(retelling: Retelling, answer: Answer) -> Iterator[Step]:
    r"""How an answer is told.

    :param retelling: what is made of it.
    :param answer: what the server said.

    >>> said = Answer(b"HTTP/1.1 200 OK", (b"X: y",), b"cats")
    >>> list(told(Length(1), said))
    [b'HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 5\r\n\r\ncats', Ending(reset=False)]
    >>> list(told(Stall("head"), said))
    [b'HTTP/1.1 200 OK\r\nX', Silence()]
    """
    body = answer.body
    match retelling:
        case Stall(within):
            yield from _until(within, answer)
            yield Silence()
        case Trickle(within):
            yield from _until(within, answer)
            yield Drip(b"-slow: y\r\nx" * 1000 if within == "head" else _halves(body)[1])
        case CutBody(framing, reset):
            yield _cut(framing, answer)
            yield Ending(reset)
        case Fields(lines, coded, chunked, more):
            content = gzip.compress(body, mtime=0) if coded else body
            length = len(content)
            again = () if more is None else (b"Content-Length: %d" % (length + more),)
            yield _head(answer.line, (*lines, *again, *answer.fields), length)
            yield _chunk(content) + b"0\r\n\r\n" if chunked else content
        case Length(said):
            instead = str(max(0, len(body) + said)) if isinstance(said, int) else said
            yield _head(answer.line, (*answer.fields, f"Content-Length: {instead}".encode())) + body
            yield Ending()
        case Chunks(flaw):
            yield _chunked(answer) + _CHUNKS[flaw](body)
            yield Ending()
        case Gzip(flaw):
            fields = (*answer.fields, b"Content-Encoding: gzip")
            content = _GZIPS[flaw](body)
            yield _head(answer.line, fields, len(content)) + content
        case Interim(code, count):
            yield from _interim(code, count)
            yield _head(answer.line, answer.fields, len(body)) + body
        case Nonsense():
            yield b"SSH-2.0-OpenSSH_9.6\r\n"
            yield Ending()
        case _:
            assert_never(retelling)


def _until(within: str, answer: Answer) -> Iterator[bytes]:
    """All that comes before a place; bodies are of unknown length from there on."""
    if within == "head":
        yield answer.line + b"\r\n" + b"\r\n".join(answer.fields)[:1]
    if within == "body":
        head = _head(answer.line, answer.fields, len(answer.body) or MISSING)
        yield head + _halves(answer.body)[0]


def _halves(body: bytes) -> tuple[bytes, bytes]:
    return body[: len(body) // 2], body[len(body) // 2 :]


def _cut(framing: str, answer: Answer) -> bytes:
    body, (half, _) = answer.body, _halves(answer.body)
    match framing:
        case "length":
            return _head(answer.line, answer.fields, len(body) or MISSING) + half
        case "chunked":
            return _chunked(answer) + b"%x\r\n" % (len(body) or MISSING) + half
        case "gzip":
            content = gzip.compress(body, mtime=0)[:-MISSING]
            fields = (*answer.fields, b"Content-Encoding: gzip")
            return _head(answer.line, fields, len(content)) + content
        case _:
            return _head(answer.line, (*answer.fields, b"Connection: close")) + half


def _damaged(body: bytes) -> bytes:
    content = bytearray(gzip.compress(body, mtime=0))
    content[-8] ^= 0xFF  # the sum of what was packed
    return bytes(content)


_CHUNKS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "no size": lambda body: b"\r\n" + body,
    "huge size": lambda body: b"%x\r\n" % (1 << 50) + body,
    "negative size": lambda body: b"-%x\r\n" % (len(body) or 1) + body + b"\r\n0\r\n\r\n",
    "no line end": lambda body: b"%x\r\n%s0\r\n\r\n" % (len(body or b"x"), body or b"x"),
    "endless extension": lambda body: b"%x;x=" % len(body) + b"y" * 100_000,
}
_GZIPS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "damaged": _damaged,
    "not gzip": lambda body: body or b"none",
    "bomb": lambda _: gzip.compress(bytes(BOMB), mtime=0),
}


def _interim(code: int, count: int | None) -> Iterator[bytes]:
    """At full speed; without end each of them is long, as its reader should not be kept busy."""
    line = b"HTTP/1.1 %d Later\r\n" % code
    if count is not None:
        yield line + b"\r\n" + (line + b"X-Odd: y\r\n\r\n") * (count - 1)
        return
    yield from repeat(line + b"X-Odd: " + b"y" * 4_000 + b"\r\n\r\n")


def _chunk(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(body), body) if body else b""


def _chunked(answer: Answer) -> bytes:
    return _head(answer.line, (*answer.fields, b"Transfer-Encoding: chunked"))


def _head(line: bytes, fields: Iterable[bytes], length: int | None = None) -> bytes:
    announced = [] if length is None else [b"Content-Length: %d" % length]
    return b"\r\n".join((line, *fields, *announced)) + b"\r\n\r\n"
