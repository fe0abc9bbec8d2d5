from av.plane import Plane

class AudioFrame:
    planes: tuple[Plane, ...]
    samples: int
    sample_rate: int
    pts: int | None
    def __init__(self, format: str, layout: str, samples: int) -> None: ...
