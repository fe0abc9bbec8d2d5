"""How CVAT shows whatever may change: one table for messages to webhooks and for the log."""

from __future__ import annotations

from cvatfn import models
from cvatfn.testing.sandbox.areas import (
    accounts,
    cloudstorages,
    comments,
    hooks,
    issues,
    jobs,
    labels,
    projects,
    tasks,
)
from cvatfn.testing.sandbox.areas.changes import Row
from cvatfn.testing.sandbox.gates.asking import Asked, basic_user
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
            return accounts.shown(asked, row)
        case Organization():
            return _organization(world, asked, row)
        case Membership():
            return _membership(world, asked, row)
        case Invitation():
            return _invitation(world, asked, row)
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


def _organization(world: World, asked: Asked, row: Organization) -> models.OrganizationRead:
    return models.OrganizationRead(
        id=row.id,
        slug=row.slug,
        name=row.name,
        description=row.description,
        created_date=row.created,
        updated_date=row.updated,
        contact=row.contact,
        owner=basic_user(world, asked, row.owner),
    )


def _membership(world: World, asked: Asked, row: Membership) -> dict[str, object]:
    return {
        "id": row.id,
        "user": basic_user(world, asked, row.user),
        "organization": row.organization,
        "is_active": row.is_active,
        "joined_date": row.joined,
        "role": row.role,
        "invitation": row.invitation,
    }


def _invitation(world: World, asked: Asked, row: Invitation) -> dict[str, object]:
    membership = world.memberships.get(row.membership)
    of = None if membership is None else world.organizations.get(membership.organization)
    return {
        "key": row.key,
        "created_date": row.created,
        "owner": basic_user(world, asked, row.owner),
        "role": None if membership is None else membership.role,
        "user": None if membership is None else basic_user(world, asked, membership.user),
        "organization": None if of is None else of.id,
        "expired": False,
        "accepted": membership is not None and membership.is_active,
        "organization_info": None
        if of is None
        else {"id": of.id, "slug": of.slug, "name": of.name},
    }
