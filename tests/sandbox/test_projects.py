"""Projects: their labels and tasks, who may see them, and what is exported of them."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from io import BytesIO
from xml.etree.ElementTree import fromstring
from zipfile import ZipFile

import pytest
from PIL import Image

from cvatfn import Request, Transport, call, follow, models
from cvatfn.api import events, jobs, labels, projects, requests, tasks
from tests.sandbox.kit import fetched, make_task, picture, settle, status_of, three


def _project(cvat: Transport, name: str = "pets") -> models.ProjectRead:
    body: models.ProjectWriteRequestDict = {
        "name": name,
        "labels": [{"name": "cat"}, {"name": "dog"}],
    }
    return call(cvat, projects.create, body).unwrap()


def _filled(cvat: Transport, project: int, name: str, subset: str = "") -> models.TaskRead:
    body: models.TaskWriteRequestDict = {"name": name, "project_id": project, "subset": subset}
    task = call(cvat, tasks.create, body).unwrap()
    started = call(cvat, tasks.create_data, task.id, {"client_files": three()}).unwrap()
    assert started is not None
    settle(cvat, started.rq_id)
    return call(cvat, tasks.retrieve, task.id).unwrap()


def test_a_project_is_made_changed_listed_and_removed(admin: Transport) -> None:
    project = _project(admin)
    _project(admin, "cars")
    assert call(admin, projects.retrieve, project.id).unwrap() == project
    changed = call(admin, projects.partial_update, project.id, {"name": "beasts", "assignee_id": 2})
    assert changed.unwrap().name == "beasts"
    assert changed.unwrap().assignee_updated_date is not None
    found = call(admin, projects.list, search="BEAST").unwrap().results
    assert [row.id for row in found] == [project.id]
    task = _filled(admin, project.id, "one", "Train")
    assert call(admin, projects.retrieve, project.id).unwrap().task_subsets == ("Train",)
    call(admin, projects.destroy, project.id).unwrap()
    assert status_of(call(admin, projects.retrieve, project.id).failure()) == 404
    assert status_of(call(admin, tasks.retrieve, task.id).failure()) == 404
    assert call(admin, jobs.list).unwrap().count == 0
    left = call(admin, labels.list).unwrap().results
    assert {label.project_id for label in left} == {2}


def test_tasks_share_the_labels_of_their_project(admin: Transport) -> None:
    project = _project(admin)
    task = _filled(admin, project.id, "one")
    assert (task.project_id, task.project_name) == (project.id, "pets")
    (job,) = call(admin, jobs.list, project_id=project.id).unwrap().results
    assert (job.project_id, job.project_name) == (project.id, "pets")
    of_project = call(admin, labels.list, project_id=project.id).unwrap()
    assert [label.name for label in of_project.results] == ["cat", "dog"]
    assert call(admin, labels.list, task_id=task.id).unwrap() == of_project
    assert call(admin, labels.list, job_id=job.id).unwrap() == of_project
    make_task(admin)
    listed = call(admin, tasks.list, project_id=project.id).unwrap().results
    assert [row.id for row in listed] == [task.id]
    tag: models.LabeledImageRequestDict = {"frame": 0, "label_id": of_project.results[0].id}
    put = call(admin, tasks.update_annotations, task.id, {"tags": [tag]}).unwrap()
    assert len(put.tags) == 1
    call(admin, labels.destroy, of_project.results[0].id).unwrap()
    assert call(admin, tasks.retrieve_annotations, task.id).unwrap().tags == ()


@pytest.mark.parametrize("extra", ["labels", "Project"])
def test_a_task_in_a_project_is_refused(admin: Transport, extra: str) -> None:
    project = _project(admin)
    body: models.TaskWriteRequestDict = (
        {"name": "x", "project_id": project.id, "labels": [{"name": "cow"}]}
        if extra == "labels"
        else {"name": "x", "project_id": 99}
    )
    refused = call(admin, tasks.create, body).failure()
    assert status_of(refused) == 400
    assert extra in str(refused)


def test_others_see_neither_a_project_nor_what_is_in_it(
    admin: Transport, worker: Transport
) -> None:
    project = _project(admin)
    task = _filled(admin, project.id, "one")
    (label, _) = call(admin, labels.list, project_id=project.id).unwrap().results
    for refused in (
        call(worker, projects.retrieve, project.id),
        call(worker, projects.create_backup_export, project.id),
        call(worker, projects.create_dataset_export, project.id, format="COCO 1.0"),
        call(worker, tasks.retrieve, task.id),
        call(worker, tasks.create, {"name": "x", "project_id": project.id}),
        call(worker, labels.list, project_id=project.id),
        call(worker, labels.retrieve, label.id),
    ):
        assert status_of(refused.failure()) == 403
    assert call(worker, projects.list).unwrap().count == 0
    assert call(worker, labels.list).unwrap().count == 0
    call(admin, projects.partial_update, project.id, {"assignee_id": 2}).unwrap()
    assert call(worker, tasks.retrieve, task.id).unwrap().id == task.id
    assert call(worker, labels.list).unwrap().count == 2
    assert status_of(call(worker, projects.destroy, project.id).failure()) == 403


def test_label_names_of_a_project_differ(admin: Transport) -> None:
    twice: models.ProjectWriteRequestDict = {
        "name": "x",
        "labels": [{"name": "a"}, {"name": "a"}],
    }
    assert status_of(call(admin, projects.create, twice).failure()) == 400
    project = _project(admin)
    label = call(admin, labels.list, project_id=project.id).unwrap().results[0]
    assert status_of(call(admin, labels.partial_update, label.id, {"name": "dog"}).failure()) == 400


def test_a_preview_is_that_of_the_first_task(admin: Transport) -> None:
    project = _project(admin)
    assert status_of(call(admin, projects.retrieve_preview, project.id).failure()) == 404
    empty = call(admin, projects.retrieve_preview, project.id, prefer="handling=empty")
    assert not empty.unwrap()
    _filled(admin, project.id, "one")
    preview = call(admin, projects.retrieve_preview, project.id).unwrap()
    assert Image.open(BytesIO(preview)).size == (40, 30)


def test_an_export_holds_all_tasks_by_subset(admin: Transport) -> None:
    project = _project(admin)
    first = _filled(admin, project.id, "one", "Train")
    _filled(admin, project.id, "two", "Train")
    _filled(admin, project.id, "three")
    label = call(admin, labels.list, project_id=project.id).unwrap().results[0].id
    box: models.LabeledShapeRequestDict = {
        "type": "rectangle",
        "frame": 1,
        "label_id": label,
        "points": [1, 2, 3, 4],
    }
    call(admin, tasks.update_annotations, first.id, {"shapes": [box]}).unwrap()
    rq_id = (
        call(admin, projects.create_dataset_export, project.id, format="COCO 1.0", save_images=True)
        .unwrap()
        .rq_id
    )
    assert rq_id == (
        f"action=export&target=project&target_id={project.id}&user_id=1"
        "&format=COCO_1~0&subresource=dataset"
    )
    with ZipFile(BytesIO(fetched(admin, rq_id))) as archive:
        assert archive.namelist() == [
            "annotations/instances_Train.json",
            *(f"images/Train/{name}.png" for name in ("0", "1", "2", "0_1", "1_1", "2_1")),
            "annotations/instances_default.json",
            *(f"images/default/{name}.png" for name in "012"),
        ]
        (found,) = json.loads(archive.read("annotations/instances_Train.json"))["annotations"]
    assert (found["image_id"], found["bbox"]) == (2, [1, 2, 2, 2])


def test_an_export_in_xml_tells_the_project(admin: Transport) -> None:
    project = _project(admin)
    task = _filled(admin, project.id, "one", "Train")
    rq_id = (
        call(admin, projects.create_dataset_export, project.id, format="CVAT for images 1.1")
        .unwrap()
        .rq_id
    )
    operation = settle(admin, rq_id).operation
    assert (operation.type, operation.target) == ("export:annotations", "project")
    assert (operation.project_id, operation.task_id) == (project.id, None)
    with ZipFile(BytesIO(fetched(admin, rq_id))) as archive:
        assert archive.namelist() == ["annotations.xml"]
        document = fromstring(archive.read("annotations.xml"))  # noqa: S314 - ours
    assert document.findtext("meta/project/name") == "pets"
    assert document.findtext("meta/project/tasks/task/id") == str(task.id)
    labeled = [each.text for each in document.findall("meta/project/labels/label/name")]
    assert labeled == ["cat", "dog"]
    assert [(each.get("id"), each.get("subset")) for each in document.findall("image")] == [
        ("0", "Train"),
        ("1", "Train"),
        ("2", "Train"),
    ]


def test_the_same_export_conflicts_while_it_is_under_way(admin: Transport) -> None:
    project = _project(admin)
    call(admin, projects.create_dataset_export, project.id, format="COCO 1.0").unwrap()
    again = call(admin, projects.create_dataset_export, project.id, format="COCO 1.0").failure()
    assert status_of(again) == 409
    other = call(
        admin, projects.create_dataset_export, project.id, format="COCO 1.0", save_images=True
    )
    settle(admin, other.unwrap().rq_id)
    call(admin, projects.create_dataset_export, project.id, format="COCO 1.0").unwrap()


def test_no_file_comes_at_once(admin: Transport) -> None:
    path = f"/api/projects/{_project(admin).id}/dataset/"
    assert admin(Request("GET", path)).unwrap().status == 410


def test_an_unknown_format_is_refused(admin: Transport) -> None:
    project = _project(admin)
    refused = call(admin, projects.create_dataset_export, project.id, format="Crayon 1.0").failure()
    assert status_of(refused) == 400


def test_downloads_are_for_who_asked_and_where(admin: Transport, worker: Transport) -> None:
    project = _project(admin)
    call(admin, projects.partial_update, project.id, {"assignee_id": 2}).unwrap()
    rq_id = (
        call(admin, projects.create_dataset_export, project.id, format="COCO 1.0").unwrap().rq_id
    )
    url = settle(admin, rq_id).result_url or ""
    assert status_of(follow(worker, url).failure()) == 404
    moved = url.replace("/dataset/", "/backup/")
    assert status_of(follow(admin, moved).failure()) == 404


def test_head_and_ranges_tell_the_same_file(admin: Transport) -> None:
    project = _project(admin)
    rq_id = call(admin, projects.create_backup_export, project.id).unwrap().rq_id
    settle(admin, rq_id)
    path, query = f"/api/projects/{project.id}/backup/download", (("rq_id", rq_id),)
    whole = admin(Request("GET", path, query)).unwrap()
    head = admin(Request("HEAD", path, query)).unwrap()
    assert (head.status, head.body) == (200, b"")
    assert head.headers.get("content-length") == str(len(whole.body))
    for name in ("etag", "last-modified", "accept-ranges", "content-disposition"):
        assert head.headers.get(name) == whole.headers.get(name) is not None
    tag = whole.headers.get("etag") or ""
    part = admin(Request("GET", path, query, {"Range": "bytes=2-", "If-Range": tag})).unwrap()
    assert (part.status, part.body) == (206, whole.body[2:])
    changed = admin(
        Request("GET", path, query, {"Range": "bytes=2-", "If-Range": '"old"'})
    ).unwrap()
    assert (changed.status, changed.body) == (200, whole.body)


def test_head_over_http_tells_the_size(admin: Transport, url: str) -> None:
    project = _project(admin)
    rq_id = call(admin, projects.create_backup_export, project.id).unwrap().rq_id
    size = len(fetched(admin, rq_id))
    request = Request("HEAD", f"/api/projects/{project.id}/backup/download", (("rq_id", rq_id),))
    connection = HTTPConnection(url.removeprefix("http://"))
    connection.request("HEAD", request.target, headers={"Authorization": "Basic YWRtaW46czNjcmV0"})
    answered = connection.getresponse()
    connection.close()
    assert (answered.status, answered.getheader("Content-Length")) == (200, str(size))


def test_a_table_of_events(admin: Transport, worker: Transport) -> None:
    project = _project(admin)
    _filled(admin, project.id, "one")
    call(worker, tasks.create, {"name": "mine"}).unwrap()
    rq_id = call(admin, events.create_export, project_id=project.id).unwrap().rq_id
    ended = settle(admin, rq_id)
    assert (ended.operation.type, ended.operation.target) == ("export:events", "events")
    response = follow(admin, ended.result_url or "").unwrap()
    assert response.content_type == "text/csv"
    header, *rows = response.body.decode().splitlines()
    assert header.startswith("scope,obj_name,obj_id")
    made = [row.split(",")[0] for row in rows if row.startswith("create:")]
    things = [scope for scope in made if scope != "create:label"]
    assert things == ["create:project", "create:task", "create:job"]
    own = call(worker, events.create_export).unwrap().rq_id
    assert fetched(worker, own).decode().count("create:") == 1
    assert status_of(call(worker, events.create_export, user_id=1).failure()) == 403


def test_requests_are_listed_by_project(admin: Transport) -> None:
    project = _project(admin)
    rq_id = call(admin, projects.create_backup_export, project.id).unwrap().rq_id
    make_task(admin, [picture("a.png")])
    listed = call(admin, requests.list, project_id=project.id).unwrap().results
    assert [row.id for row in listed] == [rq_id]
