"""What quality is judged by, what came of it, and how replicas are merged.

Rule: settings belong to one task or one project. The requirements in them form trees; a value that
a requirement leaves open is that of its parent.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, TypeAlias

from attrs import frozen

from cvatfn import models
from cvatfn.testing.sandbox.measuring.results import NONE, Result, summed

__all__ = [
    "BASE",
    "ONLY_ANNOTATION",
    "Checked",
    "Comparison",
    "ConsensusSettings",
    "FlatSettings",
    "JobCounts",
    "QualitySettings",
    "Report",
    "Requirement",
    "TaskCounts",
    "Values",
]

Target: TypeAlias = Literal["job", "task", "project"]

ONLY_ANNOTATION: Final = '{"==": [{"var": "type"}, "annotation"]}'
"""The filter of jobs that settings begin with."""


@frozen(kw_only=True)
class FlatSettings:
    """What releases up to 2.73 compare by: one set of values for everything, by their names."""

    target_metric: models.QualityTargetMetric = models.QualityTargetMetric.ACCURACY
    target_metric_threshold: float = 0.7
    iou_threshold: float = 0.4
    oks_sigma: float = 0.09
    point_size_base: models.QualityPointSizeBase = models.QualityPointSizeBase.GROUP_BBOX_SIZE
    line_thickness: float = 0.01
    low_overlap_threshold: float = 0.8
    compare_line_orientation: bool = True
    line_orientation_threshold: float = 0.1
    compare_groups: bool = True
    group_match_threshold: float = 0.5
    check_covered_annotations: bool = True
    object_visibility_threshold: float = 0.05
    panoptic_comparison: bool = True
    compare_attributes: bool = True
    empty_is_annotated: bool = False


@frozen(kw_only=True)
class QualitySettings:
    """How the quality of a task, or of the tasks of a project, is judged.

    :param inherit: whether a task is judged by the settings of its project.
    :param flat: how it is judged as long as no requirement is enabled.
    """

    id: int
    task: int | None = None
    project: int | None = None
    job_filter: str = ONLY_ANNOTATION
    inherit: bool = True
    max_validations_per_job: int = 0
    flat: FlatSettings = FlatSettings()
    created: datetime
    updated: datetime


@frozen(kw_only=True)
class Values:
    """What a requirement says, or leaves open."""

    annotation_type: models.AnnotationTypeEnum | None = None
    metric: models.QualityTargetMetric | None = None
    required_score: float | None = None
    iou_threshold: float | None = None
    point_size: float | None = None
    point_size_base: models.QualityPointSizeBase | None = None
    line_thickness: float | None = None
    match_orientation: bool | None = None
    line_orientation_threshold: float | None = None
    match_groups: bool | None = None
    group_match_threshold: float | None = None
    check_covered_annotations: bool | None = None
    object_visibility_threshold: float | None = None
    panoptic_comparison: bool | None = None
    attribute_comparison: models.AttributeComparison | None = None


BASE: Final = Values(
    metric=models.QualityTargetMetric.ACCURACY,
    required_score=0.7,
    iou_threshold=0.4,
    point_size=0.09,
    point_size_base=models.QualityPointSizeBase.GROUP_BBOX_SIZE,
    line_thickness=0.01,
    match_orientation=True,
    line_orientation_threshold=0.1,
    match_groups=True,
    group_match_threshold=0.5,
    check_covered_annotations=True,
    object_visibility_threshold=0.05,
    panoptic_comparison=True,
)
"""What base requirements begin with."""


@frozen(kw_only=True)
class Requirement:
    """A condition that annotations of one kind have to meet.

    :param settings: the id of the settings that it is in.
    :param parent: the requirement that it narrows; a base requirement has none.
    """

    id: int
    settings: int
    name: str
    sort_order: int = 0
    filter: str = ""
    enabled: bool = True
    parent: int | None = None
    values: Values
    created: datetime
    updated: datetime

    @property
    def is_base(self) -> bool:
        """Whether it is one of those that every settings have."""
        return self.parent is None


@frozen(kw_only=True)
class Checked:
    """What a comparison by one requirement came to, or by flat settings.

    :param requirement: as it was, with nothing left open; `None` for flat settings.
    :param frames: the results by frame; a project has none.
    :param total: their sum.
    """

    requirement: Requirement | None
    frames: tuple[tuple[int, Result], ...] = ()
    total: Result = NONE
    calculation: models.QualityReportRequirementCalculation


@frozen(kw_only=True)
class JobCounts:
    """Which jobs were looked at: all of them, and those that were left out, and why."""

    all: frozenset[int] = frozenset()
    excluded: frozenset[int] = frozenset()
    not_checkable: frozenset[int] = frozenset()
    completed: frozenset[int] = frozenset()


@frozen(kw_only=True)
class TaskCounts:
    """Which tasks of a project were looked at: all, and those that were left out, and why."""

    all: frozenset[int] = frozenset()
    custom: frozenset[int] = frozenset()
    not_configured: frozenset[int] = frozenset()
    excluded: frozenset[int] = frozenset()
    completed: frozenset[int] = frozenset()


@frozen(kw_only=True)
class Comparison:
    """The contents of a report.

    :param settings: what it was computed by.
    :param inherited: whether these are the settings of the project of a task.
    :param frames: the numbers of the frames that were validated.
    :param frame_count: how many were, those twice that are in two jobs.
    :param total_frames: how many there are in what was looked at.
    :param checks: what came of it, by requirement.
    :param requirements: how many requirements there are, disabled ones among them.
    """

    settings: QualitySettings
    inherited: bool = False
    frames: tuple[int, ...] = ()
    frame_count: int = 0
    total_frames: int = 0
    checks: tuple[Checked, ...] = ()
    requirements: int = 0
    jobs: JobCounts | None = None
    tasks: TaskCounts | None = None

    @property
    def frame_share(self) -> float:
        """Which part of all frames was validated."""
        return self.frame_count / (self.total_frames or 1)

    @property
    def total(self) -> Result:
        """The sum of all checks."""
        return summed(check.total for check in self.checks)


@frozen(kw_only=True)
class Report:
    """A quality report on a job, a task or a project.

    :param parents: the reports that it is a part of; that on a task may be part of several.
    :param first_conflict: the id of the first of its conflicts; the others follow. Only those on
        jobs have conflicts of their own.
    """

    id: int
    target: Target
    job: int | None = None
    task: int | None = None
    project: int | None = None
    parents: tuple[int, ...] = ()
    created: datetime
    target_updated: datetime
    gt_updated: datetime | None
    assignee: int | None = None
    comparison: Comparison
    first_conflict: int = 0


@frozen(kw_only=True)
class ConsensusSettings:
    """How the replicas in a task are merged."""

    id: int
    task: int
    iou_threshold: float = 0.4
