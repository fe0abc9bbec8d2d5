"""Files that one process at a time may use: opened, and locked as long as they are open.

Rule: the lock is the operating system's, so that it ends with its process, however that ends. It
keeps out other openings of the file, in the same process too, and is not inherited by a fork: who
holds one closes it there (`cvatfn.forking`).
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

__all__ = ["NAMED_ONCE", "held", "kept", "let_go", "opened", "still_there"]

NAMED_ONCE: Final = os.name == "nt"
"""Whether a file keeps its name while it is open."""

_BUSY: Final = (errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK)
_UNKNOWN: Final = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EROFS)
_LOCKED_BYTE: Final = 1 << 30
"""Which byte is locked on Windows, where others cannot read it then."""


def opened(path: Path, how: int = 0) -> IO[bytes]:
    """Open a file for reading and writing, not buffered.

    :param path: where it is.
    :param how: flags of `os.open` beside those.
    :raises OSError: it could not be done.
    """
    safe = sum(getattr(os, name, 0) for name in ("O_CLOEXEC", "O_BINARY"))
    return os.fdopen(os.open(path, os.O_RDWR | how | safe, 0o666), "r+b", buffering=0)


def held(file: IO[bytes]) -> bool | None:
    """Take a file for this opening of it alone.

    :param file: the file.
    :returns: whether it is; `None` where files cannot be locked.
    """
    try:
        _lock(file)
    except OSError as error:
        return False if error.errno in _BUSY else None
    return True


def let_go(file: IO[bytes]) -> None:
    """Close a file and let others have it, though a forked process may have it open still.

    :param file: the file; a closed one is left as it is.
    """
    if not file.closed:
        try:
            with suppress(OSError):
                _unlock(file)
        finally:
            file.close()


def kept(file: IO[bytes]) -> None:
    """Have what was written to a file on the disk, as far as its file system knows of such a wish.

    :param file: the file.
    :raises OSError: the disk cannot keep it.
    :raises ValueError: the file is closed.
    """
    try:
        os.fsync(file.fileno())
    except OSError as error:
        if error.errno not in _UNKNOWN:
            raise


def still_there(file: IO[bytes], path: Path, *, followed: bool = True) -> bool:
    """Whether a regular file is still under the name that it was opened by.

    :param file: the file.
    :param path: its name.
    :param followed: whether the name may be that of a link to it.
    :raises OSError: it cannot be known.
    """
    here = os.fstat(file.fileno())
    try:
        there = path.stat() if followed else path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISREG(here.st_mode) and (here.st_ino, here.st_dev) == (there.st_ino, there.st_dev)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _unlock(file: IO[bytes]) -> None:
        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
