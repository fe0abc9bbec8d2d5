"""The people there are: list, retrieve, patch, delete.

Rule: people change what they are called, and what they said of themselves; what they may do is
changed by admins. Who is removed leaves what they owned behind, and it is nobody's.
"""

from __future__ import annotations

from typing import Final, TypeVar

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.unset import Unset
from cvatfn.outcome import Failure
from cvatfn.testing.sandbox.areas.organizations import without_memberships
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done, user_in_brief
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.permitting import is_admin, may_name
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, invalid, missing
from cvatfn.testing.sandbox.state.people import Account, Answers, Privilege
from cvatfn.testing.sandbox.state.world import World, dropped, put

__all__ = ["destroy", "list_users", "partial_update", "retrieve", "retrieve_self"]

V = TypeVar("V")

ADMINS_ONLY: Final = ("email", "groups", "is_active", "is_staff", "is_superuser")


def list_users(world: World, asked: Asked) -> Done:
    """The people one may see: all for an admin, an organization's within it, else oneself."""
    rows = [account for account in world.accounts.values() if _finds(world, asked, account)]
    return paged(
        world,
        asked,
        rows,
        _COLUMNS,
        lambda row: shown(asked, row) if is_admin(asked.account) else user_in_brief(asked, row),
        searched=("username", "first_name", "last_name"),
    )


def retrieve_self(world: World, asked: Asked) -> Done:
    """Who am I."""
    return done(world, shown(asked, asked.account))


def retrieve(world: World, asked: Asked) -> Done:
    """One person; in full for an admin and for oneself."""
    account = world.accounts.get(asked.needed("id", int))
    if account is None:
        return missing("User")
    if not may_name(world, asked.account, account.id, asked.organization_id):
        return forbidden()
    in_full = is_admin(asked.account) or account.id == asked.account.id
    return done(world, shown(asked, account) if in_full else user_in_brief(asked, account))


def partial_update(world: World, asked: Asked) -> Done:
    """Change oneself; an admin may change anyone, and what they may do."""
    account = world.accounts.get(asked.needed("id", int))
    if account is None:
        return missing("User")
    if not _is_over(asked, account):
        return forbidden()
    sent = asked.given("patched_user_request", models.PatchedUserRequest)
    request = models.PatchedUserRequest() if sent is None else sent
    refusal = _wrong(world, asked, account, request)
    if refusal is not None:
        return refusal
    account = _changed(account, request)
    world = evolve(world, accounts=put(world.accounts, account.id, account))
    return done(world, shown(asked, account))


def destroy(world: World, asked: Asked) -> Done:
    """Remove a person: with logins, memberships, and work that was under way."""
    account = world.accounts.get(asked.needed("id", int))
    if account is None:
        return missing("User")
    if not _is_over(asked, account):
        return forbidden()
    gone = account.id
    member = [each.id for each in world.memberships.values() if each.user == gone]
    sessions = {key: each for key, each in world.sessions.items() if each.user != gone}
    tokens = {key: user for key, user in world.tokens.items() if user != gone}
    keys = {key: each for key, each in world.keys.items() if each.user != gone}
    arriving = {path: each for path, each in world.arriving.items() if each.user != gone}
    works = {key: each for key, each in world.backgrounds.items() if each.user != gone}
    world = evolve(
        without_memberships(world, *member),
        accounts=dropped(world.accounts, gone),
        sessions=sessions,
        tokens=tokens,
        keys=keys,
        arriving=arriving,
        backgrounds=works,
        resets=dropped(world.resets, gone),
        growth=dropped(world.growth, gone),
    )
    return done(_unowned(world, gone), None, 204)


def shown(asked: Asked, account: Account) -> models.User:
    """A person in full, as CVAT shows it.

    :param account: the person's account.
    """
    admin = is_admin(account)
    answers = account.answers
    return models.User(
        url=asked.url(f"/api/users/{account.id}"),
        id=account.id,
        username=account.username,
        first_name=account.first_name,
        last_name=account.last_name,
        email=account.email,
        groups=(Privilege.ADMIN.value if admin else account.privilege.value,),
        is_staff=admin,
        is_superuser=account.is_superuser,
        is_active=account.is_active,
        last_login=account.last_login,
        date_joined=account.joined,
        has_analytics_access=admin or account.has_analytics_access,
        cvat_usage_reason=answers.cvat_usage_reason,
        primary_role=answers.primary_role,
        planned_activities=answers.planned_activities,
        data_types=answers.data_types,
        discovery_source=answers.discovery_source,
        email_verified=account.email_verified,
        created_via=account.created_via,
    )


