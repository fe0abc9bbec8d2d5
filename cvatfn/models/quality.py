"""Quality settings, requirements, reports and conflicts.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal, NotRequired, TypeAlias, TypedDict

from attrs import frozen
from msgspec import Meta

from cvatfn.codecs.building import OrBlank, fill
from cvatfn.codecs.enums import OpenEnum
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.models.annotations import ShapeType
from cvatfn.models.page import Page
from cvatfn.models.users import BasicUser

__all__ = [
    "AggregationEnum",
    "AggregationEnumLike",
    "AnnotationConflict",
    "AnnotationConflictAnnotationType",
    "AnnotationConflictAnnotationTypeLike",
    "AnnotationConflictSeverity",
    "AnnotationConflictSeverityLike",
    "AnnotationConflictType",
    "AnnotationConflictTypeLike",
    "AnnotationId",
    "AnnotationTypeEnum",
    "AnnotationTypeEnumLike",
    "AttributeComparison",
    "AttributeComparisonDefaultRule",
    "AttributeComparisonDefaultRuleRequest",
    "AttributeComparisonDefaultRuleRequestDict",
    "AttributeComparisonDefaultRuleRequestLike",
    "AttributeComparisonRequest",
    "AttributeComparisonRequestDict",
    "AttributeComparisonRequestLike",
    "AttributeComparisonRule",
    "AttributeComparisonRuleRequest",
    "AttributeComparisonRuleRequestDict",
    "AttributeComparisonRuleRequestLike",
    "ComparatorEnum",
    "ComparatorEnumLike",
    "PaginatedAnnotationConflictList",
    "PaginatedQualityReportList",
    "PaginatedQualityRequirementListItemList",
    "PaginatedQualitySettingsList",
    "PatchedQualityRequirementRequest",
    "PatchedQualityRequirementRequestDict",
    "PatchedQualityRequirementRequestLike",
    "PatchedQualitySettingsRequest",
    "PatchedQualitySettingsRequestDict",
    "PatchedQualitySettingsRequestLike",
    "QualityPointSizeBase",
    "QualityPointSizeBaseLike",
    "QualityReport",
    "QualityReportConfusionMatrix",
    "QualityReportConfusionMatrixAxes",
    "QualityReportCreateRequest",
    "QualityReportCreateRequestDict",
    "QualityReportCreateRequestLike",
    "QualityReportJobsSummary",
    "QualityReportRequirementCalculation",
    "QualityReportRequirementCalculationStatusEnum",
    "QualityReportRequirementCalculationStatusEnumLike",
    "QualityReportRequirementSummaryItem",
    "QualityReportRequirementsSummary",
    "QualityReportScoreComponents",
    "QualityReportSummary",
    "QualityReportTarget",
    "QualityReportTargetLike",
    "QualityReportTargetMetricSummary",
    "QualityReportTargetMetricSummaryMetricEnum",
    "QualityReportTargetMetricSummaryMetricEnumLike",
    "QualityReportTargetMetricValues",
    "QualityReportTasksSummary",
    "QualityRequirement",
    "QualityRequirementBulkCreateNodeRequest",
    "QualityRequirementBulkCreateNodeRequestDict",
    "QualityRequirementBulkCreateNodeRequestLike",
    "QualityRequirementBulkCreateRequest",
    "QualityRequirementBulkCreateRequestDict",
    "QualityRequirementBulkCreateRequestLike",
    "QualityRequirementListItem",
    "QualityRequirementListItemRequest",
    "QualityRequirementListItemRequestDict",
    "QualityRequirementListItemRequestLike",
    "QualityRequirementRequest",
    "QualityRequirementRequestDict",
    "QualityRequirementRequestLike",
    "QualitySettings",
    "QualitySettingsRequest",
    "QualitySettingsRequestDict",
    "QualitySettingsRequestLike",
    "QualityTargetMetric",
    "QualityTargetMetricLike",
    "ReasonEnum",
    "ReasonEnumLike",
]


class AggregationEnum(OpenEnum):
    """How a metric is aggregated: over everything, as a mean, or label by label.

    .. versionadded:: CVAT 2.75.0
    """

    MICRO = "micro"
    MEAN = "mean"
    LABEL = "label"


AggregationEnumLike: TypeAlias = AggregationEnum | Literal["micro", "mean", "label"]


class AnnotationConflictSeverity(OpenEnum):
    """How grave a conflict is.

    .. versionadded:: CVAT 2.37.0
    """

    ERROR = "error"


AnnotationConflictSeverityLike: TypeAlias = AnnotationConflictSeverity | Literal["error"]


class AnnotationConflictType(OpenEnum):
    """What is wrong: an annotation missing, superfluous, covered, or differing in some way.

    .. versionadded:: CVAT 2.37.0
    """

    MISSING_ANNOTATION = "missing_annotation"
    EXTRA_ANNOTATION = "extra_annotation"
    MISMATCHING_LABEL = "mismatching_label"
    MISMATCHING_DIRECTION = "mismatching_direction"
    MISMATCHING_ATTRIBUTES = "mismatching_attributes"
    MISMATCHING_GROUPS = "mismatching_groups"
    COVERED_ANNOTATION = "covered_annotation"


AnnotationConflictTypeLike: TypeAlias = (
    AnnotationConflictType
    | Literal[
        "missing_annotation",
        "extra_annotation",
        "mismatching_label",
        "mismatching_direction",
        "mismatching_attributes",
        "mismatching_groups",
        "covered_annotation",
    ]
)


class AnnotationConflictAnnotationType(OpenEnum):
    """Whether an annotation in a conflict is a tag, a shape or a track.

    .. versionadded:: CVAT 2.37.0
    """

    TAG = "tag"
    SHAPE = "shape"
    TRACK = "track"


AnnotationConflictAnnotationTypeLike: TypeAlias = (
    AnnotationConflictAnnotationType | Literal["tag", "shape", "track"]
)


@frozen(kw_only=True)
class AnnotationId:
    """Points at one annotation that takes part in a conflict, by its id, job and type."""

    obj_id: int
    job_id: int
    type: AnnotationConflictAnnotationType
    shape_type: ShapeType | None


@frozen(kw_only=True)
class AnnotationConflict:
    """A disagreement between annotations and ground truth on one frame."""

    annotation_ids: tuple[AnnotationId, ...]
    id: int
    frame: int
    type: AnnotationConflictType
    report_id: int
    severity: AnnotationConflictSeverity
    attribute_names: tuple[str, ...] | Unset = UNSET  # since CVAT 2.74.1


class AnnotationTypeEnum(OpenEnum):
    """Which kind of annotation a quality requirement is about.

    .. versionadded:: CVAT 2.74.1
    """

    TAG = "tag"
    RECTANGLE = "rectangle"
    SKELETON = "skeleton"
    SKELETON_KEYPOINT = "skeleton_keypoint"
    POINTS = "points"
    POLYLINE = "polyline"
    MASK = "mask"
    POLYGON = "polygon"
    ELLIPSE = "ellipse"


AnnotationTypeEnumLike: TypeAlias = (
    AnnotationTypeEnum
    | Literal[
        "tag",
        "rectangle",
        "skeleton",
        "skeleton_keypoint",
        "points",
        "polyline",
        "mask",
        "polygon",
        "ellipse",
    ]
)


class ComparatorEnum(OpenEnum):
    """How attribute values are compared: exactly, or as texts by edit distance.

    .. versionadded:: CVAT 2.74.1
    """

    EXACT = "exact"
    LEVENSHTEIN = "levenshtein"


ComparatorEnumLike: TypeAlias = ComparatorEnum | Literal["exact", "levenshtein"]


@frozen(kw_only=True)
class AttributeComparisonDefaultRule:
    """How attributes are compared that have no rule of their own.

    .. versionadded:: CVAT 2.74.1
    """

    enabled: bool | Unset | None = UNSET
    comparator: ComparatorEnum | Unset | None = UNSET
    threshold: float | Unset | None = UNSET


@frozen(kw_only=True)
class AttributeComparisonRule:
    """How one attribute is compared: exactly or by likeness above a threshold.

    .. versionadded:: CVAT 2.74.1
    """

    spec_id: int
    enabled: bool
    comparator: ComparatorEnum | Unset | None = UNSET
    threshold: float | Unset | None = UNSET


@frozen(kw_only=True)
class AttributeComparison:
    """How quality checks compare attributes: a default and rules for single ones.

    .. versionadded:: CVAT 2.74.1
    """

    default: AttributeComparisonDefaultRule | Unset | None = UNSET
    rules: tuple[AttributeComparisonRule, ...] | Unset = UNSET


class AttributeComparisonDefaultRuleRequestDict(TypedDict, total=False):
    """`AttributeComparisonDefaultRuleRequest` as a dict."""

    enabled: bool | Unset | None
    comparator: ComparatorEnumLike | Unset | None
    threshold: float | Unset | None


@frozen(kw_only=True, init=False)
class AttributeComparisonDefaultRuleRequest:
    """Given to set how attributes without a rule of their own are compared.

    .. versionadded:: CVAT 2.74.1
    """

    enabled: bool | Unset | None = UNSET
    comparator: ComparatorEnum | Unset | None = UNSET
    threshold: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET

    def __init__(
        self,
        *,
        enabled: bool | Unset | None = UNSET,
        comparator: ComparatorEnumLike | Unset | None = UNSET,
        threshold: float | Unset | None = UNSET,
    ) -> None:
        fill(self, locals())


AttributeComparisonDefaultRuleRequestLike: TypeAlias = (
    AttributeComparisonDefaultRuleRequest | AttributeComparisonDefaultRuleRequestDict
)


class AttributeComparisonRuleRequestDict(TypedDict):
    """`AttributeComparisonRuleRequest` as a dict."""

    spec_id: int
    enabled: bool
    comparator: NotRequired[ComparatorEnumLike | Unset | None]
    threshold: NotRequired[float | Unset | None]


@frozen(kw_only=True, init=False)
class AttributeComparisonRuleRequest:
    """Given to set how one attribute is compared, by its spec id.

    .. versionadded:: CVAT 2.74.1
    """

    spec_id: int
    enabled: bool
    comparator: ComparatorEnum | Unset | None = UNSET
    threshold: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET

    def __init__(
        self,
        *,
        spec_id: int,
        enabled: bool,
        comparator: ComparatorEnumLike | Unset | None = UNSET,
        threshold: float | Unset | None = UNSET,
    ) -> None:
        fill(self, locals())


AttributeComparisonRuleRequestLike: TypeAlias = (
    AttributeComparisonRuleRequest | AttributeComparisonRuleRequestDict
)


class AttributeComparisonRequestDict(TypedDict, total=False):
    """`AttributeComparisonRequest` as a dict."""

    default: AttributeComparisonDefaultRuleRequestLike | Unset | None
    rules: Iterable[AttributeComparisonRuleRequestLike] | Unset


@frozen(kw_only=True, init=False)
class AttributeComparisonRequest:
    """Given to set how a quality requirement compares attributes.

    .. versionadded:: CVAT 2.74.1
    """

    default: AttributeComparisonDefaultRuleRequest | Unset | None = UNSET
    rules: tuple[AttributeComparisonRuleRequest, ...] | Unset = UNSET

    def __init__(
        self,
        *,
        default: AttributeComparisonDefaultRuleRequestLike | Unset | None = UNSET,
        rules: Iterable[AttributeComparisonRuleRequestLike] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


AttributeComparisonRequestLike: TypeAlias = (
    AttributeComparisonRequest | AttributeComparisonRequestDict
)


PaginatedAnnotationConflictList: TypeAlias = Page[AnnotationConflict]


@frozen(kw_only=True)
class QualityReportJobsSummary:
    """How many jobs a report could take into account, and how many not, and why.

    .. versionadded:: CVAT 2.37.0
    """

    total: int
    excluded: int
    not_checkable: int
    included: int
    completed: int | Unset = UNSET  # since CVAT 2.74.1


class QualityReportRequirementCalculationStatusEnum(OpenEnum):
    """Whether a score could be computed.

    .. versionadded:: CVAT 2.74.1
    """

    COMPUTED = "computed"
    NOT_COMPUTED = "not_computed"


QualityReportRequirementCalculationStatusEnumLike: TypeAlias = (
    QualityReportRequirementCalculationStatusEnum | Literal["computed", "not_computed"]
)


class ReasonEnum(OpenEnum):
    """Why a requirement's score was not computed.

    .. versionadded:: CVAT 2.74.1
    """

    NO_ANNOTATIONS = "no_annotations"
    FILTER_NO_MATCHES = "filter_no_matches"
    REQUIRED_ATTRIBUTES_MISSING = "required_attributes_missing"


ReasonEnumLike: TypeAlias = (
    ReasonEnum | Literal["no_annotations", "filter_no_matches", "required_attributes_missing"]
)


@frozen(kw_only=True)
class QualityReportRequirementCalculation:
    """Whether a requirement's score was computed and, if not, the reason.

    .. versionadded:: CVAT 2.74.1
    """

    status: QualityReportRequirementCalculationStatusEnum
    reason: ReasonEnum | Unset | None = UNSET


@frozen(kw_only=True)
class QualityReportScoreComponents:
    """The counts a score is made of: valid, missing and extra annotations.

    .. versionadded:: CVAT 2.74.1
    """

    valid_count: int
    missing_count: int
    extra_count: int


class QualityTargetMetric(OpenEnum):
    """What a requirement's score measures, overall, as a mean over labels, or by label.

    .. versionadded:: CVAT 2.37.0
    """

    ACCURACY = "accuracy"
    PRECISION = "precision"
    RECALL = "recall"
    JACCARD_INDEX = "jaccard_index"  # since CVAT 2.75.0
    DICE = "dice"  # since CVAT 2.75.0
    MEAN_ACCURACY = "mean_accuracy"  # since CVAT 2.75.0
    MEAN_PRECISION = "mean_precision"  # since CVAT 2.75.0
    MEAN_RECALL = "mean_recall"  # since CVAT 2.75.0
    MEAN_JACCARD_INDEX = "mean_jaccard_index"  # since CVAT 2.75.0
    MEAN_DICE = "mean_dice"  # since CVAT 2.75.0
    LABEL_ACCURACY = "label_accuracy"  # since CVAT 2.75.0
    LABEL_PRECISION = "label_precision"  # since CVAT 2.75.0
    LABEL_RECALL = "label_recall"  # since CVAT 2.75.0
    LABEL_JACCARD_INDEX = "label_jaccard_index"  # since CVAT 2.75.0
    LABEL_DICE = "label_dice"  # since CVAT 2.75.0


QualityTargetMetricLike: TypeAlias = (
    QualityTargetMetric
    | Literal[
        "accuracy",
        "precision",
        "recall",
        "jaccard_index",
        "dice",
        "mean_accuracy",
        "mean_precision",
        "mean_recall",
        "mean_jaccard_index",
        "mean_dice",
        "label_accuracy",
        "label_precision",
        "label_recall",
        "label_jaccard_index",
        "label_dice",
    ]
)


@frozen(kw_only=True)
class QualityReportRequirementSummaryItem:
    """How one requirement fared in a report: its score against the threshold.

    .. versionadded:: CVAT 2.74.1
    """

    requirement_id: int | None
    name: str
    metric: QualityTargetMetric
    score: float | None
    score_components: QualityReportScoreComponents
    calculation: QualityReportRequirementCalculation
    threshold: float


@frozen(kw_only=True)
class QualityReportRequirementsSummary:
    """How many requirements a report checked, how many were met, and each one's score.

    .. versionadded:: CVAT 2.74.1
    """

    total: int
    enabled: int
    completed: int
    not_computed: int
    items: tuple[QualityReportRequirementSummaryItem, ...]


@frozen(kw_only=True)
class QualityReportTasksSummary:
    """How many tasks of a project a report includes, excludes or found not configured.

    .. versionadded:: CVAT 2.37.0
    """

    total: int
    custom: int
    not_configured: int
    excluded: int
    included: int
    completed: int | Unset = UNSET  # since CVAT 2.74.1


@frozen(kw_only=True)
class QualityReportSummary:
    """A report in numbers: frames, validation share, conflicts by type, requirements."""

    total_frames: int
    validation_frames: int
    validation_frame_share: float
    conflict_count: int
    error_count: int
    conflicts_by_type: dict[str, int]
    tasks: QualityReportTasksSummary | Unset = UNSET
    jobs: QualityReportJobsSummary | Unset = UNSET
    requirements: QualityReportRequirementsSummary | Unset = UNSET  # since CVAT 2.74.1


class QualityReportTarget(OpenEnum):
    """Whether a quality report is on a job, a task or a project."""

    JOB = "job"
    TASK = "task"
    PROJECT = "project"


QualityReportTargetLike: TypeAlias = QualityReportTarget | Literal["job", "task", "project"]


@frozen(kw_only=True)
class QualityReport:
    """A quality report: what it is on, its parent, its summary and when it was made."""

    id: int
    job_id: int | None
    task_id: int | None
    project_id: int | None
    parent_id: int | None
    target: QualityReportTarget
    summary: QualityReportSummary
    created_date: Annotated[datetime, Meta(tz=True)]
    target_last_updated: Annotated[datetime, Meta(tz=True)]
    gt_last_updated: Annotated[datetime, Meta(tz=True)] | None
    assignee: BasicUser | None


PaginatedQualityReportList: TypeAlias = Page[QualityReport]


class QualityPointSizeBase(OpenEnum):
    """What the size of points is relative to: the image, or the box around their group.

    .. versionadded:: CVAT 2.37.0
    """

    IMAGE_SIZE = "image_size"
    GROUP_BBOX_SIZE = "group_bbox_size"


QualityPointSizeBaseLike: TypeAlias = (
    QualityPointSizeBase | Literal["image_size", "group_bbox_size"]
)


@frozen(kw_only=True)
class QualityRequirementListItem:
    """A requirement as it stands in a list or inside quality settings.

    .. versionadded:: CVAT 2.74.1
    """

    id: int
    settings_id: int
    task_id: int | None
    project_id: int | None
    name: str
    is_base: bool
    sort_order: int
    filter: str
    enabled: bool
    annotation_type: AnnotationTypeEnum | None
    metric: QualityTargetMetric | None
    required_score: float | None
    parent_requirement: int | None
    iou_threshold: float | None
    point_size: float | None
    point_size_base: QualityPointSizeBase | None
    line_thickness: float | None
    match_orientation: bool | None
    line_orientation_threshold: float | None
    match_groups: bool | None
    group_match_threshold: float | None
    check_covered_annotations: bool | None
    object_visibility_threshold: float | None
    panoptic_comparison: bool | None
    attribute_comparison: AttributeComparison | None
    created_date: Annotated[datetime, Meta(tz=True)]
    updated_date: Annotated[datetime, Meta(tz=True)]


PaginatedQualityRequirementListItemList: TypeAlias = Page[QualityRequirementListItem]


@frozen(kw_only=True)
class QualitySettings:
    """How quality is judged in a task or project: requirements, job filter, inheritance."""

    id: int
    task_id: int | None
    project_id: int | None
    job_filter: str
    inherit: bool
    max_validations_per_job: int
    requirements: tuple[QualityRequirementListItem, ...] | Unset = UNSET  # since CVAT 2.74.1
    created_date: Annotated[datetime, Meta(tz=True)]
    updated_date: Annotated[datetime, Meta(tz=True)]


PaginatedQualitySettingsList: TypeAlias = Page[QualitySettings]


class PatchedQualityRequirementRequestDict(TypedDict, total=False):
    """`PatchedQualityRequirementRequest` as a dict."""

    settings_id: int | Unset
    name: str | Unset
    sort_order: int | Unset
    filter: str | Unset
    enabled: bool | Unset
    annotation_type: AnnotationTypeEnumLike | Literal[""] | Unset | None
    metric: QualityTargetMetricLike | Unset | None
    required_score: float | Unset | None
    parent_requirement: int | Unset | None
    iou_threshold: float | Unset | None
    point_size: float | Unset | None
    point_size_base: QualityPointSizeBaseLike | Literal[""] | Unset | None
    line_thickness: float | Unset | None
    match_orientation: bool | Unset | None
    line_orientation_threshold: float | Unset | None
    match_groups: bool | Unset | None
    group_match_threshold: float | Unset | None
    check_covered_annotations: bool | Unset | None
    object_visibility_threshold: float | Unset | None
    panoptic_comparison: bool | Unset | None
    attribute_comparison: AttributeComparisonRequestLike | Unset | None


@frozen(kw_only=True, init=False)
class PatchedQualityRequirementRequest:
    """Sent to change a quality requirement: only what is given is changed.

    .. versionadded:: CVAT 2.74.1
    """

    settings_id: int | Unset = UNSET
    name: Annotated[str, Meta(min_length=1, max_length=250)] | Unset = UNSET
    sort_order: Annotated[int, Meta(ge=-2147483648, le=2147483647)] | Unset = UNSET
    filter: str | Unset = UNSET
    enabled: bool | Unset = UNSET
    annotation_type: Annotated[AnnotationTypeEnum, OrBlank] | Unset | None = UNSET
    metric: QualityTargetMetric | Unset | None = UNSET
    required_score: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    parent_requirement: int | Unset | None = UNSET
    iou_threshold: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    point_size: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    point_size_base: Annotated[QualityPointSizeBase, OrBlank] | Unset | None = UNSET
    line_thickness: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    match_orientation: bool | Unset | None = UNSET
    line_orientation_threshold: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    match_groups: bool | Unset | None = UNSET
    group_match_threshold: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    check_covered_annotations: bool | Unset | None = UNSET
    object_visibility_threshold: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    panoptic_comparison: bool | Unset | None = UNSET
    attribute_comparison: AttributeComparisonRequest | Unset | None = UNSET

    def __init__(
        self,
        *,
        settings_id: int | Unset = UNSET,
        name: str | Unset = UNSET,
        sort_order: int | Unset = UNSET,
        filter: str | Unset = UNSET,
        enabled: bool | Unset = UNSET,
        annotation_type: AnnotationTypeEnumLike | Literal[""] | Unset | None = UNSET,
        metric: QualityTargetMetricLike | Unset | None = UNSET,
        required_score: float | Unset | None = UNSET,
        parent_requirement: int | Unset | None = UNSET,
        iou_threshold: float | Unset | None = UNSET,
        point_size: float | Unset | None = UNSET,
        point_size_base: QualityPointSizeBaseLike | Literal[""] | Unset | None = UNSET,
        line_thickness: float | Unset | None = UNSET,
        match_orientation: bool | Unset | None = UNSET,
        line_orientation_threshold: float | Unset | None = UNSET,
        match_groups: bool | Unset | None = UNSET,
        group_match_threshold: float | Unset | None = UNSET,
        check_covered_annotations: bool | Unset | None = UNSET,
        object_visibility_threshold: float | Unset | None = UNSET,
        panoptic_comparison: bool | Unset | None = UNSET,
        attribute_comparison: AttributeComparisonRequestLike | Unset | None = UNSET,
    ) -> None:
        fill(self, locals())


PatchedQualityRequirementRequestLike: TypeAlias = (
    PatchedQualityRequirementRequest | PatchedQualityRequirementRequestDict
)


class QualityRequirementListItemRequestDict(TypedDict, total=False):
    """`QualityRequirementListItemRequest` as a dict."""

    settings_id: int | Unset
    name: str | Unset
    sort_order: int | Unset
    filter: str | Unset
    enabled: bool | Unset
    annotation_type: AnnotationTypeEnumLike | Literal[""] | Unset | None
    metric: QualityTargetMetricLike | Unset | None
    required_score: float | Unset | None
    parent_requirement: int | Unset | None
    iou_threshold: float | Unset | None
    point_size: float | Unset | None
    point_size_base: QualityPointSizeBaseLike | Literal[""] | Unset | None
    line_thickness: float | Unset | None
    match_orientation: bool | Unset | None
    line_orientation_threshold: float | Unset | None
    match_groups: bool | Unset | None
    group_match_threshold: float | Unset | None
    check_covered_annotations: bool | Unset | None
    object_visibility_threshold: float | Unset | None
    panoptic_comparison: bool | Unset | None
    attribute_comparison: AttributeComparisonRequestLike | Unset | None


@frozen(kw_only=True, init=False)
class QualityRequirementListItemRequest:
    """Given inside quality settings to state one requirement.

    .. versionadded:: CVAT 2.74.1
    """

    settings_id: int | Unset = UNSET
    name: Annotated[str, Meta(min_length=1, max_length=250)] | Unset = UNSET
    sort_order: Annotated[int, Meta(ge=-2147483648, le=2147483647)] | Unset = UNSET
    filter: str | Unset = UNSET
    enabled: bool | Unset = UNSET
    annotation_type: Annotated[AnnotationTypeEnum, OrBlank] | Unset | None = UNSET
    metric: QualityTargetMetric | Unset | None = UNSET
    required_score: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    parent_requirement: int | Unset | None = UNSET
    iou_threshold: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    point_size: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    point_size_base: Annotated[QualityPointSizeBase, OrBlank] | Unset | None = UNSET
    line_thickness: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    match_orientation: bool | Unset | None = UNSET
    line_orientation_threshold: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    match_groups: bool | Unset | None = UNSET
    group_match_threshold: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    check_covered_annotations: bool | Unset | None = UNSET
    object_visibility_threshold: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    panoptic_comparison: bool | Unset | None = UNSET
    attribute_comparison: AttributeComparisonRequest | Unset | None = UNSET

    def __init__(
        self,
        *,
        settings_id: int | Unset = UNSET,
        name: str | Unset = UNSET,
        sort_order: int | Unset = UNSET,
        filter: str | Unset = UNSET,
        enabled: bool | Unset = UNSET,
        annotation_type: AnnotationTypeEnumLike | Literal[""] | Unset | None = UNSET,
        metric: QualityTargetMetricLike | Unset | None = UNSET,
        required_score: float | Unset | None = UNSET,
        parent_requirement: int | Unset | None = UNSET,
        iou_threshold: float | Unset | None = UNSET,
        point_size: float | Unset | None = UNSET,
        point_size_base: QualityPointSizeBaseLike | Literal[""] | Unset | None = UNSET,
        line_thickness: float | Unset | None = UNSET,
        match_orientation: bool | Unset | None = UNSET,
        line_orientation_threshold: float | Unset | None = UNSET,
        match_groups: bool | Unset | None = UNSET,
        group_match_threshold: float | Unset | None = UNSET,
        check_covered_annotations: bool | Unset | None = UNSET,
        object_visibility_threshold: float | Unset | None = UNSET,
        panoptic_comparison: bool | Unset | None = UNSET,
        attribute_comparison: AttributeComparisonRequestLike | Unset | None = UNSET,
    ) -> None:
        fill(self, locals())


QualityRequirementListItemRequestLike: TypeAlias = (
    QualityRequirementListItemRequest | QualityRequirementListItemRequestDict
)


class PatchedQualitySettingsRequestDict(TypedDict, total=False):
    """`PatchedQualitySettingsRequest` as a dict."""

    job_filter: str | Unset
    inherit: bool | Unset
    max_validations_per_job: int | Unset
    requirements: Iterable[QualityRequirementListItemRequestLike] | Unset


@frozen(kw_only=True, init=False)
class PatchedQualitySettingsRequest:
    """Sent to change quality settings: only what is given is changed."""

    job_filter: Annotated[str, Meta(max_length=1024)] | Unset = UNSET
    inherit: bool | Unset = UNSET
    max_validations_per_job: Annotated[int, Meta(ge=0, le=2147483647)] | Unset = UNSET
    requirements: tuple[QualityRequirementListItemRequest, ...] | Unset = UNSET  # since CVAT 2.74.1

    def __init__(
        self,
        *,
        job_filter: str | Unset = UNSET,
        inherit: bool | Unset = UNSET,
        max_validations_per_job: int | Unset = UNSET,
        requirements: Iterable[QualityRequirementListItemRequestLike] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


PatchedQualitySettingsRequestLike: TypeAlias = (
    PatchedQualitySettingsRequest | PatchedQualitySettingsRequestDict
)


@frozen(kw_only=True)
class QualityReportConfusionMatrixAxes:
    """What the rows and the columns of a confusion matrix stand for.

    .. versionadded:: CVAT 2.74.1
    """

    cols: str
    rows: str


class QualityReportTargetMetricSummaryMetricEnum(OpenEnum):
    """Which metric a confusion matrix is summed up by, apart from its aggregation.

    .. versionadded:: CVAT 2.75.0
    """

    ACCURACY = "accuracy"
    PRECISION = "precision"
    RECALL = "recall"
    JACCARD_INDEX = "jaccard_index"
    DICE = "dice"


QualityReportTargetMetricSummaryMetricEnumLike: TypeAlias = (
    QualityReportTargetMetricSummaryMetricEnum
    | Literal["accuracy", "precision", "recall", "jaccard_index", "dice"]
)


@frozen(kw_only=True)
class QualityReportTargetMetricValues:
    """One metric's value in each of the aggregations, null where it has none.

    .. versionadded:: CVAT 2.75.0
    """

    micro: float | None
    mean: float | None
    label: float | None


@frozen(kw_only=True)
class QualityReportTargetMetricSummary:
    """A confusion matrix's metric in all aggregations, and the labels that did worst.

    .. versionadded:: CVAT 2.75.0
    """

    metric: QualityReportTargetMetricSummaryMetricEnum
    aggregation: AggregationEnum
    values: QualityReportTargetMetricValues
    worst_labels: tuple[str, ...]


@frozen(kw_only=True)
class QualityReportConfusionMatrix:
    """How often each label was taken for each other one, with scores for every label.

    .. versionadded:: CVAT 2.74.1
    """

    labels: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]
    axes: QualityReportConfusionMatrixAxes
    precision: tuple[float, ...] | None
    recall: tuple[float, ...] | None
    accuracy: tuple[float, ...] | None
    jaccard_index: tuple[float, ...] | None
    dice: tuple[float, ...] | Unset | None = UNSET  # since CVAT 2.75.0
    target_metric_summary: QualityReportTargetMetricSummary | Unset = UNSET  # since CVAT 2.75.0


class QualityReportCreateRequestDict(TypedDict, total=False):
    """`QualityReportCreateRequest` as a dict."""

    task_id: int | Unset
    project_id: int | Unset


@frozen(kw_only=True, init=False)
class QualityReportCreateRequest:
    """Sent to compute a quality report: name the task or the project."""

    task_id: int | Unset = UNSET
    project_id: int | Unset = UNSET

    def __init__(
        self,
        *,
        task_id: int | Unset = UNSET,
        project_id: int | Unset = UNSET,
    ) -> None:
        fill(self, locals())


QualityReportCreateRequestLike: TypeAlias = (
    QualityReportCreateRequest | QualityReportCreateRequestDict
)


@frozen(kw_only=True)
class QualityRequirement:
    """A condition on annotations: filter, metric, score to reach and how to compare.

    .. versionadded:: CVAT 2.74.1
    """

    id: int
    settings_id: int
    task_id: int | None
    project_id: int | None
    name: str
    is_base: bool
    sort_order: int
    filter: str
    enabled: bool
    annotation_type: AnnotationTypeEnum | None
    metric: QualityTargetMetric | None
    required_score: float | None
    parent_requirement: int | None
    effective: dict[str, JSON]
    iou_threshold: float | None
    point_size: float | None
    point_size_base: QualityPointSizeBase | None
    line_thickness: float | None
    match_orientation: bool | None
    line_orientation_threshold: float | None
    match_groups: bool | None
    group_match_threshold: float | None
    check_covered_annotations: bool | None
    object_visibility_threshold: float | None
    panoptic_comparison: bool | None
    attribute_comparison: AttributeComparison | None
    created_date: Annotated[datetime, Meta(tz=True)]
    updated_date: Annotated[datetime, Meta(tz=True)]


class QualityRequirementBulkCreateNodeRequestDict(TypedDict):
    """`QualityRequirementBulkCreateNodeRequest` as a dict."""

    name: str
    sort_order: NotRequired[int | Unset]
    filter: NotRequired[str | Unset]
    enabled: NotRequired[bool | Unset]
    annotation_type: NotRequired[AnnotationTypeEnumLike | Literal[""] | Unset | None]
    metric: NotRequired[QualityTargetMetricLike | Unset | None]
    required_score: NotRequired[float | Unset | None]
    parent_requirement: NotRequired[int | Unset | None]
    iou_threshold: NotRequired[float | Unset | None]
    point_size: NotRequired[float | Unset | None]
    point_size_base: NotRequired[QualityPointSizeBaseLike | Literal[""] | Unset | None]
    line_thickness: NotRequired[float | Unset | None]
    match_orientation: NotRequired[bool | Unset | None]
    line_orientation_threshold: NotRequired[float | Unset | None]
    match_groups: NotRequired[bool | Unset | None]
    group_match_threshold: NotRequired[float | Unset | None]
    check_covered_annotations: NotRequired[bool | Unset | None]
    object_visibility_threshold: NotRequired[float | Unset | None]
    panoptic_comparison: NotRequired[bool | Unset | None]
    attribute_comparison: NotRequired[AttributeComparisonRequestLike | Unset | None]
    children: NotRequired[Iterable[QualityRequirementBulkCreateNodeRequestLike] | Unset]


@frozen(kw_only=True, init=False)
class QualityRequirementBulkCreateNodeRequest:
    """Given to create one requirement of a tree, with its children inside.

    .. versionadded:: CVAT 2.74.1
    """

    name: Annotated[str, Meta(min_length=1, max_length=250)]
    sort_order: Annotated[int, Meta(ge=-2147483648, le=2147483647)] | Unset = UNSET
    filter: str | Unset = UNSET
    enabled: bool | Unset = UNSET
    annotation_type: Annotated[AnnotationTypeEnum, OrBlank] | Unset | None = UNSET
    metric: QualityTargetMetric | Unset | None = UNSET
    required_score: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    parent_requirement: int | Unset | None = UNSET
    iou_threshold: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    point_size: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    point_size_base: Annotated[QualityPointSizeBase, OrBlank] | Unset | None = UNSET
    line_thickness: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    match_orientation: bool | Unset | None = UNSET
    line_orientation_threshold: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    match_groups: bool | Unset | None = UNSET
    group_match_threshold: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    check_covered_annotations: bool | Unset | None = UNSET
    object_visibility_threshold: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    panoptic_comparison: bool | Unset | None = UNSET
    attribute_comparison: AttributeComparisonRequest | Unset | None = UNSET
    children: tuple[QualityRequirementBulkCreateNodeRequest, ...] | Unset = UNSET

    def __init__(
        self,
        *,
        name: str,
        sort_order: int | Unset = UNSET,
        filter: str | Unset = UNSET,
        enabled: bool | Unset = UNSET,
        annotation_type: AnnotationTypeEnumLike | Literal[""] | Unset | None = UNSET,
        metric: QualityTargetMetricLike | Unset | None = UNSET,
        required_score: float | Unset | None = UNSET,
        parent_requirement: int | Unset | None = UNSET,
        iou_threshold: float | Unset | None = UNSET,
        point_size: float | Unset | None = UNSET,
        point_size_base: QualityPointSizeBaseLike | Literal[""] | Unset | None = UNSET,
        line_thickness: float | Unset | None = UNSET,
        match_orientation: bool | Unset | None = UNSET,
        line_orientation_threshold: float | Unset | None = UNSET,
        match_groups: bool | Unset | None = UNSET,
        group_match_threshold: float | Unset | None = UNSET,
        check_covered_annotations: bool | Unset | None = UNSET,
        object_visibility_threshold: float | Unset | None = UNSET,
        panoptic_comparison: bool | Unset | None = UNSET,
        attribute_comparison: AttributeComparisonRequestLike | Unset | None = UNSET,
        children: Iterable[QualityRequirementBulkCreateNodeRequestLike] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


QualityRequirementBulkCreateNodeRequestLike: TypeAlias = (
    QualityRequirementBulkCreateNodeRequest | QualityRequirementBulkCreateNodeRequestDict
)


class QualityRequirementBulkCreateRequestDict(TypedDict):
    """`QualityRequirementBulkCreateRequest` as a dict."""

    settings_id: int
    requirements: Iterable[QualityRequirementBulkCreateNodeRequestLike]


@frozen(kw_only=True, init=False)
class QualityRequirementBulkCreateRequest:
    """Sent to create a tree of requirements in the given quality settings.

    .. versionadded:: CVAT 2.74.1
    """

    settings_id: int
    requirements: tuple[QualityRequirementBulkCreateNodeRequest, ...]

    def __init__(
        self,
        *,
        settings_id: int,
        requirements: Iterable[QualityRequirementBulkCreateNodeRequestLike],
    ) -> None:
        fill(self, locals())


QualityRequirementBulkCreateRequestLike: TypeAlias = (
    QualityRequirementBulkCreateRequest | QualityRequirementBulkCreateRequestDict
)


class QualityRequirementRequestDict(TypedDict, total=False):
    """`QualityRequirementRequest` as a dict."""

    settings_id: int | Unset
    name: str | Unset
    sort_order: int | Unset
    filter: str | Unset
    enabled: bool | Unset
    annotation_type: AnnotationTypeEnumLike | Literal[""] | Unset | None
    metric: QualityTargetMetricLike | Unset | None
    required_score: float | Unset | None
    parent_requirement: int | Unset | None
    iou_threshold: float | Unset | None
    point_size: float | Unset | None
    point_size_base: QualityPointSizeBaseLike | Literal[""] | Unset | None
    line_thickness: float | Unset | None
    match_orientation: bool | Unset | None
    line_orientation_threshold: float | Unset | None
    match_groups: bool | Unset | None
    group_match_threshold: float | Unset | None
    check_covered_annotations: bool | Unset | None
    object_visibility_threshold: float | Unset | None
    panoptic_comparison: bool | Unset | None
    attribute_comparison: AttributeComparisonRequestLike | Unset | None


@frozen(kw_only=True, init=False)
class QualityRequirementRequest:
    """Sent to create a quality requirement or to replace it as a whole.

    .. versionadded:: CVAT 2.74.1
    """

    settings_id: int | Unset = UNSET
    name: Annotated[str, Meta(min_length=1, max_length=250)] | Unset = UNSET
    sort_order: Annotated[int, Meta(ge=-2147483648, le=2147483647)] | Unset = UNSET
    filter: str | Unset = UNSET
    enabled: bool | Unset = UNSET
    annotation_type: Annotated[AnnotationTypeEnum, OrBlank] | Unset | None = UNSET
    metric: QualityTargetMetric | Unset | None = UNSET
    required_score: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    parent_requirement: int | Unset | None = UNSET
    iou_threshold: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    point_size: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    point_size_base: Annotated[QualityPointSizeBase, OrBlank] | Unset | None = UNSET
    line_thickness: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    match_orientation: bool | Unset | None = UNSET
    line_orientation_threshold: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    match_groups: bool | Unset | None = UNSET
    group_match_threshold: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    check_covered_annotations: bool | Unset | None = UNSET
    object_visibility_threshold: Annotated[float, Meta(ge=0, le=1)] | Unset | None = UNSET
    panoptic_comparison: bool | Unset | None = UNSET
    attribute_comparison: AttributeComparisonRequest | Unset | None = UNSET

    def __init__(
        self,
        *,
        settings_id: int | Unset = UNSET,
        name: str | Unset = UNSET,
        sort_order: int | Unset = UNSET,
        filter: str | Unset = UNSET,
        enabled: bool | Unset = UNSET,
        annotation_type: AnnotationTypeEnumLike | Literal[""] | Unset | None = UNSET,
        metric: QualityTargetMetricLike | Unset | None = UNSET,
        required_score: float | Unset | None = UNSET,
        parent_requirement: int | Unset | None = UNSET,
        iou_threshold: float | Unset | None = UNSET,
        point_size: float | Unset | None = UNSET,
        point_size_base: QualityPointSizeBaseLike | Literal[""] | Unset | None = UNSET,
        line_thickness: float | Unset | None = UNSET,
        match_orientation: bool | Unset | None = UNSET,
        line_orientation_threshold: float | Unset | None = UNSET,
        match_groups: bool | Unset | None = UNSET,
        group_match_threshold: float | Unset | None = UNSET,
        check_covered_annotations: bool | Unset | None = UNSET,
        object_visibility_threshold: float | Unset | None = UNSET,
        panoptic_comparison: bool | Unset | None = UNSET,
        attribute_comparison: AttributeComparisonRequestLike | Unset | None = UNSET,
    ) -> None:
        fill(self, locals())


QualityRequirementRequestLike: TypeAlias = QualityRequirementRequest | QualityRequirementRequestDict


class QualitySettingsRequestDict(TypedDict, total=False):
    """`QualitySettingsRequest` as a dict."""

    job_filter: str | Unset
    inherit: bool | Unset
    max_validations_per_job: int | Unset
    requirements: Iterable[QualityRequirementListItemRequestLike] | Unset


@frozen(kw_only=True, init=False)
class QualitySettingsRequest:
    """Sent to replace the quality settings of a task or project.

    .. versionadded:: CVAT 2.74.1
    """

    job_filter: Annotated[str, Meta(max_length=1024)] | Unset = UNSET
    inherit: bool | Unset = UNSET
    max_validations_per_job: Annotated[int, Meta(ge=0, le=2147483647)] | Unset = UNSET
    requirements: tuple[QualityRequirementListItemRequest, ...] | Unset = UNSET

    def __init__(
        self,
        *,
        job_filter: str | Unset = UNSET,
        inherit: bool | Unset = UNSET,
        max_validations_per_job: int | Unset = UNSET,
        requirements: Iterable[QualityRequirementListItemRequestLike] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


QualitySettingsRequestLike: TypeAlias = QualitySettingsRequest | QualitySettingsRequestDict
