"""How CVAT shows whatever may change: one table for messages to webhooks and for the log."""

from __future__ import annotations

from cvatfn.testing.sandbox.areas import (
    cloudstorages,
    comments,
    hooks,
    invitations,
    issues,
    jobs,
    labels,
    memberships,
    organizations,
    projects,
    tasks,
    users,
)
from cvatfn.testing.sandbox.areas.changes import Row
from cvatfn.testing.sandbox.gates.asking import Asked
from cvatfn.testing.sandbox.state.annotated import Job, Project, StoredLabel, Task
from cvatfn.testing.sandbox.state.hooks import Webhook
from cvatfn.testing.sandbox.state.people import Account, Invitation, Membership, Organization
from cvatfn.testing.sandbox.state.storages import CloudStorage
from cvatfn.testing.sandbox.state.talking import Comment, Issue
from cvatfn.testing.sandbox.state.world import World

__all__ = ["name_of", "shown"]


def shown(world: World, asked: Asked, row: Row) -> object:
    """The model of a thing, as whoever retrieves it gets it.

    :param world: where it is, or was last.
    :param asked: under which origin its links are.
    :param row: the thing.
    """
    match row:
        case Account():
            return users.shown(asked, row)
        case Organization():
            return organizations.shown(world, asked, row)
        case Membership():
            return memberships.shown(world, asked, row)
        case Invitation():
            return invitations.shown(world, asked, row)
        case Project():
            return projects.shown(world, asked, row)
        case Task():
            return tasks.shown(world, asked, row)
        case StoredLabel():
            return labels.shown(world, row)
        case Job():
            return jobs.shown(world, asked, row)
        case Issue():
            return issues.shown(world, asked, row)
        case Comment():
            return comments.shown(world, asked, row)
        case CloudStorage():
            return cloudstorages.shown(world, asked, row)
        case Webhook():
            return hooks.shown(world, asked, row)


def name_of(row: Row) -> str | None:
    """What a thing is called in the log; not everything has a name.

    :param row: the thing.
    """
    match row:
        case Account():
            return row.username
        case Organization() | Project() | Task() | StoredLabel():
            return row.name
        case Comment():
            return row.message
        case CloudStorage():
            return row.display_name
        case Job() | Issue() | Membership() | Invitation() | Webhook():
            return None
