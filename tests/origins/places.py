"""Wherever a server may say an address that somebody could follow, and who might.

Rule: a place is what a server answers, given the address, and what a user does there; it knows
neither sockets nor what should come of it.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias

from attrs import frozen

from cvatfn import Transport, call, dumps, export, follow, models, paginate, request, stream
from cvatfn.api import cloudstorages, requests, tasks
from cvatfn.endpoints import get
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.polling import wait_for
from cvatfn.schedule import constant
from cvatfn.storage import walk_storage
from cvatfn.transfer import (
    Importing,
    Saving,
    download,
    download_url,
    import_annotations,
    restore_task,
    stream_url,
)
from cvatfn.transfer.exporting import Exporting
from cvatfn.transfer.flows import Effort

__all__ = ["OTHERS", "REDIRECTS", "Place", "Told"]

Told: TypeAlias = list[Outcome[object, object]]
"""What came of it."""


@frozen
class Place:
    """A place where an address may stand.

    :param name: of the tests.
    :param answers: what the server says, to a method and a path, given the address.
    :param act: what the user does, given the address and a folder.
    :param followed: whether it is one that the library follows, at home.
    """

    name: str
    answers: Callable[[Request, str], Response]
    act: Callable[[Transport, str, Path], Told]
    followed: bool = True


NOW: Final = Effort(schedule=constant(1.0, attempts=3), sleep=lambda _: None, random=lambda: 0.5)
AT_ONCE: Final = constant(1.0, attempts=3)
MOMENT: Final = "2026-11-26T23:00:00Z"
SAID_BY_ALL: Final = ("Content-Location", "Link", "Refresh", "X-Accel-Redirect", "X-Sendfile")


@get("/api/things")
def _things(search: str = "") -> models.Page[models.BasicUser]: ...


def _work(result_url: str) -> Response:
    operation = {"type": "export:dataset", "target": "task", "format": "", "function_id": None}
    numbers = dict.fromkeys(("project_id", "task_id", "job_id"), 1)
    return Response(
        200,
        body=dumps(
            {
                "status": "finished",
                "message": result_url,
                "id": result_url,
                "operation": {**operation, **numbers},
                "progress": 1.0,
                "created_date": MOMENT,
                "started_date": MOMENT,
                "finished_date": MOMENT,
                "expiry_date": MOMENT,
                "owner": {"id": 1, "username": "ada"},
                "result_url": result_url,
                "result_id": None,
            }
        ),
    )


def _header(address: str) -> str:
    """An address as it stands in a header: its bytes read as Latin-1, on one line."""
    text = address.encode("utf-8", "replace").decode("latin-1")
    return text.replace("\r", "").replace("\n", "").replace("\0", "")


def _redirecting(status: int) -> Callable[[Request, str], Response]:
    return lambda _, address: Response(status, {"Location": _header(address)})


def _asking(method: str) -> Callable[[Transport, str, Path], Told]:
    body = None if method in ("GET", "HEAD") else b"s3cret-body"
    return lambda cvat, _, __: [request(cvat, Request(method, "/api/x", body=body))]


def _saying(_: Request, address: str) -> Response:
    said = {name: _header(address) for name in SAID_BY_ALL}
    about = dict.fromkeys(("name", "description", "version", "logo_url", "subtitle"), address)
    return Response(200, {**said, "Refresh": f"0; url={_header(address)}"}, dumps(about))


def _listing(asked: Request, address: str) -> Response:
    first = ("page", "2") not in asked.query and asked.path in ("/api/things", "/api/tasks")
    links = {"count": 9, "previous": address, "next": address if first else None}
    return Response(200, body=dumps({**links, "results": []}))


def _exporting(asked: Request, address: str) -> Response:
    if asked.method == "POST":
        return Response(202, body=b'{"rq_id":"r1"}')
    return _work(address) if asked.path == "/api/requests/r1" else Response(200, body=b"PK")


def _uploading(asked: Request, address: str) -> Response:
    if asked.method == "PATCH":
        return Response(204, {"Upload-Offset": "5", "Location": _header(address)})
    if asked.headers.get("upload-length"):
        named = _header(address) or "a.zip"
        return Response(201, {"Location": _header(address), "Upload-Filename": named})
    return Response(202, body=b'{"rq_id":"r1"}')


def _moving_the_upload(asked: Request, address: str) -> Response:
    """Where an upload stands is to be asked elsewhere, or its next piece to be sent there."""
    if asked.headers.get("upload-length"):
        return Response(201, {"Location": "/api/tasks/1/annotations/7"})
    match asked.method:
        case "PATCH":
            return Response(308 if asked.path.startswith("/api/backup") else 502)
        case "HEAD":
            return Response(302, {"Location": _header(address)})
        case _:
            return Response(202, body=b'{"rq_id":"r1"}')


def _storing(asked: Request, address: str) -> Response:
    led = None if any(name == "next_token" for name, _ in asked.query) else address
    file = {"name": address, "type": "REG", "mime_type": "image"}
    return Response(200, body=dumps({"next": led, "content": [file]}))


def _exported(cvat: Transport, _: str, folder: Path) -> Told:
    to = Exporting(Saving(folder / "d.zip", overwrite=True, effort=NOW), waiting=AT_ONCE)
    return [export(cvat, tasks.create_dataset_export, to, 1, format="COCO 1.0")]


def _imported(cvat: Transport, _: str, __: Path) -> Told:
    file = Importing(b"12345", effort=NOW)
    return [
        import_annotations(cvat, tasks.create_annotations, file, 1, format="COCO 1.0"),
        restore_task(cvat, file),
    ]


def _fetched(cvat: Transport, address: str, folder: Path) -> Told:
    to = Saving(folder / "f.zip", overwrite=True, effort=NOW)
    told: Told = [follow(cvat, address), download_url(cvat, address, to)]
    for opened in (stream_url(cvat, address), stream(cvat, tasks.retrieve_preview, 1)):
        match opened:
            case Success(pieces):
                with pieces:
                    told += list(pieces)
            case Failure():
                told.append(opened)
    return told


REDIRECTS: Final = (
    *(
        Place(
            f"{method}-{status}", _redirecting(status), _asking(method), method in ("GET", "HEAD")
        )
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
        for status in (301, 302, 303, 307, 308)
    ),
    *(
        Place(f"GET-{status}", _redirecting(status), _asking("GET"), followed=False)
        for status in (200, 201, 300, 304, 305, 306, 401, 503)
    ),
)
OTHERS: Final = (
    Place(
        "fields-and-headers",
        _saying,
        lambda cvat, _, __: [call(cvat, requests.retrieve, "r1"), follow(cvat, "/api/x")],
        followed=False,
    ),
    Place(
        "next-of-numbered-pages",
        _listing,
        lambda cvat, _, __: [*islice(paginate(cvat, tasks.list), 9)],
        followed=False,
    ),
    Place(
        "next-of-other-pages", _listing, lambda cvat, _, __: [*islice(paginate(cvat, _things), 9)]
    ),
    Place("result-url", _exporting, _exported),
    Place("url", lambda _, __: Response(200, body=b"PK"), _fetched),
    Place(
        "download-redirect",
        _redirecting(302),
        lambda cvat, _, folder: [
            download(
                cvat, tasks.retrieve_preview, Saving(folder / "p", overwrite=True, effort=NOW), 1
            )
        ],
    ),
    Place("tus-location", _uploading, _imported),
    Place("tus-redirect", _moving_the_upload, _imported),
    Place(
        "storage-token",
        _storing,
        lambda cvat, _, __: [*islice(walk_storage(cvat, 1), 9)],
        followed=False,
    ),
    Place(
        "id-of-work",
        lambda _, address: _work(address),
        lambda cvat, address, _: [
            wait_for(cvat, address, schedule=AT_ONCE, sleep=lambda _: None, clock=lambda: 0.0),
            call(cvat, cloudstorages.retrieve, 1),
        ],
        followed=False,
    ),
)
