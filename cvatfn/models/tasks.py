"""Tasks: sets of media to annotate.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, NotRequired, TypeAlias, TypedDict

from attrs import field, frozen
from msgspec import Meta

from cvatfn.codecs.building import fill
from cvatfn.codecs.clearing import shown
from cvatfn.codecs.files import File, FileLike
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.models.cloudstorages import Storage, StorageRequest, StorageRequestLike
from cvatfn.models.data import ChunkType
from cvatfn.models.jobs import JobsSummary, JobStatus
from cvatfn.models.labels import LabelsSummary, PatchedLabelRequest, PatchedLabelRequestLike
from cvatfn.models.page import Page
from cvatfn.models.users import BasicUser

__all__ = [
    "PaginatedTaskReadList",
    "PatchedTaskWriteRequest",
    "PatchedTaskWriteRequestDict",
    "PatchedTaskWriteRequestLike",
    "TaskFileRequest",
    "TaskFileRequestDict",
    "TaskFileRequestLike",
    "TaskRead",
    "TaskWriteRequest",
    "TaskWriteRequestDict",
    "TaskWriteRequestLike",
    "TasksSummary",
]


@frozen(kw_only=True)
class TaskRead:
    """A task: its size, mode, subset, status, people, storages and a summary of its jobs."""

    jobs: JobsSummary
    labels: LabelsSummary
    url: str = field(repr=shown)
    id: int
    name: str
    project_id: int | None
    project_name: str | Unset | None = UNSET  # since CVAT 2.59.1
    owner: BasicUser | None
    assignee: BasicUser | None
    bug_tracker: str
    created_date: Annotated[datetime, Meta(tz=True)]
    updated_date: Annotated[datetime, Meta(tz=True)]
    overlap: int | None
    segment_size: int
    initial_replicas: int | Unset = UNSET  # since CVAT 2.80.0
    status: JobStatus
    data_chunk_size: int | Unset | None = UNSET
    data_original_chunk_type: ChunkType | Unset = UNSET
    data_compressed_chunk_type: ChunkType | Unset = UNSET
    data_cloud_storage_id: int | Unset | None = UNSET  # since CVAT 2.44.3
    guide_id: int | None
    size: int | Unset = UNSET
    image_quality: int | Unset = UNSET
    data: int | None
    dimension: str
    mode: str
    media_type: str | Unset = UNSET  # since CVAT 2.65.0
    subset: str
    organization_id: int | Unset | None = UNSET  # since CVAT 2.44.3
    organization: int | None  # deprecated
    target_storage: Storage | None
    source_storage: Storage | None
    assignee_updated_date: Annotated[datetime, Meta(tz=True)] | None
    validation_mode: str | None


PaginatedTaskReadList: TypeAlias = Page[TaskRead]


class PatchedTaskWriteRequestDict(TypedDict, total=False):
    """`PatchedTaskWriteRequest` as a dict."""

    name: str | Unset
    project_id: int | Unset | None
    owner_id: int | Unset | None
    assignee_id: int | Unset | None
    bug_tracker: str | Unset
    labels: Iterable[PatchedLabelRequestLike] | Unset
    subset: str | Unset
    target_storage: StorageRequestLike | Unset
    source_storage: StorageRequestLike | Unset
    organization_id: int | Unset | None


@frozen(kw_only=True, init=False)
class PatchedTaskWriteRequest:
    """Sent to change a task: only what is given is changed, labels included."""

    name: Annotated[str, Meta(min_length=1, max_length=256)] | Unset = UNSET
    project_id: int | Unset | None = UNSET
    owner_id: int | Unset | None = UNSET
    assignee_id: int | Unset | None = UNSET
    bug_tracker: Annotated[str, Meta(max_length=2000)] | Unset = UNSET
    labels: tuple[PatchedLabelRequest, ...] | Unset = UNSET
    subset: Annotated[str, Meta(max_length=64)] | Unset = UNSET
    target_storage: StorageRequest | Unset = UNSET
    source_storage: StorageRequest | Unset = UNSET
    organization_id: int | Unset | None = UNSET  # since CVAT 2.44.3

    def __init__(
        self,
        *,
        name: str | Unset = UNSET,
        project_id: int | Unset | None = UNSET,
        owner_id: int | Unset | None = UNSET,
        assignee_id: int | Unset | None = UNSET,
        bug_tracker: str | Unset = UNSET,
        labels: Iterable[PatchedLabelRequestLike] | Unset = UNSET,
        subset: str | Unset = UNSET,
        target_storage: StorageRequestLike | Unset = UNSET,
        source_storage: StorageRequestLike | Unset = UNSET,
        organization_id: int | Unset | None = UNSET,
    ) -> None:
        fill(self, locals())


PatchedTaskWriteRequestLike: TypeAlias = PatchedTaskWriteRequest | PatchedTaskWriteRequestDict


class TaskFileRequestDict(TypedDict):
    """`TaskFileRequest` as a dict."""

    task_file: FileLike


@frozen(kw_only=True, init=False)
class TaskFileRequest:
    """Sent to restore a task: its backup file."""

    task_file: File

    def __init__(
        self,
        *,
        task_file: FileLike,
    ) -> None:
        fill(self, locals())


TaskFileRequestLike: TypeAlias = TaskFileRequest | TaskFileRequestDict


class TaskWriteRequestDict(TypedDict):
    """`TaskWriteRequest` as a dict."""

    name: str
    project_id: NotRequired[int | Unset | None]
    owner_id: NotRequired[int | Unset | None]
    assignee_id: NotRequired[int | Unset | None]
    bug_tracker: NotRequired[str | Unset]
    overlap: NotRequired[int | Unset | None]
    segment_size: NotRequired[int | Unset]
    labels: NotRequired[Iterable[PatchedLabelRequestLike] | Unset]
    subset: NotRequired[str | Unset]
    target_storage: NotRequired[StorageRequestLike | Unset]
    source_storage: NotRequired[StorageRequestLike | Unset]
    initial_replicas: NotRequired[int | Unset]
    consensus_replicas: NotRequired[int | Unset]


@frozen(kw_only=True, init=False)
class TaskWriteRequest:
    """Sent to create a task: name, project or labels, and how to cut it into jobs."""

    name: Annotated[str, Meta(min_length=1, max_length=256)]
    project_id: int | Unset | None = UNSET
    owner_id: int | Unset | None = UNSET
    assignee_id: int | Unset | None = UNSET
    bug_tracker: Annotated[str, Meta(max_length=2000)] | Unset = UNSET
    overlap: Annotated[int, Meta(ge=0, le=2147483647)] | Unset | None = UNSET
    segment_size: Annotated[int, Meta(ge=0, le=2147483647)] | Unset = UNSET
    labels: tuple[PatchedLabelRequest, ...] | Unset = UNSET
    subset: Annotated[str, Meta(max_length=64)] | Unset = UNSET
    target_storage: StorageRequest | Unset = UNSET
    source_storage: StorageRequest | Unset = UNSET
    initial_replicas: Annotated[int, Meta(ge=0, le=2147483647)] | Unset = UNSET  # since CVAT 2.80.0
    consensus_replicas: Annotated[int, Meta(ge=0)] | Unset = UNSET

    def __init__(
        self,
        *,
        name: str,
        project_id: int | Unset | None = UNSET,
        owner_id: int | Unset | None = UNSET,
        assignee_id: int | Unset | None = UNSET,
        bug_tracker: str | Unset = UNSET,
        overlap: int | Unset | None = UNSET,
        segment_size: int | Unset = UNSET,
        labels: Iterable[PatchedLabelRequestLike] | Unset = UNSET,
        subset: str | Unset = UNSET,
        target_storage: StorageRequestLike | Unset = UNSET,
        source_storage: StorageRequestLike | Unset = UNSET,
        initial_replicas: int | Unset = UNSET,
        consensus_replicas: int | Unset = UNSET,
    ) -> None:
        fill(self, locals())


TaskWriteRequestLike: TypeAlias = TaskWriteRequest | TaskWriteRequestDict


@frozen(kw_only=True)
class TasksSummary:
    """How many tasks a project has, and the URL that lists them."""

    count: int
    url: str = field(repr=shown)
