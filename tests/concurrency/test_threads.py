"""One transport under many threads: each gets its own answer, and no more sockets are opened."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Condition, Event
from typing import Final

from cvatfn import (
    Failure,
    Success,
    call,
    collect,
    connect,
    paginate,
    prefetching,
    stream,
    upload_data,
    wait_for,
)
from cvatfn.api import server as about
from cvatfn.api import tasks
from cvatfn.auth import Basic
from cvatfn.errors import Rejected, Unsendable
from cvatfn.messages import Request
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.testing.sandbox import serve as served
from cvatfn.transfer.progress import Counting
from cvatfn.transfer.sending import Uploading
from cvatfn.transfer.streaming import stream_url
from tests.concurrency.processes import PATIENCE
from tests.transfer.uploads import HURRIED, contents, new_task, picture, received
from tests.transport.conftest import Serve
from tests.transport.wire import Peer, ok, value_of

THREADS: Final = 64
POOL: Final = 5


class Watching:
    """A server that answers with what was asked, and knows how many connections are open."""

    def __init__(self, together: Barrier | None = None) -> None:
        self.open = 0
        self.most = 0
        self._changed = Condition()
        self._together = together

    def __call__(self, peer: Peer) -> None:
        self.count(1)
        while (asked := peer.request()) is not None:
            if self._together is not None and b"/together" in asked:
                self._together.wait(PATIENCE)
            peer.send(ok(asked.split()[1]))
        self.count(-1)

    def count(self, by: int) -> None:
        """A connection more, or less."""
        with self._changed:
            self.open += by
            self.most = max(self.most, self.open)
            self._changed.notify_all()

    def comes_to(self, number: int) -> bool:
        """Whether so many connections are open in the end."""
        with self._changed:
            return self._changed.wait_for(lambda: self.open == number, PATIENCE)


def test_as_many_links_as_threads_and_afterwards_as_many_as_the_pool_keeps(serve: Serve) -> None:
    watching = Watching(Barrier(THREADS))
    server = serve(watching)
    with (
        connect(server.url, pool_size=POOL) as transport,
        ThreadPoolExecutor(THREADS) as threads,
    ):
        paths = [f"/together/{number}" for number in range(THREADS)]
        answers = list(threads.map(transport, [Request("GET", path) for path in paths]))
        assert [value_of(answer).body.decode() for answer in answers] == paths
        assert watching.most == server.connections == THREADS
        assert watching.comes_to(POOL)
        for _ in range(3 * POOL):
            value_of(transport(Request("GET", "/alone")))
        assert server.connections == THREADS
    assert watching.comes_to(0)


def test_none_gets_anothers_answer(serve: Serve) -> None:
    watching = Watching()
    server = serve(watching)
    paths = [f"/{number}" for number in range(20 * THREADS)]
    with (
        connect(server.url, pool_size=POOL) as transport,
        ThreadPoolExecutor(THREADS) as threads,
    ):
        answers = threads.map(transport, [Request("GET", path) for path in paths])
        assert [value_of(answer).body.decode() for answer in answers] == paths
    assert watching.most <= THREADS
    assert watching.comes_to(0)


def test_calls_of_every_kind_over_one_connection_from_many_threads() -> None:
    sandbox = Sandbox(World.with_user("ada", "s3cret"))
    ready = Barrier(THREADS)

    def one(number: int) -> str:
        ready.wait(PATIENCE)
        name = f"task {number}"
        made = call(transport, tasks.create, {"name": name}).unwrap()
        assert call(transport, about.retrieve_about).unwrap().name == "CVAT sandbox"
        missing = call(transport, tasks.retrieve, 10_000 + number).failure()
        assert isinstance(missing, Rejected)
        assert f"/api/tasks/{10_000 + number}" in str(missing)
        changed = call(transport, tasks.partial_update, made.id, {"subset": name}).unwrap()
        assert (changed.id, changed.name, changed.subset) == (made.id, name, name)
        with stream(transport, tasks.retrieve, made.id).unwrap() as pieces:
            assert name.encode() in b"".join(piece.unwrap() for piece in pieces)
        listing = prefetching(tasks.list, 2)
        found = collect(paginate(transport, listing, name=name)).unwrap()
        assert [task.id for task in found] == [made.id]
        return name

    with (
        served(sandbox) as url,
        connect(url, auth=Basic("ada", "s3cret"), pool_size=POOL) as transport,
        ThreadPoolExecutor(THREADS) as threads,
    ):
        names = list(threads.map(one, range(THREADS)))
    assert sorted(names) == sorted(task.name for task in sandbox.world.tasks.values())


# Closing while in use.


def test_closing_lets_what_runs_end_and_refuses_what_begins(serve: Serve) -> None:
    asked, closed = Event(), Event()

    def behaviour(peer: Peer) -> None:
        while (request := peer.request()) is not None:
            if b"/slow" in request:
                asked.set()
                closed.wait(PATIENCE)
            peer.send(ok(request.split()[1]))

    server = serve(behaviour)
    transport = connect(server.url)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(transport, Request("GET", "/slow"))
        assert asked.wait(PATIENCE)
        transport.close()
        assert isinstance(transport(Request("GET", "/")).failure(), Unsendable)
        closed.set()
        assert value_of(running.result(PATIENCE)).body == b"/slow"


def test_closing_under_many_threads_leaves_answers_and_refusals(serve: Serve) -> None:
    watching = Watching()
    server = serve(watching)
    transport = connect(server.url, pool_size=3)
    with ThreadPoolExecutor(16) as pool:
        running = [pool.submit(transport, Request("GET", "/x")) for _ in range(200)]
        running[20].result(PATIENCE)
        transport.close()
        outcomes = [asked.result(PATIENCE) for asked in running]
    for outcome in outcomes:
        match outcome:
            case Success(response):
                assert response.body == b"/x"
            case Failure(error):
                assert isinstance(error, Unsendable)
    assert watching.comes_to(0)


def test_a_stream_is_read_to_its_end_though_its_connection_was_closed(serve: Serve) -> None:
    content = bytes(range(256)) * 20_000

    def behaviour(peer: Peer) -> None:
        while peer.request() is not None:
            peer.send(ok(content))

    transport = connect(serve(behaviour).url)
    with stream_url(transport, "/x").unwrap() as pieces:
        first = next(pieces).unwrap()
        transport.close()
        assert first + b"".join(piece.unwrap() for piece in pieces) == content


def test_a_walk_with_pages_ahead_ends_with_a_refusal() -> None:
    sandbox = Sandbox(World.with_user("ada", "s3cret"))
    with served(sandbox) as url, connect(url, auth=Basic("ada", "s3cret")) as transport:
        for number in range(6):
            call(transport, tasks.create, {"name": f"t{number}"}).unwrap()
        walk = paginate(transport, prefetching(tasks.list, 2), page_size=1)
        next(walk).unwrap()
        transport.close()
        *before, last = list(walk)
        assert all(isinstance(each, Success) for each in before)
        assert isinstance(last.failure(), Unsendable)
        assert len(before) <= 3  # what was under way already


def test_waiting_ends_with_a_refusal() -> None:
    sandbox = Sandbox(World.with_user("ada", "s3cret"))
    with served(sandbox) as url, connect(url, auth=Basic("ada", "s3cret")) as transport:
        slept: list[float] = []

        def sleep(seconds: float) -> None:
            slept.append(seconds)
            transport.close()

        ended = wait_for(transport, "action=create&target=task&target_id=1", sleep=sleep)
        assert isinstance(ended.failure(), Unsendable)
        assert len(slept) == 1


def test_an_upload_in_several_threads_ends_with_a_refusal(tmp_path: Path) -> None:
    sandbox = Sandbox(World.with_user("ada", "s3cret"))
    files = [picture(f"{number}.bmp", number) for number in range(12)]
    with served(sandbox) as url:
        with connect(url, auth=Basic("ada", "s3cret")) as transport:
            task = new_task(transport)
            sent = Counting()

            class Closing(Counting):
                def advance(self, count: int, /) -> None:
                    if sent.counts and not transport.closed:
                        transport.close()
                    sent.counts.append(count)

            options = Uploading(
                batch=1,
                piece=40,
                parallel=4,
                journal=tmp_path / "j",
                effort=HURRIED,
                progress=Closing(),
            )
            ended = upload_data(transport, task, files, None, options)
            assert isinstance(ended.failure(), Unsendable)
        with connect(url, auth=Basic("ada", "s3cret")) as transport:
            again = Uploading(batch=1, piece=40, journal=tmp_path / "j", effort=HURRIED)
            begun = upload_data(transport, task, files, None, again).unwrap()
        assert received(sandbox, begun.rq_id) == sorted(contents(files).items())
