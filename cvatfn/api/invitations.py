"""Asking people into an organization, and their answers.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated, Literal

from cvatfn import filters, models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Body, Header, Query, delete, get, post

__all__ = ["accept", "create", "decline", "destroy", "list", "resend", "retrieve"]


@get("/api/invitations")
def list(
    *,
    accepted: Annotated[bool | Unset, Query(since="2.65.0")] = UNSET,
    filter: str | filters.Filter[filters.Invitations] | Unset = UNSET,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    owner: str | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    search: str | Unset = UNSET,
    sort: str | filters.Order[filters.Invitations] | Unset = UNSET,
    user_id: Annotated[int | Unset, Query(since="2.65.0")] = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.PaginatedInvitationReadList:
    """List the invitations you sent, received or administer, a page at a time.

    :param accepted: whether the invitations are accepted already.
    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param owner: username of the person who owns or made the objects.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param search: text to look for in the names and other telling fields.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :param user_id: id of the user the events or invitations concern.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: a page of `InvitationRead`, with status 200.
    """
    ...


@post("/api/invitations")
def create(
    invitation_write_request: Annotated[models.InvitationWriteRequestLike, Body()],
    *,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.InvitationRead:
    """Invite somebody by e-mail into the current organization, in a given role.

    :param invitation_write_request: what to send; a model or a dict.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: `InvitationRead`, with status 201.
    """
    ...


@get("/api/invitations/{key}")
def retrieve(key: str) -> models.InvitationRead:
    """Get an invitation: who asked whom, into which organization, and whether it is open.

    :param key: key of the invitation.
    :returns: `InvitationRead`, with status 200.
    """
    ...


@delete("/api/invitations/{key}")
def destroy(key: str) -> None:
    """Withdraw an invitation.

    :param key: key of the invitation.
    :returns: nothing, with status 204.
    """
    ...


@post("/api/invitations/{key}/accept", status=200, errors={400: None})
def accept(key: str) -> models.AcceptInvitationRead:
    """Accept an invitation and become a member of the organization.

    :param key: key of the invitation.
    :returns: `AcceptInvitationRead`, with status 200.
    """
    ...


@post("/api/invitations/{key}/decline", status=204)
def decline(key: str) -> None:
    """Turn down an invitation addressed to you.

    :param key: key of the invitation.
    :returns: nothing, with status 204.
    """
    ...


@post("/api/invitations/{key}/resend", status=204, errors={400: None})
def resend(key: str) -> None:
    """Send the e-mail of an invitation once more.

    :param key: key of the invitation.
    :returns: nothing, with status 204.
    """
    ...
