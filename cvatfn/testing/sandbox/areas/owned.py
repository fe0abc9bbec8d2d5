"""What projects and tasks have in common: an owner, an assignee, a workspace, and places of files.

Rule: making one is changing a blank one, so that both are read and refused alike. People and cloud
storages that are named must be within reach from where the thing is, not from where it is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, TypeAlias, TypeVar

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.unset import Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.labels import Home, relabeled
from cvatfn.testing.sandbox.gates.asking import Asked
from cvatfn.testing.sandbox.gates.permitting import (
    Right,
    is_admin,
    may_create,
    may_name,
    may_use_storage,
)
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, invalid
from cvatfn.testing.sandbox.state.annotated import Project, Task
from cvatfn.testing.sandbox.state.media import Media
from cvatfn.testing.sandbox.state.world import World, dropped, put, storages_of

__all__ = [
    "FIELDS",
    "destination",
    "in_workspace",
    "kept",
    "not_there",
    "owner_of",
    "reachable_storage",
    "without_storages",
]

Owned: TypeAlias = Project | Task
S = TypeVar("S", Project, Task)
Request: TypeAlias = (
    models.ProjectWriteRequest
    | models.PatchedProjectWriteRequest
    | models.TaskWriteRequest
    | models.PatchedTaskWriteRequest
)

FIELDS: Final[Mapping[str, Right]] = {
    "name": Right.CHANGE,
    "labels": Right.CHANGE,
    "bug_tracker": Right.CHANGE,
    "owner_id": Right.GIVE,
    "assignee_id": Right.ASSIGN,
    "organization_id": Right.MOVE,
    "source_storage": Right.CONNECT,
    "target_storage": Right.CONNECT,
}
"""By the field of a PATCH, the right that it needs."""


def kept(world: World, asked: Asked, thing: Owned, sent: Request) -> Outcome[World, Refusal]:
    """The world that holds a thing with what a request says of it, its labels too.

    :param thing: a blank one, or the present one.
    :param sent: what is given of its fields.
    """
    match _described(world, asked, thing, sent):
        case Failure() as refusal:
            return refusal
        case Success((after, described)):
            pass
    if isinstance(described, Project):
        world = evolve(after, projects=put(after.projects, described.id, described))
        return relabeled(world, Home(project=described.id), sent.labels or ())
    world = evolve(after, tasks=put(after.tasks, described.id, described))
    labels = () if described.project is not None else sent.labels or ()
    return relabeled(world, Home(task=described.id), labels)


def destination(
    world: World, asked: Asked, sent: int | Unset | None, before: int | None
) -> Outcome[int | None, Refusal]:
    """The organization that a thing is to be in, where who asks may make such things.

    :param sent: the id that was given; `None` for the personal workspace.
    :param before: the id of the organization that it is in.
    """
    if isinstance(sent, Unset) or sent == before:
        return Success(before)
    if sent is not None and sent not in world.organizations:
        return not_there("Organization")
    return Success(sent) if may_create(world, asked.account, sent) else forbidden()


def in_workspace(world: World, thing: S, organization: int | None) -> S:
    """A thing in a workspace that it was not in: its assignee and its cloud storages stay behind.

    :param thing: the thing.
    :param organization: the id of its new organization.
    """
    return evolve(
        thing,
        organization=organization,
        assignee=None,
        assigned=thing.assigned if thing.assignee is None else world.now,
        source_storage=None,
        target_storage=None,
        updated=world.now,
    )


def owner_of(asked: Asked, sent: int | Unset | None) -> Outcome[int, Refusal]:
    """Whose a new thing is: who makes it owns it, and only admins make things for others.

    :param sent: the owner's id that was given.
    """
    own = asked.account.id
    if not isinstance(sent, int) or sent == own or is_admin(asked.account):
        return Success(sent if isinstance(sent, int) else own)
    return forbidden()


def reachable_storage(
    world: World, asked: Asked, number: int, organization: int | None
) -> Outcome[None, Refusal]:
    """Refuse a cloud storage that is not there, or that who asks may not use.

    :param number: its id.
    :param organization: the id of the organization of what it is to serve.
    """
    storage = storages_of(world).get(number)
    if storage is None:
        return not_there("CloudStorage")
    usable = may_use_storage(world, asked.account, storage, organization)
    return Success(None) if usable else forbidden()


def without_storages(world: World, gone: Collection[int]) -> World:
    """A world without some cloud storages; what had its files there has them with itself.

    :param gone: their ids.
    """

    def left(place: models.Storage | None) -> models.Storage | None:
        if place is None or place.cloud_storage_id not in gone:
            return place
        return evolve(place, location=models.LocationEnum.LOCAL, cloud_storage_id=None)

    def detached(media: Media | None) -> Media | None:
        taken = media is not None and media.cloud in gone
        return evolve(media, cloud=None) if media is not None and taken else media

    return evolve(
        world,
        storages=dropped(world.storages, *gone),
        clouds=dropped(world.clouds, *gone),
        projects={
            key: evolve(
                each,
                source_storage=left(each.source_storage),
                target_storage=left(each.target_storage),
            )
            for key, each in world.projects.items()
        },
        tasks={
            key: evolve(
                each,
                media=detached(each.media),
                source_storage=left(each.source_storage),
                target_storage=left(each.target_storage),
            )
            for key, each in world.tasks.items()
        },
    )


def not_there(kind: str) -> Failure[Refusal]:
    """Refuse because a body names what there is not.

    :param kind: CVAT's name of the kind.
    """
    return invalid(f"{kind} matching query does not exist.")


def _described(
    world: World, asked: Asked, thing: Owned, sent: Request
) -> Outcome[tuple[World, Owned], Refusal]:
    """A thing with what a request says of it, and the world that gave ids to new places."""
    match _wrong_people(world, asked, thing, sent):
        case Failure() as refusal:
            return refusal
        case Success():
            pass
    match _place(world, asked, thing, sent.source_storage, thing.source_storage):
        case Failure() as refusal:
            return refusal
        case Success((after, source)):
            world = after
    match _place(world, asked, thing, sent.target_storage, thing.target_storage):
        case Failure() as refusal:
            return refusal
        case Success((after, target)):
            world = after
    assignee = thing.assignee if isinstance(sent.assignee_id, Unset) else sent.assignee_id
    changed = evolve(
        thing,
        name=sent.name or thing.name,
        owner=sent.owner_id if isinstance(sent.owner_id, int) else thing.owner,
        assignee=assignee,
        assigned=thing.assigned if assignee == thing.assignee else world.now,
        bug_tracker=thing.bug_tracker if isinstance(sent.bug_tracker, Unset) else sent.bug_tracker,
        source_storage=source,
        target_storage=target,
        updated=world.now,
    )
    return Success((world, changed))


def _wrong_people(
    world: World, asked: Asked, thing: Owned, sent: Request
) -> Outcome[None, Refusal]:
    """Refuse people who are not there, or not within reach."""
    for name, number in (("owner_id", sent.owner_id), ("assignee_id", sent.assignee_id)):
        if not isinstance(number, int):
            continue
        if not may_name(world, asked.account, number, thing.organization):
            return forbidden()
        if number not in world.accounts:
            return invalid(**{name: f'Invalid pk "{number}" - object does not exist.'})
    return Success(None)


def _place(
    world: World,
    asked: Asked,
    thing: Owned,
    sent: models.StorageRequest | Unset,
    before: models.Storage | None,
) -> Outcome[tuple[World, models.Storage | None], Refusal]:
    """A place of files as it is kept; a place keeps its id."""
    if isinstance(sent, Unset):
        return Success((world, before))
    cloud = sent.cloud_storage_id if isinstance(sent.cloud_storage_id, int) else None
    if cloud is not None:
        match reachable_storage(world, asked, cloud, thing.organization):
            case Failure() as refusal:
                return refusal
            case Success():
                pass
    world, number = world.numbered("storage") if before is None else (world, before.id)
    location = sent.location or models.LocationEnum.LOCAL
    return Success((world, models.Storage(id=number, location=location, cloud_storage_id=cloud)))
