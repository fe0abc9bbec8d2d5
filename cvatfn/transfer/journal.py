"""What an upload has done so far, in a file of a few lines: so that another process can go on.

Rule: a line is on the disk before what it announces is done, and is whole or passed over; the file
is removed when the upload is over. It belongs to one upload to one server, and to one process at a
time. It holds names, sizes and addresses on the server, no credentials.
"""

from __future__ import annotations

import os
import platform
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import IO, Final, Literal, Self, TypeAlias

from attrs import field, frozen

from cvatfn.codecs.json import dumps, loads
from cvatfn.forking import when_forked
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transfer.errors import DiskError
from cvatfn.transfer.holding import NAMED_ONCE, held, kept, let_go, opened, still_there
from cvatfn.transfer.partial import disk_error
from cvatfn.transfer.tus import Spot

__all__ = ["Journal", "Line", "Past", "journal_at", "journal_in"]

Done: TypeAlias = Literal["opened", "started", "sending", "sent", "standing"]

_LONGEST: Final = 1 << 16
"""How far to look for the end of the first line."""


@frozen
class Line:
    """One thing that was done, or is about to be.

    :param done: a process has `opened` the journal; it `started` the upload; is `sending` files in
        one request, has `sent` them; a file is `standing` at a spot.
    :param marks: the files by name, each with what shows that it is still the same.
    :param spot: where the one file stands.
    :param by: which process it is that opened the journal.
    """

    done: Done
    marks: Mapping[str, str] = field(factory=dict[str, str], hash=False)
    spot: Spot | None = None
    by: str | None = None


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


@frozen
class Head:
    """The first line: whose journal it is. Before there were origins it was the subject alone.

    :param subject: what is uploaded to.
    :param origin: on which server; `None` where that was not known.
    """

    subject: str
    origin: str | None = None


class Journal:
    """A journal that is being written, by any number of threads; or none. Made by `journal_at`.

    Leaving its block, it lets other processes have it.

    :param path: where it is.
    :param file: what is there, open and locked.
    :param past: what it told before.
    """

    def __init__(
        self, path: Path = Path(), file: IO[bytes] | None = None, past: Past | None = None
    ) -> None:
        self.past: Final = past or Past()
        self._path = path
        self._file = file
        self._used = self.past != Past()
        self._lock = Lock()
        when_forked(self)

    @property
    def resumed(self) -> bool:
        """Whether the upload was started before."""
        return self.past.started

    def write(self, line: Line) -> Failure[DiskError] | None:
        """Add a line; it is on the disk when this returns.

        :param line: what is done.
        :returns: why it could not be written.
        """
        if self._file is None:
            return None
        try:
            with self._lock:
                self._used = True
                _append(self._file, line)
        except (OSError, ValueError) as error:
            return Failure(disk_error(self._path, error))
        return None

    def over(self) -> None:
        """The upload is over: there is nothing to go on with."""
        self._used = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file is None:
            return
        # What cannot be removed harms nothing: whoever takes it up again learns that all has come.
        try:
            with suppress(OSError, ValueError):
                if not self._used and still_there(self._file, self._path):
                    if NAMED_ONCE:
                        let_go(self._file)
                    self._path.unlink()
        finally:
            let_go(self._file)

    def forked(self) -> None:
        """It is the parent's."""
        if self._file is not None:
            self._file.close()
            self._file = None


def journal_at(path: Path | None, subject: str, origin: str | None) -> Outcome[Journal, DiskError]:
    """Open a journal, and read what was done before.

    :param path: where the journal is, or is to be; `None` for none.
    :param subject: what is uploaded to.
    :param origin: on which server; `None` where that is not known, and then not compared.
    :returns: the journal; one of something else, or one that another process has, is a failure.
    """
    if path is None:
        return Success(Journal())
    try:
        file = _taken(path)
    except (OSError, ValueError) as error:  # a path with a null byte is a ValueError
        return Failure(disk_error(path, error))
    try:
        past = _read(file, Head(subject, origin))
    except (OSError, ValueError) as error:
        let_go(file)
        return Failure(disk_error(path, error))
    except BaseException:
        let_go(file)
        raise
    return Success(Journal(path, file, past))


