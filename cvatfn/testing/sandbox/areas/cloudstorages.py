"""Cloud storages: connected, listed, changed, disconnected.

Rule: what is connected has no provider behind it. Its files are what `World.clouds` holds under its
id; any credentials are believed, kept, and never shown.
"""

from __future__ import annotations

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.files import File
from cvatfn.codecs.unset import Unset
from cvatfn.outcome import Failure, Success
from cvatfn.testing.sandbox.areas.owned import without_storages
from cvatfn.testing.sandbox.files.buckets import LARGEST, keys_of, page_of, prefix_of
from cvatfn.testing.sandbox.files.images import frames_of, preview
from cvatfn.testing.sandbox.files.kinds import kind_of
from cvatfn.testing.sandbox.gates.asking import (
    Asked,
    Done,
    Outgoing,
    basic_user,
    done,
)
from cvatfn.testing.sandbox.gates.forms import received
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.permitting import Right, may, may_create
from cvatfn.testing.sandbox.gates.replies import Answer, forbidden, invalid
from cvatfn.testing.sandbox.state.media import Received
from cvatfn.testing.sandbox.state.storages import CloudStorage, Credential
from cvatfn.testing.sandbox.state.world import World, put, storages_of, username_of

__all__ = [
    "create",
    "destroy",
    "list_storages",
    "partial_update",
    "retrieve",
    "retrieve_actions",
    "retrieve_content",
    "retrieve_preview",
    "retrieve_status",
    "shown",
]


def list_storages(world: World, asked: Asked) -> Done:
    """The cloud storages one may use."""
    rows = [row for row in storages_of(world).values() if asked.finds(world, row)]
    return paged(
        world,
        asked,
        rows,
        _columns(world),
        lambda row: shown(world, asked, row),
        searched=("name", "resource", "owner", "description"),
    )


def create(world: World, asked: Asked) -> Done:
    """Connect a storage; it has no files until something puts them into `World.clouds`."""
    sent = asked.needed("cloud_storage_write_request", models.CloudStorageWriteRequest)
    least = models.RoleEnum.MAINTAINER
    if not may_create(world, asked.account, asked.organization_id, least):
        return forbidden()
    world, number = world.numbered("cloud storage")
    while number in world.clouds:
        world, number = world.numbered("cloud storage")
    storage = CloudStorage(
        id=number,
        owner=asked.account.id,
        organization=asked.organization_id,
        provider_type=sent.provider_type,
        resource=sent.resource,
        display_name=sent.display_name,
        credentials_type=sent.credentials_type,
        credentials=_credentials(sent),
        specific_attributes=sent.specific_attributes or "",
        description=sent.description or "",
        manifests=sent.manifests or (),
        created=world.now,
        updated=world.now,
    )
    clouds = put(world.clouds, number, {})
    world = evolve(world, storages=put(world.storages, number, storage), clouds=clouds)
    location = ("Location", asked.url(f"/api/cloudstorages/{number}"))
    return done(world, shown(world, asked, storage), 201, location)


def retrieve(world: World, asked: Asked, storage: CloudStorage) -> Done:
    """One storage, without its credentials."""
    return done(world, shown(world, asked, storage))


def partial_update(world: World, asked: Asked, storage: CloudStorage) -> Done:
    """Change a storage: only what is given. Credentials of another kind replace the old ones."""
    if not may(world, asked.account, Right.CHANGE, storage):
        return forbidden()
    sent = asked.given(
        "patched_cloud_storage_write_request", models.PatchedCloudStorageWriteRequest
    )
    if sent is None:
        return done(world, shown(world, asked, storage))
    kind = sent.credentials_type or storage.credentials_type
    kept = dict(storage.credentials) if kind is storage.credentials_type else {}
    attributes, about = sent.specific_attributes, sent.description
    storage = evolve(
        storage,
        provider_type=sent.provider_type or storage.provider_type,
        resource=sent.resource or storage.resource,
        display_name=sent.display_name or storage.display_name,
        credentials_type=kind,
        credentials=tuple((kept | dict(_credentials(sent))).items()),
        specific_attributes=(
            storage.specific_attributes if isinstance(attributes, Unset) else attributes
        ),
        description=storage.description if isinstance(about, Unset) else about,
        manifests=storage.manifests if isinstance(sent.manifests, Unset) else sent.manifests,
        updated=world.now,
    )
    world = evolve(world, storages=put(world.storages, storage.id, storage))
    return done(world, shown(world, asked, storage))


