"""What each user was shown of, and answered to, prompts and promotional notices.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated, Literal

from cvatfn import filters, models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Body, get, patch

__all__ = ["list", "partial_update", "retrieve"]


@get("/api/growth", since="2.74.1")
def list(
    *,
    filter: str | filters.Filter[filters.Growth] | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    sort: str | filters.Order[filters.Growth] | Unset = UNSET,
) -> models.PaginatedUserGrowthDataList:
    """List the records of prompts and notices you may see, a page at a time.

    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :returns: a page of `UserGrowthData`, with status 200.

    .. versionadded:: CVAT 2.74.1
    """
    ...


@get("/api/growth/{id}", since="2.74.1")
def retrieve(id: str) -> models.UserGrowthData:
    """Get the record of prompts and notices of one user.

    :param id: id of the object the call is about.
    :returns: `UserGrowthData`, with status 200.

    .. versionadded:: CVAT 2.74.1
    """
    ...


@patch("/api/growth/{id}", since="2.74.1")
def partial_update(
    id: str,
    patched_user_growth_data_request: Annotated[
        models.PatchedUserGrowthDataRequestLike | Unset, Body()
    ] = UNSET,
) -> models.UserGrowthData:
    """Note that a prompt was shown or followed, or that promotional notices are welcome.

    :param id: id of the object the call is about.
    :param patched_user_growth_data_request: what to send; a model or a dict.
    :returns: `UserGrowthData`, with status 200.

    .. versionadded:: CVAT 2.74.1
    """
    ...
