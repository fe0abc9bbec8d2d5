"""Buckets and containers that media is read from and exports are written to.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated, Literal

from cvatfn import filters, models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Body, Header, delete, get, patch, post

__all__ = [
    "create",
    "destroy",
    "list",
    "partial_update",
    "retrieve",
    "retrieve_actions",
    "retrieve_content_v2",
    "retrieve_preview",
    "retrieve_status",
]


@get("/api/cloudstorages")
def list(
    *,
    credentials_type: models.CredentialsTypeEnumLike | Unset = UNSET,
    filter: str | filters.Filter[filters.CloudStorages] | Unset = UNSET,
    name: str | Unset = UNSET,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    owner: str | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    provider_type: models.ProviderTypeEnumLike | Unset = UNSET,
    resource: str | Unset = UNSET,
    search: str | Unset = UNSET,
    sort: str | filters.Order[filters.CloudStorages] | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.PaginatedCloudStorageReadList:
    """List the cloud storages you may use, a page at a time.

    :param credentials_type: kind of credentials the cloud storages are opened with.
    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param name: name of the objects, in full.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param owner: username of the person who owns or made the objects.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param provider_type: provider of the cloud storages.
    :param resource: name of the bucket or container.
    :param search: text to look for in the names and other telling fields.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: a page of `CloudStorageRead`, with status 200.
    """
    ...


@post("/api/cloudstorages")
def create(
    cloud_storage_write_request: Annotated[
        models.CloudStorageWriteRequestLike, Body("application/json", "multipart/form-data")
    ],
    *,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.CloudStorageRead:
    """Connect a bucket or container to CVAT, with its credentials and manifests.

    :param cloud_storage_write_request: what to send; a model or a dict.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: `CloudStorageRead`, with status 201.
    """
    ...


@get("/api/cloudstorages/{id}")
def retrieve(id: int) -> models.CloudStorageRead:
    """Get the settings of a cloud storage, without its credentials.

    :param id: id of the object the call is about.
    :returns: `CloudStorageRead`, with status 200.
    """
    ...


@patch("/api/cloudstorages/{id}")
def partial_update(
    id: int,
    patched_cloud_storage_write_request: Annotated[
        models.PatchedCloudStorageWriteRequestLike | Unset,
        Body("application/json", "multipart/form-data"),
    ] = UNSET,
) -> models.CloudStorageRead:
    """Change the name, credentials, manifests or other settings of a cloud storage.

    :param id: id of the object the call is about.
    :param patched_cloud_storage_write_request: what to send; a model or a dict.
    :returns: `CloudStorageRead`, with status 200.
    """
    ...


@delete("/api/cloudstorages/{id}")
def destroy(id: int) -> None:
    """Disconnect a cloud storage; the files in it stay.

    :param id: id of the object the call is about.
    :returns: nothing, with status 204.
    """
    ...


@get("/api/cloudstorages/{id}/actions")
def retrieve_actions(id: int) -> str:
    """Find out what the credentials of a cloud storage allow, such as read or write.

    :param id: id of the object the call is about.
    :returns: `str`, with status 200.
    """
    ...


@get("/api/cloudstorages/{id}/content-v2")
def retrieve_content_v2(
    id: int,
    *,
    manifest_path: str | Unset = UNSET,
    next_token: str | Unset = UNSET,
    page_size: int | Unset = UNSET,
    prefix: str | Unset = UNSET,
) -> models.CloudStorageContent:
    """List files and folders in a cloud storage, from a prefix or manifest, with a token.

    :param id: id of the object the call is about.
    :param manifest_path: path of the manifest in the cloud storage that names the files to list.
    :param next_token: token of the next page, as the page before gave it.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param prefix: what the paths of the listed files begin with.
    :returns: `CloudStorageContent`, with status 200.
    """
    ...


@get("/api/cloudstorages/{id}/preview", errors={400: None, 404: None}, produces="*/*")
def retrieve_preview(id: int) -> bytes:
    """Download a small picture of what a cloud storage holds.

    :param id: id of the object the call is about.
    :returns: the bytes of a file, with status 200.
    """
    ...


@get("/api/cloudstorages/{id}/status")
def retrieve_status(id: int) -> str:
    """Check whether a cloud storage is available, forbidden or not found.

    :param id: id of the object the call is about.
    :returns: `str`, with status 200.
    """
    ...
