"""What is cancelled: small parts of what people do, over real sockets, made anew for each try.

Rule: a scene says what is done, what must go well in the same loop after that was cancelled, and
what must be true when all is over. That nothing is left is the same for all of them.
"""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, aclosing, contextmanager
from itertools import count
from pathlib import Path
from typing import Final, TypeAlias

import anyio
from attrs import field, frozen

from cvatfn import File, Outcome, Request, Success, Transport, aio, call, prefetching
from cvatfn.aio import AsyncConnection, connect_async
from cvatfn.api import server as server_api
from cvatfn.api import tasks
from cvatfn.auth import AccessToken, Basic
from cvatfn.codecs.files import FileLike
from cvatfn.schedule import constant
from cvatfn.testing.sandbox import SandboxServer
from cvatfn.transfer import Exporting, Saving, Uploading
from cvatfn.transport import authenticated, replayed
from tests.aio.cancelling import Act, Way, cancelled_at, ran
from tests.sandbox.kit import make_task
from tests.transfer.uploads import content_of, picture, received
from tests.transport.conftest import Authority
from tests.transport.wire import Peer, Server, always, ok, relay, value_of

__all__ = ["SCENES", "Scene", "Stage"]

CONTENT: Final = bytes(range(256)) * 2000


@frozen
class Stage:
    """Where scenes are played.

    :param cvat: a sandbox over HTTP.
    :param authority: has certificates.
    :param folder: for files.
    :param way: how it is cancelled.
    """

    cvat: SandboxServer
    authority: Authority
    folder: Path
    way: Way


def _nothing() -> None:
    """Nothing more has to be true."""


@frozen
class Scene:
    """Something that is cancelled.

    :param act: makes it anew, for a try of this number.
    :param then: makes what must go well in the same loop, after it was cancelled or has ended.
    :param after: looks at what must be true when all tries are over.
    :param lives_on: whether a connection does, which may have a socket.
    :param steps: how many steps it takes at least.
    """

    act: Callable[[int], Act]
    then: Callable[[int], Act] | None = None
    after: Callable[[], object] = field(default=_nothing)
    lives_on: bool = False
    steps: int = 3


Play: TypeAlias = Callable[[Stage], AbstractContextManager[Scene]]


def _connected(stage: Stage) -> AsyncConnection:
    return connect_async(stage.cvat.url, auth=AccessToken(stage.cvat.token))


def _ada(stage: Stage) -> Transport:
    return authenticated(
        stage.cvat.sandbox, Basic("ada", "s3cret"), stage.cvat.sandbox.world.origin
    )


def _furnished(stage: Stage) -> None:
    """There are tasks to list."""
    for number in range(9 - len(stage.cvat.sandbox.world.tasks)):
        call(_ada(stage), tasks.create, {"name": f"{number}"}).unwrap()


@contextmanager
def a_call(stage: Stage) -> Generator[Scene]:
    async def act() -> None:
        async with _connected(stage) as connection:
            (await aio.call(connection, server_api.retrieve_about)).unwrap()

    yield Scene(lambda _: act, lambda _: act)


def _telling(peer: Peer) -> None:
    """Answer with what was asked, but for what is elsewhere."""
    while (asked := peer.request()) is not None:
        path = asked.split()[1]
        if path.startswith(b"/moved"):
            path = path.removeprefix(b"/moved")
            peer.send(ok(b"", f"Location: {path.decode()}", status="307 Moved"))
        else:
            peer.send(ok(path))


async def _told(transport: aio.AsyncTransport, path: str) -> None:
    assert value_of(await transport(Request("GET", path))).body == path.encode()


@contextmanager
def a_call_over_a_connection_that_lives_on(_: Stage) -> Generator[Scene]:
    """None gets another's answer, though one was cancelled while it was on its way."""
    with Server(_telling) as server:
        connection = connect_async(server.url)

        async def act(number: int) -> None:
            for turn in range(2):
                await _told(connection, f"/cancelled/{number}/{turn}")
            moved = await connection(Request("GET", f"/moved/cancelled/{number}"))
            assert value_of(moved).body == f"/cancelled/{number}".encode()

        async def then(number: int) -> None:
            for turn in range(3):
                await _told(connection, f"/then/{number}/{turn}")
            await connection.aclose()

        def anew(number: int) -> Act:
            nonlocal connection
            connection = connect_async(server.url)
            return lambda: act(number)

        yield Scene(anew, lambda number: lambda: then(number), lives_on=True)


