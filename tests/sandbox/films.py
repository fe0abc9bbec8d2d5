"""What the tests of the sandbox make beside pictures: videos, sounds, documents, point clouds.

Each frame of a video has a color of its own, and the color of a frame tells its number.
"""

from __future__ import annotations

import wave
from collections.abc import Sequence
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Literal, TypeVar

import av
from PIL import Image

from cvatfn import File, Transport, call, models
from cvatfn.api import tasks
from cvatfn.auth import Basic
from cvatfn.codecs.unset import Unset
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.transport import authenticated
from tests.sandbox.kit import settle

if TYPE_CHECKING:
    from av.container import Chapter

T = TypeVar("T")

Codec = Literal["ffv1", "libx264", "mjpeg", "mpeg4"]


def film(
    count: int,
    *,
    name: str = "film.mkv",
    codec: Codec = "ffv1",
    size: tuple[int, int] = (32, 16),
    turned: int = 0,
    chapters: Sequence[tuple[int, int, str]] = (),
) -> File:
    """A video of so many frames; with FFV1, which loses nothing, unless asked otherwise.

    What is to be shown turned is black at its left edge.
    """
    format = {"mkv": "matroska", "avi": "avi", "mp4": "mp4"}[name.rpartition(".")[2]]
    pixels = {"ffv1": "bgr0", "mjpeg": "yuvj420p"}.get(codec, "yuv420p")
    written = BytesIO()
    with av.open(written, "w", format) as container:
        stream = container.add_stream(codec, 25)
        stream.width, stream.height, stream.pix_fmt = *size, pixels
        if turned:
            stream.set_display_rotation(turned)
        named = [_chapter(place, *chapter) for place, chapter in enumerate(chapters, 1)]
        if named:
            container.set_chapters(named)
        for number in range(count):
            shot = av.VideoFrame(*size, "rgb24")
            left = bytes(3) if turned else bytes(color(number))
            plane = shot.planes[0]
            line = (left * 2 + bytes(color(number)) * (size[0] - 2)).ljust(plane.line_size, b"\0")
            plane.update((line * size[1]).ljust(plane.buffer_size, b"\0"))
            shot.pts = number
            container.mux(stream.encode(shot.reformat(format=pixels)))
        container.mux(stream.encode(None))
    return File(name, written.getvalue(), "video/x-matroska")


def _chapter(number: int, start: int, stop: int, title: str) -> Chapter:
    return {
        "id": number,
        "start": start,
        "end": stop,
        "time_base": Fraction(1, 25),
        "metadata": {"title": title},
    }


def color(number: int) -> tuple[int, int, int]:
    """The color of a frame, from its number; 5 apart, which JPEG does not blur."""
    return (number * 5 % 256, 255 - number * 5 % 256, number // 51 * 40)


def number_of(content: bytes) -> int:
    """The number of a frame, from its color."""
    pixel = Image.open(BytesIO(content)).convert("RGB").getpixel((8, 8))
    assert isinstance(pixel, tuple)
    return min(range(200), key=lambda number: _distance(color(number), pixel))


def _distance(left: Sequence[float], right: Sequence[float]) -> float:
    return sum((one - other) ** 2 for one, other in zip(left, right, strict=True))


def sound(milliseconds: int, name: str = "sound.wav", rate: int = 8000) -> File:
    """A sound that lasts so long."""
    written = BytesIO()
    with wave.open(written, "wb") as output:
        output.setnchannels(1)
        output.setsampwidth(2)
        output.setframerate(rate)
        samples = milliseconds * rate // 1000
        output.writeframes(
            b"".join((index % 80 * 200).to_bytes(2, "little") for index in range(samples))
        )
    return File(name, written.getvalue(), "audio/wav")


def covered(milliseconds: int) -> File:
    """A sound with a picture in its file."""
    written = BytesIO()
    with av.open(written, "w", "matroska") as container:
        cover = container.add_stream("mjpeg", 25)
        cover.width, cover.height, cover.pix_fmt = 32, 16, "yuvj420p"
        heard = container.add_stream("pcm_s16le", 8000)
        heard.layout = "mono"
        shot = av.VideoFrame(32, 16, "rgb24")
        shot.planes[0].update((bytes(color(9)) * 512).ljust(shot.planes[0].buffer_size, b"\0"))
        container.mux(cover.encode(shot.reformat(format="yuvj420p")))
        container.mux(cover.encode(None))
        frame = av.AudioFrame("s16", "mono", milliseconds * 8)
        frame.planes[0].update(b"\0" * frame.planes[0].buffer_size)
        frame.sample_rate = 8000
        container.mux(heard.encode(frame))
        container.mux(heard.encode(None))
    return File("song.ogg", written.getvalue(), "audio/ogg")


def document(pages: int, name: str = "book.pdf", size: tuple[int, int] = (36, 18)) -> File:
    """A PDF of so many pages, in the colors of frames."""
    drawn = [Image.new("RGB", size, color(number)) for number in range(pages)]
    written = BytesIO()
    drawn[0].save(written, "PDF", save_all=True, append_images=drawn[1:])
    return File(name, written.getvalue(), "application/pdf")


def cloud(name: str, points: int = 3) -> File:
    """A point cloud in PCD."""
    head = f"VERSION .7\nFIELDS x y z\nWIDTH {points}\nHEIGHT 1\nPOINTS {points}\nDATA ascii\n"
    return File(name, (head + "0 0 0\n" * points).encode())


def told(value: tuple[T, ...] | Unset | None) -> tuple[T, ...]:
    """What an answer tells, where it need not tell it."""
    assert isinstance(value, tuple)
    return value


def bytes_of(file: File) -> bytes:
    """The content of a file that a test made."""
    assert isinstance(file.content, bytes)
    return file.content


def anew() -> Transport:
    """A sandbox for one example."""
    sandbox = Sandbox(World.with_user("ada", "x"))
    return authenticated(sandbox, Basic("ada", "x"), sandbox.world.origin)


def created(
    transport: Transport,
    files: Sequence[File],
    settings: models.DataRequestDict | None = None,
    task: models.TaskWriteRequestDict | None = None,
) -> tuple[models.TaskRead, models.Request]:
    """A task with data, however that ended."""
    usual: models.TaskWriteRequestDict = {"name": "film", "labels": [{"name": "cat"}]}
    body = usual if task is None else task
    made = call(transport, tasks.create, body).unwrap()
    sent: models.DataRequestDict = {"client_files": files}
    call(transport, tasks.create_data, made.id, sent, upload_multiple=True).unwrap()
    # what is nested goes as JSON, after the files
    wanted: models.DataRequestDict = {} if settings is None else settings
    begun = call(transport, tasks.create_data, made.id, wanted, upload_finish=True).unwrap()
    assert begun is not None
    ended = settle(transport, begun.rq_id)
    return call(transport, tasks.retrieve, made.id).unwrap(), ended
