"""No wait is longer than it was told to be, whatever the server does meanwhile."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from time import monotonic

import pytest

import cvatfn
from cvatfn.aio import connect_async, wires
from cvatfn.codecs.files import Content, Once, Part
from cvatfn.errors import ConnectionLost, TimedOut, Unsendable
from cvatfn.messages import Request, Timeout
from cvatfn.schedule import constant
from cvatfn.transport import Transport, links
from cvatfn.transport.settings import DEFAULT_TIMEOUT
from tests.transport.conftest import Connect, Serve
from tests.transport.wire import Behaviour, Peer, Server, always, answering, error_of, ok, silent

GET = Request("GET", "/")
SHORT = 0.1
PATIENT = 5.0  # far more than any machine needs for what is to be over after SHORT


def _then_silent(data: bytes) -> Behaviour:
    def behaviour(peer: Peer) -> None:
        peer.request()
        peer.send(data)
        peer.linger()

    return behaviour


def _trickling(start: bytes, drop: bytes) -> Behaviour:
    def behaviour(peer: Peer) -> None:
        peer.request()
        peer.send(start)
        while peer.quiet_for(SHORT / 10):
            peer.send(drop)

    return behaviour


STALLS: dict[str, Behaviour] = {
    "never answers": silent,
    "stops in the status line": _then_silent(b"HTTP/1.1 2"),
    "stops in the head": _then_silent(b"HTTP/1.1 200 OK\r\nX: y\r\n"),
    "stops in the body": _then_silent(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123"),
    "stops in a chunk": _then_silent(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n12"
    ),
    "never ends": _then_silent(b"HTTP/1.1 200 OK\r\n\r\nabc"),
    "only says to continue": _then_silent(b"HTTP/1.1 100 Continue\r\n\r\n"),
}

TRICKLES: dict[str, Behaviour] = {
    "a status line": _trickling(b"HTTP/1.1 200 ", b"x"),
    "header fields": _trickling(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
    "a body": _trickling(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", b"x"),
    "chunks": _trickling(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "interim answers": _trickling(b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
}


@pytest.mark.parametrize("behaviour", STALLS.values(), ids=STALLS.keys())
@pytest.mark.parametrize("timeout", [SHORT, (None, SHORT)], ids=["total", "read"])
def test_a_stall_ends_in_time(
    connect: Connect, serve: Serve, behaviour: Behaviour, timeout: float | tuple[None, float]
) -> None:
    with connect(serve(behaviour).url, timeout=timeout) as transport:
        began = monotonic()
        error = error_of(transport(GET))
        assert monotonic() - began < PATIENT
    assert isinstance(error, TimedOut)
    assert error.may_have_acted
    said = "the time for the whole" if timeout == SHORT else "no word from it for 0.1 s"
    assert said in str(error)


@pytest.mark.parametrize("behaviour", TRICKLES.values(), ids=TRICKLES.keys())
def test_a_trickle_ends_with_the_time_for_the_whole(
    connect: Connect, serve: Serve, behaviour: Behaviour
) -> None:
    with connect(serve(behaviour).url, timeout=Timeout(read=PATIENT, total=SHORT)) as transport:
        began = monotonic()
        error = error_of(transport(GET))
        assert monotonic() - began < PATIENT
    assert isinstance(error, TimedOut)


@pytest.mark.parametrize("behaviour", TRICKLES.values(), ids=TRICKLES.keys())
def test_a_trickle_ends_with_the_time_for_the_answer(
    connect: Connect, serve: Serve, behaviour: Behaviour
) -> None:
    with connect(serve(behaviour).url, timeout=Timeout(read=PATIENT, answer=SHORT)) as transport:
        began = monotonic()
        error = error_of(transport(GET))
        assert monotonic() - began < PATIENT
    assert isinstance(error, TimedOut)
    assert error.reason == "the answer was not there 0.1 s after the request"


def test_the_time_for_the_answer_begins_when_the_request_is_sent(
    connect: Connect, serve: Serve, set_clock: SetClock
) -> None:
    clock = Clock(0.0)

    def sent() -> Iterator[bytes]:
        yield b"x"
        clock.now += 1000.0  # so long it takes to read what is sent
        yield b"y"

    with connect(serve(always(ok(b"z"))).url, timeout=Timeout(answer=10.0)) as transport:
        set_clock(clock)
        body = Content((Part(Once(sent())),))
        assert transport(Request("POST", "/", body=body)).unwrap().body == b"z"


def test_as_it_is_nothing_lasts_for_ever() -> None:
    assert None not in (DEFAULT_TIMEOUT.read, DEFAULT_TIMEOUT.answer, DEFAULT_TIMEOUT.rate)
    assert DEFAULT_TIMEOUT.total is None  # it would cut honest files
    for transport in (cvatfn.connect, connect_async):
        assert "answer=3600.0, rate=500.0" in repr(transport("cvat.example", timeout=(3, 4)))


class Clock:
    """Each look at it takes so many seconds."""

    def __init__(self, tick: float) -> None:
        self.now = 0.0
        self._tick = tick

    def __call__(self) -> float:
        self.now += self._tick
        return self.now


SetClock = Callable[[Callable[[], float]], None]


@pytest.fixture
def set_clock(world: str, monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Have waits measured by another clock; they last as long as they do."""
    if world == "threads":
        return lambda clock: monkeypatch.setattr(links, "monotonic", clock)
    return lambda clock: monkeypatch.setattr(wires, "current_time", clock)


