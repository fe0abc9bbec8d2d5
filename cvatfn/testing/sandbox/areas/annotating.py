"""Annotations of tasks and jobs: put, get, patch with its three actions, delete.

Rule: a job holds what lies on its frames; a task's annotations are those of its jobs, one after
another, without replicas and without a ground truth that stands beside them. What is given to a
task lands in the first job with its frame. Ids are the server's: `put` and `create` give new ones,
`update` keeps those it knows, `delete` goes by them.

In a task with honeypots the ground truth job holds frames of its own, and belongs to the task; what
is given to the task for these frames is repeated on their honeypots.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, Protocol, TypeAlias, TypeVar

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.problems import Problem
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.honeypots import pool_of, repeated
from cvatfn.testing.sandbox.files.shapes import (
    NO_IDS,
    KnownIds,
    Sent,
    Stored,
    ids_of,
    misplaced,
    stored,
)
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done
from cvatfn.testing.sandbox.gates.replies import Refusal, invalid, wrong_fields
from cvatfn.testing.sandbox.state.annotated import NOTHING, Job, Task
from cvatfn.testing.sandbox.state.world import World

__all__ = [
    "annotations_of",
    "clear_job",
    "clear_task",
    "jobs_of",
    "patch_job",
    "patch_task",
    "replace_job",
    "replace_task",
    "retrieve_job",
    "retrieve_task",
    "without_frames",
    "without_labels",
    "working_jobs",
    "written",
    "written_to",
]

P = TypeVar(
    "P", models.LabeledImage, models.LabeledShape, models.LabeledTrack, models.LabeledInterval
)
Item: TypeAlias = (
    models.LabeledImage | models.LabeledShape | models.LabeledTrack | models.LabeledInterval
)


class Keep(Protocol):
    """Which annotations of a kind stay."""

    def __call__(self, kind: str, items: tuple[P, ...], /) -> tuple[P, ...]:
        """Those that stay.

        :param kind: `tags`, `shapes`, `tracks` or `intervals`.
        :param items: all of that kind.
        """
        ...


def retrieve_task(world: World, _: Asked, task: Task) -> Done:
    """All annotations of a task."""
    return done(world, annotations_of(working_jobs(world, task)))


def retrieve_job(world: World, _: Asked, job: Job) -> Done:
    """All annotations of a job."""
    return done(world, job.annotations)


def replace_task(world: World, asked: Asked, task: Task) -> Done:
    """Put a task's annotations in the place of those it has."""
    return written_to(world, task, _shared_out(_sent(asked)), "put")


def replace_job(world: World, asked: Asked, job: Job) -> Done:
    """Put a job's annotations in the place of those it has."""
    return written(world, _sent(asked), "put", (job,))


def patch_task(world: World, asked: Asked, task: Task) -> Done:
    """Create, update or delete some annotations of a task."""
    action = str(asked.params["action"])
    sent = _sent(asked) if action == "delete" else _shared_out(_sent(asked))
    return written_to(world, task, sent, action)


def patch_job(world: World, asked: Asked, job: Job) -> Done:
    """Create, update or delete some annotations of a job."""
    return written(world, _sent(asked), str(asked.params["action"]), (job,))


def clear_task(world: World, _: Asked, task: Task) -> Done:
    """Delete all annotations of a task."""
    return done(_kept(world, {job.id: NOTHING for job in working_jobs(world, task)}), None, 204)


def clear_job(world: World, _: Asked, job: Job) -> Done:
    """Delete all annotations of a job."""
    return done(_kept(world, {job.id: NOTHING}), None, 204)


def jobs_of(world: World, task: int) -> tuple[Job, ...]:
    """All jobs of a task: in the order of their frames, each before its replicas.

    :param task: its id.
    """
    return tuple(job for job in world.jobs.values() if job.task == task)


def working_jobs(world: World, task: Task) -> tuple[Job, ...]:
    """The jobs whose annotations are those of the task, in the order of their frames.

    :param task: the task.
    """
    pooled = pool_of(task) is not None
    return tuple(
        job
        for job in jobs_of(world, task.id)
        if job.type is models.JobType.ANNOTATION or (pooled and job.is_ground_truth)
    )


