"""Organizations: create, list, retrieve, patch, delete.

Rule: whoever makes an organization is its first member. What is removed takes all it has with it.
"""

from __future__ import annotations

from typing import Final

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.codecs.unset import Unset
from cvatfn.testing.sandbox.areas.owned import without_storages
from cvatfn.testing.sandbox.areas.projects import without_projects
from cvatfn.testing.sandbox.areas.tasks import without_tasks
from cvatfn.testing.sandbox.gates.asking import Asked, Done, basic_user, done
from cvatfn.testing.sandbox.gates.governing import (
    may_change_organization,
    may_delete_organization,
    may_see_organization,
)
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.permitting import has_privilege
from cvatfn.testing.sandbox.gates.replies import forbidden, invalid
from cvatfn.testing.sandbox.state.people import Membership, Organization, Privilege
from cvatfn.testing.sandbox.state.world import World, dropped, put, username_of

__all__ = [
    "create",
    "destroy",
    "list_organizations",
    "partial_update",
    "retrieve",
    "without_memberships",
]

TAKEN: Final = "organization with this slug already exists."


def list_organizations(world: World, asked: Asked) -> Done:
    """The organizations one is in, or is invited into."""
    rows = [
        row
        for row in world.organizations.values()
        if may_see_organization(world, asked.account, row)
    ]
    return paged(
        world,
        asked,
        rows,
        _columns(world),
        lambda row: shown(world, asked, row),
        searched=("name", "owner", "slug"),
    )


def create(world: World, asked: Asked) -> Done:
    """Make an organization; who asks becomes its owner."""
    sent = asked.needed("organization_write_request", models.OrganizationWriteRequest)
    if not has_privilege(asked.account, Privilege.USER):
        return forbidden()
    if _is_taken(world, sent.slug):
        return invalid(slug=TAKEN)
    world, number = world.numbered("organization")
    organization = Organization(
        id=number,
        slug=sent.slug,
        name=sent.name or sent.slug,
        description=sent.description or "",
        contact=_contact(sent.contact, {}),
        owner=asked.account.id,
        created=world.now,
        updated=world.now,
    )
    world, member = world.numbered("membership")
    membership = Membership(
        id=member,
        user=asked.account.id,
        organization=number,
        role=models.RoleEnum.OWNER,
        joined=world.now,
    )
    world = evolve(
        world,
        organizations=put(world.organizations, number, organization),
        memberships=put(world.memberships, member, membership),
    )
    return done(world, shown(world, asked, organization), 201)


def retrieve(world: World, asked: Asked, organization: Organization) -> Done:
    """One organization."""
    return done(world, shown(world, asked, organization))


def partial_update(world: World, asked: Asked, organization: Organization) -> Done:
    """Change an organization: only what is given."""
    if not may_change_organization(world, asked.account, organization):
        return forbidden()
    kind = models.PatchedOrganizationWriteRequest
    sent = asked.given("patched_organization_write_request", kind) or kind()
    slug = sent.slug or organization.slug
    if slug != organization.slug and _is_taken(world, slug):
        return invalid(slug=TAKEN)
    about = sent.description
    organization = evolve(
        organization,
        slug=slug,
        name=organization.name if isinstance(sent.name, Unset) else sent.name,
        description=organization.description if isinstance(about, Unset) else about,
        contact=_contact(sent.contact, organization.contact),
        updated=world.now,
    )
    changed = put(world.organizations, organization.id, organization)
    world = evolve(world, organizations=changed)
    return done(world, shown(world, asked, organization))


def destroy(world: World, asked: Asked, organization: Organization) -> Done:
    """Remove an organization with its projects, tasks, cloud storages and members."""
    if not may_delete_organization(asked.account, organization):
        return forbidden()
    number = organization.id
    world = without_projects(
        world, [each.id for each in world.projects.values() if each.organization == number]
    )
    world = without_tasks(
        world, [each.id for each in world.tasks.values() if each.organization == number]
    )
    storages = [each.id for each in world.storages.values() if each.organization == number]
    members = [each.id for each in world.memberships.values() if each.organization == number]
    world = without_storages(without_memberships(world, *members), storages)
    works = {
        key: evolve(each, organization=None) if each.organization == number else each
        for key, each in world.backgrounds.items()
    }
    left = dropped(world.organizations, number)
    return done(evolve(world, organizations=left, backgrounds=works), None, 204)


def without_memberships(world: World, *gone: int) -> World:
    """A world without some memberships, and without the invitations that led to them.

    :param gone: their ids.
    """
    left = {key: each for key, each in world.invitations.items() if each.membership not in gone}
    return evolve(world, memberships=dropped(world.memberships, *gone), invitations=left)


def shown(world: World, asked: Asked, organization: Organization) -> models.OrganizationRead:
    """An organization as CVAT shows it.

    :param organization: the organization.
    """
    return models.OrganizationRead(
        id=organization.id,
        slug=organization.slug,
        name=organization.name,
        description=organization.description,
        created_date=organization.created,
        updated_date=organization.updated,
        contact=organization.contact,
        owner=basic_user(world, asked, organization.owner),
    )


def _is_taken(world: World, slug: str) -> bool:
    return any(organization.slug == slug for organization in world.organizations.values())


def _contact(sent: JSON | Unset, before: JSON) -> JSON:
    return before if isinstance(sent, Unset) else sent


def _columns(world: World) -> Columns[Organization]:
    return {
        "id": lambda row: row.id,
        "name": lambda row: row.name,
        "slug": lambda row: row.slug,
        "owner": lambda row: username_of(world, row.owner),
    }
