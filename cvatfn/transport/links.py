"""One link to a server: a urllib3 connection that keeps a pace, and what comes over it.

Rule: urllib3 speaks HTTP; here is only how long a wait may be, how much may come, and whether
another request may follow. No wait on a link that stands is longer than its `Pace` allows, be it
for one silence or for the whole; and an answer that ends before it is whole is none.
"""

from __future__ import annotations

import re
import select
import socket
import ssl
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from email import errors as odd_heads
from functools import partial
from gzip import GzipFile
from http import client
from io import BufferedReader, RawIOBase
from time import monotonic
from typing import Final, cast
from weakref import WeakValueDictionary

from attrs import evolve
from typing_extensions import Buffer, override
from urllib3 import HTTPHeaderDict
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse

from cvatfn.codecs.files import Content
from cvatfn.forking import when_forked
from cvatfn.transport.breaks import (
    NO_FIELD,
    ClosedEarly,
    NotConnected,
    TooMuch,
    is_final,
    telling,
)
from cvatfn.transport.contents import Unreadable, measured, pieces_of
from cvatfn.transport.framing import BODILESS, PIECE, Gathering, fits, is_clear, is_packed
from cvatfn.transport.nested import is_nested, is_tls, pending
from cvatfn.transport.pacing import RECORD, SENT_AT_ONCE, Pace, Passing

__all__ = [
    "FAULTS",
    "Link",
    "beginning",
    "hang_up",
    "opened",
    "packed",
    "pieces",
    "whole",
]

_BUFFER: Final = 16_384
"""As much as a TLS record, so that what was sent too much is seen here."""

_NO_FIELD: Final = (
    odd_heads.FirstHeaderLineIsContinuationDefect,
    odd_heads.InvalidHeaderDefect,
    odd_heads.MisplacedEnvelopeHeaderDefect,
    odd_heads.MissingHeaderBodySeparatorDefect,
)
_GLANCE: Final = 0.1
"""How long to wait for room in the socket before a look at what the server says, in seconds."""

_LENGTHS: Final = re.compile(r"[0-9]+(?:[ \t]*,[ \t]*[0-9]+)*")


class AnsweredEarly(ConnectionError):  # noqa: N818 - says what happened to a link
    """The server answers before it has the whole request; it wants no more of it."""


FAULTS: Final = (
    NotConnected,
    TooMuch,
    Unreadable,
    OSError,
    client.HTTPException,
    HTTPError,
    EOFError,
    zlib.error,
)
"""All that `opened`, `Link` and `whole` raise for what a network or a server does."""