def destroy(world: World, asked: Asked, storage: CloudStorage) -> Done:
    """Disconnect a storage; with its files, which nobody could reach any more."""
    if not may(world, asked.account, Right.DELETE, storage):
        return forbidden()
    return done(without_storages(world, [storage.id]), None, 204)


def retrieve_status(world: World, _asked: Asked, _storage: CloudStorage) -> Done:
    """Whether a storage can be reached: always."""
    return done(world, "AVAILABLE")


def retrieve_actions(world: World, _asked: Asked, _storage: CloudStorage) -> Done:
    """What the credentials allow: everything, in JSON that CVAT calls plain text."""
    return Success(Outgoing(world, Answer(b'["read","write"]', content_type="text/plain")))


def retrieve_content(world: World, asked: Asked, storage: CloudStorage) -> Done:
    """A page of the files and folders at a prefix."""
    size = asked.given("page_size", int)
    if size is not None and size < 1:
        return invalid("Wrong value for page_size was found")
    match keys_of(world.clouds[storage.id], storage, asked.given("manifest_path", str)):
        case Failure() as refused:
            return refused
        case Success(keys):
            pass
    token, prefix = asked.given("next_token", str), asked.given("prefix", str) or ""
    most = LARGEST if size is None else min(size, LARGEST)
    match page_of(keys, prefix_of(storage), prefix, most, token):
        case Failure() as refused:
            return refused
        case Success(content):
            return done(world, content)


def retrieve_preview(world: World, _: Asked, storage: CloudStorage) -> Done:
    """A small picture of the first image; nothing where there is none."""
    for name, content in sorted(world.clouds[storage.id].items()):
        frames = frames_of([Received(name, content)]) if kind_of(name) == "image" else None
        if isinstance(frames, Success):
            made = Answer(preview(frames.unwrap()[0]), content_type="image/jpeg")
            return Success(Outgoing(world, made))
    return done(world, None, 204)


def shown(world: World, asked: Asked, storage: CloudStorage) -> models.CloudStorageRead:
    """A storage as CVAT shows it.

    :param storage: the storage.
    """
    return models.CloudStorageRead(
        id=storage.id,
        owner=basic_user(world, asked, storage.owner),
        manifests=storage.manifests,
        created_date=storage.created,
        updated_date=storage.updated,
        provider_type=storage.provider_type,
        resource=storage.resource,
        display_name=storage.display_name,
        credentials_type=storage.credentials_type,
        specific_attributes=storage.specific_attributes,
        description=storage.description,
        organization=storage.organization,
    )


def _credentials(
    sent: models.CloudStorageWriteRequest | models.PatchedCloudStorageWriteRequest,
) -> tuple[Credential, ...]:
    given = {
        "session_token": sent.session_token,
        "account_name": sent.account_name,
        "key": sent.key,
        "secret_key": sent.secret_key,
        "connection_string": sent.connection_string,
    }
    texts = tuple((name, value) for name, value in given.items() if isinstance(value, str))
    file = sent.key_file
    return (*texts, ("key_file", received(file).content)) if isinstance(file, File) else texts


def _columns(world: World) -> Columns[CloudStorage]:
    return {
        "id": lambda row: row.id,
        "name": lambda row: row.display_name,
        "provider_type": lambda row: row.provider_type.value,
        "resource": lambda row: row.resource,
        "credentials_type": lambda row: row.credentials_type.value,
        "owner": lambda row: username_of(world, row.owner),
        "description": lambda row: row.description,
    }
