"""PyAV, used with care: what videos and sounds have in common.

Rule: bytes in, values out. A file that asks for another file or an address is refused it, whatever
it claims to be. What is no video or sound, or breaks off, is told in words.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Final, TypeVar

from cvatfn.outcome import Failure, Outcome
from cvatfn.testing.sandbox.state.media import Received

if TYPE_CHECKING:
    from av.container import InputContainer

__all__ = ["NO_PYAV", "looked_into"]

T = TypeVar("T")

NO_PYAV: Final = "the sandbox looks into videos and sounds with PyAV: install `cvatfn[sandbox]`"

_BROKEN: Final = (ValueError, RuntimeError, OSError, EOFError, MemoryError, ArithmeticError)
"""What PyAV raises beside FFmpeg's own errors."""


def looked_into(
    file: Received, look: Callable[[InputContainer], Outcome[T, str]]
) -> Outcome[T, str]:
    """Open a video or a sound, and close it again.

    :param file: the file.
    :param look: what to find out; it may raise what PyAV raises.
    :returns: what was found out, or why the file cannot be read.
    """
    try:
        import av
        from av.error import FFmpegError
    except ImportError:  # pragma: no cover - the extra is installed where this is tested
        return Failure(NO_PYAV)
    try:
        read = BytesIO(file.content)
        with av.open(
            read, "r", options={"format_whitelist": _FORMATS}, io_open=_refuse
        ) as container:
            return look(container)
    except (FFmpegError, *_BROKEN) as error:
        said = str(getattr(error, "strerror", None) or error) or type(error).__name__
        return Failure(f"{file.name!r} is no video or sound that can be read: {said}")


_FORMATS: Final = "mov,matroska,avi,mpegts,mpeg,flv,asf,ogg,mp3,wav,flac,aac,aiff"
"""What videos and sounds come in, by FFmpeg's names; it knows much else, playlists among it."""


def _refuse(url: str, _flags: int, _options: object) -> object:
    """A file may name others, or addresses; none of them is opened."""
    raise PermissionError(url)
