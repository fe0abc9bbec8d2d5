"""A hop on the way to a server, on loopback, that breaks on purpose what passes.

    hop = Hop(server.url, Faults(seed=1, drop_answers=0.2, status=0.1))
    with hop as url:  # what the client connects to; paths are the server's
        ...
    assert hop.done["DropAnswer"]

Rule: the hop does what its plan says and no more. It rewrites nothing (`Host` stays as the client
sent it), and a connection to the server that went stale is opened anew, unseen by the client.

The plan is drawn in the order in which requests come, so a run is repeatable where one client
sends one after the other. `Expect: 100-continue` is not waited upon, and the way to the server is
no TLS.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from http.client import responses
from types import TracebackType
from typing import Final
from urllib.parse import urlsplit

from attrs import frozen

from tests.hop.faults import (
    LONGEST_DELAY,
    CutAnswer,
    CutRequest,
    CutRequestUnseen,
    Deaf,
    Delay,
    DropAnswer,
    Faults,
    Pass,
    Refuse,
    RequestFault,
    Status,
    StatusAfter,
    Wrong,
    kind_of,
    place_in,
    plan,
)
from tests.hop.framing import (
    Head,
    Message,
    Source,
    all_but_last,
    answer_to,
    content_of,
    first,
    request_from,
)
from tests.hop.retellings import (
    Answer,
    Drip,
    Ending,
    Retelling,
    Silence,
    told,
)
from tests.hop.thresholds import Handshake, Threshold

__all__ = ["NOW", "Happened", "Hop"]


@frozen
class Happened:
    """What was done to a request.

    :param request: its method and target; empty where the hop refused to read it.
    """

    fault: Wrong
    request: str


class Hop:
    """A TCP proxy of one server, for one `with` block; the block gets its URL.

    :param server: a plain HTTP URL.
    :param faults: what a plan is drawn from, or the plan itself: a fault for each request, in the
        order in which they come. After the last one all pass.
    :param only: which requests the plan is for, once their heads are read; all others pass.
    :param threshold: what a client meets before it can ask: TLS, or what is wrong with it.
    """

    def __init__(
        self,
        server: str,
        faults: Faults | Iterable[Wrong] = (),
        *,
        only: Callable[[Head], bool] | None = None,
        threshold: Threshold = None,
    ) -> None:
        parts = urlsplit(server)
        self._server = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._path = parts.path
        self._plan: Iterator[Wrong] = plan(faults) if isinstance(faults, Faults) else iter(faults)
        self._only = only
        self._threshold = threshold
        self._lock = threading.Lock()
        self._record: list[Happened] = []
        self._open = _Open()
        self._listener = socket.socket()
        self._accepting = threading.Thread(target=self._accept, name="hop")
        self._threads: list[threading.Thread] = []

    @property
    def record(self) -> tuple[Happened, ...]:
        """What was done so far, in order; a fault is here before anyone can see its effect."""
        with self._lock:
            return tuple(self._record)

    @property
    def done(self) -> Counter[str]:
        """How often each kind of fault was done, by its name; `requests` are those that were read.

        What passed is counted as `Pass`.
        """
        record = self.record
        counted = Counter(kind_of(each.fault) for each in record)
        counted["requests"] = sum(bool(each.request) for each in record)
        return counted

    def __enter__(self) -> str:
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self._accepting.start()
        scheme = "http" if self._threshold is None else "https"
        return f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}{self._path}"

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join(10)
        self._listener.close()
        self._open.hang_up()
        for thread in self._threads:
            thread.join(10)
        assert not any(thread.is_alive() for thread in (self._accepting, *self._threads))

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            if isinstance(self._threshold, ssl.SSLContext):
                sock = self._threshold.wrap_socket(
                    sock, server_side=True, do_handshake_on_connect=False
                )
            passage = _Passage(sock, self)
            thread = threading.Thread(target=passage.run, name="hop of one connection")
            self._threads = [thread, *(each for each in self._threads if each.is_alive())]
            thread.start()

    # What connections ask of their hop.

    @property
    def handshake(self) -> Handshake | None:
        """What is done in the place of a handshake."""
        return self._threshold if isinstance(self._threshold, Handshake) else None

    @property
    def looks_first(self) -> bool:
        """Whether a request's head decides if the plan is for it."""
        return self._only is not None

    def next_fault(self, head: Head | None = None) -> Wrong:
        """What the plan says of the next request."""
        if self._only is not None and head is not None and not self._only(head):
            return Pass()
        with self._lock:
            return next(self._plan, Pass())

    def note(self, fault: Wrong, request: str = "") -> None:
        """Put down what is about to be done."""
        with self._lock:
            self._record.append(Happened(fault, request))

    def pause(self, seconds: float | None) -> None:
        """Wait, but not beyond the end of the hop; with `None` until then."""
        self._open.over.wait(seconds)

    def end_of(self, sock: socket.socket) -> _End:
        """The hop's end of a connection."""
        return _End(sock, self._open)

    def connected(self) -> _End:
        """A new connection to the server."""
        sock = socket.create_connection(self._server, timeout=10)
        sock.settimeout(None)
        return self.end_of(sock)


