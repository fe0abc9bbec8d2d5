from fractions import Fraction

from av.plane import Plane

class VideoFrame:
    planes: tuple[Plane, ...]
    width: int
    height: int
    rotation: int
    pts: int | None
    time_base: Fraction
    def __init__(self, width: int, height: int, format: str) -> None: ...
    def reformat(
        self, width: int | None = None, height: int | None = None, format: str | None = None
    ) -> VideoFrame: ...
