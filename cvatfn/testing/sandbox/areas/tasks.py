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
from cvatfn.testing.sandbox.areas.labels import Home, relabeled
from cvatfn.testing.sandbox.gates.asking import (
    Asked,
    Done,
    basic_user,
    done,
)
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.permitting import may_see_project, may_see_task
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, invalid, unbuilt
from cvatfn.testing.sandbox.state.annotated import Task
from cvatfn.testing.sandbox.state.world import World, dropped, put

__all__ = [
    "create",
    "destroy",
    "kept_storage",
    "list_tasks",
    "partial_update",
    "retrieve",
    "retrieve_status",
    "without_tasks",
    "wrong_people",
]

MOST_REPLICAS: Final = 10
LABELS_OF_PROJECT: Final = "the labels of a task in a project are those of the project"


def list_tasks(world: World, asked: Asked) -> Done:
    """The tasks one may see."""
    rows = [
        task
        for task in world.tasks.values()
        if may_see_task(world, asked.account, task) and asked.is_within(task.organization)
    ]
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
    match wrong_people(world, asked, sent.owner_id, sent.assignee_id):
        case Failure() as refusal:
            return refusal
        case Success():
            pass
    match _project(world, asked, sent):
        case Failure() as refusal:
            return refusal
        case Success(project):
            pass
    replicas = sent.initial_replicas or sent.consensus_replicas or 0
    if replicas == 1 or replicas > MOST_REPLICAS:
        said = f"there are no replicas, or 2 to {MOST_REPLICAS}"
        return invalid(
            **{"initial_replicas" if sent.initial_replicas else "consensus_replicas": said}
        )
    world, number = world.numbered("task")
    owner = sent.owner_id if isinstance(sent.owner_id, int) else asked.account.id
    assignee = sent.assignee_id if isinstance(sent.assignee_id, int) else None
    task = Task(
        id=number,
        name=sent.name,
        owner=owner,
        organization=asked.organization_id,
        project=project,
        assignee=assignee,
        assigned=None if assignee is None else world.now,
        bug_tracker=sent.bug_tracker or "",
        subset=sent.subset or "",
        segment_size=sent.segment_size or 0,
        overlap=None if isinstance(sent.overlap, Unset) else sent.overlap,
        replicas=replicas,
        created=world.now,
        updated=world.now,
    )
    world, source = kept_storage(world, sent.source_storage)
    world, target = kept_storage(world, sent.target_storage)
    task = evolve(task, source_storage=source, target_storage=target)
    world = evolve(world, tasks=put(world.tasks, number, task))
    match relabeled(world, Home(task=number), sent.labels or ()):
        case Failure() as refusal:
            return refusal
        case Success(after):
            made = shown(after, asked, task)
            return done(after, made, 201, ("Location", asked.url(f"/api/tasks/{number}")))


def retrieve(world: World, asked: Asked, task: Task) -> Done:
    """One task."""
    return done(world, shown(world, asked, task))


def partial_update(world: World, asked: Asked, task: Task) -> Done:
    """Change a task: only what is given."""
    sent = asked.given("patched_task_write_request", models.PatchedTaskWriteRequest)
    if sent is None:
        return done(world, shown(world, asked, task))
    match wrong_people(world, asked, sent.owner_id, sent.assignee_id):
        case Failure() as refusal:
            return refusal
        case Success():
            pass
    if not isinstance(sent.project_id, Unset) and sent.project_id != task.project:
        return unbuilt("a way to move tasks between projects yet")
    if task.project is not None and sent.labels:
        return invalid(labels=LABELS_OF_PROJECT)
    if isinstance(sent.organization_id, int):
        return unbuilt("organizations yet")
    world, source = kept_storage(world, sent.source_storage)
    world, target = kept_storage(world, sent.target_storage)
    moved = not isinstance(sent.assignee_id, Unset) and sent.assignee_id != task.assignee
    task = evolve(
        task,
        name=sent.name or task.name,
        owner=sent.owner_id if isinstance(sent.owner_id, int) else task.owner,
        assignee=task.assignee if isinstance(sent.assignee_id, Unset) else sent.assignee_id,
        assigned=world.now if moved else task.assigned,
        bug_tracker=task.bug_tracker if isinstance(sent.bug_tracker, Unset) else sent.bug_tracker,
        subset=task.subset if isinstance(sent.subset, Unset) else sent.subset,
        source_storage=source or task.source_storage,
        target_storage=target or task.target_storage,
        updated=world.now,
    )
    world = evolve(world, tasks=put(world.tasks, task.id, task))
    match relabeled(world, Home(task=task.id), sent.labels or ()):
        case Failure() as refusal:
            return refusal
        case Success(after):
            return done(after, shown(after, asked, task))


def destroy(world: World, asked: Asked, task: Task) -> Done:
    """Remove a task with all that belongs to it."""
    if not asked.account.is_superuser and asked.account.id != task.owner:
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
        guide_id=None,
        size=UNSET if media is None else media.size,
        image_quality=UNSET if media is None or media.kind == "audio" else media.image_quality,
        data=None if media is None else media.id,
        dimension="" if media is None else media.dimension,
        mode="" if media is None else media.mode,
        media_type="" if media is None else media.media_type,
        subset=task.subset,
        organization_id=None,
        organization=None,
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
    def username(number: int | None) -> str | None:
        return None if number is None else world.accounts[number].username

    def project_name(number: int | None) -> str | None:
        return None if number is None else world.projects[number].name

    return {
        "id": lambda row: row.id,
        "name": lambda row: row.name,
        "owner": lambda row: username(row.owner),
        "assignee": lambda row: username(row.assignee),
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


def wrong_people(
    world: World, asked: Asked, owner: int | Unset | None, assignee: int | Unset | None
) -> Outcome[None, Refusal]:
    """Refuse people who are not there, and to give what one makes to somebody else.

    :param owner: the id that was sent.
    :param assignee: the id that was sent.
    """
    for name, number in (("owner_id", owner), ("assignee_id", assignee)):
        if isinstance(number, int) and number not in world.accounts:
            return invalid(**{name: f'Invalid pk "{number}" - object does not exist.'})
    foreign = isinstance(owner, int) and owner != asked.account.id
    return forbidden() if foreign and not asked.account.is_superuser else Success(None)


def _project(
    world: World, asked: Asked, sent: models.TaskWriteRequest
) -> Outcome[int | None, Refusal]:
    """The project that a new task goes into."""
    if not isinstance(sent.project_id, int):
        return Success(None)
    project = world.projects.get(sent.project_id)
    if project is None:
        return invalid(project_id=f'Invalid pk "{sent.project_id}" - object does not exist.')
    if not may_see_project(world, asked.account, project):
        return forbidden()
    return invalid(labels=LABELS_OF_PROJECT) if sent.labels else Success(project.id)


def kept_storage(
    world: World, sent: models.StorageRequest | Unset
) -> tuple[World, models.Storage | None]:
    """A storage of files as it is kept; none where none was sent.

    :param sent: what was sent.
    """
    if isinstance(sent, Unset):
        return world, None
    world, number = world.numbered("storage")
    location = sent.location or models.LocationEnum.LOCAL
    return world, models.Storage(id=number, location=location, cloud_storage_id=None)
