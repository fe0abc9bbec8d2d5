"""The media of tasks and jobs: sending it, its frames and chapters, its validation frames.

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
from cvatfn.codecs.files import File, FileLike
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.models.requests import RqId

__all__ = [
    "Chapter",
    "ChapterMetadata",
    "ChunkType",
    "ChunkTypeLike",
    "DataMetaRead",
    "DataRequest",
    "DataRequestDict",
    "DataRequestLike",
    "DataResponse",
    "FrameMeta",
    "FrameSelectionMethod",
    "FrameSelectionMethodLike",
    "JobValidationLayoutRead",
    "PatchedDataMetaWriteRequest",
    "PatchedDataMetaWriteRequestDict",
    "PatchedDataMetaWriteRequestLike",
    "PatchedJobDataMetaWriteRequest",
    "PatchedJobDataMetaWriteRequestDict",
    "PatchedJobDataMetaWriteRequestLike",
    "PatchedJobValidationLayoutWriteRequest",
    "PatchedJobValidationLayoutWriteRequestDict",
    "PatchedJobValidationLayoutWriteRequestLike",
    "PatchedTaskValidationLayoutWriteRequest",
    "PatchedTaskValidationLayoutWriteRequestDict",
    "PatchedTaskValidationLayoutWriteRequestLike",
    "SortingMethod",
    "SortingMethodLike",
    "StorageMethod",
    "StorageMethodLike",
    "StorageType",
    "StorageTypeLike",
    "TaskValidationLayoutRead",
    "ValidationMode",
    "ValidationModeLike",
    "ValidationParamsRequest",
    "ValidationParamsRequestDict",
    "ValidationParamsRequestLike",
]


@frozen(kw_only=True)
class ChapterMetadata:
    """The title of a chapter.

    .. versionadded:: CVAT 2.52.0
    """

    title: str | Unset = UNSET


@frozen(kw_only=True)
class Chapter:
    """A titled stretch of a recording, from one frame to another.

    .. versionadded:: CVAT 2.52.0
    """

    id: int
    start: int
    stop: int
    metadata: ChapterMetadata


class ChunkType(OpenEnum):
    """Whether chunks of data come as video, as a set of images or as MP3 audio."""

    VIDEO = "video"
    IMAGESET = "imageset"
    AUDIO_MP3 = "audio_mp3"  # since CVAT 2.65.0


ChunkTypeLike: TypeAlias = ChunkType | Literal["video", "imageset", "audio_mp3"]


@frozen(kw_only=True)
class FrameMeta:
    """A frame's file name and size, and how many related files go with it."""

    width: int | Unset = UNSET
    height: int | Unset = UNSET
    name: str
    related_files: int
    has_related_context: bool


class StorageType(OpenEnum):
    """Where the media of a task is kept: in a cloud storage, locally or on the share."""

    CLOUD_STORAGE = "cloud_storage"
    LOCAL = "local"
    SHARE = "share"


StorageTypeLike: TypeAlias = StorageType | Literal["cloud_storage", "local", "share"]


@frozen(kw_only=True)
class DataMetaRead:
    """Facts about the data of a task or job: range, frames, chapters, deleted frames."""

    chapters: tuple[Chapter, ...] | Unset | None = UNSET  # since CVAT 2.52.0
    chunks_updated_date: Annotated[datetime, Meta(tz=True)]
    chunk_size: int | None
    size: int
    image_quality: int | Unset = UNSET
    start_frame: int
    stop_frame: int
    frame_filter: str
    frames: tuple[FrameMeta, ...] | None
    deleted_frames: tuple[int, ...]
    included_frames: tuple[int, ...] | None
    storage: StorageType | Unset = UNSET  # since CVAT 2.44.3
    cloud_storage_id: int | Unset | None = UNSET  # since CVAT 2.44.3


class SortingMethod(OpenEnum):
    """How the files of a task are put in order before they become frames."""

    LEXICOGRAPHICAL = "lexicographical"
    NATURAL = "natural"
    PREDEFINED = "predefined"
    RANDOM = "random"