class _Source(RawIOBase):
    """What a server sends, as a stream that keeps the pace and ends nobody knows where."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self.sock = sock
        self.waits: float | None = sock.gettimeout()
        self.tls, self.nested = is_tls(sock), is_nested(sock)
        self.sealed = False
        self.passing = Passing()

    def wait(self) -> float:
        """Set how long the socket may block next.

        :returns: when the wait begins.
        """
        now = monotonic()
        limit = self.passing.within(now)
        if limit != self.waits or self.nested:
            self.sock.settimeout(limit)
            self.waits = limit
        return now

    def answered_early(self) -> bool:
        """Whether what is there to be read is a final answer."""
        said = self.sock.recv(_BUFFER, socket.MSG_PEEK)
        return not said or is_final(said)

    def send(self, content: memoryview) -> int:
        """Send what the socket takes as soon as it takes something; it may not for long.

        :param content: what is to be sent.
        :returns: how many bytes of it were.
        :raises AnsweredEarly: a final answer is there before.
        """
        began = monotonic()
        limit = self.passing.within(began)
        until = None if limit is None else began + limit
        listening = True
        while True:
            left = _GLANCE if until is None else min(_GLANCE, until - monotonic())
            if left <= 0:
                raise TimeoutError("nothing more was taken")
            readable, writable = _ready(self.sock, left, to_read=listening)
            if readable and self.answered_early():
                raise AnsweredEarly("answered before the request was sent")
            if writable:
                count = self.sock.send(content)
                self.passing.keep_up(monotonic() - began, count)
                return count
            listening = not readable  # an interim answer stays there: it is not looked at at once

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Buffer, /) -> int | None:
        if self.sealed:
            return None
        passing, began = self.passing, self.wait()
        try:
            count = self.sock.recv_into(buffer)
        except TimeoutError:
            passing.within(monotonic())  # says which limit it was
            raise
        if not count and passing.head is not None:
            # `http.client` would take it for the end of the head.
            raise ConnectionError("closed before its answer was whole")
        passing.came(monotonic() - began, count)
        return count


def _ready(sock: socket.socket, limit: float, *, to_read: bool) -> tuple[bool, bool]:
    """Whether a socket has something to read, and takes something, after a while at most."""
    if not hasattr(select, "poll"):
        read, written, _ = select.select([sock] if to_read else [], [sock], [], limit)
        return bool(read), bool(written)
    waiting = select.poll()
    waiting.register(sock, select.POLLOUT | (select.POLLIN if to_read else 0))
    events = sum(event for _, event in waiting.poll(limit * 1000))
    return bool(events & select.POLLIN), bool(events & ~select.POLLIN)


class _Reader(BufferedReader):
    """A reader for all answers of a link: `http.client` closes it after each of them."""

    @override
    def close(self) -> None:
        """Keep what came too much, so that it is noticed."""


class _Paced:
    """What urllib3 takes for its socket; how long it waits is the source's business."""

    def __init__(self, source: _Source, reader: BufferedReader) -> None:
        self._source = source
        self._reader = reader

    def __getattr__(self, name: str) -> object:
        return getattr(self._source.sock, name)

    def settimeout(self, limit: float | None) -> None:
        """Leave it as it is."""

    def makefile(self, _mode: str) -> BufferedReader:
        """The reader; http.client asks for one, of mode `rb`, for each answer."""
        return self._reader

    def sendall(self, data: Buffer) -> None:
        """Send in pieces, each in time; stop when the server has said already what it thinks."""
        content, source = memoryview(data), self._source
        passing = source.passing
        passing.sent += len(content)
        while content:
            began = source.wait()
            if passing.bulky and not source.tls:
                content = content[source.send(content[:SENT_AT_ONCE]) :]
            else:  # the limit is for all of it
                piece = content[:RECORD]
                source.sock.sendall(piece)
                passing.keep_up(monotonic() - began, len(piece))
                content = content[len(piece) :]

    def close(self) -> None:
        """Leave it to the link: http.client closes before it reads a body without a length."""


class _Answer(client.HTTPResponse):
    """An answer after all interim ones; `http.client` passes over `100 Continue` alone."""

    @override
    def begin(self) -> None:
        self._begin()
        while self.status < 200 and self.status != client.SWITCHING_PROTOCOLS:
            self.headers = cast("client.HTTPMessage", None)  # as before the first one
            self._begin()

    def _begin(self) -> None:
        """Read one head; what follows a line that is no field is lost, the framing with it.

        urllib3 goes on nevertheless, and logs the URL with whatever `email` finds odd.
        """
        super().begin()
        if self.status in BODILESS:
            self.chunked = False  # it would read what there cannot be (RFC 9112, section 6.3)
        rest: object = self.headers.get_payload()
        odd = self.headers.defects
        if (isinstance(rest, str) and rest) or any(isinstance(what, _NO_FIELD) for what in odd):
            raise client.HTTPException(NO_FIELD)
        odd.clear()  # about a multipart's parts, of which a head has none

    @override
    def flush(self) -> None:
        """Nothing is written here; and the collector may have closed already what is read from."""


def _tunnel_answer(
    pace: Pace, sock: socket.socket, method: str | None = None
) -> client.HTTPResponse:
    """A proxy's answer to CONNECT, of which `http.client` would read without end."""
    source = _Source(sock)
    source.passing = Passing(pace)
    paced = _Paced(source, BufferedReader(source))
    return client.HTTPResponse(cast("socket.socket", paced), method=method)


