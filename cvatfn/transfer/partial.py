"""Files that are not whole yet: written beside their place, put there when all has come.

A download into `cats.zip` is written to `.cats.zip.<digest>.part`, and what is needed to go on with
it, should the process end before, stands in a small file beside it. The digest is of what was asked
for, so that the next process finds it, and no other download does.

Rule: under its final name a file is whole, or not there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from io import RawIOBase
from pathlib import Path
from secrets import token_hex
from typing import IO, Final, Protocol

from attrs import evolve

from cvatfn.codecs.files import is_seekable
from cvatfn.codecs.json import dumps, loads
from cvatfn.forking import when_forked
from cvatfn.outcome import Success
from cvatfn.transfer.errors import DiskError
from cvatfn.transfer.holding import NAMED_ONCE, held, kept, let_go, opened, still_there
from cvatfn.transfer.receiving import Held

__all__ = ["Handed", "PartFile", "Sink", "Writable", "disk_error", "part_file"]

_LONGEST_NAME: Final = 180
_NOT_FOLLOWED: Final = getattr(os, "O_NOFOLLOW", 0)
_PIECE: Final = 1 << 20


class Writable(Protocol):
    """What bytes can be written to: a file opened in binary mode, `io.BytesIO`, a pipe's end."""

    def write(self, piece: bytes, /) -> object:
        """Take a piece."""
        ...


class Sink(Protocol):
    """Where a download goes. What goes wrong there is raised as `OSError` or `ValueError`."""

    held: Held

    def restart(self, held: Held) -> None:
        """Forget what is here."""

    def proceed(self, total: int) -> None:
        """Get ready for what comes after what is here."""

    def write(self, piece: bytes) -> None:
        """Take the next piece."""

    def pieces(self) -> Iterator[bytes]:
        """What is here, from its beginning."""
        ...

    def close(self) -> None:
        """Leave it: whole or not, there is nothing more to come."""


def disk_error(path: object, error: Exception) -> DiskError:
    """What a fault of the disk is as a value.

    :param path: of which file.
    :param error: what was raised.
    """
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return DiskError(str(path), reason)


