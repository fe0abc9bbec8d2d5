"""Whose work a thing is, whatever their role: owners and assignees, from the project downwards.

Rule: staff is handed down. Who is staff of a project is so of its tasks, their jobs, the issues in
them and the comments on those. In an organization staff must be members of it, and maintainers need
be no staff.
"""

from __future__ import annotations

from cvatfn import models
from cvatfn.testing.sandbox.gates.asking import Asked
from cvatfn.testing.sandbox.gates.permitting import has_role, is_admin
from cvatfn.testing.sandbox.state.annotated import Job, Project, Task
from cvatfn.testing.sandbox.state.lookups import place
from cvatfn.testing.sandbox.state.people import Account
from cvatfn.testing.sandbox.state.talking import Comment, Guide, Issue
from cvatfn.testing.sandbox.state.world import World

__all__ = [
    "is_comment_staff",
    "is_guide_reader",
    "is_guide_staff",
    "is_issue_admin",
    "is_issue_staff",
    "is_job_staff",
    "is_open",
    "is_task_staff",
    "may_make",
    "may_see_comment",
    "may_see_guide",
    "may_see_issue",
    "target_of",
]


def is_open(world: World, account: Account, organization: int | None, *, staff: bool) -> bool:
    """Whether a thing is open to a person.

    :param organization: the id of the organization it is in.
    :param staff: whether the person has to do with the thing itself.
    """
    if is_admin(account):
        return True
    if organization is None:
        return staff
    least = models.RoleEnum.WORKER if staff else models.RoleEnum.MAINTAINER
    return has_role(world, account, organization, least)


def may_make(world: World, asked: Asked, organization: int | None, *, staff: bool) -> bool:
    """Whether a person may put something new into a thing that is in an organization.

    Who asks within an organization means a thing of that organization; who names none must be
    staff.

    :param organization: the id of the organization of the thing.
    :param staff: whether the person is staff of the thing.
    """
    if is_admin(asked.account):
        return True
    if asked.organization_id is None:
        return staff
    within = organization == asked.organization_id
    return within and is_open(world, asked.account, organization, staff=staff)


def is_task_staff(world: World, account: Account, task: Task) -> bool:
    """Whether a task, or its project, is a person's own or assigned to them."""
    project = None if task.project is None else world.projects[task.project]
    return _has(account, task) or (project is not None and _has(account, project))


def is_job_staff(world: World, account: Account, job: Job) -> bool:
    """Whether a person is staff of a job's task, or has the job."""
    return account.id == job.assignee or is_task_staff(world, account, world.tasks[job.task])


def is_issue_admin(world: World, account: Account, issue: Issue) -> bool:
    """Whether a person may remove an issue: staff of its task, and who raised it."""
    _, task = place(world, issue)
    return account.id == issue.owner or is_task_staff(world, account, task)


def is_issue_staff(world: World, account: Account, issue: Issue) -> bool:
    """Whether a person has to do with an issue: staff of its job, who raised it, who has it."""
    job, _ = place(world, issue)
    return account.id in (issue.owner, issue.assignee) or is_job_staff(world, account, job)


def is_comment_staff(world: World, account: Account, comment: Comment) -> bool:
    """Whether a person has to do with a comment: staff of its issue, and who wrote it."""
    issue = world.issues[comment.issue]
    return account.id == comment.owner or is_issue_staff(world, account, issue)


def may_see_issue(world: World, account: Account, issue: Issue) -> bool:
    """Whether a person may see an issue."""
    _, task = place(world, issue)
    return is_open(world, account, task.organization, staff=is_issue_staff(world, account, issue))


def may_see_comment(world: World, account: Account, comment: Comment) -> bool:
    """Whether a person may see a comment; then they may change it, too."""
    _, task = place(world, world.issues[comment.issue])
    staff = is_comment_staff(world, account, comment)
    return is_open(world, account, task.organization, staff=staff)


def target_of(world: World, guide: Guide) -> Project | Task:
    """The project or task that a guide is for.

    :param guide: the guide.
    """
    if guide.project is not None:
        return world.projects[guide.project]
    if guide.task is not None:
        return world.tasks[guide.task]
    raise LookupError(f"guide {guide.id} is for nothing")


def is_guide_staff(world: World, account: Account, guide: Guide) -> bool:
    """Whether a guide is for what a person owns or was assigned."""
    return _has(account, target_of(world, guide))


def is_guide_reader(world: World, account: Account, guide: Guide) -> bool:
    """Whether a person works by a guide: its staff, and who has a task or job that it is for."""
    if is_guide_staff(world, account, guide):
        return True
    tasks = {
        task.id: task
        for task in world.tasks.values()
        if guide.task == task.id or (task.project is not None and task.project == guide.project)
    }
    return any(_has(account, task) for task in tasks.values()) or any(
        job.assignee == account.id for job in world.jobs.values() if job.task in tasks
    )


def may_see_guide(world: World, account: Account, guide: Guide) -> bool:
    """Whether a person may read a guide."""
    organization = target_of(world, guide).organization
    return is_open(world, account, organization, staff=is_guide_reader(world, account, guide))


def _has(account: Account, thing: Project | Task) -> bool:
    return account.id in (thing.owner, thing.assignee)
