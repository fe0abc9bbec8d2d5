"""Invitations: create, list, retrieve, accept, decline, resend, take back.

How it goes: an invitation makes a membership that is not active, and an account that is not, where
the address is nobody's. The invited person registers with that address, logs in, and accepts, which
makes the membership active; or declines, which removes it. Until then the invitation may be sent
once more or taken back. One that was sent too long ago can only be sent once more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from attrs import evolve

from cvatfn import models
from cvatfn.outcome import Failure
from cvatfn.testing.sandbox.areas.organizations import without_memberships
from cvatfn.testing.sandbox.gates.asking import (
    Asked,
    Done,
    Handler,
    basic_user,
    done,
    user_in_brief,
)
from cvatfn.testing.sandbox.gates.governing import (
    is_invited,
    may_administer_invitation,
    may_govern,
    may_see_invitation,
)
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.permitting import is_admin
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, invalid, missing
from cvatfn.testing.sandbox.state.people import (
    Account,
    Invitation,
    Membership,
    Organization,
)
from cvatfn.testing.sandbox.state.world import World, dropped, posted, put, secret, username_of

__all__ = [
    "accept",
    "create",
    "decline",
    "destroy",
    "list_invitations",
    "on_invitation",
    "resend",
    "retrieve",
]

EXPIRED: Final = "Your invitation is expired. Please contact organization owner to renew it."
ACCEPTED: Final = "Your invitation is already accepted."
ACCEPTED_BY_OTHER: Final = "This invitation is already accepted."
MEMBER: Final = "The user is a member of the organization already."


def on_invitation(handler: Callable[[World, Asked, Invitation], Done]) -> Handler:
    """Find the invitation of the path first; for who may not see it, there is none.

    :param handler: what to do with it.
    """

    def handle(world: World, asked: Asked) -> Done:
        invitation = world.invitations.get(asked.needed("key", str))
        if invitation is None or not may_see_invitation(world, asked.account, invitation):
            return missing("Invitation")
        return handler(world, asked, invitation)

    return handle


def list_invitations(world: World, asked: Asked) -> Done:
    """The invitations of an organization; asked everywhere, those one sent and those one got."""
    rows = [row for row in world.invitations.values() if _finds(world, asked, row)]
    return paged(
        world,
        asked,
        rows,
        _columns(world),
        lambda row: shown(world, asked, row),
        searched=("owner",),
        order="-created_date",
    )


def create(world: World, asked: Asked) -> Done:
    """Invite somebody by e-mail into the organization that is asked within."""
    sent = asked.needed("invitation_write_request", models.InvitationWriteRequest)
    organization = asked.organization
    if not isinstance(organization, Organization):
        return invalid(NOWHERE) if is_admin(asked.account) else forbidden()
    if not may_govern(world, asked.account, organization.id, sent.role):
        return forbidden()
    world, account = _invited(world, sent.email)
    if any(
        (each.user, each.organization) == (account.id, organization.id)
        for each in world.memberships.values()
    ):
        return invalid(MEMBER)
    world, number = world.numbered("membership")
    world, key = secret(world, "invitation", 64)
    membership = Membership(
        id=number,
        user=account.id,
        organization=organization.id,
        role=sent.role,
        is_active=False,
        invitation=key,
    )
    invitation = Invitation(key=key, owner=asked.account.id, membership=number, created=world.now)
    world = evolve(
        world,
        memberships=put(world.memberships, number, membership),
        invitations=put(world.invitations, key, invitation),
    )
    asks = world.invited_are_asked or not account.is_active
    world = _sent(world, asked, invitation) if asks else _accepted(world, invitation)
    return done(world, shown(world, asked, world.invitations[key]), 201)


NOWHERE: Final = "An invitation leads into an organization: name one by org, org_id or its header."


def retrieve(world: World, asked: Asked, invitation: Invitation) -> Done:
    """One invitation."""
    return done(world, shown(world, asked, invitation))


def accept(world: World, asked: Asked, invitation: Invitation) -> Done:
    """Become a member; only who is invited can."""
    if not is_invited(world, asked.account, invitation):
        return forbidden()
    if _is_expired(world, invitation):
        return _told(EXPIRED)
    membership = world.memberships[invitation.membership]
    if membership.is_active:
        return _told(ACCEPTED)
    slug = world.organizations[membership.organization].slug
    return done(_accepted(world, invitation), models.AcceptInvitationRead(organization_slug=slug))


def decline(world: World, asked: Asked, invitation: Invitation) -> Done:
    """Say no: the membership that was waiting goes, and the invitation with it."""
    if not is_invited(world, asked.account, invitation):
        return forbidden()
    return done(without_memberships(world, invitation.membership), None, 204)


def resend(world: World, asked: Asked, invitation: Invitation) -> Done:
    """Send an invitation once more; its time begins anew."""
    if not may_administer_invitation(world, asked.account, invitation):
        return forbidden()
    if world.memberships[invitation.membership].is_active:
        return _told(ACCEPTED_BY_OTHER)
    return done(_sent(world, asked, invitation), None, 204)


def destroy(world: World, asked: Asked, invitation: Invitation) -> Done:
    """Take an invitation back; who accepted it stays a member."""
    if not may_administer_invitation(world, asked.account, invitation):
        return forbidden()
    membership = world.memberships[invitation.membership]
    if not membership.is_active:
        return done(without_memberships(world, membership.id), None, 204)
    kept = put(world.memberships, membership.id, evolve(membership, invitation=None))
    left = dropped(world.invitations, invitation.key)
    return done(evolve(world, memberships=kept, invitations=left), None, 204)


def shown(world: World, asked: Asked, invitation: Invitation) -> models.InvitationRead:
    """An invitation as CVAT shows it.

    :param invitation: the invitation.
    """
    membership = world.memberships[invitation.membership]
    organization = world.organizations[membership.organization]
    return models.InvitationRead(
        key=invitation.key,
        created_date=invitation.created,
        owner=basic_user(world, asked, invitation.owner),
        role=membership.role,
        user=user_in_brief(asked, world.accounts[membership.user]),
        organization=organization.id,
        expired=None if invitation.sent is None else _is_expired(world, invitation),
        accepted=membership.is_active,
        organization_info=models.BasicOrganization(id=organization.id, slug=organization.slug),
    )


def _told(said: str) -> Failure[Refusal]:
    """A refusal in the form that these endpoints have: the sentence alone."""
    return Failure(Refusal(400, said))


def _is_expired(world: World, invitation: Invitation) -> bool:
    return invitation.sent is not None and invitation.sent + world.invitations_last <= world.now


def _invited(world: World, email: str) -> tuple[World, Account]:
    """The account of an address; where there is none, one that waits for its person."""
    for account in world.accounts.values():
        if account.email.lower() == email.lower():
            return world, account
    taken = {account.username for account in world.accounts.values()}
    name = plain = email.partition("@")[0]
    number = 1
    while name in taken:
        number += 1
        name = f"{plain}{number}"
    world, password = secret(world, "unusable password", 64)
    world = world.joined(name, password, email=email)
    account = evolve(
        world.accounts[world.ids["user"]],
        is_active=False,
        email_verified=False,
        created_via=models.CreatedViaEnum.INVITATION,
    )
    return evolve(world, accounts=put(world.accounts, account.id, account)), account


def _sent(world: World, asked: Asked, invitation: Invitation) -> World:
    membership = world.memberships[invitation.membership]
    account = world.accounts[membership.user]
    organization = world.organizations[membership.organization]
    page = "/invitations" if account.is_active else "/auth/register/invitation"
    link = asked.url(f"{page}?key={invitation.key}")
    world = posted(world, account.email, f"Invitation to {organization.slug}", link)
    again = evolve(invitation, sent=world.now)
    return evolve(world, invitations=put(world.invitations, again.key, again))


def _accepted(world: World, invitation: Invitation) -> World:
    membership = evolve(world.memberships[invitation.membership], is_active=True, joined=world.now)
    return evolve(world, memberships=put(world.memberships, membership.id, membership))


def _finds(world: World, asked: Asked, invitation: Invitation) -> bool:
    if not asked.is_within(world.memberships[invitation.membership].organization):
        return False
    own = invitation.owner == asked.account.id or is_invited(world, asked.account, invitation)
    if asked.is_everywhere and not is_admin(asked.account):
        return own
    return may_see_invitation(world, asked.account, invitation)


def _columns(world: World) -> Columns[Invitation]:
    def membership(row: Invitation) -> Membership:
        return world.memberships[row.membership]

    return {
        "id": lambda row: row.key,
        "owner": lambda row: username_of(world, row.owner),
        "user_id": lambda row: membership(row).user,
        "accepted": lambda row: membership(row).is_active,
        "created_date": lambda row: row.created,
    }
