"""Ctrl-C at the n-th touch of the world outside, before it or after it.

Rule: a touch is a call of a function of the system (sockets, files, sleep), whoever makes it: ours,
urllib3 or the standard library. They are counted in the thread that runs the block, by profiling.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Final

from hypothesis import settings

__all__ = ["TOUCHES", "Interrupted", "interrupted_everywhere", "links"]

TOUCHES: Final = frozenset(
    [
        *("connect", "getaddrinfo", "poll", "recv", "recv_into", "send", "sendall", "settimeout"),
        *("flock", "fsync", "link", "lstat", "open", "read", "readinto", "readline", "rename"),
        *("replace", "seek", "sleep", "stat", "truncate", "unlink", "write"),
    ]
)
"""Names of functions of `posix`, `_socket`, `_io`, `select`, `fcntl` and `time`. Not `close`: the
collector calls it as well, and swallows what comes of it."""


class Interrupted:
    """A block that is interrupted.

    :param at: at which touch, from 0.
    :param after: whether when it is done already, else just before.
    """

    def __init__(self, at: int, *, after: bool) -> None:
        self._left = at
        self._event = "c_return" if after else "c_call"
        self.struck = ""

    def __call__(self, run: Callable[[], object]) -> bool:
        """Run something; whether it was interrupted.

        :raises AssertionError: the interrupt was swallowed.
        """
        sys.setprofile(self._seen)
        try:
            run()
        except KeyboardInterrupt:
            assert self.struck
            return True
        finally:
            sys.setprofile(None)
        assert not self.struck, f"the interrupt at {self.struck} was swallowed"
        return False

    def _seen(self, frame: FrameType, event: str, called: object) -> None:
        name: object = getattr(called, "__name__", None)
        if event != self._event or name not in TOUCHES:
            return
        if event == "c_return" and name == "open":
            return  # between its number and its object nobody can hold a file
        if self._left == 0:
            self.struck = f"{name} in {Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
            sys.setprofile(None)
            raise KeyboardInterrupt
        self._left -= 1


def interrupted_everywhere(
    run: Callable[[], object], *, after: bool, stride: int = 1
) -> Iterator[str]:
    """Run something again and again, each time interrupted one touch later, until it gets through.

    Between the runs it is the caller's turn.

    :param run: what is run.
    :param after: see `Interrupted`.
    :param stride: by how many touches later each time; the nightly profile leaves out none.
    :returns: where the interrupt was.
    """
    every = 1 if settings().max_examples >= _NIGHTLY else stride
    for at in count(stride // 2 if every > 1 and after else 0, every):
        block = Interrupted(at, after=after)
        if not block(run):
            return
        yield block.struck


def links(port: int) -> int:
    """How many sockets are connected to a port of this machine, and not closed."""
    found = _connected(port)
    if found > 1:  # what an interrupt left between a socket and its owner only the collector finds
        gc.collect()
        found = _connected(port)
    return found


def _connected(port: int) -> int:
    rows = (row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return sum(int(row[2].rpartition(":")[2], 16) == port and row[3] in _OPEN for row in rows)


_NIGHTLY: Final = 1000
_OPEN: Final = ("01", "08")
"""The states of a socket that its owner has not closed: ESTABLISHED, CLOSE_WAIT."""
