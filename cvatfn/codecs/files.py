"""A file as a value: a name, and its bytes or where they are to be read from.

Rule: nothing is opened here. A source is read by the transport, in pieces, while it is sent; so a
file may be larger than the memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from os import PathLike, fspath
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, cast

from attrs import field, frozen
from typing_extensions import TypeIs, override

__all__ = [
    "Content",
    "File",
    "FileLike",
    "Part",
    "Readable",
    "Seekable",
    "Source",
    "as_file",
    "is_path",
    "is_readable",
    "is_seekable",
    "is_source",
]

OCTETS: Final = "application/octet-stream"


class Readable(Protocol):
    """What is read in pieces: a file opened in binary mode, `io.BytesIO`, a pipe's end."""

    def read(self, size: int, /) -> bytes:
        """Give at most so many bytes; none at the end."""
        ...


class Seekable(Protocol):
    """An open file that can be put back to where it stood, if it says so."""

    def read(self, size: int, /) -> bytes:
        """Give at most so many bytes; none at the end."""
        ...

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place."""
        ...

    def seekable(self) -> bool:
        """Whether it can go to a place at all."""
        ...

    def tell(self) -> int:
        """Where it stands."""
        ...


Source: TypeAlias = PathLike[str] | Readable | Iterable[bytes]
"""Where bytes come from: a path, an open file (from where it stands), or bytes in a row."""

if TYPE_CHECKING:
    Held: TypeAlias = bytes | Source
else:
    Held = bytes  # all that JSON can hold of it, and msgspec looks at annotations when it runs


def _shown(content: object) -> str:
    if isinstance(content, bytes):
        return f"<{len(content)} bytes>"
    return repr(content) if is_path(content) else f"<{type(content).__name__}>"


class Once:
    """An iterator's bytes, which can be had one time.

    :param pieces: the iterator.
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces: Iterator[bytes] | None = pieces

    def __iter__(self) -> Iterator[bytes]:
        pieces, self._pieces = self._pieces, None
        if pieces is None:
            raise ValueError("an iterator gives its bytes once, and it was sent before")
        return pieces


def _kept(content: bytes | Source) -> bytes | Source:
    # An iterator that was used up would be an empty file when it is sent again.
    if isinstance(content, Iterator) and not is_readable(content):
        return Once(content)
    return content


@frozen
class File:
    """One file to send.

    :param name: what the server is told the file is called; any characters (RFC 7578, section 4.2).
    :param content: the bytes; or a path, an open binary file, or an iterable of bytes, which are
        read while they are sent. An iterator can be sent once only, the others again and again.
    :param content_type: its media type; `application/octet-stream` says nothing about it.
    :param size: how many bytes an iterable or an unseekable file will give, where that is known.

    >>> File("cat.png", b"1234")
    File(name='cat.png', content=<4 bytes>, content_type='application/octet-stream', size=None)
    """

    name: str
    content: Held = field(repr=_shown, converter=_kept)
    content_type: str = OCTETS
    size: int | None = field(default=None, kw_only=True)


FileLike: TypeAlias = File | bytes | PathLike[str] | Readable
"""Where a file is taken, bytes, paths and open files are too: they name themselves if they can."""


@frozen
class Part:
    """A stretch of what a source gives.

    :param source: where it is read from.
    :param start: from which byte on; `None` is where an open file stands, and a path's beginning.
    :param size: how many bytes; `None` is to the end.
    """

    source: Source = field(repr=_shown)
    start: int | None = None
    size: int | None = None


def _parts(parts: tuple[bytes | Part, ...]) -> str:
    shown = (_shown(part) if isinstance(part, bytes) else repr(part) for part in parts)
    return f"({', '.join(shown)})"


@frozen
class Content:
    """A body that is read while it is sent: bytes and parts of sources, one after another.

    :param parts: the pieces in order.
    :param told: told of each piece that was read to be sent, by its size.

    >>> Content((b"--boundary", Part(PurePath("cat.png"))))
    Content(<10 bytes>, Part(source=PurePosixPath('cat.png'), start=None, size=None))
    """

    parts: tuple[bytes | Part, ...] = field(repr=_parts)
    told: Callable[[int], object] | None = field(default=None, eq=False)

    @override
    def __repr__(self) -> str:
        return f"Content{_parts(self.parts)}"


def as_file(value: object) -> File | None:
    """What is taken for a file, as one; `None` for anything else.

    :param value: a file, bytes, a path or an open file.

    >>> as_file(PurePath("images/cat.png")).name
    'cat.png'
    """
    if isinstance(value, File):
        return value
    if isinstance(value, bytes):
        return File("file", value)
    if is_path(value):
        return File((value if isinstance(value, PurePath) else PurePath(value)).name, value)
    if is_readable(value):
        name: object = getattr(value, "name", None)
        return File(PurePath(name).name if isinstance(name, str) else "file", value)
    return None


def is_path(value: object) -> TypeIs[PathLike[str]]:
    """Whether a value is a path in text; what stands for one in bytes is none.

    :param value: anything.
    """
    if isinstance(value, PurePath):
        return True
    if not isinstance(value, PathLike):
        return False
    return not isinstance(fspath(cast("PathLike[str] | PathLike[bytes]", value)), bytes)


def is_readable(value: object) -> TypeIs[Readable]:
    """Whether a value has a `read`, be it by proxy as `tempfile.NamedTemporaryFile` has it.

    :param value: anything.
    """
    return not isinstance(value, type) and callable(getattr(value, "read", None))


def is_seekable(value: object) -> TypeIs[Seekable]:
    """Whether a value is an open file that can be put back to where it stood.

    :param value: anything.
    """
    able: object = getattr(value, "seekable", None)
    return is_readable(value) and callable(able) and bool(able())


def is_source(value: object) -> bool:
    """Whether bytes can be read from a value; a text is no source, and a path of bytes is none.

    :param value: anything.
    """
    texts = (str, bytes, bytearray, memoryview)
    return (
        is_path(value)
        or is_readable(value)
        or (isinstance(value, Iterable) and not isinstance(value, texts))
    )
