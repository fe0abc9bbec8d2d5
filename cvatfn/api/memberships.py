"""Who belongs to an organization, and in which role.

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


@get("/api/memberships")
def list(
    *,
    filter: str | filters.Filter[filters.Memberships] | Unset = UNSET,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    role: models.RoleEnumLike | Unset = UNSET,
    search: str | Unset = UNSET,
    sort: str | filters.Order[filters.Memberships] | Unset = UNSET,
    user: str | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.PaginatedMembershipReadList:
    """List the members of your organizations, a page at a time.

    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param role: role of the members in the organization.
    :param search: text to look for in the names and other telling fields.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :param user: username of the members.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: a page of `MembershipRead`, with status 200.
    """
    ...


@get("/api/memberships/{id}")
def retrieve(id: int) -> models.MembershipRead:
    """Get a membership: the user, the organization, the role, since when.

    :param id: id of the object the call is about.
    :returns: `MembershipRead`, with status 200.
    """
    ...


@patch("/api/memberships/{id}")
def partial_update(
    id: int,
    patched_membership_write_request: Annotated[
        models.PatchedMembershipWriteRequestLike | Unset, Body()
    ] = UNSET,
) -> models.MembershipRead:
    """Give a member of an organization another role.

    :param id: id of the object the call is about.
    :param patched_membership_write_request: what to send; a model or a dict.
    :returns: `MembershipRead`, with status 200.
    """
    ...


@delete("/api/memberships/{id}")
def destroy(id: int) -> None:
    """Remove a member from an organization, or leave it yourself.

    :param id: id of the object the call is about.
    :returns: nothing, with status 204.
    """
    ...
