"""Backups: what is restored is new and the same; what is broken says why."""

from __future__ import annotations

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from attrs import evolve

from cvatfn import File, Transport, call, models, with_response
from cvatfn.api import jobs, labels, projects, requests, tasks
from cvatfn.auth import Basic
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.testing.sandbox.files.exports.archives import read_zip, written_zip
from cvatfn.testing.sandbox.state.world import put
from cvatfn.transport import authenticated
from tests.sandbox.kit import fetched, make_task, settle, status_of, three

SKELETON: models.PatchedLabelRequestDict = {
    "name": "person",
    "type": "skeleton",
    "sublabels": [{"name": "head", "type": "points"}],
}
CAT: models.PatchedLabelRequestDict = {
    "name": "cat",
    "color": "#112233",
    "attributes": [
        {
            "name": "age",
            "mutable": True,
            "input_type": "number",
            "default_value": "1",
            "values": ["1", "9", "1"],
        }
    ],
}


def _annotate(cvat: Transport, task: int) -> models.LabeledData:
    """A tag with an attribute, a skeleton and a track, each in a task's own labels."""
    found = call(cvat, labels.list, task_id=task).unwrap().results
    cat, person = (next(each for each in found if each.name == name) for name in ("cat", "person"))
    (part,) = list(person.sublabels or ())
    head = part.id or 0
    body: models.LabeledDataRequestDict = {
        "tags": [
            {
                "frame": 1,
                "label_id": cat.id,
                "attributes": [{"spec_id": cat.attributes[0].id or 0, "value": "4"}],
            }
        ],
        "shapes": [
            {
                "type": "skeleton",
                "frame": 2,
                "label_id": person.id,
                "elements": [{"type": "points", "frame": 2, "label_id": head, "points": [3, 4]}],
            }
        ],
        "tracks": [
            {
                "frame": 0,
                "label_id": cat.id,
                "shapes": [{"type": "rectangle", "frame": 0, "points": [1, 2, 3, 4]}],
            }
        ],
    }
    return call(cvat, tasks.update_annotations, task, body).unwrap()


def _filled(cvat: Transport, body: models.TaskWriteRequestDict) -> int:
    task = call(cvat, tasks.create, body).unwrap()
    started = call(cvat, tasks.create_data, task.id, {"client_files": three()}).unwrap()
    assert started is not None
    settle(cvat, started.rq_id)
    return task.id


def _task(cvat: Transport) -> int:
    return _filled(cvat, {"name": "rich", "segment_size": 2, "labels": [CAT, SKELETON]})


def _restored_task(cvat: Transport, content: bytes) -> models.Request:
    file: models.TaskFileRequestDict = {"task_file": File("backup.zip", content)}
    started = call(cvat, tasks.create_backup, file).unwrap()
    assert started is not None
    assert started.rq_id.startswith("action=import&target=task&id=")
    assert started.rq_id.endswith("&subresource=backup")
    return settle(cvat, started.rq_id)


def _back_up(cvat: Transport, task: int) -> bytes:
    return fetched(cvat, call(cvat, tasks.create_backup_export, task).unwrap().rq_id)


def _exported(cvat: Transport, task: int) -> bytes:
    asked = call(cvat, tasks.create_dataset_export, task, format="CVAT for images 1.1").unwrap()
    with ZipFile(BytesIO(fetched(cvat, asked.rq_id))) as archive:
        (name,) = archive.namelist()
        return archive.read(name).partition(b"<image")[2]


def _seen(cvat: Transport, task: int) -> object:
    """What a task is, by names in the place of ids."""
    found = call(cvat, labels.list, task_id=task).unwrap().results
    names = {label.id: label.name for label in found}
    names |= {part.id or 0: part.name for label in found for part in label.sublabels or ()}
    specs = {spec.id: spec.name for label in found for spec in label.attributes}
    data = call(cvat, tasks.retrieve_annotations, task).unwrap()
    meta = call(cvat, tasks.retrieve_data_meta, task).unwrap()
    rows = call(cvat, jobs.list, task_id=task, sort="id").unwrap().results
    return (
        [(label.name, label.color, label.type) for label in found],
        [(names[tag.label_id], tag.frame) for tag in data.tags],
        [(specs[value.spec_id], value.value) for tag in data.tags for value in tag.attributes],
        [(names[shape.label_id], shape.frame) for shape in data.shapes],
        [(names[each.label_id], each.points) for shape in data.shapes for each in shape.elements],
        [(names[track.label_id], track.shapes[0].points) for track in data.tracks],
        [(frame.name, frame.width) for frame in meta.frames or ()],
        meta.deleted_frames,
        [(job.start_frame, job.stop_frame, job.stage, job.state) for job in rows],
    )


