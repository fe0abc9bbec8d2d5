"""Sounds: how long they are, and pieces of them as MP3. PyAV does the work.

Rule: time is counted in milliseconds, which CVAT calls the frames of a sound.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Final

from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.codecs import looked_into
from cvatfn.testing.sandbox.state.media import Received

if TYPE_CHECKING:
    from av import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

__all__ = ["length_of", "written_mp3"]

LONGEST: Final = 2 * 60 * 60
"""How many seconds a sound may last."""
RATES: Final = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
"""The sampling rates of MP3."""


def length_of(file: Received) -> Outcome[int, str]:
    """How many milliseconds a sound lasts; the last one may be begun only.

    :param file: the sound.
    """
    return looked_into(file, lambda container: _length(container, file.name))


def written_mp3(file: Received, start: int, stop: int) -> Outcome[bytes, str]:
    """A piece of a sound as MP3.

    :param file: the sound.
    :param start: the first millisecond.
    :param stop: the last one.
    """
    return looked_into(file, lambda container: _piece(container, start, stop))


def _length(container: InputContainer, name: str) -> Outcome[int, str]:
    if not container.streams.audio:
        return Failure(f"{name!r} has no sound in it")
    stream = container.streams.audio[0]
    if stream.codec_context is None:
        return Failure(f"{name!r} is coded in a way that is not known")
    samples, rate = 0, max(stream.rate, 1)
    for frame in container.decode(stream):
        samples += frame.samples
        if samples > LONGEST * rate:
            return Failure(f"{name!r} lasts more than {LONGEST} seconds")
    return Success(-(-samples * 1000 // rate)) if samples else Failure(f"{name!r} is silent")


def _piece(container: InputContainer, start: int, stop: int) -> Outcome[bytes, str]:
    import av

    stream = container.streams.audio[0]
    rate = stream.rate if stream.rate in RATES else RATES[-2]
    written = BytesIO()
    with av.open(written, "w", format="mp3") as output:
        target = output.add_stream("libmp3lame", rate=rate)
        target.layout = "mono" if stream.channels == 1 else "stereo"
        wanted = range(start * rate // 1000, (stop + 1) * rate // 1000)
        for frame in _samples(container, stream, target, wanted):
            output.mux(target.encode(frame))
        output.mux(target.encode(None))
    return Success(written.getvalue())


def _samples(
    container: InputContainer, stream: AudioStream, target: AudioStream, wanted: range
) -> Iterator[AudioFrame]:
    """The samples with some numbers, at the rate of the target."""
    from av import AudioFrame, AudioResampler

    resampler = AudioResampler("s16", target.layout, target.rate)
    width = 2 * target.channels
    begin = 0
    for decoded in container.decode(stream):
        decoded.pts = None
        for frame in resampler.resample(decoded):
            inside = range(max(0, wanted.start - begin), min(frame.samples, wanted.stop - begin))
            begin += frame.samples
            if not inside:
                continue
            kept = bytes(frame.planes[0])[inside.start * width : inside.stop * width]
            cut = AudioFrame("s16", target.layout, len(inside))
            cut.planes[0].update(kept.ljust(cut.planes[0].buffer_size, b"\0"))
            cut.sample_rate = target.rate
            yield cut
        if begin >= wanted.stop:
            return
