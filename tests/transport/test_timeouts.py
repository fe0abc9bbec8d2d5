"""No wait is longer than it was told to be, whatever the server does meanwhile."""

from __future__ import annotations

import socket
from time import monotonic

import pytest

from cvatfn.errors import TimedOut, Unsendable
from cvatfn.messages import Request, Timeout
from cvatfn.schedule import constant
from cvatfn.transport import connect
from tests.transport.conftest import Serve
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
    serve: Serve, behaviour: Behaviour, timeout: float | tuple[None, float]
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
def test_a_trickle_ends_with_the_time_for_the_whole(serve: Serve, behaviour: Behaviour) -> None:
    with connect(serve(behaviour).url, timeout=Timeout(read=PATIENT, total=SHORT)) as transport:
        began = monotonic()
        error = error_of(transport(GET))
        assert monotonic() - began < PATIENT
    assert isinstance(error, TimedOut)


def test_a_body_that_nobody_reads_is_given_up(serve: Serve) -> None:
    def behaviour(peer: Peer) -> None:
        peer.head()
        peer.pause()

    server = serve(behaviour)
    with connect(server.url, timeout=(None, SHORT)) as transport:
        error = error_of(transport(Request("POST", "/", body=bytes(50_000_000))))
    assert isinstance(error, TimedOut)
    assert error.may_have_acted


def test_a_requests_own_limits_win_over_the_connections(serve: Serve) -> None:
    with connect(serve(silent).url, timeout=PATIENT) as transport:
        error = error_of(transport(Request("GET", "/", timeout=Timeout(read=SHORT))))
        assert isinstance(error, TimedOut)
        assert "0.1 s" in error.reason


def test_limits_of_one_exchange_do_not_outlive_it(serve: Serve) -> None:
    def behaviour(peer: Peer) -> None:
        peer.request()
        peer.send(ok(b"first"))
        peer.request()
        peer.quiet_for(SHORT)
        peer.send(ok(b"second"))
        peer.linger()

    server = serve(behaviour)
    with connect(server.url, timeout=None) as transport:
        transport(Request("GET", "/", timeout=Timeout(total=PATIENT, read=SHORT / 2)))
        assert transport(GET).unwrap().body == b"second"
    assert server.connections == 1


def test_redirects_and_retries_share_the_time_for_the_whole(serve: Serve) -> None:
    again = ok(b"", "Location: /again", status="302 Found")
    server = serve(answering(again, again, ok(status="503 Later"), again))
    with connect(server.url, timeout=PATIENT, retry=constant(PATIENT * 2)) as transport:
        assert transport(GET).unwrap().status == 503
    assert len(server.requests) == 3


def test_connecting_is_limited_and_acts_on_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_tls_handshake_that_is_never_answered_acts_on_nothing(serve: Serve) -> None:
    url = serve(silent).url.replace("http:", "https:")
    with connect(url, timeout=SHORT) as transport:
        error = error_of(transport(Request("POST", "/")))
    assert isinstance(error, TimedOut)
    assert not error.may_have_acted


@pytest.mark.parametrize("timeout", [2e6, 10, None, (5, None), Timeout(total=1e-9 + 5)])
def test_any_sensible_limit_can_be_kept(
    timeout: float | tuple[float, None] | Timeout | None,
) -> None:
    with Server(always(ok(b"x"))) as server, connect(server.url, timeout=timeout) as transport:
        assert transport(GET).unwrap().body == b"x"


@pytest.mark.parametrize("limit", [4_294_968.0, 1e9])
def test_a_limit_that_a_socket_would_take_for_less_is_refused(serve: Serve, limit: float) -> None:
    """`poll` counts milliseconds in 32 bits: 4,294,968 s came to 0.7 s."""
    with pytest.raises(ValueError, match="timeout"):
        connect("cvat.example", timeout=limit)
    server = serve(always(ok()))
    with connect(server.url) as transport:
        error = error_of(transport(Request("GET", "/", timeout=Timeout(read=limit))))
    assert isinstance(error, Unsendable)
    assert server.requests == []