@contextmanager
def a_stream_over_a_connection_that_lives_on(_: Stage) -> Generator[Scene]:
    with Server(always(ok(bytes(300_000)))) as server:
        connection = connect_async(server.url)

        async def act() -> None:
            for most in (1, 1 << 20):  # the one is closed before its end
                streamed = (await aio.stream_url(connection, "/x")).unwrap()
                async with streamed as pieces:
                    came = 0
                    while came < most and (piece := await anext(pieces, None)) is not None:
                        came += len(piece.unwrap())
                        await anyio.sleep(0)
            assert value_of(await connection(Request("GET", "/x"))).body == bytes(300_000)
            dropped = value_of(await connection(Request("GET", "/x", streamed=True)))
            assert dropped.astream is not None
            await anext(dropped.astream)

        async def then() -> None:
            gc.collect()
            assert value_of(await connection(Request("GET", "/x"))).body == bytes(300_000)
            await connection.aclose()

        def anew(_: int) -> Act:
            nonlocal connection
            connection = connect_async(server.url)
            return act

        yield Scene(anew, lambda _: then, lives_on=True)


@contextmanager
def a_call_through_a_proxy_with_tls_to_both(stage: Stage) -> Generator[Scene]:
    """Opening a link has the most steps here: TLS to the proxy, its tunnel, TLS through it."""
    authority = stage.authority
    with Server(always(ok(b"x")), authority.right) as server:

        def behaviour(peer: Peer) -> None:
            if peer.taken() is not None:
                peer.send(b"HTTP/1.1 200 Open\r\n\r\n")
                relay(peer, ("127.0.0.1", server.port))

        with Server(behaviour, authority.right) as proxy:

            async def act() -> None:
                async with connect_async(
                    server.url, proxy=proxy.url, ca_bundle=authority.ca_bundle
                ) as connection:
                    for _ in range(2):  # TLS may have read beforehand what nobody asked for
                        assert value_of(await connection(Request("GET", "/x"))).body == b"x"

            yield Scene(lambda _: act, lambda _: act, steps=10)


@contextmanager
def a_call_through_wrappers(stage: Stage) -> Generator[Scene]:
    """What is written down is whole, whoever else may write next."""
    recording = stage.folder / "recording.jsonl"

    async def act() -> None:
        async with _connected(stage) as connection:
            limited = aio.rate_limited(aio.recorded(connection, recording), 1000, per=0.001)
            patient = aio.retrying(aio.logged(limited), constant(0.0, attempts=2))
            (await aio.call(patient, server_api.retrieve_about)).unwrap()
        (await aio.call(stage.cvat.sandbox.aio, server_api.retrieve_about)).unwrap()

    def after() -> None:
        replay = replayed(recording)
        while replay.unused:
            call(replay, server_api.retrieve_about).unwrap()

    yield Scene(lambda _: act, lambda _: act, after, steps=6)


@contextmanager
def a_walk_with_pages_asked_for_beforehand(stage: Stage) -> Generator[Scene]:
    _furnished(stage)

    async def act() -> None:
        async with _connected(stage) as connection:
            walk = aio.paginate(connection, prefetching(tasks.list, 3), page_size=2)
            async with aclosing(walk):
                assert len((await aio.collect(walk)).unwrap()) >= 9
            plain = aio.paginate(connection, tasks.list)
            assert len((await aio.collect(plain)).unwrap()) >= 9

    yield Scene(lambda _: act, lambda _: act, steps=10)


@contextmanager
def a_walk_that_is_dropped(stage: Stage) -> Generator[Scene]:
    """Nobody closes it: that is for the event loop's own hooks."""
    _furnished(stage)

    async def act() -> None:
        async with _connected(stage) as connection:
            async for outcome in aio.paginate(connection, prefetching(tasks.list, 3), page_size=2):
                outcome.unwrap()
                await anyio.sleep(0)

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Async generator .* garbage", ResourceWarning)  # trio's
        yield Scene(lambda _: act, steps=10)


@contextmanager
def asking_again(stage: Stage) -> Generator[Scene]:
    async def act() -> None:
        tries = count(1)
        async with _connected(stage) as connection:

            async def ask() -> Outcome[int, object]:
                (await aio.call(connection, server_api.retrieve_about)).unwrap()
                return Success(next(tries))

            assert (await aio.poll(ask, lambda tried: tried == 3, constant(0.0))).unwrap() == 3

    yield Scene(lambda _: act, lambda _: act, steps=6)


def _prepared(peer: Peer) -> None:
    """A server that has one file, sends it with pauses, and goes on with it."""
    while (asked := peer.request()) is not None:
        start = 0
        if b"Range: bytes=" in asked:
            start = int(asked.partition(b"Range: bytes=")[2].partition(b"-")[0])
        left = CONTENT[start:]
        head = b"HTTP/1.1 206 Part" if start else b"HTTP/1.1 200 OK"
        span = f"Content-Range: bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}\r\n"
        told = f'ETag: "a1"\r\nAccept-Ranges: bytes\r\nContent-Length: {len(left)}\r\n\r\n'
        peer.send(head + b"\r\n" + (span if start else "").encode() + told.encode())
        for begin in range(0, len(left), 100_000):
            peer.send(left[begin : begin + 100_000])


