"""Which event loop a connection lives in: the first that sends, as long as it has links there.

Rule: a socket stays in the loop that opened it. Two loops, be it in two threads at once or one
after the other, never share one; and a loop that has ended holds nobody up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context
from threading import Lock
from typing import cast, final

from cvatfn.aio.threads import event_loop

__all__ = ["Home"]


@final
class Home:
    """The event loop that a connection lives in."""

    __slots__ = ("_guests", "_lock", "_loop")

    def __init__(self) -> None:
        self._lock = Lock()
        self._loop: object = None
        self._guests = 0

    def enter(self, empty: Callable[[], bool], forget: Callable[[], object]) -> object | None:
        """Begin something in the event loop that runs here.

        :param empty: whether there are no links.
        :param forget: gives up those of a loop that has ended.
        :returns: the loop, for `leave`; `None` where the connection lives in another one.
        """
        here = event_loop()
        with self._lock:
            if self._loop is not here:
                if self._has_ended():
                    forget()
                elif self._guests or not empty():
                    return None
                self._loop, self._guests = here, 0
            self._guests += 1
        return here

    def leave(self, loop: object) -> None:
        """End what was begun.

        :param loop: where; it may have ended, and another one be the home since.
        """
        with self._lock:
            if self._loop is loop:
                self._guests -= 1

    def moved_out(self, forget: Callable[[], object]) -> bool:
        """Whether the loop has ended, whose links are given up then.

        :param forget: does that.
        """
        with self._lock:
            ended = self._loop is not None and self._has_ended()
            if ended:
                forget()
                self._loop = None
        return ended

    def done_there(self, act: Callable[[], Coroutine[None, None, None]]) -> bool:
        """Have something done in the home, soon, if that is another loop than the one here.

        :param act: what to do.
        :returns: whether it is another one.
        """
        with self._lock:
            loop = self._loop
        if loop is None or loop is event_loop():
            return False
        if isinstance(loop, asyncio.AbstractEventLoop):
            # In no context: that of trio would name the loop that is meant.
            Context().run(asyncio.run_coroutine_threadsafe, act(), loop)
            return True
        from trio.lowlevel import TrioToken, spawn_system_task

        # There is no third kind of loop: `event_loop` knows these two.
        cast("TrioToken", loop).run_sync_soon(spawn_system_task, act)
        return True

    def _has_ended(self) -> bool:
        """Whether it runs no more; a home that there never was has ended too."""
        loop = self._loop
        if loop is None:
            return True
        if isinstance(loop, asyncio.AbstractEventLoop):
            return loop.is_closed()
        from trio import RunFinishedError
        from trio.lowlevel import TrioToken

        try:
            cast("TrioToken", loop).run_sync_soon(int)  # as `done_there`
        except RunFinishedError:
            return True
        return False
