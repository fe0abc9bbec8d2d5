"""Who may do what: what is one's own, what one's role in an organization allows, and superusers.

Rule: every thing is in a personal workspace or in one organization. Its owner and its assignee are
its staff, and may see it as long as they are in that organization; so may its maintainers and its
owner. Who left an organization sees nothing of it. Superusers may do everything.
"""

from __future__ import annotations

from typing import Final

from cvatfn import models
from cvatfn.testing.sandbox.state.annotated import Job, Project, StoredLabel, Task
from cvatfn.testing.sandbox.state.people import Account
from cvatfn.testing.sandbox.state.storages import CloudStorage
from cvatfn.testing.sandbox.state.world import World

__all__ = [
    "has_role",
    "may_see_job",
    "may_see_label",
    "may_see_project",
    "may_see_storage",
    "may_see_task",
    "role_of",
]

_RANKS: Final = (*models.RoleEnum,)
"""From the least to the most."""


def role_of(world: World, account: Account, organization: int) -> models.RoleEnum | None:
    """The role of a person in an organization; none of who is no member, or not yet.

    :param organization: its id.
    """
    for membership in world.memberships.values():
        if membership.organization == organization and membership.user == account.id:
            return membership.role if membership.is_active else None
    return None


def has_role(world: World, account: Account, organization: int, least: models.RoleEnum) -> bool:
    """Whether a person has a role in an organization, or one above it; superusers have all.

    :param organization: its id.
    :param least: the role that is enough.
    """
    role = role_of(world, account, organization)
    return account.is_superuser or (role is not None and _RANKS.index(role) >= _RANKS.index(least))


def _is_open(world: World, account: Account, organization: int | None, *, staff: bool) -> bool:
    """Whether a thing is open to a person, who is of its staff or is not."""
    if account.is_superuser:
        return True
    if organization is None:
        return staff
    least = models.RoleEnum.WORKER if staff else models.RoleEnum.MAINTAINER
    return has_role(world, account, organization, least)


def may_see_project(world: World, account: Account, project: Project) -> bool:
    """Whether a person may see a project."""
    staff = account.id in (project.owner, project.assignee)
    return _is_open(world, account, project.organization, staff=staff)


def may_see_task(world: World, account: Account, task: Task) -> bool:
    """Whether a person may see a task: the staff of its project may, too."""
    staff = account.id in (task.owner, task.assignee)
    if _is_open(world, account, task.organization, staff=staff):
        return True
    return task.project is not None and may_see_project(
        world, account, world.projects[task.project]
    )


def may_see_label(world: World, account: Account, label: StoredLabel) -> bool:
    """Whether a person may see a label: who sees its task or project may."""
    if label.task is not None:
        return may_see_task(world, account, world.tasks[label.task])
    return label.project is not None and may_see_project(
        world, account, world.projects[label.project]
    )


def may_see_job(world: World, account: Account, job: Job) -> bool:
    """Whether a person may see a job: who sees its task may, and its assignee."""
    task = world.tasks[job.task]
    assigned = account.id == job.assignee
    return _is_open(world, account, task.organization, staff=assigned) or may_see_task(
        world, account, task
    )


def may_see_storage(world: World, account: Account, storage: CloudStorage) -> bool:
    """Whether a person may use a cloud storage: its owner, and supervisors where it is shared."""
    if storage.organization is None or account.id == storage.owner:
        return _is_open(world, account, storage.organization, staff=account.id == storage.owner)
    return has_role(world, account, storage.organization, models.RoleEnum.SUPERVISOR)
