"""Pages asked for beforehand: in order, no more than allowed, and none once nobody wants them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import Outcome, Request, Response, paginate, prefetching
from cvatfn.errors import TransportError
from cvatfn.outcome import Success
from cvatfn.transport.ahead import Ahead
from tests.pagination.listings import Listing, numbers

ROOT = Path(__file__).parents[2]
PATIENCE = 60
"""Seconds after which a test gives up; nothing takes so long that works."""


def _asks(count: int) -> list[Request]:
    return [Request("GET", f"/{number}") for number in range(count)]


def _after(coming: list[Request]) -> Callable[[int], list[Request]]:
    return lambda skipped: coming[skipped:]


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

    ahead = Ahead(send, most)
    for at, request in enumerate(asked):
        reply = ahead.reply(request, _after(asked[at + 1 : at + 1 + foreseen[at]]))
        assert reply.unwrap().body == request.path.encode()


def test_so_many_requests_are_under_way_at_once_and_no_more() -> None:
    together = threading.Barrier(3, timeout=PATIENCE)
    lock, inside, most = threading.Lock(), [0], [0]

    def send(request: Request) -> Success[Response]:
        if request.path == "/0":  # in the caller's own thread
            return Success(Response(200))
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        together.wait()  # passes only where three are under way
        with lock:
            inside[0] -= 1
        return Success(Response(200))

    asked = _asks(7)
    ahead = Ahead(send, 3)
    for at, request in enumerate(asked):
        ahead.reply(request, _after(asked[at + 1 :]))
    assert most[0] == 3


def test_no_more_replies_wait_than_were_allowed() -> None:
    server = Listing(list(range(1000)))
    walk = paginate(server.send, prefetching(numbers, 3), page_size=10)
    list(islice(walk, 11))  # one item of the second page
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
    del walk  # while one is on the wire, and the thread of the next may be about to send
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
    ahead = Ahead(send, 1)
    ahead.reply(first, _after([second]))
    assert ahead.reply(third, _after([])).unwrap().body == b"/2"
    assert ahead.reply(second, _after([])).unwrap().body == b"/1"
    _joined()
    assert sorted(sent) == ["/0", "/1", "/1", "/2"]


def test_where_no_thread_can_be_had_the_walk_goes_on_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    server = Listing(list(range(50)))
    walk = paginate(server.send, prefetching(numbers, 4), page_size=10)
    assert [outcome.unwrap() for outcome in walk] == server.items
    assert server.pages_asked == [1, 2, 3, 4, 5]


ON_THE_WIRE = """
import os, threading
from itertools import islice
from cvatfn import paginate, prefetching
from tests.pagination.listings import Listing, numbers

server, parent, go_on = Listing(list(range(50))), os.getpid(), threading.Event()

def send(request):
    if threading.current_thread() is not threading.main_thread() and os.getpid() == parent:
        go_on.wait()
    return server.send(request)

walk = paginate(send, prefetching(numbers, 2), page_size=10)
assert len(list(islice(walk, 11))) == 11
assert threading.active_count() == 3  # two more pages are asked for, and no reply comes
"""


def _ends(program: str) -> bool:
    """Whether a process of its own comes to a good end while requests are on the wire."""
    command = [sys.executable, "-W", "ignore", "-c", ON_THE_WIRE + program]
    done = subprocess.run(command, cwd=ROOT, timeout=PATIENCE, check=False)  # noqa: S603 - our own
    return done.returncode == 0


@pytest.mark.parametrize("program", ["", "del walk"])
def test_the_end_of_the_program_waits_for_no_request(program: str) -> None:
    assert _ends(program)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_forked_process_asks_anew_for_what_was_on_the_wire() -> None:
    assert _ends("""
child = os.fork()
if not child:
    import signal
    signal.alarm(30)
    os._exit(len(list(walk)) != 39)
go_on.set()
assert len(list(walk)) == 39
assert os.waitpid(child, 0)[1] == 0
""")