def test_a_task_is_restored_as_a_new_one(admin: Transport) -> None:
    make_task(admin)  # so that ids differ
    task = _task(admin)
    _annotate(admin, task)
    job = call(admin, jobs.list, task_id=task).unwrap().results[0].id
    call(admin, jobs.partial_update, job, {"stage": "validation", "state": "in progress"}).unwrap()
    call(admin, tasks.partial_update_data_meta, task, {"deleted_frames": [1]}).unwrap()
    ended = _restored_task(admin, _back_up(admin, task))
    assert ended.status is models.RequestStatus.FINISHED, ended.message
    assert (ended.operation.type, ended.result_url) == ("import:backup", None)
    assert ended.operation.task_id is None
    assert ended.result_id not in (None, task)
    assert _seen(admin, ended.result_id or 0) == _seen(admin, task)
    assert _exported(admin, ended.result_id or 0) == _exported(admin, task)
    call(admin, tasks.destroy, task).unwrap()
    copied = call(admin, tasks.retrieve, ended.result_id or 0).unwrap()
    assert (copied.name, copied.size, copied.jobs.count) == ("rich", 3, 2)
    frame = call(admin, tasks.retrieve_data, copied.id, type="frame", number=1, quality="original")
    assert frame.unwrap() == three()[1].content


def test_who_restores_owns(admin: Transport, worker: Transport) -> None:
    ended = _restored_task(worker, _back_up(admin, _task(admin)))
    owner = call(worker, tasks.retrieve, ended.result_id or 0).unwrap().owner
    assert owner is not None
    assert owner.username == "worker"


def test_a_backup_goes_into_another_world(admin: Transport) -> None:
    task = _task(admin)
    _annotate(admin, task)
    other = Sandbox(World.with_user("eve", "x"))
    eve = authenticated(other, Basic("eve", "x"), other.world.origin)
    ended = _restored_task(eve, _back_up(admin, task))
    assert _seen(eve, ended.result_id or 0) == _seen(admin, task)


def test_a_project_is_restored_with_its_tasks(admin: Transport) -> None:
    project = call(admin, projects.create, {"name": "all", "labels": [CAT, SKELETON]}).unwrap()
    inside = [
        _filled(admin, {"name": name, "project_id": project.id, "subset": name})
        for name in ("Train", "Test")
    ]
    call(admin, tasks.create, {"name": "empty", "project_id": project.id}).unwrap()
    for task in inside:
        _annotate(admin, task)
    rq_id = call(admin, projects.create_backup_export, project.id).unwrap().rq_id
    assert rq_id == (
        f"action=export&target=project&target_id={project.id}&user_id=1&subresource=backup"
    )
    file: models.ProjectFileRequestDict = {"project_file": File("b.zip", fetched(admin, rq_id))}
    started = call(admin, projects.create_backup, file).unwrap()
    assert started is not None
    ended = settle(admin, started.rq_id)
    assert ended.status is models.RequestStatus.FINISHED, ended.message
    copied = call(admin, projects.retrieve, ended.result_id or 0).unwrap()
    assert (copied.name, copied.tasks.count, copied.id) == ("all", 3, 2)
    listed = call(admin, tasks.list, project_id=copied.id, sort="id").unwrap().results
    assert [row.name for row in listed] == ["Train", "Test", "empty"]
    for row, task in zip(listed, inside, strict=False):
        assert _seen(admin, row.id) == _seen(admin, task)
    shared = call(admin, labels.list, project_id=copied.id).unwrap().count
    assert shared == 2


def test_a_task_of_a_project_is_restored_alone_with_the_labels(admin: Transport) -> None:
    project = call(admin, projects.create, {"name": "all", "labels": [CAT, SKELETON]}).unwrap()
    task = _filled(admin, {"name": "one", "project_id": project.id})
    _annotate(admin, task)
    ended = _restored_task(admin, _back_up(admin, task))
    copied = call(admin, tasks.retrieve, ended.result_id or 0).unwrap()
    assert copied.project_id is None
    assert _seen(admin, copied.id) == _seen(admin, task)