def annotations_of(jobs: Sequence[Job]) -> models.LabeledData:
    """The annotations of several jobs as one set.

    :param jobs: in order.
    """
    held = [job.annotations for job in jobs]
    return models.LabeledData(
        version=0,
        tags=tuple(tag for data in held for tag in data.tags),
        shapes=tuple(shape for data in held for shape in data.shapes),
        tracks=tuple(track for data in held for track in data.tracks),
        intervals=tuple(interval for data in held for interval in data.intervals or ()),
    )


def without_labels(world: World, labels: Collection[int]) -> World:
    """A world in which nothing is labeled with some labels any more.

    :param labels: their ids.
    """

    def left(_: str, items: tuple[P, ...]) -> tuple[P, ...]:
        return tuple(item for item in items if item.label_id not in labels)

    return evolve(
        world,
        jobs={
            number: evolve(job, annotations=_each(job.annotations, left))
            for number, job in world.jobs.items()
        },
    )


def without_frames(world: World, task: int, frames: Collection[int]) -> World:
    """A world in which nothing lies on some frames of a task any more, in none of its jobs.

    :param task: its id.
    :param frames: their numbers.
    """

    def left(_: str, items: tuple[P, ...]) -> tuple[P, ...]:
        return tuple(item for item in items if _begin(item) not in frames)

    touched = {
        job.id: evolve(job, annotations=_each(job.annotations, left))
        for job in jobs_of(world, task)
    }
    return evolve(world, jobs={**world.jobs, **touched})


def _sent(asked: Asked) -> Sent:
    name = asked.endpoint.body.name if asked.endpoint.body is not None else ""
    sent = asked.params.get(name)
    if isinstance(sent, models.LabeledDataRequest | models.PatchedLabeledDataRequest):
        return sent
    return models.LabeledDataRequest()


def _shared_out(sent: Sent) -> Sent:
    """What of a task's annotations comes into one of its jobs: no track that is never visible."""
    tracks = [
        track for track in sent.tracks or () if not all(shape.outside for shape in track.shapes)
    ]
    return evolve(sent, tracks=tracks) if sent.tracks else sent


def written(world: World, sent: Sent, action: str, jobs: Sequence[Job]) -> Done:
    """Bring annotations into jobs.

    :param world: before.
    :param sent: the annotations.
    :param action: `put`, `create`, `update` or `delete`.
    :param jobs: those of one task, in order.
    """
    match _prepared(world, sent, action, jobs):
        case Failure() as refusal:
            return refusal
        case Success(given):
            pass
    shares = _shares(given.data, jobs)
    changed = {job.id: _acted(action, job.annotations, shares[job.id]) for job in jobs}
    return done(_kept(given.world, changed), given.data)


def written_to(world: World, task: Task, sent: Sent, action: str) -> Done:
    """Bring annotations into a task.

    :param world: before.
    :param task: the task.
    :param sent: the annotations.
    :param action: `put`, `create`, `update` or `delete`.
    """
    jobs = working_jobs(world, task)
    pool = pool_of(task)
    if pool is None:
        return written(world, sent, action, jobs)
    given = {tag.frame for tag in sent.tags or ()} | {shape.frame for shape in sent.shapes or ()}
    if pool.keys().isdisjoint(given) and action != "put":
        return written(world, sent, action, jobs)
    if action in ("update", "delete"):
        return invalid(
            "Annotations on validation frames can only be edited via task import or the GT job"
        )
    tags, shapes = repeated(sent.tags or (), pool), repeated(sent.shapes or (), pool)
    return written(world, evolve(sent, tags=tags, shapes=shapes), action, jobs)


def _prepared(
    world: World, sent: Sent, action: str, jobs: Sequence[Job]
) -> Outcome[Stored, Refusal]:
    unknown = tuple(_unknown_sources(sent))
    if unknown:
        return wrong_fields(unknown)
    for task in {job.task for job in jobs}:
        wrong = _unfit(world.tasks[task], sent)
        if wrong is not None:
            return invalid(wrong)
    given = stored(world, sent, _known(jobs) if action in ("update", "delete") else NO_IDS)
    if action == "delete":
        return Success(given)
    problems = [*given.problems, *misplaced(world, given.data, jobs)]
    return invalid(*problems[:20]) if problems else Success(given)


_SOURCES: Final = ("auto", "semi-auto", "manual", "file", "consensus")
"""Where annotations may come from, in CVAT's order."""


