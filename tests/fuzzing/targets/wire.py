"""The wire: bytes to a connection, over a pair of sockets in this process and no network."""

from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from typing_extensions import override
from urllib3.connection import HTTPConnection

from cvatfn.errors import TooLarge
from cvatfn.messages import Request, Response, Timeout
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transport.connection import Connection
from cvatfn.transport.settings import Settings, read_host
from tests.fuzzing.target import Tape, Target, sound
from tests.fuzzing.targets.answers import HEADER_TOKENS

__all__ = ["LIMIT", "TARGETS", "Wired"]

LIMIT: Final = 1 << 14
"""The largest body that is accepted here."""
_FITS: Final = 1 << 16
"""What a pair of sockets takes without anyone reading."""
_MOST_CONNECTIONS: Final = 16
"""Two requests, each led on five times, each link lost once."""
_TIMEOUT: Final = Timeout(connect=5.0, read=5.0, total=5.0)


class _Said(HTTPConnection):
    """A connection to nobody, to whom everything was said before."""

    def __init__(self, said: bytes) -> None:
        super().__init__("cvat.example", 80)
        self._said = said

    @override
    def connect(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.sendall(self._said[:_FITS])
            theirs.shutdown(socket.SHUT_WR)
            self.peer = theirs.dup()  # open, so that what is sent goes somewhere
        self.sock = ours


class Wired(Connection):
    """A connection whose server says what it is told to, once for each link.

    :param said: what it says on each link; the last is said again and again.
    """

    __slots__ = ("_links", "_opened", "_said")

    def __init__(self, *said: bytes) -> None:
        super().__init__(
            Settings(url=read_host("http://cvat.example"), max_body=LIMIT, timeout=_TIMEOUT)
        )
        self._said = said
        self._opened = 0
        self._links: list[_Said] = []

    @override
    def _connecting(self) -> HTTPConnection:
        assert self._opened < _MOST_CONNECTIONS, "it connects again and again"
        link = _Said(self._said[min(self._opened, len(self._said) - 1)])
        self._opened += 1
        self._links.append(link)
        return link

    @override
    def close(self) -> None:
        super().close()
        for link in self._links:
            with suppress(AttributeError):
                link.peer.close()
            link.close()


_OF_THE_HEAD: Final = 0b1110_0010
"""The flag of a digest of the head, and those that are not given out (RFC 1952, section 2.3.1)."""


class _Undecided(Exception):  # noqa: N818 - no error of anybody's
    """Whether it is gzip is judged differently."""


def _spoken(data: bytes) -> None:
    tape = Tape(data)
    method = tape.pick(("GET", "HEAD", "POST", "DELETE", "PATCH"))
    streamed = bool(tape.number(2))
    twice = bool(tape.number(2))
    body = b"x" * tape.number(64) if method in ("POST", "PATCH") else None
    with Wired(tape.rest()) as transport:
        for _ in range(1 + twice):
            asked = Request(method, "/x", (), (), body, streamed=streamed)
            _whole(transport(asked))


def _whole(outcome: Outcome[Response, object]) -> bytes | None:
    match outcome:
        case Failure(error):
            sound(error)
            return None
        case Success(response):
            pass
    assert 200 <= response.status <= 999 or response.status == 101, response.status
    for name, value in response.headers:
        assert not set(name + value) & set("\r\n\0")
    assert repr(response)
    if response.stream is None:
        assert len(response.body) <= LIMIT
        return response.body
    content = b""
    with response.stream as pieces:
        for piece in pieces:
            match piece:
                case Success(some):
                    assert 0 < len(some) <= 1 << 20
                    content += some
                case Failure(error):
                    sound(error)
                    return None
                case _:
                    raise AssertionError(piece)
            if len(content) > 1 << 22:  # a bomb: it comes in pieces, and is given up
                return None
    return content


def _packed(data: bytes) -> None:
    """Say that content is gzip: what comes out is what others undo of it, or nothing."""
    tape = Tape(data)
    chunked, streamed = bool(tape.number(2)), bool(tape.number(2))
    content = tape.rest()[: _FITS // 2]
    if chunked:
        framed = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (
            len(content),
            content,
        )
        if not content:
            framed = b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    else:
        framed = b"Content-Length: %d\r\n\r\n%b" % (len(content), content)
    said = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n" + framed
    with Wired(said) as transport:
        outcome = transport(Request("GET", "/x", streamed=streamed))
        whole = _whole(outcome)
    try:
        expected = _undone(content)
    except _Undecided:
        return
    if expected is not None and len(expected) <= LIMIT:
        assert whole == expected, "content that is whole is not read"
    elif whole is not None:
        assert expected is not None, "content that is not whole is taken for it"
        assert whole == expected
    elif expected is not None and not streamed:
        assert isinstance(outcome, Failure)
        assert isinstance(outcome.failure(), TooLarge)


def _undone(content: bytes) -> bytes | None:
    """What others make of gzip, up to 4 MiB; `None` of what is none.

    :raises _Undecided: a digest of the head, which zlib minds and Python does not.
    """
    undone = b""
    left = content
    while left:
        if len(left) > 3 and left[3] & _OF_THE_HEAD:
            raise _Undecided
        inflating = zlib.decompressobj(31)
        try:
            undone += inflating.decompress(left, (1 << 22) - len(undone))
        except zlib.error:
            return None
        if not inflating.eof:
            return None
        left = inflating.unused_data.lstrip(b"\0")
    return undone


def _head(*fields: str, status: str = "200 OK") -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", *fields, "", "")).encode()


def _spoken_seeds() -> Sequence[bytes]:
    answers = (
        _head("Content-Length: 2") + b"{}",
        _head("Content-Length: 2") + b"{}" + _head("Content-Length: 1") + b"x",
        _head("Transfer-Encoding: chunked") + b"3\r\nabc\r\n0;x=y\r\nTrailer: 1\r\n\r\n",
        _head("Connection: close") + b"until the end",
        _head(status="100 Continue")
        + _head(status="103 Early Hints")
        + _head(status="204 No Content"),
        _head("Location: /y", "Content-Length: 0", status="302 Found") + _head("Content-Length: 0"),
        _head("Content-Encoding: gzip", "Content-Length: 25") + gzip.compress(b"hello", mtime=0),
        _head("Content-Length: 5", "Content-Length: 6") + b"hello",
        _head("X: a", " folded", "Y: \xe9") + b"",
        b"HTTP/1.0 200 OK\r\n\r\nold",
        b"ICY 200 OK\r\n\r\n",
    )
    return [
        way + (b"\5" if way[0] in (2, 4) else b"") + answer
        for way in (b"\0\0\1", b"\0\1\0", b"\1\0\0", b"\2\0\1")
        for answer in answers
    ]


def _packed_seeds() -> Sequence[bytes]:
    good = gzip.compress(b"hello " * 99, mtime=0)
    bomb = gzip.compress(bytes(LIMIT + 1), mtime=0)
    contents = (
        good,
        good + good,
        bomb,
        good[:-4],
        b"",
        good + b"\0\0",
        gzip.compress(good, mtime=0),
    )
    return [way + content for way in (b"\0\0", b"\1\0", b"\1\1") for content in contents]


TARGETS: Final = (
    Target(
        "wire",
        "Whatever a server says is a response that is whole and within its limit, or an error.",
        _spoken,
        _spoken_seeds,
        (
            *HEADER_TOKENS,
            *(b"HTTP/1.1 ", b"HTTP/1.0 ", b"HTTP/9.9 ", b"\r\n", b"\r\n\r\n", b"\n", b"\r", b": "),
            *(b"Content-Length: ", b"Transfer-Encoding: ", b"Connection: close", b"0\r\n\r\n"),
            *(b"100 Continue", b"Location: ", b"Content-Encoding: ", b"ffffffffffffffff\r\n"),
        ),
    ),
    Target(
        "gzip",
        "Content in gzip is undone as others undo it, within the limit, or is an error.",
        _packed,
        _packed_seeds,
        (b"\x1f\x8b\x08", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x1f\x8b\x08\x04"),
    ),
)
