"""A report in brief.

Rule: the answer has the fields of both generations. Up to 2.73 a report has counts and shares of
everything; since then each requirement has its own.
"""

from __future__ import annotations

from cvatfn import models
from cvatfn.codecs.json import unstructure
from cvatfn.codecs.unset import UNSET
from cvatfn.testing.sandbox.areas.quality.scoring import standings
from cvatfn.testing.sandbox.areas.quality.standing import place_of
from cvatfn.testing.sandbox.gates.asking import Asked, basic_user
from cvatfn.testing.sandbox.state.quality import Comparison, JobCounts, Report, TaskCounts
from cvatfn.testing.sandbox.state.world import World

__all__ = ["included", "included_tasks", "shown"]


def shown(world: World, asked: Asked, report: Report) -> dict[str, object]:
    """A report as listings show it.

    :param report: the report.
    """
    place = place_of(world, report)
    model = models.QualityReport(
        id=report.id,
        job_id=report.job,
        task_id=place.task,
        project_id=place.project,
        parent_id=min(report.parents, default=None),
        target=models.QualityReportTarget(report.target),
        summary=_summary(report.comparison),
        created_date=report.created,
        target_last_updated=report.target_updated,
        gt_last_updated=report.gt_updated,
        assignee=basic_user(world, asked, report.assignee),
    )
    brief = unstructure(model)
    return {**brief, "summary": {**unstructure(model.summary), **_flat(report.comparison)}}


def included(jobs: JobCounts) -> int:
    """How many jobs were looked at.

    :param jobs: the jobs.
    """
    return len(jobs.all - jobs.excluded)


def included_tasks(tasks: TaskCounts) -> int:
    """How many tasks of a project were looked at.

    :param tasks: the tasks.
    """
    return len(tasks.all - tasks.custom - tasks.not_configured - tasks.excluded)


def _summary(comparison: Comparison) -> models.QualityReportSummary:
    total, jobs, tasks = comparison.total, comparison.jobs, comparison.tasks
    return models.QualityReportSummary(
        total_frames=comparison.total_frames,
        validation_frames=comparison.frame_count,
        validation_frame_share=comparison.frame_share,
        conflict_count=len(total.conflicts),
        error_count=len(total.conflicts) - total.warnings,
        conflicts_by_type=dict(total.by_type),
        tasks=UNSET if tasks is None else _tasks(tasks),
        jobs=UNSET if jobs is None else _jobs(jobs),
        requirements=standings(comparison),
    )


def _flat(comparison: Comparison) -> dict[str, object]:
    total = comparison.total
    return {
        "frame_count": comparison.frame_count,
        "frame_share": comparison.frame_share,
        "warning_count": total.warnings,
        "valid_count": total.tally.valid,
        "ds_count": total.tally.given,
        "gt_count": total.tally.truth,
        "total_count": total.tally.total,
        "accuracy": total.tally.accuracy,
        "precision": total.tally.precision,
        "recall": total.tally.recall,
    }


def _jobs(jobs: JobCounts) -> models.QualityReportJobsSummary:
    return models.QualityReportJobsSummary(
        total=len(jobs.all),
        excluded=len(jobs.excluded),
        not_checkable=len(jobs.not_checkable),
        included=included(jobs),
        completed=len(jobs.completed),
    )


def _tasks(tasks: TaskCounts) -> models.QualityReportTasksSummary:
    return models.QualityReportTasksSummary(
        total=len(tasks.all),
        custom=len(tasks.custom),
        not_configured=len(tasks.not_configured),
        excluded=len(tasks.excluded),
        included=included_tasks(tasks),
        completed=len(tasks.completed),
    )
