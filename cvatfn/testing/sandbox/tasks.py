"""Tasks: create, list, retrieve, patch, delete."""

from __future__ import annotations

from typing import Final

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.annotating import jobs_of
from cvatfn.testing.sandbox.asking import Asked, Done, basic_user, done, may_see_task
from cvatfn.testing.sandbox.jobs import job_status
from cvatfn.testing.sandbox.labels import relabeled
from cvatfn.testing.sandbox.listing import Columns, paged
from cvatfn.testing.sandbox.replies import Refusal, forbidden, invalid, unbuilt
from cvatfn.testing.sandbox.world import Task, World, dropped, put

__all__ = ["create", "destroy", "list_tasks", "partial_update", "retrieve", "retrieve_status"]


def list_tasks(world: World, asked: Asked) -> Done:
    """The tasks one may see."""
    rows = [task for task in world.tasks.values() if may_see_task(asked.account, task)]
    return paged(
        world,
        asked,
        rows,
        _columns(world),
        lambda row: shown(world, asked, row),
        searched=("name", "owner", "assignee", "subset", "mode", "status", "tracker_link"),
    )


def create(world: World, asked: Asked) -> Done:
    """Make a task; its data come later."""
    sent = asked.needed("task_write_request", models.TaskWriteRequest)
    match _wrong_people(world, asked, sent):
        case Failure() as refusal:
            return refusal
        case Success():
            pass
    if sent.initial_replicas or sent.consensus_replicas:
        return unbuilt("consensus yet")
    world, number = world.numbered("task")
    owner = sent.owner_id if isinstance(sent.owner_id, int) else asked.account.id
    assignee = sent.assignee_id if isinstance(sent.assignee_id, int) else None
    task = Task(
        id=number,
        name=sent.name,
        owner=owner,
        assignee=assignee,
        assigned=None if assignee is None else world.now,
        bug_tracker=sent.bug_tracker or "",
        subset=sent.subset or "",
        segment_size=sent.segment_size or 0,
        overlap=None if isinstance(sent.overlap, Unset) else sent.overlap,
        created=world.now,
        updated=world.now,
    )
    world, source = _storage(world, sent.source_storage)
    world, target = _storage(world, sent.target_storage)
    task = evolve(task, source_storage=source, target_storage=target)
    world = evolve(world, tasks=put(world.tasks, number, task))
    match relabeled(world, number, sent.labels or ()):
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
    match _wrong_people(world, asked, sent):
        case Failure() as refusal:
            return refusal
        case Success():
            pass
    if isinstance(sent.organization_id, int):
        return unbuilt("organizations yet")
    world, source = _storage(world, sent.source_storage)
    world, target = _storage(world, sent.target_storage)
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
    match relabeled(world, task.id, sent.labels or ()):
        case Failure() as refusal:
            return refusal
        case Success(after):
            return done(after, shown(after, asked, task))


def destroy(world: World, asked: Asked, task: Task) -> Done:
    """Remove a task with all that belongs to it."""
    if not asked.account.is_superuser and asked.account.id != task.owner:
        return forbidden()
    after = evolve(
        world,
        tasks=dropped(world.tasks, task.id),
        uploads=dropped(world.uploads, task.id),
        labels={key: label for key, label in world.labels.items() if label.task != task.id},
        jobs={key: job for key, job in world.jobs.items() if job.task != task.id},
    )
    return done(after, None, 204)


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
    return models.TaskRead(
        url=asked.url(f"/api/tasks/{task.id}"),
        id=task.id,
        name=task.name,
        project_id=None,
        project_name=None,
        owner=basic_user(world, asked, task.owner),
        assignee=basic_user(world, asked, task.assignee),
        bug_tracker=task.bug_tracker,
        created_date=task.created,
        updated_date=task.updated,
        overlap=task.overlap,
        segment_size=task.segment_size,
        status=_status(states),
        data_chunk_size=UNSET if media is None else media.chunk_size,
        data_original_chunk_type=UNSET if media is None else models.ChunkType.IMAGESET,
        data_compressed_chunk_type=UNSET if media is None else models.ChunkType.IMAGESET,
        data_cloud_storage_id=UNSET if media is None else None,
        guide_id=None,
        size=UNSET if media is None else len(media.frames),
        image_quality=UNSET if media is None else media.image_quality,
        data=None if media is None else media.id,
        dimension="" if media is None else "2d",
        mode="" if media is None else "annotation",
        media_type="" if media is None else "image",
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
        validation_mode=None,
    )


def _columns(world: World) -> Columns[Task]:
    def username(number: int | None) -> str | None:
        return None if number is None else world.accounts[number].username

    return {
        "id": lambda row: row.id,
        "name": lambda row: row.name,
        "owner": lambda row: username(row.owner),
        "assignee": lambda row: username(row.assignee),
        "subset": lambda row: row.subset,
        "tracker_link": lambda row: row.bug_tracker,
        "status": lambda row: _status([job_status(job) for job in jobs_of(world, row.id)]).value,
        "mode": lambda row: "annotation" if row.media else "",
        "dimension": lambda row: "2d" if row.media else "",
        "media_type": lambda row: "image" if row.media else "",
        "project_id": lambda _: None,
        "project_name": lambda _: None,
        "validation_mode": lambda _: None,
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


def _wrong_people(
    world: World, asked: Asked, sent: models.TaskWriteRequest | models.PatchedTaskWriteRequest
) -> Outcome[None, Refusal]:
    if isinstance(sent.project_id, int):
        return unbuilt("projects yet")
    for name, number in (("owner_id", sent.owner_id), ("assignee_id", sent.assignee_id)):
        if isinstance(number, int) and number not in world.accounts:
            return invalid(**{name: f'Invalid pk "{number}" - object does not exist.'})
    foreign = isinstance(sent.owner_id, int) and sent.owner_id != asked.account.id
    return forbidden() if foreign and not asked.account.is_superuser else Success(None)


def _storage(
    world: World, sent: models.StorageRequest | Unset
) -> tuple[World, models.Storage | None]:
    if isinstance(sent, Unset):
        return world, None
    world, number = world.numbered("storage")
    location = sent.location or models.LocationEnum.LOCAL
    return world, models.Storage(id=number, location=location, cloud_storage_id=None)
