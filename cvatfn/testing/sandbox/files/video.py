"""Videos: their frames as images, and images as videos. PyAV does the work.

Rule: frames are counted as they are shown, from 0; the one with a number is the same whatever else
is asked for. Only the frames that are wanted become images. What a video claims of itself is
believed only as far as a limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Final

from attrs import frozen

from cvatfn import models
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.codecs import looked_into
from cvatfn.testing.sandbox.files.images import LARGEST_IMAGE, png, rgb, rgb_of
from cvatfn.testing.sandbox.state.media import Frame, Received

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

__all__ = ["Footage", "footage_of", "written_mp4"]

LARGEST: Final = 1 << 30
"""How many bytes the images of a video may have together."""
MOST_PIXELS: Final = 1 << 33
"""How many pixels of a video are decoded at most; some 9000 frames of 720 lines."""
RATE: Final = 25
"""How many frames a second of a written video has; nothing in CVAT looks at it."""


@frozen
class Footage:
    """A video that was looked through.

    :param frames: those that were wanted, as PNG.
    :param chapters: the chapters that the file names, in frames of it.
    """

    frames: tuple[Frame, ...]
    chapters: tuple[models.Chapter, ...]


def footage_of(file: Received, wanted: range) -> Outcome[Footage, str]:
    """Decode frames of a video.

    :param file: the video.
    :param wanted: the numbers of the frames; those that are past the end are not there.
    :returns: the frames, or why there are none.
    """
    return looked_into(file, lambda container: _footage(container, file.name, wanted))


def written_mp4(frames: Sequence[Frame], quality: int) -> bytes:
    """Write a video; frames of other sizes than the first are brought to its size.

    :param frames: images, one or more.
    :param quality: from 1 to 100.
    """
    import av

    written = BytesIO()
    width, height = _even(frames[0].width), _even(frames[0].height)
    with av.open(written, "w", format="mp4") as container:
        options = {"crf": str(round(51 - 0.51 * quality)), "preset": "ultrafast", "threads": "1"}
        stream = container.add_stream("libx264", rate=RATE, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number, frame in enumerate(frames):
            shot = _shot(frame).reformat(width=width, height=height, format="yuv420p")
            shot.pts, shot.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(shot))
        container.mux(stream.encode(None))
    return written.getvalue()


def _footage(container: InputContainer, name: str, wanted: range) -> Outcome[Footage, str]:
    if not container.streams.video:
        return Failure(f"{name!r} has no pictures in it")
    stream = container.streams.video[0]
    if stream.codec_context is None:
        return Failure(f"{name!r} is coded in a way that is not known")
    stream.thread_type = "NONE"  # one order of frames, whatever the machine
    if stream.width * stream.height > LARGEST_IMAGE:
        return Failure(f"{name!r} claims frames of more than {LARGEST_IMAGE} pixels")
    stream.codec_context.options = {"max_pixels": str(LARGEST_IMAGE)}
    last = wanted[-1] if wanted else -1
    frames: list[Frame] = []
    size = pixels = 0
    for number, shot in enumerate(islice(_shots(container, stream, name), last + 1)):
        if isinstance(shot, str):
            return Failure(shot)
        pixels += shot.width * shot.height
        if pixels > MOST_PIXELS:
            return Failure(f"{name!r} has too many frames for the sandbox: see `stop_frame`")
        if number in wanted:
            frame = _frame(shot, number)
            frames.append(frame)
            size += len(frame.content)
        if size > LARGEST:
            return Failure(f"the frames of {name!r} are too many: see `frame_filter`")
    return Success(Footage(tuple(frames), tuple(_chapters(container, stream))))


def _shots(container: InputContainer, stream: VideoStream, name: str) -> Iterator[VideoFrame | str]:
    """The frames as they are shown; a text that says so where the video breaks off."""
    packets = 0
    for packet in container.demux(stream):
        packets += packet.size > 0
        yield from packet.decode()
    if packets < stream.frames:
        yield f"{name!r} breaks off: it has {packets} of {stream.frames} frames"


def _frame(shot: VideoFrame, number: int) -> Frame:
    plain = shot.reformat(format="rgb24")
    plane = plain.planes[0]
    image = rgb_of((plain.width, plain.height), bytes(plane), plane.line_size)
    if shot.rotation:  # as the camera was held
        image = image.rotate(shot.rotation, expand=True)
    return Frame(f"frame_{number:06d}.png", image.width, image.height, png(image))


def _chapters(container: InputContainer, stream: VideoStream) -> Iterable[models.Chapter]:
    rate = stream.average_rate or Fraction(RATE)
    for chapter in container.chapters():
        base = chapter["time_base"] or Fraction(1)
        title = chapter["metadata"].get("title")
        yield models.Chapter(
            id=chapter["id"],
            start=int(chapter["start"] * base * rate),
            stop=int(chapter["end"] * base * rate),
            metadata=models.ChapterMetadata()
            if title is None
            else models.ChapterMetadata(title=title),
        )


def _even(length: int) -> int:
    """H.264 has no odd sizes."""
    return max(2, length - length % 2)


def _shot(frame: Frame) -> VideoFrame:
    from av import VideoFrame

    image = rgb(frame)
    shot = VideoFrame(image.width, image.height, "rgb24")
    plane = shot.planes[0]
    plane.update(image.tobytes("raw", "RGB", plane.line_size).ljust(plane.buffer_size, b"\0"))
    return shot
