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
from io import BufferedReader, BytesIO, RawIOBase
from time import monotonic
from typing import Final, cast
from weakref import WeakValueDictionary

from attrs import evolve, frozen
from typing_extensions import Buffer, override
from urllib3 import HTTPHeaderDict
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse

from cvatfn.codecs.files import Content
from cvatfn.forking import when_forked
from cvatfn.transport.breaks import (
    ClosedEarly,
    Late,
    NotConnected,
    TellingFailed,
    TooMuch,
    is_final,
    telling,
)
from cvatfn.transport.contents import Unreadable, measured, pieces_of
from cvatfn.transport.nested import is_nested, is_tls, pending

__all__ = [
    "FAULTS",
    "ClosedEarly",
    "Late",
    "Link",
    "NotConnected",
    "Pace",
    "TellingFailed",
    "TooMuch",
    "beginning",
    "hang_up",
    "opened",
    "packed",
    "pieces",
    "whole",
]

_BUFFER: Final = 16_384
"""As much as a TLS record, so that what was sent too much is seen here."""

_PIECE: Final = 1 << 20
_NO_FIELD: Final = (
    odd_heads.FirstHeaderLineIsContinuationDefect,
    odd_heads.InvalidHeaderDefect,
    odd_heads.MisplacedEnvelopeHeaderDefect,
    odd_heads.MissingHeaderBodySeparatorDefect,
)
_SENT_AT_ONCE: Final = 1 << 19
_BULKY: Final = 1 << 17
"""What a socket may not take at once: from here on it is heard whether the server wants it."""

_GLANCE: Final = 0.1
"""How long to wait for room in the socket before a look at what the server says, in seconds."""

_BODILESS: Final = frozenset({client.NO_CONTENT, client.NOT_MODIFIED})
_LENGTHS: Final = re.compile(r"[0-9]+(?:[ \t]*,[ \t]*[0-9]+)*")
_SILENCE: Final = 60.0
"""What is taken for the longest silence, in seconds, where none is too long."""

_LONGEST_HEAD: Final = 1 << 18
"""How much the head of an answer and those of all interim ones before it may take, in bytes."""

_BESIDES: Final = 1 << 23
"""How much may come that is no content: heads, the frames of chunks, trailers."""

_FRAMED: Final = 8
"""How many times its own size a piece of a stream may have taken, in the smallest chunks."""


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


@frozen
class Pace:
    """How long to wait, in seconds; `None` is for ever.

    :param connect: until a connection stands.
    :param read: for each silence, and for each piece that is sent.
    :param deadline: on the monotonic clock: when the whole must be over.
    :param answer: from the end of the request until the answer is there.
    :param rate: the least that content may make, in bytes a second of waiting.
    :param over: what is over at the deadline.
    """

    connect: float | None
    read: float | None
    deadline: float | None
    answer: float | None = None
    rate: float | None = None
    over: str = "the time for the whole exchange is over"

    def within(self, limit: float | None) -> float | None:
        """A limit, or what is left until the deadline if that is less.

        :param limit: seconds.
        :raises Late: nothing is left.
        """
        if self.deadline is None:
            return limit
        left = self.deadline - monotonic()
        if left <= 0:
            raise Late(self.over)
        return left if limit is None else min(limit, left)

    def asked(self) -> Pace:
        """How long to wait from now on, that the request is sent, until the answer is there."""
        if self.answer is None:
            return self
        due = monotonic() + self.answer
        if self.deadline is not None and self.deadline <= due:
            return self
        over = f"the answer was not there {self.answer:g} s after the request"
        return Pace(self.connect, self.read, due, None, self.rate, over)

    @property
    def stretch(self) -> float:
        """Over how many seconds of waiting the rate is looked at."""
        return 2 * (_SILENCE if self.read is None else self.read)


