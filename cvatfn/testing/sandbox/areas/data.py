"""The data of tasks: sending them, and looking at them frame by frame.

Rule: files come by the steps of `uploads`, or are found by `sources`. Frames and jobs are made of
them by the background work that the last step starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final
from zlib import crc32

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.unset import Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.background import creation_of, started
from cvatfn.testing.sandbox.areas.jobs import segments
from cvatfn.testing.sandbox.areas.resuming import announced
from cvatfn.testing.sandbox.areas.sources import (
    gathered,
    in_order,
    mapped,
    storage_of,
    wrong_sources,
)
from cvatfn.testing.sandbox.areas.uploads import appended, collected, step_of
from cvatfn.testing.sandbox.files.contexts import split_contexts
from cvatfn.testing.sandbox.files.exports.archives import written_zip
from cvatfn.testing.sandbox.files.images import (
    compressed,
    frames_of,
    inside,
    media_type,
    ordered,
    preview,
    unpacked,
)
from cvatfn.testing.sandbox.files.numbering import stride_of
from cvatfn.testing.sandbox.gates.asking import Asked, Done, Outgoing, done
from cvatfn.testing.sandbox.gates.forms import received
from cvatfn.testing.sandbox.gates.replies import (
    Answer,
    Refusal,
    conflicting,
    invalid,
    page_not_found,
    unbuilt,
)
from cvatfn.testing.sandbox.state.annotated import Job, Task
from cvatfn.testing.sandbox.state.media import Frame, Media, Received
from cvatfn.testing.sandbox.state.works import CreateData
from cvatfn.testing.sandbox.state.world import World, put

__all__ = [
    "create_data",
    "job_data",
    "job_meta",
    "job_preview",
    "make_media",
    "patch_job_meta",
    "patch_task_meta",
    "task_data",
    "task_meta",
    "task_preview",
]

CHUNK: Final = 72
QUALITY: Final = 70
CONTEXT_QUALITY: Final = 95


def create_data(world: World, asked: Asked, task: Task) -> Done:
    """Take files for a task; when they are all there, make frames and jobs of them."""
    if task.media is not None:
        return Failure(Refusal(400, "Adding more data is not supported"))
    sent = asked.given("data_request", models.DataRequest) or models.DataRequest()
    match step_of(asked.request):
        case "start":
            return done(world, None, 202)
        case "announce":
            return announced(world, asked, task=task.id)
        case "append":
            return done(appended(world, task.id, _files(sent)), None)
        case "finish":
            return _finished(world, asked, task, sent)


def _finished(world: World, asked: Asked, task: Task, sent: models.DataRequest) -> Done:
    work = world.backgrounds.get(creation_of(task.id))
    if work is not None and work.finished is None:
        return conflicting(models.RqId(rq_id=work.id))
    if sent.validation_params:
        return unbuilt("validation_params yet")
    world, files, unfinished = collected(appended(world, task.id, _files(sent)), task.id)
    match wrong_sources(world, asked, task, sent), in_order(files, sent):
        case (Failure() as refusal, _) | (_, Failure() as refusal):
            return refusal
        case _, Success(files):
            pass
    # the bytes are in `files` already; the settings need not hold them a second time
    settings = evolve(sent, client_files=())
    creation = CreateData(task.id, settings, files, unfinished)
    world, number = started(world, asked, creation_of(task.id), creation)
    return done(world, models.RqId(rq_id=number), 202)


def make_media(world: World, work: CreateData) -> Outcome[World, str]:
    """Make frames and jobs of uploaded files.

    :param world: before.
    :param work: the files, and how to treat them.
    :returns: the world with them, or why not.
    """
    task = world.tasks.get(work.task)
    if task is None:
        return Failure("the task is gone")
    match _frames(world, task, work):
        case Failure() as refused:
            return refused
        case Success(frames):
            pass
    settings = work.settings
    start = settings.start_frame or 0
    stop = len(frames) - 1 if isinstance(settings.stop_frame, Unset) else settings.stop_frame
    stop = min(stop, len(frames) - 1)
    chosen = frames[start : stop + 1 : stride_of(settings.frame_filter or "")]
    if not chosen:
        return Failure("no frames are left by start_frame, stop_frame and frame_filter")
    world, number = world.numbered("data")
    media = Media(
        id=number,
        frames=chosen,
        image_quality=settings.image_quality or QUALITY,
        chunk_size=settings.chunk_size or CHUNK,
        start_frame=start,
        stop_frame=stop,
        frame_filter=settings.frame_filter or "",
        created=world.now,
        storage=storage_of(settings),
        cloud=settings.cloud_storage_id if isinstance(settings.cloud_storage_id, int) else None,
    )
    size = len(chosen)
    mapping = settings.job_file_mapping or ()
    length = 0 if mapping else task.segment_size if 0 < task.segment_size < size else size
    overlap = min(task.overlap or 0, length // 2)
    task = evolve(task, media=media, segment_size=length, overlap=overlap, updated=world.now)
    world = evolve(world, tasks=put(world.tasks, task.id, task))
    for first, last in _stretches(mapping) if mapping else segments(size, length, overlap):
        world, number = world.numbered("job")
        job = Job(
            id=number, task=task.id, start=first, stop=last, created=world.now, updated=world.now
        )
        world = evolve(world, jobs=put(world.jobs, number, job))
    return Success(world)


def task_meta(world: World, _: Asked, task: Task) -> Done:
    """The frames of a task."""
    return _with_media(task, lambda media: done(world, _meta(media, 0, len(media.frames) - 1)))


def job_meta(world: World, _: Asked, job: Job) -> Done:
    """The frames of a job."""
    task = world.tasks[job.task]
    return _with_media(task, lambda media: done(world, _meta(media, job.start, job.stop)))


def patch_task_meta(world: World, asked: Asked, task: Task) -> Done:
    """Delete and restore frames of a task."""
    sent = asked.given("patched_data_meta_write_request", models.PatchedDataMetaWriteRequest)
    if sent is not None and isinstance(sent.cloud_storage_id, int):
        return unbuilt("cloud storages yet")
    frames = None if sent is None or isinstance(sent.deleted_frames, Unset) else sent.deleted_frames
    return _with_media(
        task, lambda media: _patched(world, task, media, frames, 0, len(media.frames) - 1)
    )


def patch_job_meta(world: World, asked: Asked, job: Job) -> Done:
    """Delete and restore frames of a job."""
    kind = models.PatchedJobDataMetaWriteRequest
    sent = asked.given("patched_job_data_meta_write_request", kind)
    frames = None if sent is None or isinstance(sent.deleted_frames, Unset) else sent.deleted_frames
    task = world.tasks[job.task]
    return _with_media(
        task, lambda media: _patched(world, task, media, frames, job.start, job.stop)
    )


def task_data(world: World, asked: Asked, task: Task) -> Done:
    """A frame or a chunk of frames."""
    return _with_media(task, lambda media: _piece(world, asked, media, 0, len(media.frames) - 1))


def job_data(world: World, asked: Asked, job: Job) -> Done:
    """A frame or a chunk of frames, if the job has it."""
    task = world.tasks[job.task]
    return _with_media(task, lambda media: _piece(world, asked, media, job.start, job.stop))


def task_preview(world: World, asked: Asked, task: Task) -> Done:
    """A small picture of a task's first frame."""
    return _preview(world, asked, task, 0)


