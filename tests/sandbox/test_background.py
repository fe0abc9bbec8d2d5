"""Background work: how it is seen, how it is cancelled, where its files come from and go to."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from attrs import evolve

from cvatfn import File, Request, Transport, call, follow, models, with_response
from cvatfn.api import jobs, projects, requests, tasks
from cvatfn.testing.sandbox import Sandbox
from cvatfn.testing.sandbox.files.exports.archives import read_zip
from cvatfn.testing.sandbox.state.people import BIRTH, Membership, Organization
from cvatfn.testing.sandbox.state.world import put
from tests.sandbox.kit import fetched, make_task, packed, picture, settle, status_of, three

COCO = "COCO 1.0"


def _exporting(cvat: Transport, task: int) -> str:
    return call(cvat, tasks.create_dataset_export, task, format=COCO).unwrap().rq_id


def _seen(cvat: Transport, rq_id: str) -> models.Request:
    return call(cvat, requests.retrieve, rq_id).unwrap()


def test_work_is_seen_queued_then_started_then_finished(admin: Transport) -> None:
    rq_id = _exporting(admin, make_task(admin).id)
    seen = [_seen(admin, rq_id) for _ in range(3)]
    assert [each.status.value for each in seen] == ["queued", "started", "finished"]
    assert [each.started_date is None for each in seen] == [True, False, False]
    assert [each.result_url is None for each in seen] == [True, True, False]
    assert [each.progress for each in seen] == [0.0, 0.0, 0.0]


def test_the_work_on_data_says_what_it_does(admin: Transport) -> None:
    made = call(admin, tasks.create, {"name": "new"}).unwrap()
    started = call(admin, tasks.create_data, made.id, {"client_files": three()}).unwrap()
    assert started is not None
    said = [_seen(admin, started.rq_id).message for _ in range(3)]
    assert said == ["", "Task is being saved in database", ""]


def test_queued_work_can_be_cancelled_and_then_never_was(admin: Transport) -> None:
    task = make_task(admin)
    rq_id = _exporting(admin, task.id)
    gone = call(admin, with_response(requests.create_cancel), rq_id).unwrap()
    assert (gone.response.status, gone.response.body) == (200, b"")
    assert status_of(call(admin, requests.retrieve, rq_id).failure()) == 404
    assert status_of(call(admin, requests.create_cancel, rq_id).failure()) == 404
    assert settle(admin, _exporting(admin, task.id)).status is models.RequestStatus.FINISHED


@pytest.mark.parametrize("looks", [1, 2, 3])
def test_what_has_started_goes_on(admin: Transport, looks: int) -> None:
    rq_id = _exporting(admin, make_task(admin).id)
    for _ in range(looks):
        _seen(admin, rq_id)
    assert status_of(call(admin, requests.create_cancel, rq_id).failure()) == 400
    assert settle(admin, rq_id).status is models.RequestStatus.FINISHED


def test_nobody_cancels_anothers_work(admin: Transport, worker: Transport) -> None:
    rq_id = _exporting(admin, make_task(admin).id)
    assert status_of(call(worker, requests.create_cancel, rq_id).failure()) == 403


def test_work_is_remembered_as_long_as_on_a_server(admin: Transport) -> None:
    task = make_task(admin)

    def kept(ended: models.Request) -> timedelta:
        assert ended.expiry_date is not None
        assert ended.finished_date is not None
        return ended.expiry_date - ended.finished_date

    creation = settle(admin, f"action=create&target=task&target_id={task.id}")
    assert kept(creation) == timedelta(seconds=500)
    assert kept(settle(admin, _exporting(admin, task.id))) == timedelta(days=1)
    broken: models.TaskFileRequestDict = {"task_file": File("b.zip", b"none")}
    started = call(admin, tasks.create_backup, broken).unwrap()
    assert started is not None
    failed = settle(admin, started.rq_id)
    assert failed.message == "zipfile.BadZipFile: File is not a zip file\n"  # as recorded
    assert kept(failed) == timedelta(days=30)


def test_work_knows_the_organization_of_what_it_is_about(
    sandbox: Sandbox, admin: Transport
) -> None:
    who = Organization(id=4, slug="org", name="", owner=1, created=BIRTH, updated=BIRTH)
    owner = Membership(id=1, user=1, organization=4, role=models.RoleEnum.OWNER)
    sandbox.world = evolve(sandbox.world, organizations={4: who}, memberships={1: owner})
    made = call(admin, tasks.create, {"name": "ours"}, x_organization="org").unwrap()
    started = call(admin, tasks.create_data, made.id, {"client_files": three()}).unwrap()
    assert started is not None
    assert settle(admin, started.rq_id).operation.org_id == 4
    rq_id = _exporting(admin, made.id)
    assert settle(admin, rq_id).operation.org_id == 4
    backup = call(admin, tasks.create_backup_export, made.id).unwrap().rq_id
    file: models.TaskFileRequestDict = {"task_file": File("b.zip", fetched(admin, backup))}
    restoring = call(admin, tasks.create_backup, file, x_organization="org").unwrap()
    assert restoring is not None
    ended = settle(admin, restoring.rq_id)
    assert ended.operation.org_id is None
    assert sandbox.world.tasks[ended.result_id or 0].organization == 4


def test_files_are_called_by_what_they_are_of_and_when_that_changed(
    sandbox: Sandbox, admin: Transport
) -> None:
    task = make_task(admin)
    (job,) = call(admin, jobs.list, task_id=task.id).unwrap().results
    changed = sandbox.world.tasks[task.id].updated.strftime("%Y_%m_%d_%H_%M_%S")
    sandbox.world = evolve(sandbox.world, now=sandbox.world.now + timedelta(hours=5))
    names = {
        _exporting(admin, task.id): f"task_{task.id}_annotations_{changed}_coco 1.0.zip",
        call(
            admin, jobs.create_dataset_export, job.id, format="CVAT for video 1.1", save_images=True
        )
        .unwrap()
        .rq_id: f"job_{job.id}_dataset_{changed}_cvat for video 1.1.zip",
        call(admin, tasks.create_backup_export, task.id)
        .unwrap()
        .rq_id: f"task_cats_backup_{changed}.zip",
    }
    for rq_id, name in names.items():
        headers = follow(admin, settle(admin, rq_id).result_url or "").unwrap().headers
        assert headers.get("content-disposition") == f'attachment; filename="{name}"'
        assert re.fullmatch(r'"[0-9a-f]{8}-[0-9a-f]+"', headers.get("etag") or "")
        assert headers.get("accept-ranges") == "bytes"
        assert (headers.get("last-modified") or "").endswith(" GMT")


def _with_storage(sandbox: Sandbox, admin: Transport) -> models.TaskRead:
    """A task whose files come from a cloud storage and go there."""
    sandbox.world = evolve(sandbox.world, clouds=put(sandbox.world.clouds, 5, {}))
    place: models.StorageRequestDict = {"location": "cloud_storage", "cloud_storage_id": 5}
    made = call(
        admin,
        tasks.create,
        {
            "name": "far",
            "labels": [{"name": "cat"}],
            "target_storage": place,
            "source_storage": place,
        },
    ).unwrap()
    started = call(admin, tasks.create_data, made.id, {"client_files": three()}).unwrap()
    assert started is not None
    settle(admin, started.rq_id)
    return made


def test_files_come_from_and_go_to_the_storage_that_was_set(
    sandbox: Sandbox, admin: Transport
) -> None:
    task = _with_storage(sandbox, admin)
    box: models.LabeledShapeRequestDict = {
        "type": "rectangle",
        "frame": 0,
        "label_id": 1,
        "points": [1, 2, 3, 4],
    }
    call(admin, tasks.update_annotations, task.id, {"shapes": [box]}).unwrap()
    asked = call(
        admin, tasks.create_dataset_export, task.id, format=COCO, filename="all.zip"
    ).unwrap()
    assert settle(admin, asked.rq_id).result_url is None
    assert list(sandbox.world.clouds[5]) == ["all.zip"]
    here = call(admin, tasks.create_dataset_export, task.id, format=COCO, location="local")
    assert settle(admin, here.unwrap().rq_id).result_url is not None
    call(admin, tasks.destroy_annotations, task.id).unwrap()
    started = call(
        admin, tasks.create_annotations, task.id, format=COCO, filename="all.zip"
    ).unwrap()
    assert started is not None
    assert settle(admin, started.rq_id).status is models.RequestStatus.FINISHED
    assert len(call(admin, tasks.retrieve_annotations, task.id).unwrap().shapes) == 1
    declined = call(
        admin,
        tasks.create_annotations,
        task.id,
        format=COCO,
        filename="all.zip",
        use_default_location=False,
    )
    assert status_of(declined.failure()) == 400


def test_a_project_is_filled_from_a_cloud_storage(sandbox: Sandbox, admin: Transport) -> None:
    task = make_task(admin)
    asked = call(admin, tasks.create_dataset_export, task.id, format=COCO, save_images=True)
    content = fetched(admin, asked.unwrap().rq_id)
    sandbox.world = evolve(
        sandbox.world, clouds=put(sandbox.world.clouds, 5, {"in/all.zip": content})
    )
    project = call(admin, projects.create, {"name": "p", "labels": [{"name": "cat"}]}).unwrap()
    started = call(
        admin,
        projects.create_dataset,
        project.id,
        format=COCO,
        filename="in/all.zip",
        location="cloud_storage",
        cloud_storage_id=5,
    ).unwrap()
    assert started is not None
    assert settle(admin, started.rq_id).status is models.RequestStatus.FINISHED
    assert call(admin, tasks.list, project_id=project.id).unwrap().count == 1


@pytest.mark.parametrize(("number", "status"), [(None, 400), (6, 400), (5, 403)])
def test_what_storage_is_refused(
    sandbox: Sandbox, admin: Transport, worker: Transport, number: int | None, status: int
) -> None:
    sandbox.world = evolve(sandbox.world, clouds=put(sandbox.world.clouds, 5, {}))
    del admin  # nobody's storage is the superuser's alone
    task = make_task(worker)
    given = () if number is None else (("cloud_storage_id", str(number)),)
    for path, more in (
        (f"/api/tasks/{task.id}/dataset/export", (("format", COCO),)),
        (f"/api/tasks/{task.id}/backup/export", ()),
        (f"/api/tasks/{task.id}/annotations/", (("format", COCO), ("filename", "a"))),
    ):
        query = (*more, ("location", "cloud_storage"), *given)
        assert worker(Request("POST", path, query)).unwrap().status == status


def test_a_lightweight_backup_leaves_in_the_cloud_what_lies_there(
    sandbox: Sandbox, admin: Transport
) -> None:
    images = {f"{index}.png": picture(f"{index}.png").content for index in range(2)}
    held = {name: content for name, content in images.items() if isinstance(content, bytes)}
    sandbox.world = evolve(sandbox.world, clouds=put(sandbox.world.clouds, 5, held))
    made = call(admin, tasks.create, {"name": "far", "labels": [{"name": "cat"}]}).unwrap()
    data: models.DataRequestDict = {"server_files": list(held), "cloud_storage_id": 5}
    started = call(admin, tasks.create_data, made.id, data).unwrap()
    assert started is not None
    settle(admin, started.rq_id)
    backups: list[bytes] = []
    for light in (True, False):
        asked = call(admin, tasks.create_backup_export, made.id, lightweight=light).unwrap()
        backups.append(fetched(admin, asked.rq_id))
        told = _seen(admin, asked.rq_id).operation.lightweight
        assert told is (True if light else None)
    names = [[name for name, _ in read_zip(content).unwrap()] for content in backups]
    assert names[0] == ["task.json", "annotations.json"]
    assert names[1] == [*names[0], "data/0.png", "data/1.png"]
    for content, where in zip(backups, ("cloud_storage", "local"), strict=True):
        file: models.TaskFileRequestDict = {"task_file": File("b.zip", content)}
        restoring = call(admin, tasks.create_backup, file).unwrap()
        assert restoring is not None
        again = settle(admin, restoring.rq_id).result_id or 0
        frame = call(admin, tasks.retrieve_data, again, type="frame", number=1, quality="original")
        assert frame.unwrap() == held["1.png"]
        meta = call(admin, tasks.retrieve_data_meta, again).unwrap()
        assert meta.storage.value == where
    sandbox.world = evolve(sandbox.world, clouds={})
    orphan = call(admin, tasks.create_backup, {"task_file": File("b.zip", backups[0])}).unwrap()
    assert orphan is not None
    assert "data/0.png" in settle(admin, orphan.rq_id).message


def test_a_backup_has_the_context_of_frames(admin: Transport) -> None:
    side = picture("related_images/0_png/side.png", (8, 6))
    task = make_task(admin, [packed([*three(), side])])
    rq_id = call(admin, tasks.create_backup_export, task.id).unwrap().rq_id
    file: models.TaskFileRequestDict = {"task_file": File("b.zip", fetched(admin, rq_id))}
    restoring = call(admin, tasks.create_backup, file).unwrap()
    assert restoring is not None
    ended = settle(admin, restoring.rq_id)
    meta = call(admin, tasks.retrieve_data_meta, ended.result_id or 0).unwrap()
    assert [frame.related_files for frame in meta.frames or ()] == [1, 0, 0]
