"""Who may do what with projects, tasks, jobs, labels and cloud storages.

Rule: what counts is where a thing is, not where a request is asked within: in somebody's personal
workspace, or in one organization. A right comes from a tie to the thing (its owner, its assignee,
those of what it belongs to), or from a role in its organization; `grants` is the table. Ties and
roles are good as long as one is a member: who left an organization sees nothing of it. Admins may
do everything. The facts are those of CVAT's own rules (`cvat/apps/*/rules/*.rego`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from cvatfn import models
from cvatfn.testing.sandbox.gates.grants import GRANTS, Right, Thing, Tie
from cvatfn.testing.sandbox.state.annotated import Job, Project, StoredLabel, Task
from cvatfn.testing.sandbox.state.people import Account, Privilege
from cvatfn.testing.sandbox.state.storages import CloudStorage
from cvatfn.testing.sandbox.state.world import World

__all__ = [
    "Right",
    "Thing",
    "finds",
    "has_privilege",
    "has_role",
    "home_of",
    "is_admin",
    "may",
    "may_create",
    "may_create_in",
    "may_name",
    "may_see_job",
    "may_see_label",
    "may_see_project",
    "may_see_storage",
    "may_see_task",
    "may_use_storage",
    "organization_of",
    "role_of",
]

Role: TypeAlias = models.RoleEnum


def is_admin(account: Account) -> bool:
    """Whether a person may do everything."""
    return account.is_superuser or account.privilege is Privilege.ADMIN


def has_privilege(account: Account, least: Privilege) -> bool:
    """Whether a person is in a group, or in one above it.

    :param least: the group that is enough.
    """
    return is_admin(account) or _GROUPS.index(account.privilege) >= _GROUPS.index(least)


def role_of(world: World, account: Account, organization: int) -> Role | None:
    """The role of a person in an organization; none of who is no member, or not yet.

    :param organization: its id.
    """
    for membership in world.memberships.values():
        if membership.organization == organization and membership.user == account.id:
            return membership.role if membership.is_active else None
    return None


def has_role(world: World, account: Account, organization: int, least: Role) -> bool:
    """Whether a person has a role in an organization, or one above it; admins have all.

    :param organization: its id.
    :param least: the role that is enough.
    """
    role = role_of(world, account, organization)
    return is_admin(account) or (role is not None and _ROLES.index(role) >= _ROLES.index(least))


def organization_of(world: World, thing: Thing) -> int | None:
    """The id of the organization that a thing is in; `None` in a personal workspace.

    :param thing: the thing; a job is where its task is.
    """
    return world.tasks[thing.task].organization if isinstance(thing, Job) else thing.organization


def home_of(world: World, label: StoredLabel) -> Project | Task | None:
    """What a label belongs to.

    :param label: the label.
    """
    if label.task is not None:
        return world.tasks[label.task]
    return None if label.project is None else world.projects[label.project]


def may(world: World, account: Account, right: Right, thing: Thing) -> bool:
    """Whether a person has a right to a thing.

    :param right: what is to be done.
    :param thing: with what.

    >>> ada, world = Account(id=1, username="ada", password=""), World()
    >>> task = Task(id=1, name="cats", owner=1, created=world.now, updated=world.now)
    >>> may(world, ada, Right.DELETE, task)
    True
    """
    if is_admin(account):
        return True
    grant = GRANTS[type(thing)].get(right)
    if grant is None:
        return False
    organization = organization_of(world, thing)
    tied = bool(grant.ties & _ties(world, account, thing))
    if organization is None:
        return tied and has_privilege(account, grant.privilege)
    if tied and has_role(world, account, organization, grant.tied_role):
        return has_privilege(account, grant.privilege)
    if _is_lent(world, account, right, thing):
        return True
    by_role = has_role(world, account, organization, grant.role)
    return by_role and has_privilege(account, Privilege.USER)


def finds(world: World, account: Account, thing: Thing, *, everywhere: bool) -> bool:
    """Whether a listing shows a thing: asked everywhere, it shows only what one is tied to.

    :param everywhere: whether the request names neither an organization nor the personal workspace.
    """
    seen = may(world, account, Right.SEE, thing)
    return seen and (not everywhere or is_admin(account) or bool(_ties(world, account, thing)))


def may_create(
    world: World, account: Account, organization: int | None, least: Role = Role.SUPERVISOR
) -> bool:
    """Whether a person may make things: in one's own workspace all may who are more than workers.

    :param organization: where; `None` for the personal workspace.
    :param least: the role that is needed in an organization; cloud storages need `MAINTAINER`.
    """
    there = organization is None or has_role(world, account, organization, least)
    return there and has_privilege(account, Privilege.USER)


def may_create_in(world: World, account: Account, project: Project) -> bool:
    """Whether a person may make a task in a project: who sees the project may, whatever the role.

    :param project: the project.
    """
    return has_privilege(account, Privilege.USER) and may_see_project(world, account, project)


def may_name(world: World, account: Account, person: int, organization: int | None) -> bool:
    """Whether a person may look at another one, and so assign things to them.

    CVAT asks whether who asks has a role in the organization, and not whether the other one has.

    :param person: the other one's id.
    :param organization: the id of the organization of the thing that is assigned.
    """
    within = organization is not None and has_role(world, account, organization, Role.WORKER)
    return is_admin(account) or person == account.id or within


def may_use_storage(
    world: World, account: Account, storage: CloudStorage, organization: int | None
) -> bool:
    """Whether a person may name a cloud storage as the place of something's files.

    :param storage: the storage.
    :param organization: the id of the organization that the something is in.
    """
    if organization is None:
        return is_admin(account) or account.id == storage.owner
    here = is_admin(account) or storage.organization == organization
    return here and may_see_storage(world, account, storage)


def may_see_project(world: World, account: Account, project: Project) -> bool:
    """Whether a person may see a project."""
    return may(world, account, Right.SEE, project)


def may_see_task(world: World, account: Account, task: Task) -> bool:
    """Whether a person may see a task: the staff of its project may, too."""
    return may(world, account, Right.SEE, task)


def may_see_label(world: World, account: Account, label: StoredLabel) -> bool:
    """Whether a person may see a label, and change it: who sees its task or project may."""
    home = home_of(world, label)
    return home is not None and may(world, account, Right.SEE, home)


def may_see_job(world: World, account: Account, job: Job) -> bool:
    """Whether a person may see a job: who sees its task may, and its assignee."""
    return may(world, account, Right.SEE, job)


def may_see_storage(world: World, account: Account, storage: CloudStorage) -> bool:
    """Whether a person may use a cloud storage: its owner, and supervisors where it is shared."""
    return may(world, account, Right.SEE, storage)


def _is_lent(world: World, account: Account, right: Right, thing: Thing) -> bool:
    """Whether a job was given to a worker from outside its organization, as to a crowd."""
    if not isinstance(thing, Job) or right not in (Right.SEE, Right.CHANGE):
        return False
    organization = organization_of(world, thing)
    outside = organization is not None and role_of(world, account, organization) is None
    return outside and account.id == thing.assignee and account.privilege is Privilege.WORKER


def _ties(world: World, account: Account, thing: Thing) -> frozenset[Tie]:
    return frozenset(tie for tie, person in _people(world, thing).items() if person == account.id)


def _people(world: World, thing: Thing) -> Mapping[Tie, int | None]:
    match thing:
        case Project():
            return {Tie.PROJECT_OWNER: thing.owner, Tie.PROJECT_ASSIGNEE: thing.assignee}
        case Task():
            own = {Tie.TASK_OWNER: thing.owner, Tie.TASK_ASSIGNEE: thing.assignee}
            project = None if thing.project is None else world.projects[thing.project]
            return own if project is None else {**own, **_people(world, project)}
        case Job():
            return {
                Tie.JOB_ASSIGNEE: thing.assignee,
                **_people(world, world.tasks[thing.task]),
            }
        case CloudStorage():
            return {Tie.STORAGE_OWNER: thing.owner}


_ROLES: Final = (*Role,)
_GROUPS: Final = (*Privilege,)
