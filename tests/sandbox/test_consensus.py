"""Consensus: replicas are merged into the jobs that they are of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cvatfn import Transport, call, models
from cvatfn.api import consensus, jobs, tasks
from cvatfn.testing.sandbox import Sandbox
from tests.sandbox.judged import add_job, box, draw, label_ids
from tests.sandbox.kit import make_task, settle, status_of

REPLICA = models.JobType.REPLICA


def _replicated(sandbox: Sandbox, cvat: Transport, replicas: int = 3) -> tuple[int, int, list[int]]:
    """A task whose one job has replicas: its id, the job, and the replicas."""
    task = make_task(cvat)
    (job,) = call(cvat, jobs.list, task_id=task.id).unwrap().results
    made = [
        add_job(sandbox, task.id, REPLICA, frames=(0, 2), parent=job.id) for _ in range(replicas)
    ]
    return task.id, job.id, made


def _begin(cvat: Transport, *replicas: int) -> None:
    for replica in replicas:
        call(cvat, jobs.partial_update, replica, {"state": "in progress"}).unwrap()


def _merge(cvat: Transport, **of: int) -> models.Request:
    sent: models.ConsensusMergeCreateRequestDict = (
        {"task_id": of["task_id"]} if "task_id" in of else {"job_id": of["job_id"]}
    )
    return settle(cvat, call(cvat, consensus.create_merge, sent).unwrap().rq_id)


def test_what_replicas_agree_on_takes_the_place_of_what_was_there(
    sandbox: Sandbox, admin: Transport
) -> None:
    task, job, (one, two, three) = _replicated(sandbox, admin)
    names = label_ids(admin, task)
    cat, dog = names["cat"], names["dog"]
    draw(admin, job, box(2, dog, 0, 0, 5, 5))
    draw(admin, one, box(0, cat, 0, 0, 20, 20))
    draw(admin, two, box(0, cat, 2, 2, 22, 22), box(1, dog, 0, 0, 9, 9))
    draw(admin, three, box(0, cat, 4, 4, 24, 24))
    _begin(admin, one, two, three)
    ended = _merge(admin, job_id=job)
    assert ended.status is models.RequestStatus.FINISHED
    assert ended.id == f"action=merge&target=job&target_id={job}"
    assert (ended.operation.type, ended.operation.job_id) == ("merge:job", job)
    assert ended.finished_date is not None
    assert ended.expiry_date == ended.finished_date + timedelta(minutes=5)
    merged = call(admin, jobs.retrieve_annotations, job).unwrap().shapes
    assert [(each.frame, each.label_id, each.points) for each in merged] == [
        (0, cat, (2, 2, 22, 22)),
        (1, dog, (0, 0, 9, 9)),
    ]
    assert {each.source for each in merged} == {"consensus"}
    assert [each.score for each in merged] == pytest.approx([(1 + 2 * 324 / 476) / 3, 1 / 3])
    assert call(admin, jobs.retrieve, job).unwrap().state is models.OperationStatus.COMPLETED


def test_every_kind_of_annotation_is_merged(sandbox: Sandbox, admin: Transport) -> None:
    task, job, replicas = _replicated(sandbox, admin, 2)
    cat = label_ids(admin, task)["cat"]
    kinds: dict[models.ShapeTypeLike, list[float]] = {
        "rectangle": [0, 0, 9, 9],
        "polygon": [0, 0, 9, 0, 9, 9],
        "polyline": [0, 0, 9, 9],
        "points": [3, 3],
        "ellipse": [10, 10, 15, 5],
        "mask": [0, 4, 1, 1, 2, 2],
    }
    shapes: list[models.LabeledShapeRequestDict] = [
        {"type": kind, "frame": 0, "label_id": cat, "points": points}
        for kind, points in kinds.items()
    ]
    keys: list[models.TrackedShapeRequestDict] = [
        {"type": "rectangle", "frame": 1, "points": [20, 20, 29, 29]}
    ]
    sent: models.LabeledDataRequestDict = {
        "tags": [{"frame": 0, "label_id": cat}],
        "shapes": shapes,
        "tracks": [{"frame": 1, "label_id": cat, "shapes": keys}],
    }
    for replica in replicas:
        call(admin, jobs.update_annotations, replica, sent).unwrap()
    _begin(admin, *replicas)
    assert _merge(admin, task_id=task).status is models.RequestStatus.FINISHED
    merged = call(admin, jobs.retrieve_annotations, job).unwrap()
    assert [tag.label_id for tag in merged.tags] == [cat]
    here = {shape.type.value: shape.points for shape in merged.shapes if shape.frame == 0}
    assert here == {kind: tuple(points) for kind, points in kinds.items()}
    assert [shape.frame for shape in merged.shapes if shape.frame] == [1, 2]  # where the track is
    assert {shape.score for shape in merged.shapes} == {1.0}


def test_what_cannot_be_merged_is_refused(
    sandbox: Sandbox, admin: Transport, worker: Transport
) -> None:
    plain = make_task(admin)
    refused = call(admin, consensus.create_merge, {"task_id": plain.id})
    assert "Consensus is not enabled in this task" in str(refused.failure())
    task, job, (one, *_) = _replicated(sandbox, admin)
    refused = call(admin, consensus.create_merge, {"task_id": task})
    assert "No annotation jobs in the annotation stage" in str(refused.failure())
    _begin(admin, one)
    refused = call(admin, consensus.create_merge, {"job_id": one})
    assert f"No annotated consensus jobs found for parent job {one}." in str(refused.failure())
    call(admin, jobs.partial_update, job, {"stage": "validation"}).unwrap()
    refused = call(admin, consensus.create_merge, {"job_id": job})
    assert "No annotation jobs in the annotation stage" in str(refused.failure())
    odd: list[tuple[models.ConsensusMergeCreateRequestDict, int]] = [
        ({"task_id": 99}, 404),
        ({"job_id": 99}, 404),
        ({}, 400),
    ]
    for sent, status in odd:
        assert status_of(call(admin, consensus.create_merge, sent).failure()) == status
    both: list[models.ConsensusMergeCreateRequestDict] = [{"task_id": task}, {"job_id": job}]
    for of in both:
        assert status_of(call(worker, consensus.create_merge, of).failure()) == 403


def test_a_merge_that_came_too_late_says_why(sandbox: Sandbox, admin: Transport) -> None:
    task, job, (one, *_) = _replicated(sandbox, admin)
    _begin(admin, one)
    begun = call(admin, consensus.create_merge, {"task_id": task}).unwrap().rq_id
    assert status_of(call(admin, consensus.create_merge, {"task_id": task}).failure()) == 409
    call(admin, jobs.partial_update, job, {"stage": "acceptance"}).unwrap()
    ended = settle(admin, begun)
    assert ended.status is models.RequestStatus.FAILED
    assert "No annotation jobs in the annotation stage" in ended.message
    call(admin, jobs.partial_update, job, {"stage": "annotation"}).unwrap()
    begun = call(admin, consensus.create_merge, {"task_id": task}).unwrap().rq_id
    call(admin, tasks.destroy, task).unwrap()
    assert settle(admin, begun).status is models.RequestStatus.FAILED


def test_tasks_with_replicas_have_settings(
    sandbox: Sandbox, admin: Transport, worker: Transport
) -> None:
    make_task(admin)
    assert call(admin, consensus.list_settings).unwrap().count == 0
    task, job, (one, two, _) = _replicated(sandbox, admin)
    (settings,) = call(admin, consensus.list_settings, task_id=task).unwrap().results
    assert settings == models.ConsensusSettings(id=1, task_id=task, iou_threshold=0.4)
    changed = call(admin, consensus.partial_update_settings, 1, {"iou_threshold": 0.9}).unwrap()
    assert changed.iou_threshold == 0.9
    assert call(admin, consensus.retrieve_settings, 1).unwrap() == changed
    cat = label_ids(admin, task)["cat"]
    draw(admin, one, box(0, cat, 0, 0, 20, 20))
    draw(admin, two, box(0, cat, 2, 2, 22, 22))
    _begin(admin, one, two)
    _merge(admin, task_id=task)
    assert len(call(admin, jobs.retrieve_annotations, job).unwrap().shapes) == 2
    for refused in (
        call(worker, consensus.list_settings, task_id=task),
        call(worker, consensus.retrieve_settings, 1),
        call(worker, consensus.partial_update_settings, 1, {"iou_threshold": 0.1}),
    ):
        assert status_of(refused.failure()) == 403
    assert call(worker, consensus.list_settings).unwrap().count == 0
    assert status_of(call(admin, consensus.retrieve_settings, 9).failure()) == 404
    call(admin, tasks.destroy, task).unwrap()
    assert call(admin, consensus.list_settings).unwrap().count == 0