def journal_in(
    stack: ExitStack, path: Path | None, subject: str, origin: str | None
) -> Outcome[Journal, DiskError]:
    """Open a journal as `journal_at` does, for others to have it when a stack is closed.

    :param stack: closes it, from the moment that it is open.
    :param path: where the journal is, or is to be; `None` for none.
    :param subject: what is uploaded to.
    :param origin: on which server; `None` where that is not known.
    """
    opened = journal_at(path, subject, origin)
    if isinstance(opened, Success):
        stack.enter_context(opened.unwrap())
    return opened


def _taken(path: Path) -> IO[bytes]:
    """Open and lock the file that is there, or a new one.

    :raises OSError: it could not be done.
    :raises ValueError: it is no file, or another process has it.
    """
    while True:
        file = opened(path, os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0))
        try:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ValueError("is no file that a journal could be written to")
            if held(file) is False:
                raise ValueError(_busy(file))
            if still_there(file, path):
                return file
        except BaseException:
            let_go(file)
            raise
        let_go(file)  # whoever had it has removed it in the meantime: once more


def _busy(file: IO[bytes]) -> str:
    with _reading(file) as lines:
        holders = [line.by for line in _readable(lines) if line.by is not None]
    whose = holders[-1] if holders else "another process"
    return f"is in use by {whose}: wait until its upload is over, or end it; it can be gone on with"


def _read(file: IO[bytes], head: Head) -> Past:
    """What a journal tells; its first lines are written where nothing was done yet.

    :raises OSError: it could not be done.
    :raises ValueError: it is the journal of something else.
    """
    with _reading(file) as lines:
        first = lines.readline(_LONGEST)
        before = _head(first)
        found = () if before is None else tuple(_readable(lines))
    if before is None and first:
        raise ValueError(_strange(head))
    if before is None or (found and all(line.done == "opened" for line in found)):
        file.truncate(0)  # it is new, or was opened and no more
        _append(file, Line("opened", by=_process()), dumps(head))
        return Past()
    if before.subject != head.subject:
        raise ValueError(_strange(head))
    if None not in (before.origin, head.origin) and before.origin != head.origin:
        wrong = f"is the journal of an upload to {before.origin}, and this one is to {head.origin}"
        raise ValueError(f"{wrong}: give another path, or remove the file")
    _append(file, Line("opened", by=_process()))
    return _told(found)


def _append(file: IO[bytes], line: Line, head: bytes = b"") -> None:
    # A line begins with its break, so that half a line before it spoils no other.
    left = memoryview(head + b"\n" + dumps(line))
    while left:
        left = left[file.write(left) :]
    kept(file)


def _reading(file: IO[bytes]) -> IO[bytes]:
    """Read it from its beginning; to close this is not to close the file."""
    file.seek(0)
    return os.fdopen(file.fileno(), "rb", closefd=False)


def _head(line: bytes) -> Head | None:
    match loads(Head, line):
        case Success(head):
            return head
        case Failure():
            pass
    match loads(str, line):
        case Success(subject):
            return Head(subject)
        case Failure():
            return None


def _process() -> str:
    return f"process {os.getpid()} on {platform.node() or 'this machine'}"


def _strange(head: Head) -> str:
    return f"is no journal of an upload to {head.subject}: give another path, or remove the file"


def _readable(lines: Iterable[bytes]) -> Iterator[Line]:
    for text in lines:
        match loads(Line, text):
            case Success(line):
                yield line
            case Failure():  # half a line: what it was to announce was not begun
                pass


def _told(lines: Iterable[Line]) -> Past:
    started = False
    sent: dict[str, str] = {}
    doubted: dict[str, str] = {}
    standing: dict[str, tuple[str, Spot]] = {}
    for line in lines:
        match line.done:
            case "opened":
                pass
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