SortingMethodLike: TypeAlias = (
    SortingMethod | Literal["lexicographical", "natural", "predefined", "random"]
)


class StorageMethod(OpenEnum):
    """Whether chunks of a task are made when asked for (cache) or stored beforehand."""

    CACHE = "cache"
    FILE_SYSTEM = "file_system"


StorageMethodLike: TypeAlias = StorageMethod | Literal["cache", "file_system"]


class FrameSelectionMethod(OpenEnum):
    """How validation frames are picked: at random overall, at random per job, or by hand.

    .. versionadded:: CVAT 2.22.0
    """

    RANDOM_UNIFORM = "random_uniform"
    RANDOM_PER_JOB = "random_per_job"
    MANUAL = "manual"


FrameSelectionMethodLike: TypeAlias = (
    FrameSelectionMethod | Literal["random_uniform", "random_per_job", "manual"]
)


class ValidationMode(OpenEnum):
    """Whether a task has a ground truth job (gt) or honeypots drawn from one (gt_pool).

    .. versionadded:: CVAT 2.22.0
    """

    GT = "gt"
    GT_POOL = "gt_pool"


ValidationModeLike: TypeAlias = ValidationMode | Literal["gt", "gt_pool"]


class ValidationParamsRequestDict(TypedDict):
    """`ValidationParamsRequest` as a dict."""

    mode: ValidationModeLike
    frame_selection_method: NotRequired[FrameSelectionMethodLike | Unset]
    random_seed: NotRequired[int | Unset]
    frames: NotRequired[Iterable[str] | Unset]
    frame_count: NotRequired[int | Unset]
    frame_share: NotRequired[float | Unset]
    frames_per_job_count: NotRequired[int | Unset]
    frames_per_job_share: NotRequired[float | Unset]


@frozen(kw_only=True, init=False)
class ValidationParamsRequest:
    """Given with a task's data to set up its validation: mode and choice of frames.

    .. versionadded:: CVAT 2.22.0
    """

    mode: ValidationMode
    frame_selection_method: FrameSelectionMethod | Unset = UNSET
    random_seed: Annotated[int, Meta(ge=0)] | Unset = UNSET
    frames: tuple[Annotated[str, Meta(min_length=1, max_length=1024)], ...] | Unset = UNSET
    frame_count: Annotated[int, Meta(ge=1)] | Unset = UNSET
    frame_share: float | Unset = UNSET
    frames_per_job_count: Annotated[int, Meta(ge=1)] | Unset = UNSET
    frames_per_job_share: float | Unset = UNSET

    def __init__(
        self,
        *,
        mode: ValidationModeLike,
        frame_selection_method: FrameSelectionMethodLike | Unset = UNSET,
        random_seed: int | Unset = UNSET,
        frames: Iterable[str] | Unset = UNSET,
        frame_count: int | Unset = UNSET,
        frame_share: float | Unset = UNSET,
        frames_per_job_count: int | Unset = UNSET,
        frames_per_job_share: float | Unset = UNSET,
    ) -> None:
        fill(self, locals())


ValidationParamsRequestLike: TypeAlias = ValidationParamsRequest | ValidationParamsRequestDict


class DataRequestDict(TypedDict, total=False):
    """`DataRequest` as a dict."""

    chunk_size: int | Unset | None
    image_quality: int | Unset
    start_frame: int | Unset
    stop_frame: int | Unset
    frame_filter: str | Unset
    client_files: Iterable[FileLike] | Unset
    server_files: Iterable[str] | Unset
    remote_files: Iterable[str] | Unset
    use_zip_chunks: bool | Unset
    server_files_exclude: Iterable[str] | Unset
    cloud_storage_id: int | Unset | None
    use_cache: bool | Unset
    copy_data: bool | Unset
    storage_method: StorageMethodLike | Unset
    sorting_method: SortingMethodLike | Unset
    filename_pattern: str | Unset | None
    job_file_mapping: Iterable[Iterable[str]] | Unset
    upload_file_order: Iterable[str] | Unset
    validation_params: ValidationParamsRequestLike | Unset | None


