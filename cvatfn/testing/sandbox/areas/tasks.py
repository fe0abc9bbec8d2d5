"""Tasks: create, list, retrieve, patch, delete."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.annotating import jobs_of
from cvatfn.testing.sandbox.areas.jobs import job_status
from cvatfn.testing.sandbox.areas.moving import SAME_ORGANIZATION, moved
from cvatfn.testing.sandbox.areas.owned import FIELDS, kept, not_there, owner_of
from cvatfn.testing.sandbox.gates.asking import (
    Asked,
    Done,
    basic_user,
    done,
)
from cvatfn.testing.sandbox.gates.changing import granted
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.permitting import Right, may, may_create, may_create_in
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, invalid
from cvatfn.testing.sandbox.state.annotated import Task
from cvatfn.testing.sandbox.state.lookups import guide_of_task
from cvatfn.testing.sandbox.state.world import World, dropped, username_of

__all__ = [
    "TASK_FIELDS",
    "create",
    "destroy",
    "list_tasks",
    "partial_update",
    "retrieve",
    "retrieve_status",
    "shown",
    "without_tasks",
]

TASK_FIELDS: Final = {**FIELDS, "project_id": Right.MOVE, "subset": Right.CHANGE}
"""By the field of a PATCH, the right that it needs."""
MOST_REPLICAS: Final = 10
LABELS_OF_PROJECT: Final = "the labels of a task in a project are those of the project"


def list_tasks(world: World, asked: Asked) -> Done:
    """The tasks one may see."""
    rows = [task for task in world.tasks.values() if asked.finds(world, task)]
    return paged(
        world,
        asked,
        rows,
        _columns(world),
        lambda row: shown(world, asked, row),
        searched=("name", "owner", "assignee", "project_name", "subset", "tracker_link"),
    )


def create(world: World, asked: Asked) -> Done:
    """Make a task; its data come later."""
    sent = asked.needed("task_write_request", models.TaskWriteRequest)
    match _project(world, asked, sent):
        case Failure() as refusal:
            return refusal
        case Success(project):
            pass
    match owner_of(asked, sent.owner_id):
        case Failure() as refusal:
            return refusal
        case Success(owner):
            pass
    replicas = sent.initial_replicas or sent.consensus_replicas or 0
    if replicas == 1 or replicas > MOST_REPLICAS:
        said = f"there are no replicas, or 2 to {MOST_REPLICAS}"
        return invalid(
            **{"initial_replicas" if sent.initial_replicas else "consensus_replicas": said}
        )
    world, number = world.numbered("task")
    blank = Task(
        id=number,
        name=sent.name,
        owner=owner,
        organization=asked.organization_id,
        project=project,
        subset=sent.subset or "",
        segment_size=sent.segment_size or 0,
        overlap=None if isinstance(sent.overlap, Unset) else sent.overlap,
        replicas=replicas,
        created=world.now,
        updated=world.now,
    )
    location = ("Location", asked.url(f"/api/tasks/{number}"))
    return _kept(world, asked, blank, sent, 201, location)


def retrieve(world: World, asked: Asked, task: Task) -> Done:
    """One task."""
    return done(world, shown(world, asked, task))


def partial_update(world: World, asked: Asked, task: Task) -> Done:
    """Change a task: only what is given."""
    match granted(world, asked, task, TASK_FIELDS):
        case Failure() as refusal:
            return refusal
        case Success():
            pass
    sent = asked.given("patched_task_write_request", models.PatchedTaskWriteRequest)
    if sent is None:
        return done(world, shown(world, asked, task))
    match moved(world, asked, task, sent):
        case Failure() as refusal:
            return refusal
        case Success(after):
            world, stays = after, after.tasks[task.id].project == task.project
    if task.project is not None and stays and sent.labels:
        return invalid(labels=LABELS_OF_PROJECT)
    task = world.tasks[task.id]
    subset = task.subset if isinstance(sent.subset, Unset) else sent.subset
    return _kept(world, asked, evolve(task, subset=subset), sent)


def destroy(world: World, asked: Asked, task: Task) -> Done:
    """Remove a task with all that belongs to it."""
    if not may(world, asked.account, Right.DELETE, task):
        return forbidden()
    return done(without_tasks(world, [task.id]), None, 204)


def without_tasks(world: World, gone: Collection[int]) -> World:
    """A world without some tasks and all that belongs to them.

    :param gone: their ids.
    """
    return evolve(
        world,
        tasks=dropped(world.tasks, *gone),
        uploads=dropped(world.uploads, *gone),
        labels={key: label for key, label in world.labels.items() if label.task not in gone},
        jobs={key: job for key, job in world.jobs.items() if job.task not in gone},
    )


def retrieve_status(world: World, _: Asked, task: Task) -> Done:
    """How far the task's data are processed, as old clients ask it."""
    work = world.backgrounds.get(f"action=create&target=task&target_id={task.id}")
    failed = work is not None and work.failure is not None
    under_way = work is not None and work.finished is None
    kinds = models.RqStatusStateEnum
    state = kinds.FAILED if failed else kinds.STARTED if under_way else kinds.FINISHED
    message = work.failure if work is not None and work.failure else ""
    return done(world, models.RqStatus(state=state, message=message, progress=0.0))


