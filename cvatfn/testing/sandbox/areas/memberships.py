"""Memberships: list, retrieve, change the role of, remove; leaving is removing oneself."""

from __future__ import annotations

from attrs import evolve

from cvatfn import models
from cvatfn.testing.sandbox.areas.organizations import without_memberships
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done, user_in_brief
from cvatfn.testing.sandbox.gates.governing import may_govern, may_leave, may_see_membership
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.permitting import is_admin
from cvatfn.testing.sandbox.gates.replies import forbidden
from cvatfn.testing.sandbox.state.people import Account, Membership
from cvatfn.testing.sandbox.state.world import World, put, username_of

__all__ = ["destroy", "list_memberships", "partial_update", "retrieve"]


def list_memberships(world: World, asked: Asked) -> Done:
    """The members of an organization; asked everywhere, the organizations one is a member of."""
    rows = [row for row in world.memberships.values() if _finds(world, asked, row)]
    return paged(
        world,
        asked,
        rows,
        _columns(world),
        lambda row: shown(world, asked, row),
        searched=("user",),
    )


def retrieve(world: World, asked: Asked, membership: Membership) -> Done:
    """One membership."""
    return done(world, shown(world, asked, membership))


def partial_update(world: World, asked: Asked, membership: Membership) -> Done:
    """Give a member another role; nobody gives one to oneself."""
    sent = asked.given("patched_membership_write_request", models.PatchedMembershipWriteRequest)
    if sent is not None and isinstance(sent.role, models.RoleEnum):
        if not _governs(world, asked.account, membership):
            return forbidden()
        membership = evolve(membership, role=sent.role)
        world = evolve(world, memberships=put(world.memberships, membership.id, membership))
    return done(world, shown(world, asked, membership))


def destroy(world: World, asked: Asked, membership: Membership) -> Done:
    """Remove a member, or leave."""
    leaves = may_leave(asked.account, membership)
    if not leaves and not _governs(world, asked.account, membership):
        return forbidden()
    return done(without_memberships(world, membership.id), None, 204)


def shown(world: World, asked: Asked, membership: Membership) -> models.MembershipRead:
    """A membership as CVAT shows it.

    :param membership: the membership.
    """
    return models.MembershipRead(
        id=membership.id,
        user=user_in_brief(asked, world.accounts[membership.user]),
        organization=membership.organization,
        is_active=membership.is_active,
        joined_date=membership.joined,
        role=membership.role,
        invitation=membership.invitation,
    )


def _finds(world: World, asked: Asked, membership: Membership) -> bool:
    if not asked.is_within(membership.organization):
        return False
    own = membership.user == asked.account.id or is_admin(asked.account)
    seen = may_see_membership(world, asked.account, membership)
    return seen and (own or not asked.is_everywhere)


def _governs(world: World, account: Account, membership: Membership) -> bool:
    """Whether a person is above a member who is somebody else."""
    other = is_admin(account) or account.id != membership.user
    return other and may_govern(world, account, membership.organization, membership.role)


def _columns(world: World) -> Columns[Membership]:
    return {
        "id": lambda row: row.id,
        "role": lambda row: row.role.value,
        "user": lambda row: username_of(world, row.user),
    }
