"""What awaited transfers do that their twins need not: who is told where, and what stays free."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import anyio
import pytest
from attrs import define, field
from typing_extensions import Buffer, override

from cvatfn import File, Response, aio
from cvatfn.api import tasks
from cvatfn.auth import AccessToken
from cvatfn.codecs.files import FileLike
from cvatfn.models import TaskWriteRequest
from cvatfn.schedule import constant
from cvatfn.testing.sandbox import SandboxServer, World, serving
from cvatfn.transfer import Exporting, Importing, Saving, Uploading, of_task
from cvatfn.transfer.progress import Counting
from tests.transfer.uploads import content_of, picture


@define
class _Here(Counting):
    """A progress that knows from which threads it was told."""

    threads: set[int] = field(factory=set[int])

    @override
    def advance(self, count: int, /) -> None:
        self.threads.add(threading.get_ident())
        super().advance(count)


@pytest.fixture
def cvat() -> Iterator[SandboxServer]:
    with serving(World.with_user("ada", "s3cret")) as served:
        yield served


def test_the_main_job_is_done_as_with_threads(
    cvat: SandboxServer, backend: str, tmp_path: Path
) -> None:
    large = tmp_path / "large.bmp"
    large.write_bytes(content_of(picture("large.bmp", 5)) + bytes(3_000_000))
    up, down = _Here(), _Here()
    media: list[FileLike] = [picture("1.bmp", 1), picture("2.bmp", 2), large]
    total = sum(len(content_of(file)) for file in media[:2] if isinstance(file, File))

    async def act() -> None:
        async with aio.connect_async(cvat.url, auth=AccessToken(cvat.token)) as connection:
            named = TaskWriteRequest(name="cats", labels=[{"name": "cat"}])
            task = (await aio.call(connection, tasks.create, named)).unwrap()
            options = Uploading(batch=1_000_000, piece=1_000_000, parallel=3, progress=up)
            begun = await aio.upload_data(connection, task.id, media, options=options)
            now = constant(0.0)
            (await aio.wait_for(connection, begun.unwrap(), schedule=now)).unwrap()
            found = [each.unwrap() async for each in aio.frames(connection, of_task(task.id))]
            assert [number for number, _ in found] == [0, 1, 2]
            to = Exporting(Saving(tmp_path, progress=down), waiting=now)
            made = await aio.export(connection, tasks.create_backup_export, to, task.id)
            file = made.unwrap().file
            assert file is not None
            assert file.path is not None
            restored = await aio.restore_task(connection, Importing(file.path))
            (done,) = await aio.wait_all(connection, [restored.unwrap()], schedule=now)
            assert done.unwrap().result_id is not None
            walked = await aio.collect(aio.paginate(connection, tasks.list))
            assert {each.name for each in walked.unwrap()} == {"cats"}

    anyio.run(act, backend=backend)
    assert (up.done, up.total, up.finished) == (total + large.stat().st_size, up.done, True)
    assert down.finished
    # Whoever watches is told by the event loop, though threads read and write.
    assert up.threads == down.threads == {threading.get_ident()}


def test_the_event_loop_goes_on_while_a_disk_is_waited_for(backend: str) -> None:
    turns, entered = 0, threading.Event()
    leave = threading.Event()

    class Slow(BytesIO):
        @override
        def write(self, piece: Buffer, /) -> int:
            entered.set()
            assert leave.wait(30)
            return super().write(piece)

    async def act() -> None:
        nonlocal turns
        transport = aio.in_memory(lambda _: Response(200, body=b"a picture"))

        async def fetch() -> None:
            got = await aio.download(transport, tasks.retrieve_preview, Slow(), 7)
            assert got.unwrap().size == 9

        async with anyio.create_task_group() as fetching:
            fetching.start_soon(fetch)
            while not entered.is_set():
                await anyio.sleep(0)
            for _ in range(10):
                await anyio.sleep(0)
                turns += 1
            leave.set()

    anyio.run(act, backend=backend)
    assert turns == 10