def shown(world: World, asked: Asked, task: Task) -> models.TaskRead:
    """A task as CVAT shows it; before it has data, much is absent.

    :param task: the task.
    """
    media = task.media
    jobs = jobs_of(world, task.id)
    states = [job_status(job) for job in jobs]
    link = f"task_id={task.id}"
    project = None if task.project is None else world.projects[task.project]
    return models.TaskRead(
        url=asked.url(f"/api/tasks/{task.id}"),
        id=task.id,
        name=task.name,
        project_id=task.project,
        project_name=None if project is None else project.name,
        owner=basic_user(world, asked, task.owner),
        assignee=basic_user(world, asked, task.assignee),
        bug_tracker=task.bug_tracker,
        created_date=task.created,
        updated_date=task.updated,
        overlap=task.overlap,
        segment_size=task.segment_size,
        initial_replicas=task.replicas,
        status=_status(states),
        data_chunk_size=UNSET if media is None else media.chunk_size,
        data_original_chunk_type=UNSET if media is None else media.original_chunks,
        data_compressed_chunk_type=UNSET if media is None else media.compressed_chunks,
        data_cloud_storage_id=UNSET if media is None else media.cloud,
        guide_id=guide_of_task(world, task.id),
        size=UNSET if media is None else media.size,
        image_quality=UNSET if media is None or media.kind == "audio" else media.image_quality,
        data=None if media is None else media.id,
        dimension="" if media is None else media.dimension,
        mode="" if media is None else media.mode,
        media_type="" if media is None else media.media_type,
        subset=task.subset,
        organization_id=task.organization,
        organization=task.organization,
        target_storage=task.target_storage,
        source_storage=task.source_storage,
        jobs=models.JobsSummary(
            count=len(jobs),
            completed=states.count(models.JobStatus.COMPLETED),
            validation=states.count(models.JobStatus.VALIDATION),
            url=asked.url(f"/api/jobs?{link}"),
        ),
        labels=models.LabelsSummary(url=asked.url(f"/api/labels?{link}")),
        assignee_updated_date=task.assigned,
        validation_mode=_validation_mode(task),
    )


def _validation_mode(task: Task) -> str | None:
    validation = None if task.media is None else task.media.validation
    return None if validation is None else validation.mode.value


def _columns(world: World) -> Columns[Task]:
    def project_name(number: int | None) -> str | None:
        return None if number is None else world.projects[number].name

    return {
        "id": lambda row: row.id,
        "name": lambda row: row.name,
        "owner": lambda row: username_of(world, row.owner),
        "assignee": lambda row: username_of(world, row.assignee),
        "subset": lambda row: row.subset,
        "tracker_link": lambda row: row.bug_tracker,
        "status": lambda row: _status([job_status(job) for job in jobs_of(world, row.id)]).value,
        "mode": lambda row: row.media.mode if row.media else "",
        "dimension": lambda row: row.media.dimension if row.media else "",
        "media_type": lambda row: row.media.media_type if row.media else "",
        "project_id": lambda row: row.project,
        "project_name": lambda row: project_name(row.project),
        "validation_mode": _validation_mode,
        "created_date": lambda row: row.created,
        "updated_date": lambda row: row.updated,
    }


_ORDER: Final = (
    models.JobStatus.ANNOTATION,
    models.JobStatus.VALIDATION,
    models.JobStatus.COMPLETED,
)


def _status(states: list[models.JobStatus]) -> models.JobStatus:
    """A task is as far as the job that is furthest behind."""
    return min(states, key=_ORDER.index, default=models.JobStatus.ANNOTATION)


def _project(
    world: World, asked: Asked, sent: models.TaskWriteRequest
) -> Outcome[int | None, Refusal]:
    """The project that a new task goes into, where who asks may make one."""
    if not isinstance(sent.project_id, int):
        may_here = may_create(world, asked.account, asked.organization_id)
        return Success(None) if may_here else forbidden()
    project = world.projects.get(sent.project_id)
    if project is None:
        return not_there("Project")
    if not may_create_in(world, asked.account, project):
        return forbidden()
    if project.organization != asked.organization_id:
        return invalid(SAME_ORGANIZATION)
    return invalid(labels=LABELS_OF_PROJECT) if sent.labels else Success(project.id)


def _kept(
    world: World,
    asked: Asked,
    task: Task,
    sent: models.TaskWriteRequest | models.PatchedTaskWriteRequest,
    status: int = 200,
    *headers: tuple[str, str],
) -> Done:
    """The task with all that a request says of it, its labels too."""
    match kept(world, asked, task, sent):
        case Failure() as refusal:
            return refusal
        case Success(after):
            told = shown(after, asked, after.tasks[task.id])
            return done(after, told, status, *headers)
