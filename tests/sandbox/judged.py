"""What the tests of quality and consensus make: ground truth, replicas, reports."""

from __future__ import annotations

from attrs import evolve

from cvatfn import Transport, call, models
from cvatfn.api import jobs, labels, quality, tasks
from cvatfn.testing.sandbox import Sandbox
from cvatfn.testing.sandbox.state.annotated import Job
from cvatfn.testing.sandbox.state.world import put
from tests.sandbox.kit import make_task, settle, three

Shapes = list[models.LabeledShapeRequestDict]


def add_job(
    sandbox: Sandbox,
    task: int,
    type: models.JobType = models.JobType.GROUND_TRUTH,
    *,
    frames: tuple[int, int] = (0, 1),
    parent: int | None = None,
) -> int:
    """One more job in a world: ground truth, unless it is a replica."""
    world, number = sandbox.world.numbered("job")
    job = Job(
        id=number,
        task=task,
        type=type,
        parent=parent,
        start=frames[0],
        stop=frames[1],
        created=world.now,
        updated=world.now,
    )
    sandbox.world = evolve(world, jobs=put(world.jobs, number, job))
    return number


def accept(cvat: Transport, job: int) -> None:
    """Bring a job to where it counts as ground truth."""
    call(cvat, jobs.partial_update, job, {"stage": "acceptance"}).unwrap()
    call(cvat, jobs.partial_update, job, {"state": "completed"}).unwrap()


def box(frame: int, label: int, *points: float, group: int = 0) -> models.LabeledShapeRequestDict:
    """A rectangle."""
    return {
        "type": "rectangle",
        "frame": frame,
        "label_id": label,
        "points": points,
        "group": group,
    }


def label_ids(cvat: Transport, task: int) -> dict[str, int]:
    """The labels of a task by name."""
    return {
        label.name: label.id for label in call(cvat, labels.list, task_id=task).unwrap().results
    }


def draw(cvat: Transport, job: int, *shapes: models.LabeledShapeRequestDict) -> tuple[int, ...]:
    """Put shapes into a job: their ids."""
    put_there = call(cvat, jobs.update_annotations, job, {"shapes": list(shapes)}).unwrap()
    return tuple(shape.id or 0 for shape in put_there.shapes)


def judged_task(sandbox: Sandbox, cvat: Transport) -> tuple[int, int, int]:
    """A task with three frames, of which two are validated: its id, its job and the ground truth.

    On frame 0 a cat was found, but not well; on frame 1 a dog was taken for a cat; on frame 2,
    where nobody looks, there is one more.
    """
    task = make_task(cvat)
    (job,) = call(cvat, jobs.list, task_id=task.id).unwrap().results
    truth = add_job(sandbox, task.id)
    names = label_ids(cvat, task.id)
    cat, dog = names["cat"], names["dog"]
    draw(cvat, truth, box(0, cat, 0, 0, 20, 20), box(1, dog, 5, 5, 15, 15))
    draw(
        cvat,
        job.id,
        box(0, cat, 0, 0, 20, 15),
        box(1, cat, 5, 5, 15, 15),
        box(2, cat, 0, 0, 9, 9),
    )
    accept(cvat, truth)
    return task.id, job.id, truth


def report_on(cvat: Transport, **target: int) -> models.QualityReport:
    """A report, begun and waited for."""
    sent: models.QualityReportCreateRequestDict = (
        {"task_id": target["task_id"]}
        if "task_id" in target
        else {"project_id": target["project_id"]}
    )
    begun = call(cvat, quality.create_report, sent).unwrap()
    ended = settle(cvat, begun.rq_id)
    assert ended.status is models.RequestStatus.FINISHED, ended.message
    assert ended.result_id is not None
    return call(cvat, quality.retrieve_report, int(ended.result_id)).unwrap()


def task_in_project(sandbox: Sandbox, cvat: Transport, project: int, name: str) -> tuple[int, int]:
    """A task in a project, in which nobody found what the ground truth has; and its job."""
    task = call(cvat, tasks.create, {"name": name, "project_id": project}).unwrap()
    started = call(cvat, tasks.create_data, task.id, {"client_files": three()}).unwrap()
    assert started is not None
    settle(cvat, started.rq_id)
    (job,) = call(cvat, jobs.list, task_id=task.id).unwrap().results
    truth = add_job(sandbox, task.id)
    label = call(cvat, labels.list, project_id=project).unwrap().results[0].id
    draw(cvat, truth, box(0, label, 0, 0, 9, 9))
    accept(cvat, truth)
    return task.id, job.id
