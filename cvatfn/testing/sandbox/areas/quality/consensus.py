"""Consensus: how the replicas of jobs are merged into the jobs that they are of.

Rule: what was annotated in a replica counts as soon as somebody began with it. Merging puts what
the replicas agree on in the place of all that the job had, and completes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.converting import convert
from cvatfn.codecs.unset import Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.annotating import jobs_of, written
from cvatfn.testing.sandbox.areas.background import begun
from cvatfn.testing.sandbox.areas.quality.looking import frames_of, seen_on, size_of
from cvatfn.testing.sandbox.areas.quality.scope import not_one, seen
from cvatfn.testing.sandbox.areas.quality.standing import standing, with_settings
from cvatfn.testing.sandbox.gates.asking import Asked, Done, Handler, done, on_thing
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.permitting import may_see_task
from cvatfn.testing.sandbox.gates.replies import forbidden, invalid, missing
from cvatfn.testing.sandbox.measuring.annotations import Annotation
from cvatfn.testing.sandbox.measuring.measures import Measures
from cvatfn.testing.sandbox.measuring.merging import Merged, merged
from cvatfn.testing.sandbox.state.annotated import Job
from cvatfn.testing.sandbox.state.people import Account
from cvatfn.testing.sandbox.state.quality import ConsensusSettings
from cvatfn.testing.sandbox.state.works import MergeConsensus
from cvatfn.testing.sandbox.state.world import World, put

__all__ = ["change", "list_settings", "make_merge", "merge", "on_settings", "retrieve"]

NOT_ENABLED: Final = "Consensus is not enabled in this task"
NOTHING_TO_MERGE: Final = (
    "No annotation jobs in the annotation stage or no consensus_replica jobs "
    "not in the annotation - new state found"
)
NOTHING_OF: Final = (
    "No annotated consensus jobs found for parent job {}. "
    "Make sure at least one consensus job is not in the annotation - new state"
)


def on_settings(handler: Callable[[World, Asked, ConsensusSettings], Done]) -> Handler:
    """Find the settings of the path first, and refuse who may not see their task.

    :param handler: what to do with them.
    """

    def may_see(world: World, account: Account, settings: ConsensusSettings) -> bool:
        return may_see_task(world, account, world.tasks[settings.task])

    return with_settings(
        on_thing("ConsensusSettings", lambda world: world.consensus_settings, may_see, handler)
    )


def list_settings(world: World, asked: Asked) -> Done:
    """The settings of the tasks with replicas that one may see."""
    match seen(world, asked):
        case Failure() as refusal:
            return refusal
        case Success():
            pass
    rows = [
        settings
        for settings in world.consensus_settings.values()
        if may_see_task(world, asked.account, world.tasks[settings.task])
        and asked.is_within(world.tasks[settings.task].organization)
    ]
    return paged(world, asked, rows, _COLUMNS, _shown, order="id")


def retrieve(world: World, _: Asked, settings: ConsensusSettings) -> Done:
    """How the replicas of one task are merged."""
    return done(world, _shown(settings))


def change(world: World, asked: Asked, settings: ConsensusSettings) -> Done:
    """Change how replicas are merged."""
    kind = models.PatchedConsensusSettingsRequest
    sent = asked.given("patched_consensus_settings_request", kind)
    if sent is not None and not isinstance(sent.iou_threshold, Unset):
        settings = evolve(settings, iou_threshold=sent.iou_threshold)
    kept = put(world.consensus_settings, settings.id, settings)
    return done(evolve(world, consensus_settings=kept), _shown(settings))


def merge(world: World, asked: Asked) -> Done:
    """Begin to merge the replicas of one job, or of all jobs of a task."""
    kind = models.ConsensusMergeCreateRequest
    sent = asked.given("consensus_merge_create_request", kind)
    task = sent.task_id if sent is not None and isinstance(sent.task_id, int) else None
    job = sent.job_id if sent is not None and isinstance(sent.job_id, int) else None
    wrong = not_one(task_id=task, job_id=job)
    if wrong is not None:
        return wrong
    if job is not None:
        if job not in world.jobs:
            return missing("Job")
        return _begun(world, asked, world.jobs[job].task, MergeConsensus(target="job", id=job))
    if task is None or task not in world.tasks:
        return missing("Task")
    return _begun(world, asked, task, MergeConsensus(target="task", id=task))


def make_merge(world: World, work: MergeConsensus) -> Outcome[World, str]:
    """Merge replicas.

    :param world: before.
    :param work: those of what.
    :returns: the world in which their parents hold what they agree on, or why not.
    """
    world = standing(world)
    job = world.jobs.get(work.id) if work.target == "job" else None
    task = work.id if work.target == "task" else None if job is None else job.task
    if task is None or task not in world.tasks:
        return Failure(f"the {work.target} is gone")
    wrong = _wrong(world, task, None if job is None else job.id)
    if wrong is not None:
        return Failure(wrong)
    for parent, replicas in _to_merge(world, task).items():
        if job is None or job.id == parent:
            match _merged_into(world, world.jobs[parent], replicas):
                case Failure() as failure:
                    return failure
                case Success(after):
                    world = after
    return Success(world)


def _begun(world: World, asked: Asked, task: int, work: MergeConsensus) -> Done:
    if not may_see_task(world, asked.account, world.tasks[task]):
        return forbidden()
    wrong = _wrong(world, task, work.id if work.target == "job" else None)
    if wrong is not None:
        return invalid(wrong)
    return begun(world, asked, f"action=merge&target={work.target}&target_id={work.id}", work)


def _wrong(world: World, task: int, job: int | None) -> str | None:
    """Why the replicas of a task, or of one of its jobs, cannot be merged."""
    if all(each.parent is None for each in jobs_of(world, task)):
        return NOT_ENABLED
    found = _to_merge(world, task)
    if not found:
        return NOTHING_TO_MERGE
    return NOTHING_OF.format(job) if job is not None and job not in found else None


def _to_merge(world: World, task: int) -> Mapping[int, list[Job]]:
    """By parents that are still annotated, the replicas that somebody began with."""
    found: dict[int, list[Job]] = {}
    untouched = (models.JobStage.ANNOTATION, models.OperationStatus.NEW)
    for job in jobs_of(world, task):
        parent = None if job.parent is None else world.jobs.get(job.parent)
        if parent is None or parent.stage is not models.JobStage.ANNOTATION:
            continue
        if (job.stage, job.state) != untouched:
            found.setdefault(parent.id, []).append(job)
    return found


def _merged_into(world: World, parent: Job, replicas: Sequence[Job]) -> Outcome[World, str]:
    task = world.tasks[parent.task]
    settings = next(each for each in world.consensus_settings.values() if each.task == parent.task)
    measures = Measures(iou_threshold=settings.iou_threshold)
    frames = sorted(frames_of(world, parent))
    seen_by = [seen_on(replica, frames) for replica in replicas]
    found = [
        (frame, each)
        for frame in frames
        for each in merged([seen[frame] for seen in seen_by], size_of(task, frame), measures)
    ]
    match written(world, _sent(found), "put", (parent,)):
        case Failure(refusal):
            return Failure(str(refusal.body))
        case Success(outgoing):
            world = outgoing.world
    done_with = evolve(
        world.jobs[parent.id], state=models.OperationStatus.COMPLETED, updated=world.now
    )
    return Success(evolve(world, jobs=put(world.jobs, parent.id, done_with)))


def _sent(found: Sequence[tuple[int, Merged]]) -> models.LabeledDataRequest:
    tags = [_tag(frame, each) for frame, each in found if each.annotation.shape is None]
    return models.LabeledDataRequest(tags=tags, shapes=list(_shapes(found)))


def _tag(frame: int, each: Merged) -> models.LabeledImageRequest:
    return models.LabeledImageRequest(
        frame=frame,
        label_id=each.annotation.label,
        group=each.annotation.group,
        source="consensus",
        attributes=_attributes(each.annotation),
    )


def _shapes(found: Sequence[tuple[int, Merged]]) -> Iterator[models.LabeledShapeRequest]:
    for frame, each in found:
        annotation = each.annotation
        if annotation.shape is not None:
            yield models.LabeledShapeRequest(
                type=annotation.shape,
                frame=frame,
                label_id=annotation.label,
                points=annotation.points,
                rotation=annotation.rotation,
                z_order=annotation.z_order,
                group=annotation.group,
                occluded=annotation.occluded,
                source="consensus",
                score=each.score,
                attributes=_attributes(annotation),
                elements=[_element(frame, part) for part in annotation.elements],
            )


def _element(frame: int, part: Annotation) -> models.SubLabeledShapeRequest:
    return models.SubLabeledShapeRequest(
        type=part.shape or models.ShapeType.POINTS,
        frame=frame,
        label_id=part.label,
        points=part.points,
        occluded=part.occluded,
        outside=part.outside,
        source="consensus",
        attributes=_attributes(part),
    )


def _attributes(annotation: Annotation) -> list[models.AttributeValRequest]:
    return [convert(each, models.AttributeValRequest).unwrap() for each in annotation.attributes]


def _shown(settings: ConsensusSettings) -> models.ConsensusSettings:
    return models.ConsensusSettings(
        id=settings.id, task_id=settings.task, iou_threshold=settings.iou_threshold
    )


_COLUMNS: Final[Columns[ConsensusSettings]] = {
    "id": lambda row: row.id,
    "task_id": lambda row: row.task,
}
