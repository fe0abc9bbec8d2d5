"""Worlds are values: steps are pure, old worlds stay good, and people see what is theirs."""

from __future__ import annotations

import pickle
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from cvatfn import Request, Transport, call, models
from cvatfn.api import jobs, labels, requests, tasks, users
from cvatfn.auth import Basic
from cvatfn.testing.sandbox import Sandbox, World, step
from cvatfn.testing.sandbox.areas.jobs import segments
from cvatfn.transport import authenticated
from tests.sandbox.kit import make_task, picture, status_of


def test_the_same_world_and_request_give_the_same(sandbox: Sandbox, admin: Transport) -> None:
    make_task(admin)
    for request in (Request("GET", "/api/server/about"), Request("GET", "/nothing")):
        assert step(sandbox.world, request) == step(sandbox.world, request)


def test_old_worlds_stay_good(sandbox: Sandbox, admin: Transport) -> None:
    task = make_task(admin)
    before = sandbox.world
    kept = pickle.loads(pickle.dumps(before))  # noqa: S301 - our own
    call(admin, tasks.partial_update, task.id, {"name": "other"}).unwrap()
    call(admin, tasks.destroy_annotations, task.id).unwrap()
    call(admin, tasks.destroy, task.id).unwrap()
    after = sandbox.world
    assert before == kept != after
    sandbox.world = before
    assert call(admin, tasks.retrieve, task.id).unwrap().name == "cats"
    call(admin, tasks.destroy, task.id).unwrap()
    assert sandbox.world.tasks == after.tasks


def test_images_are_shared_between_worlds(sandbox: Sandbox, admin: Transport) -> None:
    task = make_task(admin)
    before = sandbox.world.tasks[task.id].media
    call(admin, tasks.partial_update, task.id, {"name": "other"}).unwrap()
    assert sandbox.world.tasks[task.id].media is before


def test_the_clock_may_be_set_from_outside(sandbox: Sandbox, admin: Transport) -> None:
    task = make_task(admin)
    rq_id = call(admin, tasks.create_dataset_export, task.id, format="COCO 1.0").unwrap().rq_id
    sandbox.world = evolve(sandbox.world, now=sandbox.world.now + timedelta(hours=1))
    done = call(admin, requests.retrieve, rq_id).unwrap()
    assert done.status is models.RequestStatus.FINISHED
    assert done.created_date < sandbox.world.now - timedelta(minutes=59)


def test_listings_come_in_pages(admin: Transport) -> None:
    for index in range(23):
        call(admin, tasks.create, {"name": f"task {index}"}).unwrap()
    first = call(admin, tasks.list).unwrap()
    assert (first.count, len(first.results), first.previous) == (23, 10, None)
    assert [row.id for row in first.results] == list(range(23, 13, -1))
    assert first.next == "http://localhost:8080/api/tasks?page=2"
    last = call(admin, tasks.list, page=3, page_size=10).unwrap()
    assert (len(last.results), last.next) == (3, None)
    query = parse_qsl(urlsplit(last.previous or "").query)
    assert query == [("page_size", "10"), ("page", "2")]
    assert len(call(admin, tasks.list, page_size="all").unwrap().results) == 23
    assert [
        row.id
        for row in call(admin, tasks.list, search="task 1", sort="id", page_size=3).unwrap().results
    ] == [2, 11, 12]
    assert call(admin, tasks.list, name="task 7").unwrap().results[0].id == 8
    assert call(admin, tasks.list, sort="nonsense").unwrap().count == 23


def test_nobody_sees_anothers_task(admin: Transport, worker: Transport) -> None:
    task = make_task(admin)
    (job,) = call(admin, jobs.list, task_id=task.id).unwrap().results
    (label, _) = call(admin, labels.list, task_id=task.id).unwrap().results
    assert call(worker, tasks.list).unwrap().count == 0
    assert call(worker, jobs.list).unwrap().count == 0
    for outcome in (
        call(worker, tasks.retrieve, task.id),
        call(worker, tasks.retrieve_annotations, task.id),
        call(worker, tasks.destroy, task.id),
        call(worker, jobs.retrieve, job.id),
        call(worker, labels.retrieve, label.id),
        call(worker, labels.list, task_id=task.id),
        call(worker, requests.retrieve, "action=create&target=task&target_id=1"),
    ):
        assert status_of(outcome.failure()) == 403


def test_who_is_assigned_sees_more(admin: Transport, worker: Transport) -> None:
    task = make_task(admin)
    (job,) = call(admin, jobs.list, task_id=task.id).unwrap().results
    me = call(worker, users.retrieve_self).unwrap()
    moved = call(admin, jobs.partial_update, job.id, {"assignee": me.id}).unwrap()
    assert moved.assignee is not None
    assert moved.assignee_updated_date is not None
    assert call(worker, jobs.retrieve, job.id).unwrap().id == job.id
    assert call(worker, labels.list, job_id=job.id).unwrap().count == 2
    done = call(worker, jobs.partial_update, job.id, {"state": "completed"}).unwrap()
    assert done.state is models.OperationStatus.COMPLETED
    onward = call(worker, jobs.partial_update, job.id, {"stage": "acceptance"})
    assert status_of(onward.failure()) == 403
    accepted: models.PatchedJobWriteRequestDict = {"stage": "acceptance", "state": "completed"}
    call(admin, jobs.partial_update, job.id, accepted).unwrap()
    assert call(admin, tasks.retrieve, task.id).unwrap().status is models.JobStatus.COMPLETED


