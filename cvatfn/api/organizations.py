"""Shared workspaces, apart from the personal one that every user has.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated, Literal

from cvatfn import filters, models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Body, delete, get, patch, post

__all__ = ["create", "destroy", "list", "partial_update", "retrieve"]


@get("/api/organizations")
def list(
    *,
    filter: str | filters.Filter[filters.Organizations] | Unset = UNSET,
    name: str | Unset = UNSET,
    owner: str | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    search: str | Unset = UNSET,
    slug: str | Unset = UNSET,
    sort: str | filters.Order[filters.Organizations] | Unset = UNSET,
) -> models.PaginatedOrganizationReadList:
    """List the organizations you belong to, a page at a time.

    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param name: name of the objects, in full.
    :param owner: username of the person who owns or made the objects.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param search: text to look for in the names and other telling fields.
    :param slug: slug of the organization, its short unique name.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :returns: a page of `OrganizationRead`, with status 200.
    """
    ...


@post("/api/organizations")
def create(
    organization_write_request: Annotated[models.OrganizationWriteRequestLike, Body()],
) -> models.OrganizationRead:
    """Found an organization, of which you become the owner.

    :param organization_write_request: what to send; a model or a dict.
    :returns: `OrganizationRead`, with status 201.
    """
    ...


@get("/api/organizations/{id}")
def retrieve(id: int) -> models.OrganizationRead:
    """Get the name, slug, contact and owner of an organization.

    :param id: id of the object the call is about.
    :returns: `OrganizationRead`, with status 200.
    """
    ...


@patch("/api/organizations/{id}")
def partial_update(
    id: int,
    patched_organization_write_request: Annotated[
        models.PatchedOrganizationWriteRequestLike | Unset, Body()
    ] = UNSET,
) -> models.OrganizationRead:
    """Change the name, slug, contact or description of an organization.

    :param id: id of the object the call is about.
    :param patched_organization_write_request: what to send; a model or a dict.
    :returns: `OrganizationRead`, with status 200.
    """
    ...


@delete("/api/organizations/{id}")
def destroy(id: int) -> None:
    """Dissolve an organization together with its memberships.

    :param id: id of the object the call is about.
    :returns: nothing, with status 204.
    """
    ...