class _Source(RawIOBase):
    """What a server sends, as a stream that keeps the pace and ends nobody knows where."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self.sock = sock
        self.waits: float | None = sock.gettimeout()
        self.tls, self.nested = is_tls(sock), is_nested(sock)
        self.sealed = False
        self.begin(Pace(None, None, None), 0)

    def begin(self, pace: Pace, budget: int) -> None:
        """Get ready for one answer.

        :param pace: how long to wait.
        :param budget: how many bytes may come, all in all.
        """
        self.pace, self.budget = pace, budget
        self.heard, self.in_head, self.bulky, self.head = False, True, False, 0
        self.count_anew()

    def count_anew(self) -> None:
        """Begin to look at the rate."""
        self.waited, self.passed = 0.0, 0

    def wait(self) -> None:
        """Set how long the socket may block next."""
        limit = self.pace.within(self.pace.read)
        if limit != self.waits or self.nested:
            self.sock.settimeout(limit)
            self.waits = limit

    def keep_up(self, began: float, count: int) -> None:
        """Look whether content makes its rate; a socket that never blocks is never too slow.

        :param began: when the wait for it began.
        :param count: how many bytes there were in the end.
        :raises Late: it does not.
        """
        rate = self.pace.rate
        if rate is None:
            return
        self.waited += monotonic() - began
        self.passed += count
        if self.waited >= self.pace.stretch:
            if self.passed < rate * self.waited:
                raise Late(f"{self.passed} bytes in {self.waited:.3g} s are below {rate:g} B/s")
            self.count_anew()

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
        limit, began = self.pace.within(self.pace.read), monotonic()
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
                self.keep_up(began, count)
                return count
            listening = not readable  # an interim answer stays there: it is not looked at at once

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Buffer, /) -> int | None:
        if self.sealed:
            return None
        self.wait()
        began = monotonic()
        try:
            count = self.sock.recv_into(buffer)
        except TimeoutError:
            self.pace.within(None)  # says which limit it was
            raise
        if not self.in_head:
            self.keep_up(began, count)
        elif count:
            self.heard = True
            self.head += count
            if self.head > _LONGEST_HEAD:
                raise ConnectionError("the head of its answer has no end")
        else:  # `http.client` would take it for the end of the head
            raise ConnectionError("closed before its answer was whole")
        self.budget -= count
        if self.budget < 0:
            raise TooMuch
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
        source.bulky = source.bulky or len(content) > _BULKY
        while content:
            source.wait()
            piece = content[:_SENT_AT_ONCE]
            if source.bulky and not source.tls:
                content = content[source.send(piece) :]
            else:
                began = monotonic()
                source.sock.sendall(piece)
                source.keep_up(began, len(piece))
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
        if self.status in _BODILESS:
            self.chunked = False  # it would read what there cannot be (RFC 9112, section 6.3)
        rest: object = self.headers.get_payload()
        odd = self.headers.defects
        if (isinstance(rest, str) and rest) or any(isinstance(what, _NO_FIELD) for what in odd):
            raise client.HTTPException("a line of its head is no header field")
        odd.clear()  # about a multipart's parts, of which a head has none

    @override
    def flush(self) -> None:
        """Nothing is written here; and the collector may have closed already what is read from."""


def _tunnel_answer(
    pace: Pace, sock: socket.socket, method: str | None = None
) -> client.HTTPResponse:
    """A proxy's answer to CONNECT, of which `http.client` would read without end."""
    source = _Source(sock)
    source.begin(pace, _BESIDES)
    paced = _Paced(source, BufferedReader(source))
    return client.HTTPResponse(cast("socket.socket", paced), method=method)