class PartFile:
    """A file beside its place; made by `part_file`.

    :param file: open for reading and writing, not buffered.
    :param path: where it is.
    :param lasting: whether another process may go on with it.
    """

    def __init__(self, file: IO[bytes], path: Path, *, lasting: bool) -> None:
        self._file = file
        self._path = path
        self._lasting = lasting
        self._left = False
        self._note = path.with_name(f"{path.name}.json")
        self.held: Held = self._remembered() if lasting else Held()
        when_forked(self)

    def restart(self, held: Held) -> None:
        """Forget what is here.

        :param held: what is known of the file that is to come.
        """
        self._note.unlink(missing_ok=True)
        if self._file.seek(0, os.SEEK_END):  # on some file systems a truncated file closes slowly
            self._file.seek(0)
            self._file.truncate()
        self.held = held
        if self._lasting and held.validator is not None:
            with self._note.open("xb") as note:  # nothing that somebody put there is followed
                note.write(dumps(held))

    def proceed(self, total: int) -> None:
        """Get ready for what comes after what is here.

        :param total: how many bytes there are in all.
        """
        self._file.seek(self.held.size)
        self._file.truncate()
        self.held = evolve(self.held, total=total)

    def write(self, piece: bytes) -> None:
        """Take the next piece.

        :param piece: any number of bytes.
        """
        view = memoryview(piece)
        while view:
            written = self._file.write(view)
            view = view[written:]
            self.held = evolve(self.held, size=self.held.size + written)

    def pieces(self) -> Iterator[bytes]:
        """What is here, from its beginning."""
        self._file.seek(0)
        left = self.held.size
        while left and (piece := self._file.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece
        self._file.seek(self.held.size)

    def commit(self, final: Path, *, overwrite: bool) -> None:
        """Put it where it belongs, whole.

        :param final: its name.
        :param overwrite: whether it may take the place of a file.
        :raises OSError: it could not be done.
        """
        kept(self._file)  # or what a power failure leaves may be a name with nothing behind it
        if NAMED_ONCE:
            let_go(self._file)
        if overwrite:
            self._path.replace(final)
        else:
            _moved(self._path, final)
        self._left = True
        # Locked up to here: whoever opened the part before it was moved must not write to it now.
        self._note.unlink(missing_ok=True)
        let_go(self._file)

    def close(self) -> None:
        """Leave it: what another process can go on with stays, anything else goes."""
        left, self._left = self._left, True
        try:
            if left:
                return
            there = still_there(self._file, self._path, followed=False)
            alone = there and os.fstat(self._file.fileno()).st_nlink == 1
            if NAMED_ONCE:
                let_go(self._file)
            if alone and self._lasting and self.held.resumable:
                return
            if there:  # or it was interrupted when it had its own name already
                self._path.unlink(missing_ok=True)
            if not os.path.lexists(self._path):
                self._note.unlink(missing_ok=True)
        finally:
            let_go(self._file)

    def forked(self) -> None:
        """It is the parent's."""
        self._left = True
        self._file.close()

    def _remembered(self) -> Held:
        size = self._file.seek(0, os.SEEK_END)
        try:
            note = loads(Held, self._note.read_bytes())
        except OSError:
            return Held()
        match note:
            case Success(Held(total=total, validator=validator)) if total is None or size <= total:
                # One byte is left to ask for, so that there is an answer to a last question too.
                return Held(max(0, size - 1) if size == total else size, total, validator)
            case _:
                return Held()


class Handed:
    """A file that the caller opened, or whatever else takes bytes.

    :param file: the caller's; it is not closed here.
    """

    def __init__(self, file: Writable) -> None:
        if not callable(getattr(file, "write", None)):
            raise TypeError("is no path, and nothing that bytes can be written to")
        self._file = file
        self._start = file.tell() if is_seekable(file) else None
        self.held: Held = Held()

    def restart(self, held: Held) -> None:
        """Forget what is here.

        :param held: what is known of the file that is to come.
        """
        if self.held.size:
            truncate: object = getattr(self._file, "truncate", None)
            if self._start is None or not is_seekable(self._file) or not callable(truncate):
                raise ValueError("it broke off and cannot be begun anew: this cannot be rewound")
            self._file.seek(self._start)
            truncate()
        self.held = held

    def proceed(self, total: int) -> None:
        """It stands there already.

        :param total: how many bytes there are in all.
        """
        self.held = evolve(self.held, total=total)

    def write(self, piece: bytes) -> None:
        """Take the next piece.

        :param piece: any number of bytes.
        """
        view = memoryview(piece)
        while view:
            written: object = self._file.write(bytes(view) if view.nbytes < len(piece) else piece)
            if written is None and isinstance(self._file, RawIOBase):
                raise ValueError("it takes no more now: it must be one that blocks")
            count = written if isinstance(written, int) else len(view)
            if count <= 0:
                raise ValueError("it takes no more")
            view = view[count:]
        self.held = evolve(self.held, size=self.held.size + len(piece))

    def pieces(self) -> Iterator[bytes]:
        """Nothing was here before."""
        return iter(())

    def close(self) -> None:
        """Leave it to the caller."""


def part_file(folder: Path, name: str, digest: str) -> PartFile:
    """Open the part of a file, be it new or left by another process.

    :param folder: where the file is to be.
    :param name: what it is called, for people.
    :param digest: the same for the same download only.
    :raises OSError: it could not be done.
    """
    stem = f"{name.encode(errors='ignore')[:_LONGEST_NAME].decode(errors='ignore')}.{digest}"
    path = folder / f".{stem}.part"
    with suppress(OSError):
        file = opened(path, os.O_CREAT | _NOT_FOLLOWED)
        if _alone(file, path):
            return PartFile(file, path, lasting=True)
        let_go(file)
    # Another process is at it, or somebody put something else there.
    path = folder / f".{stem}.{token_hex(4)}.part"
    file = opened(path, os.O_CREAT | os.O_EXCL | _NOT_FOLLOWED)
    return PartFile(file, path, lasting=False)


def _alone(file: IO[bytes], path: Path) -> bool:
    """Whether it is this process's own now: locked, and still under its name and no other."""
    if held(file) is False:
        return False
    return still_there(file, path, followed=False) and os.fstat(file.fileno()).st_nlink == 1


def _moved(path: Path, final: Path) -> None:
    """Give a file its name, unless there is one of that name."""
    try:
        os.link(path, final)
    except FileExistsError:
        raise
    except OSError:  # a file system without links: the look and the move are two things there
        if os.path.lexists(final):
            raise FileExistsError(17, "is there already", str(final)) from None
        path.rename(final)
    else:
        path.unlink()
