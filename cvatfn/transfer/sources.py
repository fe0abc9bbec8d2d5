"""The files of an upload: found, named and measured before anything is sent.

Rule: whatever can be read only once and does not know its size is first written to a temporary
file, because a broken upload has to be able to read it again.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from hashlib import blake2b
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import cast

from attrs import field, frozen

from cvatfn.codecs.files import (
    Content,
    File,
    FileLike,
    Part,
    Source,
    as_file,
    is_path,
    is_readable,
    is_seekable,
)
from cvatfn.codecs.params import encodable
from cvatfn.codecs.problems import Problem
from cvatfn.errors import InvalidParams
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transfer.errors import DiskError
from cvatfn.transport.contents import Unreadable, length_of, pieces_of

__all__ = ["Local", "found"]


@frozen
class Local:
    """A file that can be read from any place on, again and again.

    :param file: the file, under the name that the server is to know it by.
    :param size: bytes.
    :param start: where it begins in its source.
    :param mark: what shows that it is still the same file.
    """

    file: File
    size: int
    start: int = 0
    mark: str = ""
    source: bytes | Source = field(default=b"", repr=False)

    @property
    def name(self) -> str:
        """The name that the server is to know it by."""
        return self.file.name

    def part(self, offset: int, size: int) -> bytes | Part:
        """A stretch of it.

        :param offset: from which byte on.
        :param size: how many bytes.
        """
        if isinstance(self.source, bytes):
            return self.source[offset : offset + size]
        return Part(self.source, self.start + offset, size)

    def changed(self) -> DiskError | None:
        """Why it is no longer the file that was measured; `None` where it still is."""
        if not is_path(self.source) or self.source is not self.file.content:
            return None  # it is not on a disk, or only we know where
        try:
            mark = _mark(self.source)
        except OSError as error:
            return _disk_error(self.source, error)
        wrong = "has changed while it was sent: send it again when nobody writes to it"
        return None if mark == self.mark else DiskError(os.fspath(self.source), wrong)


def found(
    endpoint: str, files: Iterable[FileLike], stack: ExitStack
) -> Outcome[tuple[Local, ...], InvalidParams | DiskError]:
    """Name and measure files.

    :param endpoint: for whose body they are; errors say so.
    :param files: what the caller gave.
    :param stack: deletes the temporary files, in the end.
    :returns: the files in order; or all that is wrong with their names, or the first that cannot be
        read.
    """
    given: list[object] = [*files]
    named = [as_file(file) for file in given]
    problems = tuple(_problems(given, named))
    if problems:
        return Failure(InvalidParams(endpoint, problems))
    measured: list[Local] = []
    for file in named:
        if file is not None:
            match _measured(file, stack):
                case Success(local):
                    measured.append(local)
                case Failure() as unreadable:
                    return unreadable
    return Success(tuple(measured))


def _problems(given: Iterable[object], files: Iterable[File | None]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    opened: dict[int, int] = {}
    for index, (source, file) in enumerate(zip(given, files, strict=True)):
        where = f"files[{index}]"
        if file is None:
            told = "; a path is given as `Path(...)`" if isinstance(source, str) else ""
            yield Problem(where, f"is no File, bytes, path or open file{told}")
            continue
        if not isinstance(cast("object", file.name), str):
            yield Problem(where, f"has a name that is no text: {file.name!r:.80}")
            continue
        parts = file.name.replace("\\", "/").split("/")
        if ".." in parts or "." in parts or "" in parts or not encodable(file.name):
            yield Problem(where, f"has a name that no file can have there: {file.name[:80]!r}")
        elif file.name in seen:
            wrong = f"has the same name as files[{seen[file.name]}]: {file.name[:80]!r}"
            yield Problem(where, f"{wrong}; give it another as `File(name, ...)`")
        elif is_readable(file.content) and id(file.content) in opened:
            # It has but one place where it stands, and several files are read at once.
            yield Problem(where, f"is the same open file as files[{opened[id(file.content)]}]")
        seen.setdefault(file.name, index)
        opened.setdefault(id(file.content), index)


def _measured(file: File, stack: ExitStack) -> Outcome[Local, DiskError]:
    content = file.content
    if isinstance(content, bytes):
        return Success(Local(file, len(content), 0, blake2b(content).hexdigest()[:32], content))
    try:
        if is_path(content):
            found = os.stat(content)  # noqa: PTH116 - not every path-like has a `stat`
            if stat.S_ISREG(found.st_mode):
                return Success(Local(file, found.st_size, 0, _mark_of(found), content))
        elif is_seekable(content):
            size = length_of(Content((Part(content, size=file.size),))) or 0
            return Success(Local(file, size, content.tell(), str(size), content))
        return _spooled(file, content, stack)
    except Unreadable as why:
        return Failure(DiskError(file.name, str(why)))
    except OSError as error:
        return Failure(_disk_error(content, error))
    except ValueError as error:  # an open file that was closed
        return Failure(DiskError(file.name, str(error)))


def _spooled(file: File, content: Source, stack: ExitStack) -> Outcome[Local, DiskError]:
    digest = blake2b()
    with NamedTemporaryFile(prefix="cvatfn-", delete=False) as kept:
        path = Path(kept.name)
        stack.callback(path.unlink, missing_ok=True)
        for piece in pieces_of(Content((Part(content, size=file.size),))):
            digest.update(piece)
            kept.write(piece)
    return Success(Local(file, path.stat().st_size, 0, digest.hexdigest()[:32], path))


def _mark(path: os.PathLike[str]) -> str:
    return _mark_of(os.stat(path))  # noqa: PTH116 - not every path-like has a `stat`


def _mark_of(found: os.stat_result) -> str:
    return f"{found.st_size}-{found.st_mtime_ns}"


def _disk_error(source: bytes | Source, error: OSError) -> DiskError:
    name = os.fspath(source) if is_path(source) else type(source).__name__
    return DiskError(name, error.strerror or str(error))
