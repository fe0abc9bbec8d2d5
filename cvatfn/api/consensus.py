"""Merging the replicas of a job that several annotators worked on independently.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated, Literal

from cvatfn import filters, models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Body, Header, get, patch, post

__all__ = ["create_merge", "list_settings", "partial_update_settings", "retrieve_settings"]


@post("/api/consensus/merges", status=202, errors={400: None}, since="2.31.0")
def create_merge(
    consensus_merge_create_request: Annotated[
        models.ConsensusMergeCreateRequestLike | Unset, Body()
    ] = UNSET,
) -> models.RqId:
    """Start merging the replicas of one job, or of all jobs of a task, into the parents.

    :param consensus_merge_create_request: what to send; a model or a dict.
    :returns: `RqId`, with status 202.

    .. versionadded:: CVAT 2.31.0
    """
    ...


@get("/api/consensus/settings", since="2.31.0")
def list_settings(
    *,
    filter: str | filters.Filter[filters.ConsensusSettings] | Unset = UNSET,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    sort: str | filters.Order[filters.ConsensusSettings] | Unset = UNSET,
    task_id: int | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.PaginatedConsensusSettingsList:
    """List the consensus settings of the tasks you may see, a page at a time.

    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :param task_id: id of the task that the objects or events belong to.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: a page of `ConsensusSettings`, with status 200.

    .. versionadded:: CVAT 2.31.0
    """
    ...


@get("/api/consensus/settings/{id}", since="2.31.0")
def retrieve_settings(id: int) -> models.ConsensusSettings:
    """Get how the replicas in one task are merged.

    :param id: id of the object the call is about.
    :returns: `ConsensusSettings`, with status 200.

    .. versionadded:: CVAT 2.31.0
    """
    ...


@patch("/api/consensus/settings/{id}", since="2.31.0")
def partial_update_settings(
    id: int,
    patched_consensus_settings_request: Annotated[
        models.PatchedConsensusSettingsRequestLike | Unset, Body()
    ] = UNSET,
) -> models.ConsensusSettings:
    """Change the overlap at which a task's merge takes two shapes for the same one.

    :param id: id of the object the call is about.
    :param patched_consensus_settings_request: what to send; a model or a dict.
    :returns: `ConsensusSettings`, with status 200.

    .. versionadded:: CVAT 2.31.0
    """
    ...
