"""Exports: started, waited for, saved; and what becomes of those that fail."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Final, TypeVar, cast
from zipfile import ZipFile

import pytest
from attrs import evolve
from PIL import Image

from cvatfn import Transport, call, connect, dumps, follow, models
from cvatfn.api import events, jobs, projects, requests, tasks
from cvatfn.endpoints import Endpoint
from cvatfn.errors import ConnectionLost, ForeignOrigin, InvalidParams, Rejected, TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.polling import PollTimedOut, RequestFailed
from cvatfn.schedule import constant
from cvatfn.testing.sandbox import Sandbox, World, serve
from cvatfn.transfer.downloading import Saving
from cvatfn.transfer.errors import DiskError, Implausible
from cvatfn.transfer.exporting import Exported, ExportError, Exporting, export
from cvatfn.transfer.progress import Counting
from tests.sandbox.kit import make_task, three
from tests.transfer.downloads import ADA, Place, furnished, hurried
from tests.transport.wire import Server, ok, saying

T = TypeVar("T")
DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def place() -> Place:
    return furnished()


def saving(to: Path) -> Saving:
    return Saving(to, effort=hurried())


def error_of(outcome: Outcome[Exported, ExportError], kind: type[T]) -> T:
    error = outcome.failure()
    assert isinstance(error, kind), error
    return error


def inside(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_example_of_the_official_client(tmp_path: Path) -> None:
    """Export a task as a dataset in COCO 1.0, with images, wait for it, and save it."""
    with (
        serve(Sandbox(World.with_user("ada", "s3cret"))) as url,
        connect(url, auth=ADA) as ada,
    ):
        task = make_task(ada, three())
        output = tmp_path / "dataset.zip"
        done = export(
            ada, tasks.create_dataset_export, output, task.id, format="COCO 1.0", save_images=True
        ).unwrap()
    assert done.file is not None
    assert done.file.path == output
    assert done.request.status is models.RequestStatus.FINISHED
    found = inside(output)
    assert {"images/default/0.png", "images/default/1.png", "images/default/2.png"} <= set(found)
    coco = json.loads(found["annotations/instances_default.json"])
    assert [image["file_name"] for image in coco["images"]] == ["0.png", "1.png", "2.png"]
    with Image.open(BytesIO(found["images/default/1.png"])) as picture:
        assert picture.size == (41, 30)


@pytest.mark.parametrize("images", [True, False])
@pytest.mark.parametrize("format", ["COCO 1.0", "CVAT for images 1.1"])
def test_datasets_and_annotations(
    tmp_path: Path, place: Place, format: str, *, images: bool
) -> None:
    for number, (endpoint, subject) in enumerate(
        (
            (tasks.create_dataset_export, place.task),
            (jobs.create_dataset_export, place.job),
            (projects.create_dataset_export, place.project),
        )
    ):
        to = tmp_path / f"{number}.zip"
        done = export(
            place.ada, endpoint, saving(to), subject, format=format, save_images=images
        ).unwrap()
        found = inside(to)
        assert any(name.endswith("1.png") for name in found) is images
        assert any(name.endswith((".json", ".xml")) for name in found)
        plain = follow(place.ada, done.request.result_url or "").unwrap()
        assert to.read_bytes() == plain.body
        assert done.file is not None
        assert done.file.size == len(plain.body)


def test_backups(tmp_path: Path, place: Place) -> None:
    for endpoint, subject, name in (
        (tasks.create_backup_export, place.task, "task.json"),
        (projects.create_backup_export, place.project, "project.json"),
    ):
        to = tmp_path / name
        done = export(place.ada, endpoint, saving(to), subject).unwrap()
        assert name in inside(to)
        assert to.read_bytes() == follow(place.ada, done.request.result_url or "").unwrap().body


def test_events(tmp_path: Path, place: Place) -> None:
    to = tmp_path / "events.csv"
    export(place.ada, events.create_export, saving(to), task_id=place.task).unwrap()
    rows = list(csv.DictReader(StringIO(to.read_text())))
    assert rows
    assert {row["task_id"] for row in rows} == {str(place.task)}


def test_into_a_folder_under_the_name_that_was_wished_for(tmp_path: Path, place: Place) -> None:
    done = export(
        place.ada,
        tasks.create_dataset_export,
        saving(tmp_path),
        place.task,
        format="COCO 1.0",
        filename="../my cats.zip",
    ).unwrap()
    assert done.file is not None
    assert done.file.name == "../my cats.zip"
    assert [path.name for path in tmp_path.iterdir()] == ["my cats.zip"]


@pytest.mark.parametrize("filename", ["out/cats.zip", "cats.zip"])
def test_into_a_cloud_storage(tmp_path: Path, place: Place, filename: str) -> None:
    place.sandbox.world = evolve(place.sandbox.world, clouds={3: {}})
    counting = Counting()
    done = export(
        place.ada,
        tasks.create_dataset_export,
        Exporting(evolve(saving(tmp_path / "x"), progress=counting)),
        place.task,
        format="COCO 1.0",
        location="cloud_storage",
        cloud_storage_id=3,
        filename=filename,
    ).unwrap()
    assert done.file is None
    assert done.request.result_url is None
    assert list(place.sandbox.world.clouds[3]) == [filename]
    assert not list(tmp_path.iterdir())
    assert counting.finished


def watched(place: Place) -> tuple[Transport, list[tuple[str, int]]]:
    """The place's transport, and what it will have been asked and answered."""
    seen: list[tuple[str, int]] = []

    def transport(request: Request) -> Outcome[Response, TransportError]:
        reply = place.ada(request)
        seen.append((request.method, reply.unwrap().status))
        return reply

    return transport, seen


