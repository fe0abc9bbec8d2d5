"""Jobs: the parts of a task that annotators work on.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal, NotRequired, TypeAlias, TypedDict

from attrs import field, frozen
from msgspec import Meta

from cvatfn.codecs.building import fill
from cvatfn.codecs.clearing import shown
from cvatfn.codecs.enums import OpenEnum
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.models.cloudstorages import Storage
from cvatfn.models.data import ChunkType, FrameSelectionMethod, FrameSelectionMethodLike
from cvatfn.models.issues import IssuesSummary
from cvatfn.models.labels import LabelsSummary
from cvatfn.models.page import Page
from cvatfn.models.users import BasicUser

__all__ = [
    "JobRead",
    "JobStage",
    "JobStageLike",
    "JobStatus",
    "JobStatusLike",
    "JobType",
    "JobTypeLike",
    "JobWriteRequest",
    "JobWriteRequestDict",
    "JobWriteRequestLike",
    "JobsSummary",
    "OperationStatus",
    "OperationStatusLike",
    "PaginatedJobReadList",
    "PatchedJobWriteRequest",
    "PatchedJobWriteRequestDict",
    "PatchedJobWriteRequestLike",
]


class JobStage(OpenEnum):
    """The step of the work a job is in: annotation, validation or acceptance."""

    ANNOTATION = "annotation"
    VALIDATION = "validation"
    ACCEPTANCE = "acceptance"


JobStageLike: TypeAlias = JobStage | Literal["annotation", "validation", "acceptance"]


class JobStatus(OpenEnum):
    """How far a job, task or project is: in annotation, in validation or completed."""

    ANNOTATION = "annotation"
    VALIDATION = "validation"
    COMPLETED = "completed"


JobStatusLike: TypeAlias = JobStatus | Literal["annotation", "validation", "completed"]


class JobType(OpenEnum):
    """Whether a job is for annotation, is the ground truth, or a replica for consensus."""

    ANNOTATION = "annotation"
    GROUND_TRUTH = "ground_truth"
    REPLICA = "replica"  # since CVAT 2.80.0


JobTypeLike: TypeAlias = JobType | Literal["annotation", "ground_truth", "replica"]


class OperationStatus(OpenEnum):
    """The state of a job within its stage: new, in progress, completed or rejected."""

    NEW = "new"
    IN_PROGRESS = "in progress"
    COMPLETED = "completed"
    REJECTED = "rejected"


OperationStatusLike: TypeAlias = (
    OperationStatus | Literal["new", "in progress", "completed", "rejected"]
)


@frozen(kw_only=True)
class JobRead:
    """A job: a range of a task's frames, with its assignee, stage, state and type."""

    issues: IssuesSummary
    labels: LabelsSummary
    url: str = field(repr=shown)
    id: int
    task_id: int
    task_name: str | Unset | None = UNSET  # since CVAT 2.59.1
    project_id: int | None
    project_name: str | Unset | None = UNSET  # since CVAT 2.59.1
    assignee: BasicUser | None
    guide_id: int | None
    dimension: str
    mode: str
    media_type: str | Unset = UNSET  # since CVAT 2.65.0
    bug_tracker: str | None
    status: JobStatus
    stage: JobStage
    state: OperationStatus
    frame_count: int
    start_frame: int
    stop_frame: int
    data_chunk_size: int | None
    data_compressed_chunk_type: ChunkType
    data_original_chunk_type: ChunkType
    created_date: Annotated[datetime, Meta(tz=True)]
    updated_date: Annotated[datetime, Meta(tz=True)]
    type: JobType
    organization: int | None
    target_storage: Storage | None
    source_storage: Storage | None
    assignee_updated_date: Annotated[datetime, Meta(tz=True)] | None
    parent_job_id: int | None
    replicas_count: int | Unset = UNSET  # since CVAT 2.59.1


class JobWriteRequestDict(TypedDict):
    """`JobWriteRequest` as a dict."""

    assignee: NotRequired[int | Unset | None]
    stage: NotRequired[JobStageLike | Unset]
    state: NotRequired[OperationStatusLike | Unset]
    type: JobTypeLike
    task_id: int
    frame_selection_method: NotRequired[FrameSelectionMethodLike | Unset]
    frame_count: NotRequired[int | Unset]
    frame_share: NotRequired[float | Unset]
    frames_per_job_count: NotRequired[int | Unset]
    frames_per_job_share: NotRequired[float | Unset]
    random_seed: NotRequired[int | Unset]
    frames: NotRequired[Iterable[int] | Unset]


@frozen(kw_only=True, init=False)
class JobWriteRequest:
    """Sent to create a job, as a rule a ground truth job, and to choose its frames."""

    assignee: int | Unset | None = UNSET
    stage: JobStage | Unset = UNSET
    state: OperationStatus | Unset = UNSET
    type: JobType
    task_id: int
    frame_selection_method: FrameSelectionMethod | Unset = UNSET
    frame_count: Annotated[int, Meta(ge=1)] | Unset = UNSET
    frame_share: float | Unset = UNSET
    frames_per_job_count: Annotated[int, Meta(ge=1)] | Unset = UNSET
    frames_per_job_share: float | Unset = UNSET
    random_seed: Annotated[int, Meta(ge=0)] | Unset = UNSET
    frames: tuple[Annotated[int, Meta(ge=0)], ...] | Unset = UNSET

    def __init__(
        self,
        *,
        assignee: int | Unset | None = UNSET,
        stage: JobStageLike | Unset = UNSET,
        state: OperationStatusLike | Unset = UNSET,
        type: JobTypeLike,
        task_id: int,
        frame_selection_method: FrameSelectionMethodLike | Unset = UNSET,
        frame_count: int | Unset = UNSET,
        frame_share: float | Unset = UNSET,
        frames_per_job_count: int | Unset = UNSET,
        frames_per_job_share: float | Unset = UNSET,
        random_seed: int | Unset = UNSET,
        frames: Iterable[int] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


JobWriteRequestLike: TypeAlias = JobWriteRequest | JobWriteRequestDict


@frozen(kw_only=True)
class JobsSummary:
    """How many jobs a task has, how many are completed or in validation, and their URL."""

    count: int
    completed: int | None
    validation: int | None
    url: str = field(repr=shown)


PaginatedJobReadList: TypeAlias = Page[JobRead]


class PatchedJobWriteRequestDict(TypedDict, total=False):
    """`PatchedJobWriteRequest` as a dict."""

    assignee: int | Unset | None
    stage: JobStageLike | Unset
    state: OperationStatusLike | Unset


@frozen(kw_only=True, init=False)
class PatchedJobWriteRequest:
    """Sent to change a job's assignee, stage or state: only what is given is changed."""

    assignee: int | Unset | None = UNSET
    stage: JobStage | Unset = UNSET
    state: OperationStatus | Unset = UNSET

    def __init__(
        self,
        *,
        assignee: int | Unset | None = UNSET,
        stage: JobStageLike | Unset = UNSET,
        state: OperationStatusLike | Unset = UNSET,
    ) -> None:
        fill(self, locals())


PatchedJobWriteRequestLike: TypeAlias = PatchedJobWriteRequest | PatchedJobWriteRequestDict