_COLUMNS: Final[Columns[Account]] = {
    "id": lambda row: row.id,
    "username": lambda row: row.username,
    "first_name": lambda row: row.first_name,
    "last_name": lambda row: row.last_name,
    "is_active": lambda row: row.is_active,
}


def _unowned(world: World, gone: int) -> World:
    """A world in which nothing is somebody's who is gone."""

    def left(person: int | None) -> int | None:
        return None if person == gone else person

    return evolve(
        world,
        projects={
            key: evolve(each, owner=left(each.owner), assignee=left(each.assignee))
            for key, each in world.projects.items()
        },
        tasks={
            key: evolve(each, owner=left(each.owner), assignee=left(each.assignee))
            for key, each in world.tasks.items()
        },
        jobs={key: evolve(each, assignee=left(each.assignee)) for key, each in world.jobs.items()},
        storages={
            key: evolve(each, owner=left(each.owner)) for key, each in world.storages.items()
        },
        organizations={
            key: evolve(each, owner=left(each.owner)) for key, each in world.organizations.items()
        },
        invitations={
            key: evolve(each, owner=left(each.owner)) for key, each in world.invitations.items()
        },
        issues={
            key: evolve(each, owner=left(each.owner), assignee=left(each.assignee))
            for key, each in world.issues.items()
        },
        comments={
            key: evolve(each, owner=left(each.owner)) for key, each in world.comments.items()
        },
        assets={key: evolve(each, owner=left(each.owner)) for key, each in world.assets.items()},
        webhooks={
            key: evolve(each, owner=left(each.owner)) for key, each in world.webhooks.items()
        },
    )


def _finds(world: World, asked: Asked, account: Account) -> bool:
    if asked.organization_id is None:
        return account.id == asked.account.id or is_admin(asked.account)
    return any(
        (each.user, each.organization) == (account.id, asked.organization_id)
        for each in world.memberships.values()
    )


def _is_over(asked: Asked, account: Account) -> bool:
    return is_admin(asked.account) or asked.account.id == account.id


def _wrong(
    world: World, asked: Asked, account: Account, sent: models.PatchedUserRequest
) -> Failure[Refusal] | None:
    """What cannot be changed so, if anything."""
    given = [name for name in ADMINS_ONLY if not isinstance(getattr(sent, name), Unset)]
    if given and not is_admin(asked.account):
        named = ", ".join(given)
        said = f"You do not have permissions to access some of these fields: {named}"
        return invalid(non_field_errors=said)
    for other in world.accounts.values():
        if other.id != account.id and other.username == sent.username:
            return invalid(username="A user with that username already exists.")
    for name in sent.groups or ():
        if name not in _PRIVILEGES:
            return invalid(groups=f"Object with name={name} does not exist.")
    return None


def _changed(account: Account, sent: models.PatchedUserRequest) -> Account:
    groups = [_PRIVILEGES[name] for name in sent.groups or ()]
    order = tuple(Privilege)
    before = account.answers
    return evolve(
        account,
        username=sent.username or account.username,
        first_name=_or(sent.first_name, account.first_name),
        last_name=_or(sent.last_name, account.last_name),
        email=_or(sent.email, account.email),
        privilege=max(groups, key=order.index) if groups else account.privilege,
        is_superuser=_or(sent.is_superuser, account.is_superuser),
        is_active=_or(sent.is_active, account.is_active),
        answers=Answers(
            cvat_usage_reason=_or(sent.cvat_usage_reason, before.cvat_usage_reason),
            primary_role=_or(sent.primary_role, before.primary_role),
            planned_activities=_or(sent.planned_activities, before.planned_activities),
            data_types=_or(sent.data_types, before.data_types),
            discovery_source=_or(sent.discovery_source, before.discovery_source),
        ),
    )


_PRIVILEGES: Final = {privilege.value: privilege for privilege in Privilege}


def _or(sent: V | Unset, before: V) -> V:
    return before if isinstance(sent, Unset) else sent