class Link:
    """A connection that stands; one thread at a time may use it.

    :param connection: connected.
    :param sock: its socket.
    """

    __slots__ = ("__weakref__", "_connection", "_reader", "_sent", "_source")

    def __init__(self, connection: HTTPConnection, sock: socket.socket) -> None:
        self._connection = connection
        self._source = _Source(sock)
        self._reader = _Reader(self._source, _BUFFER)
        self._sent = False
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
        self._source.begin(pace, 2 * limit + _BESIDES)
        self._sent = True
        sent, fields = _measured(body, fields)
        try:
            self._connection.request(
                method, target, sent, fields, preload_content=False, decode_content=False
            )
        except (ConnectionError, ssl.SSLError):
            self._sent = False  # a server may refuse a body before it has read it: see what it says
        self._source.pace = pace.asked()
        self._source.count_anew()
        try:
            answer = self._connection.getresponse()
        except TimeoutError:
            raise
        except OSError as error:
            if self._source.heard:
                raise
            raise ClosedEarly("closed without an answer") from error
        self._source.in_head = False
        if not self._sent and 200 <= answer.status < 300:
            raise ConnectionError("granted before the whole request was there")
        return answer

    def streaming(self, answer: HTTPResponse, limit: int | None, pace: Pace) -> Iterator[bytes]:
        """The content of an answer in pieces.

        :param answer: its head was read, its content not.
        :param limit: how much of it there may be, in bytes; `None`: any length.
        :param pace: how long to wait; the time for the answer is for its head.
        :raises FAULTS: it is not whole, or its frames are far larger than what is in them.
        """
        _know_frames(answer)
        self._source.budget = _BESIDES
        self._source.pace = pace
        came = 0
        for piece in pieces(answer):
            self._source.budget += _FRAMED * len(piece)
            came += len(piece)
            if limit is not None and came > limit:
                raise TooMuch(limit)
            yield piece

    def reusable(self, answer: HTTPResponse) -> bool:
        """Whether another request may follow.

        :param answer: to the request before; its content was read.
        """
        return (
            self._sent
            and answer.closed
            and answer.status != client.SWITCHING_PROTOCOLS
            and not self._connection.is_closed
            and _is_clear(answer)
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
        limit = connection.timeout = pace.within(pace.connect)
        tunnelling = Pace(limit, None, None if limit is None else monotonic() + limit)
        connection.response_class = cast(
            "type[client.HTTPResponse]", partial(_tunnel_answer, tunnelling)
        )
        connection.set_debuglevel(0)  # it would print each login, whoever told `http.client` to
        connection.connect()
        pace.within(None)
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
    return answer.headers.get("content-encoding", "").lower() in ("gzip", "x-gzip")


def pieces(answer: HTTPResponse, size: int = _PIECE) -> Iterator[bytes]:
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


def _is_clear(answer: HTTPResponse) -> bool:
    """Whether nobody on the way may have taken something else for the end of an answer."""
    length = answer.headers.get("content-length")
    if answer.status == client.NO_CONTENT:
        return length in (None, "0") and not answer.chunked
    return not (answer.chunked and length is not None)  # RFC 9112, section 6.3


def _know_frames(answer: HTTPResponse) -> None:
    """See that it is clear where an answer ends; of one that is not nothing may be used.

    `http.client` takes a length that is none for no length, and reads until the connection ends
    (RFC 9112, section 6.3).
    """
    if answer.status in _BODILESS:
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
    coded, length = packed(answer), answer.length_remaining
    # What does not compress grows a little in gzip.
    most = limit + limit // 1000 + 1024 if coded else limit
    if (length or 0) > most:
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
    if answer.status in _BODILESS:
        answer.read()  # nothing, and then it is over
        return b"", False
    length = answer.length_remaining
    if length is not None and length <= min(_PIECE, limit) and not packed(answer):
        return answer.read(), False  # in one go, as almost all are
    return _gathered(answer, limit)


def _gathered(answer: HTTPResponse, limit: int) -> tuple[bytes, bool]:
    gathered = BytesIO()
    for piece in pieces(answer, min(_PIECE, limit + 1)):
        room = limit - gathered.tell()
        gathered.write(piece[:room])
        if len(piece) > room:
            return gathered.getvalue(), True
    return gathered.getvalue(), False
