"""Annotations of tasks and jobs: put, get, patch with its three actions, delete.

Rule: a job holds what lies on its frames; a task's annotations are those of its jobs, one after
another. What is given to a task lands in the first job with its frame. Ids are the server's: `put`
and `create` give new ones, `update` keeps those it knows, `delete` goes by them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, Protocol, TypeAlias, TypeVar

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.problems import Problem
from cvatfn.outcome import Failure, Outcome, Success
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
    "without_labels",
    "written",
]


class Placed(Protocol):
    """What lies on a frame and has an id."""

    @property
    def id(self) -> int | None:
        """The id; a stored one has one."""
        ...

    @property
    def frame(self) -> int:
        """The frame, or the first one of a track."""
        ...

    @property
    def label_id(self) -> int:
        """The label."""
        ...


P = TypeVar("P", bound=Placed)
Keep: TypeAlias = Callable[[tuple[P, ...]], tuple[P, ...]]
"""Which of some annotations stay."""


def retrieve_task(world: World, _: Asked, task: Task) -> Done:
    """All annotations of a task."""
    return done(world, annotations_of(jobs_of(world, task.id)))


def retrieve_job(world: World, _: Asked, job: Job) -> Done:
    """All annotations of a job."""
    return done(world, job.annotations)


def replace_task(world: World, asked: Asked, task: Task) -> Done:
    """Put a task's annotations in the place of those it has."""
    return written(world, _shared_out(_sent(asked)), "put", jobs_of(world, task.id))


def replace_job(world: World, asked: Asked, job: Job) -> Done:
    """Put a job's annotations in the place of those it has."""
    return written(world, _sent(asked), "put", (job,))


def patch_task(world: World, asked: Asked, task: Task) -> Done:
    """Create, update or delete some annotations of a task."""
    action = str(asked.params["action"])
    sent = _sent(asked) if action == "delete" else _shared_out(_sent(asked))
    return written(world, sent, action, jobs_of(world, task.id))


def patch_job(world: World, asked: Asked, job: Job) -> Done:
    """Create, update or delete some annotations of a job."""
    return written(world, _sent(asked), str(asked.params["action"]), (job,))


def clear_task(world: World, _: Asked, task: Task) -> Done:
    """Delete all annotations of a task."""
    return done(_kept(world, {job.id: NOTHING for job in jobs_of(world, task.id)}), None, 204)


def clear_job(world: World, _: Asked, job: Job) -> Done:
    """Delete all annotations of a job."""
    return done(_kept(world, {job.id: NOTHING}), None, 204)


def jobs_of(world: World, task: int) -> tuple[Job, ...]:
    """The jobs of a task, in the order of their frames.

    :param task: its id.
    """
    return tuple(job for job in world.jobs.values() if job.task == task)


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
        intervals=(),
    )


def without_labels(world: World, labels: Collection[int]) -> World:
    """A world in which nothing is labeled with some labels any more.

    :param labels: their ids.
    """

    def left(items: tuple[P, ...]) -> tuple[P, ...]:
        return tuple(item for item in items if item.label_id not in labels)

    return evolve(
        world,
        jobs={
            number: evolve(job, annotations=_each(job.annotations, left, left, left))
            for number, job in world.jobs.items()
        },
    )


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


def _prepared(
    world: World, sent: Sent, action: str, jobs: Sequence[Job]
) -> Outcome[Stored, Refusal]:
    unknown = tuple(_unknown_sources(sent))
    if unknown:
        return wrong_fields(unknown)
    if sent.intervals:
        return invalid("intervals belong to audio, and this task has images")
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


def _acted(
    action: str, before: models.LabeledData, given: models.LabeledData
) -> models.LabeledData:
    match action:
        case "put":
            return given
        case "delete":
            gone = ids_of(given)
            return _each(
                before,
                lambda tags: _left(tags, gone.tags),
                lambda shapes: _left(shapes, gone.shapes),
                lambda tracks: _left(tracks, gone.tracks),
            )
        case _:
            return models.LabeledData(
                version=before.version,
                tags=_merged(before.tags, given.tags),
                shapes=_merged(before.shapes, given.shapes),
                tracks=_merged(before.tracks, given.tracks),
                intervals=(),
            )


def _left(items: tuple[P, ...], gone: Collection[int]) -> tuple[P, ...]:
    return tuple(item for item in items if item.id not in gone)


def _merged(before: tuple[P, ...], given: tuple[P, ...]) -> tuple[P, ...]:
    """Those there were, with the given ones in the place of those of the same ids or at the end."""
    fresh = {item.id: item for item in given}
    kept = tuple(fresh.pop(item.id, item) for item in before)
    return kept + tuple(fresh.values())


def _shares(data: models.LabeledData, jobs: Sequence[Job]) -> Mapping[int, models.LabeledData]:
    """What of some annotations lands in which job: by their ids where known, else by frame."""
    if len(jobs) == 1:
        return {jobs[0].id: data}
    first_with = {
        frame: job.id for job in reversed(jobs) for frame in range(job.start, job.stop + 1)
    }
    known = _known(jobs)
    return {job.id: _each(data, *_owned(job, known, first_with)) for job in jobs}


def _owned(
    job: Job, known: KnownIds, first_with: Mapping[int, int]
) -> tuple[Keep[models.LabeledImage], Keep[models.LabeledShape], Keep[models.LabeledTrack]]:
    mine = ids_of(job.annotations)

    def kept(kind: str, items: tuple[P, ...]) -> tuple[P, ...]:
        own, anyones = mine.of(kind), known.of(kind)
        return tuple(
            item
            for item in items
            if (item.id in own if item.id in anyones else first_with.get(item.frame) == job.id)
        )

    return partial(kept, "tags"), partial(kept, "shapes"), partial(kept, "tracks")


def _known(jobs: Sequence[Job]) -> KnownIds:
    return ids_of(annotations_of(jobs))


def _each(
    data: models.LabeledData,
    tags: Keep[models.LabeledImage],
    shapes: Keep[models.LabeledShape],
    tracks: Keep[models.LabeledTrack],
) -> models.LabeledData:
    return models.LabeledData(
        version=data.version,
        tags=tags(data.tags),
        shapes=shapes(data.shapes),
        tracks=tracks(data.tracks),
        intervals=(),
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
