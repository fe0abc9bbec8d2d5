"""Jobs: made with a task's data, one for each stretch of frames, and replicas of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.unset import Unset
from cvatfn.outcome import Failure, Success
from cvatfn.testing.sandbox.gates.asking import (
    Asked,
    Done,
    basic_user,
    done,
)
from cvatfn.testing.sandbox.gates.changing import granted
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.permitting import Right, may_name
from cvatfn.testing.sandbox.gates.replies import forbidden, invalid
from cvatfn.testing.sandbox.state.annotated import Job
from cvatfn.testing.sandbox.state.lookups import guide_of_job, issue_count
from cvatfn.testing.sandbox.state.world import World, put, username_of

__all__ = [
    "JOB_FIELDS",
    "job_status",
    "list_jobs",
    "partial_update",
    "retrieve",
    "segments",
    "shown",
]

JOB_FIELDS: Final = {"assignee": Right.ASSIGN, "stage": Right.ASSIGN, "state": Right.CHANGE}
"""By the field of a PATCH, the right that it needs."""


def list_jobs(world: World, asked: Asked) -> Done:
    """The jobs one may see."""
    rows = [job for job in world.jobs.values() if asked.finds(world, job)]
    return paged(
        world,
        asked,
        rows,
        _columns(world),
        lambda row: shown(world, asked, row),
        searched=("task_name", "project_name", "assignee"),
    )


def retrieve(world: World, asked: Asked, job: Job) -> Done:
    """One job."""
    return done(world, shown(world, asked, job))


def partial_update(world: World, asked: Asked, job: Job) -> Done:
    """Change a job's assignee, stage or state; who is only its assignee changes the state alone."""
    match granted(world, asked, job, JOB_FIELDS):
        case Failure() as refusal:
            return refusal
        case Success():
            pass
    sent = asked.given("patched_job_write_request", models.PatchedJobWriteRequest)
    if sent is None:
        return done(world, shown(world, asked, job))
    organization = world.tasks[job.task].organization
    if isinstance(sent.assignee, int) and not may_name(
        world, asked.account, sent.assignee, organization
    ):
        return forbidden()
    if isinstance(sent.assignee, int) and sent.assignee not in world.accounts:
        return invalid(assignee=f'Invalid pk "{sent.assignee}" - object does not exist.')
    moved = not isinstance(sent.assignee, Unset) and sent.assignee != job.assignee
    onward = not isinstance(sent.stage, Unset) and sent.stage is not job.stage
    fresh = models.OperationStatus.NEW if onward else job.state  # a new stage begins anew
    job = evolve(
        job,
        assignee=job.assignee if isinstance(sent.assignee, Unset) else sent.assignee,
        assigned=world.now if moved else job.assigned,
        stage=job.stage if isinstance(sent.stage, Unset) else sent.stage,
        state=fresh if isinstance(sent.state, Unset) else sent.state,
        updated=world.now,
    )
    world = evolve(world, jobs=put(world.jobs, job.id, job))
    return done(world, shown(world, asked, job))


def job_status(job: Job) -> models.JobStatus:
    """How far a job is.

    :param job: the job.
    """
    if job.stage is models.JobStage.ANNOTATION:
        return models.JobStatus.ANNOTATION
    last = job.stage is models.JobStage.ACCEPTANCE
    accepted = last and job.state is models.OperationStatus.COMPLETED
    return models.JobStatus.COMPLETED if accepted else models.JobStatus.VALIDATION


def segments(size: int, segment_size: int, overlap: int) -> Iterator[tuple[int, int]]:
    """The first and the last frame of each job.

    :param size: how many frames there are.
    :param segment_size: how many a job has; 0 for all.
    :param overlap: how many a job shares with the next one.

    >>> list(segments(10, 4, 1)), list(segments(3, 0, 0))
    ([(0, 3), (3, 6), (6, 9)], [(0, 2)])
    """
    length = segment_size if 0 < segment_size < size else size
    step = length - min(overlap, length // 2)
    start = 0
    while True:
        stop = min(start + length, size) - 1
        yield start, stop
        if stop >= size - 1:
            return
        start += step


def shown(world: World, asked: Asked, job: Job) -> models.JobRead:
    """A job as CVAT shows it.

    :param job: the job.
    """
    task = world.tasks[job.task]
    project = None if task.project is None else world.projects[task.project]
    media = task.media
    return models.JobRead(
        url=asked.url(f"/api/jobs/{job.id}"),
        id=job.id,
        task_id=task.id,
        task_name=task.name,
        project_id=task.project,
        project_name=None if project is None else project.name,
        assignee=basic_user(world, asked, job.assignee),
        guide_id=guide_of_job(world, job),
        dimension=_dimension(world, job),
        mode=_mode(world, job),
        media_type=_media_type(world, job),
        bug_tracker=task.bug_tracker or (None if project is None else project.bug_tracker),
        status=job_status(job),
        stage=job.stage,
        state=job.state,
        frame_count=len(job.numbers),
        start_frame=job.start,
        stop_frame=job.stop,
        data_chunk_size=None if media is None else media.chunk_size,
        data_compressed_chunk_type=IMAGES if media is None else media.compressed_chunks,
        data_original_chunk_type=IMAGES if media is None else media.original_chunks,
        created_date=job.created,
        updated_date=job.updated,
        issues=models.IssuesSummary(
            url=asked.url(f"/api/issues?job_id={job.id}"), count=issue_count(world, job.id)
        ),
        labels=models.LabelsSummary(url=asked.url(f"/api/labels?job_id={job.id}")),
        type=job.type,
        organization=task.organization,
        target_storage=task.target_storage,
        source_storage=task.source_storage,
        assignee_updated_date=job.assigned,
        parent_job_id=job.parent,
        replicas_count=task.replicas if job.type is models.JobType.ANNOTATION else 0,
    )


IMAGES: Final = models.ChunkType.IMAGESET


def _mode(world: World, job: Job) -> str:
    media = world.tasks[job.task].media
    return "annotation" if media is None else media.mode


def _dimension(world: World, job: Job) -> str:
    media = world.tasks[job.task].media
    return "2d" if media is None else media.dimension


def _media_type(world: World, job: Job) -> str:
    media = world.tasks[job.task].media
    return "image" if media is None else media.media_type


def _columns(world: World) -> Columns[Job]:
    def project_name(number: int | None) -> str | None:
        return None if number is None else world.projects[number].name

    return {
        "id": lambda row: row.id,
        "task_id": lambda row: row.task,
        "task_name": lambda row: world.tasks[row.task].name,
        "assignee": lambda row: username_of(world, row.assignee),
        "stage": lambda row: row.stage.value,
        "state": lambda row: row.state.value,
        "type": lambda row: row.type.value,
        "mode": lambda row: _mode(world, row),
        "dimension": lambda row: _dimension(world, row),
        "media_type": lambda row: _media_type(world, row),
        "project_id": lambda row: world.tasks[row.task].project,
        "project_name": lambda row: project_name(world.tasks[row.task].project),
        "parent_job_id": lambda row: row.parent,
        "updated_date": lambda row: row.updated,
    }
