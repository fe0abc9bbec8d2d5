"""What the tests of uploads have in common: a task to fill, and a transport that is watched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from io import BytesIO
from threading import Lock
from typing import Final

from PIL import Image

from cvatfn import File, Transport, call, models
from cvatfn.api import tasks
from cvatfn.auth import Basic
from cvatfn.errors import TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Outcome
from cvatfn.schedule import exponential
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.testing.sandbox.state.works import CreateData
from cvatfn.transfer.flows import Effort
from cvatfn.transport import authenticated
from tests.sandbox.kit import settle

ADA: Final = Basic("ada", "s3cret")
HURRIED: Final = Effort(sleep=lambda _: None, schedule=exponential(0.5, attempts=40))
"""Forty tries without a wait."""


def kind_of(request: Request) -> str:
    """Which step of an upload a request is."""
    for header, kind in (
        ("upload-start", "start"),
        ("upload-finish", "finish"),
        ("upload-multiple", "batch"),
        ("upload-length", "create"),
    ):
        if request.headers.get(header) is not None:
            return kind
    return request.method


class Watched:
    """A transport that remembers what went through it.

    :param before: told of each request before it is sent, with its number from 0.
    """

    def __init__(
        self, inner: Transport, before: Callable[[int, Request], object] = lambda _n, _request: None
    ) -> None:
        self.seen: list[tuple[Request, Outcome[Response, TransportError]]] = []
        self._count = 0
        self._inner = inner
        self._before = before
        self._lock = Lock()

    def __call__(self, request: Request) -> Outcome[Response, TransportError]:
        with self._lock:
            number, self._count = self._count, self._count + 1
        self._before(number, request)
        reply = self._inner(request)
        with self._lock:
            self.seen.append((request, reply))
        return reply

    @property
    def kinds(self) -> Counter[str]:
        """How many requests there were of each kind."""
        return Counter(kind_of(request) for request, _ in self.seen)


def furnished() -> tuple[Sandbox, Transport, int]:
    """A sandbox, a login to it, and a task in it that has no data."""
    sandbox = Sandbox(World.with_user("ada", "s3cret"))
    ada = authenticated(sandbox, ADA, sandbox.world.origin)
    return sandbox, ada, new_task(ada)


def new_task(transport: Transport) -> int:
    return call(transport, tasks.create, {"name": "cats"}).unwrap().id


def picture(name: str, number: int = 0) -> File:
    """A tiny picture that is like no other one."""
    written = BytesIO()
    Image.new("RGB", (2, 2), (number >> 8 & 255, number & 255, 7)).save(written, "BMP")
    return File(name, written.getvalue(), "image/bmp")


def content_of(file: File) -> bytes:
    assert isinstance(file.content, bytes)
    return file.content


def contents(files: Sequence[File]) -> dict[str, bytes]:
    return {file.name: content_of(file) for file in files}


def received(sandbox: Sandbox, rq_id: str) -> list[tuple[str, bytes]]:
    """The files that the server made a task of, by name."""
    work = sandbox.world.backgrounds[rq_id].work
    assert isinstance(work, CreateData)
    return sorted((file.name, file.content) for file in work.files)


def frames(transport: Transport, task: int, rq_id: str) -> list[tuple[str, bytes]]:
    """The frames of a task, as they were uploaded, in order; waited for."""
    ended = settle(transport, rq_id)
    assert ended.status is models.RequestStatus.FINISHED, ended.message
    meta = call(transport, tasks.retrieve_data_meta, task).unwrap()
    names = [frame.name for frame in meta.frames or ()]
    return [(name, _frame(transport, task, index)) for index, name in enumerate(names)]


def _frame(transport: Transport, task: int, number: int) -> bytes:
    return call(
        transport, tasks.retrieve_data, task, type="frame", number=number, quality="original"
    ).unwrap()