class Link:
    """A connection that stands; one thread at a time may use it.

    :param connection: connected.
    :param sock: its socket.
    """

    __slots__ = ("__weakref__", "_connection", "_reader", "_source")

    def __init__(self, connection: HTTPConnection, sock: socket.socket) -> None:
        self._connection = connection
        self._source = _Source(sock)
        self._reader = _Reader(self._source, _BUFFER)
        connection.sock = cast("socket.socket", _Paced(self._source, self._reader))
        connection.response_class = _Answer
        _STANDING[id(self)] = self
        when_forked(self)

    @property
    def alive(self) -> bool:
        """Whether the server has neither closed it nor sent what nobody asked for."""
        return self._source.sock.fileno() >= 0 and self._connection.is_connected

    def answered(
        self,
        method: str,
        target: str,
        fields: Mapping[str, str],
        body: bytes | Content | None,
        pace: Pace,
        limit: int,
    ) -> HTTPResponse:
        """Send a request and read the head of its answer.

        :param method: the request's method.
        :param target: what stands in its first line.
        :param fields: all header fields but those of the content's length.
        :param body: the content.
        :param pace: how long to wait, for the answer's content as well.
        :param limit: how much content is expected at most, in bytes.
        :returns: the answer; its content is still to be read, as it was sent.
        :raises FAULTS: no head of an answer came; `ClosedEarly` if nothing came at all.
        """
        passing = self._source.passing = Passing(pace, limit)
        sent, fields = _measured(body, fields)
        try:
            self._connection.request(
                method, target, sent, fields, preload_content=False, decode_content=False
            )
        except (ConnectionError, ssl.SSLError):
            # A server may refuse a body before it has read it: see what it says.
            passing.refused = True
        passing.asked(monotonic())
        try:
            answer = self._connection.getresponse()
        except TimeoutError:
            raise
        except OSError as error:
            if passing.heard:
                raise
            raise ClosedEarly("closed without an answer") from error
        passing.answered()
        if passing.refused and 200 <= answer.status < 300:
            raise ConnectionError("granted before the whole request was there")
        return answer

    def streaming(self, answer: HTTPResponse, limit: int | None) -> Iterator[bytes]:
        """The content of an answer in pieces.

        :param answer: its head was read, its content not.
        :param limit: how much of it there may be, in bytes; `None`: any length.
        :raises FAULTS: it is not whole, or its frames are far larger than what is in them.
        """
        _know_frames(answer)
        passing, came = self._source.passing, 0
        passing.streams()
        for piece in pieces(answer):
            passing.streamed(len(piece))
            came += len(piece)
            if limit is not None and came > limit:
                raise TooMuch(limit)
            yield piece

    def reusable(self, answer: HTTPResponse) -> bool:
        """Whether another request may follow.

        :param answer: to the request before; its content was read.
        """
        return (
            not self._source.passing.refused
            and answer.closed
            and answer.status != client.SWITCHING_PROTOCOLS
            and not self._connection.is_closed
            and is_clear(
                answer.status, answer.headers.get("content-length"), chunked=answer.chunked
            )
            and not self._left_over()
        )

    def close(self) -> None:
        """Close the socket; nothing is sent any more."""
        self._source.sock.close()
        self._connection.close()

    def forked(self) -> None:
        """Leave it to the parent: only this process's handle is closed, in use or not.

        An answer that is read is broken off, not ended: so nothing is closed but the socket.
        """
        self._source.sock.close()

    def hang_up(self) -> None:
        """Wake whoever waits for something on it; that one closes it."""
        with suppress(OSError):
            self._source.sock.shutdown(socket.SHUT_RDWR)

    def _left_over(self) -> bool:
        sock = self._source.sock
        if pending(sock):
            return True
        self._source.sealed = True
        left = bool(self._reader.peek(1))
        self._source.sealed = False
        return left


_STANDING: Final = WeakValueDictionary[int, Link]()
"""All links, by their ids; global, because the end of a program is."""


def hang_up() -> None:
    """Wake whoever waits on any link: the process ends, and nobody will read what comes."""
    for held in _STANDING.valuerefs():  # a copy, which other threads do not change
        link = held()
        if link is not None:
            link.hang_up()


def _measured(
    body: bytes | Content | None, fields: Mapping[str, str]
) -> tuple[bytes | Iterable[bytes] | None, Mapping[str, str]]:
    """A body as urllib3 takes it, and the header with its length; without one it goes in chunks."""
    if not isinstance(body, Content):
        return body, fields
    body, length = measured(body)  # once: what changes from here on is held to it
    if body.told is not None:
        body = evolve(body, told=partial(telling, body.told))
    # urllib3 and http.client pass on to the socket whatever has the buffer of bytes.
    content = cast("Iterable[bytes]", pieces_of(body))
    if length is None:
        return content, fields
    announced = HTTPHeaderDict(fields)
    announced["Content-Length"] = str(length)
    return content, announced


