"""Cancelled wherever one can be: nothing leaks, no file is half there, the next try ends whole."""

from __future__ import annotations

import gc
import socket
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from itertools import count
from pathlib import Path
from typing import TypeAlias

import anyio
import pytest
from anyio.abc import SocketAttribute, SocketStream
from attrs import frozen
from hypothesis import settings

from cvatfn import File, Outcome, Success, aio, call, prefetching
from cvatfn.api import server as server_api
from cvatfn.api import tasks
from cvatfn.auth import AccessToken
from cvatfn.codecs.files import FileLike
from cvatfn.schedule import constant
from cvatfn.testing.conformance.peers import Peer, Server
from cvatfn.testing.sandbox import SandboxServer, World, serving
from cvatfn.transfer import Exporting, Saving, Uploading
from cvatfn.transport import authenticated
from cvatfn.transport.credentials import Basic
from tests.aio.cancelling import WAYS, Way, cancelled_at, ran
from tests.sandbox.kit import make_task
from tests.transfer.uploads import content_of, picture, received

Act: TypeAlias = Callable[[], Awaitable[object]]

CONTENT = bytes(range(256)) * 2000
MOST = 3000
"""More steps than anything takes here: whoever comes so far goes round in a circle."""


@pytest.fixture(scope="module")
def cvat() -> Iterator[SandboxServer]:
    with serving(World.with_user("ada", "s3cret")) as served:
        yield served


@pytest.fixture(autouse=True)
def _nothing_is_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """No socket is open, no temporary file there, and no thread at work that was begun."""
    spooled = tmp_path_factory.mktemp("spooled")
    monkeypatch.setattr(tempfile, "tempdir", str(spooled))
    opened: list[socket.socket] = []
    connect = anyio.connect_tcp

    async def watched(host: str, port: int) -> SocketStream:
        stream = await connect(host, port)
        sock = stream.extra(SocketAttribute.raw_socket)  # noqa: S610 - no Django
        opened.append(sock)
        return stream

    monkeypatch.setattr(anyio, "connect_tcp", watched)
    yield
    gc.collect()  # whatever was not closed says so now, and that is an error here
    assert opened
    assert [each for each in opened if each.fileno() >= 0] == []
    assert [*spooled.iterdir()] == []
    assert [each for each in threading.enumerate() if each.name.startswith("cvatfn")] == []


def _connected(cvat: SandboxServer) -> aio.AsyncConnection:
    return aio.connect_async(cvat.url, auth=AccessToken(cvat.token))


def _points(way: Way, make: Callable[[int], Act], *, slow: bool = False) -> int:
    """Cancel what is made anew for each point, at each point; how many there were.

    What is slow is cancelled at each point where there is time for that, and otherwise at every
    seventh, from another one on for each way.
    """
    stride = 7 if slow and settings().max_examples < 1000 else 1
    for point in count(1 + WAYS.index(way), stride):
        assert point < MOST
        if not cancelled_at(point, way, make(point)):
            return point
    raise AssertionError("a count ended")


@pytest.mark.parametrize("way", WAYS)
def test_a_call(cvat: SandboxServer, way: Way) -> None:
    async def act() -> None:
        async with _connected(cvat) as connection:
            (await aio.call(connection, server_api.retrieve_about)).unwrap()

    assert _points(way, lambda _: act) > 3
    ran(way, act)


@pytest.mark.parametrize("way", WAYS)
def test_a_walk_with_pages_asked_for_beforehand(cvat: SandboxServer, way: Way) -> None:
    ada = authenticated(cvat.sandbox, Basic("ada", "s3cret"), cvat.sandbox.world.origin)
    if not cvat.sandbox.world.tasks:
        for number in range(9):
            call(ada, tasks.create, {"name": f"{number}"}).unwrap()

    async def act() -> int:
        async with _connected(cvat) as connection:
            walk = aio.paginate(connection, prefetching(tasks.list, 3), page_size=2)
            async with aclosing(walk):
                return len((await aio.collect(walk)).unwrap())

    assert _points(way, lambda _: act) > 10
    assert ran(way, act) >= 9


