from typing import Generic, TypeVar

_F = TypeVar("_F")

class Packet(Generic[_F]):
    size: int
    def decode(self) -> list[_F]: ...
