"""Looking at the data of tasks and jobs: frames, chunks of them, context images, previews.

Rule: a job shows its own frames and no others. Frames are numbered as in the task; chunks are
counted as in the task by `number`, and as in the job by `index`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zlib import crc32

from cvatfn import models
from cvatfn.outcome import Failure, Success
from cvatfn.testing.sandbox.areas.annotating import jobs_of
from cvatfn.testing.sandbox.files.chunks import Piece, chunk_of, contexts_in, picture_of
from cvatfn.testing.sandbox.files.images import blank, preview
from cvatfn.testing.sandbox.files.video import footage_of
from cvatfn.testing.sandbox.gates.asking import Asked, Done, Outgoing, done
from cvatfn.testing.sandbox.gates.replies import Answer, Refusal, invalid, page_not_found
from cvatfn.testing.sandbox.state.annotated import Job, Task
from cvatfn.testing.sandbox.state.media import Media
from cvatfn.testing.sandbox.state.world import World

__all__ = ["NO_DATA", "changed", "job_data", "job_preview", "task_data", "task_preview"]

PAGE: Final = ("Content-Type", "text/html; charset=utf-8")
"""What CVAT calls an empty answer here."""
NO_DATA: Final = "Data is not uploaded for the task yet"


def task_data(world: World, asked: Asked, task: Task) -> Done:
    """A frame or a chunk of frames."""
    if task.media is None:
        return invalid(NO_DATA)
    numbers = range(task.media.size)
    updated = max((changed(task.media, job) for job in jobs_of(world, task.id)), default=None)
    return _piece(world, asked, task.media, numbers, updated or task.media.created)


def job_data(world: World, asked: Asked, job: Job) -> Done:
    """A frame or a chunk of frames, if the job has it."""
    media = world.tasks[job.task].media
    if media is None:
        return invalid(NO_DATA)
    return _piece(world, asked, media, job.numbers, changed(media, job))


def task_preview(world: World, asked: Asked, task: Task) -> Done:
    """A small picture of a task's first frame."""
    return _preview(world, asked, task, 0)


def job_preview(world: World, asked: Asked, job: Job) -> Done:
    """A small picture of a job's first frame."""
    return _preview(world, asked, world.tasks[job.task], job.numbers[0])


def changed(media: Media, job: Job) -> datetime:
    """Since when the chunks of a job are what they are.

    :param media: the data of its task.
    :param job: the job.
    """
    return job.changed or max(media.created, job.created)


def _piece(
    world: World, asked: Asked, media: Media, numbers: Sequence[int], updated: datetime
) -> Done:
    wrong = _wrong(asked)
    if wrong is not None:
        return invalid(wrong)
    apart = media.storage is models.StorageType.CLOUD_STORAGE
    if apart and (media.cloud is None or media.cloud not in world.clouds):
        return Failure(Refusal(409, "The cloud storage with the task's data is gone"))
    number = asked.given("number", int)
    original = asked.params.get("quality") == "original"
    kind = asked.params["type"]
    if kind == "chunk":
        return _chunk(world, asked, media, numbers, updated)
    if number is None or number not in numbers or not media.frames:
        return Failure(Refusal(400, f"Incorrect requested frame number: {number}"))
    frame = media.frames[number]
    if kind == "frame":
        return _sent(world, picture_of(media, frame, original=original))
    if not frame.related:
        return page_not_found("")
    return _sent(world, contexts_in(frame.related, media.created))


def _wrong(asked: Asked) -> str | None:
    """What is missing in a request for data."""
    number, index = asked.given("number", int), asked.given("index", int)
    if asked.params["type"] != "chunk":
        return "number says which frame is asked for" if number is None else None
    if number is None and index is None:
        return "number or index says which chunk is asked for"
    if number is not None and index is not None:
        return "number and index are not said together"
    return None


def _chunk(
    world: World, asked: Asked, media: Media, numbers: Sequence[int], updated: datetime
) -> Done:
    number, index = asked.given("number", int), asked.given("index", int)
    if index is not None:
        inside = numbers[index * media.chunk_size : (index + 1) * media.chunk_size]
        inside = inside if index >= 0 else ()
    else:
        begin = (number or 0) * media.chunk_size
        inside = [frame for frame in numbers if begin <= frame < begin + media.chunk_size]
    if not inside:
        return Failure(Refusal(400, f"Incorrect requested chunk number: {number or index or 0}"))
    original = asked.params.get("quality") == "original"
    match chunk_of(media, inside, media.created, original=original):
        case Failure(why):
            return Failure(Refusal(400, why))
        case Success(piece):
            pass
    return _sent(
        world,
        piece,
        ("X-Checksum", str(crc32(piece.content))),
        ("X-Updated-Date", updated.isoformat().replace("+00:00", "Z")),
        ("Accept-Ranges", "bytes"),
    )


def _preview(world: World, asked: Asked, task: Task, number: int) -> Done:
    empty = "handling=empty" in str(asked.params.get("prefer", ""))
    nothing = done(world, None, 204, PAGE, ("Preference-Applied", "handling=empty"))
    media = task.media
    if media is None:
        return nothing if empty else Failure(Refusal(404, "Task has no media"))
    if media.kind in ("image", "video"):
        return _sent(world, Piece(preview(media.frames[number]), "image/jpeg"))
    cover = _cover(media)
    if cover is not None:
        return _sent(world, cover)
    return nothing if empty else _sent(world, Piece(blank(media.media_type), "image/png"))


def _cover(media: Media) -> Piece | None:
    """The picture that a sound's file brings with it."""
    if media.source is None:
        return None
    match footage_of(media.source, range(1)):
        case Success(footage) if footage.frames:
            return Piece(preview(footage.frames[0]), "image/jpeg")
        case _:
            return None


def _sent(world: World, piece: Piece, *headers: tuple[str, str]) -> Done:
    return Success(Outgoing(world, Answer(piece.content, 200, headers, piece.kind)))
