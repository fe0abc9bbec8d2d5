"""Computing reports: what background work does for quality.

Rule: a report on a task is the sum of the reports on its jobs; one on a project that of its tasks,
each weighed by how much of it was validated. Reports on tasks that are still good are not computed
again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve, frozen

from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.quality.checking import (
    checks_of,
    compared_job,
    foremost,
    unchecked,
)
from cvatfn.testing.sandbox.areas.quality.choosing import is_included
from cvatfn.testing.sandbox.areas.quality.looking import ground_truth, jobs_to_judge
from cvatfn.testing.sandbox.areas.quality.scoring import meets
from cvatfn.testing.sandbox.areas.quality.standing import requirements_in, settings_of, standing
from cvatfn.testing.sandbox.measuring.results import Result, summed
from cvatfn.testing.sandbox.state.annotated import Job, Project, Task
from cvatfn.testing.sandbox.state.quality import (
    Checked,
    Comparison,
    JobCounts,
    Report,
    TaskCounts,
)
from cvatfn.testing.sandbox.state.works import Background, CalculateQuality
from cvatfn.testing.sandbox.state.world import World, put

__all__ = ["make_report"]


def make_report(
    world: World, background: Background, work: CalculateQuality
) -> Outcome[World, str]:
    """Compute a report.

    :param world: before.
    :param background: the work that waits for it.
    :param work: what it is to be on.
    :returns: the world with the report, or why there is none; a task whose ground truth is not
        accepted any more has none, and that is no failure.
    """
    world = standing(world)
    task, project = world.tasks.get(work.id), world.projects.get(work.id)
    if work.target == "task" and task is not None:
        made = _of_task(world, task)
    elif work.target == "project" and project is not None:
        made = _of_project(world, project)
    else:
        return Failure(f"the {work.target} is gone")
    finished = evolve(background, result_id=None if made.report is None else made.report.id)
    backgrounds = put(made.world.backgrounds, background.id, finished)
    return Success(evolve(made.world, backgrounds=backgrounds))


@frozen
class _Made:
    """A report that was computed, and the world that has it."""

    world: World
    report: Report | None


def _of_task(world: World, task: Task) -> _Made:
    truth = ground_truth(world, task.id)
    if truth is None:
        return _Made(world, None)
    settings = settings_of(world, task)
    checks = checks_of(world, settings, task.id)
    jobs = jobs_to_judge(world, task.id)
    judged = [job for job in jobs if is_included(world, job, settings.job_filter)]
    found = [(job, compared_job(world, settings, checks, truth, job)) for job in judged]
    comparison = Comparison(
        settings=settings,
        inherited=settings.task is None,
        frames=tuple(sorted({frame for _, each in found for frame in each.frames})),
        frame_count=sum(each.frame_count for _, each in found),
        total_frames=sum(each.total_frames for _, each in found),
        checks=tuple(map(_joined, _by_check(found))) or unchecked(world, settings),
        requirements=len(requirements_in(world, settings.id)),
        jobs=_job_counts(jobs, found),
    )
    world, number = world.numbered("report")
    report = Report(
        id=number,
        target="task",
        task=task.id,
        created=world.now,
        target_updated=task.updated,
        gt_updated=truth.updated,
        assignee=task.assignee,
        comparison=comparison,
    )
    world = evolve(world, reports=put(world.reports, number, report))
    for job, each in found:
        world = _with_job(world, report, truth, job, evolve(each, inherited=comparison.inherited))
    return _Made(world, report)


def _with_job(world: World, parent: Report, truth: Job, job: Job, comparison: Comparison) -> World:
    world, number = world.numbered("report")
    first = world.ids.get("conflict", 0) + 1
    report = Report(
        id=number,
        target="job",
        job=job.id,
        parents=(parent.id,),
        created=world.now,
        target_updated=job.updated,
        gt_updated=truth.updated,
        assignee=job.assignee,
        comparison=comparison,
        first_conflict=first,
    )
    last = first - 1 + len(comparison.total.conflicts)
    ids = put(world.ids, "conflict", last)
    return evolve(world, reports=put(world.reports, number, report), ids=ids)


def _by_check(found: Sequence[tuple[Job, Comparison]]) -> Iterable[tuple[Checked, ...]]:
    return zip(*(each.checks for _, each in found), strict=True)


def _joined(checks: Sequence[Checked]) -> Checked:
    """What the same comparison came to in several jobs, together."""
    frames: dict[int, Result] = {}
    calculation = checks[0].calculation
    for check in checks:
        calculation = foremost(calculation, check.calculation)
        for frame, result in check.frames:
            frames[frame] = frames[frame].plus(result) if frame in frames else result
    return Checked(
        requirement=checks[0].requirement,
        frames=tuple(sorted(frames.items())),
        total=summed(check.total for check in checks),
        calculation=calculation,
    )


def _job_counts(jobs: Sequence[Job], found: Sequence[tuple[Job, Comparison]]) -> JobCounts:
    everyone = frozenset(job.id for job in jobs)
    judged = {job.id: each for job, each in found}
    return JobCounts(
        all=everyone,
        excluded=everyone - judged.keys(),
        not_checkable=frozenset(key for key, each in judged.items() if not each.frame_count),
        completed=frozenset(key for key, each in judged.items() if meets(each)),
    )


def _of_project(world: World, project: Project) -> _Made:
    tasks = [task for task in world.tasks.values() if task.project == project.id]
    reports: dict[int, Report] = {}
    for task in tasks:
        report = _still_good(world, task)
        if report is None:
            made = _of_task(world, task)
            world, report = made.world, made.report
        if report is not None:
            reports[task.id] = report
    settings = next(each for each in world.quality_settings.values() if each.project == project.id)
    counts = _task_counts(tasks, reports)
    included = reports.keys() - counts.custom - counts.excluded
    inside = [reports[key].comparison for key in sorted(included)]
    comparison = Comparison(
        settings=settings,
        frame_count=sum(each.frame_count for each in inside),
        total_frames=sum(each.total_frames for each in inside),
        checks=tuple(_weighed(inside)) or unchecked(world, settings),
        requirements=len(requirements_in(world, settings.id)),
        jobs=_all_jobs([each.jobs for each in inside if each.jobs is not None]),
        tasks=counts,
    )
    world, number = world.numbered("report")
    whole = Report(
        id=number,
        target="project",
        project=project.id,
        created=world.now,
        target_updated=project.updated,
        gt_updated=None,
        comparison=comparison,
    )
    children = {each.id: evolve(each, parents=(*each.parents, number)) for each in reports.values()}
    return _Made(evolve(world, reports={**world.reports, **children, number: whole}), whole)


def _still_good(world: World, task: Task) -> Report | None:
    """The last report on a task, if neither the task nor what it is judged by was changed since."""
    last = max(
        (each for each in world.reports.values() if each.task == task.id),
        key=lambda each: each.id,
        default=None,
    )
    if last is None or ground_truth(world, task.id) is None:
        return None
    changed = max(task.updated, settings_of(world, task).updated)
    return last if last.target_updated >= changed else None


def _task_counts(tasks: Sequence[Task], reports: Mapping[int, Report]) -> TaskCounts:
    everyone = frozenset(task.id for task in tasks)
    custom = frozenset(key for key, each in reports.items() if not each.comparison.inherited)
    without_jobs = frozenset(
        key
        for key, each in reports.items()
        if each.comparison.jobs is None
        or not each.comparison.jobs.all - each.comparison.jobs.excluded
    )
    return TaskCounts(
        all=everyone,
        custom=custom,
        not_configured=everyone - reports.keys(),
        excluded=without_jobs - custom,
        completed=frozenset(key for key, each in reports.items() if meets(each.comparison)),
    )


def _all_jobs(counts: Sequence[JobCounts]) -> JobCounts:
    return JobCounts(
        all=frozenset[int]().union(*(each.all for each in counts)),
        excluded=frozenset[int]().union(*(each.excluded for each in counts)),
        not_checkable=frozenset[int]().union(*(each.not_checkable for each in counts)),
        completed=frozenset[int]().union(*(each.completed for each in counts)),
    )


def _weighed(tasks: Sequence[Comparison]) -> Iterable[Checked]:
    """What the same comparison came to in several tasks, as if all their frames were validated."""
    totals: dict[int, Checked] = {}
    for task in tasks:
        weight = 1 / (task.frame_share or 1)
        for check in task.checks:
            key = 0 if check.requirement is None else check.requirement.id
            before = totals.get(key, evolve(check, frames=(), total=Result()))
            totals[key] = evolve(
                before,
                total=before.total.plus(check.total.weighed(weight)),
                calculation=foremost(before.calculation, check.calculation),
            )
    return totals.values()