DRIPPING = _trickling(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", b"x")
RATED = Timeout(read=60.0, rate=500.0)


def streamed(transport: Transport) -> TimedOut:
    stream = transport(Request("GET", "/", streamed=True)).unwrap().stream
    assert stream is not None
    *_, last = stream
    error = last.failure()
    assert isinstance(error, TimedOut)
    return error


def test_content_below_its_rate_is_given_up(
    connect: Connect, serve: Serve, set_clock: SetClock
) -> None:
    with connect(serve(DRIPPING).url, timeout=RATED) as transport:
        set_clock(Clock(30.0))
        whole = error_of(transport(GET))
        for error in (whole, streamed(transport)):
            assert isinstance(error, TimedOut)
            assert error.reason.endswith("bytes in 120 s are below 500 B/s")


def test_content_at_its_rate_comes_whole_however_long_it_takes(
    connect: Connect, serve: Serve, set_clock: SetClock
) -> None:
    large = bytes(4_000_000)
    server = serve(always(ok(large)))
    with connect(server.url, timeout=RATED) as transport:
        set_clock(Clock(1.0))
        assert transport(GET).unwrap().body == large


def test_a_caller_who_is_slow_is_no_slow_server(
    connect: Connect, serve: Serve, set_clock: SetClock
) -> None:
    clock = Clock(0.0)
    large = bytes(20_000_000)
    with connect(serve(always(ok(large))).url, timeout=RATED) as transport:
        set_clock(clock)
        stream = transport(Request("GET", "/", streamed=True)).unwrap().stream
        assert stream is not None
        came = 0
        for piece in stream:
            came += len(piece.unwrap())
            clock.now += 1000.0  # as long as it takes to look at it
        assert came == len(large)


def test_a_server_that_takes_less_than_the_rate_is_given_up(
    connect: Connect, serve: Serve, set_clock: SetClock
) -> None:
    server = serve(always(ok()))
    with connect(server.url, timeout=Timeout(rate=1e9)) as transport:
        set_clock(Clock(30.0))
        error = error_of(transport(Request("POST", "/", body=bytes(20_000_000))))
    assert isinstance(error, TimedOut)
    assert error.may_have_acted
    assert "are below 1e+09 B/s" in error.reason
    assert server.requests == []


def test_how_long_a_server_thinks_is_no_rate(
    connect: Connect, serve: Serve, set_clock: SetClock
) -> None:
    server = serve(always(ok(b"x")))
    with connect(server.url, timeout=RATED) as transport:
        for _ in range(5):
            set_clock(Clock(59.0))
            assert transport(GET).unwrap().body == b"x"


def test_interim_answers_without_end_are_no_answer(connect: Connect, serve: Serve) -> None:
    def behaviour(peer: Peer) -> None:
        peer.request()
        for _ in range(400):
            peer.send(b"HTTP/1.1 102 Processing\r\nX: %s\r\n\r\n" % (b"y" * 4000))

    with connect(serve(behaviour).url) as transport:
        error = error_of(transport(GET))
    assert isinstance(error, ConnectionLost)
    assert error.reason == "the head of its answer has no end"


@pytest.mark.parametrize("rate", [0.0, -1.0, float("inf"), float("nan")])
def test_a_rate_that_cannot_be_kept_is_refused(connect: Connect, rate: float) -> None:
    with pytest.raises(ValueError, match="rate"):
        connect("cvat.example", timeout=Timeout(rate=rate))


def test_a_body_that_nobody_reads_is_given_up(connect: Connect, serve: Serve) -> None:
    def behaviour(peer: Peer) -> None:
        peer.head()
        peer.pause()

    server = serve(behaviour)
    with connect(server.url, timeout=(None, SHORT)) as transport:
        error = error_of(transport(Request("POST", "/", body=bytes(20_000_000))))
    assert isinstance(error, TimedOut)
    assert error.may_have_acted


def test_a_requests_own_limits_win_over_the_connections(connect: Connect, serve: Serve) -> None:
    with connect(serve(silent).url, timeout=PATIENT) as transport:
        error = error_of(transport(Request("GET", "/", timeout=Timeout(read=SHORT))))
        assert isinstance(error, TimedOut)
        assert "0.1 s" in error.reason


def test_limits_of_one_exchange_do_not_outlive_it(connect: Connect, serve: Serve) -> None:
    def behaviour(peer: Peer) -> None:
        peer.request()
        peer.send(ok(b"first"))
        peer.request()
        peer.quiet_for(5 * SHORT)
        peer.send(ok(b"second"))
        peer.linger()

    server = serve(behaviour)
    with connect(server.url, timeout=None) as transport:
        transport(Request("GET", "/", timeout=Timeout(total=PATIENT, read=4 * SHORT)))
        assert transport(GET).unwrap().body == b"second"
    assert server.connections == 1


def test_redirects_and_retries_share_the_time_for_the_whole(connect: Connect, serve: Serve) -> None:
    again = ok(b"", "Location: /again", status="302 Found")
    server = serve(answering(again, again, ok(status="503 Later"), again))
    with connect(server.url, timeout=PATIENT, retry=constant(PATIENT * 2)) as transport:
        assert transport(GET).unwrap().status == 503
    assert len(server.requests) == 3


def test_connecting_is_limited_and_acts_on_nothing(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full backlog drops new connections: what a black hole looks like from inside a host."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address: tuple[str, int] = full.getsockname()
        queued = [socket.socket() for _ in range(8)]
        for sock in queued:
            sock.setblocking(False)
            sock.connect_ex(address)
        stream = (socket.AF_INET, socket.SOCK_STREAM, 0, "", address)

        def resolved(*_: object, **__: object) -> object:
            return [stream] * 5

        monkeypatch.setattr(socket, "getaddrinfo", resolved)
        for timeout in (SHORT, (SHORT, None)):
            with connect(f"http://cvat.invalid:{address[1]}", timeout=timeout) as transport:
                began = monotonic()
                error = error_of(transport(Request("POST", "/")))
                assert monotonic() - began < PATIENT  # each address gets as long as one
            assert isinstance(error, TimedOut)
            assert not error.may_have_acted
            assert "safe to repeat" in str(error)
        for sock in queued:
            sock.close()


def test_a_tls_handshake_that_is_never_answered_acts_on_nothing(
    connect: Connect, serve: Serve
) -> None:
    url = serve(silent).url.replace("http:", "https:")
    with connect(url, timeout=SHORT) as transport:
        error = error_of(transport(Request("POST", "/")))
    assert isinstance(error, TimedOut)
    assert not error.may_have_acted


@pytest.mark.parametrize("timeout", [2e6, 10, None, (5, None), Timeout(total=1e-9 + 5)])
def test_any_sensible_limit_can_be_kept(
    connect: Connect,
    timeout: float | tuple[float, None] | Timeout | None,
) -> None:
    with Server(always(ok(b"x"))) as server, connect(server.url, timeout=timeout) as transport:
        assert transport(GET).unwrap().body == b"x"


@pytest.mark.parametrize("limit", [4_294_968.0, 1e9])
def test_a_limit_that_a_socket_would_take_for_less_is_refused(
    connect: Connect, serve: Serve, limit: float
) -> None:
    """`poll` counts milliseconds in 32 bits: 4,294,968 s came to 0.7 s."""
    with pytest.raises(ValueError, match="timeout"):
        connect("cvat.example", timeout=limit)
    server = serve(always(ok()))
    with connect(server.url) as transport:
        error = error_of(transport(Request("GET", "/", timeout=Timeout(read=limit))))
    assert isinstance(error, Unsendable)
    assert server.requests == []
