"""Projects: tasks with labels in common.

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
from cvatfn.models.jobs import JobStatus
from cvatfn.models.labels import LabelsSummary, PatchedLabelRequest, PatchedLabelRequestLike
from cvatfn.models.page import Page
from cvatfn.models.tasks import TasksSummary
from cvatfn.models.users import BasicUser

__all__ = [
    "DatasetFileRequest",
    "DatasetFileRequestDict",
    "DatasetFileRequestLike",
    "PaginatedProjectReadList",
    "PatchedProjectWriteRequest",
    "PatchedProjectWriteRequestDict",
    "PatchedProjectWriteRequestLike",
    "ProjectFileRequest",
    "ProjectFileRequestDict",
    "ProjectFileRequestLike",
    "ProjectRead",
    "ProjectWriteRequest",
    "ProjectWriteRequestDict",
    "ProjectWriteRequestLike",
]


class DatasetFileRequestDict(TypedDict):
    """`DatasetFileRequest` as a dict."""

    dataset_file: FileLike


@frozen(kw_only=True, init=False)
class DatasetFileRequest:
    """Sent to import a dataset, as a zip archive, into a project."""

    dataset_file: File

    def __init__(
        self,
        *,
        dataset_file: FileLike,
    ) -> None:
        fill(self, locals())


DatasetFileRequestLike: TypeAlias = DatasetFileRequest | DatasetFileRequestDict


@frozen(kw_only=True)
class ProjectRead:
    """A project: name, owner, assignee, subsets, storages and where its tasks are listed."""

    url: str = field(repr=shown)
    id: int
    name: str
    owner: BasicUser | None
    assignee: BasicUser | None
    guide_id: int | None
    bug_tracker: str
    task_subsets: tuple[str, ...]
    created_date: Annotated[datetime, Meta(tz=True)]
    updated_date: Annotated[datetime, Meta(tz=True)]
    status: JobStatus
    dimension: str | None
    organization: int | None  # deprecated
    organization_id: int | Unset | None = UNSET  # since CVAT 2.44.3
    target_storage: Storage | None
    source_storage: Storage | None
    tasks: TasksSummary
    labels: LabelsSummary
    assignee_updated_date: Annotated[datetime, Meta(tz=True)] | None


PaginatedProjectReadList: TypeAlias = Page[ProjectRead]


class PatchedProjectWriteRequestDict(TypedDict, total=False):
    """`PatchedProjectWriteRequest` as a dict."""

    name: str | Unset
    labels: Iterable[PatchedLabelRequestLike] | Unset
    owner_id: int | Unset | None
    assignee_id: int | Unset | None
    bug_tracker: str | Unset
    target_storage: StorageRequestLike | Unset
    source_storage: StorageRequestLike | Unset
    organization_id: int | Unset | None


@frozen(kw_only=True, init=False)
class PatchedProjectWriteRequest:
    """Sent to change a project: only what is given is changed, labels included."""

    name: Annotated[str, Meta(min_length=1, max_length=256)] | Unset = UNSET
    labels: tuple[PatchedLabelRequest, ...] | Unset = UNSET
    owner_id: int | Unset | None = UNSET
    assignee_id: int | Unset | None = UNSET
    bug_tracker: Annotated[str, Meta(max_length=2000)] | Unset = UNSET
    target_storage: StorageRequest | Unset = UNSET
    source_storage: StorageRequest | Unset = UNSET
    organization_id: int | Unset | None = UNSET  # since CVAT 2.44.3

    def __init__(
        self,
        *,
        name: str | Unset = UNSET,
        labels: Iterable[PatchedLabelRequestLike] | Unset = UNSET,
        owner_id: int | Unset | None = UNSET,
        assignee_id: int | Unset | None = UNSET,
        bug_tracker: str | Unset = UNSET,
        target_storage: StorageRequestLike | Unset = UNSET,
        source_storage: StorageRequestLike | Unset = UNSET,
        organization_id: int | Unset | None = UNSET,
    ) -> None:
        fill(self, locals())


PatchedProjectWriteRequestLike: TypeAlias = (
    PatchedProjectWriteRequest | PatchedProjectWriteRequestDict
)


class ProjectFileRequestDict(TypedDict):
    """`ProjectFileRequest` as a dict."""

    project_file: FileLike


@frozen(kw_only=True, init=False)
class ProjectFileRequest:
    """Sent to restore a project: its backup file."""

    project_file: File

    def __init__(
        self,
        *,
        project_file: FileLike,
    ) -> None:
        fill(self, locals())


ProjectFileRequestLike: TypeAlias = ProjectFileRequest | ProjectFileRequestDict


class ProjectWriteRequestDict(TypedDict):
    """`ProjectWriteRequest` as a dict."""

    name: str
    labels: NotRequired[Iterable[PatchedLabelRequestLike] | Unset]
    owner_id: NotRequired[int | Unset | None]
    assignee_id: NotRequired[int | Unset | None]
    bug_tracker: NotRequired[str | Unset]
    target_storage: NotRequired[StorageRequestLike | Unset]
    source_storage: NotRequired[StorageRequestLike | Unset]


@frozen(kw_only=True, init=False)
class ProjectWriteRequest:
    """Sent to create a project: name, labels, owner, assignee and storages."""

    name: Annotated[str, Meta(min_length=1, max_length=256)]
    labels: tuple[PatchedLabelRequest, ...] | Unset = UNSET
    owner_id: int | Unset | None = UNSET
    assignee_id: int | Unset | None = UNSET
    bug_tracker: Annotated[str, Meta(max_length=2000)] | Unset = UNSET
    target_storage: StorageRequest | Unset = UNSET
    source_storage: StorageRequest | Unset = UNSET

    def __init__(
        self,
        *,
        name: str,
        labels: Iterable[PatchedLabelRequestLike] | Unset = UNSET,
        owner_id: int | Unset | None = UNSET,
        assignee_id: int | Unset | None = UNSET,
        bug_tracker: str | Unset = UNSET,
        target_storage: StorageRequestLike | Unset = UNSET,
        source_storage: StorageRequestLike | Unset = UNSET,
    ) -> None:
        fill(self, locals())


ProjectWriteRequestLike: TypeAlias = ProjectWriteRequest | ProjectWriteRequestDict
