"""The pictures of tasks and jobs: frames, chunks of frames, contextual images, previews.

Rule: whose pictures are wanted is a value, `of_task(7)` or `of_job(9)`, because the two endpoints
behind it count differently. Here, frames have the numbers that annotations give them: those of the
task, also where a job is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, ParamSpec, TypeAlias
from zlib import crc32

from attrs import evolve, frozen
from typing_extensions import override

from cvatfn import models
from cvatfn.api import jobs, tasks
from cvatfn.calling import call
from cvatfn.codecs.unset import UNSET
from cvatfn.endpoints import Endpoint, raw
from cvatfn.errors import CallError
from cvatfn.messages import Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transfer.pictures import USUAL, BadArchive, Chunk, Limits, unpacked
from cvatfn.transport.types import Transport
from cvatfn.transport.wrappers import with_headers

__all__ = [
    "ContextError",
    "Corrupt",
    "FrameSource",
    "FramesError",
    "Quality",
    "chunk",
    "context_images",
    "frame",
    "frames",
    "of_job",
    "of_task",
    "preview",
]

P = ParamSpec("P")

Quality: TypeAlias = Literal["compressed", "original"]
"""As CVAT shows frames, as JPEG; or as they were uploaded."""

Wanted: TypeAlias = Literal["chunk", "context_image", "frame"]

NO_ERROR: Final = "handling=empty"
"""The preference (RFC 7240) for 204 over 404 where there is no preview; CVAT 2.67 and later."""


@frozen
class FrameSource:
    """Whose frames are wanted; made by `of_task` and `of_job`.

    :param kind: what it is.
    :param id: which one.
    """

    kind: Literal["task", "job"]
    id: int

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


def of_task(id: int) -> FrameSource:
    """The frames of a task.

    :param id: the task's id.

    >>> print(of_task(7))
    task 7
    """
    return FrameSource("task", id)


def of_job(id: int) -> FrameSource:
    """The frames of a job.

    :param id: the job's id.
    """
    return FrameSource("job", id)


@frozen
class Corrupt:
    """A chunk came with other bytes than the server said.

    :param source: whose chunk it is.
    :param number: which one.
    :param promised: the CRC-32 that the server sent.
    :param found: the CRC-32 of what came.

    >>> print(Corrupt(of_task(7), 0, 1, 2))
    chunk 0 of task 7: the server sent CRC-32 1, what came has 2. Ask for it again.
    """

    source: FrameSource
    number: int
    promised: int
    found: int

    @override
    def __str__(self) -> str:
        return (
            f"chunk {self.number} of {self.source}: the server sent CRC-32 {self.promised}, "
            f"what came has {self.found}. Ask for it again."
        )


ContextError: TypeAlias = CallError | BadArchive
"""Why contextual images did not come."""

FramesError: TypeAlias = CallError | Corrupt | BadArchive
"""Why frames did not come."""


def frame(
    transport: Transport, source: FrameSource, number: int, *, quality: Quality = "compressed"
) -> Outcome[bytes, CallError]:
    """One frame, as an image file.

    :param transport: what sends.
    :param source: whose frame.
    :param number: the frame's number in the task, from 0.
    :param quality: as CVAT shows it, or as it was uploaded.
    :returns: the bytes; `cvatfn.transfer.pictures.image` reads them.

    >>> from cvatfn import in_memory
    >>> transport = in_memory(lambda request: Response(200, body=request.target.encode()))
    >>> frame(transport, of_task(7), 0).unwrap()
    b'/api/tasks/7/data/?type=frame&number=0&quality=compressed'
    """
    match _asked(transport, source, "frame", number, quality):
        case Success(response):
            return Success(response.body)
        case Failure() as refused:
            return refused


def chunk(
    transport: Transport, source: FrameSource, number: int, *, quality: Quality = "compressed"
) -> Outcome[Chunk, CallError | Corrupt]:
    """A run of frames in one answer; its bytes are checked where the server sent a checksum.

    :param transport: what sends.
    :param source: whose chunk.
    :param number: which chunk, counted from 0 within the source.
    :param quality: as CVAT shows the frames, or as they were uploaded; that may be a video.
    :returns: the chunk; `.frames()` takes it apart.

    >>> from cvatfn import in_memory
    >>> sent = {"Content-Type": "video/mp4", "X-Checksum": "907060870"}
    >>> chunk(in_memory(lambda request: Response(200, sent, b"hello")), of_task(7), 0).unwrap()
    Chunk(content=<5 bytes>, content_type='video/mp4', checksum=907060870)
    """
    match _asked(transport, source, "chunk", number, quality):
        case Failure() as refused:
            return refused
        case Success(response):
            pass
    promised = _checksum(response)
    if promised is not None and promised != (found := crc32(response.body)):
        return Failure(Corrupt(source, number, promised, found))
    return Success(Chunk(response.body, response.content_type, promised))


def frames(
    transport: Transport,
    source: FrameSource,
    *,
    quality: Quality = "compressed",
    limits: Limits = USUAL,
) -> Iterator[Outcome[tuple[int, bytes], FramesError]]:
    """All frames in order, a chunk at a time; the deleted ones too, as the server keeps them.

    One request for each chunk, when it is needed, and one (of a job: two) before the first.

    :param transport: what sends.
    :param source: whose frames.
    :param quality: as CVAT shows them, or as they were uploaded; a video comes to a failure.
    :param limits: how much a chunk may unpack to.
    :returns: each frame's number in the task with its bytes; nothing comes after a failure.
    """
    match _described(transport, source):
        case Failure() as refused:
            yield refused
            return
        case Success((meta, first)):
            pass
    numbers = _numbers(meta, first)
    total = meta.size if meta.included_frames is None else len(meta.included_frames)
    size = meta.chunk_size if meta.chunk_size and meta.chunk_size > 0 else total
    for index, start in enumerate(range(0, total, max(size, 1))):
        match _taken_apart(transport, source, index, quality, limits):
            case Failure() as failed:
                yield failed
                return
            case Success(found):
                pass
        expected = min(size, total - start)
        if len(found) != expected:
            subject = f"chunk {index} of {source}"
            yield Failure(BadArchive(f"holds {len(found)} frames, not {expected}", subject))
            return
        for pair in zip(numbers[start : start + expected], found, strict=True):
            yield Success(pair)


def context_images(
    transport: Transport, source: FrameSource, number: int, *, limits: Limits = USUAL
) -> Outcome[Mapping[str, bytes], ContextError]:
    """The contextual images of a frame; a frame without any is a 404 on most servers.

    :param transport: what sends.
    :param source: whose frame.
    :param number: the frame's number in the task, from 0.
    :param limits: how much they may unpack to.
    :returns: the images by name. Names are the server's: think before you use one as a path.
    """
    match _asked(transport, source, "context_image", number, None):
        case Failure() as refused:
            return refused
        case Success(response):
            pass
    if not response.body:  # CVAT's archive of no images is no archive
        return Success({})
    subject = f"the contextual images of frame {number} of {source}"
    match unpacked(response.body, limits):
        case Failure(bad):
            return Failure(evolve(bad, subject=subject))
        case Success(files):
            images = dict(files)
    if len(images) < len(files):
        return Failure(BadArchive("hold two files of one name", subject))
    return Success(images)


def preview(
    transport: Transport, endpoint: Endpoint[P, bytes], /, *args: P.args, **params: P.kwargs
) -> Outcome[bytes | None, CallError]:
    """A small picture of a task, job, project or cloud storage.

    :param transport: what sends.
    :param endpoint: whose: the `retrieve_preview` of `cvatfn.api.tasks`, `jobs`, `projects` or
        `cloudstorages`.
    :param args: the endpoint's parameters, as for `call`.
    :param params: the same, by name.
    :returns: the bytes of an image file; `None` where there is none. Cloud storages, and servers
        before 2.67, answer 404 for that, as for an id that is not there: both are `Rejected`.

    >>> from cvatfn import in_memory
    >>> empty = in_memory(lambda request: Response(204))
    >>> preview(empty, tasks.retrieve_preview, 7)
    <Success: None>
    """
    names = [each.wire_name for each in endpoint.parameters if each.name == "prefer"]
    asking = with_headers(transport, dict.fromkeys(names, NO_ERROR))
    match call(asking, endpoint, *args, **params):
        case Success(data):
            return Success(data or None)
        case Failure() as refused:
            return refused


def _asked(
    transport: Transport, source: FrameSource, wanted: Wanted, number: int, quality: Quality | None
) -> Outcome[Response, CallError]:
    grade = UNSET if quality is None else quality
    if source.kind == "task":
        endpoint = raw(tasks.retrieve_data)
        return call(transport, endpoint, source.id, type=wanted, number=number, quality=grade)
    # A job's `number` of a chunk is counted over the task, and the chunk may be another one there.
    own, of_all = (number, UNSET) if wanted == "chunk" else (UNSET, number)
    return call(
        transport,
        raw(jobs.retrieve_data),
        source.id,
        type=wanted,
        index=own,
        number=of_all,
        quality=grade,
    )


def _described(
    transport: Transport, source: FrameSource
) -> Outcome[tuple[models.DataMetaRead, int], CallError]:
    """The facts about the data, and the number of the first frame."""
    if source.kind == "task":
        match call(transport, tasks.retrieve_data_meta, source.id):
            case Success(meta):
                return Success((meta, 0))
            case Failure() as refused:
                return refused
    match call(transport, jobs.retrieve, source.id):
        case Success(job):
            pass
        case Failure() as refused:
            return refused
    match call(transport, jobs.retrieve_data_meta, source.id):
        case Success(meta):
            return Success((meta, job.start_frame))
        case Failure() as refused:
            return refused


def _numbers(meta: models.DataMetaRead, first: int) -> Sequence[int]:
    if meta.included_frames is None:
        return range(first, first + meta.size)
    # Those of a ground truth job are counted in the source, before any `start_frame` and step.
    step = _step(meta.frame_filter)
    return [first + (each - meta.start_frame) // step for each in sorted(meta.included_frames)]


def _step(frame_filter: str) -> int:
    found = re.search(r"step\s*=\s*([1-9][0-9]{0,8})", frame_filter)
    return int(found[1]) if found else 1


def _checksum(response: Response) -> int | None:
    """CVAT writes the CRC-32 in decimal, and an empty one where it knows none."""
    sent = response.headers.get("x-checksum") or ""
    return int(sent) if re.fullmatch("[0-9]{1,10}", sent) else None


def _taken_apart(
    transport: Transport, source: FrameSource, number: int, quality: Quality, limits: Limits
) -> Outcome[tuple[bytes, ...], FramesError]:
    match chunk(transport, source, number, quality=quality):
        case Failure() as refused:
            return refused
        case Success(found):
            pass
    match found.frames(limits):
        case Failure(bad):
            return Failure(evolve(bad, subject=f"chunk {number} of {source}"))
        case Success() as taken:
            return taken
