"""The parts of a task that are given to single annotators and reviewers.

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
    "retrieve_validation_layout",
    "update_annotations",
]


@get("/api/jobs")
def list(
    *,
    assignee: str | Unset = UNSET,
    dimension: Literal["1d", "2d", "3d"] | Unset = UNSET,
    filter: str | filters.Filter[filters.Jobs] | Unset = UNSET,
    media_type: Annotated[
        Literal["image", "point_cloud", "audio"] | Unset, Query(since="2.65.0")
    ] = UNSET,
    mode: Annotated[Literal["annotation", "interpolation"] | Unset, Query(since="2.65.0")] = UNSET,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    parent_job_id: Annotated[int | Unset, Query(since="2.28.0")] = UNSET,
    project_id: int | Unset = UNSET,
    project_name: str | Unset = UNSET,
    search: str | Unset = UNSET,
    sort: str | filters.Order[filters.Jobs] | Unset = UNSET,
    stage: models.JobStageLike | Unset = UNSET,
    state: models.OperationStatusLike | Unset = UNSET,
    task_id: int | Unset = UNSET,
    task_name: str | Unset = UNSET,
    type: models.JobTypeLike | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.PaginatedJobReadList:
    """List the jobs you may see, a page at a time; filter by task, assignee, stage or state.

    :param assignee: username of the person the objects are assigned to.
    :param dimension: 1d for audio, 2d for images and video, 3d for point clouds.
    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param media_type: whether the media is images, point clouds or audio.
    :param mode: annotation for single images, interpolation for video and audio.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param parent_job_id: id of the job that the replicas are copies of.
    :param project_id: id of the project that the objects or events belong to.
    :param project_name: name of the project the jobs or tasks belong to.
    :param search: text to look for in the names and other telling fields.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :param stage: stage the jobs are in.
    :param state: state the jobs are in within their stage.
    :param task_id: id of the task that the objects or events belong to.
    :param task_name: name of the task the jobs belong to.
    :param type: type of the listed jobs, labels, conflicts, webhooks or events, or of the data
        wanted.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: a page of `JobRead`, with status 200.
    """
    ...


@post("/api/jobs")
def create(job_write_request: Annotated[models.JobWriteRequestLike, Body()]) -> models.JobRead:
    """Add a ground truth job to a task and choose the frames it validates.

    :param job_write_request: what to send; a model or a dict.
    :returns: `JobRead`, with status 201.
    """
    ...


@get("/api/jobs/{id}")
def retrieve(id: int) -> models.JobRead:
    """Get a job: its frames, assignee, stage, state and place in its task.

    :param id: id of the object the call is about.
    :returns: `JobRead`, with status 200.
    """
    ...


@patch("/api/jobs/{id}")
def partial_update(
    id: int,
    patched_job_write_request: Annotated[models.PatchedJobWriteRequestLike | Unset, Body()] = UNSET,
) -> models.JobRead:
    """Assign a job to somebody or move it to another stage or state.

    :param id: id of the object the call is about.
    :param patched_job_write_request: what to send; a model or a dict.
    :returns: `JobRead`, with status 200.
    """
    ...


@delete("/api/jobs/{id}")
def destroy(id: int) -> None:
    """Delete a ground truth job; jobs of other types are refused.

    :param id: id of the object the call is about.
    :returns: nothing, with status 204.
    """
    ...


@get("/api/jobs/{id}/annotations/", errors={410: None})
def retrieve_annotations(
    id: int,
    *,
    action: Annotated[str | Unset, Query(deprecated=True)] = UNSET,
    cloud_storage_id: Annotated[int | Unset, Query(deprecated=True)] = UNSET,
    filename: Annotated[str | Unset, Query(deprecated=True)] = UNSET,
    format: Annotated[str | Unset, Query(deprecated=True)] = UNSET,
    location: Annotated[models.LocationEnumLike | Unset, Query(deprecated=True)] = UNSET,
) -> models.LabeledData:
    """Get all tags, shapes, tracks and intervals of a job.

    :param id: id of the object the call is about.
    :param action: what to do with the annotations or events, or what the listed requests do
        (deprecated).
    :param cloud_storage_id: id of the cloud storage to read the file from or write it to
        (deprecated).
    :param filename: name of the file that is read or made (deprecated).
    :param format: name of the annotation format, or of the file format of a report (deprecated).
    :param location: whether the file comes from or goes to a cloud storage or the local side
        (deprecated).
    :returns: `LabeledData`, with status 200.
    """
    ...


@put("/api/jobs/{id}/annotations/")
def update_annotations(
    id: int,
    labeled_data_request: Annotated[
        models.LabeledDataRequestLike | Unset, Body("application/json", "multipart/form-data")
    ] = UNSET,
) -> models.LabeledData:
    """Replace all annotations of a job with the given ones.

    :param id: id of the object the call is about.
    :param labeled_data_request: what to send; a model or a dict.
    :returns: `LabeledData`, with status 200.
    """
    ...


@post("/api/jobs/{id}/annotations/", status=(201, 202), errors={405: None})
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
    """Import annotations into a job from an uploaded file or a cloud storage.

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


