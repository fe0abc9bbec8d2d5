"""What comes as files: the frames of a task, and uploads under way."""

from __future__ import annotations

from datetime import datetime

from attrs import field, frozen

from cvatfn import models

__all__ = ["Arriving", "Frame", "Media", "Received", "Upload"]


@frozen
class Received:
    """A file that the sandbox holds."""

    name: str
    content: bytes = field(repr=False)
    content_type: str = "application/octet-stream"


@frozen
class Frame:
    """One image, as it was uploaded, and the images that go with it as its context."""

    name: str
    width: int
    height: int
    content: bytes = field(repr=False)
    related: tuple[Received, ...] = ()


@frozen(kw_only=True)
class Media:
    """The images of a task, in the order of their frames."""

    id: int
    frames: tuple[Frame, ...]
    image_quality: int
    chunk_size: int
    start_frame: int
    stop_frame: int
    frame_filter: str
    created: datetime
    deleted: tuple[int, ...] = ()
    storage: models.StorageType = models.StorageType.LOCAL
    cloud: int | None = None


@frozen
class Upload:
    """Files received for a task whose upload is under way."""

    files: tuple[Received, ...] = ()


@frozen(kw_only=True)
class Arriving:
    """A file that comes in pieces, and is not whole yet.

    :param task: the task whose data it is one of; `None` for a file that is to be imported.
    """

    user: int
    task: int | None
    name: str
    length: int
    offset: int = 0
    pieces: tuple[bytes, ...] = field(default=(), repr=False)