def test_a_task_before_its_data(admin: Transport) -> None:
    task = call(admin, tasks.create, {"name": "empty"}).unwrap()
    assert (task.data, task.mode, task.overlap) == (None, "", None)
    assert not task.size
    for outcome in (
        call(admin, tasks.retrieve_data_meta, task.id),
        call(admin, tasks.create_dataset_export, task.id, format="COCO 1.0"),
    ):
        assert status_of(outcome.failure()) == 400
    assert status_of(call(admin, tasks.retrieve_preview, task.id).failure()) == 404
    empty = call(admin, tasks.retrieve_preview, task.id, prefer="handling=empty")
    assert not empty.unwrap()


@pytest.mark.parametrize(
    "data",
    [
        {"remote_files": ["https://images.example/cat.png"]},
        {"server_files": ["cat.png"]},
    ],
)
def test_files_of_others_are_refused(admin: Transport, data: models.DataRequestDict) -> None:
    task = call(admin, tasks.create, {"name": "far"}).unwrap()
    refused = call(admin, tasks.create_data, task.id, data).failure()
    assert status_of(refused) == 400
    assert next(iter(data)) in str(refused)


def test_data_come_once(admin: Transport) -> None:
    task = make_task(admin)
    again = call(admin, tasks.create_data, task.id, {"client_files": [picture("x.png")]})
    assert status_of(again.failure()) == 400


def test_labels_are_changed_added_and_removed(admin: Transport) -> None:
    task = make_task(admin)
    cat, dog = call(admin, labels.list, task_id=task.id).unwrap().results
    shapes: list[models.LabeledShapeRequestDict] = [
        {"type": "points", "frame": 0, "label_id": label.id, "points": [1, 1]}
        for label in (cat, dog)
    ]
    call(admin, tasks.update_annotations, task.id, {"shapes": shapes}).unwrap()
    attribute: models.AttributeRequestDict = {
        "name": "age",
        "mutable": False,
        "input_type": "select",
        "values": ["young", "old"],
    }
    renamed = call(
        admin, labels.partial_update, cat.id, {"name": "lion", "attributes": [attribute]}
    ).unwrap()
    assert (renamed.name, renamed.attributes[0].default_value) == ("lion", "young")
    fewer: models.AttributeRequestDict = {
        **attribute,
        "id": renamed.attributes[0].id,
        "values": ["old"],
    }
    refused = call(admin, labels.partial_update, cat.id, {"attributes": [fewer]}).failure()
    assert status_of(refused) == 400
    skeleton: models.PatchedLabelRequestDict = {
        "name": "hand",
        "type": "skeleton",
        "sublabels": [{"name": "thumb"}, {"name": "palm"}],
    }
    call(
        admin,
        tasks.partial_update,
        task.id,
        {"labels": [{"id": dog.id, "deleted": True}, skeleton]},
    ).unwrap()
    lion, hand = call(admin, labels.list, task_id=task.id).unwrap().results
    assert (lion.id, [part.name for part in hand.sublabels]) == (cat.id, ["thumb", "palm"])
    left = call(admin, tasks.retrieve_annotations, task.id).unwrap().shapes
    assert [shape.label_id for shape in left] == [cat.id]
    assert call(admin, labels.destroy, cat.id).unwrap() is None
    assert call(admin, tasks.retrieve_annotations, task.id).unwrap().shapes == ()
    for outcome in (
        call(admin, labels.destroy, hand.sublabels[0].id),
        call(admin, labels.list, task_id=1, job_id=1),
    ):
        assert status_of(outcome.failure()) == 400


@given(st.integers(1, 200), st.integers(0, 60), st.integers(0, 60))
def test_segments_cover_every_frame(size: int, length: int, overlap: int) -> None:
    found = list(segments(size, length, overlap))
    assert {frame for start, stop in found for frame in range(start, stop + 1)} == set(range(size))
    assert all(start <= stop < size for start, stop in found)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "X"]),
            st.sampled_from(
                [
                    "/api/tasks",
                    "/api/tasks/1",
                    "/api/tasks/1/data",
                    "/api/jobs",
                    "/",
                    "//",
                    "/api/%",
                ]
            ),
            st.binary(max_size=20),
        ),
        max_size=8,
    )
)
def test_a_step_answers_anything(asked: list[tuple[str, str, bytes]]) -> None:
    sandbox = Sandbox(World.with_user("admin", "x"))
    cvat = authenticated(sandbox, Basic("admin", "x"), sandbox.world.origin)
    for method, path, body in asked:
        response = cvat(Request(method, path, (), {"Content-Type": "application/json"}, body))
        assert 200 <= response.unwrap().status < 600