def test_work_that_runs_already_is_joined(tmp_path: Path, place: Place) -> None:
    started = call(
        place.ada, tasks.create_dataset_export, place.task, format="COCO 1.0", save_images=True
    ).unwrap()
    transport, seen = watched(place)
    done = export(
        transport,
        tasks.create_dataset_export,
        saving(tmp_path / "x.zip"),
        place.task,
        format="COCO 1.0",
        save_images=True,
    ).unwrap()
    assert seen[0] == ("POST", 409)
    assert done.request.id == started.rq_id
    assert sum(method == "POST" for method, _ in seen) == 1


def test_a_conflict_of_another_kind_is_an_error(tmp_path: Path) -> None:
    busy = Response(409, body=b'{"detail":"The task is locked."}')
    error = error_of(
        export(lambda _: Success(busy), tasks.create_backup_export, tmp_path / "x", 1), Rejected
    )
    assert error.detail == "The task is locked."


def test_work_that_fails_says_why(tmp_path: Path, place: Place) -> None:
    def meanwhile(request: Request) -> Outcome[Response, TransportError]:
        if request.path.startswith("/api/requests/"):
            call(place.ada, tasks.destroy, place.task)
        return place.ada(request)

    counting = Counting()
    error = error_of(
        export(
            meanwhile,
            tasks.create_dataset_export,
            evolve(saving(tmp_path / "x"), progress=counting),
            place.task,
            format="COCO 1.0",
        ),
        RequestFailed,
    )
    assert "gone" in error.request.message
    assert "gone" in str(error)
    assert not list(tmp_path.iterdir())
    assert counting.finished


def test_patience_ends(tmp_path: Path, place: Place) -> None:
    shown: list[models.Request] = []
    how = Exporting(saving(tmp_path / "x"), waiting=constant(2.0, attempts=2), watch=shown.append)
    ended = export(place.ada, tasks.create_dataset_export, how, place.task, format="COCO 1.0")
    error = error_of(ended, PollTimedOut)
    assert error.tries == 2
    assert [each.status.value for each in shown] == ["queued", "started"]
    assert not list(tmp_path.iterdir())


def test_the_waits_are_those_of_the_effort(tmp_path: Path, place: Place) -> None:
    waits: list[float] = []
    effort = evolve(hurried(), sleep=waits.append)
    how = Exporting(Saving(tmp_path / "x", effort=effort), waiting=constant(7.0))
    export(place.ada, tasks.create_dataset_export, how, place.task, format="COCO 1.0").unwrap()
    assert waits
    assert set(waits) == {7.0}


def losing(place: Place, lost: int, *, acted: bool) -> tuple[Transport, list[str]]:
    """A transport that loses the first answers to POST."""
    seen: list[str] = []

    def transport(request: Request) -> Outcome[Response, TransportError]:
        seen.append(request.method)
        if request.method == "POST" and seen.count("POST") <= lost:
            if acted:
                place.ada(request)
            return Failure(ConnectionLost(request, "reset", acted))
        return place.ada(request)

    return transport, seen


