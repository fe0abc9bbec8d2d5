"""Who is called so, and what belongs to what, where the owning side does not know it."""

from __future__ import annotations

from typing import Final

from cvatfn import models
from cvatfn.testing.sandbox.state.annotated import Job, Task
from cvatfn.testing.sandbox.state.people import Account
from cvatfn.testing.sandbox.state.talking import Asset, Guide, Issue
from cvatfn.testing.sandbox.state.world import World

__all__ = [
    "account_at",
    "account_called",
    "account_numbered",
    "assets_of",
    "guide_of_job",
    "guide_of_project",
    "guide_of_task",
    "issue_count",
    "jobs_of",
    "place",
    "working_jobs",
]


def account_called(world: World, username: str) -> Account | None:
    """The account of a name; there is at most one.

    :param username: the name.

    >>> account_called(World.with_user("ada", "s3cret"), "bob") is None
    True
    """
    return next((row for row in world.accounts.values() if row.username == username), None)


def account_at(world: World, email: str) -> Account | None:
    """The account of an e-mail address, whose case says nothing; nobody is at an empty one.

    :param email: the address.
    """
    wanted = email.lower()
    found = (row for row in world.accounts.values() if row.email.lower() == wanted)
    return next(found, None) if wanted else None


def account_numbered(world: World, text: str) -> Account | None:
    """The account whose id is written in a text, if that is what it is.

    :param text: what stands in a path or a link.
    """
    plain = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    return world.accounts.get(int(text)) if plain else None


_DIGITS: Final = 18
"""More have no id: they would only be slow to read."""


def jobs_of(world: World, task: int) -> tuple[Job, ...]:
    """All jobs of a task: in the order of their frames, each before its replicas.

    :param task: its id.
    """
    return tuple(job for job in world.jobs.values() if job.task == task)


def working_jobs(world: World, task: Task) -> tuple[Job, ...]:
    """The jobs whose annotations are those of the task, in the order of their frames.

    :param task: the task.
    """
    validation = None if task.media is None else task.media.validation
    pooled = validation is not None and validation.is_pool
    return tuple(
        job
        for job in jobs_of(world, task.id)
        if job.type is models.JobType.ANNOTATION or (pooled and job.is_ground_truth)
    )


def place(world: World, issue: Issue) -> tuple[Job, Task]:
    """The job that an issue is in, and its task.

    :param issue: the issue.
    """
    job = world.jobs[issue.job]
    return job, world.tasks[job.task]


def issue_count(world: World, job: int) -> int:
    """How many issues a job has.

    :param job: its id.
    """
    return sum(issue.job == job for issue in world.issues.values())


def guide_of_task(world: World, task: int) -> int | None:
    """The id of a task's own guide.

    :param task: its id.
    """
    return next((guide.id for guide in world.guides.values() if guide.task == task), None)


def guide_of_project(world: World, project: int) -> int | None:
    """The id of a project's guide.

    :param project: its id.
    """
    return next((guide.id for guide in world.guides.values() if guide.project == project), None)


def guide_of_job(world: World, job: Job) -> int | None:
    """The id of the guide for a job: the project's for tasks in one, else the task's own.

    :param job: the job.
    """
    task = world.tasks[job.task]
    if task.project is None:
        return guide_of_task(world, task.id)
    return guide_of_project(world, task.project)


def assets_of(world: World, guide: Guide) -> tuple[Asset, ...]:
    """The files of a guide.

    :param guide: the guide.
    """
    return tuple(asset for asset in world.assets.values() if asset.guide == guide.id)
