"""What the asynchronous connection does on the wire, where the suite does not look."""

from __future__ import annotations

import gc
import pickle
import threading
from base64 import b64encode
from collections.abc import Awaitable, Callable
from io import BytesIO

import anyio
import anyio.to_thread
import pytest
from attrs import evolve

from cvatfn import Outcome, Request, Response, aio
from cvatfn.aio import AsyncConnection, connect_async
from cvatfn.auth import AccessToken
from cvatfn.codecs.files import Content, Part
from cvatfn.errors import (
    ConnectionLost,
    TimedOut,
    TransportError,
    Unsendable,
)
from cvatfn.messages import Timeout
from cvatfn.outcome import Success
from cvatfn.schedule import constant
from tests.aio.conftest import Authority, Serve
from tests.transport.wire import (
    Peer,
    Server,
    always,
    answering,
    doing,
    error_of,
    fields_of,
    ok,
    relay,
    silent,
    value_of,
)

GET = Request("GET", "/x")
POST = Request("POST", "/x", body=b"{}")
STREAMED = Request("GET", "/x", streamed=True)
SHORT = 0.1
PATIENCE = 30.0


def _ran(backend: str, act: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        with anyio.fail_after(PATIENCE):
            await act()

    anyio.run(main, backend=backend)


def _asked(
    backend: str, connection: AsyncConnection, *requests: Request
) -> list[Outcome[Response, TransportError]]:
    """What requests come to, one after the other, and the connection closed."""
    came: list[Outcome[Response, TransportError]] = []

    async def act() -> None:
        async with connection:
            came.extend([await connection(request) for request in requests])

    _ran(backend, act)
    return came


def test_a_hundred_requests_are_under_way_at_once(serve: Serve, backend: str) -> None:
    together = threading.Barrier(100, timeout=PATIENCE)

    def behaviour(peer: Peer) -> None:
        while (asked := peer.request()) is not None:
            together.wait()  # passes only where a hundred are under way
            peer.send(ok(asked.split(b" ")[1]))

    server = serve(behaviour)
    bodies: dict[int, bytes] = {}

    async def act() -> None:
        async with connect_async(server.url) as connection:

            async def ask(number: int) -> None:
                bodies[number] = value_of(await connection(Request("GET", f"/{number}"))).body

            async with anyio.create_task_group() as asking:
                for number in range(100):
                    asking.start_soon(ask, number)

    _ran(backend, act)
    assert bodies == {number: f"/{number}".encode() for number in range(100)}


def _forging() -> Callable[[Peer], None]:
    """Answer the first request twice, any other one once."""
    forged = iter([ok(b"first") + ok(b"forged")])

    def behaviour(peer: Peer) -> None:
        while peer.request() is not None:
            peer.send(next(forged, ok(b"second")))

    return behaviour


def test_an_answer_that_nobody_asked_for_is_not_that_to_the_next_request(
    serve: Serve, backend: str
) -> None:
    behaviour = _forging()
    server = serve(behaviour)
    first, second = _asked(backend, connect_async(server.url), GET, GET)
    assert value_of(first).body == b"first"
    # It was there before it was asked for, so nothing that comes over this link is believed.
    assert value_of(second).body == b"second"


def test_the_time_for_the_whole_holds_for_a_stream(serve: Serve, backend: str) -> None:
    server = serve(doing(Peer.request, lambda peer: peer.send(ok(bytes(9))[:-4]), Peer.linger))
    pieces: list[Outcome[bytes, TransportError]] = []

    async def act() -> None:
        async with connect_async(server.url) as connection:
            asked = evolve(STREAMED, timeout=Timeout(total=SHORT))
            stream = value_of(await connection(asked)).astream
            assert stream is not None
            pieces.extend([piece async for piece in stream])

    _ran(backend, act)
    assert pieces[0] == Success(bytes(5))
    assert isinstance(pieces[1].failure(), TimedOut)


@pytest.mark.parametrize("interim", [b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"])
def test_a_refusal_is_heard_while_a_large_body_is_sent(
    serve: Serve, backend: str, interim: bytes
) -> None:
    def refuse(peer: Peer) -> None:
        peer.taken()
        peer.send(interim + ok(b"too large", status="413 No"))
        peer.pause()

    body = Content((Part(BytesIO(bytes(50_000_000))),))
    request = Request("POST", "/x", body=body, timeout=Timeout(read=PATIENCE * 2))
    (outcome,) = _asked(backend, connect_async(serve(refuse).url), request)
    assert (value_of(outcome).status, value_of(outcome).body) == (413, b"too large")


def test_what_is_granted_before_all_was_sent_is_not_believed(serve: Serve, backend: str) -> None:
    def grant(peer: Peer) -> None:
        peer.taken()
        peer.send(ok(b"done"))
        peer.pause()

    body = Content((Part(BytesIO(bytes(50_000_000))),))
    (outcome,) = _asked(backend, connect_async(serve(grant).url), Request("POST", "/x", body=body))
    assert isinstance(error_of(outcome), ConnectionLost)


def test_a_stream_that_is_dropped_gives_its_link_up(serve: Serve, backend: str) -> None:
    def behaviour(peer: Peer) -> None:
        asked = peer.request()
        if asked is not None and b"/next" in asked:
            peer.send(ok(b"next"))
        else:
            peer.send(ok(bytes(9))[:-4])
            peer.linger()

    server = serve(behaviour)

    async def act() -> None:
        async with connect_async(server.url) as connection:
            dropped = value_of(await connection(STREAMED))
            assert dropped.astream is not None
            await anext(dropped.astream)
            del dropped
            gc.collect()
            assert value_of(await connection(Request("GET", "/next"))).body == b"next"

    _ran(backend, act)


def test_a_stream_ends_with_its_connection(serve: Serve, backend: str) -> None:
    server = serve(doing(Peer.request, lambda peer: peer.send(ok(bytes(9))[:-4]), Peer.linger))
    pieces: list[Outcome[bytes, TransportError]] = []

    async def act() -> None:
        async with connect_async(server.url) as connection:
            stream = value_of(await connection(STREAMED)).astream
            assert stream is not None
            pieces.append(await anext(stream))
        pieces.extend([piece async for piece in stream])

    _ran(backend, act)
    first, last = pieces
    assert first == Success(bytes(5))
    assert isinstance(last.failure(), ConnectionLost)


def test_the_end_of_the_block_ends_what_is_under_way(serve: Serve, backend: str) -> None:
    server = serve(doing(Peer.request, silent))
    came: list[Outcome[Response, TransportError]] = []

    async def act() -> None:
        connection = connect_async(server.url)

        async def ask() -> None:
            came.append(await connection(POST))

        async with anyio.create_task_group() as asking:
            asking.start_soon(ask)
            while not server.requests:
                await anyio.sleep(0.001)
            await connection.aclose()
            await connection.aclose()
        assert connection.closed
        came.append(await connection(GET))

    _ran(backend, act)
    lost, unsent = map(error_of, came)
    assert isinstance(lost, ConnectionLost)
    assert lost.may_have_acted
    assert isinstance(unsent, Unsendable)


def test_it_tries_again_as_it_was_told(serve: Serve, backend: str) -> None:
    server = serve(answering(ok(status="503 Later"), ok(b"now")))
    patient = connect_async(server.url, retry=constant(0.0, attempts=3))
    (outcome,) = _asked(backend, patient, GET)
    assert value_of(outcome).body == b"now"


def test_links_stay_in_the_event_loop_that_they_were_opened_in(serve: Serve, backend: str) -> None:
    connection = connect_async(serve(always(ok(b"x"))).url)

    async def elsewhere() -> None:
        error = error_of(await connection(GET))
        assert isinstance(error, Unsendable)
        assert "another event loop" in error.reason

    async def act() -> None:
        async with connection:
            value_of(await connection(GET))
            await anyio.to_thread.run_sync(lambda: _ran(backend, elsewhere))
            value_of(await connection(GET))

    _ran(backend, act)


def test_a_connection_without_links_goes_with_its_caller(serve: Serve, backend: str) -> None:
    connection = connect_async(serve(always(ok(b"x"))).url, pool_size=0)

    async def act() -> None:
        value_of(await connection(GET))

    _ran(backend, act)
    _ran(backend, act)


def test_it_pickles_by_its_settings_and_shows_no_secret() -> None:
    connection = connect_async("cvat.example", auth=AccessToken("s3cret"), pool_size=3)
    copy: object = pickle.loads(pickle.dumps(connection))  # noqa: S301 - made in this line
    assert repr(copy) == repr(connection)
    assert "s3cret" not in repr(connection)


def test_a_forged_answer_is_seen_through_tls_too(authority: Authority, backend: str) -> None:
    behaviour = _forging()
    with Server(behaviour, authority.right) as server:
        connection = connect_async(server.url, ca_bundle=authority.ca_bundle)
        first, second = _asked(backend, connection, GET, GET)
    assert value_of(first).body == b"first"
    assert value_of(second).body == b"second"


def _proxying(server: Server) -> Callable[[Peer], None]:
    def behaviour(peer: Peer) -> None:
        head = peer.taken()
        assert head is not None
        if head.method == "CONNECT":
            peer.send(b"HTTP/1.1 200 Open\r\n\r\n")
            relay(peer, ("127.0.0.1", server.port))
        else:
            peer.send(ok(head.target.encode()))

    return behaviour


def test_through_a_proxy_the_login_for_it_goes_to_it_alone(
    serve: Serve, authority: Authority, backend: str
) -> None:
    login = "Basic " + b64encode(b"me:pr0xy").decode()
    plain = serve(always(ok(b"x")))
    proxy = serve(_proxying(plain))
    through = f"http://me:pr0xy@127.0.0.1:{proxy.port}"
    (outcome,) = _asked(backend, connect_async(plain.url, proxy=through), GET)
    assert value_of(outcome).body == f"{plain.url}/x".encode()
    assert fields_of(proxy.requests[0])["proxy-authorization"] == login
    with Server(always(ok(b"secret")), authority.right) as secured:
        proxy = serve(_proxying(secured))
        through = f"http://me:pr0xy@127.0.0.1:{proxy.port}"
        connection = connect_async(secured.url, proxy=through, ca_bundle=authority.ca_bundle)
        (outcome,) = _asked(backend, connection, GET)
        assert value_of(outcome).body == b"secret"
        assert fields_of(proxy.requests[0])["proxy-authorization"] == login
        assert "proxy-authorization" not in fields_of(secured.requests[0])


def test_a_proxy_that_falls_silent_is_given_up_with_the_time_to_connect(
    serve: Serve, backend: str
) -> None:
    connection = connect_async(
        "https://127.0.0.1:9", proxy=serve(silent).url, timeout=(SHORT, PATIENCE * 2)
    )
    (outcome,) = _asked(backend, connection, POST)
    error = error_of(outcome)
    assert isinstance(error, TimedOut)
    assert not error.may_have_acted


def test_one_connection_serves_one_call_after_another(serve: Serve, backend: str) -> None:
    server = serve(always(ok(b'{"detail": "no"}', "Content-Type: application/json")))

    async def act() -> None:
        async with connect_async(server.url) as connection:
            told = await aio.request(connection, GET)
            assert told.unwrap().body == b'{"detail": "no"}'
            followed = await aio.follow(connection, f"{server.url}/y?z=1")
            assert followed.unwrap().status == 200

    _ran(backend, act)
    assert server.requests[1].startswith(b"GET /y?z=1 HTTP/1.1\r\n")
