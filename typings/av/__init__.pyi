from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Literal, overload

from av.audio.frame import AudioFrame as AudioFrame
from av.audio.resampler import AudioResampler as AudioResampler
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame as VideoFrame

@overload
def open(
    file: BytesIO,
    mode: Literal["r"],
    format: str | None = None,
    *,
    options: Mapping[str, str] | None = None,
    io_open: Callable[[str, int, object], object] | None = None,
) -> InputContainer: ...
@overload
def open(file: BytesIO, mode: Literal["w"], format: str | None = None) -> OutputContainer: ...
