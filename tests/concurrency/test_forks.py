"""Forked processes: no lock is held there, no socket is shared, and what was half made is whole."""

from __future__ import annotations

import ast
import gc
import multiprocessing
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock
from typing import Annotated, Final

import pytest

import cvatfn
from cvatfn import Failure, Success, Transport, call, connect, models
from cvatfn.api import server as about
from cvatfn.api import tasks
from cvatfn.auth import Basic
from cvatfn.codecs.native import paused_collector
from cvatfn.endpoints import Query, get
from cvatfn.errors import ConnectionLost
from cvatfn.forking import making
from cvatfn.messages import Request, Response
from cvatfn.schedule import constant
from cvatfn.testing.sandbox import Sandbox, World, serve
from cvatfn.transport import (
    Budget,
    Connection,
    rate_limited,
    recorded,
    replayed,
    retrying,
)
from tests.concurrency.processes import PATIENCE, forking, forks
from tests.transport.conftest import Authority
from tests.transport.wire import Peer, Server, always, ok, value_of

GET: Final = Request("GET", "/api/server/about")

pytestmark = forks


@contextmanager
def held(lock: object) -> Generator[None]:
    """Another thread holds a lock."""
    assert isinstance(lock, type(Lock()))
    has_it, leave = Event(), Event()

    def hold() -> None:
        with lock:
            has_it.set()
            leave.wait(PATIENCE)

    thread = threading.Thread(target=hold)
    thread.start()
    assert has_it.wait(PATIENCE)
    try:
        yield
    finally:
        leave.set()
        thread.join()


def lock_of(thing: object) -> object:
    """The lock that something keeps to itself."""
    lock: object = vars(type(thing))["_lock"].__get__(thing)
    return lock


def echo(_: Request) -> Success[Response]:
    return Success(Response(200, body=b"{}"))


def budget(_: Path) -> tuple[object, Transport]:
    shared = Budget()
    busy = retrying(
        lambda _: Success(Response(503)), constant(0, attempts=2), budget=shared, sleep=_no_wait
    )
    return lock_of(shared), busy


def limiter(_: Path) -> tuple[object, Transport]:
    limited = rate_limited(echo, 100)
    return lock_of(_part(limited, "_Turns")), limited


def recording(folder: Path) -> tuple[object, Transport]:
    transport = recorded(echo, folder / "it.jsonl")
    return lock_of(_part(transport, "_Recorder")), transport


def replay(folder: Path) -> tuple[object, Transport]:
    value_of(recorded(echo, folder / "it.jsonl")(GET))
    transport = replayed(folder / "it.jsonl")
    return lock_of(transport), transport


def _part(wrapper: object, kind: str) -> object:
    return next(each for each in _parts(wrapper) if type(each).__name__ == kind)


def _parts(wrapper: object) -> Iterator[object]:
    """What a wrapper is made of: what it calls, and what that is a method of."""
    held: tuple[object, ...] = getattr(wrapper, "args", ())
    for each in (*held, getattr(wrapper, "__self__", None)):
        if each is not None:
            yield each
            yield from _parts(each)


def _no_wait(_: float) -> None:
    pass


@pytest.mark.parametrize("made", [budget, limiter, recording, replay])
def test_a_forked_process_finds_no_lock_held(
    made: Callable[[Path], tuple[object, Transport]], tmp_path: Path
) -> None:
    lock, transport = made(tmp_path)
    with held(lock), forking(lambda: transport(GET).unwrap()):
        pass
    transport(GET)  # and the parent finds its own as it was


def test_in_a_forked_process_nobody_waits_for_a_turn() -> None:
    asleep, wake = Event(), Event()
    now = [0.0]

    def sleep(_: float) -> None:
        asleep.set()
        wake.wait(PATIENCE)
        now[0] += 10

    limited = rate_limited(echo, 1, per=10, clock=lambda: now[0], sleep=sleep)
    value_of(limited(GET))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(limited, GET)  # its turn is at 10
        assert asleep.wait(PATIENCE)

        def child() -> None:
            now[0] = 10
            wake.set()  # a wait would end, but there is none
            value_of(limited(GET))
            assert now == [10]

        with forking(child):
            pass
        wake.set()
        value_of(waiting.result(PATIENCE))


