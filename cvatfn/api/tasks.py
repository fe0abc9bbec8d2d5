"""Sets of media to annotate, with their data, annotations, backups and exports.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated, Literal

from cvatfn import filters, models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Body, Header, Query, delete, get, patch, post, put

__all__ = [
    "create",
    "create_annotations",
    "create_backup",
    "create_backup_export",
    "create_data",
    "create_dataset_export",
    "destroy",
    "destroy_annotations",
    "list",
    "partial_update",
    "partial_update_annotations",
    "partial_update_data_meta",
    "partial_update_validation_layout",
    "retrieve",
    "retrieve_annotations",
    "retrieve_data",
    "retrieve_data_meta",
    "retrieve_preview",
    "retrieve_status",
    "retrieve_validation_layout",
    "update_annotations",
]


@get("/api/tasks")
def list(
    *,
    assignee: str | Unset = UNSET,
    dimension: Literal["1d", "2d", "3d"] | Unset = UNSET,
    filter: str | filters.Filter[filters.Tasks] | Unset = UNSET,
    media_type: Annotated[
        Literal["image", "point_cloud", "audio"] | Unset, Query(since="2.65.0")
    ] = UNSET,
    mode: Literal["annotation", "interpolation"] | Unset = UNSET,
    name: str | Unset = UNSET,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    owner: str | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    project_id: int | Unset = UNSET,
    project_name: str | Unset = UNSET,
    search: str | Unset = UNSET,
    sort: str | filters.Order[filters.Tasks] | Unset = UNSET,
    status: models.JobStatusLike | Unset = UNSET,
    subset: str | Unset = UNSET,
    tracker_link: str | Unset = UNSET,
    validation_mode: Annotated[models.ValidationModeLike | Unset, Query(since="2.22.0")] = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.PaginatedTaskReadList:
    """List the tasks you may see, a page at a time.

    :param assignee: username of the person the objects are assigned to.
    :param dimension: 1d for audio, 2d for images and video, 3d for point clouds.
    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param media_type: whether the media is images, point clouds or audio.
    :param mode: annotation for single images, interpolation for video and audio.
    :param name: name of the objects, in full.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param owner: username of the person who owns or made the objects.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param project_id: id of the project that the objects or events belong to.
    :param project_name: name of the project the jobs or tasks belong to.
    :param search: text to look for in the names and other telling fields.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :param status: status that the projects, tasks or requests have.
    :param subset: subset of the project that the tasks are in, such as Train.
    :param tracker_link: address in the bug tracker that the tasks refer to.
    :param validation_mode: gt for tasks with a ground truth job, gt_pool for tasks with honeypots.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: a page of `TaskRead`, with status 200.
    """
    ...


@post("/api/tasks")
def create(
    task_write_request: Annotated[models.TaskWriteRequestLike, Body()],
    *,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.TaskRead:
    """Create a task, with labels of its own or in a project; its data comes separately.

    :param task_write_request: what to send; a model or a dict.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: `TaskRead`, with status 201.
    """
    ...


@post("/api/tasks/backup/", status=(201, 202))
def create_backup(
    task_file_request: Annotated[
        models.TaskFileRequestLike | Unset, Body("application/json", "multipart/form-data")
    ] = UNSET,
    *,
    cloud_storage_id: int | Unset = UNSET,
    filename: str | Unset = UNSET,
    location: models.LocationEnumLike | Unset = UNSET,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.RqId | None:
    """Restore a task from a backup file, as a new task.

    :param task_file_request: what to send; a model or a dict.
    :param cloud_storage_id: id of the cloud storage to read the file from or write it to.
    :param filename: name of the file that is read or made.
    :param location: whether the file comes from or goes to a cloud storage or the local side.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: `RqId` or nothing, with status 201 or 202.
    """
    ...


@get("/api/tasks/{id}")
def retrieve(id: int) -> models.TaskRead:
    """Get a task: its size, status, assignee, subset and how its jobs are doing.

    :param id: id of the object the call is about.
    :returns: `TaskRead`, with status 200.
    """
    ...


@patch("/api/tasks/{id}")
def partial_update(
    id: int,
    patched_task_write_request: Annotated[
        models.PatchedTaskWriteRequestLike | Unset, Body()
    ] = UNSET,
) -> models.TaskRead:
    """Change a task's name, labels, assignee, subset, project or organization.

    :param id: id of the object the call is about.
    :param patched_task_write_request: what to send; a model or a dict.
    :returns: `TaskRead`, with status 200.
    """
    ...


@delete("/api/tasks/{id}")
def destroy(id: int) -> None:
    """Delete a task along with its jobs and annotations.

    :param id: id of the object the call is about.
    :returns: nothing, with status 204.
    """
    ...


@get("/api/tasks/{id}/annotations/", errors={400: None, 410: None})
def retrieve_annotations(id: int) -> models.LabeledData:
    """Get all tags, shapes, tracks and intervals of a task, across its jobs.

    :param id: id of the object the call is about.
    :returns: `LabeledData`, with status 200.
    """
    ...


@put("/api/tasks/{id}/annotations/")
def update_annotations(
    id: int,
    labeled_data_request: Annotated[
        models.LabeledDataRequestLike | Unset, Body("application/json", "multipart/form-data")
    ] = UNSET,
) -> models.LabeledData:
    """Replace all annotations of a task with the given ones.

    :param id: id of the object the call is about.
    :param labeled_data_request: what to send; a model or a dict.
    :returns: `LabeledData`, with status 200.
    """
    ...


@post("/api/tasks/{id}/annotations/", status=(201, 202), errors={405: None})
def create_annotations(
    id: int,
    annotation_file_request: Annotated[
        models.AnnotationFileRequestLike | Unset, Body("application/json", "multipart/form-data")
    ] = UNSET,
    *,
    cloud_storage_id: int | Unset = UNSET,
    filename: str | Unset = UNSET,
    format: str | Unset = UNSET,
    import_mode: Annotated[Literal["append", "replace"] | Unset, Query(since="2.65.0")] = UNSET,
    location: models.LocationEnumLike | Unset = UNSET,
    use_default_location: Annotated[bool | Unset, Query(deprecated=True)] = UNSET,
    conv_mask_to_poly: bool | Unset = UNSET,
) -> models.RqId | None:
    """Import annotations into a task from an uploaded file or a cloud storage.

    :param id: id of the object the call is about.
    :param annotation_file_request: what to send; a model or a dict.
    :param cloud_storage_id: id of the cloud storage to read the file from or write it to.
    :param filename: name of the file that is read or made.
    :param format: name of the annotation format, or of the file format of a report.
    :param import_mode: append to keep the annotations that are there, replace to drop them.
    :param location: whether the file comes from or goes to a cloud storage or the local side.
    :param use_default_location: whether the file is read from the source storage set for the task
        (deprecated).
    :param conv_mask_to_poly: whether masks in the file become polygons; they do unless it is false.
    :returns: `RqId` or nothing, with status 201 or 202.
    """
    ...


@patch("/api/tasks/{id}/annotations/")
def partial_update_annotations(
    id: int,
    patched_labeled_data_request: Annotated[
        models.PatchedLabeledDataRequestLike | Unset,
        Body("application/json", "multipart/form-data"),
    ] = UNSET,
    *,
    action: Literal["create", "delete", "update"],
) -> models.LabeledData:
    """Create, update or delete only the given annotations of a task.

    :param id: id of the object the call is about.
    :param patched_labeled_data_request: what to send; a model or a dict.
    :param action: what to do with the annotations or events, or what the listed requests do.
    :returns: `LabeledData`, with status 200.
    """
    ...


@delete("/api/tasks/{id}/annotations/")
def destroy_annotations(id: int) -> None:
    """Delete all annotations of a task, in every job.

    :param id: id of the object the call is about.
    :returns: nothing, with status 204.
    """
    ...


@post("/api/tasks/{id}/backup/export", status=202, errors={400: None, 409: "models.RqId"})
def create_backup_export(
    id: int,
    *,
    cloud_storage_id: int | Unset = UNSET,
    filename: str | Unset = UNSET,
    lightweight: Annotated[bool | Unset, Query(since="2.44.3")] = UNSET,
    location: models.LocationEnumLike | Unset = UNSET,
) -> models.RqId:
    """Start backing up a task into a file it can be restored from.

    :param id: id of the object the call is about.
    :param cloud_storage_id: id of the cloud storage to read the file from or write it to.
    :param filename: name of the file that is read or made.
    :param lightweight: whether media that lies in a cloud storage is left out of the backup.
    :param location: whether the file comes from or goes to a cloud storage or the local side.
    :returns: `RqId`, with status 202.
    """
    ...


@get("/api/tasks/{id}/data/", status=(200, 206), errors={416: None}, produces="*/*")
def retrieve_data(
    id: int,
    *,
    type: Literal["chunk", "context_image", "frame"],
    number: int | Unset = UNSET,
    quality: Literal["compressed", "original"] | Unset = UNSET,
) -> bytes:
    """Download a frame, a chunk of frames or a frame's context images of a task.

    :param id: id of the object the call is about.
    :param type: type of the listed jobs, labels, conflicts, webhooks or events, or of the data
        wanted.
    :param number: number of the frame or chunk, counted from 0 over the whole task.
    :param quality: whether frames come compressed or in the original quality.
    :returns: the bytes of a file, with status 200 or 206.
    """
    ...


@post("/api/tasks/{id}/data/", status=(200, 201, 202))
def create_data(
    id: int,
    data_request: Annotated[
        models.DataRequestLike | Unset, Body("application/json", "multipart/form-data")
    ] = UNSET,
    *,
    upload_finish: Annotated[bool | Unset, Header("Upload-Finish")] = UNSET,
    upload_multiple: Annotated[bool | Unset, Header("Upload-Multiple")] = UNSET,
    upload_start: Annotated[bool | Unset, Header("Upload-Start")] = UNSET,
) -> models.RqId | None:
    """Give a task its media: uploaded files, URLs, the share or a cloud storage.

    :param id: id of the object the call is about.
    :param data_request: what to send; a model or a dict.
    :param upload_finish: mark of the last request of an upload, after all files are sent.
    :param upload_multiple: mark of a request that carries several files of an upload under way.
    :param upload_start: mark of the first request of an upload, before any file is sent.
    :returns: `RqId` or nothing, with status 200, 201 or 202.
    """
    ...


@get("/api/tasks/{id}/data/meta")
def retrieve_data_meta(id: int) -> models.DataMetaRead:
    """Get the names and sizes of a task's frames, and which ones are deleted.

    :param id: id of the object the call is about.
    :returns: `DataMetaRead`, with status 200.
    """
    ...


@patch("/api/tasks/{id}/data/meta")
def partial_update_data_meta(
    id: int,
    patched_data_meta_write_request: Annotated[
        models.PatchedDataMetaWriteRequestLike | Unset, Body()
    ] = UNSET,
) -> models.DataMetaRead:
    """Mark frames of a task as deleted, restore them, or change their cloud storage.

    :param id: id of the object the call is about.
    :param patched_data_meta_write_request: what to send; a model or a dict.
    :returns: `DataMetaRead`, with status 200.
    """
    ...


@post("/api/tasks/{id}/dataset/export", status=202, errors={405: None, 409: "models.RqId"})
def create_dataset_export(
    id: int,
    *,
    format: str,
    cloud_storage_id: int | Unset = UNSET,
    filename: str | Unset = UNSET,
    location: models.LocationEnumLike | Unset = UNSET,
    save_images: bool | Unset = UNSET,
) -> models.RqId:
    """Start exporting a task's annotations, with or without its images.

    :param id: id of the object the call is about.
    :param format: name of the annotation format, or of the file format of a report.
    :param cloud_storage_id: id of the cloud storage to read the file from or write it to.
    :param filename: name of the file that is read or made.
    :param location: whether the file comes from or goes to a cloud storage or the local side.
    :param save_images: whether the export holds the images too, not only annotations.
    :returns: `RqId`, with status 202.
    """
    ...


@get("/api/tasks/{id}/preview", status=(200, 204), errors={404: None}, produces="*/*")
def retrieve_preview(
    id: int, *, prefer: Annotated[str | Unset, Header("Prefer", since="2.67.0")] = UNSET
) -> bytes:
    """Download a small picture of a task's first frame.

    :param id: id of the object the call is about.
    :param prefer: handling=empty to be answered 204, with no error, where there is no preview.
    :returns: the bytes of a file, with status 200 or 204.
    """
    ...


@get("/api/tasks/{id}/status", deprecated=True)
def retrieve_status(id: int) -> models.RqStatus:
    """Check how far a task's data is processed (deprecated: use requests_retrieve).

    :param id: id of the object the call is about.
    :returns: `RqStatus`, with status 200.
    """
    ...


@get("/api/tasks/{id}/validation_layout", since="2.22.0")
def retrieve_validation_layout(id: int) -> models.TaskValidationLayoutRead:
    """Get a task's validation frames, which are disabled, and where its honeypots are.

    :param id: id of the object the call is about.
    :returns: `TaskValidationLayoutRead`, with status 200.

    .. versionadded:: CVAT 2.22.0
    """
    ...


@patch("/api/tasks/{id}/validation_layout", since="2.22.0")
def partial_update_validation_layout(
    id: int,
    patched_task_validation_layout_write_request: Annotated[
        models.PatchedTaskValidationLayoutWriteRequestLike | Unset, Body()
    ] = UNSET,
) -> models.TaskValidationLayoutRead:
    """Disable validation frames of a task, or put others behind its honeypots.

    :param id: id of the object the call is about.
    :param patched_task_validation_layout_write_request: what to send; a model or a dict.
    :returns: `TaskValidationLayoutRead`, with status 200.

    .. versionadded:: CVAT 2.22.0
    """
    ...
