"""Pages asked for beforehand: in order, no more than allowed, and none once nobody wants them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import Outcome, Request, Response, paginate, prefetching
from cvatfn.errors import TransportError
from cvatfn.outcome import Success
from cvatfn.transport.ahead import Ahead
from tests.pagination.listings import Listing, numbers

PATIENCE = 60
"""Seconds after which a test gives up; nothing takes so long that works."""


def _asks(count: int) -> list[Request]:
    return [Request("GET", f"/{number}") for number in range(count)]


def _joined() -> None:
    """Wait for the threads of all that was dropped."""
    for thread in threading.enumerate():
        if thread.name.startswith("cvatfn-ahead"):
            thread.join(PATIENCE)
            assert not thread.is_alive()


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    _joined()


@given(st.integers(1, 5), st.integers(0, 12), st.data())
def test_whatever_comes_first_the_replies_are_those_to_what_was_asked(
    most: int, count: int, data: st.DataObject
) -> None:
    asked = _asks(count)
    foreseen = data.draw(st.lists(st.integers(0, 12), min_size=count, max_size=count))

    def send(request: Request) -> Success[Response]:
        return Success(Response(200, body=request.path.encode()))

    with Ahead(send, most) as ahead:
        for at, request in enumerate(asked):
            reply = ahead.reply(request, asked[at + 1 : at + 1 + foreseen[at]])
            assert reply.unwrap().body == request.path.encode()


def test_so_many_requests_are_under_way_at_once_and_no_more() -> None:
    together = threading.Barrier(3, timeout=PATIENCE)
    lock, inside, most = threading.Lock(), [0], [0]

    def send(request: Request) -> Success[Response]:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        if request.path != "/0":
            together.wait()  # passes only where three are under way
        with lock:
            inside[0] -= 1
        return Success(Response(200))

    asked = _asks(7)
    with Ahead(send, 3) as ahead:
        for at, request in enumerate(asked):
            ahead.reply(request, asked[at + 1 :])
    assert most[0] <= 4


def test_no_more_replies_wait_than_were_allowed() -> None:
    server = Listing(list(range(1000)))
    walk = paginate(server.send, prefetching(numbers, 3), page_size=10)
    list(islice(walk, 11))  # one item of the second page
    list(islice(walk, 0))
    del walk
    _joined()
    assert set(server.pages_asked) <= {1, 2, 3, 4, 5}


def test_whoever_drops_the_iterator_stops_the_asking() -> None:
    release, begun = threading.Event(), threading.Semaphore(0)
    asked: list[Request] = []
    server = Listing(list(range(1000)))

    def send(request: Request) -> Outcome[Response, TransportError]:
        asked.append(request)
        if dict(request.query).get("page", "1") not in ("1", "2"):
            begun.release()
            assert release.wait(PATIENCE)
        return server.send(request)

    walk = paginate(send, prefetching(numbers, 2), page_size=10)
    list(islice(walk, 11))
    assert begun.acquire(timeout=PATIENCE)
    del walk  # while one is on the wire, and the next may be waiting for its turn
    at_most = len(asked) + 1
    release.set()
    _joined()
    assert len(asked) <= at_most


def test_what_a_transport_raises_goes_through() -> None:
    server = Listing(list(range(100)))

    def send(request: Request) -> Outcome[Response, TransportError]:
        if ("page", "3") in request.query:
            raise RuntimeError("a mistake in the transport")
        return server.send(request)

    walk = paginate(send, prefetching(numbers, 4), page_size=10)
    with pytest.raises(RuntimeError, match="a mistake in the transport"):
        list(walk)


def test_what_was_foreseen_in_vain_is_not_kept() -> None:
    sent: list[str] = []

    def send(request: Request) -> Success[Response]:
        sent.append(request.path)
        return Success(Response(200, body=request.path.encode()))

    first, second, third = _asks(3)
    with Ahead(send, 1) as ahead:
        ahead.reply(first, [second])
        assert ahead.reply(third, []).unwrap().body == b"/2"
        assert ahead.reply(second, []).unwrap().body == b"/1"
    assert sent.count("/2") == 1
