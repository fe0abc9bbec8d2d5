"""What an exchange implies of quality and consensus before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from attrs import evolve

from cvatfn import models
from cvatfn.testing.sandbox.state.annotated import Job
from cvatfn.testing.sandbox.state.world import World, put
from tests.fidelity.implied.reading import in_body
from tests.fidelity.rebuilding.annotated import BEYOND, with_media
from tests.fidelity.rebuilding.downloaded import with_downloaded
from tests.fidelity.recorded import Recorded

__all__ = [
    "with_ground_truth_as_implied",
    "with_parts_as_listed",
    "with_replicas_as_implied",
    "with_report_that_was_downloaded",
]


def with_report_that_was_downloaded(world: World, recorded: Recorded) -> World:
    """A report that was downloaded said what was in the file."""
    downloaded = _DOWNLOADED.fullmatch(recorded.request.path) is not None
    if not downloaded or recorded.status != 200 or "json" not in recorded.response.content_type:
        return world
    return with_downloaded(world, recorded.response.body)


def with_parts_as_listed(world: World, recorded: Recorded) -> World:
    """What is listed under a report is in it, or in one that is a part of it."""
    query = dict(recorded.request.query)
    whole = query.get("parent_id") or query.get("report_id") or ""
    if recorded.page is None or not whole.isdecimal():
        return world
    above = int(whole)
    for row in recorded.page.results:
        match row:
            case models.QualityReport(id=number) | models.AnnotationConflict(report_id=number):
                world = _as_part(world, number, above)
            case _:
                pass
    return world


def _as_part(world: World, number: int, above: int) -> World:
    report = world.reports[number]
    if above in (number, *report.parents):
        return world
    report = evolve(report, parents=(*report.parents, above))
    return evolve(world, reports=put(world.reports, number, report))


def with_ground_truth_as_implied(world: World, recorded: Recorded) -> World:
    """A task on which a report was begun had accepted ground truth, unless it was refused."""
    task = dict(in_body(recorded)).get("task_id")
    asked = (recorded.request.method, recorded.request.path) == ("POST", "/api/quality/reports")
    if not asked or task is None or recorded.status not in (202, 400):
        return world
    world = with_media(world, task)
    truths = [job for job in world.jobs.values() if job.task == task and job.is_ground_truth]
    if recorded.status == 400:
        return _in_state(world, truths, models.JobStage.ANNOTATION, models.OperationStatus.NEW)
    made = Job(
        id=max(BEYOND, *world.jobs) + 1,
        task=task,
        type=models.JobType.GROUND_TRUTH,
        start=0,
        stop=0,
        created=world.now,
        updated=world.now,
    )
    completed = models.OperationStatus.COMPLETED
    return _in_state(world, truths or [made], models.JobStage.ACCEPTANCE, completed)


def with_replicas_as_implied(world: World, recorded: Recorded) -> World:
    """Where the replicas of a task could not be merged, nobody had begun with any."""
    task = dict(in_body(recorded)).get("task_id")
    asked = (recorded.request.method, recorded.request.path) == ("POST", "/api/consensus/merges")
    if not asked or task is None or recorded.status != 400:
        return world
    replicas = [job for job in world.jobs.values() if job.task == task and job.parent is not None]
    return _in_state(world, replicas, models.JobStage.ANNOTATION, models.OperationStatus.NEW)


def _in_state(
    world: World,
    jobs: Sequence[Job],
    stage: models.JobStage,
    state: models.OperationStatus,
) -> World:
    changed = {job.id: evolve(job, stage=stage, state=state) for job in jobs}
    return evolve(world, jobs={**world.jobs, **changed})


_DOWNLOADED: Final = re.compile(r"/api/quality/reports/[0-9]+/data")
