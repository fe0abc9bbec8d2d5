"""What belongs to what, where the owning side does not know it."""

from __future__ import annotations

from cvatfn.testing.sandbox.state.annotated import Job, Task
from cvatfn.testing.sandbox.state.talking import Asset, Guide, Issue
from cvatfn.testing.sandbox.state.world import World

__all__ = ["assets_of", "guide_of_job", "guide_of_project", "guide_of_task", "issue_count", "place"]


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
