from av.audio.frame import AudioFrame
from av.packet import Packet

class AudioStream:
    rate: int
    channels: int
    layout: str
    def encode(self, frame: AudioFrame | None = None) -> list[Packet[AudioFrame]]: ...
