"""A quality report as it is downloaded: all that it says, put back into a world.

Rule: the file is in no OpenAPI document, so its shape is written down here, as far as state is made
of it; shares and means are computed again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from attrs import evolve, field, frozen

from cvatfn import models
from cvatfn.codecs.json import loads, structure, unstructure
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.outcome import Failure, Success
from cvatfn.testing.sandbox.areas.quality.checking import COMPUTED
from cvatfn.testing.sandbox.measuring.conflicts import Conflict
from cvatfn.testing.sandbox.measuring.results import Result
from cvatfn.testing.sandbox.measuring.scores import NOBODY, Confusion, Tally
from cvatfn.testing.sandbox.state.quality import (
    Checked,
    Comparison,
    FlatSettings,
    JobCounts,
    Report,
    TaskCounts,
)
from cvatfn.testing.sandbox.state.world import World, put
from tests.fidelity.rebuilding.people import with_account
from tests.fidelity.rebuilding.quality import settings_for, with_report_on

__all__ = ["with_downloaded"]


@frozen(kw_only=True)
class _Matrix:
    labels: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]


@frozen(kw_only=True)
class _Counts:
    valid_count: int
    missing_count: int
    extra_count: int
    total_count: int
    ds_count: int
    gt_count: int
    confusion_matrix: _Matrix | None = None
    mean_iou: float = 0.0


@frozen(kw_only=True)
class _Labels:
    valid_count: int
    invalid_count: int


@frozen(kw_only=True)
class _Components:
    shape: _Counts
    label: _Labels


@frozen(kw_only=True)
class _Conflict:
    frame_id: int
    type: models.AnnotationConflictType
    annotation_ids: tuple[models.AnnotationId, ...]


@frozen(kw_only=True)
class _Frame:
    conflicts: tuple[_Conflict, ...]
    annotations: _Counts
    annotation_components: _Components


@frozen(kw_only=True)
class _Jobs:
    all: frozenset[int]
    excluded: frozenset[int]
    not_checkable: frozenset[int]


@frozen(kw_only=True)
class _Tasks:
    all: frozenset[int]
    custom: frozenset[int]
    not_configured: frozenset[int]
    excluded: frozenset[int]


@frozen(kw_only=True)
class _Summary:
    frames: tuple[int, ...] = ()
    frame_count: int
    total_frames: int
    conflicts_by_type: dict[str, int]
    annotations: _Counts
    annotation_components: _Components
    jobs: _Jobs | None = None
    tasks: _Tasks | None = None


@frozen(kw_only=True)
class _Person:
    id: int


@frozen(kw_only=True)
class _Report:
    id: int
    job_id: int | None = None
    task_id: int | None = None
    project_id: int | None = None
    parent_id: int | None = None
    created_date: str
    target_last_updated: str
    gt_last_updated: str | None = None
    assignee: _Person | None
    parameters: dict[str, JSON]
    comparison_summary: _Summary
    conflicts: tuple[_Conflict, ...]
    frame_results: dict[str, _Frame] = field(factory=dict[str, "_Frame"])


def with_downloaded(world: World, content: bytes) -> World:
    """The world in which there is a report as it was downloaded.

    :param content: the file; one that is no such report tells nothing.
    """
    match loads(_Report, content):
        case Success(seen):
            return _with(world, seen)
        case Failure():
            return world


def _with(world: World, seen: _Report) -> World:
    world = with_report_on(world, seen.job_id, seen.task_id, seen.project_id)
    assignee = None if seen.assignee is None else seen.assignee.id
    known = world.reports.get(seen.id)
    gt_updated = seen.gt_last_updated
    made = Report(
        id=seen.id,
        target="job" if seen.job_id else "task" if seen.task_id else "project",
        job=seen.job_id,
        task=None if seen.job_id else seen.task_id,
        project=None if seen.task_id else seen.project_id,
        parents=() if seen.parent_id is None else (seen.parent_id,),
        created=datetime.fromisoformat(seen.created_date),
        target_updated=datetime.fromisoformat(seen.target_last_updated),
        gt_updated=None if gt_updated is None else datetime.fromisoformat(gt_updated),
        assignee=assignee,
        comparison=_comparison(world, seen),
        first_conflict=0 if known is None else known.first_conflict,
    )
    world = with_account(world, assignee)
    return evolve(world, reports=put(world.reports, seen.id, made))


def _comparison(world: World, seen: _Report) -> Comparison:
    summary, parameters = seen.comparison_summary, seen.parameters
    settings = settings_for(world, seen.job_id, seen.task_id, seen.project_id)
    settings = evolve(
        settings, flat=_flat(parameters), job_filter=str(parameters.get("job_filter", ""))
    )
    total = _result(summary.annotations, summary.annotation_components, _told(seen))
    frames = [
        (int(number), _result(each.annotations, each.annotation_components, each.conflicts))
        for number, each in seen.frame_results.items()
    ]
    check = Checked(requirement=None, frames=tuple(frames), total=total, calculation=COMPUTED)
    jobs, tasks = summary.jobs, summary.tasks
    return Comparison(
        settings=settings,
        inherited=bool(parameters.get("inherited")),
        frames=summary.frames,
        frame_count=summary.frame_count,
        total_frames=summary.total_frames,
        checks=(check,),
        jobs=None
        if jobs is None
        else JobCounts(all=jobs.all, excluded=jobs.excluded, not_checkable=jobs.not_checkable),
        tasks=None
        if tasks is None
        else TaskCounts(
            all=tasks.all,
            custom=tasks.custom,
            not_configured=tasks.not_configured,
            excluded=tasks.excluded,
        ),
    )


def _flat(parameters: Mapping[str, JSON]) -> FlatSettings:
    names = unstructure(FlatSettings())
    told = {name: value for name, value in parameters.items() if name in names}
    return structure(FlatSettings, {**names, **told}).unwrap()


def _told(seen: _Report) -> Sequence[_Conflict]:
    """The conflicts of a report; those on projects do not list them, and only count."""
    return seen.conflicts or [
        _Conflict(frame_id=index, type=models.AnnotationConflictType(name), annotation_ids=())
        for name, count in seen.comparison_summary.conflicts_by_type.items()
        for index in range(count)
    ]


def _result(
    annotations: _Counts, components: _Components, conflicts: Sequence[_Conflict]
) -> Result:
    matrix = annotations.confusion_matrix
    return Result(
        confusion=NOBODY if matrix is None else Confusion(matrix.labels[:-1], matrix.rows),
        tally=_tally(annotations),
        shapes=_tally(components.shape),
        labels=(components.label.valid_count, components.label.invalid_count),
        likenesses=components.shape.mean_iou,
        looks=1,
        conflicts=tuple(
            Conflict(each.frame_id, each.type, each.annotation_ids) for each in conflicts
        ),
    )


def _tally(counts: _Counts) -> Tally:
    return Tally(
        valid=counts.valid_count,
        missing=counts.missing_count,
        extra=counts.extra_count,
        total=counts.total_count,
        given=counts.ds_count,
        truth=counts.gt_count,
    )
