"""The pictures of tasks and jobs: frames, chunks of frames, contextual images, previews.

Rule: whose pictures are wanted is a value, `of_task(7)` or `of_job(9)`, because the two endpoints
behind it count differently. Here, frames have the numbers that annotations give them: those of the
task, also where a job is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, Literal, ParamSpec, TypeAlias
from zlib import crc32

from attrs import evolve, field, frozen
from typing_extensions import override

from cvatfn import models
from cvatfn.api import jobs, tasks
from cvatfn.calling import called, concluded
from cvatfn.codecs.unset import UNSET
from cvatfn.endpoints import Endpoint, raw
from cvatfn.errors import CallError, InvalidParams
from cvatfn.flows import Flow, done, driven
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.outdated import explained
from cvatfn.pagination import unfold
from cvatfn.preparing import prepare
from cvatfn.transfer.pictures import USUAL, BadArchive, Chunk, Limits, unpacked
from cvatfn.transport.types import Transport
from cvatfn.transport.wrappers import bringing

__all__ = [
    "ContextError",
    "Corrupt",
    "FrameSource",
    "FramesError",
    "Quality",
    "Run",
    "Start",
    "chunk",
    "chunked",
    "context_given",
    "context_images",
    "frame",
    "framed",
    "frames",
    "frames_at",
    "of_job",
    "of_task",
    "preview",
    "previewed",
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
    return driven(framed(source, number, quality), transport)


def framed(source: FrameSource, number: int, quality: Quality) -> Flow[Outcome[bytes, CallError]]:
    """`frame` as a flow.

    :param source: whose frame.
    :param number: the frame's number in the task, from 0.
    :param quality: as CVAT shows it, or as it was uploaded.
    """
    match (yield from _asked(source, "frame", number, quality)):
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
    return driven(chunked(source, number, quality), transport)


def chunked(
    source: FrameSource, number: int, quality: Quality
) -> Flow[Outcome[Chunk, CallError | Corrupt]]:
    """`chunk` as a flow.

    :param source: whose chunk.
    :param number: which chunk, counted from 0 within the source.
    :param quality: as CVAT shows the frames, or as they were uploaded.
    """
    match (yield from _asked(source, "chunk", number, quality)):
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
    step = partial(frames_at, source, quality, limits)
    start: Start | Run = Start()
    return unfold(lambda at: driven(step(at), transport), start)


@frozen
class Start:
    """Before the first chunk: nothing is known of the frames yet."""


@frozen
class Run:
    """Before a chunk.

    :param index: which one.
    :param size: how many frames a chunk has.
    :param numbers: the numbers of all frames.
    """

    index: int
    size: int
    numbers: Sequence[int] = field(eq=False, repr=False)

    @property
    def expected(self) -> Sequence[int]:
        """The numbers of the frames in this chunk."""
        return self.numbers[self.index * self.size :][: self.size]

    def next(self) -> Run | None:
        """The run after it; `None` where there is none."""
        return evolve(self, index=self.index + 1).if_any()

    def if_any(self) -> Run | None:
        """The run, if it has any frames."""
        return self if self.expected else None


def frames_at(
    source: FrameSource, quality: Quality, limits: Limits, at: Start | Run
) -> Flow[Outcome[tuple[Iterable[tuple[int, bytes]], Start | Run | None], FramesError]]:
    """A step of `frames` as a flow: the frames of a chunk, and where to go next.

    :param source: whose frames.
    :param quality: as CVAT shows them, or as they were uploaded.
    :param limits: how much a chunk may unpack to.
    :param at: where the walk stands.
    """
    if isinstance(at, Start):
        match (yield from _described(source)):
            case Failure() as refused:
                return refused
            case Success((meta, first)):
                return Success(((), _run(meta, first)))
    match (yield from _taken_apart(source, at.index, quality, limits)):
        case Failure() as failed:
            return failed
        case Success(found):
            pass
    expected = _counted(at.expected)
    if len(found) != expected:
        subject = f"chunk {at.index} of {source}"
        wrong = f"holds {len(found)} frames, not {expected}"
        return Failure(BadArchive(wrong, subject))
    return Success((zip(at.expected, found, strict=True), at.next()))


def _counted(numbers: Sequence[int]) -> int:
    """How many there are, which a server says: `len` knows no more than fit into a memory."""
    if isinstance(numbers, range) and numbers:
        return (numbers[-1] - numbers[0]) // numbers.step + 1
    return len(numbers)


def _run(meta: models.DataMetaRead, first: int) -> Run | None:
    total = meta.size if meta.included_frames is None else len(meta.included_frames)
    size = meta.chunk_size if meta.chunk_size and meta.chunk_size > 0 else total
    return Run(0, max(size, 1), _numbers(meta, first)).if_any()


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
    return driven(context_given(source, number, limits), transport)


def context_given(
    source: FrameSource, number: int, limits: Limits
) -> Flow[Outcome[Mapping[str, bytes], ContextError]]:
    """`context_images` as a flow.

    :param source: whose frame.
    :param number: the frame's number in the task, from 0.
    :param limits: how much they may unpack to.
    """
    match (yield from _asked(source, "context_image", number, None)):
        case Failure() as refused:
            return refused
        case Success(response):
            pass
    if not response.body:  # CVAT's archive of no images is no archive
        return Success({})
    subject = f"the contextual images of frame {number} of {source}"
    match (yield from done(partial(unpacked, response.body, limits))):
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
    return driven(previewed(endpoint, prepare(endpoint, *args, **params)), transport)


def previewed(
    endpoint: Endpoint[P, bytes], prepared: Outcome[Request, InvalidParams]
) -> Flow[Outcome[bytes | None, CallError]]:
    """`preview` as a flow.

    :param endpoint: whose.
    :param prepared: what `prepare` made of its parameters.
    """
    match prepared:
        case Failure() as refused:
            return refused
        case Success(request):
            pass
    names = [each.wire_name for each in endpoint.parameters if each.name == "prefer"]
    reply = yield from bringing(dict.fromkeys(names, NO_ERROR))(request)
    # Of a preference nobody gave, no error speaks: a server that is older than it passes it over.
    match (yield from explained(endpoint, request, concluded(endpoint, request, reply))):
        case Success(data):
            return Success(data or None)
        case Failure() as failed:
            return failed


def _asked(
    source: FrameSource, wanted: Wanted, number: int, quality: Quality | None
) -> Flow[Outcome[Response, CallError]]:
    grade = UNSET if quality is None else quality
    if source.kind == "task":
        whole = raw(tasks.retrieve_data)
        prepared = prepare(whole, source.id, type=wanted, number=number, quality=grade)
        return (yield from called(whole, prepared))
    # A job's `number` of a chunk is counted over the task, and the chunk may be another one there.
    own, of_all = (number, UNSET) if wanted == "chunk" else (UNSET, number)
    part = raw(jobs.retrieve_data)
    prepared = prepare(part, source.id, type=wanted, index=own, number=of_all, quality=grade)
    return (yield from called(part, prepared))


def _described(
    source: FrameSource,
) -> Flow[Outcome[tuple[models.DataMetaRead, int], CallError]]:
    """The facts about the data, and the number of the first frame."""
    first = 0
    of = tasks.retrieve_data_meta
    if source.kind == "job":
        match (yield from called(jobs.retrieve, prepare(jobs.retrieve, source.id))):
            case Success(job):
                first = job.start_frame
            case Failure() as refused:
                return refused
        of = jobs.retrieve_data_meta
    match (yield from called(of, prepare(of, source.id))):
        case Success(meta):
            return Success((meta, first))
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
    source: FrameSource, number: int, quality: Quality, limits: Limits
) -> Flow[Outcome[tuple[bytes, ...], FramesError]]:
    match (yield from chunked(source, number, quality)):
        case Failure() as refused:
            return refused
        case Success(found):
            pass
    match (yield from done(partial(found.frames, limits))):
        case Failure(bad):
            return Failure(evolve(bad, subject=f"chunk {number} of {source}"))
        case Success() as taken:
            return taken