@patch("/api/jobs/{id}/annotations/")
def partial_update_annotations(
    id: int,
    patched_labeled_data_request: Annotated[
        models.PatchedLabeledDataRequestLike | Unset,
        Body("application/json", "multipart/form-data"),
    ] = UNSET,
    *,
    action: Literal["create", "delete", "update"],
) -> models.LabeledData:
    """Create, update or delete only the given annotations of a job.

    :param id: id of the object the call is about.
    :param patched_labeled_data_request: what to send; a model or a dict.
    :param action: what to do with the annotations or events, or what the listed requests do.
    :returns: `LabeledData`, with status 200.
    """
    ...


@delete("/api/jobs/{id}/annotations/")
def destroy_annotations(id: int) -> None:
    """Delete all annotations of a job; the job itself stays.

    :param id: id of the object the call is about.
    :returns: nothing, with status 204.
    """
    ...


@get("/api/jobs/{id}/data", status=(200, 206), errors={416: None})
def retrieve_data(
    id: int,
    *,
    type: Literal["chunk", "context_image", "frame"],
    index: int | Unset = UNSET,
    number: int | Unset = UNSET,
    quality: Literal["compressed", "original"] | Unset = UNSET,
) -> bytes:
    """Download a frame, a chunk of frames or a frame's context images, as seen by a job.

    :param id: id of the object the call is about.
    :param type: type of the listed jobs, labels, conflicts, webhooks or events, or of the data
        wanted.
    :param index: number of the chunk, counted from 0 within the job.
    :param number: number of the frame or chunk, counted from 0 over the whole task.
    :param quality: whether frames come compressed or in the original quality.
    :returns: the bytes of a file, with status 200 or 206.
    """
    ...


@get("/api/jobs/{id}/data/meta")
def retrieve_data_meta(id: int) -> models.DataMetaRead:
    """Get the names and sizes of a job's frames, and which ones are deleted.

    :param id: id of the object the call is about.
    :returns: `DataMetaRead`, with status 200.
    """
    ...


@patch("/api/jobs/{id}/data/meta")
def partial_update_data_meta(
    id: int,
    patched_job_data_meta_write_request: Annotated[
        models.PatchedJobDataMetaWriteRequestLike | Unset, Body()
    ] = UNSET,
) -> models.DataMetaRead:
    """Mark frames of a job as deleted, or restore them.

    :param id: id of the object the call is about.
    :param patched_job_data_meta_write_request: what to send; a model or a dict.
    :returns: `DataMetaRead`, with status 200.
    """
    ...


@post("/api/jobs/{id}/dataset/export", status=202, errors={405: None, 409: "models.RqId"})
def create_dataset_export(
    id: int,
    *,
    format: str,
    cloud_storage_id: int | Unset = UNSET,
    filename: str | Unset = UNSET,
    location: models.LocationEnumLike | Unset = UNSET,
    save_images: bool | Unset = UNSET,
) -> models.RqId:
    """Start exporting a job's annotations, with or without its images.

    :param id: id of the object the call is about.
    :param format: name of the annotation format, or of the file format of a report.
    :param cloud_storage_id: id of the cloud storage to read the file from or write it to.
    :param filename: name of the file that is read or made.
    :param location: whether the file comes from or goes to a cloud storage or the local side.
    :param save_images: whether the export holds the images too, not only annotations.
    :returns: `RqId`, with status 202.
    """
    ...


@get("/api/jobs/{id}/preview", status=(200, 204), produces="*/*")
def retrieve_preview(
    id: int, *, prefer: Annotated[str | Unset, Header("Prefer", since="2.67.0")] = UNSET
) -> bytes:
    """Download a small picture of a job's first frame.

    :param id: id of the object the call is about.
    :param prefer: handling=empty to be answered 204, with no error, where there is no preview.
    :returns: the bytes of a file, with status 200 or 204.
    """
    ...


@get("/api/jobs/{id}/validation_layout", since="2.22.0")
def retrieve_validation_layout(id: int) -> models.JobValidationLayoutRead:
    """Get the honeypots of a job and the validation frames behind them.

    :param id: id of the object the call is about.
    :returns: `JobValidationLayoutRead`, with status 200.

    .. versionadded:: CVAT 2.22.0
    """
    ...


@patch("/api/jobs/{id}/validation_layout", since="2.22.0")
def partial_update_validation_layout(
    id: int,
    patched_job_validation_layout_write_request: Annotated[
        models.PatchedJobValidationLayoutWriteRequestLike | Unset, Body()
    ] = UNSET,
) -> models.JobValidationLayoutRead:
    """Put other validation frames behind the honeypots of a job.

    :param id: id of the object the call is about.
    :param patched_job_validation_layout_write_request: what to send; a model or a dict.
    :returns: `JobValidationLayoutRead`, with status 200.

    .. versionadded:: CVAT 2.22.0
    """
    ...
