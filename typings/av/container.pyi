from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal, Self, TypedDict, overload

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

class Chapter(TypedDict):
    id: int
    start: int
    end: int
    time_base: Fraction | None
    metadata: dict[str, str]

class Streams:
    video: tuple[VideoStream, ...]
    audio: tuple[AudioStream, ...]

class Container:
    streams: Streams
    def __enter__(self) -> Self: ...
    def __exit__(self, *error: object) -> None: ...
    def chapters(self) -> list[Chapter]: ...
    def set_chapters(self, chapters: list[Chapter]) -> None: ...

class InputContainer(Container):
    def demux(self, stream: VideoStream) -> Iterator[Packet[VideoFrame]]: ...
    def decode(self, stream: AudioStream) -> Iterator[AudioFrame]: ...

class OutputContainer(Container):
    @overload
    def add_stream(
        self, codec_name: Literal["libmp3lame", "pcm_s16le"], rate: int | None = None
    ) -> AudioStream: ...
    @overload
    def add_stream(
        self,
        codec_name: Literal["ffv1", "libx264", "mjpeg", "mpeg4"],
        rate: int | None = None,
        options: Mapping[str, str] | None = None,
    ) -> VideoStream: ...
    def mux(self, packets: Sequence[Packet[VideoFrame]] | Sequence[Packet[AudioFrame]]) -> None: ...
