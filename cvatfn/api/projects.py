"""Groups of tasks that have their labels in common.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated, Literal

from cvatfn import filters, models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Body, Header, Query, delete, get, patch, post

__all__ = [
    "create",
    "create_backup",
    "create_backup_export",
    "create_dataset",
    "create_dataset_export",
    "destroy",
    "list",
    "partial_update",
    "retrieve",
    "retrieve_preview",
]


@get("/api/projects")
def list(
    *,
    assignee: str | Unset = UNSET,
    filter: str | filters.Filter[filters.Projects] | Unset = UNSET,
    name: str | Unset = UNSET,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    owner: str | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    search: str | Unset = UNSET,
    sort: str | filters.Order[filters.Projects] | Unset = UNSET,
    status: models.JobStatusLike | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.PaginatedProjectReadList:
    """List the projects you may see, a page at a time.

    :param assignee: username of the person the objects are assigned to.
    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param name: name of the objects, in full.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param owner: username of the person who owns or made the objects.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param search: text to look for in the names and other telling fields.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :param status: status that the projects, tasks or requests have.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: a page of `ProjectRead`, with status 200.
    """
    ...


@post("/api/projects")
def create(
    project_write_request: Annotated[models.ProjectWriteRequestLike, Body()],
    *,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.ProjectRead:
    """Create an empty project, with the labels its tasks will share.

    :param project_write_request: what to send; a model or a dict.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: `ProjectRead`, with status 201.
    """
    ...


@post("/api/projects/backup/", status=(201, 202))
def create_backup(
    project_file_request: Annotated[
        models.ProjectFileRequestLike | Unset, Body("application/json", "multipart/form-data")
    ] = UNSET,
    *,
    cloud_storage_id: int | Unset = UNSET,
    filename: str | Unset = UNSET,
    location: models.LocationEnumLike | Unset = UNSET,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.RqId | None:
    """Restore a project from a backup file, as a new project.

    :param project_file_request: what to send; a model or a dict.
    :param cloud_storage_id: id of the cloud storage to read the file from or write it to.
    :param filename: name of the file that is read or made.
    :param location: whether the file comes from or goes to a cloud storage or the local side.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: `RqId` or nothing, with status 201 or 202.
    """
    ...


@get("/api/projects/{id}")
def retrieve(id: int) -> models.ProjectRead:
    """Get a project: its owner, assignee, subsets, storages and how many tasks it has.

    :param id: id of the object the call is about.
    :returns: `ProjectRead`, with status 200.
    """
    ...


@patch("/api/projects/{id}")
def partial_update(
    id: int,
    patched_project_write_request: Annotated[
        models.PatchedProjectWriteRequestLike | Unset, Body()
    ] = UNSET,
) -> models.ProjectRead:
    """Change a project's name, labels, assignee, storages or organization.

    :param id: id of the object the call is about.
    :param patched_project_write_request: what to send; a model or a dict.
    :returns: `ProjectRead`, with status 200.
    """
    ...


@delete("/api/projects/{id}")
def destroy(id: int) -> None:
    """Delete a project and all tasks in it.

    :param id: id of the object the call is about.
    :returns: nothing, with status 204.
    """
    ...


@post("/api/projects/{id}/backup/export", status=202, errors={400: None, 409: "models.RqId"})
def create_backup_export(
    id: int,
    *,
    cloud_storage_id: int | Unset = UNSET,
    filename: str | Unset = UNSET,
    lightweight: Annotated[bool | Unset, Query(since="2.44.3")] = UNSET,
    location: models.LocationEnumLike | Unset = UNSET,
) -> models.RqId:
    """Start backing up a whole project into one file it can be restored from.

    :param id: id of the object the call is about.
    :param cloud_storage_id: id of the cloud storage to read the file from or write it to.
    :param filename: name of the file that is read or made.
    :param lightweight: whether media that lies in a cloud storage is left out of the backup.
    :param location: whether the file comes from or goes to a cloud storage or the local side.
    :returns: `RqId`, with status 202.
    """
    ...


@post("/api/projects/{id}/dataset/", status=(201, 202), errors={400: None, 405: None})
def create_dataset(
    id: int,
    dataset_file_request: Annotated[
        models.DatasetFileRequestLike | Unset, Body("application/json", "multipart/form-data")
    ] = UNSET,
    *,
    cloud_storage_id: int | Unset = UNSET,
    filename: str | Unset = UNSET,
    format: str | Unset = UNSET,
    location: models.LocationEnumLike | Unset = UNSET,
    conv_mask_to_poly: bool | Unset = UNSET,
) -> models.RqId | None:
    """Import a dataset, images and annotations, into a project as new tasks.

    :param id: id of the object the call is about.
    :param dataset_file_request: what to send; a model or a dict.
    :param cloud_storage_id: id of the cloud storage to read the file from or write it to.
    :param filename: name of the file that is read or made.
    :param format: name of the annotation format, or of the file format of a report.
    :param location: whether the file comes from or goes to a cloud storage or the local side.
    :param conv_mask_to_poly: whether masks in the file become polygons; they do unless it is false.
    :returns: `RqId` or nothing, with status 201 or 202.
    """
    ...


@post("/api/projects/{id}/dataset/export", status=202, errors={405: None, 409: "models.RqId"})
def create_dataset_export(
    id: int,
    *,
    format: str,
    cloud_storage_id: int | Unset = UNSET,
    filename: str | Unset = UNSET,
    location: models.LocationEnumLike | Unset = UNSET,
    save_images: bool | Unset = UNSET,
) -> models.RqId:
    """Start exporting all tasks of a project as one dataset or annotation file.

    :param id: id of the object the call is about.
    :param format: name of the annotation format, or of the file format of a report.
    :param cloud_storage_id: id of the cloud storage to read the file from or write it to.
    :param filename: name of the file that is read or made.
    :param location: whether the file comes from or goes to a cloud storage or the local side.
    :param save_images: whether the export holds the images too, not only annotations.
    :returns: `RqId`, with status 202.
    """
    ...


@get("/api/projects/{id}/preview", status=(200, 204), errors={404: None}, produces="*/*")
def retrieve_preview(
    id: int, *, prefer: Annotated[str | Unset, Header("Prefer", since="2.67.0")] = UNSET
) -> bytes:
    """Download a small picture that stands for a project.

    :param id: id of the object the call is about.
    :param prefer: handling=empty to be answered 204, with no error, where there is no preview.
    :returns: the bytes of a file, with status 200 or 204.
    """
    ...
