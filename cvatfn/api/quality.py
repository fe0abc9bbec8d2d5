"""Comparing annotations with ground truth: requirements, reports and conflicts.

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
    "create_report",
    "create_settings_requirements",
    "create_settings_requirements_bulk",
    "destroy_settings_requirements",
    "list_conflicts",
    "list_reports",
    "list_settings",
    "list_settings_requirements",
    "partial_update_settings",
    "partial_update_settings_requirements",
    "retrieve_report",
    "retrieve_report_confusion",
    "retrieve_report_data",
    "retrieve_report_requirement_confusion",
    "retrieve_settings",
    "retrieve_settings_requirements",
    "update_settings",
    "update_settings_requirements",
]


@get("/api/quality/conflicts")
def list_conflicts(
    *,
    filter: str | filters.Filter[filters.QualityConflicts] | Unset = UNSET,
    frame: int | Unset = UNSET,
    job_id: int | Unset = UNSET,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    project_id: Annotated[int | Unset, Query(since="2.37.0")] = UNSET,
    report_id: int | Unset = UNSET,
    severity: models.AnnotationConflictSeverityLike | Unset = UNSET,
    sort: str | filters.Order[filters.QualityConflicts] | Unset = UNSET,
    task_id: int | Unset = UNSET,
    type: models.AnnotationConflictTypeLike | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.PaginatedAnnotationConflictList:
    """List the places where annotations disagree with ground truth, a page at a time.

    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param frame: number of the frame the conflicts are on.
    :param job_id: id of the job that the objects or events belong to.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param project_id: id of the project that the objects or events belong to.
    :param report_id: id of the quality report the conflicts belong to.
    :param severity: how grave the conflicts are.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :param task_id: id of the task that the objects or events belong to.
    :param type: type of the listed jobs, labels, conflicts, webhooks or events, or of the data
        wanted.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: a page of `AnnotationConflict`, with status 200.
    """
    ...


@get("/api/quality/reports")
def list_reports(
    *,
    filter: str | filters.Filter[filters.QualityReports] | Unset = UNSET,
    include_legacy: Annotated[bool | Unset, Query(since="2.74.1")] = UNSET,
    job_id: int | Unset = UNSET,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    parent_id: int | Unset = UNSET,
    project_id: Annotated[int | Unset, Query(since="2.37.0")] = UNSET,
    sort: str | filters.Order[filters.QualityReports] | Unset = UNSET,
    target: models.QualityReportTargetLike | Unset = UNSET,
    task_id: int | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.PaginatedQualityReportList:
    """List quality reports of jobs, tasks or projects, a page at a time.

    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param include_legacy: whether reports from before the present form are listed as well.
    :param job_id: id of the job that the objects or events belong to.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param parent_id: id of the parent label, or of the parent report.
    :param project_id: id of the project that the objects or events belong to.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :param target: kind of object the reports or requests are on: job, task or project.
    :param task_id: id of the task that the objects or events belong to.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: a page of `QualityReport`, with status 200.
    """
    ...


@post("/api/quality/reports", status=(201, 202), errors={400: None})
def create_report(
    quality_report_create_request: Annotated[
        models.QualityReportCreateRequestLike | Unset, Body()
    ] = UNSET,
    *,
    rq_id: Annotated[str | Unset, Query(deprecated=True)] = UNSET,
) -> models.RqId:
    """Start computing a quality report for a task or project.

    :param quality_report_create_request: what to send; a model or a dict.
    :param rq_id: id of a background request already started, to ask about that one (deprecated).
    :returns: `RqId`, with status 201 or 202.
    """
    ...


@get("/api/quality/reports/{id}")
def retrieve_report(id: int) -> models.QualityReport:
    """Get the summary of a quality report and what it was computed for.

    :param id: id of the object the call is about.
    :returns: `QualityReport`, with status 200.
    """
    ...


@get("/api/quality/reports/{id}/confusion", since="2.74.1")
def retrieve_report_confusion(id: int) -> bytes:
    """Download the label confusion of a quality report as a file.

    :param id: id of the object the call is about.
    :returns: the bytes of a file, with status 200.

    .. versionadded:: CVAT 2.74.1
    """
    ...


@get(
    "/api/quality/reports/{id}/confusion/matrix",
    produces=("application/json", "text/csv"),
    since="2.74.1",
)
def retrieve_report_requirement_confusion(
    id: int, *, requirement: int, format: Literal["csv", "json"] | Unset = UNSET
) -> models.QualityReportConfusionMatrix:
    """Get which labels were taken for which, under one requirement of a quality report.

    :param id: id of the object the call is about.
    :param requirement: id of the requirement whose confusion matrix is wanted.
    :param format: name of the annotation format, or of the file format of a report.
    :returns: `QualityReportConfusionMatrix`, with status 200.

    .. versionadded:: CVAT 2.74.1
    """
    ...


@get("/api/quality/reports/{id}/data")
def retrieve_report_data(
    id: int, *, format: Annotated[Literal["json"] | Unset, Query(since="2.55.0")] = UNSET
) -> bytes:
    """Download a quality report in full detail, as JSON.

    :param id: id of the object the call is about.
    :param format: name of the annotation format, or of the file format of a report.
    :returns: the bytes of a file, with status 200.
    """
    ...


@get("/api/quality/settings")
def list_settings(
    *,
    filter: str | filters.Filter[filters.QualitySettings] | Unset = UNSET,
    inherit: Annotated[bool | Unset, Query(since="2.37.0")] = UNSET,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    parent_type: Annotated[Literal["project", "task"] | Unset, Query(since="2.37.0")] = UNSET,
    project_id: Annotated[int | Unset, Query(since="2.37.0")] = UNSET,
    sort: str | filters.Order[filters.QualitySettings] | Unset = UNSET,
    task_id: int | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.PaginatedQualitySettingsList:
    """List the quality settings of tasks and projects, a page at a time.

    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param inherit: whether the settings are to be taken over from the project.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param parent_type: whether the settings belong to a task or a project.
    :param project_id: id of the project that the objects or events belong to.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :param task_id: id of the task that the objects or events belong to.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: a page of `QualitySettings`, with status 200.
    """
    ...


@get("/api/quality/settings/requirements", since="2.74.1")
def list_settings_requirements(
    *,
    annotation_type: models.AnnotationTypeEnumLike | Unset = UNSET,
    enabled: bool | Unset = UNSET,
    filter: str | filters.Filter[filters.QualityRequirements] | Unset = UNSET,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    project_id: int | Unset = UNSET,
    settings_id: int | Unset = UNSET,
    sort: str | filters.Order[filters.QualityRequirements] | Unset = UNSET,
    task_id: int | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.PaginatedQualityRequirementListItemList:
    """List the quality requirements of your tasks and projects, a page at a time.

    :param annotation_type: kind of annotation that the requirements are about.
    :param enabled: whether the requirements are switched on.
    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param project_id: id of the project that the objects or events belong to.
    :param settings_id: id of the quality settings that the requirements belong to.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :param task_id: id of the task that the objects or events belong to.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: a page of `QualityRequirementListItem`, with status 200.

    .. versionadded:: CVAT 2.74.1
    """
    ...


@post("/api/quality/settings/requirements", since="2.74.1")
def create_settings_requirements(
    quality_requirement_request: Annotated[
        models.QualityRequirementRequestLike | Unset, Body()
    ] = UNSET,
) -> models.QualityRequirement:
    """Add a requirement that annotations must meet to the quality settings.

    :param quality_requirement_request: what to send; a model or a dict.
    :returns: `QualityRequirement`, with status 201.

    .. versionadded:: CVAT 2.74.1
    """
    ...


@post("/api/quality/settings/requirements/bulk", since="2.74.1")
def create_settings_requirements_bulk(
    quality_requirement_bulk_create_request: Annotated[
        models.QualityRequirementBulkCreateRequestLike, Body()
    ],
) -> tuple[models.QualityRequirement, ...]:
    """Add a whole tree of quality requirements in one call.

    :param quality_requirement_bulk_create_request: what to send; a model or a dict.
    :returns: a tuple of `QualityRequirement`, with status 201.

    .. versionadded:: CVAT 2.74.1
    """
    ...


@get("/api/quality/settings/requirements/{id}", since="2.74.1")
def retrieve_settings_requirements(id: int) -> models.QualityRequirement:
    """Get a quality requirement and the values in effect for it after inheritance.

    :param id: id of the object the call is about.
    :returns: `QualityRequirement`, with status 200.

    .. versionadded:: CVAT 2.74.1
    """
    ...


@put("/api/quality/settings/requirements/{id}", since="2.74.1")
def update_settings_requirements(
    id: int,
    quality_requirement_request: Annotated[
        models.QualityRequirementRequestLike | Unset, Body()
    ] = UNSET,
) -> models.QualityRequirement:
    """Replace every field of a quality requirement.

    :param id: id of the object the call is about.
    :param quality_requirement_request: what to send; a model or a dict.
    :returns: `QualityRequirement`, with status 200.

    .. versionadded:: CVAT 2.74.1
    """
    ...


@patch("/api/quality/settings/requirements/{id}", since="2.74.1")
def partial_update_settings_requirements(
    id: int,
    patched_quality_requirement_request: Annotated[
        models.PatchedQualityRequirementRequestLike | Unset, Body()
    ] = UNSET,
) -> models.QualityRequirement:
    """Change some fields of a quality requirement, such as its threshold or metric.

    :param id: id of the object the call is about.
    :param patched_quality_requirement_request: what to send; a model or a dict.
    :returns: `QualityRequirement`, with status 200.

    .. versionadded:: CVAT 2.74.1
    """
    ...


@delete("/api/quality/settings/requirements/{id}", since="2.74.1")
def destroy_settings_requirements(id: int) -> None:
    """Remove a requirement from the quality settings.

    :param id: id of the object the call is about.
    :returns: nothing, with status 204.

    .. versionadded:: CVAT 2.74.1
    """
    ...


@get("/api/quality/settings/{id}")
def retrieve_settings(id: int) -> models.QualitySettings:
    """Get the quality settings of a task or project with all their requirements.

    :param id: id of the object the call is about.
    :returns: `QualitySettings`, with status 200.
    """
    ...


@put("/api/quality/settings/{id}", since="2.74.1")
def update_settings(
    id: int,
    quality_settings_request: Annotated[models.QualitySettingsRequestLike | Unset, Body()] = UNSET,
) -> models.QualitySettings:
    """Replace the quality settings of a task or project as a whole.

    :param id: id of the object the call is about.
    :param quality_settings_request: what to send; a model or a dict.
    :returns: `QualitySettings`, with status 200.

    .. versionadded:: CVAT 2.74.1
    """
    ...


@patch("/api/quality/settings/{id}")
def partial_update_settings(
    id: int,
    patched_quality_settings_request: Annotated[
        models.PatchedQualitySettingsRequestLike | Unset, Body()
    ] = UNSET,
) -> models.QualitySettings:
    """Change some of the quality settings, such as whether a task inherits its project's.

    :param id: id of the object the call is about.
    :param patched_quality_settings_request: what to send; a model or a dict.
    :returns: `QualitySettings`, with status 200.
    """
    ...
