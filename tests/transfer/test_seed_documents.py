"""What the official client's page for its low-level API does with files, done here, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from zipfile import ZipFile

import pytest
from returns.result import Success

from cvatfn import (
    Transport,
    accepting,
    call,
    connect,
    export,
    follow,
    models,
    raw,
    unchecked,
    upload_data,
    wait_for,
)
from cvatfn.api import requests, tasks
from cvatfn.auth import Basic
from cvatfn.codecs.json import loads
from cvatfn.testing.pictures import SCENES, painted
from cvatfn.testing.sandbox import Sandbox, World, serve
from cvatfn.transfer import download_url

TASK: models.TaskWriteRequestDict = {
    "name": "example task",
    "labels": [
        {
            "name": "car",
            "color": "#ff00ff",
            "attributes": [
                {
                    "name": "a",
                    "mutable": True,
                    "input_type": "number",
                    "default_value": "5",
                    "values": ["4", "5", "6"],
                }
            ],
        }
    ],
}


@pytest.fixture
def cvat() -> Iterator[Transport]:
    with (
        serve(Sandbox(World.with_user("ada", "s3cret"))) as url,
        connect(url, auth=Basic("ada", "s3cret")) as transport,
    ):
        yield transport


@pytest.fixture
def images(tmp_path: Path) -> list[Path]:
    for name in SCENES:
        (tmp_path / name).write_bytes(painted(name))
    return [tmp_path / name for name in SCENES]


def test_a_task_with_two_local_files(cvat: Transport, images: list[Path]) -> None:
    task = call(cvat, tasks.create, TASK).unwrap()
    with ExitStack() as opened:
        data = models.DataRequest(
            image_quality=75,
            client_files=[opened.enter_context(image.open("rb")) for image in images[:2]],
        )
        response = call(cvat, unchecked(tasks.create_data), task.id, data).unwrap()
    assert response.status == 202
    begun = loads(models.RqId, response.body).unwrap()
    assert wait_for(cvat, begun).unwrap().status == "finished"
    assert call(cvat, tasks.retrieve, task.id).unwrap().size == 2


def test_an_upload_in_three_parts_by_hand(cvat: Transport, images: list[Path]) -> None:
    task = call(cvat, tasks.create, TASK).unwrap()
    names = [image.name for image in images]
    quality: models.DataRequestDict = {"image_quality": 70}
    call(cvat, tasks.create_data, task.id, quality, upload_start=True).unwrap()
    call(
        cvat,
        tasks.create_data,
        task.id,
        {"client_files": images, "image_quality": 70},
        upload_multiple=True,
    ).unwrap()
    rest: models.DataRequestDict = {
        "image_quality": 70,
        "job_file_mapping": [names[:1], names[1:]],
    }
    begun = call(cvat, tasks.create_data, task.id, rest, upload_finish=True).unwrap()
    assert begun is not None
    assert wait_for(cvat, begun).unwrap().status == "finished"
    created = call(cvat, tasks.retrieve, task.id).unwrap()
    assert (created.size, created.jobs.count) == (3, 2)


def test_the_same_in_one_call(cvat: Transport, images: list[Path]) -> None:
    task = call(cvat, tasks.create, TASK).unwrap()
    names = [image.name for image in images]
    spec: models.DataRequestDict = {"job_file_mapping": [names[:1], names[1:]]}
    begun = upload_data(cvat, task.id, images, spec).unwrap()
    assert wait_for(cvat, begun).unwrap().status == "finished"
    created = call(cvat, tasks.retrieve, task.id).unwrap()
    assert (created.size, created.jobs.count) == (3, 2)


def test_a_form_that_cannot_carry_a_field_says_what_can(
    cvat: Transport, images: list[Path]
) -> None:
    data = models.DataRequest(
        image_quality=70, client_files=images, job_file_mapping=[[image.name for image in images]]
    )
    refused = call(cvat, tasks.create_data, 1, data).failure()
    assert "$.data_request.job_file_mapping" in str(refused)
    assert "`upload_data`" in str(refused)


def test_a_dataset_exported_by_hand(cvat: Transport, images: list[Path], tmp_path: Path) -> None:
    task = call(cvat, tasks.create, TASK).unwrap()
    wait_for(cvat, upload_data(cvat, task.id, images).unwrap()).unwrap()
    begun = call(
        cvat, raw(tasks.create_dataset_export), task.id, format="COCO 1.0", save_images=True
    ).unwrap()
    assert begun.status == 202
    rq_id = loads(models.RqId, begun.body).unwrap().rq_id
    while True:
        match call(cvat, requests.retrieve, rq_id):
            case Success(models.Request(status="queued" | "started")):
                continue
            case outcome:
                work = outcome.unwrap()
                break
    assert work.status == "finished", work.message
    assert work.result_url is not None
    saved = download_url(cvat, work.result_url, tmp_path / "output_file.zip").unwrap()
    assert saved.path is not None
    assert saved.path.read_bytes() == follow(cvat, work.result_url).unwrap().body


def test_a_dataset_exported_in_one_call(
    cvat: Transport, images: list[Path], tmp_path: Path
) -> None:
    task = call(cvat, tasks.create, TASK).unwrap()
    wait_for(cvat, upload_data(cvat, task.id, images).unwrap()).unwrap()
    exported = export(
        cvat, tasks.create_dataset_export, tmp_path, task.id, format="COCO 1.0", save_images=True
    ).unwrap()
    assert exported.file is not None
    assert exported.file.path is not None
    with ZipFile(exported.file.path) as archive:
        names = {Path(name).name for name in archive.namelist()}
    assert names == {"instances_default.json", *SCENES}


def test_an_answer_in_another_media_type(cvat: Transport, images: list[Path]) -> None:
    task = call(cvat, tasks.create, TASK).unwrap()
    wait_for(cvat, upload_data(cvat, task.id, images).unwrap()).unwrap()
    first = call(cvat, accepting(tasks.retrieve_data, "*/*"), task.id, type="frame", number=0)
    assert first.unwrap().startswith(b"\xff\xd8")
