"""What the tests of the sandbox make: pictures, and tasks with data."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from zipfile import ZipFile

from PIL import Image

from cvatfn import File, Transport, call, follow, models
from cvatfn.api import requests, tasks
from cvatfn.errors import CallError, Rejected


def picture(name: str, size: tuple[int, int] = (40, 30), color: str = "#2f6fde") -> File:
    """A file with a small image in it."""
    written = BytesIO()
    Image.new("RGB", size, color).save(written, "PNG")
    return File(name, written.getvalue(), "image/png")


def packed(files: Sequence[File]) -> File:
    """A zip of files: only there do names keep their folders."""
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        for file in files:
            assert isinstance(file.content, bytes)
            archive.writestr(file.name, file.content)
    return File("all.zip", written.getvalue())


def settle(transport: Transport, rq_id: str) -> models.Request:
    """Look at background work until it is over: every look moves the world's clock on."""
    while True:
        request = call(transport, requests.retrieve, rq_id).unwrap()
        if request.status not in (models.RequestStatus.QUEUED, models.RequestStatus.STARTED):
            return request


def make_task(
    transport: Transport,
    images: Sequence[File] = (),
    settings: models.DataRequestDict | None = None,
    *,
    name: str = "cats",
    segment_size: int = 0,
    overlap: int = 0,
) -> models.TaskRead:
    """A task with data, made and waited for."""
    body: models.TaskWriteRequestDict = {
        "name": name,
        "segment_size": segment_size,
        "overlap": overlap,
        "labels": [{"name": "cat", "color": "#112233"}, {"name": "dog"}],
    }
    made = call(transport, tasks.create, body).unwrap()
    data: models.DataRequestDict = {**(settings or {}), "client_files": images or three()}
    started = call(transport, tasks.create_data, made.id, data).unwrap()
    assert started is not None
    assert settle(transport, started.rq_id).status is models.RequestStatus.FINISHED
    return call(transport, tasks.retrieve, made.id).unwrap()


def three() -> list[File]:
    """Three pictures of different widths."""
    return [picture(f"{index}.png", (40 + index, 30)) for index in range(3)]


def status_of(error: CallError) -> int:
    """The status with which a server refused."""
    assert isinstance(error, Rejected), error
    return error.status


def fetched(transport: Transport, rq_id: str) -> bytes:
    """The file that an export made, waited for."""
    ended = settle(transport, rq_id)
    assert ended.result_url is not None, ended.message
    return follow(transport, ended.result_url).unwrap().body
