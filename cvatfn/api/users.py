"""The accounts on the server, your own among them.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated, Literal

from cvatfn import filters, models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Body, Header, Query, delete, get, patch

__all__ = ["destroy", "list", "partial_update", "retrieve", "retrieve_self"]


@get("/api/users")
def list(
    *,
    filter: str | filters.Filter[filters.Users] | Unset = UNSET,
    first_name: str | Unset = UNSET,
    is_active: bool | Unset = UNSET,
    last_name: str | Unset = UNSET,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    search: str | Unset = UNSET,
    sort: str | filters.Order[filters.Users] | Unset = UNSET,
    username: str | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.PaginatedMetaUserList:
    """List the users you may know of, a page at a time.

    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param first_name: first name of the users.
    :param is_active: whether the accounts are active.
    :param last_name: last name of the users.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param search: text to look for in the names and other telling fields.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :param username: name the users log in with.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: a page of `MetaUser`, with status 200.
    """
    ...


@get("/api/users/self")
def retrieve_self() -> models.MetaUser:
    """Get your own account, as the server identified you.

    :returns: `MetaUser`, with status 200.
    """
    ...


@get("/api/users/{id}")
def retrieve(
    id: int,
    *,
    org: Annotated[str | Unset, Query(since="2.80.0")] = UNSET,
    org_id: Annotated[int | Unset, Query(since="2.80.0")] = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization", since="2.80.0")] = UNSET,
) -> models.MetaUser:
    """Get a user's account, in full or, for lack of rights, only the names.

    :param id: id of the object the call is about.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: `MetaUser`, with status 200.
    """
    ...


@patch("/api/users/{id}")
def partial_update(
    id: int, patched_user_request: Annotated[models.PatchedUserRequestLike | Unset, Body()] = UNSET
) -> models.MetaUser:
    """Change a user's names, e-mail or, as an administrator, groups and rights.

    :param id: id of the object the call is about.
    :param patched_user_request: what to send; a model or a dict.
    :returns: `MetaUser`, with status 200.
    """
    ...


@delete("/api/users/{id}")
def destroy(id: int) -> None:
    """Delete a user's account.

    :param id: id of the object the call is about.
    :returns: nothing, with status 204.
    """
    ...
