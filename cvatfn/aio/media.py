"""The pictures of tasks and jobs, awaited: frames, chunks, contextual images, previews.

Rule: as in `cvatfn.transfer.media`, whose conversations these are; archives are taken apart in a
thread.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from functools import partial
from typing import ParamSpec

from cvatfn.aio.driving import driven, unfolded
from cvatfn.aio.types import AsyncTransport
from cvatfn.endpoints import Endpoint
from cvatfn.errors import CallError
from cvatfn.outcome import Outcome
from cvatfn.preparing import prepare
from cvatfn.transfer.media import (
    ContextError,
    Corrupt,
    FramesError,
    FrameSource,
    Quality,
    Run,
    Start,
    chunked,
    context_given,
    framed,
    frames_at,
    previewed,
)
from cvatfn.transfer.pictures import USUAL, Chunk, Limits

__all__ = ["chunk", "context_images", "frame", "frames", "preview"]

P = ParamSpec("P")


async def frame(
    transport: AsyncTransport, source: FrameSource, number: int, *, quality: Quality = "compressed"
) -> Outcome[bytes, CallError]:
    """One frame, as an image file; `cvatfn.transfer.frame`, awaited.

    :param transport: what sends.
    :param source: whose frame.
    :param number: the frame's number in the task, from 0.
    :param quality: as CVAT shows it, or as it was uploaded.
    :returns: the bytes.
    """
    return await driven(framed(source, number, quality), transport)


async def chunk(
    transport: AsyncTransport, source: FrameSource, number: int, *, quality: Quality = "compressed"
) -> Outcome[Chunk, CallError | Corrupt]:
    """A run of frames in one answer; `cvatfn.transfer.chunk`, awaited.

    :param transport: what sends.
    :param source: whose chunk.
    :param number: which chunk, counted from 0 within the source.
    :param quality: as CVAT shows the frames, or as they were uploaded; that may be a video.
    :returns: the chunk; `.frames()` takes it apart.
    """
    return await driven(chunked(source, number, quality), transport)


def frames(
    transport: AsyncTransport,
    source: FrameSource,
    *,
    quality: Quality = "compressed",
    limits: Limits = USUAL,
) -> AsyncGenerator[Outcome[tuple[int, bytes], FramesError]]:
    """All frames in order, a chunk at a time; `cvatfn.transfer.frames`, asynchronous.

    :param transport: what sends.
    :param source: whose frames.
    :param quality: as CVAT shows them, or as they were uploaded; a video comes to a failure.
    :param limits: how much a chunk may unpack to.
    :returns: each frame's number in the task with its bytes; nothing comes after a failure.
    """
    step = partial(frames_at, source, quality, limits)
    start: Start | Run = Start()
    return unfolded(lambda at: driven(step(at), transport), start)


async def context_images(
    transport: AsyncTransport, source: FrameSource, number: int, *, limits: Limits = USUAL
) -> Outcome[Mapping[str, bytes], ContextError]:
    """The contextual images of a frame; `cvatfn.transfer.context_images`, awaited.

    :param transport: what sends.
    :param source: whose frame.
    :param number: the frame's number in the task, from 0.
    :param limits: how much they may unpack to.
    :returns: the images by name. Names are the server's: think before you use one as a path.
    """
    return await driven(context_given(source, number, limits), transport)


async def preview(
    transport: AsyncTransport, endpoint: Endpoint[P, bytes], /, *args: P.args, **params: P.kwargs
) -> Outcome[bytes | None, CallError]:
    """A small picture of a task, job, project or cloud storage; `cvatfn.transfer.preview`, awaited.

    :param transport: what sends.
    :param endpoint: whose.
    :param args: the endpoint's parameters, as for `call`.
    :param params: the same, by name.
    :returns: the bytes of an image file; `None` where there is none.
    """
    return await driven(previewed(endpoint, prepare(endpoint, *args, **params)), transport)
