from fractions import Fraction

from av.packet import Packet
from av.video.frame import VideoFrame

class VideoCodecContext:
    options: dict[str, str]

class VideoStream:
    codec_context: VideoCodecContext | None
    frames: int
    width: int
    height: int
    pix_fmt: str | None
    thread_type: str
    average_rate: Fraction | None
    def set_display_rotation(self, degrees: float) -> None: ...
    def encode(self, frame: VideoFrame | None = None) -> list[Packet[VideoFrame]]: ...