def test_a_large_answer_that_is_read_meanwhile_leaves_the_collector_awake() -> None:
    assert gc.isenabled()
    inside, leave = Event(), Event()

    def read() -> None:
        with paused_collector(1 << 20):
            inside.set()
            leave.wait(PATIENCE)

    def child() -> None:
        assert gc.isenabled()
        with paused_collector(1 << 20):
            assert not gc.isenabled()
        assert gc.isenabled()

    thread = threading.Thread(target=read)
    thread.start()
    assert inside.wait(PATIENCE)
    with forking(child):
        assert not gc.isenabled()
    leave.set()
    thread.join()
    assert gc.isenabled()


def test_a_fork_waits_for_what_is_being_made_and_lets_others_in() -> None:
    inside, forks_now = Event(), Event()
    made: list[str] = []

    def make() -> None:
        with making():
            inside.set()
            assert forks_now.wait(PATIENCE)
            nested = threading.Thread(target=others)  # as an import may wait for another thread's
            nested.start()
            nested.join()
            made.append("mine")

    def others() -> None:
        with making():
            made.append("theirs")

    thread = threading.Thread(target=make)
    thread.start()
    assert inside.wait(PATIENCE)
    forks_now.set()
    with forking(lambda: _equal(made, ["theirs", "mine"])):
        pass
    thread.join()
    assert made == ["theirs", "mine"]


def _equal(found: object, expected: object) -> None:
    assert found == expected


_READ: Final = Event()
_FORKS: Final = Event()


def _slow() -> Query:
    """An annotation that takes its time to be read, as one does that imports models."""
    _READ.set()
    _FORKS.wait(PATIENCE)
    return Query("slow")


@get("/api/slow")
def slowly(slow: Annotated[int, _slow()]) -> models.About: ...


def test_a_signature_that_is_read_for_the_first_time_is_whole_in_the_child() -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(lambda: slowly.parameters)
        assert _READ.wait(PATIENCE)
        _FORKS.set()
        with forking(lambda: _equal([each.name for each in slowly.parameters], ["slow"])):
            pass
        assert [each.name for each in first.result(PATIENCE)] == ["slow"]


def test_a_process_may_be_forked_by_what_makes_something() -> None:
    with making(), forking(lambda: making().__enter__()):
        pass


DECIDED: Final = {
    "aio/homes.py": {"Lock"},  # made anew in the child, with the home
    "codecs/native.py": {"Lock"},  # made anew in the child; the one for decoders is in `making`
    "forking.py": {"Condition"},  # a fork takes it, and the child makes it anew
    "testing/conformance/checks/sharing.py": {"Barrier"},  # a check's own
    "testing/conformance/peers.py": {"Event"},  # a test server's own
    "testing/sandbox/__main__.py": {"Event"},  # of a program of its own
    "testing/sandbox/files/packed.py": {"Lock"},  # within `making`
    "testing/sandbox/transport.py": {"Lock"},  # made anew in the child
    "transfer/journal.py": {"Lock"},  # of one upload, whose threads are not in the child
    "transfer/progress.py": {"Lock"},  # of one upload, as above
    "transport/budgets.py": {"Lock"},  # made anew in the child
    "transport/rates.py": {"Lock"},  # made anew in the child
    "transport/recordings.py": {"Lock"},  # made anew in the child
}
"""Every kind of lock in the package by the module that makes it, and what becomes of it."""

_LOCKS: Final = {"Lock", "RLock", "Condition", "Event", "Semaphore", "BoundedSemaphore", "Barrier"}


def test_of_every_lock_it_is_decided_what_becomes_of_it_in_a_forked_process() -> None:
    root = Path(cvatfn.__file__).parent
    sources = {path: path.read_text() for path in sorted(root.rglob("*.py"))}
    found = {
        str(path.relative_to(root)): set(_made(ast.parse(source)))
        for path, source in sources.items()
        if "from threading import" in source or "import threading" in source
    }
    assert {name: kinds for name, kinds in found.items() if kinds} == DECIDED


