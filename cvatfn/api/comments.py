"""The messages people exchange under an issue.

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


@get("/api/comments")
def list(
    *,
    filter: str | filters.Filter[filters.Comments] | Unset = UNSET,
    frame_id: int | Unset = UNSET,
    issue_id: int | Unset = UNSET,
    job_id: int | Unset = UNSET,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    owner: str | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    search: str | Unset = UNSET,
    sort: str | filters.Order[filters.Comments] | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.PaginatedCommentReadList:
    """List comments of all issues you may see, or of one issue, a page at a time.

    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param frame_id: number of the frame the issues are on.
    :param issue_id: id of the issue the comments belong to.
    :param job_id: id of the job that the objects or events belong to.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param owner: username of the person who owns or made the objects.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param search: text to look for in the names and other telling fields.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: a page of `CommentRead`, with status 200.
    """
    ...


@post("/api/comments")
def create(
    comment_write_request: Annotated[models.CommentWriteRequestLike, Body()],
    *,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.CommentRead:
    """Add a message to the discussion of an issue.

    :param comment_write_request: what to send; a model or a dict.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: `CommentRead`, with status 201.
    """
    ...


@get("/api/comments/{id}")
def retrieve(id: int) -> models.CommentRead:
    """Get a single comment with its author and dates.

    :param id: id of the object the call is about.
    :returns: `CommentRead`, with status 200.
    """
    ...


@patch("/api/comments/{id}")
def partial_update(
    id: int,
    patched_comment_write_request: Annotated[
        models.PatchedCommentWriteRequestLike | Unset, Body()
    ] = UNSET,
) -> models.CommentRead:
    """Edit the text of a comment.

    :param id: id of the object the call is about.
    :param patched_comment_write_request: what to send; a model or a dict.
    :returns: `CommentRead`, with status 200.
    """
    ...


@delete("/api/comments/{id}")
def destroy(id: int) -> None:
    """Delete a comment; the issue it belongs to stays.

    :param id: id of the object the call is about.
    :returns: nothing, with status 204.
    """
    ...