def _unknown_sources(sent: Sent) -> Iterator[Problem]:
    """Sources that CVAT does not know; its document takes any text."""
    known = ", ".join(repr(name) for name in _SOURCES)
    kinds = (
        ("tags", [tag.source for tag in sent.tags or ()]),
        ("shapes", [shape.source for shape in sent.shapes or ()]),
        ("tracks", [track.source for track in sent.tracks or ()]),
    )
    for kind, sources in kinds:
        for index, source in enumerate(sources):
            if isinstance(source, str) and source not in _SOURCES:
                told = f"must be one of {known}, got {source!r}"
                yield Problem(f"$.{kind}[{index}].source", told)


def _unfit(task: Task, sent: Sent) -> str | None:
    """What does not go with a task's kind of data."""
    sound = task.media is not None and task.media.kind == "audio"
    if sent.intervals and not sound:
        return "intervals belong to audio, and this task has images"
    if sound and (sent.tags or sent.shapes or sent.tracks):
        return "a task with audio has intervals, and nothing else"
    if sent.tracks and pool_of(task) is not None:
        return "a task with honeypots has no tracks"
    return None


def _acted(
    action: str, before: models.LabeledData, given: models.LabeledData
) -> models.LabeledData:
    match action:
        case "put":
            return given
        case "delete":
            gone = ids_of(given)

            def left(kind: str, items: tuple[P, ...]) -> tuple[P, ...]:
                return tuple(item for item in items if item.id not in gone.of(kind))

            return _each(before, left)
        case _:
            return models.LabeledData(
                version=before.version,
                tags=_merged(before.tags, given.tags),
                shapes=_merged(before.shapes, given.shapes),
                tracks=_merged(before.tracks, given.tracks),
                intervals=_merged(before.intervals or (), given.intervals or ()),
            )


def _merged(before: tuple[P, ...], given: tuple[P, ...]) -> tuple[P, ...]:
    """Those there were, with the given ones in the place of those of the same ids or at the end."""
    fresh = {item.id: item for item in given}
    kept = tuple(fresh.pop(item.id, item) for item in before)
    return kept + tuple(fresh.values())


def _shares(data: models.LabeledData, jobs: Sequence[Job]) -> Mapping[int, models.LabeledData]:
    """What of some annotations lands in which job: by their ids where known, else by frame."""
    if len(jobs) == 1:
        return {jobs[0].id: data}
    known = _known(jobs)
    return {job.id: _each(data, _owned(job, known, jobs[:place])) for place, job in enumerate(jobs)}


def _owned(job: Job, known: KnownIds, earlier: Sequence[Job]) -> Keep:
    """What a job takes: what it has, and what is new on frames that no earlier job has."""
    mine = ids_of(job.annotations)

    def lands_here(frame: int) -> bool:
        return job.has(frame) and not any(each.has(frame) for each in earlier)

    def kept(kind: str, items: tuple[P, ...]) -> tuple[P, ...]:
        own, anyones = mine.of(kind), known.of(kind)
        return tuple(
            item
            for item in items
            if (item.id in own if item.id in anyones else lands_here(_begin(item)))
        )

    return kept


def _begin(item: Item) -> int:
    """The frame that something lies on, or begins on."""
    return item.start if isinstance(item, models.LabeledInterval) else item.frame


def _known(jobs: Sequence[Job]) -> KnownIds:
    return ids_of(annotations_of(jobs))


def _each(data: models.LabeledData, keep: Keep) -> models.LabeledData:
    return models.LabeledData(
        version=data.version,
        tags=keep("tags", data.tags),
        shapes=keep("shapes", data.shapes),
        tracks=keep("tracks", data.tracks),
        intervals=keep("intervals", data.intervals or ()),
    )


def _kept(world: World, changed: Mapping[int, models.LabeledData]) -> World:
    """A world whose jobs hold other annotations; their task was updated with them."""
    jobs, tasks = dict(world.jobs), dict(world.tasks)
    for number, data in changed.items():
        job = jobs[number]
        if job.annotations != data:
            jobs[number] = evolve(job, annotations=data, updated=world.now)
            tasks[job.task] = evolve(tasks[job.task], updated=world.now)
    return evolve(world, jobs=jobs, tasks=tasks)