def job_preview(world: World, asked: Asked, job: Job) -> Done:
    """A small picture of a job's first frame."""
    return _preview(world, asked, world.tasks[job.task], job.start)


def _files(sent: models.DataRequest) -> tuple[Received, ...]:
    """The files of one form, which keeps no folders in names; the last of a name counts."""
    named = [(inside(file.name).rpartition("/")[2], file) for file in sent.client_files or ()]
    files = [evolve(received(file), name=name) for name, file in named]
    return tuple({file.name: file for file in files}.values())


def _frames(world: World, task: Task, work: CreateData) -> Outcome[tuple[Frame, ...], str]:
    """The files of a task, unpacked and put in order; those that are context beside their frame."""
    match gathered(world, work):
        case Failure() as refused:
            return refused
        case Success(files):
            pass
    match unpacked(files):
        case Failure() as refused:
            return refused
        case Success(files):
            pass
    files, contexts = split_contexts(files)
    match _arranged(task, work.settings, files):
        case Failure() as refused:
            return refused
        case Success(files):
            return frames_of(files, contexts)


def _arranged(
    task: Task, settings: models.DataRequest, files: Sequence[Received]
) -> Outcome[tuple[Received, ...], str]:
    method = settings.sorting_method or models.SortingMethod.LEXICOGRAPHICAL
    if not settings.job_file_mapping:
        return Success(ordered(files, method))
    against = {
        "segment_size": bool(task.segment_size),
        "sorting_method": method is not models.SortingMethod.LEXICOGRAPHICAL,
        "start_frame": bool(settings.start_frame),
        "stop_frame": bool(settings.stop_frame),
        "frame_filter": bool(settings.frame_filter),
        "filename_pattern": bool(settings.filename_pattern),
        "server_files_exclude": bool(settings.server_files_exclude),
    }
    wrong = [name for name, given in against.items() if given]
    if wrong:
        return Failure(f"job_file_mapping does not go with {', '.join(wrong)}")
    return mapped(files, settings.job_file_mapping)