def test_backups_have_names_and_conflict_with_themselves(admin: Transport) -> None:
    task = _task(admin)
    rq_id = call(admin, tasks.create_backup_export, task).unwrap().rq_id
    refused = call(admin, tasks.create_backup_export, task).failure()
    assert status_of(refused) == 409
    assert rq_id in str(refused)
    ended = settle(admin, rq_id)
    assert ended.operation.type == "export:backup"
    assert f"/api/tasks/{task}/backup/download?rq_id=" in (ended.result_url or "")
    found = requests.retrieve
    assert call(admin, with_response(found), rq_id).unwrap().value.result_id is None
    empty = call(admin, tasks.create, {"name": "empty"}).unwrap()
    assert status_of(call(admin, tasks.create_backup_export, empty.id).failure()) == 400


def _changed(content: bytes, name: str, change: dict[str, object] | None) -> bytes:
    """A backup with some fields of its document changed, or without one file."""
    entries = dict(read_zip(content).unwrap())
    if change is None:
        del entries[name]
    else:
        entries[name] = json.dumps({**json.loads(entries[name]), **change}).encode()
    return written_zip(entries.items(), World.empty().now)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("task.json", None, "task.json"),
        ("task.json", {"name": 1}, "$.name"),
        ("task.json", {"labels": []}, "label_id"),
        ("task.json", {"segment_size": 1 << 70}, "$.segment_size"),
        ("task.json", {"media": None}, "frames"),
        ("data/1.png", None, "data/1.png"),
    ],
)
def test_a_broken_backup_says_why_and_leaves_nothing(
    admin: Transport, name: str, change: dict[str, object] | None, said: str
) -> None:
    task = _task(admin)
    _annotate(admin, task)
    ended = _restored_task(admin, _changed(_back_up(admin, task), name, change))
    assert ended.status is models.RequestStatus.FAILED
    assert said in ended.message
    assert ended.result_id is None
    assert call(admin, tasks.list).unwrap().count == 1
    assert call(admin, labels.list).unwrap().count == 2


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_backup_fails(admin: Transport, content: bytes) -> None:
    ended = _restored_task(admin, content)
    assert ended.status is models.RequestStatus.FAILED
    assert ended.message
    file: models.ProjectFileRequestDict = {"project_file": File("b.zip", content)}
    started = call(admin, projects.create_backup, file).unwrap()
    assert started is not None
    assert settle(admin, started.rq_id).status is models.RequestStatus.FAILED


def test_a_backup_of_nothing_is_refused(admin: Transport) -> None:
    assert status_of(call(admin, tasks.create_backup).failure()) == 400
    assert status_of(call(admin, projects.create_backup).failure()) == 400


def test_backups_through_a_cloud_storage(sandbox: Sandbox, admin: Transport) -> None:
    sandbox.world = evolve(sandbox.world, clouds=put(sandbox.world.clouds, 5, {}))
    task = _task(admin)
    _annotate(admin, task)
    missing = call(
        admin, tasks.create_backup_export, task, location="cloud_storage", cloud_storage_id=6
    )
    assert status_of(missing.failure()) == 400
    rq_id = (
        call(
            admin,
            tasks.create_backup_export,
            task,
            location="cloud_storage",
            cloud_storage_id=5,
            filename="mine.zip",
        )
        .unwrap()
        .rq_id
    )
    ended = settle(admin, rq_id)
    assert (ended.status, ended.result_url) == (models.RequestStatus.FINISHED, None)
    stored = sandbox.world.clouds[5]["mine.zip"]
    assert "task.json" in ZipFile(BytesIO(stored)).namelist()
    for name, found in (("other.zip", False), ("mine.zip", True)):
        asked = call(
            admin,
            tasks.create_backup,
            location="cloud_storage",
            cloud_storage_id=5,
            filename=name,
        )
        if not found:
            assert status_of(asked.failure()) == 400
            continue
        started = asked.unwrap()
        assert started is not None
        assert _seen(admin, settle(admin, started.rq_id).result_id or 0) == _seen(admin, task)
