"""What an upload has done so far, in a file of a few lines: so that another process can go on.

Rule: a line is written before what it announces is done, and is whole or passed over; the file is
removed when the upload is over. It holds names, sizes and addresses on the server, no credentials.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Final, Literal, TypeAlias

from attrs import field, frozen

from cvatfn.codecs.json import dumps, loads
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transfer.errors import DiskError
from cvatfn.transfer.tus import Spot

__all__ = ["Journal", "Line", "Past", "read_journal"]

Done: TypeAlias = Literal["started", "sending", "sent", "standing"]

_LONGEST: Final = 1 << 16
"""How far to look for the end of the first line."""


@frozen
class Line:
    """One thing that was done, or is about to be.

    :param done: `started` the upload; is `sending` files in one request, has `sent` them; a file is
        `standing` at a spot.
    :param marks: the files by name, each with what shows that it is still the same.
    :param spot: where the one file stands.
    """

    done: Done
    marks: Mapping[str, str] = field(factory=dict[str, str], hash=False)
    spot: Spot | None = None


@frozen
class Past:
    """What a journal tells.

    :param started: whether the server knows of the upload.
    :param sent: names and marks of files that arrived.
    :param doubted: those that may have.
    :param standing: those that did in part, and how far.
    :param lost: whether what had arrived was lost.
    """

    started: bool = False
    sent: Mapping[str, str] = field(factory=dict[str, str], hash=False)
    doubted: Mapping[str, str] = field(factory=dict[str, str], hash=False)
    standing: Mapping[str, tuple[str, Spot]] = field(
        factory=dict[str, "tuple[str, Spot]"], hash=False
    )
    lost: bool = False


class Journal:
    """A journal that is being written, by any number of threads; or none, if there is no path.

    :param path: where it is.
    :param subject: what is uploaded to; a journal of another subject is no past of this one.
    :param resumed: whether it had lines before.
    """

    def __init__(self, path: Path | None, subject: str, *, resumed: bool = False) -> None:
        self.resumed: Final = resumed
        self._path = path
        self._subject = subject
        self._lock = Lock()

    def write(self, line: Line) -> Failure[DiskError] | None:
        """Add a line.

        :param line: what is done.
        :returns: why it could not be written.
        """
        if self._path is None:
            return None
        try:
            with self._lock, self._path.open("ab") as file:
                head = b"" if file.tell() else dumps(self._subject)
                # A line begins with its break, so that half a line before it spoils no other.
                file.write(head + b"\n" + dumps(line))
        except (OSError, ValueError) as error:  # a path with a null byte is a ValueError
            return Failure(_unusable(self._path, error))
        return None

    def close(self) -> None:
        """The upload is over: there is nothing to go on with."""
        if self._path is not None:
            with suppress(OSError):  # all has arrived; whoever takes it up again learns of that
                self._path.unlink(missing_ok=True)


def read_journal(path: Path | None, subject: str) -> Outcome[Past, DiskError]:
    """What was done before.

    :param path: where the journal is; nothing was done if it is not there.
    :param subject: what is uploaded to.
    :returns: the past; a journal of something else is a failure, lest it be overwritten.
    """
    if path is None:
        return Success(Past())
    try:
        with path.open("rb") as file:
            head = file.readline(_LONGEST)
            if not head or loads(str, head) == Success(subject):
                return Success(_told(_readable(file)))
    except FileNotFoundError:
        return Success(Past())
    except (OSError, ValueError) as error:
        return Failure(_unusable(path, error))
    wrong = f"is no journal of an upload to {subject}: give another path, or remove the file"
    return Failure(DiskError(os.fspath(path), wrong))


def _unusable(path: Path, error: OSError | ValueError) -> DiskError:
    said = error.strerror if isinstance(error, OSError) else None
    return DiskError(os.fspath(path), said or str(error))


def _readable(lines: Iterable[bytes]) -> Iterator[Line]:
    for text in lines:
        match loads(Line, text):
            case Success(line):
                yield line
            case Failure():  # half a line: what it was to announce was not begun
                pass


def _told(lines: Iterator[Line]) -> Past:
    started = False
    sent: dict[str, str] = {}
    doubted: dict[str, str] = {}
    standing: dict[str, tuple[str, Spot]] = {}
    for line in lines:
        match line.done:
            case "started":
                started = True
            case "sending":
                doubted.update(line.marks)
            case "sent":
                sent.update(line.marks)
            case "standing":
                for name, mark in line.marks.items():
                    if line.spot is not None:
                        standing[name] = (mark, line.spot)
    return Past(started, sent, doubted, standing)
