"""Files that only their owner can read: for secrets.

Rule: such a file is its owner's alone from its first byte, is replaced whole, and is not read when
others could have read or written it. No link is followed, and nothing that is no file is waited on.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import IO, Final

from cvatfn.schedule import Schedule, constant, delays
from cvatfn.transfer.errors import DiskError
from cvatfn.transfer.holding import held, kept, let_go, opened

__all__ = ["alone_at", "read_private", "write_private"]

_LARGEST: Final = 1 << 20
_PATIENCE: Final = constant(0.05, deadline=10)
"""How long to wait for another process that changes the file; that takes it milliseconds."""

_NOT_FOLLOWED: Final = getattr(os, "O_NOFOLLOW", 0)
_NOT_WAITING: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_HAS_OWNERS: Final = os.name != "nt"
"""Whether files have owners and modes; on Windows a person's own folder is closed to others."""

_A_LINK: Final = "is a link: put the file itself there, or name the folder where it is"


@contextmanager
def alone_at(
    path: Path, sleep: Callable[[float], object], patience: Schedule = _PATIENCE
) -> Generator[bool]:
    """Keep other processes from changing a file while a block runs; they keep to it as this one.

    Where files cannot be locked, nobody is kept from anything.

    :param path: the file; the lock is on one beside it, which stays.
    :param sleep: how to wait for another process.
    :param patience: how long to.
    :returns: whether it is so; another process had the file for too long if not.
    :raises OSError: the folder takes no files.
    """
    file = opened(path.with_name(f".{path.name}.lock"), os.O_CREAT | _NOT_FOLLOWED)
    try:
        for wait in (*delays(patience), None):
            taken = held(file)
            if taken is not False:
                yield True
                return
            if wait is not None:
                sleep(wait)
        yield False
    finally:
        let_go(file)


def read_private(path: Path) -> bytes | DiskError:
    """A file's content, if nobody else can have read or written it.

    It is looked at once it is open, so that it cannot be another one by then.

    :param path: where it is.
    :returns: the content, or why it is not read.
    :raises OSError: it cannot be opened.
    """
    if not _NOT_FOLLOWED and path.is_symlink():
        return DiskError(str(path), _A_LINK)
    try:
        number = os.open(path, os.O_RDONLY | _NOT_FOLLOWED | _NOT_WAITING)
    except OSError:
        if path.is_symlink():
            return DiskError(str(path), _A_LINK)
        raise
    with os.fdopen(number, "rb") as file:
        wrong = _exposed(file)
        return file.read(_LARGEST) if wrong is None else DiskError(str(path), wrong)


def write_private(path: Path, content: bytes) -> None:
    """Put content in the place of a file, whole, for its owner alone from the first byte.

    :param path: where it is, or is to be.
    :param content: what is to be in it.
    :raises OSError: it cannot be done; then nothing is changed.
    """
    beside = path.with_name(f".{path.name}.{token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOT_FOLLOWED | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(beside, flags, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            kept(file)
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def _exposed(file: IO[bytes]) -> str | None:
    """Why a file cannot be trusted with secrets; `None` where it can."""
    found = os.fstat(file.fileno())
    if not stat.S_ISREG(found.st_mode):
        return "is no regular file: move it away"
    if not _HAS_OWNERS:
        return None
    if found.st_uid != os.geteuid():
        return "belongs to somebody else: move it away, and log in anew"
    if found.st_mode & 0o077:
        mode = stat.S_IMODE(found.st_mode)
        return (
            f"can be read or written by others (mode {mode:03o}): whatever logins it holds may be "
            f"known to them. Say `chmod 600` to keep it, and better log out and in again"
        )
    return None
