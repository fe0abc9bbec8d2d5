"""The classes that annotations of a project or task can have.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated, Literal

from cvatfn import filters, models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Body, Header, delete, get, patch

__all__ = ["destroy", "list", "partial_update", "retrieve"]


@get("/api/labels")
def list(
    *,
    color: str | Unset = UNSET,
    filter: str | filters.Filter[filters.Labels] | Unset = UNSET,
    job_id: int | Unset = UNSET,
    name: str | Unset = UNSET,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    parent: str | Unset = UNSET,
    parent_id: int | Unset = UNSET,
    project_id: int | Unset = UNSET,
    search: str | Unset = UNSET,
    sort: str | filters.Order[filters.Labels] | Unset = UNSET,
    task_id: int | Unset = UNSET,
    type: models.LabelTypeLike | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.PaginatedLabelList:
    """List labels, a page at a time, of all you may see or of one project, task or job.

    :param color: color of the labels, as #rrggbb.
    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param job_id: id of the job that the objects or events belong to.
    :param name: name of the objects, in full.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param parent: name of the label that the sublabels belong to.
    :param parent_id: id of the parent label, or of the parent report.
    :param project_id: id of the project that the objects or events belong to.
    :param search: text to look for in the names and other telling fields.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :param task_id: id of the task that the objects or events belong to.
    :param type: type of the listed jobs, labels, conflicts, webhooks or events, or of the data
        wanted.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: a page of `Label`, with status 200.
    """
    ...


@get("/api/labels/{id}")
def retrieve(id: int) -> models.Label:
    """Get a label with its attributes, color and, for a skeleton, its sublabels.

    :param id: id of the object the call is about.
    :returns: `Label`, with status 200.
    """
    ...


@patch("/api/labels/{id}")
def partial_update(
    id: int,
    patched_label_request: Annotated[models.PatchedLabelRequestLike | Unset, Body()] = UNSET,
) -> models.Label:
    """Rename or recolor a label, or add to or change its attributes.

    :param id: id of the object the call is about.
    :param patched_label_request: what to send; a model or a dict.
    :returns: `Label`, with status 200.
    """
    ...


@delete("/api/labels/{id}")
def destroy(id: int) -> None:
    """Delete a label and every annotation that carries it.

    :param id: id of the object the call is about.
    :returns: nothing, with status 204.
    """
    ...
