"""Frames as files: each whole under its number, those that are there left alone.

Rule: what is there under a frame's number is that frame, since a file has its name first when it is
whole. So who is interrupted goes on by saying the same again; a chunk of which all is there is not
fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from attrs import frozen

from cvatfn.cli.exits import Stopped, value_of
from cvatfn.flows import driven
from cvatfn.transfer.media import FrameSource, Quality, Run, Start, frame, frames_at
from cvatfn.transfer.partial import disk_error, part_file
from cvatfn.transfer.pictures import USUAL
from cvatfn.transfer.progress import Progress, finishing
from cvatfn.transfer.receiving import Held
from cvatfn.transport import Transport

__all__ = ["Wanted", "all_saved", "some_saved", "suffix_of", "written"]


@frozen(kw_only=True)
class Wanted:
    """Which frames, and where they go.

    :param source: whose.
    :param quality: as CVAT shows them, or as they were uploaded.
    :param folder: where they go.
    :param overwrite: whether those that are there are fetched again.
    :param progress: who is told how far it is.
    """

    source: FrameSource
    quality: Quality
    folder: Path
    overwrite: bool
    progress: Progress


def all_saved(transport: Transport, wanted: Wanted) -> list[Path]:
    """Save all frames of a task or a job, a chunk at a time: their files.

    :param transport: what sends.
    :param wanted: which, and where to.
    :raises Stopped: a frame did not come; those before it are there.
    """
    saved: list[Path] = []
    at: Start | Run | None = Start()
    with finishing(wanted.progress):
        wanted.progress.start(f"frames of {wanted.source}", None)
        while at is not None:
            there = _all_there(wanted, at)
            if isinstance(at, Run) and there is not None:
                saved += there
                at = at.next()
                continue
            step = frames_at(wanted.source, wanted.quality, USUAL, at)
            found, at = value_of(driven(step, transport))
            saved += _saved(wanted, found)
    return saved


def some_saved(transport: Transport, wanted: Wanted, numbers: Iterable[int]) -> list[Path]:
    """Save single frames: their files.

    :param transport: what sends.
    :param wanted: whose, and where to.
    :param numbers: which, in the numbers of the task.
    :raises Stopped: a frame did not come; those before it are there.
    """
    saved: list[Path] = []
    with finishing(wanted.progress):
        wanted.progress.start(f"frames of {wanted.source}", None)
        for number in numbers:
            there = _there(wanted, number)
            if there is not None:
                saved.append(there)
                continue
            data = value_of(frame(transport, wanted.source, number, quality=wanted.quality))
            saved += _saved(wanted, [(number, data)])
    return saved


def suffix_of(data: bytes) -> str:
    r"""What the name of an image ends in, told by its first bytes.

    :param data: the image.

    >>> suffix_of(b"\xff\xd8\xff\xe0"), suffix_of(b"no image")
    ('.jpg', '.bin')
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ".webp"
    return next((suffix for start, suffix in _SUFFIXES if data.startswith(start)), ".bin")


def written(path: Path, data: bytes, *, overwrite: bool) -> Path:
    """Write a file, whole or not at all.

    :param path: its name.
    :param data: what is to be in it.
    :param overwrite: whether it may take the place of a file.
    :raises Stopped: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(part_file(path.parent, path.name, "whole")) as part:
            part.restart(Held())
            part.write(data)
            part.commit(path, overwrite=overwrite)
    except OSError as error:
        raise Stopped(disk_error(path, error)) from None
    return path


_SUFFIXES: Final = (
    (b"\xff\xd8", ".jpg"),
    (b"\x89PNG", ".png"),
    (b"GIF8", ".gif"),
    (b"BM", ".bmp"),
    (b"II*\x00", ".tif"),
    (b"MM\x00*", ".tif"),
)


def _saved(wanted: Wanted, frames: Iterable[tuple[int, bytes]]) -> Iterator[Path]:
    for number, data in frames:
        there = _there(wanted, number)
        path = wanted.folder / f"{number:06}{suffix_of(data)}"
        yield there or written(path, data, overwrite=wanted.overwrite)
        wanted.progress.advance(len(data))


def _all_there(wanted: Wanted, at: Start | Run) -> list[Path] | None:
    if isinstance(at, Start):
        return None
    found: list[Path] = []
    for each in at.expected:  # as many as the server says there are: the first that lacks will do
        there = _there(wanted, each)
        if there is None:
            return None
        found.append(there)
    return found


def _there(wanted: Wanted, number: int) -> Path | None:
    """The file of a frame, if it is there and may stay."""
    if wanted.overwrite:
        return None
    return next(wanted.folder.glob(f"{number:06}.*"), None)