@frozen(kw_only=True, init=False)
class DataRequest:
    """Sent to give a task its media: which files, which frames, how to sort and store them."""

    chunk_size: Annotated[int, Meta(ge=0, le=2147483647)] | Unset | None = UNSET
    image_quality: Annotated[int, Meta(ge=1, le=100)] | Unset = UNSET
    start_frame: Annotated[int, Meta(ge=0, le=2147483647)] | Unset = UNSET
    stop_frame: Annotated[int, Meta(ge=0, le=2147483647)] | Unset = UNSET
    frame_filter: Annotated[str, Meta(max_length=256)] | Unset = UNSET
    client_files: tuple[File, ...] | Unset = UNSET
    server_files: tuple[Annotated[str, Meta(min_length=1, max_length=1024)], ...] | Unset = UNSET
    remote_files: tuple[Annotated[str, Meta(min_length=1, max_length=1024)], ...] | Unset = field(
        default=UNSET, repr=shown
    )
    use_zip_chunks: bool | Unset = UNSET
    server_files_exclude: (
        tuple[Annotated[str, Meta(min_length=1, max_length=1024)], ...] | Unset
    ) = UNSET
    cloud_storage_id: int | Unset | None = UNSET
    use_cache: bool | Unset = UNSET
    copy_data: bool | Unset = UNSET
    storage_method: StorageMethod | Unset = UNSET
    sorting_method: SortingMethod | Unset = UNSET
    filename_pattern: Annotated[str, Meta(min_length=1)] | Unset | None = UNSET
    job_file_mapping: (
        tuple[tuple[Annotated[str, Meta(min_length=1, max_length=1024)], ...], ...] | Unset
    ) = UNSET
    upload_file_order: tuple[Annotated[str, Meta(min_length=1, max_length=1024)], ...] | Unset = (
        UNSET
    )
    validation_params: ValidationParamsRequest | Unset | None = UNSET

    def __init__(
        self,
        *,
        chunk_size: int | Unset | None = UNSET,
        image_quality: int | Unset = UNSET,
        start_frame: int | Unset = UNSET,
        stop_frame: int | Unset = UNSET,
        frame_filter: str | Unset = UNSET,
        client_files: Iterable[FileLike] | Unset = UNSET,
        server_files: Iterable[str] | Unset = UNSET,
        remote_files: Iterable[str] | Unset = UNSET,
        use_zip_chunks: bool | Unset = UNSET,
        server_files_exclude: Iterable[str] | Unset = UNSET,
        cloud_storage_id: int | Unset | None = UNSET,
        use_cache: bool | Unset = UNSET,
        copy_data: bool | Unset = UNSET,
        storage_method: StorageMethodLike | Unset = UNSET,
        sorting_method: SortingMethodLike | Unset = UNSET,
        filename_pattern: str | Unset | None = UNSET,
        job_file_mapping: Iterable[Iterable[str]] | Unset = UNSET,
        upload_file_order: Iterable[str] | Unset = UNSET,
        validation_params: ValidationParamsRequestLike | Unset | None = UNSET,
    ) -> None:
        fill(self, locals())


DataRequestLike: TypeAlias = DataRequest | DataRequestDict


DataResponse: TypeAlias = RqId | bytes


@frozen(kw_only=True)
class JobValidationLayoutRead:
    """The honeypots of a job and which validation frame each of them repeats.

    .. versionadded:: CVAT 2.22.0
    """

    honeypot_count: int | Unset = UNSET
    honeypot_frames: tuple[int, ...] | Unset = UNSET
    honeypot_real_frames: tuple[int, ...] | Unset = UNSET


class PatchedDataMetaWriteRequestDict(TypedDict, total=False):
    """`PatchedDataMetaWriteRequest` as a dict."""

    deleted_frames: Iterable[int] | Unset
    cloud_storage_id: int | Unset | None


@frozen(kw_only=True, init=False)
class PatchedDataMetaWriteRequest:
    """Sent to delete or restore frames of a task: only what is given is changed."""

    deleted_frames: tuple[Annotated[int, Meta(ge=0)], ...] | Unset = UNSET
    cloud_storage_id: int | Unset | None = UNSET  # since CVAT 2.44.3

    def __init__(
        self,
        *,
        deleted_frames: Iterable[int] | Unset = UNSET,
        cloud_storage_id: int | Unset | None = UNSET,
    ) -> None:
        fill(self, locals())


