"""Shapes, tracks, tags and intervals: what is drawn on or marked in the media of a job.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, NotRequired, TypeAlias, TypedDict

from attrs import frozen
from msgspec import Meta

from cvatfn.codecs.building import fill
from cvatfn.codecs.enums import OpenEnum
from cvatfn.codecs.files import File, FileLike
from cvatfn.codecs.unset import UNSET, Unset

__all__ = [
    "AnnotationFileRequest",
    "AnnotationFileRequestDict",
    "AnnotationFileRequestLike",
    "AttributeVal",
    "AttributeValRequest",
    "AttributeValRequestDict",
    "AttributeValRequestLike",
    "LabeledData",
    "LabeledDataRequest",
    "LabeledDataRequestDict",
    "LabeledDataRequestLike",
    "LabeledImage",
    "LabeledImageRequest",
    "LabeledImageRequestDict",
    "LabeledImageRequestLike",
    "LabeledInterval",
    "LabeledIntervalRequest",
    "LabeledIntervalRequestDict",
    "LabeledIntervalRequestLike",
    "LabeledShape",
    "LabeledShapeRequest",
    "LabeledShapeRequestDict",
    "LabeledShapeRequestLike",
    "LabeledTrack",
    "LabeledTrackRequest",
    "LabeledTrackRequestDict",
    "LabeledTrackRequestLike",
    "PatchedLabeledDataRequest",
    "PatchedLabeledDataRequestDict",
    "PatchedLabeledDataRequestLike",
    "ShapeType",
    "ShapeTypeLike",
    "SubLabeledShape",
    "SubLabeledShapeRequest",
    "SubLabeledShapeRequestDict",
    "SubLabeledShapeRequestLike",
    "SubLabeledTrack",
    "SubLabeledTrackRequest",
    "SubLabeledTrackRequestDict",
    "SubLabeledTrackRequestLike",
    "TrackedShape",
    "TrackedShapeRequest",
    "TrackedShapeRequestDict",
    "TrackedShapeRequestLike",
]


class AnnotationFileRequestDict(TypedDict):
    """`AnnotationFileRequest` as a dict."""

    annotation_file: FileLike


@frozen(kw_only=True, init=False)
class AnnotationFileRequest:
    """Sent to import annotations from a file into a task or job."""

    annotation_file: File

    def __init__(
        self,
        *,
        annotation_file: FileLike,
    ) -> None:
        fill(self, locals())


AnnotationFileRequestLike: TypeAlias = AnnotationFileRequest | AnnotationFileRequestDict


@frozen(kw_only=True)
class AttributeVal:
    """The value an annotation has for one attribute, by the attribute's spec id."""

    spec_id: int
    value: str


class AttributeValRequestDict(TypedDict):
    """`AttributeValRequest` as a dict."""

    spec_id: int
    value: str


@frozen(kw_only=True, init=False)
class AttributeValRequest:
    """Given inside an annotation to set the value of one attribute."""

    spec_id: int
    value: Annotated[str, Meta(max_length=4096)]

    def __init__(
        self,
        *,
        spec_id: int,
        value: str,
    ) -> None:
        fill(self, locals())


AttributeValRequestLike: TypeAlias = AttributeValRequest | AttributeValRequestDict


@frozen(kw_only=True)
class LabeledImage:
    """A tag: a label that holds for a whole frame."""

    id: int | None
    label_id: int
    group: int | None
    source: str
    frame: int
    attributes: tuple[AttributeVal, ...]


@frozen(kw_only=True)
class LabeledInterval:
    """A labeled stretch of audio, from a start to a stop.

    .. versionadded:: CVAT 2.66.0
    """

    id: int | None
    label_id: int
    group: int | None
    source: str
    attributes: tuple[AttributeVal, ...]
    score: float
    start: int
    stop: int | None


class ShapeType(OpenEnum):
    """The geometry of a shape, which tells how to read its points."""

    RECTANGLE = "rectangle"
    POLYGON = "polygon"
    POLYLINE = "polyline"
    POINTS = "points"
    ELLIPSE = "ellipse"
    CUBOID = "cuboid"
    MASK = "mask"
    SKELETON = "skeleton"


ShapeTypeLike: TypeAlias = (
    ShapeType
    | Literal["rectangle", "polygon", "polyline", "points", "ellipse", "cuboid", "mask", "skeleton"]
)


