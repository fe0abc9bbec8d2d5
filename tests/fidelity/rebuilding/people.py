"""People, organizations and who is in them, from what answers tell of them."""

from __future__ import annotations

from typing import Final

from attrs import evolve

from cvatfn import models
from cvatfn.testing.sandbox.state.people import Account, Invitation, Key, Membership, Organization
from cvatfn.testing.sandbox.state.world import World, put
from tests.fidelity.recorded import Recorded

__all__ = [
    "FIRST",
    "MADE_UP",
    "PASSWORD",
    "access_token",
    "basic_user",
    "identified",
    "invitation",
    "member_of",
    "membership",
    "organization",
    "user",
    "with_account",
    "with_key",
    "with_members",
    "with_organization",
]

PASSWORD: Final = "recorded-as-three-stars"
"""Everyone's password, and any other secret that the recordings have `***` in place of."""
FIRST: Final = 1
"""The superuser of the recorded server, who owns what nobody is known to own."""
MADE_UP: Final = 1_000_000
"""From which id on there are people whom no recording names; the first one is a stranger."""


def with_account(world: World, number: int | None) -> World:
    """The world in which there is an account of an id.

    :param number: the id; nobody needs no account.
    """
    if number is None or number in world.accounts:
        return world
    name = f"user{number}"
    made = Account(
        id=number,
        username=name,
        password=PASSWORD,
        email=f"{name}@sandbox.example",
        is_superuser=number == FIRST,
    )
    return evolve(world, accounts=put(world.accounts, number, made))


def with_organization(world: World, number: int | None) -> World:
    """The world in which there is an organization of an id.

    :param number: the id; `None` is the personal workspace.
    """
    if number is None or number in world.organizations:
        return world
    world = with_account(world, FIRST)
    made = Organization(
        id=number,
        slug=f"org{number}",
        name=f"org{number}",
        owner=FIRST,
        created=world.now,
        updated=world.now,
    )
    return evolve(world, organizations=put(world.organizations, number, made))


def with_key(world: World, number: int) -> World:
    """The world in which there is an access token of an id.

    :param number: the id.
    """
    if number in world.keys:
        return world
    made = Key(
        id=number,
        user=FIRST,
        name=f"token {number}",
        value=f"token-{number}",
        read_only=False,
        created=world.now,
        updated=world.now,
    )
    return evolve(world, keys=put(world.keys, number, made))


def with_members(world: World, organization: int) -> World:
    """The world in which an organization has a member of each role that nothing is owned by.

    :param organization: its id.
    """
    for role in models.RoleEnum:
        number = member_of(organization, role)
        world = with_account(world, number)
        made = Membership(
            id=number, user=number, organization=organization, role=role, joined=world.now
        )
        world = evolve(world, memberships=put(world.memberships, number, made))
    return world


def member_of(organization: int, role: models.RoleEnum) -> int:
    """The id of that member's account.

    :param organization: the organization's id.
    :param role: the role.
    """
    return MADE_UP + 10 * organization + [*models.RoleEnum].index(role)


def basic_user(world: World, seen: models.BasicUser, _: Recorded) -> World:
    """A person in brief."""
    world = with_account(world, seen.id)
    account = evolve(
        world.accounts[seen.id],
        username=seen.username,
        first_name=seen.first_name,
        last_name=seen.last_name,
    )
    return evolve(world, accounts=put(world.accounts, seen.id, account))


def identified(world: World, seen: models.UserIdentifiers, _: Recorded) -> World:
    """A person by id and name."""
    world = with_account(world, seen.id)
    account = evolve(world.accounts[seen.id], username=seen.username)
    return evolve(world, accounts=put(world.accounts, seen.id, account))


def user(world: World, seen: models.User, _: Recorded) -> World:
    """A person in full."""
    world = with_account(world, seen.id)
    account = evolve(
        world.accounts[seen.id],
        username=seen.username,
        first_name=seen.first_name,
        last_name=seen.last_name,
        email=seen.email,
        is_superuser=seen.is_superuser,
        joined=seen.date_joined,
        last_login=seen.last_login,
    )
    return evolve(world, accounts=put(world.accounts, seen.id, account))


def access_token(world: World, seen: models.AccessTokenRead, _: Recorded) -> World:
    """An access token; its value is nobody's business, so one is made of its id."""
    key = Key(
        id=seen.id,
        user=seen.owner.id,
        name=seen.name,
        value=f"token-{seen.id}",
        read_only=seen.read_only,
        created=seen.created_date,
        updated=seen.updated_date,
        expiry=seen.expiry_date,
        last_used=seen.last_used_date,
    )
    return evolve(world, keys=put(world.keys, seen.id, key))


def organization(world: World, seen: models.OrganizationRead, _: Recorded) -> World:
    """An organization; its owner is a member of it."""
    owner = FIRST if seen.owner is None else seen.owner.id
    world = with_account(world, owner)
    made = Organization(
        id=seen.id,
        slug=seen.slug,
        name=seen.name,
        description=seen.description,
        contact=seen.contact,
        owner=owner,
        created=seen.created_date,
        updated=seen.updated_date,
    )
    return evolve(world, organizations=put(world.organizations, seen.id, made))


def membership(world: World, seen: models.MembershipRead, _: Recorded) -> World:
    """A person's place in an organization, and the invitation by which that person came."""
    world = with_organization(world, seen.organization)
    made = Membership(
        id=seen.id,
        user=seen.user.id,
        organization=seen.organization,
        role=seen.role,
        is_active=seen.is_active,
        joined=seen.joined_date,
        invitation=seen.invitation,
    )
    world = evolve(world, memberships=put(world.memberships, seen.id, made))
    if seen.invitation is None or seen.invitation in world.invitations:
        return world
    invited = Invitation(key=seen.invitation, owner=FIRST, membership=seen.id, created=world.now)
    return evolve(world, invitations=put(world.invitations, seen.invitation, invited))


def invitation(world: World, seen: models.InvitationRead, _: Recorded) -> World:
    """An invitation; the membership that it is for is there already, and was accepted or not."""
    world = with_organization(world, seen.organization)
    number = _membership_of(world, seen)
    known = world.memberships.get(number)
    made = Membership(
        id=number,
        user=seen.user.id,
        organization=seen.organization,
        role=seen.role,
        is_active=seen.accepted is True,
        joined=None if known is None else known.joined,
        invitation=seen.key,
    )
    world = evolve(world, memberships=put(world.memberships, number, made))
    owner = FIRST if seen.owner is None else seen.owner.id
    invited = Invitation(key=seen.key, owner=owner, membership=number, created=seen.created_date)
    return evolve(world, invitations=put(world.invitations, seen.key, invited))


def _membership_of(world: World, seen: models.InvitationRead) -> int:
    """The id of the membership that an invitation is for, known or the next one."""
    for number, known in world.memberships.items():
        if (known.user, known.organization) == (seen.user.id, seen.organization):
            return number
    return max(world.memberships, default=0) + 1