def opened(connection: HTTPConnection, pace: Pace) -> Link:
    """Connect.

    urllib3 waits for each address of a host as long as for one, and as long again for a proxy's
    tunnel and for each TLS; a time for the whole that is over by then is noticed afterwards.

    :param connection: where to, not yet connected.
    :param pace: how long to wait.
    :raises NotConnected: it could not be done.
    """
    try:
        began = monotonic()
        limit = connection.timeout = pace.within(pace.connect, began)
        tunnelling = Pace(limit, None, None if limit is None else began + limit)
        connection.response_class = cast(
            "type[client.HTTPResponse]", partial(_tunnel_answer, tunnelling)
        )
        connection.set_debuglevel(0)  # it would print each login, whoever told `http.client` to
        connection.connect()
        pace.within(None, monotonic())
    except TooMuch as error:
        connection.close()
        raise NotConnected(ConnectionError("the answer to CONNECT has no end")) from error
    except (OSError, HTTPError, client.HTTPException, ValueError) as error:
        connection.close()
        raise NotConnected(error) from error
    except BaseException:
        connection.close()
        raise
    return Link(connection, connection.sock)


def packed(answer: HTTPResponse) -> bool:
    """Whether the content of an answer is `gzip`, which `pieces` undoes.

    :param answer: its head was read.
    """
    return is_packed(answer.headers.get("content-encoding"))


def pieces(answer: HTTPResponse, size: int = PIECE) -> Iterator[bytes]:
    """The content of an answer, `gzip` undone, however small a bomb it is.

    urllib3 could undo it too, but takes content that is cut short for whole, and bounds what comes
    out of a piece since its version 2.6 only.

    :param answer: its head was read, its content not.
    :param size: how large a piece may be, in bytes.
    :raises FAULTS: it is not whole, or no gzip.
    """
    if packed(answer):
        with GzipFile(fileobj=answer, mode="rb") as content:
            while piece := content.read(size):
                yield piece
        return
    while True:
        # What is there is given at once: when the rest is lost, this is not.
        piece = answer.read1(min(size, answer.length_remaining or size))
        if piece:
            yield piece
        if answer.closed or answer.length_remaining == 0:
            return


def _know_frames(answer: HTTPResponse) -> None:
    """See that it is clear where an answer ends; of one that is not nothing may be used.

    `http.client` takes a length that is none for no length, and reads until the connection ends
    (RFC 9112, section 6.3).
    """
    if answer.status in BODILESS:
        return
    coding = answer.headers.get("transfer-encoding")
    if coding is not None and coding.lower() != "chunked":
        raise ConnectionError(f"unknown transfer coding: {coding}")
    length = answer.headers.get("content-length")
    if coding is None and length is not None and not _LENGTHS.fullmatch(length):
        raise ConnectionError("the length of its content is no number")


def whole(answer: HTTPResponse, limit: int) -> bytes:
    """The content of an answer, in one; no length that a server claims is trusted with memory.

    :param answer: its head was read, its content not.
    :param limit: the most bytes that are accepted.
    :raises TooMuch: it is larger.
    :raises FAULTS: it is not whole.
    """
    if not fits(answer.length_remaining, limit, packed=packed(answer)):
        raise TooMuch(limit)
    content, cut = beginning(answer, limit)
    if cut:
        raise TooMuch(limit)
    return content


def beginning(answer: HTTPResponse, limit: int) -> tuple[bytes, bool]:
    """As much of the content of an answer as fits.

    :param answer: its head was read, its content not.
    :param limit: how many bytes that are.
    :returns: the content, and whether there is more of it.
    :raises FAULTS: it breaks off before.
    """
    _know_frames(answer)
    if answer.status in BODILESS:
        answer.read()  # nothing, and then it is over
        return b"", False
    length = answer.length_remaining
    if length is not None and length <= min(PIECE, limit) and not packed(answer):
        return answer.read(), False  # in one go, as almost all are
    gathering = Gathering(limit)
    for piece in pieces(answer, min(PIECE, limit + 1)):
        if not gathering.takes(piece):
            break
    return gathering.content, gathering.cut