@frozen(kw_only=True)
class SubLabeledShape:
    """One element of a skeleton shape."""

    type: ShapeType
    occluded: bool
    outside: bool
    z_order: int
    rotation: float
    points: tuple[float, ...]
    id: int | None
    label_id: int
    group: int | None
    source: str
    frame: int
    attributes: tuple[AttributeVal, ...]
    score: float | Unset = UNSET  # since CVAT 2.56.1


@frozen(kw_only=True)
class LabeledShape:
    """A shape on a single frame: its points, label, attributes and, if any, elements."""

    type: ShapeType
    occluded: bool
    outside: bool
    z_order: int
    rotation: float
    points: tuple[float, ...]
    id: int | None
    label_id: int
    group: int | None
    source: str
    frame: int
    attributes: tuple[AttributeVal, ...]
    score: float | Unset = UNSET  # since CVAT 2.56.1
    elements: tuple[SubLabeledShape, ...]


@frozen(kw_only=True)
class TrackedShape:
    """The shape of a track on one key frame; outside means out of sight from there on."""

    type: ShapeType
    occluded: bool
    outside: bool
    z_order: int
    rotation: float
    points: tuple[float, ...]
    attributes: tuple[AttributeVal, ...]
    id: int | None
    frame: int


@frozen(kw_only=True)
class SubLabeledTrack:
    """One element of a skeleton track."""

    id: int | None
    label_id: int
    group: int | None
    source: str
    frame: int
    attributes: tuple[AttributeVal, ...]
    shapes: tuple[TrackedShape, ...]


@frozen(kw_only=True)
class LabeledTrack:
    """An object followed over frames: its key frames hold shapes, the rest is interpolated."""

    id: int | None
    label_id: int
    group: int | None
    source: str
    frame: int
    attributes: tuple[AttributeVal, ...]
    shapes: tuple[TrackedShape, ...]
    elements: tuple[SubLabeledTrack, ...]


@frozen(kw_only=True)
class LabeledData:
    """A set of annotations: tags, shapes, tracks and intervals."""

    version: int
    tags: tuple[LabeledImage, ...]
    shapes: tuple[LabeledShape, ...]
    tracks: tuple[LabeledTrack, ...]
    intervals: tuple[LabeledInterval, ...] | Unset = UNSET  # since CVAT 2.66.0


class LabeledImageRequestDict(TypedDict):
    """`LabeledImageRequest` as a dict."""

    id: NotRequired[int | Unset | None]
    label_id: int
    group: NotRequired[int | Unset | None]
    source: NotRequired[str | Unset]
    frame: int
    attributes: NotRequired[Iterable[AttributeValRequestLike] | Unset]


