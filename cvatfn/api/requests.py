"""Background work such as imports and exports: its progress and its results.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated, Literal

from cvatfn import filters, models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Query, get, post

__all__ = ["create_cancel", "list", "retrieve"]


@get("/api/requests")
def list(
    *,
    action: str | Unset = UNSET,
    filter: str | filters.Filter[filters.Requests] | Unset = UNSET,
    format: str | Unset = UNSET,
    job_id: int | Unset = UNSET,
    org: str | Unset = UNSET,
    org_id: Annotated[int | Unset, Query(since="2.65.0")] = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    project_id: int | Unset = UNSET,
    sort: str | filters.Order[filters.Requests] | Unset = UNSET,
    status: models.RequestStatusLike | Unset = UNSET,
    subresource: str | Unset = UNSET,
    target: str | Unset = UNSET,
    task_id: int | Unset = UNSET,
) -> models.PaginatedRequestList:
    """List your background requests, a page at a time, with their states.

    :param action: what to do with the annotations or events, or what the listed requests do.
    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param format: name of the annotation format, or of the file format of a report.
    :param job_id: id of the job that the objects or events belong to.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param project_id: id of the project that the objects or events belong to.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :param status: status that the projects, tasks or requests have.
    :param subresource: part of the target the requests are on, such as annotations or backup.
    :param target: kind of object the reports or requests are on: job, task or project.
    :param task_id: id of the task that the objects or events belong to.
    :returns: a page of `Request`, with status 200.
    """
    ...


@get("/api/requests/{id}")
def retrieve(id: str) -> models.Request:
    """Check how a background request is going and, when finished, where its result is.

    :param id: id of the object the call is about.
    :returns: `Request`, with status 200.
    """
    ...


@post("/api/requests/{id}/cancel", status=200)
def create_cancel(id: str) -> None:
    """Cancel a background request that has not started yet.

    :param id: id of the object the call is about.
    :returns: nothing, with status 200.
    """
    ...
