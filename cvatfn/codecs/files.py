"""A file as a value: a name and its bytes, for the fields CVAT takes as `multipart/form-data`."""

from __future__ import annotations

from typing import TypeAlias

from attrs import field, frozen

__all__ = ["File", "FileLike"]


def _size(content: bytes) -> str:
    return f"<{len(content)} bytes>"


@frozen
class File:
    """One file to send.

    :param name: what the server is told the file is called; any characters (RFC 7578, section 4.2).
    :param content: the file's bytes.
    :param content_type: its media type; `application/octet-stream` says nothing about it.

    >>> File("cat.png", b"1234")
    File(name='cat.png', content=<4 bytes>, content_type='application/octet-stream')
    """

    name: str
    content: bytes = field(repr=_size)
    content_type: str = "application/octet-stream"


FileLike: TypeAlias = File | bytes
"""Where a file is taken, plain bytes are too: they get a plain name."""