def _stretches(mapping: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """The first and the last frame of each job, where each has so many files."""
    first = 0
    for names in mapping:
        yield first, first + len(names) - 1
        first += len(names)


def _with_media(task: Task, then: Callable[[Media], Done]) -> Done:
    if task.media is None:
        return invalid("Data is not uploaded for the task yet")
    return then(task.media)


def _meta(media: Media, first: int, last: int) -> models.DataMetaRead:
    step = stride_of(media.frame_filter)
    whole = first == 0 and last == len(media.frames) - 1
    start = media.start_frame + first * step
    return models.DataMetaRead(
        chapters=None,
        chunks_updated_date=media.created,
        chunk_size=media.chunk_size,
        size=last - first + 1,
        image_quality=media.image_quality,
        start_frame=start,
        stop_frame=media.stop_frame if whole else media.start_frame + last * step,
        frame_filter=media.frame_filter,
        frames=tuple(map(_frame_meta, media.frames[first : last + 1])),
        deleted_frames=tuple(frame for frame in media.deleted if first <= frame <= last),
        included_frames=None,
        storage=media.storage,
        cloud_storage_id=media.cloud,
    )


def _frame_meta(frame: Frame) -> models.FrameMeta:
    return models.FrameMeta(
        width=frame.width,
        height=frame.height,
        name=frame.name,
        related_files=len(frame.related),
        has_related_context=bool(frame.related),
    )


def _patched(
    world: World, task: Task, media: Media, frames: Sequence[int] | None, first: int, last: int
) -> Done:
    if frames is None:
        return done(world, _meta(media, first, last))
    if not all(first <= frame <= last for frame in frames):
        return invalid(deleted_frames=f"frames go from {first} to {last}")
    others = [frame for frame in media.deleted if not first <= frame <= last]
    media = evolve(media, deleted=tuple(sorted({*others, *frames})))
    task = evolve(task, media=media, updated=world.now)
    return done(evolve(world, tasks=put(world.tasks, task.id, task)), _meta(media, first, last))


def _piece(world: World, asked: Asked, media: Media, first: int, last: int) -> Done:
    number, index = asked.given("number", int), asked.given("index", int)
    original = asked.params.get("quality") == "original"
    match asked.params["type"]:
        case "frame" if number is not None:
            if not first <= number <= last:
                return Failure(Refusal(400, f"Incorrect requested frame number: {number}"))
            return _picture(world, media, media.frames[number], original=original)
        case "chunk" if number is not None or index is not None:
            begin = (
                (number or 0) * media.chunk_size
                if index is None
                else first + index * media.chunk_size
            )
            inside = range(max(first, begin), min(last + 1, begin + media.chunk_size))
            if not inside:
                return Failure(Refusal(400, f"Incorrect requested chunk number: {number or index}"))
            return _chunk(world, media, inside, original=original)
        case "context_image" if number is not None:
            if not first <= number <= last:
                return Failure(Refusal(400, f"Incorrect requested frame number: {number}"))
            return _context(world, media, media.frames[number])
        case _:
            return Failure(Refusal(400, "number: This field is required."))


def _picture(world: World, media: Media, frame: Frame, *, original: bool) -> Done:
    if original:
        return _sent(world, frame.content, media_type(frame))
    return _sent(world, compressed(frame, media.image_quality), "image/jpeg")


def _context(world: World, media: Media, frame: Frame) -> Done:
    if not frame.related:
        return page_not_found("")
    entries = [
        (f"{file.name.rpartition('/')[2]}.jpg", compressed(file, CONTEXT_QUALITY))
        for file in frame.related
    ]
    return _sent(world, written_zip(entries, media.created), "application/zip")


def _chunk(world: World, media: Media, frames: Sequence[int], *, original: bool) -> Done:
    entries = [
        (
            f"{place:06d}.{media_type(frame).rpartition('/')[2] if original else 'jpeg'}",
            frame.content if original else compressed(frame, media.image_quality),
        )
        for place, frame in enumerate(media.frames[number] for number in frames)
    ]
    content = written_zip(entries, media.created)
    return _sent(
        world,
        content,
        "application/zip",
        ("X-Checksum", str(crc32(content))),
        ("X-Updated-Date", media.created.isoformat().replace("+00:00", "Z")),
        ("Accept-Ranges", "bytes"),
    )


def _preview(world: World, asked: Asked, task: Task, number: int) -> Done:
    if task.media is None:
        if "handling=empty" in str(asked.params.get("prefer", "")):
            return done(world, None, 204)
        return Failure(Refusal(404, "Task has no media"))
    return _sent(world, preview(task.media.frames[number]), "image/jpeg")


def _sent(world: World, content: bytes, kind: str, *headers: tuple[str, str]) -> Done:
    return Success(Outgoing(world, Answer(content, 200, headers, kind)))