class _Open:
    """All sockets that are in use; who uses one closes it, the hop only wakes who waits on it."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self._lock = threading.Lock()
        self._socks: set[socket.socket] = set()

    def add(self, sock: socket.socket) -> None:
        with self._lock:
            self._socks.add(sock)
            if self.over.is_set():
                _shut(sock, socket.SHUT_RDWR)

    def close(self, sock: socket.socket) -> None:
        with self._lock:
            self._socks.discard(sock)
            sock.close()

    def hang_up(self) -> None:
        with self._lock:
            for sock in self._socks:
                _shut(sock, socket.SHUT_RDWR)


def _shut(sock: socket.socket, how: int) -> None:
    with suppress(OSError):
        sock.shutdown(how)


class _End:
    """One end of a connection: what it sends is a `Source`."""

    def __init__(self, sock: socket.socket, among: _Open) -> None:
        self._sock = sock
        self._among = among
        self.source = Source(sock)
        with suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        among.add(sock)

    def send(self, data: bytes) -> None:
        self._sock.sendall(data)

    def takes(self, data: bytes) -> bool:
        """Whether it could be sent."""
        try:
            self._sock.sendall(data)
        except OSError:
            return False
        return True

    @property
    def stale(self) -> bool:
        """Whether the other side has closed it, or talks unasked."""
        try:
            self._sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True

    def shake_hands(self) -> None:
        """Agree upon TLS, where there is to be any."""
        if isinstance(self._sock, ssl.SSLSocket):
            self._sock.do_handshake()

    def leave(self, *, reset: bool) -> None:
        """Break off, in one of two ways that a client sees alike in each run.

        With FIN, all that still comes is read until the other side goes too: were it closed with
        bytes unread, the kernel would reset it, or not, as time would have it.
        """
        if reset:
            with suppress(OSError):
                linger = struct.pack("ii", 1, 0)
                self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close()
        else:
            self.finish()

    def finish(self) -> None:
        """Say that no more comes, and read on until the other side has closed."""
        _shut(self._sock, socket.SHUT_WR)
        with suppress(OSError):
            _drain(self.source.rest())

    def close(self) -> None:
        self._among.close(self._sock)


class _Passage:
    """One connection of a client, and the one to the server that belongs to it."""

    def __init__(self, sock: socket.socket, hop: Hop) -> None:
        self._hop = hop
        self._client = hop.end_of(sock)
        self._server: _End | None = None

    def run(self) -> None:
        try:
            self._client.shake_hands()
            if self._hop.handshake is not None:
                self._fumble(self._hop.handshake)
            else:
                self._run()
        except OSError:  # client or server failed on its own: the other one sees it
            self._client.leave(reset=True)
        finally:
            self._client.close()
            if self._server is not None:
                self._server.close()

    def _run(self) -> None:
        source = self._client.source
        while source.waits():
            head = source.head() if self._hop.looks_first else None
            fault = self._hop.next_fault(head)
            if isinstance(fault, Refuse):
                self._hop.note(fault)
                self._client.leave(reset=fault.reset)
                return
            head = source.head() if head is None else head
            if head is None:
                return
            request = request_from(head, source)
            self._hop.note(fault, " ".join(head.words[:2]))
            if not self._carry(fault, request):
                return

    def _fumble(self, handshake: Handshake) -> None:
        """Let a client say its first word of TLS, and make nothing of it."""
        self._client.source.waits()
        match handshake.flaw:
            case "reset" | "closed":
                self._client.leave(reset=handshake.flaw == "reset")
            case "no TLS":
                self._client.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                self._client.finish()
            case "stall":
                _drain(self._client.source.rest())

    def _carry(self, fault: RequestFault | Deaf | Retelling, request: Message) -> bool:
        """Do it; whether the connection is there for more."""
        match fault:
            case Pass():
                return self._pass(request)
            case Delay(seconds):
                self._hop.pause(seconds)
                return self._pass(request)
            case Status(code, retry_after):
                _drain(request.pieces())
                self._client.send(_refusal(request, code, retry_after))
                return self._kept(request.keeps)
            case StatusAfter(code):
                answer = self._ask(request)
                _drain(answer.pieces())
                self._client.send(_refusal(request, code, None))
                return self._kept(request.keeps and answer.keeps)
            case CutRequest(at, reset):
                server = self._to_server()
                for piece in first(request.pieces(), place_in(at, request.length + 1)):
                    server.send(piece)
                server.finish()
                self._client.leave(reset=reset)
            case CutRequestUnseen(at, reset):
                _drain(first(request.pieces(), place_in(at, request.length + 1)))
                self._client.leave(reset=reset)
            case CutAnswer(at, reset):
                answer = self._ask(request)
                pieces = all_but_last(answer.pieces())
                for piece in first(pieces, place_in(at, answer.length)):
                    self._client.send(piece)
                self._client.leave(reset=reset)
                _drain(pieces)  # the server's part went well
            case DropAnswer(reset):
                _drain(self._ask(request).pieces())
                self._client.leave(reset=reset)
            case Deaf():
                self._hop.pause(None)
            case _:
                return self._retell(fault, request)
        return False

    def _retell(self, retelling: Retelling, request: Message) -> bool:
        """Let the server act, and tell its answer in another way."""
        heard = self._ask(request)
        method, head = request.head.words[0], heard.head
        line, *fields = head.raw.rstrip(b"\r\n").split(b"\r\n")
        content = b"".join(content_of(heard))
        if head.said("content-encoding") == "gzip":
            content = gzip.decompress(content)
        kept = tuple(each for each in fields if _name(each) not in _FRAMES)
        bodiless = method == "HEAD" or head.status in (204, 304)
        for step in told(retelling, Answer(line, kept, content, bodiless)):
            match step:
                case bytes():
                    self._client.send(step)
                case Silence():
                    _drain(self._client.source.rest())
                    return False
                case Drip(data):
                    for at in range(len(data)):
                        self._client.send(data[at : at + 1])
                        self._hop.pause(LONGEST_DELAY)
                    _drain(self._client.source.rest())
                    return False
                case Ending(reset):
                    self._client.leave(reset=reset)
                    return False
        return self._kept(request.keeps and heard.keeps)

    def _pass(self, request: Message) -> bool:
        answer = self._ask(request)
        for piece in answer.pieces():
            self._client.send(piece)
        return self._kept(request.keeps and answer.keeps)

    def _ask(self, request: Message) -> Message:
        """Give the server a request; one that answers before its end need not hear the rest."""
        server = self._to_server()
        listens = True
        for piece in request.pieces():
            listens = listens and server.takes(piece)
        return answer_to(request.head.words[0], server.source)

    def _kept(self, keeps: bool) -> bool:
        if not keeps:
            self._client.leave(reset=False)
        return keeps

    def _to_server(self) -> _End:
        if self._server is not None and self._server.stale:
            self._server.close()
            self._server = None
        if self._server is None:
            self._server = self._hop.connected()
        return self._server


NOW: Final = "Thu, 26 Nov 2026 10:00:00 GMT"
"""What a gateway's clock says."""

_FRAMES: Final = (b"content-encoding", b"content-length", b"transfer-encoding", b"connection")
"""What says how a body is told; a `Retelling` says that anew."""


def _name(line: bytes) -> bytes:
    return line.partition(b":")[0].strip().lower()


def _drain(pieces: Iterator[bytes]) -> None:
    for _ in pieces:
        pass


def _refusal(request: Message, code: int, retry_after: int | str | None) -> bytes:
    """A gateway's answer: a page for people, where a client may have hoped for JSON."""
    title = f"{code} {responses.get(code, 'Refused')}"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    lines = [
        f"HTTP/1.1 {title}",
        "Content-Type: text/html",
        f"Date: {NOW}",
        f"Content-Length: {len(page)}",
        *([] if retry_after is None else [f"Retry-After: {retry_after}"]),
        *([] if request.keeps else ["Connection: close"]),
    ]
    content = "" if request.head.words[0] == "HEAD" else page
    return ("\r\n".join(lines) + "\r\n\r\n" + content).encode("latin-1")
