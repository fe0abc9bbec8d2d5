"""As much of HTTP/1.1 as tells where a message ends (RFC 9112, section 6).

Rule: bytes come out as they came in, piece by piece; nothing holds a whole body.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, Protocol, TypeAlias

from attrs import frozen

__all__ = [
    "Body",
    "Head",
    "Message",
    "Source",
    "all_but_last",
    "answer_to",
    "content_of",
    "first",
    "request_from",
]

LONGEST_HEAD: Final = 1 << 16
UNKNOWN_BODY: Final = 4096  # taken for the length of a body that does not say it

Body: TypeAlias = int | Literal["chunked", "until close"]


class Receives(Protocol):
    """All that reading needs of a socket."""

    def recv(self, size: int, /) -> bytes: ...


class Source:
    """Where messages come from, one after the other.

    Whatever is wrong with them is a `ConnectionError`, as if the connection had failed.
    """

    def __init__(self, sock: Receives) -> None:
        self._sock = sock
        self._buffer = bytearray()

    def waits(self) -> bool:
        """Wait for the next byte, and leave it: `False` when there is none to come."""
        return bool(self._buffer) or self._more()

    def head(self) -> Head | None:
        """The next head; `None` when the connection ends before it begins."""
        if not self.waits():
            return None
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            if len(self._buffer) > LONGEST_HEAD or not self._more():
                raise ConnectionAbortedError("no head of a message")
        return Head(self._taken(end + 4))

    def pieces(self, body: Body) -> Iterator[bytes]:
        """A body as it comes, with its chunk sizes and trailers if it has them."""
        match body:
            case int():
                yield from self._sized(body)
            case "chunked":
                yield from self._chunked()
            case "until close":
                yield from self.rest()

    def rest(self) -> Iterator[bytes]:
        """All that comes until the connection ends."""
        while self.waits():
            yield self._taken(len(self._buffer))

    def _sized(self, length: int) -> Iterator[bytes]:
        while length:
            if not self.waits():
                raise ConnectionAbortedError("the connection ended within a body")
            piece = self._taken(min(length, len(self._buffer)))
            length -= len(piece)
            yield piece

    def _chunked(self) -> Iterator[bytes]:
        while True:
            line = self._line()
            yield line
            size = _number(line.partition(b";")[0], 16)
            if size == 0:
                break
            yield from self._sized(size + 2)  # with the line's end after the data
        while True:
            trailer = self._line()
            yield trailer
            if not trailer.strip():
                return

    def _line(self) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > LONGEST_HEAD or not self._more():
                raise ConnectionAbortedError("no line of a chunked body")
        return self._taken(end + 1)

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _more(self) -> bool:
        data = self._sock.recv(1 << 16)
        self._buffer += data
        return bool(data)


@frozen
class Head:
    """A first line and its fields, as they came."""

    raw: bytes

    @property
    def words(self) -> list[str]:
        """The first line, word by word."""
        return self.raw.partition(b"\r\n")[0].decode("latin-1").split(" ")

    @property
    def status(self) -> int:
        """Of an answer."""
        return _number(self.words[1].encode("latin-1") if len(self.words) > 1 else b"", 10)

    def said(self, name: str) -> str:
        """What a field says, in lower case; of one that comes more than once, all of it.

        >>> Head(b"GET / HTTP/1.1\\r\\nConnection:  Close\\r\\n\\r\\n").said("connection")
        'close'
        """
        lines = (line.partition(":") for line in self.raw.decode("latin-1").lower().split("\r\n"))
        return ",".join(value.strip() for field, _, value in lines if field == name)

    @property
    def keeps(self) -> bool:
        """Whether the connection is there for more."""
        wish = self.said("connection")
        return "close" not in wish and ("HTTP/1.0" not in self.words or "keep-alive" in wish)

    @property
    def body(self) -> Body | None:
        """What the fields say of a body; `None` if nothing."""
        if "chunked" in self.said("transfer-encoding"):
            return "chunked"
        length = self.said("content-length")
        return _number(length.encode("latin-1"), 10) if length else None


def _number(digits: bytes, base: int) -> int:
    try:
        number = int(digits, base)
    except ValueError:
        number = -1
    if number < 0:
        raise ConnectionAbortedError("no number where HTTP has one")
    return number


@frozen
class Message:
    """A message of which the head is read and the body still to come."""

    raw: bytes
    head: Head
    body: Body
    source: Source

    @property
    def length(self) -> int:
        """How many bytes it has; a guess where it does not say."""
        return len(self.raw) + (self.body if isinstance(self.body, int) else UNKNOWN_BODY)

    def pieces(self) -> Iterator[bytes]:
        """All of it, once."""
        yield self.raw
        yield from self.source.pieces(self.body)

    @property
    def keeps(self) -> bool:
        """Whether the connection is there for more."""
        return self.body != "until close" and self.head.keeps


def request_from(head: Head, source: Source) -> Message:
    """The request that a head begins: without a word on its body, it has none."""
    body = head.body
    return Message(head.raw, head, 0 if body is None else body, source)


def answer_to(method: str, source: Source) -> Message:
    """The answer that comes next, with the interim ones before it.

    :param method: of the request; an answer to HEAD has no body (RFC 9112, section 6.3).
    :raises ConnectionError: there is none.
    """
    before = b""
    while True:
        head = source.head()
        if head is None:
            raise ConnectionAbortedError("no answer")
        if not 100 <= head.status < 200:
            break
        before += head.raw
    bodiless = method == "HEAD" or head.status in (204, 304)
    said = head.body
    body: Body = 0 if bodiless else "until close" if said is None else said
    return Message(before + head.raw, head, body, source)


def content_of(message: Message) -> Iterator[bytes]:
    """The body of a message, chunks undone.

    :raises ConnectionError: it is not whole.
    """
    pieces = message.source.pieces(message.body)
    if message.body != "chunked":
        yield from pieces
        return
    for line in pieces:
        left = _number(line.partition(b";")[0], 16)
        if not left:
            break
        left += 2  # with the line's end after the data
        for piece in pieces:
            yield piece[: max(0, left - 2)]
            left -= len(piece)
            if not left:
                break
    for _ in pieces:  # trailers
        pass


def first(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """So many bytes, and not a byte more is waited for.

    >>> list(first(iter([b"abc", b"def", b"ghi"]), 5))
    [b'abc', b'de']
    """
    while size > 0:
        piece = next(pieces, None)
        if piece is None:
            return
        yield piece[:size]
        size -= len(piece)


def all_but_last(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """All but the last byte.

    >>> b"".join(all_but_last(iter([b"abc", b"", b"d"])))
    b'abc'
    """
    held = b""
    for piece in pieces:
        held += piece
        yield held[:-1]
        held = held[-1:]