@frozen(kw_only=True, init=False)
class LabeledImageRequest:
    """Given to put a tag on a frame."""

    id: int | Unset | None = UNSET
    label_id: Annotated[int, Meta(ge=0)]
    group: Annotated[int, Meta(ge=0)] | Unset | None = UNSET
    source: Annotated[str, Meta(min_length=1)] | Unset = UNSET
    frame: Annotated[int, Meta(ge=0)]
    attributes: tuple[AttributeValRequest, ...] | Unset = UNSET

    def __init__(
        self,
        *,
        id: int | Unset | None = UNSET,
        label_id: int,
        group: int | Unset | None = UNSET,
        source: str | Unset = UNSET,
        frame: int,
        attributes: Iterable[AttributeValRequestLike] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


LabeledImageRequestLike: TypeAlias = LabeledImageRequest | LabeledImageRequestDict


class LabeledIntervalRequestDict(TypedDict):
    """`LabeledIntervalRequest` as a dict."""

    id: NotRequired[int | Unset | None]
    label_id: int
    group: NotRequired[int | Unset | None]
    source: NotRequired[str | Unset]
    attributes: NotRequired[Iterable[AttributeValRequestLike] | Unset]
    score: NotRequired[float | Unset]
    start: int
    stop: int | None


@frozen(kw_only=True, init=False)
class LabeledIntervalRequest:
    """Given to label a stretch of audio.

    .. versionadded:: CVAT 2.66.0
    """

    id: int | Unset | None = UNSET
    label_id: Annotated[int, Meta(ge=0)]
    group: Annotated[int, Meta(ge=0)] | Unset | None = UNSET
    source: Annotated[str, Meta(min_length=1)] | Unset = UNSET
    attributes: tuple[AttributeValRequest, ...] | Unset = UNSET
    score: Annotated[float, Meta(ge=0, le=1)] | Unset = UNSET
    start: Annotated[int, Meta(ge=0)]
    stop: Annotated[int, Meta(ge=0)] | None

    def __init__(
        self,
        *,
        id: int | Unset | None = UNSET,
        label_id: int,
        group: int | Unset | None = UNSET,
        source: str | Unset = UNSET,
        attributes: Iterable[AttributeValRequestLike] | Unset = UNSET,
        score: float | Unset = UNSET,
        start: int,
        stop: int | None,
    ) -> None:
        fill(self, locals())


LabeledIntervalRequestLike: TypeAlias = LabeledIntervalRequest | LabeledIntervalRequestDict


class SubLabeledShapeRequestDict(TypedDict):
    """`SubLabeledShapeRequest` as a dict."""

    type: ShapeTypeLike
    occluded: NotRequired[bool | Unset]
    outside: NotRequired[bool | Unset]
    z_order: NotRequired[int | Unset]
    rotation: NotRequired[float | Unset]
    points: NotRequired[Iterable[float] | Unset]
    id: NotRequired[int | Unset | None]
    label_id: int
    group: NotRequired[int | Unset | None]
    source: NotRequired[str | Unset]
    frame: int
    attributes: NotRequired[Iterable[AttributeValRequestLike] | Unset]
    score: NotRequired[float | Unset]


@frozen(kw_only=True, init=False)
class SubLabeledShapeRequest:
    """Given to place one element of a skeleton shape."""

    type: ShapeType
    occluded: bool | Unset = UNSET
    outside: bool | Unset = UNSET
    z_order: int | Unset = UNSET
    rotation: Annotated[float, Meta(ge=0, le=360)] | Unset = UNSET
    points: tuple[float, ...] | Unset = UNSET
    id: int | Unset | None = UNSET
    label_id: Annotated[int, Meta(ge=0)]
    group: Annotated[int, Meta(ge=0)] | Unset | None = UNSET
    source: Annotated[str, Meta(min_length=1)] | Unset = UNSET
    frame: Annotated[int, Meta(ge=0)]
    attributes: tuple[AttributeValRequest, ...] | Unset = UNSET
    score: Annotated[float, Meta(ge=0, le=1)] | Unset = UNSET  # since CVAT 2.56.1

    def __init__(
        self,
        *,
        type: ShapeTypeLike,
        occluded: bool | Unset = UNSET,
        outside: bool | Unset = UNSET,
        z_order: int | Unset = UNSET,
        rotation: float | Unset = UNSET,
        points: Iterable[float] | Unset = UNSET,
        id: int | Unset | None = UNSET,
        label_id: int,
        group: int | Unset | None = UNSET,
        source: str | Unset = UNSET,
        frame: int,
        attributes: Iterable[AttributeValRequestLike] | Unset = UNSET,
        score: float | Unset = UNSET,
    ) -> None:
        fill(self, locals())


SubLabeledShapeRequestLike: TypeAlias = SubLabeledShapeRequest | SubLabeledShapeRequestDict


class LabeledShapeRequestDict(TypedDict):
    """`LabeledShapeRequest` as a dict."""

    type: ShapeTypeLike
    occluded: NotRequired[bool | Unset]
    outside: NotRequired[bool | Unset]
    z_order: NotRequired[int | Unset]
    rotation: NotRequired[float | Unset]
    points: NotRequired[Iterable[float] | Unset]
    id: NotRequired[int | Unset | None]
    label_id: int
    group: NotRequired[int | Unset | None]
    source: NotRequired[str | Unset]
    frame: int
    attributes: NotRequired[Iterable[AttributeValRequestLike] | Unset]
    score: NotRequired[float | Unset]
    elements: NotRequired[Iterable[SubLabeledShapeRequestLike] | Unset]


@frozen(kw_only=True, init=False)
class LabeledShapeRequest:
    """Given to draw a shape on one frame."""

    type: ShapeType
    occluded: bool | Unset = UNSET
    outside: bool | Unset = UNSET
    z_order: int | Unset = UNSET
    rotation: Annotated[float, Meta(ge=0, le=360)] | Unset = UNSET
    points: tuple[float, ...] | Unset = UNSET
    id: int | Unset | None = UNSET
    label_id: Annotated[int, Meta(ge=0)]
    group: Annotated[int, Meta(ge=0)] | Unset | None = UNSET
    source: Annotated[str, Meta(min_length=1)] | Unset = UNSET
    frame: Annotated[int, Meta(ge=0)]
    attributes: tuple[AttributeValRequest, ...] | Unset = UNSET
    score: Annotated[float, Meta(ge=0, le=1)] | Unset = UNSET  # since CVAT 2.56.1
    elements: tuple[SubLabeledShapeRequest, ...] | Unset = UNSET

    def __init__(
        self,
        *,
        type: ShapeTypeLike,
        occluded: bool | Unset = UNSET,
        outside: bool | Unset = UNSET,
        z_order: int | Unset = UNSET,
        rotation: float | Unset = UNSET,
        points: Iterable[float] | Unset = UNSET,
        id: int | Unset | None = UNSET,
        label_id: int,
        group: int | Unset | None = UNSET,
        source: str | Unset = UNSET,
        frame: int,
        attributes: Iterable[AttributeValRequestLike] | Unset = UNSET,
        score: float | Unset = UNSET,
        elements: Iterable[SubLabeledShapeRequestLike] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


LabeledShapeRequestLike: TypeAlias = LabeledShapeRequest | LabeledShapeRequestDict


class TrackedShapeRequestDict(TypedDict):
    """`TrackedShapeRequest` as a dict."""

    type: ShapeTypeLike
    occluded: NotRequired[bool | Unset]
    outside: NotRequired[bool | Unset]
    z_order: NotRequired[int | Unset]
    rotation: NotRequired[float | Unset]
    points: NotRequired[Iterable[float] | Unset]
    attributes: NotRequired[Iterable[AttributeValRequestLike] | Unset]
    id: NotRequired[int | Unset | None]
    frame: int


@frozen(kw_only=True, init=False)
class TrackedShapeRequest:
    """Given to place a track's shape on one key frame."""

    type: ShapeType
    occluded: bool | Unset = UNSET
    outside: bool | Unset = UNSET
    z_order: int | Unset = UNSET
    rotation: Annotated[float, Meta(ge=0, le=360)] | Unset = UNSET
    points: tuple[float, ...] | Unset = UNSET
    attributes: tuple[AttributeValRequest, ...] | Unset = UNSET
    id: int | Unset | None = UNSET
    frame: Annotated[int, Meta(ge=0)]

    def __init__(
        self,
        *,
        type: ShapeTypeLike,
        occluded: bool | Unset = UNSET,
        outside: bool | Unset = UNSET,
        z_order: int | Unset = UNSET,
        rotation: float | Unset = UNSET,
        points: Iterable[float] | Unset = UNSET,
        attributes: Iterable[AttributeValRequestLike] | Unset = UNSET,
        id: int | Unset | None = UNSET,
        frame: int,
    ) -> None:
        fill(self, locals())


TrackedShapeRequestLike: TypeAlias = TrackedShapeRequest | TrackedShapeRequestDict


class SubLabeledTrackRequestDict(TypedDict):
    """`SubLabeledTrackRequest` as a dict."""

    id: NotRequired[int | Unset | None]
    label_id: int
    group: NotRequired[int | Unset | None]
    source: NotRequired[str | Unset]
    frame: int
    attributes: NotRequired[Iterable[AttributeValRequestLike] | Unset]
    shapes: Iterable[TrackedShapeRequestLike]


@frozen(kw_only=True, init=False)
class SubLabeledTrackRequest:
    """Given to follow one element of a skeleton track."""

    id: int | Unset | None = UNSET
    label_id: Annotated[int, Meta(ge=0)]
    group: Annotated[int, Meta(ge=0)] | Unset | None = UNSET
    source: Annotated[str, Meta(min_length=1)] | Unset = UNSET
    frame: Annotated[int, Meta(ge=0)]
    attributes: tuple[AttributeValRequest, ...] | Unset = UNSET
    shapes: tuple[TrackedShapeRequest, ...]

    def __init__(
        self,
        *,
        id: int | Unset | None = UNSET,
        label_id: int,
        group: int | Unset | None = UNSET,
        source: str | Unset = UNSET,
        frame: int,
        attributes: Iterable[AttributeValRequestLike] | Unset = UNSET,
        shapes: Iterable[TrackedShapeRequestLike],
    ) -> None:
        fill(self, locals())


SubLabeledTrackRequestLike: TypeAlias = SubLabeledTrackRequest | SubLabeledTrackRequestDict


class LabeledTrackRequestDict(TypedDict):
    """`LabeledTrackRequest` as a dict."""

    id: NotRequired[int | Unset | None]
    label_id: int
    group: NotRequired[int | Unset | None]
    source: NotRequired[str | Unset]
    frame: int
    attributes: NotRequired[Iterable[AttributeValRequestLike] | Unset]
    shapes: Iterable[TrackedShapeRequestLike]
    elements: NotRequired[Iterable[SubLabeledTrackRequestLike] | Unset]


@frozen(kw_only=True, init=False)
class LabeledTrackRequest:
    """Given to follow an object over frames by its shapes on key frames."""

    id: int | Unset | None = UNSET
    label_id: Annotated[int, Meta(ge=0)]
    group: Annotated[int, Meta(ge=0)] | Unset | None = UNSET
    source: Annotated[str, Meta(min_length=1)] | Unset = UNSET
    frame: Annotated[int, Meta(ge=0)]
    attributes: tuple[AttributeValRequest, ...] | Unset = UNSET
    shapes: tuple[TrackedShapeRequest, ...]
    elements: tuple[SubLabeledTrackRequest, ...] | Unset = UNSET

    def __init__(
        self,
        *,
        id: int | Unset | None = UNSET,
        label_id: int,
        group: int | Unset | None = UNSET,
        source: str | Unset = UNSET,
        frame: int,
        attributes: Iterable[AttributeValRequestLike] | Unset = UNSET,
        shapes: Iterable[TrackedShapeRequestLike],
        elements: Iterable[SubLabeledTrackRequestLike] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


LabeledTrackRequestLike: TypeAlias = LabeledTrackRequest | LabeledTrackRequestDict


class LabeledDataRequestDict(TypedDict, total=False):
    """`LabeledDataRequest` as a dict."""

    version: int | Unset
    tags: Iterable[LabeledImageRequestLike] | Unset
    shapes: Iterable[LabeledShapeRequestLike] | Unset
    tracks: Iterable[LabeledTrackRequestLike] | Unset
    intervals: Iterable[LabeledIntervalRequestLike] | Unset


@frozen(kw_only=True, init=False)
class LabeledDataRequest:
    """Sent to replace the annotations of a task or job with this set."""

    version: int | Unset = UNSET
    tags: tuple[LabeledImageRequest, ...] | Unset = UNSET
    shapes: tuple[LabeledShapeRequest, ...] | Unset = UNSET
    tracks: tuple[LabeledTrackRequest, ...] | Unset = UNSET
    intervals: tuple[LabeledIntervalRequest, ...] | Unset = UNSET  # since CVAT 2.66.0

    def __init__(
        self,
        *,
        version: int | Unset = UNSET,
        tags: Iterable[LabeledImageRequestLike] | Unset = UNSET,
        shapes: Iterable[LabeledShapeRequestLike] | Unset = UNSET,
        tracks: Iterable[LabeledTrackRequestLike] | Unset = UNSET,
        intervals: Iterable[LabeledIntervalRequestLike] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


LabeledDataRequestLike: TypeAlias = LabeledDataRequest | LabeledDataRequestDict


class PatchedLabeledDataRequestDict(TypedDict, total=False):
    """`PatchedLabeledDataRequest` as a dict."""

    version: int | Unset
    tags: Iterable[LabeledImageRequestLike] | Unset
    shapes: Iterable[LabeledShapeRequestLike] | Unset
    tracks: Iterable[LabeledTrackRequestLike] | Unset
    intervals: Iterable[LabeledIntervalRequestLike] | Unset


@frozen(kw_only=True, init=False)
class PatchedLabeledDataRequest:
    """Sent to create, update or delete annotations: only those given are changed."""

    version: int | Unset = UNSET
    tags: tuple[LabeledImageRequest, ...] | Unset = UNSET
    shapes: tuple[LabeledShapeRequest, ...] | Unset = UNSET
    tracks: tuple[LabeledTrackRequest, ...] | Unset = UNSET
    intervals: tuple[LabeledIntervalRequest, ...] | Unset = UNSET  # since CVAT 2.66.0

    def __init__(
        self,
        *,
        version: int | Unset = UNSET,
        tags: Iterable[LabeledImageRequestLike] | Unset = UNSET,
        shapes: Iterable[LabeledShapeRequestLike] | Unset = UNSET,
        tracks: Iterable[LabeledTrackRequestLike] | Unset = UNSET,
        intervals: Iterable[LabeledIntervalRequestLike] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


PatchedLabeledDataRequestLike: TypeAlias = PatchedLabeledDataRequest | PatchedLabeledDataRequestDict
