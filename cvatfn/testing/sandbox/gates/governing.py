"""Who may do what with organizations, and with the people in them.

Rule: maintainers and owners govern whoever is below them, and nobody else does: they invite, change
roles and remove. Everyone may leave but the owner. Who is not a member is not let into what an
organization lists, and may make nothing there. Admins may do everything. The facts are those of
CVAT's own rules.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from cvatfn import models
from cvatfn.testing.sandbox.gates.permitting import has_privilege, has_role, is_admin, role_of
from cvatfn.testing.sandbox.gates.routing import AnyEndpoint
from cvatfn.testing.sandbox.state.people import (
    Account,
    Invitation,
    Membership,
    Organization,
    Privilege,
)
from cvatfn.testing.sandbox.state.world import World

__all__ = [
    "is_admitted",
    "is_invited",
    "is_staff",
    "may_administer_invitation",
    "may_change_organization",
    "may_delete_organization",
    "may_govern",
    "may_leave",
    "may_see_invitation",
    "may_see_membership",
    "may_see_organization",
]

Role: TypeAlias = models.RoleEnum


def is_admitted(
    world: World, account: Account, endpoint: AnyEndpoint, organization: Organization
) -> bool:
    """Whether a person may ask an endpoint within an organization.

    Where the path names a thing, the thing says who may; what is everyone's own (one's tokens,
    one's background work, the list of one's organizations) is the same within any.

    :param endpoint: what is asked.
    :param organization: what it is asked within.
    """
    area = endpoint.name.partition(".")[0]
    elsewhere = "{" in endpoint.path or area in _ANYWHERE or endpoint.name == _SELF
    return elsewhere or has_role(world, account, organization.id, Role.WORKER)


def is_staff(world: World, account: Account, organization: int) -> bool:
    """Whether a person runs an organization: its owner, its maintainers.

    :param organization: its id.
    """
    by_role = has_role(world, account, organization, Role.MAINTAINER)
    return by_role and has_privilege(account, Privilege.USER)


def may_see_organization(world: World, account: Account, organization: Organization) -> bool:
    """Whether a person may see an organization: its members, and who is invited to be one."""
    return (
        is_admin(account)
        or account.id == organization.owner
        or _is_in(world, account, organization.id)
    )


def may_change_organization(world: World, account: Account, organization: Organization) -> bool:
    """Whether a person may change what an organization is called: its owner, its maintainers."""
    owns = account.id == organization.owner
    return owns or has_role(world, account, organization.id, Role.MAINTAINER)


def may_delete_organization(account: Account, organization: Organization) -> bool:
    """Whether a person may remove an organization: its owner."""
    return is_admin(account) or account.id == organization.owner


def may_govern(world: World, account: Account, organization: int, role: Role) -> bool:
    """Whether a person may invite, promote and remove people of a role.

    :param organization: the id of the organization.
    :param role: the role that these people have, or are to have.
    """
    if is_admin(account):
        return True
    own = role_of(world, account, organization)
    above = own is not None and _ROLES.index(own) > _ROLES.index(role)
    return above and is_staff(world, account, organization)


def may_leave(account: Account, membership: Membership) -> bool:
    """Whether a person may leave an organization: all members but the owner.

    :param membership: the person's place in it.
    """
    own = membership.is_active and membership.user == account.id
    return own and membership.role is not Role.OWNER


def may_see_membership(world: World, account: Account, membership: Membership) -> bool:
    """Whether a person may see a membership: all members may; who is yet invited, only staff."""
    organization = membership.organization
    least = Role.WORKER if membership.is_active else Role.MAINTAINER
    return has_role(world, account, organization, least)


def is_invited(world: World, account: Account, invitation: Invitation) -> bool:
    """Whether an invitation is for a person."""
    return world.memberships[invitation.membership].user == account.id


def may_administer_invitation(world: World, account: Account, invitation: Invitation) -> bool:
    """Whether a person may send an invitation once more, and take it back."""
    organization = world.memberships[invitation.membership].organization
    return account.id == invitation.owner or is_staff(world, account, organization)


def may_see_invitation(world: World, account: Account, invitation: Invitation) -> bool:
    """Whether a person may see an invitation: who is invited, and who may take it back."""
    invited = is_invited(world, account, invitation)
    return invited or may_administer_invitation(world, account, invitation)


_ROLES: Final = (*Role,)
_ANYWHERE: Final = frozenset(
    {"auth", "events", "growth", "organizations", "requests", "schema", "server"}
)
_SELF: Final = "users.retrieve_self"


def _is_in(world: World, account: Account, organization: int) -> bool:
    """Whether a person has a place in an organization, taken or not."""
    return any(
        membership.user == account.id and membership.organization == organization
        for membership in world.memberships.values()
    )
