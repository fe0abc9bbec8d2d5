"""All that a report says.

Rule: the shape is CVAT's, of both generations at once; dates are written as Python writes them.
Where the conflicts of a frame name annotations, links lead to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from cvatfn import models
from cvatfn.codecs.json import unstructure
from cvatfn.testing.sandbox.areas.quality.flat import flat_parameters
from cvatfn.testing.sandbox.areas.quality.matrices import matrix
from cvatfn.testing.sandbox.areas.quality.scoring import components, score_of, standings
from cvatfn.testing.sandbox.areas.quality.standing import place_of
from cvatfn.testing.sandbox.areas.quality.summing import included, included_tasks
from cvatfn.testing.sandbox.gates.asking import Asked, basic_user
from cvatfn.testing.sandbox.measuring.conflicts import Conflict
from cvatfn.testing.sandbox.measuring.results import Result
from cvatfn.testing.sandbox.measuring.scores import NOBODY, Tally
from cvatfn.testing.sandbox.state.quality import (
    Checked,
    Comparison,
    JobCounts,
    Report,
    Requirement,
    TaskCounts,
)
from cvatfn.testing.sandbox.state.world import World

__all__ = ["contents", "head"]

Object: TypeAlias = dict[str, object]
Linked: TypeAlias = Callable[[Conflict], Object]


def head(world: World, asked: Asked, report: Report) -> Object:
    """What a report is on and when it was made; what it is not on is left out.

    :param report: the report.
    """
    place = place_of(world, report)
    ids = {
        "id": report.id,
        "job_id": report.job,
        "task_id": place.task,
        "project_id": place.project,
        "parent_id": min(report.parents, default=None),
    }
    dates = {
        "created_date": report.created,
        "target_last_updated": report.target_updated,
        "gt_last_updated": report.gt_updated,
    }
    assignee = basic_user(world, asked, report.assignee)
    return {
        **{name: number for name, number in ids.items() if number is not None},
        **{name: str(date) for name, date in dates.items() if date is not None},
        "assignee": None if assignee is None else _without_url(assignee),
    }


def contents(world: World, asked: Asked, report: Report) -> Object:
    """What a report says.

    :param report: the report.
    """
    comparison = report.comparison
    whole = report.target != "project"
    linked = _linking(world, asked)
    frames: dict[int, Result] = {}
    for check in comparison.checks:
        for frame, result in check.frames:
            frames[frame] = frames[frame].plus(result) if frame in frames else result
    told = [_conflict(each) for each in comparison.total.conflicts] if whole else []
    results = {str(frame): _frame(result, linked) for frame, result in sorted(frames.items())}
    return {
        "parameters": flat_parameters(comparison.settings, inherited=comparison.inherited),
        "comparison_summary": _summary(report),
        **({"frame_results": results} if whole else {}),
        "conflicts": told,
        "groups": dict(_groups(comparison, linked)),
    }


def _without_url(user: models.BasicUser) -> Object:
    shown = unstructure(user)
    del shown["url"]
    return shown


def _summary(report: Report) -> Object:
    comparison, total = report.comparison, report.comparison.total
    # CVAT's own adds nothing up here but in reports on jobs
    mean = total.mean_iou if report.target == "job" else 0.0
    share = comparison.frame_share
    return {
        **({} if report.target == "project" else {"frames": list(comparison.frames)}),
        "total_frames": comparison.total_frames,
        **_counted(total),
        **_annotations(total, mean),
        "tasks": None if comparison.tasks is None else _tasks(comparison.tasks),
        "jobs": None if comparison.jobs is None else _jobs(comparison.jobs),
        "requirements": unstructure(standings(comparison)),
        "mean_conflict_count": len(total.conflicts) / (comparison.frame_count or 1),
        "frame_count": comparison.frame_count,
        "frame_share": share,
        "frame_share_percent": share * 100,
        "validation_frames": comparison.frame_count,
        "validation_frame_share": share,
        "validation_frame_share_percent": share * 100,
    }


def _frame(result: Result, linked: Linked) -> Object:
    return {
        "conflicts": [linked(conflict) for conflict in result.conflicts],
        **_annotations(result, result.mean_iou),
        **_counted(result),
    }


def _counted(result: Result) -> Object:
    return {
        "conflict_count": len(result.conflicts),
        "warning_count": result.warnings,
        "error_count": len(result.conflicts) - result.warnings,
        "conflicts_by_type": dict(result.by_type),
    }


def _annotations(result: Result, mean_iou: float) -> Object:
    valid, invalid = result.labels
    shapes = _counts(result.shapes)
    return {
        "annotations": {
            **_counts(result.tally),
            "confusion_matrix": None if result.confusion == NOBODY else matrix(result.confusion),
            "accuracy": result.tally.accuracy,
            "precision": result.tally.precision,
            "recall": result.tally.recall,
        },
        "annotation_components": {
            "shape": {**shapes, "mean_iou": mean_iou, "accuracy": result.shapes.accuracy},
            "label": {
                "valid_count": valid,
                "invalid_count": invalid,
                "total_count": valid + invalid,
                "accuracy": valid / (valid + invalid or 1),
            },
        },
    }


def _counts(tally: Tally) -> Object:
    return {
        "valid_count": tally.valid,
        "missing_count": tally.missing,
        "extra_count": tally.extra,
        "total_count": tally.total,
        "ds_count": tally.given,
        "gt_count": tally.truth,
    }


def _jobs(jobs: JobCounts) -> Object:
    lists = {
        "all": jobs.all,
        "excluded": jobs.excluded,
        "not_checkable": jobs.not_checkable,
        "completed": jobs.completed,
    }
    return {**_listed(lists), "included_count": included(jobs)}


def _tasks(tasks: TaskCounts) -> Object:
    lists = {
        "all": tasks.all,
        "custom": tasks.custom,
        "not_configured": tasks.not_configured,
        "excluded": tasks.excluded,
        "completed": tasks.completed,
    }
    return {**_listed(lists), "included_count": included_tasks(tasks)}


def _listed(lists: Mapping[str, frozenset[int]]) -> Object:
    """Ids in order, and how many they are."""
    return {
        **{name: sorted(ids) for name, ids in lists.items()},
        **{f"{'total' if name == 'all' else name}_count": len(ids) for name, ids in lists.items()},
    }


def _groups(comparison: Comparison, linked: Linked) -> Iterator[tuple[str, Object]]:
    for check in comparison.checks:
        if check.requirement is not None:
            yield check.requirement.name, _group(check, check.requirement, linked)


def _group(check: Checked, requirement: Requirement, linked: Linked) -> Object:
    return {
        "parameters": {
            **unstructure(requirement.values),
            "requirement_id": requirement.id,
            "name": requirement.name,
            "filter": requirement.filter,
            "enabled": requirement.enabled,
            "parent_requirement": requirement.parent,
        },
        "comparison_summary": {
            **_counted(check.total),
            "score": score_of(check),
            "score_components": unstructure(components(check)),
            "calculation": unstructure(check.calculation),
            "confusion_matrix": matrix(check.total.confusion),
        },
        "frame_results": {str(frame): _frame(result, linked) for frame, result in check.frames},
    }


def _conflict(conflict: Conflict) -> Object:
    return {
        "frame_id": conflict.frame,
        "type": conflict.type.value,
        "annotation_ids": [unstructure(each) for each in conflict.annotation_ids],
        "severity": conflict.severity.value,
        "attribute_names": list(conflict.attribute_names),
    }


def _linking(world: World, asked: Asked) -> Linked:
    """A function that tells a conflict with links to what it names."""

    def url(conflict: Conflict, each: models.AnnotationId) -> str:
        task = world.jobs[each.job_id].task if each.job_id in world.jobs else 0
        query = f"frame={conflict.frame}&type={each.type.value}&serverID={each.obj_id}"
        return asked.url(f"/tasks/{task}/jobs/{each.job_id}?{query}")

    def linked(conflict: Conflict) -> Object:
        ids = [
            {**unstructure(each), "url": url(conflict, each)} for each in conflict.annotation_ids
        ]
        return {**_conflict(conflict), "annotation_ids": ids}

    return linked
