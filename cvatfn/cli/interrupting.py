"""Ctrl-C while several things are under way: once to stop in order, twice to leave at once.

What several threads have under way is waited for when it is broken off, and a server that has
fallen silent may take its time. All that a command needs to go on is on the disk by then, so who
does not want to wait leaves; it is as if the process had been stopped from outside.

Rule: a handler of somebody else's is left alone, and nothing is changed outside of the block.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Final

from cvatfn.cli.exits import Exit
from cvatfn.cli.shown import look_of, say

__all__ = ["hinting", "leaving_at_the_second"]

_STOPPING: Final = "Stopping: what is under way is waited for. Ctrl-C again leaves at once.\n"


@contextmanager
def hinting(hint: str) -> Generator[None]:
    """Say how to go on where a block is interrupted; to programs that is not said.

    :param hint: what is said, on standard error.
    """
    try:
        yield
    except KeyboardInterrupt:
        if not look_of().json:
            say(hint)
        raise


@contextmanager
def leaving_at_the_second(hint: str) -> Generator[None]:
    """Leave the process at the second Ctrl-C within a block; the first one is as ever.

    :param hint: what is said then, on standard error.
    """
    own = threading.current_thread() is threading.main_thread()
    if not own or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    interrupted: list[bool] = []

    def stop(_number: int, _frame: object) -> None:
        if interrupted:
            _say(hint)
            os._exit(Exit.INTERRUPTED)
        interrupted.append(True)
        _say(_STOPPING)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _say(text: str) -> None:
    """Write at once, past all buffers: a signal may come while one of them is being written."""
    below = "\n" if os.isatty(_STDERR) else ""  # a bar stands on the line there, and a `^C`
    with suppress(OSError):
        os.write(_STDERR, f"{below}{text}".encode())


_STDERR: Final = 2
