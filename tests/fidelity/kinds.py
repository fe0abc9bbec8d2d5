"""What has ids of its own: how it is taken out of a world, and how it is made sure to be there.

A new kind of state needs a line in these tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from attrs import evolve, frozen

from cvatfn.testing.sandbox.areas.tasks import without_tasks
from cvatfn.testing.sandbox.state.world import World, dropped
from tests.fidelity.rebuilding.annotated import (
    with_job,
    with_label_somewhere,
    with_project,
    with_storage,
    with_task,
)
from tests.fidelity.rebuilding.people import with_account, with_key, with_organization
from tests.fidelity.rebuilding.talking import with_comment, with_issue, with_webhook

__all__ = ["COLLECTIONS", "KINDS", "REFERENCES", "Kind", "counted"]


@frozen
class Kind:
    """What has ids of its own.

    :param rows: those that a world has.
    :param without: the world without one.
    :param counter: what the ids are counted as.
    """

    rows: Callable[[World], Mapping[int, object]]
    without: Callable[[World, int], World]
    counter: str


def counted(world: World) -> World:
    """The world that gives away no id that is taken."""
    taken = {kind.counter: max(kind.rows(world), default=0) for kind in KINDS.values()}
    return evolve(world, ids={**world.ids, **taken})


def _without_project(world: World, gone: int) -> World:
    """The world without a project and its tasks."""
    tasks = [task.id for task in world.tasks.values() if task.project == gone]
    world = without_tasks(world, tasks)
    labels = {key: label for key, label in world.labels.items() if label.project != gone}
    return evolve(world, labels=labels, projects=dropped(world.projects, gone))


KINDS: Final[Mapping[str, Kind]] = {
    "access_tokens": Kind(
        lambda world: world.keys,
        lambda world, gone: evolve(world, keys=dropped(world.keys, gone)),
        "access token",
    ),
    "comments": Kind(
        lambda world: world.comments,
        lambda world, gone: evolve(world, comments=dropped(world.comments, gone)),
        "comment",
    ),
    "issues": Kind(
        lambda world: world.issues,
        lambda world, gone: evolve(world, issues=dropped(world.issues, gone)),
        "issue",
    ),
    "webhooks": Kind(
        lambda world: world.webhooks,
        lambda world, gone: evolve(world, webhooks=dropped(world.webhooks, gone)),
        "webhook",
    ),
    "jobs": Kind(
        lambda world: world.jobs,
        lambda world, gone: evolve(world, jobs=dropped(world.jobs, gone)),
        "job",
    ),
    "labels": Kind(
        lambda world: world.labels,
        lambda world, gone: evolve(world, labels=dropped(world.labels, gone)),
        "label",
    ),
    "memberships": Kind(
        lambda world: world.memberships,
        lambda world, gone: evolve(world, memberships=dropped(world.memberships, gone)),
        "membership",
    ),
    "organizations": Kind(
        lambda world: world.organizations,
        lambda world, gone: evolve(world, organizations=dropped(world.organizations, gone)),
        "organization",
    ),
    "projects": Kind(lambda world: world.projects, _without_project, "project"),
    "tasks": Kind(
        lambda world: world.tasks, lambda world, gone: without_tasks(world, [gone]), "task"
    ),
    "users": Kind(
        lambda world: world.accounts,
        lambda world, gone: evolve(world, accounts=dropped(world.accounts, gone)),
        "user",
    ),
}
"""By the word of a path before an id."""

COLLECTIONS: Final[Mapping[str, Callable[[World, int], World]]] = {
    "cloudstorages": with_storage,
    "labels": with_label_somewhere,
    "comments": with_comment,
    "issues": with_issue,
    "jobs": with_job,
    "organizations": with_organization,
    "projects": with_project,
    "tasks": with_task,
    "users": with_account,
    "webhooks": with_webhook,
    "access_tokens": with_key,
}
"""By the word of a path before an id: makes sure that there is one."""

REFERENCES: Final[Mapping[str, Callable[[World, int], World]]] = {
    "assignee": with_account,
    "assignee_id": with_account,
    "issue": with_issue,
    "issue_id": with_issue,
    "job": with_job,
    "job_id": with_job,
    "org_id": with_organization,
    "owner_id": with_account,
    "project_id": with_project,
    "task_id": with_task,
}
"""By the name of a parameter or field that holds an id: makes sure that there is one."""