@pytest.mark.parametrize("acted", [True, False])
def test_an_answer_that_is_lost_starts_no_second_export(
    tmp_path: Path, place: Place, *, acted: bool
) -> None:
    before = len(place.sandbox.world.backgrounds)
    transport, seen = losing(place, 2, acted=acted)
    export(transport, tasks.create_backup_export, saving(tmp_path / "x.zip"), place.task).unwrap()
    assert seen.count("POST") == 3
    assert len(place.sandbox.world.backgrounds) == before + 1
    assert "task.json" in inside(tmp_path / "x.zip")


def test_wrong_parameters_are_told_before_anything_is_sent(tmp_path: Path, place: Place) -> None:
    transport, seen = watched(place)
    counting = Counting()
    wrong = export(
        transport,
        tasks.create_dataset_export,
        Saving(tmp_path, progress=counting),
        cast("int", "seven"),
        format="COCO 1.0",
    )
    error_of(wrong, InvalidParams)
    assert not seen
    assert counting.finished


def test_what_the_server_refuses(tmp_path: Path, place: Place) -> None:
    wrong = export(
        place.ada, tasks.create_dataset_export, tmp_path / "x", place.task, format="Cats 9"
    )
    assert "Cats 9" in (error_of(wrong, Rejected).detail or "")
    missing = export(place.ada, tasks.create_backup_export, tmp_path / "x", 99)
    assert error_of(missing, Rejected).status == 404


def made(result_url: str | None) -> Callable[[Request], Success[Response]]:
    """A server whose work is done at once."""
    operation = models.RequestDataOperation(
        type="export:backup",
        target="task",
        project_id=None,
        task_id=1,
        job_id=None,
        org_id=None,
        format=None,
        lightweight=None,
    )
    shown = models.Request(
        status=models.RequestStatus.FINISHED,
        message="",
        id="x",
        operation=operation,
        progress=1.0,
        created_date=DAY,
        started_date=DAY,
        finished_date=DAY,
        expiry_date=None,
        owner=models.UserIdentifiers(id=1, username="ada"),
        result_url=result_url,
        result_id=None,
    )

    def transport(request: Request) -> Success[Response]:
        if request.method == "POST":
            return Success(Response(202, body=b'{"rq_id":"x"}'))
        return Success(Response(200, body=dumps(shown)))

    return transport


def test_a_file_that_is_nowhere(tmp_path: Path) -> None:
    def asked(location: models.LocationEnumLike) -> Outcome[Exported, ExportError]:
        return export(made(None), tasks.create_backup_export, tmp_path / "x", 1, location=location)

    error_of(asked("local"), Implausible)
    assert asked("cloud_storage").unwrap().file is None


def test_a_result_elsewhere_is_not_fetched(tmp_path: Path, place: Place) -> None:
    with Server(saying(ok(b"stolen"))) as other, serve(place.sandbox) as url:
        with connect(url, auth=ADA) as ada:

            def misled(request: Request) -> Outcome[Response, TransportError]:
                if request.method == "GET" and request.origin is None:
                    return made(f"{other.url}/x")(request)
                return ada(request)

            error = error_of(
                export(misled, tasks.create_backup_export, saving(tmp_path / "x"), place.task),
                ForeignOrigin,
            )
        assert other.connections == 0
        assert other.requests == []
        assert "s3cret" not in f"{error} {error!r}"
    assert not list(tmp_path.iterdir())


def test_a_place_that_is_taken(tmp_path: Path, place: Place) -> None:
    (tmp_path / "x").write_bytes(b"mine")
    taken = export(place.ada, tasks.create_backup_export, saving(tmp_path / "x"), place.task)
    error_of(taken, DiskError)
    assert (tmp_path / "x").read_bytes() == b"mine"


def test_a_finished_export_can_be_looked_up(tmp_path: Path, place: Place) -> None:
    endpoint: Endpoint[..., models.RqId] = tasks.create_backup_export
    done = export(place.ada, endpoint, saving(tmp_path / "x"), place.task).unwrap()
    assert call(place.ada, requests.retrieve, done.request.id).unwrap() == done.request


def test_a_name_that_is_too_long_is_no_exception(tmp_path: Path, place: Place) -> None:
    to = saving(tmp_path / ("x" * 300))
    error_of(export(place.ada, tasks.create_backup_export, to, place.task), DiskError)
