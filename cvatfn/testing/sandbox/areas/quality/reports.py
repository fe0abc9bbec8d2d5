"""Quality reports and the conflicts in them: begin to compute, list, look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.background import begun
from cvatfn.testing.sandbox.areas.quality.looking import ground_truth
from cvatfn.testing.sandbox.areas.quality.scope import is_in_project, not_one, seen, without
from cvatfn.testing.sandbox.areas.quality.standing import (
    may_see_report,
    organization_of,
    place_of,
)
from cvatfn.testing.sandbox.areas.quality.summing import shown
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.permitting import may_see_job, may_see_project, may_see_task
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, invalid, missing
from cvatfn.testing.sandbox.measuring.conflicts import Conflict
from cvatfn.testing.sandbox.state.quality import Report
from cvatfn.testing.sandbox.state.works import CalculateQuality
from cvatfn.testing.sandbox.state.world import World, dropped

__all__ = ["create", "list_conflicts", "list_reports", "retrieve"]

NO_GROUND_TRUTH: Final = (
    "Quality reports require a Ground Truth job in the task at the acceptance stage and in the "
    "completed state"
)
DEPRECATED: Final = ("Deprecation", "@1742169600")
"""Since when the state of background work is asked for elsewhere (RFC 9745)."""


def create(world: World, asked: Asked) -> Done:
    """Begin to compute a report, or, as old clients do, ask how far that is."""
    number = asked.given("rq_id", str)
    if number is not None:
        return _progress(world, asked, number)
    kind = models.QualityReportCreateRequest
    sent = asked.given("quality_report_create_request", kind)
    task = sent.task_id if sent is not None and isinstance(sent.task_id, int) else None
    project = sent.project_id if sent is not None and isinstance(sent.project_id, int) else None
    wrong = not_one(task_id=task, project_id=project)
    if wrong is not None:
        return wrong
    if task is not None:
        if task not in world.tasks:
            return missing("Task")
        allowed = may_see_task(world, asked.account, world.tasks[task])
        work = CalculateQuality(target="task", id=task)
    else:
        if project is None or project not in world.projects:
            return missing("Project")
        allowed = may_see_project(world, asked.account, world.projects[project])
        work = CalculateQuality(target="project", id=project)
    if not allowed:
        return forbidden()
    if task is not None and ground_truth(world, task) is None:
        return invalid(NO_GROUND_TRUTH)
    name = f"action=calculate&target={work.target}&target_id={work.id}&subresource=quality"
    return begun(world, asked, name, work)


def list_reports(world: World, asked: Asked) -> Done:
    """The reports on what one may see; those of a task or a project with all that they are of."""
    match _seen(world, asked):
        case Failure() as refusal:
            return refusal
        case Success():
            pass
    parent, task = asked.given("parent_id", int), asked.given("task_id", int)
    target = asked.params.get("target")

    def is_wanted(report: Report) -> bool:
        place = place_of(world, report)
        return (
            may_see_report(world, asked.account, report)
            and asked.is_within(organization_of(world, place.task, place.project))
            and is_in_project(world, asked, place.task, place.project)
            and task in (None, place.task)
            and (target is None or str(target) == report.target)
            and (parent is None or parent in _ancestors(world, report))
        )

    rows = [report for report in world.reports.values() if is_wanted(report)]
    columns = _report_columns(world)
    asked = without(asked, "task_id", "project_id")
    return paged(world, asked, rows, columns, lambda row: shown(world, asked, row))


def retrieve(world: World, asked: Asked, report: Report) -> Done:
    """One report in brief."""
    return done(world, shown(world, asked, report))


def list_conflicts(world: World, asked: Asked) -> Done:
    """The conflicts of one report and of all that are part of it, or all that one may see."""
    number = asked.given("report_id", int)
    if number is not None:
        report = world.reports.get(number)
        if report is None:
            return missing("QualityReport")
        if not may_see_report(world, asked.account, report):
            return forbidden()

    def is_wanted(report: Report) -> bool:
        place = place_of(world, report)
        return (
            report.job is not None
            and may_see_report(world, asked.account, report)
            and asked.is_within(organization_of(world, place.task, place.project))
            and number in (None, report.id, *_ancestors(world, report))
        )

    rows = [row for report in world.reports.values() if is_wanted(report) for row in _rows(report)]
    return paged(world, asked, rows, _conflict_columns(world), _shown_conflict)


@frozen
class _Row:
    """A conflict with its id, and the report that it is in."""

    id: int
    report: Report
    conflict: Conflict


def _rows(report: Report) -> Iterator[_Row]:
    for index, conflict in enumerate(report.comparison.total.conflicts):
        yield _Row(report.first_conflict + index, report, conflict)


def _shown_conflict(row: _Row) -> models.AnnotationConflict:
    return models.AnnotationConflict(
        id=row.id,
        frame=row.conflict.frame,
        type=row.conflict.type,
        annotation_ids=row.conflict.annotation_ids,
        report_id=row.report.id,
        severity=row.conflict.severity,
        attribute_names=row.conflict.attribute_names,
    )


def _ancestors(world: World, report: Report) -> Iterator[int]:
    """The reports that a report is a part of, and those that these are parts of."""
    for number in report.parents:
        yield number
        if number in world.reports:
            yield from world.reports[number].parents


def _seen(world: World, asked: Asked) -> Outcome[None, Refusal]:
    parent, number = asked.given("parent_id", int), asked.given("job_id", int)
    if parent is not None and parent not in world.reports:
        return missing("QualityReport")
    if number is not None:
        if number not in world.jobs:
            return missing("Job")
        if not may_see_job(world, asked.account, world.jobs[number]):
            return forbidden()
    return seen(world, asked)


def _progress(world: World, asked: Asked, number: str) -> Done:
    """How far a report is, as releases before the listing of requests were asked."""
    work = world.backgrounds.get(number)
    if work is None or work.user != asked.account.id or not isinstance(work.work, CalculateQuality):
        return Failure(Refusal(404, "Unknown request id", (DEPRECATED,)))
    if work.finished is None:
        return done(world, models.RqId(rq_id=number), 202, DEPRECATED)
    report = world.reports.get(work.result_id or 0)
    if work.failure is not None or report is None:
        why = work.failure or "No report has been computed"
        return Failure(Refusal(500, why, (DEPRECATED,)))
    world = evolve(world, backgrounds=dropped(world.backgrounds, number))
    return done(world, shown(world, asked, report), 201, DEPRECATED)


def _report_columns(world: World) -> Columns[Report]:
    return {
        "id": lambda row: row.id,
        "job_id": lambda row: row.job,
        "task_id": lambda row: place_of(world, row).task,
        "project_id": lambda row: place_of(world, row).project,
        "created_date": lambda row: row.created,
        "gt_last_updated": lambda row: row.gt_updated,
        "target_last_updated": lambda row: row.target_updated,
    }


def _conflict_columns(world: World) -> Columns[_Row]:
    return {
        "id": lambda row: row.id,
        "frame": lambda row: row.conflict.frame,
        "type": lambda row: row.conflict.type.value,
        "severity": lambda row: row.conflict.severity.value,
        "job_id": lambda row: row.report.job,
        "task_id": lambda row: place_of(world, row.report).task,
        "project_id": lambda row: place_of(world, row.report).project,
    }