def _made(tree: ast.Module) -> Iterator[str]:
    """What is called, or given to be called, that bears a lock's name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for each in (node.func, *(keyword.value for keyword in node.keywords)):
                name = ast.unparse(each).rpartition(".")[2]
                if name in _LOCKS:
                    yield name


# Sockets.


def silent_until(asked: Event, released: Event) -> Callable[[Peer], None]:
    def behaviour(peer: Peer) -> None:
        while (request := peer.request()) is not None:
            if b"/slow" in request:
                asked.set()
                released.wait(PATIENCE)
            peer.send(ok(request.split()[1]))

    return behaviour


@pytest.fixture(params=["http", "https"])
def secure(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "https")


@contextmanager
def connected(
    behaviour: Callable[[Peer], None], authority: Authority | None
) -> Generator[tuple[Server, Connection]]:
    context = None if authority is None else authority.right
    bundle = None if authority is None else authority.ca_bundle
    with Server(behaviour, context) as server, connect(server.url, ca_bundle=bundle) as transport:
        yield server, transport


def test_a_child_uses_links_of_its_own_while_the_parent_is_in_a_call(
    secure: bool, authority: Authority
) -> None:
    asked, released = Event(), Event()
    with (
        connected(silent_until(asked, released), authority if secure else None) as (
            server,
            transport,
        ),
        ThreadPoolExecutor(1) as pool,
    ):
        assert value_of(transport(Request("GET", "/first"))).body == b"/first"
        running = pool.submit(transport, Request("GET", "/slow"))
        assert asked.wait(PATIENCE)

        def child() -> None:
            for path in ("/a", "/b"):
                assert value_of(transport(Request("GET", path))).body == path.encode()

        with forking(child):
            pass
        released.set()
        assert value_of(running.result(PATIENCE)).body == b"/slow"
        for path in ("/c", "/d"):
            assert value_of(transport(Request("GET", path))).body == path.encode()
        assert server.connections == 2  # the parent's one, and the child's


def test_a_link_that_the_parent_closes_is_closed_though_a_child_lives(
    secure: bool, authority: Authority
) -> None:
    gone, leave = Event(), multiprocessing.Event()

    def behaviour(peer: Peer) -> None:
        while (request := peer.request()) is not None:
            peer.send(ok(request.split()[1]))
        gone.set()

    with connected(behaviour, authority if secure else None) as (_, transport):
        value_of(transport(GET))
        with forking(lambda: leave.wait(PATIENCE)):
            transport.close()
            assert gone.wait(PATIENCE)
            leave.set()


def test_a_stream_goes_on_in_the_parent_alone() -> None:
    content = bytes(range(256)) * 40_000
    with (
        Server(always(ok(content))) as server,
        connect(server.url) as transport,
    ):
        stream = value_of(transport(Request("GET", "/", streamed=True))).stream
        assert stream is not None
        got = next(stream).unwrap()

        def child() -> None:
            outcomes = list(stream)
            assert isinstance(outcomes[-1], Failure)
            assert isinstance(outcomes[-1].failure(), ConnectionLost)
            value_of(transport(GET))

        with forking(child):
            pass
        assert got + b"".join(piece.unwrap() for piece in stream) == content


# Pools of processes.


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_endpoints_and_connections_go_to_pools_of_processes(method: str) -> None:
    sandbox = Sandbox(World.with_user("ada", "s3cret"))
    with serve(sandbox) as url, connect(url, auth=Basic("ada", "s3cret")) as transport:
        made = [call(transport, tasks.create, {"name": f"t{number}"}).unwrap() for number in (1, 2)]
        context = multiprocessing.get_context(method)
        with ProcessPoolExecutor(2, mp_context=context) as pool:
            version = pool.submit(call, transport, about.retrieve_about)
            asked = [pool.submit(call, transport, tasks.retrieve, each.id) for each in made]
            missing = pool.submit(call, transport, tasks.retrieve, 404)
            assert version.result(PATIENCE).unwrap().version == sandbox.world.version
            assert [each.result(PATIENCE).unwrap() for each in asked] == made
            assert isinstance(missing.result(PATIENCE), Failure)
        assert call(transport, tasks.retrieve, made[0].id) == Success(made[0])
