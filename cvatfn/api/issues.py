"""Remarks of reviewers pinned to a place on a frame.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated, Literal

from cvatfn import filters, models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Body, Header, delete, get, patch, post

__all__ = ["create", "destroy", "list", "partial_update", "retrieve"]


@get("/api/issues")
def list(
    *,
    assignee: str | Unset = UNSET,
    filter: str | filters.Filter[filters.Issues] | Unset = UNSET,
    frame_id: int | Unset = UNSET,
    job_id: int | Unset = UNSET,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    owner: str | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    resolved: bool | Unset = UNSET,
    search: str | Unset = UNSET,
    sort: str | filters.Order[filters.Issues] | Unset = UNSET,
    task_id: int | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.PaginatedIssueReadList:
    """List issues, a page at a time, for instance the unresolved ones of a job.

    :param assignee: username of the person the objects are assigned to.
    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param frame_id: number of the frame the issues are on.
    :param job_id: id of the job that the objects or events belong to.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param owner: username of the person who owns or made the objects.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param resolved: whether the issues are resolved.
    :param search: text to look for in the names and other telling fields.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :param task_id: id of the task that the objects or events belong to.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: a page of `IssueRead`, with status 200.
    """
    ...


@post("/api/issues")
def create(
    issue_write_request: Annotated[models.IssueWriteRequestLike, Body()],
    *,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.IssueRead:
    """Open an issue at a position on a frame of a job, with its first comment.

    :param issue_write_request: what to send; a model or a dict.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: `IssueRead`, with status 201.
    """
    ...


@get("/api/issues/{id}")
def retrieve(id: int) -> models.IssueRead:
    """Get an issue: its place, whether it is resolved, how many comments it has.

    :param id: id of the object the call is about.
    :returns: `IssueRead`, with status 200.
    """
    ...


@patch("/api/issues/{id}")
def partial_update(
    id: int,
    patched_issue_write_request: Annotated[
        models.PatchedIssueWriteRequestLike | Unset, Body()
    ] = UNSET,
) -> models.IssueRead:
    """Resolve, reopen, move or reassign an issue.

    :param id: id of the object the call is about.
    :param patched_issue_write_request: what to send; a model or a dict.
    :returns: `IssueRead`, with status 200.
    """
    ...


@delete("/api/issues/{id}")
def destroy(id: int) -> None:
    """Delete an issue and all comments under it.

    :param id: id of the object the call is about.
    :returns: nothing, with status 204.
    """
    ...