@contextmanager
def a_download(stage: Stage) -> Generator[Scene]:
    """One that was cancelled is gone on with, and cancelled again, and gone on with."""
    with Server(_prepared) as prepared:

        def make(number: int) -> Act:
            place = stage.folder / f"{number}"
            place.mkdir(exist_ok=True)

            async def act() -> None:
                async with connect_async(prepared.url) as connection:
                    got = await aio.download_url(connection, "/file", place / "file")
                    assert got.unwrap().size == len(CONTENT)

            return act

        def is_sound(place: Path) -> None:
            file = place / "file"
            parts = [each for each in place.iterdir() if each != file]
            assert not file.exists() or file.read_bytes() == CONTENT
            # What stays can be gone on with: a part has its note.
            assert [each for each in parts if each.suffix not in (".part", ".json")] == []
            assert len(parts) in (0, 2)

        def after() -> None:
            for number, place in enumerate(sorted(stage.folder.iterdir())):
                is_sound(place)
                if not (place / "file").exists():
                    cancelled_at(1 + number % 23, stage.way, make(int(place.name)))
                    is_sound(place)
                    ran(stage.way, make(int(place.name)))
                assert [each.name for each in place.iterdir()] == ["file"]
                assert (place / "file").read_bytes() == CONTENT

        yield Scene(make, after=after, steps=10)


@contextmanager
def an_upload(stage: Stage) -> Generator[Scene]:
    """In batches, in pieces (TUS), what can be read once only among it; and with a journal."""
    sandbox = stage.cvat.sandbox
    ada = _ada(stage)
    files = [picture(f"{number}.bmp", number) for number in range(4)]
    large = stage.folder / "large.bmp"
    large.write_bytes(content_of(picture("large.bmp", 99)) + bytes(500_000))
    made: dict[int, int] = {}
    came: dict[int, object] = {}

    def journal(task: int) -> Path:
        return stage.folder / f"{task}.journal"

    def make(number: int) -> Act:
        if number not in made:
            made[number] = call(ada, tasks.create, {"name": f"{number}"}).unwrap().id
        task = made[number]
        options = Uploading(batch=200, piece=300_000, parallel=3, journal=journal(task))

        async def act() -> None:
            async with _connected(stage) as connection:
                pipe = File("piped.bmp", iter([content_of(picture("piped.bmp", 7))]))
                media: list[FileLike] = [*files, pipe, large]
                # A task that has its data refuses more: what it answers does not matter here.
                came[task] = await aio.upload_data(connection, task, media, options=options)

        return act

    def after() -> None:
        expected = sorted((file.name, file.content) for file in (*files, picture("piped.bmp", 7)))
        expected.insert(4, ("large.bmp", large.read_bytes()))
        for number, task in made.items():
            rq_id = f"action=create&target=task&target_id={task}"
            if number % 3 == 0 and rq_id not in sandbox.world.backgrounds:
                cancelled_at(1 + number % 97, stage.way, make(number))
            ran(stage.way, make(number))
            assert received(sandbox, rq_id) == expected
            assert not (isinstance(came.get(task), Success) and journal(task).exists())

    yield Scene(make, after=after, steps=50)


@contextmanager
def an_export(stage: Stage) -> Generator[Scene]:
    task = make_task(_ada(stage)).id

    def make(number: int) -> Act:
        place = stage.folder / f"{number}"
        place.mkdir(exist_ok=True)

        async def act() -> None:
            async with _connected(stage) as connection:
                to = Exporting(Saving(place / "cats.zip"), waiting=constant(0.0))
                endpoint = tasks.create_dataset_export
                exported = await aio.export(connection, endpoint, to, task, format="COCO 1.0")
                exported.unwrap()

        return act

    def after() -> None:
        for place in stage.folder.iterdir():
            if not (place / "cats.zip").exists():
                ran(stage.way, make(int(place.name)))
            assert [each.name for each in place.iterdir()] == ["cats.zip"]
            assert (place / "cats.zip").read_bytes().startswith(b"PK")

    yield Scene(make, after=after, steps=20)


SCENES: Final[Mapping[str, Play]] = {
    play.__name__: play
    for play in (
        a_call,
        a_call_over_a_connection_that_lives_on,
        a_stream_over_a_connection_that_lives_on,
        a_call_through_a_proxy_with_tls_to_both,
        a_call_through_wrappers,
        a_walk_with_pages_asked_for_beforehand,
        a_walk_that_is_dropped,
        asking_again,
        a_download,
        an_upload,
        an_export,
    )
}
