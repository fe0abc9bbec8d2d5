"""How the data of a task become frames and jobs: the background work after an upload.

Rule: jobs are numbered as their frames are, each before its replicas; the ground truth job comes
last. Honeypots are laid among the frames of the jobs, and the frames that they repeat make a pool
at the end. Where chance decides, it comes from the request's seed or else from the world's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.codecs.unset import Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.jobs import segments
from cvatfn.testing.sandbox.areas.sources import gathered, storage_of
from cvatfn.testing.sandbox.files.assembling import Assembled, assembled
from cvatfn.testing.sandbox.files.selecting import selected, selection_of, shuffled, spread
from cvatfn.testing.sandbox.state.annotated import Job, Task
from cvatfn.testing.sandbox.state.media import Frame, Media, Validation
from cvatfn.testing.sandbox.state.works import CreateData
from cvatfn.testing.sandbox.state.world import World, put, secret

__all__ = ["make_media", "with_job", "with_truth"]

Span: TypeAlias = tuple[int, int]
"""The first and the last frame of a job."""

QUALITY: Final = 70
LARGEST_CHUNK: Final = 72
"""How many images a chunk has at most, unless asked otherwise."""
VIDEO_CHUNK: Final = 36
OVERLAP: Final = 5
"""How many frames the jobs of a video have in common, unless asked otherwise."""


def make_media(world: World, work: CreateData) -> Outcome[World, str]:
    """Make frames and jobs of uploaded files.

    :param world: before.
    :param work: the files, and how to treat them.
    :returns: the world with them, or why not.
    """
    task = world.tasks.get(work.task)
    if task is None:
        return Failure("the task is gone")
    match gathered(world, work):
        case Failure() as refused:
            return refused
        case Success(files):
            world, seed = secret(world, "frames", 16)
    match assembled(files, work.settings, seed):
        case Failure() as refused:
            return refused
        case Success(made):
            pass
    match _cut(task, work.settings, made, seed):
        case Failure() as refused:
            return refused
        case Success(cut):
            return Success(_kept(world, task, work.settings, made, cut))


@frozen(kw_only=True)
class _Cut:
    """How frames are cut into jobs."""

    frames: tuple[Frame, ...]
    size: int
    spans: tuple[Span, ...]
    length: int
    overlap: int
    validation: Validation | None = None


def _cut(task: Task, sent: models.DataRequest, made: Assembled, seed: str) -> Outcome[_Cut, str]:
    mapping = sent.job_file_mapping or ()
    if mapping and made.kind in ("video", "audio"):
        return Failure("job_file_mapping does not go with a video or a sound")
    if mapping and (wrong := _against_mapping(task, sent)):
        return Failure(f"job_file_mapping does not go with {wrong}")
    size = made.size
    length = 0 if mapping else task.segment_size if 0 < task.segment_size < size else size
    usual = OVERLAP if made.kind == "video" else 0
    overlap = min(usual if task.overlap is None else task.overlap, length // 2)
    spans = _stretches(mapping) if mapping else segments(size, length, overlap)
    cut = _Cut(frames=made.frames, size=size, spans=tuple(spans), length=length, overlap=overlap)
    wanted = sent.validation_params
    if isinstance(wanted, Unset) or wanted is None:
        return Success(cut)
    if wanted.mode is models.ValidationMode.GT_POOL:
        return _pooled(task, sent, wanted, made, seed)
    match _validated(wanted, made, cut, seed):
        case Failure() as refused:
            return refused
        case Success(frames):
            validation = Validation(mode=wanted.mode, frames=frames)
            return Success(evolve(cut, validation=validation))


def _against_mapping(task: Task, sent: models.DataRequest) -> str:
    usual = models.SortingMethod.LEXICOGRAPHICAL
    against = {
        "segment_size": bool(task.segment_size),
        "sorting_method": (sent.sorting_method or usual) is not usual,
        "start_frame": bool(sent.start_frame),
        "stop_frame": bool(sent.stop_frame),
        "frame_filter": bool(sent.frame_filter),
        "filename_pattern": bool(sent.filename_pattern),
        "server_files_exclude": bool(sent.server_files_exclude),
    }
    return ", ".join(name for name, given in against.items() if given)


def _stretches(mapping: Sequence[Sequence[str]]) -> Iterator[Span]:
    """The first and the last frame of each job, where each has so many files."""
    first = 0
    for names in mapping:
        yield first, first + len(names) - 1
        first += len(names)


def _validated(
    wanted: models.ValidationParamsRequest, made: Assembled, cut: _Cut, seed: str
) -> Outcome[tuple[int, ...], str]:
    """The frames of a ground truth job."""
    if made.kind == "point_cloud":
        return Failure("point clouds have no ground truth job")
    if wanted.frame_selection_method is models.FrameSelectionMethod.MANUAL:
        return _by_name(wanted, made)
    jobs = [range(first, last + 1) for first, last in cut.spans]
    return selected(selection_of(wanted), cut.size, jobs, seed)


def _by_name(
    wanted: models.ValidationParamsRequest, made: Assembled
) -> Outcome[tuple[int, ...], str]:
    if made.kind != "image":
        return Failure("frames for validation are named in tasks of images only")
    numbers = {frame.name: number for number, frame in enumerate(made.frames)}
    names = wanted.frames or ()
    unknown = sorted(name for name in names if name not in numbers)
    if unknown:
        return Failure(f"unknown frames are wanted for validation: {', '.join(unknown[:5])}")
    return Success(tuple(sorted(numbers[name] for name in names)))


def _pooled(
    task: Task,
    sent: models.DataRequest,
    wanted: models.ValidationParamsRequest,
    made: Assembled,
    seed: str,
) -> Outcome[_Cut, str]:
    """Frames with honeypots among them, and at their end the pool."""
    if made.kind != "image":
        return Failure("honeypots are for tasks of images only")
    if sent.sorting_method is not models.SortingMethod.RANDOM:
        return Failure("honeypots need the sorting_method random")
    if sent.job_file_mapping or task.overlap:
        return Failure("honeypots go with neither job_file_mapping nor overlap")
    selection = selection_of(wanted)
    seed = seed if selection.seed is None else str(selection.seed)
    manual = selection.named
    match _by_name(wanted, made) if manual else selected(selection, made.size, [], seed):
        case Failure() as refused:
            return refused
        case Success(pool) if len(pool) >= made.size:
            return Failure("the pool for honeypots leaves no frame to annotate")
        case Success(pool):
            pass
    if selection.count and (selection.job_count or 0) > len(pool):
        return Failure(f"{selection.job_count} honeypots a job are more than the pool has")
    count = selection.job_count or max(1, int((selection.job_share or 0) * task.segment_size))
    return Success(_laid(task, made.frames, pool, min(count, len(pool)), seed))


def _laid(task: Task, frames: Sequence[Frame], pool: Sequence[int], count: int, seed: str) -> _Cut:
    """Jobs of so many frames each, mixed with so many honeypots, and the pool after them."""
    others = shuffled([number for number in range(len(frames)) if number not in pool], seed)
    length = task.segment_size or len(others)
    jobs = [others[begin : begin + length] for begin in range(0, len(others), length)]
    first = len(others) + count * len(jobs)  # of the pool
    named = sorted(pool, key=lambda number: frames[number].name)
    places = {number: first + place for place, number in enumerate(named)}
    laid: list[Frame] = []
    spans: list[Span] = []
    for turn, (job, dealt) in enumerate(
        zip(jobs, spread(named, [count] * len(jobs), seed), strict=True)
    ):
        spans.append((len(laid), len(laid) + len(job) + len(dealt) - 1))
        laid.extend(
            evolve(frames[number], real=places.get(number))
            for number in shuffled((*job, *dealt), f"{seed} {turn}")
        )
    laid.extend(frames[number] for number in named)
    validation = Validation(
        mode=models.ValidationMode.GT_POOL, frames=tuple(places.values()), per_job=count
    )
    return _Cut(
        frames=tuple(laid),
        size=len(laid),
        spans=tuple(spans),
        length=0,
        overlap=0,
        validation=validation,
    )


def _kept(world: World, task: Task, sent: models.DataRequest, made: Assembled, cut: _Cut) -> World:
    """The world in which a task has its data and its jobs."""
    world, number = world.numbered("data")
    pooled = cut.validation is not None and cut.validation.is_pool
    media = Media(
        id=number,
        kind=made.kind,
        frames=cut.frames,
        length=cut.size if made.kind == "audio" else None,
        image_quality=sent.image_quality or QUALITY,
        chunk_size=sent.chunk_size or _chunk(made, sent),
        start_frame=0 if pooled else made.start,
        stop_frame=0,
        frame_filter="" if pooled else sent.frame_filter or "",
        created=world.now,
        storage=storage_of(sent, made),
        cloud=sent.cloud_storage_id if isinstance(sent.cloud_storage_id, int) else None,
        source=made.source,
        chapters=made.chapters,
        zipped=made.kind == "video" and sent.use_zip_chunks is True,
        validation=cut.validation,
    )
    media = evolve(media, stop_frame=media.absolute(media.size - 1))
    task = evolve(
        task,
        media=media,
        segment_size=cut.length,
        overlap=cut.overlap,
        updated=world.now,
    )
    world = evolve(world, tasks=put(world.tasks, task.id, task))
    for first, last in cut.spans:
        world, parent = with_job(world, task.id, first, last)
        for _ in range(task.replicas):
            world, number = with_job(world, task.id, first, last)
            replica = evolve(world.jobs[number], type=models.JobType.REPLICA, parent=parent)
            world = evolve(world, jobs=put(world.jobs, number, replica))
    return world if cut.validation is None else with_truth(world, task, cut.validation)[0]


def _chunk(made: Assembled, sent: models.DataRequest) -> int:
    """How many frames a chunk has, unless asked otherwise: the larger they are, the fewer."""
    if made.kind == "audio":
        return made.size
    if made.kind == "video" and sent.use_zip_chunks is not True:
        return VIDEO_CHUNK
    area = max(1, made.frames[0].width * made.frames[0].height)
    return max(2, min(LARGEST_CHUNK, 36 * 1920 * 1080 // area))


def with_job(world: World, task: int, first: int, last: int) -> tuple[World, int]:
    """The world with one more job, and the job's id.

    :param task: the id of its task.
    :param first: its first frame.
    :param last: its last frame.
    """
    world, number = world.numbered("job")
    job = Job(id=number, task=task, start=first, stop=last, created=world.now, updated=world.now)
    return evolve(world, jobs=put(world.jobs, number, job)), number


def with_truth(world: World, task: Task, validation: Validation) -> tuple[World, int]:
    """The world in which a task has a ground truth job, and the job's id.

    :param task: the task; its data are there.
    :param validation: its frames.
    """
    if task.media is None:
        raise LookupError(f"task {task.id} has no data to validate")
    pooled = validation.is_pool
    first = validation.frames[0] if pooled else 0
    world, number = with_job(world, task.id, first, task.media.size - 1)
    job = evolve(
        world.jobs[number],
        type=models.JobType.GROUND_TRUTH,
        frames=None if pooled else validation.frames,
    )
    task = evolve(task, media=evolve(task.media, validation=validation), updated=world.now)
    return evolve(
        world, jobs=put(world.jobs, number, job), tasks=put(world.tasks, task.id, task)
    ), number
