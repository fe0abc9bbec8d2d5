"""Merging the replicas of a job.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias, TypedDict

from attrs import frozen
from msgspec import Meta

from cvatfn.codecs.building import fill
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.models.page import Page

__all__ = [
    "ConsensusMergeCreateRequest",
    "ConsensusMergeCreateRequestDict",
    "ConsensusMergeCreateRequestLike",
    "ConsensusSettings",
    "PaginatedConsensusSettingsList",
    "PatchedConsensusSettingsRequest",
    "PatchedConsensusSettingsRequestDict",
    "PatchedConsensusSettingsRequestLike",
]


class ConsensusMergeCreateRequestDict(TypedDict, total=False):
    """`ConsensusMergeCreateRequest` as a dict."""

    task_id: int | Unset
    job_id: int | Unset


@frozen(kw_only=True, init=False)
class ConsensusMergeCreateRequest:
    """Sent to merge replicas: name the task, or only one of its jobs.

    .. versionadded:: CVAT 2.31.0
    """

    task_id: int | Unset = UNSET
    job_id: int | Unset = UNSET

    def __init__(
        self,
        *,
        task_id: int | Unset = UNSET,
        job_id: int | Unset = UNSET,
    ) -> None:
        fill(self, locals())


ConsensusMergeCreateRequestLike: TypeAlias = (
    ConsensusMergeCreateRequest | ConsensusMergeCreateRequestDict
)


@frozen(kw_only=True)
class ConsensusSettings:
    """How the replicas of a task are merged: the overlap from which shapes count as one.

    .. versionadded:: CVAT 2.31.0
    """

    id: int
    task_id: int
    iou_threshold: float


PaginatedConsensusSettingsList: TypeAlias = Page[ConsensusSettings]


class PatchedConsensusSettingsRequestDict(TypedDict, total=False):
    """`PatchedConsensusSettingsRequest` as a dict."""

    iou_threshold: float | Unset


@frozen(kw_only=True, init=False)
class PatchedConsensusSettingsRequest:
    """Sent to change how replicas are merged: only what is given is changed.

    .. versionadded:: CVAT 2.31.0
    """

    iou_threshold: Annotated[float, Meta(ge=0, le=1)] | Unset = UNSET

    def __init__(
        self,
        *,
        iou_threshold: float | Unset = UNSET,
    ) -> None:
        fill(self, locals())


PatchedConsensusSettingsRequestLike: TypeAlias = (
    PatchedConsensusSettingsRequest | PatchedConsensusSettingsRequestDict
)
