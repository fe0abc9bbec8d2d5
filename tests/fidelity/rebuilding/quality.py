"""Quality settings, reports and conflicts, and settings of consensus, from what answers tell.

Rule: a report says how many conflicts of which type it has; which ones they are, only the listing
of conflicts and the downloaded report say. Where these are silent, there are as many as were
counted, on things that are made up. Counts that 2.80's models have no word for are lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.unset import Unset
from cvatfn.testing.sandbox.areas.quality.checking import COMPUTED
from cvatfn.testing.sandbox.measuring.conflicts import Conflict
from cvatfn.testing.sandbox.measuring.results import Result
from cvatfn.testing.sandbox.measuring.scores import confusion_of
from cvatfn.testing.sandbox.state.annotated import Job
from cvatfn.testing.sandbox.state.quality import (
    Checked,
    Comparison,
    ConsensusSettings,
    JobCounts,
    QualitySettings,
    Report,
    TaskCounts,
)
from cvatfn.testing.sandbox.state.world import World, dropped, put
from tests.fidelity.rebuilding.annotated import (
    BEYOND,
    with_job,
    with_media,
    with_project,
    with_task,
)
from tests.fidelity.rebuilding.people import with_account
from tests.fidelity.recorded import Recorded

__all__ = [
    "conflict",
    "conflicts_in",
    "consensus_settings",
    "report",
    "settings",
    "settings_for",
    "with_report",
    "with_report_on",
]

MANY: Final = 200
"""Conflicts of one report whose ids are further apart than this were told of different ones."""


def with_report(world: World, number: int) -> World:
    """The world in which there is a report of an id, on a task that it has to itself.

    :param number: the id.
    """
    if number in world.reports:
        return world
    task = BEYOND + number
    return _kept(with_report_on(world, None, task, None), _blank(world, number, None, task, None))


def with_report_on(world: World, job: int | None, task: int | None, project: int | None) -> World:
    """The world in which there is what a report is on.

    :param job: the id of a job; it is in the task.
    :param task: the id of a task; it is in the project, or in none.
    :param project: the id of a project.
    """
    world = with_project(world, project)
    if task is not None:
        world = with_media(world, task)
        inside = evolve(world.tasks[task], project=project)
        world = evolve(world, tasks=put(world.tasks, task, inside))
    if job is None:
        return world
    if task is None:
        return with_job(world, job)
    made = world.jobs.get(job) or Job(
        id=job, task=task, start=0, stop=0, created=world.now, updated=world.now
    )
    return evolve(world, jobs=put(world.jobs, job, evolve(made, task=task)))


def settings_for(
    world: World, job: int | None, task: int | None, project: int | None
) -> QualitySettings:
    """The settings that a report was computed by, as far as they are known.

    :param job: the id of the job that it is on.
    :param task: the id of the task.
    :param project: the id of the project.
    """
    inside = world.jobs[job].task if task is None and job is not None else task
    for known in world.quality_settings.values():
        if inside == known.task if inside is not None else project == known.project:
            return known
    of = None if inside is not None else project
    return QualitySettings(id=0, task=inside, project=of, created=world.now, updated=world.now)


def conflicts_in(world: World) -> Mapping[int, Conflict]:
    """The conflicts of all reports on jobs, by id.

    :param world: where the reports are.
    """
    return {
        each.first_conflict + index: conflict
        for each in world.reports.values()
        if each.job is not None
        for index, conflict in enumerate(each.comparison.total.conflicts)
    }


def settings(world: World, seen: models.QualitySettings, _: Recorded) -> World:
    """Settings of a task or a project, which has no others."""
    world = with_project(world, seen.project_id)
    world = world if seen.task_id is None else with_task(world, seen.task_id)
    owner = seen.task_id, seen.project_id
    others = [
        key for key, each in world.quality_settings.items() if (each.task, each.project) == owner
    ]
    made = QualitySettings(
        id=seen.id,
        task=seen.task_id,
        project=seen.project_id,
        job_filter=seen.job_filter,
        inherit=seen.inherit,
        max_validations_per_job=seen.max_validations_per_job,
        created=seen.created_date,
        updated=seen.updated_date,
    )
    kept = put(dropped(world.quality_settings, *others), seen.id, made)
    return evolve(world, quality_settings=kept)


def consensus_settings(world: World, seen: models.ConsensusSettings, _: Recorded) -> World:
    """How the replicas in a task are merged."""
    world = with_task(world, seen.task_id)
    others = [key for key, each in world.consensus_settings.items() if each.task == seen.task_id]
    made = ConsensusSettings(id=seen.id, task=seen.task_id, iou_threshold=seen.iou_threshold)
    kept = put(dropped(world.consensus_settings, *others), seen.id, made)
    return evolve(world, consensus_settings=kept)


def report(world: World, seen: models.QualityReport, _: Recorded) -> World:
    """A report in brief; its conflicts, if they are known and are those that were counted."""
    world = with_report_on(world, seen.job_id, seen.task_id, seen.project_id)
    world = with_account(world, None if seen.assignee is None else seen.assignee.id)
    known = world.reports.get(seen.id)
    blank = _blank(world, seen.id, seen.job_id, seen.task_id, seen.project_id)
    conflicts = () if known is None else known.comparison.total.conflicts
    counted = _counted(seen.summary)
    if known is None or known.job != blank.job or Result(conflicts=conflicts).by_type != counted:
        conflicts = tuple(_made_up(seen, counted))
        first = max(conflicts_in(world), default=0) + 1
    else:
        first = known.first_conflict
    made = evolve(
        blank,
        parents=() if seen.parent_id is None else (seen.parent_id,),
        created=seen.created_date,
        target_updated=seen.target_last_updated,
        gt_updated=seen.gt_last_updated,
        assignee=None if seen.assignee is None else seen.assignee.id,
        comparison=_comparison(blank.comparison, seen.summary, conflicts),
        first_conflict=first,
    )
    return _kept(world, made)


def conflict(world: World, seen: models.AnnotationConflict, _: Recorded) -> World:
    """A conflict in its report, which is on the job that was judged."""
    job = min((each.job_id for each in seen.annotation_ids), default=0)
    known = world.reports.get(seen.report_id)
    if known is None or known.job is None:
        world = with_job(world, job, seen.frame + 1)
        known = _blank(world, seen.report_id, job, None, None)
    told = Conflict(seen.frame, seen.type, seen.annotation_ids, seen.attribute_names or ())
    others = known.comparison.total.conflicts
    first = known.first_conflict
    near = first - MANY < seen.id < first + len(others) + MANY
    if not near or all(map(_is_made_up, others)):
        first, others = seen.id, ()
    numbered = {first + index: each for index, each in enumerate(others)} | {seen.id: told}
    first, last = min(numbered), max(numbered)
    whole = tuple(numbered.get(number) or _like(told, number) for number in range(first, last + 1))
    comparison = evolve(known.comparison, checks=(_checked(known.comparison, whole),))
    return _kept(world, evolve(known, comparison=comparison, first_conflict=first))


def _kept(world: World, made: Report) -> World:
    return evolve(world, reports=put(world.reports, made.id, made))


def _blank(
    world: World, number: int, job: int | None, task: int | None, project: int | None
) -> Report:
    """A report that has found nothing."""
    return Report(
        id=number,
        target="job" if job is not None else "task" if task is not None else "project",
        job=job,
        task=None if job is not None else task,
        project=None if job is not None or task is not None else project,
        created=world.now,
        target_updated=world.now,
        gt_updated=world.now,
        comparison=Comparison(
            settings=settings_for(world, job, task, project),
            checks=(Checked(requirement=None, calculation=COMPUTED),),
        ),
    )


def _counted(summary: models.QualityReportSummary) -> Mapping[str, int]:
    return {name: count for name, count in summary.conflicts_by_type.items() if count}


def _comparison(
    before: Comparison, summary: models.QualityReportSummary, conflicts: tuple[Conflict, ...]
) -> Comparison:
    jobs, tasks = summary.jobs, summary.tasks
    return evolve(
        before,
        frames=tuple(range(summary.validation_frames)),
        frame_count=summary.validation_frames,
        total_frames=summary.total_frames,
        checks=(_checked(before, conflicts),),
        jobs=None if isinstance(jobs, Unset) else _jobs(jobs),
        tasks=None if isinstance(tasks, Unset) else _tasks(tasks),
    )


def _checked(before: Comparison, conflicts: tuple[Conflict, ...]) -> Checked:
    """What a comparison came to: as it is known, with other conflicts."""
    (check, *_) = before.checks
    pairs = [_taking(each.type) for each in conflicts]
    confusion = confusion_of((), pairs)
    frames: dict[int, Result] = {}
    for each in conflicts:
        frames[each.frame] = frames.get(each.frame, Result()).plus(Result(conflicts=(each,)))
    return evolve(
        check,
        frames=tuple(sorted(frames.items())),
        total=Result(conflicts=conflicts, confusion=confusion, tally=confusion.tally),
    )


def _taking(kind: models.AnnotationConflictType) -> tuple[str | None, str | None]:
    """Who was taken for whom where a conflict of a type is told."""
    match kind:
        case models.AnnotationConflictType.MISSING_ANNOTATION:
            return None, "label"
        case models.AnnotationConflictType.EXTRA_ANNOTATION:
            return "label", None
        case models.AnnotationConflictType.MISMATCHING_LABEL:
            return "label", "another label"
        case _:
            return "label", "label"


def _made_up(seen: models.QualityReport, counted: Mapping[str, int]) -> Iterator[Conflict]:
    kinds = [
        models.AnnotationConflictType(name) for name, count in counted.items() for _ in range(count)
    ]
    for index, kind in enumerate(kinds):
        yield Conflict(0, kind, (_thing(BEYOND + index, seen.job_id or 0),))


def _like(told: Conflict, number: int) -> Conflict:
    """A conflict of which no more is known than that it was counted between two others."""
    job = min((each.job_id for each in told.annotation_ids), default=0)
    return evolve(told, annotation_ids=(_thing(BEYOND + number, job),))


def _is_made_up(conflict: Conflict) -> bool:
    return all(each.obj_id >= BEYOND for each in conflict.annotation_ids)


def _thing(number: int, job: int) -> models.AnnotationId:
    return models.AnnotationId(
        obj_id=number,
        job_id=job,
        type=models.AnnotationConflictAnnotationType.SHAPE,
        shape_type=models.ShapeType.RECTANGLE,
    )


def _jobs(seen: models.QualityReportJobsSummary) -> JobCounts:
    return JobCounts(
        all=_some(seen.total),
        excluded=_some(seen.excluded),
        not_checkable=_some(seen.not_checkable),
        completed=_some(0 if isinstance(seen.completed, Unset) else seen.completed),
    )


def _tasks(seen: models.QualityReportTasksSummary) -> TaskCounts:
    return TaskCounts(
        all=_some(seen.total),
        custom=_some(seen.custom),
        not_configured=_some(seen.not_configured),
        excluded=_some(seen.excluded),
        completed=_some(0 if isinstance(seen.completed, Unset) else seen.completed),
    )


def _some(count: int) -> frozenset[int]:
    """As many ids as were counted; whose they are was not told."""
    return frozenset(range(1, count + 1))