@pytest.mark.parametrize("way", WAYS)
def test_asking_again(cvat: SandboxServer, way: Way) -> None:
    async def act() -> int:
        tries = count(1)
        async with _connected(cvat) as connection:

            async def ask() -> Outcome[int, object]:
                (await aio.call(connection, server_api.retrieve_about)).unwrap()
                return Success(next(tries))

            return (await aio.poll(ask, lambda tried: tried == 3, constant(0.0))).unwrap()

    assert _points(way, lambda _: act) > 6
    assert ran(way, act) == 3


@frozen
class _Prepared:
    """A server that has one file, sends it with pauses, and goes on with it."""

    def __call__(self, peer: Peer) -> None:
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


@pytest.mark.parametrize("way", WAYS)
def test_a_download(way: Way, tmp_path: Path) -> None:
    with Server(_Prepared()) as prepared:

        def to(place: Path) -> Act:
            async def act() -> int:
                async with aio.connect_async(prepared.url) as connection:
                    return (await aio.download_url(connection, "/file", place)).unwrap().size

            return act

        def make(point: int) -> Act:
            folder = tmp_path / f"{point}"
            folder.mkdir()
            return to(folder / "file")

        assert _points(way, make) > 10
        for folder in tmp_path.iterdir():
            place = folder / "file"
            parts = [each for each in folder.iterdir() if each != place]
            assert not place.exists() or place.read_bytes() == CONTENT
            # What stays can be gone on with: a part has its note.
            assert [each for each in parts if each.suffix not in (".part", ".json")] == []
            assert len(parts) in (0, 2)
            if not place.exists():
                assert ran(way, to(place)) == len(CONTENT)
            assert [each.name for each in folder.iterdir()] == ["file"]
            assert place.read_bytes() == CONTENT


@pytest.mark.parametrize("way", WAYS)
def test_an_upload(cvat: SandboxServer, way: Way, tmp_path: Path) -> None:
    ada = authenticated(cvat.sandbox, Basic("ada", "s3cret"), cvat.sandbox.world.origin)
    files = [picture(f"{number}.bmp", number) for number in range(4)]
    large = tmp_path / "large.bmp"
    large.write_bytes(content_of(picture("large.bmp", 99)) + bytes(500_000))
    made: dict[int, int] = {}

    def make(point: int) -> Act:
        made[point] = call(ada, tasks.create, {"name": f"{point}"}).unwrap().id
        return given(made[point])

    def given(task: int) -> Act:
        options = Uploading(
            batch=200, piece=300_000, parallel=3, journal=tmp_path / f"{task}.journal"
        )

        async def act() -> None:
            async with _connected(cvat) as connection:
                pipe = File("piped.bmp", iter([content_of(picture("piped.bmp", 7))]))
                given: list[FileLike] = [*files, pipe, large]
                await aio.upload_data(connection, task, given, options=options)

        return act

    assert _points(way, make, slow=True) > 50
    expected = sorted((file.name, file.content) for file in (*files, picture("piped.bmp", 7)))
    expected.insert(4, ("large.bmp", large.read_bytes()))
    for task in made.values():
        # A task that was given its data refuses more, so here it does not matter what it answers.
        ran(way, given(task))
        assert received(cvat.sandbox, f"action=create&target=task&target_id={task}") == expected
    assert [*tmp_path.glob("*.journal")] == []


@pytest.mark.parametrize("way", WAYS)
def test_an_export(cvat: SandboxServer, way: Way, tmp_path: Path) -> None:
    ada = authenticated(cvat.sandbox, Basic("ada", "s3cret"), cvat.sandbox.world.origin)
    task = make_task(ada).id

    def to(place: Path) -> Act:
        async def act() -> int:
            async with _connected(cvat) as connection:
                to = Exporting(Saving(place), waiting=constant(0.0))
                endpoint = tasks.create_dataset_export
                exported = await aio.export(connection, endpoint, to, task, format="COCO 1.0")
                return exported.unwrap().request.created_date.year

        return act

    def make(point: int) -> Act:
        folder = tmp_path / f"{point}"
        folder.mkdir()
        return to(folder / "cats.zip")

    assert _points(way, make, slow=True) > 20
    for folder in tmp_path.iterdir():
        place = folder / "cats.zip"
        if not place.exists():
            ran(way, to(place))
        assert [each.name for each in folder.iterdir()] == ["cats.zip"]
        assert place.read_bytes().startswith(b"PK")
