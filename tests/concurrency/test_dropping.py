"""Iterators and streams that nobody reads to their end: whatever ends them, nothing is held."""

from __future__ import annotations

import gc
import re
import threading
from collections.abc import Callable, Iterator
from threading import Event
from typing import Final, TypeAlias

import pytest

from cvatfn import Outcome, Success, connect, pages, paginate, poll, prefetching, walk_storage
from cvatfn.messages import Request
from cvatfn.schedule import constant
from cvatfn.transfer.streaming import stream_url
from cvatfn.transport import Connection
from tests.concurrency.processes import PATIENCE, program
from tests.concurrency.test_threads import Watching
from tests.pagination.listings import numbered, numbers
from tests.transport.conftest import Serve
from tests.transport.wire import Peer, Server, ok, value_of

ITEMS: Final = list(range(60))
PICTURE: Final = bytes(1 << 20)
CONTENT: Final = (
    b'{"next": "more%d", "content": [{"name": "%d.jpg", "type": "REG", "mime_type": "i"}]}'
)

Iterating: TypeAlias = Iterator[Outcome[object, object]]


def answer(target: str) -> bytes:
    """A page of numbers, of a storage, or a picture."""
    page = int((re.search(r"[?&]page=(\d+)", target) or ["", "1"])[1])
    if "/content-v2" in target:
        number = int((re.search(r"more(\d+)", target) or ["", "0"])[1]) + 1
        return ok(CONTENT % (number, number), "Content-Type: application/vnd.cvat+json")
    if "/numbers" in target:
        body = numbered(ITEMS, page, 2).body
        return ok(body, "Content-Type: application/vnd.cvat+json")
    return ok(PICTURE if "picture" in target else target.encode())


class Answering(Watching):
    """A server of all that."""

    def __call__(self, peer: Peer) -> None:
        self.count(1)
        while (asked := peer.request()) is not None:
            peer.send(answer(asked.split()[1].decode()))
        self.count(-1)


def walk(cvat: Connection) -> Iterating:
    return paginate(cvat, numbers)


def walk_ahead(cvat: Connection) -> Iterating:
    return paginate(cvat, prefetching(numbers, 3))


def walk_pages(cvat: Connection) -> Iterating:
    return pages(cvat, prefetching(numbers, 2))


def walk_files(cvat: Connection) -> Iterating:
    return walk_storage(cvat, 7)


def streamed(cvat: Connection) -> Iterating:
    return iter(stream_url(cvat, "/picture").unwrap())


def by_del(begun: list[Iterating]) -> None:
    del begun[:]


def by_close(begun: list[Iterating]) -> None:
    close: object = getattr(begun[0], "close", None)
    assert callable(close)
    close()


def by_exception(begun: list[Iterating]) -> None:
    def consumer() -> None:
        for _ in begun.pop():
            raise LookupError("found it")

    with pytest.raises(LookupError):
        consumer()


def by_the_collector_in_another_thread(begun: list[Iterating]) -> None:
    class Ring:
        """It holds itself: only the collector can free it."""

        def __init__(self, held: Iterating) -> None:
            self.held, self.ring = held, self

    gc.disable()
    try:
        Ring(begun.pop())
        thread = threading.Thread(target=gc.collect)
        thread.start()
        thread.join()
    finally:
        gc.enable()


# Of what is freed together, the collector may come to the socket first, which says so.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket")
@pytest.mark.parametrize(
    "dropped", [by_del, by_close, by_exception, by_the_collector_in_another_thread]
)
@pytest.mark.parametrize("begin", [walk, walk_ahead, walk_pages, walk_files, streamed])
def test_what_is_dropped_half_way_holds_no_link_and_no_thread(
    begin: Callable[[Connection], Iterating],
    dropped: Callable[[list[Iterating]], None],
    serve: Serve,
) -> None:
    answering = Answering()
    server = serve(answering)
    with connect(server.url) as cvat:
        begun = [begin(cvat)]
        assert isinstance(next(begun[0]), Success)
        dropped(begun)
        _joined()
        # What was asked for ahead has come and gave its link back; a stream's went with it.
        assert answering.comes_to(0 if begin is streamed else server.connections)
        for path in ("/a", "/b"):
            assert value_of(cvat(Request("GET", path))).body == path.encode()
        assert server.connections <= 5
    assert answering.comes_to(0)


def _joined() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("cvatfn"):
            thread.join(PATIENCE)
            assert not thread.is_alive()


@pytest.mark.parametrize("raised", [GeneratorExit, MemoryError, KeyboardInterrupt, SystemExit])
def test_a_poll_that_is_ended_by_what_it_tells_holds_nothing(
    raised: type[BaseException], serve: Serve
) -> None:
    answering = Answering()
    server = serve(answering)

    def ended(_: object) -> None:
        raise raised

    with connect(server.url) as cvat:

        def step() -> Outcome[object, object]:
            return cvat(Request("GET", "/a"))

        with pytest.raises(raised):
            poll(step, lambda _: False, constant(0), on_value=ended)
        with pytest.raises(raised):
            poll(step, lambda _: False, constant(1), sleep=ended)
        value_of(cvat(Request("GET", "/b")))
        assert server.connections == 1


# At the end of the program.

BEGINNING: Final = """
import atexit, sys, threading

@atexit.register  # before all others, so it is called after them: logs are closed by now
def last():
    asking = [each for each in threading.enumerate() if each.name == "cvatfn-ahead"]
    if asking and "retrying" not in sys.argv:  # who waits for the next try writes nothing any more
        print(f"{len(asking)} threads may still write to a log", file=sys.stderr)

import logging
from itertools import islice
from cvatfn import connect, paginate, prefetching
from cvatfn.schedule import exponential
from cvatfn.transfer.streaming import stream_url
from cvatfn.transport import logged, retrying
from tests.pagination.listings import numbers

logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, format="logged %(levelname)s")
cvat = connect(sys.argv[1])
around = logged(retrying(cvat, exponential(30)) if "retrying" in sys.argv else cvat)
walk = paginate(around, prefetching(numbers, 3))
assert len(list(islice(walk, 3))) == 3
assert any(thread.name == "cvatfn-ahead" for thread in threading.enumerate())
"""

ENDINGS: Final = {
    "the end of it": ("", 0),
    "a walk that is dropped": ("del walk", 0),
    "sys.exit": ("sys.exit(3)", 3),
    "a stream beside it": ("pieces = stream_url(cvat, '/picture').unwrap(); next(pieces)", 0),
    "a connection that is closed": ("cvat.close()", 0),
}


@pytest.mark.parametrize(
    ("ending", "around"),
    [*((each, "logged") for each in ENDINGS), ("the end of it", "retrying")],
)
def test_a_program_ends_at_once_and_in_silence_while_pages_are_on_the_wire(
    ending: str, around: str
) -> None:
    text, code = ENDINGS[ending]
    stalled = Event()

    def behaviour(peer: Peer) -> None:
        while (asked := peer.request()) is not None:
            target = asked.split()[1].decode()
            if re.search(r"[?&]page=([3-9]|\d\d)", target):
                stalled.set()
                peer.pause()
                return
            peer.send(answer(target))

    with Server(behaviour) as server:
        done = program(BEGINNING + text, server.url, around)
        assert stalled.is_set()
    assert done.returncode == code, done.stderr
    noise = [line for line in done.stderr.splitlines() if not line.startswith("logged ")]
    assert noise == []
