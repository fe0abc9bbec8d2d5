from av.audio.frame import AudioFrame
from av.packet import Packet

class AudioCodecContext: ...

class AudioStream:
    codec_context: AudioCodecContext | None
    rate: int
    channels: int
    layout: str
    def encode(self, frame: AudioFrame | None = None) -> list[Packet[AudioFrame]]: ...