PatchedDataMetaWriteRequestLike: TypeAlias = (
    PatchedDataMetaWriteRequest | PatchedDataMetaWriteRequestDict
)


class PatchedJobDataMetaWriteRequestDict(TypedDict, total=False):
    """`PatchedJobDataMetaWriteRequest` as a dict."""

    deleted_frames: Iterable[int] | Unset


@frozen(kw_only=True, init=False)
class PatchedJobDataMetaWriteRequest:
    """Sent to delete or restore frames of a job: only what is given is changed.

    .. versionadded:: CVAT 2.22.0
    """

    deleted_frames: tuple[Annotated[int, Meta(ge=0)], ...] | Unset = UNSET

    def __init__(
        self,
        *,
        deleted_frames: Iterable[int] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


PatchedJobDataMetaWriteRequestLike: TypeAlias = (
    PatchedJobDataMetaWriteRequest | PatchedJobDataMetaWriteRequestDict
)


class PatchedJobValidationLayoutWriteRequestDict(TypedDict, total=False):
    """`PatchedJobValidationLayoutWriteRequest` as a dict."""

    frame_selection_method: FrameSelectionMethodLike | Unset
    honeypot_real_frames: Iterable[int] | Unset


@frozen(kw_only=True, init=False)
class PatchedJobValidationLayoutWriteRequest:
    """Sent to rearrange a job's honeypots: only what is given is changed.

    .. versionadded:: CVAT 2.22.0
    """

    frame_selection_method: FrameSelectionMethod | Unset = UNSET
    honeypot_real_frames: tuple[Annotated[int, Meta(ge=0)], ...] | Unset = UNSET

    def __init__(
        self,
        *,
        frame_selection_method: FrameSelectionMethodLike | Unset = UNSET,
        honeypot_real_frames: Iterable[int] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


PatchedJobValidationLayoutWriteRequestLike: TypeAlias = (
    PatchedJobValidationLayoutWriteRequest | PatchedJobValidationLayoutWriteRequestDict
)


class PatchedTaskValidationLayoutWriteRequestDict(TypedDict, total=False):
    """`PatchedTaskValidationLayoutWriteRequest` as a dict."""

    disabled_frames: Iterable[int] | Unset
    frame_selection_method: FrameSelectionMethodLike | Unset
    honeypot_real_frames: Iterable[int] | Unset


@frozen(kw_only=True, init=False)
class PatchedTaskValidationLayoutWriteRequest:
    """Sent to change a task's validation frames: only what is given is changed.

    .. versionadded:: CVAT 2.22.0
    """

    disabled_frames: tuple[Annotated[int, Meta(ge=0)], ...] | Unset = UNSET
    frame_selection_method: FrameSelectionMethod | Unset = UNSET
    honeypot_real_frames: tuple[Annotated[int, Meta(ge=0)], ...] | Unset = UNSET

    def __init__(
        self,
        *,
        disabled_frames: Iterable[int] | Unset = UNSET,
        frame_selection_method: FrameSelectionMethodLike | Unset = UNSET,
        honeypot_real_frames: Iterable[int] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


PatchedTaskValidationLayoutWriteRequestLike: TypeAlias = (
    PatchedTaskValidationLayoutWriteRequest | PatchedTaskValidationLayoutWriteRequestDict
)


@frozen(kw_only=True)
class TaskValidationLayoutRead:
    """How a task is validated: mode, validation frames, disabled ones and honeypots.

    .. versionadded:: CVAT 2.22.0
    """

    mode: ValidationMode | None
    frames_per_job_count: int | None
    validation_frames: tuple[int, ...] | Unset = UNSET
    disabled_frames: tuple[int, ...] | Unset = UNSET
    honeypot_count: int | Unset = UNSET
    honeypot_frames: tuple[int, ...] | Unset = UNSET
    honeypot_real_frames: tuple[int, ...] | Unset = UNSET
