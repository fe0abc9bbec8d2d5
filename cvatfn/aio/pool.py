"""Links that are open: those that wait for a request, those in use, and those that were dropped.

Rule: a link belongs to the task that took it, until it is given back. All of them belong to one
event loop; at the end none is open, also of those that are still in use.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import TypeAlias, final

from cvatfn.aio.homes import Home
from cvatfn.aio.links import AsyncLink
from cvatfn.aio.threads import to_the_end
from cvatfn.forking import when_forked

__all__ = ["Pool", "Release"]

Release: TypeAlias = Callable[[bool], Awaitable[None]]
"""Gives a link back; told whether its content came whole."""


@final
class Pool:
    """The links of one connection.

    :param size: how many are kept open that wait.
    """

    __slots__ = ("__weakref__", "_busy", "_home", "_idle", "_orphans", "_size", "closed")

    def __init__(self, size: int) -> None:
        self._size = size
        self._idle: deque[AsyncLink] = deque()
        self._busy: set[AsyncLink] = set()
        self._orphans: deque[Release] = deque()
        self._home = Home()
        self.closed: bool = False
        when_forked(self)

    def enter(self) -> object | None:
        """Begin something in the event loop that runs here, the one that the links are of.

        :returns: the loop, for `leave`; `None` where there are links of another one.
        """
        return self._home.enter(self._is_empty, self._forgotten)

    def leave(self, loop: object) -> None:
        """End what was begun.

        :param loop: where.
        """
        self._home.leave(loop)

    async def taken(self) -> AsyncLink | None:
        """A link that waits and may be used; `None` if there is none."""
        await self._mourned()
        while self._idle:
            link = self._idle.pop()
            self.uses(link)
            quiet = False
            try:
                quiet = await link.quiet()
            finally:
                if not quiet:
                    await self.given_back(link, kept=False)
            if quiet:
                return link
        return None

    def uses(self, link: AsyncLink) -> None:
        """Know of a link that somebody uses from now on.

        :param link: taken from here, or opened anew.
        """
        self._busy.add(link)

    async def given_back(self, link: AsyncLink, *, kept: bool) -> None:
        """Have a link back.

        :param link: nobody uses it any more.
        :param kept: whether another request may follow.
        """
        self._busy.discard(link)
        if kept and not self.closed and len(self._idle) < self._size:
            self._idle.append(link)
        else:
            await link.aclose()

    def orphaned(self, release: Release) -> None:
        """Have the link of a stream that was dropped open; it is closed when that can be awaited.

        :param release: gives it back.
        """
        self._orphans.append(release)

    async def aclose(self) -> None:
        """Close all links; closing twice does nothing more.

        Those of an event loop that has ended are given up; in one that is not theirs, they are
        closed by their own one, soon.
        """
        self.closed = True
        if not (self._home.moved_out(self._forgotten) or self._home.done_there(self._all_closed)):
            await to_the_end(self._all_closed)

    def forked(self) -> None:
        """Leave all links to the parent: a forked process opens its own, in its own event loop.

        They are not closed as others are: what TLS says in farewell would be said to the parent's.
        """
        for link in (*self._idle, *self._busy):
            link.forked()
        self._home = Home()
        self._cleared()

    def _is_empty(self) -> bool:
        return not self._idle and not self._busy

    def _forgotten(self) -> None:
        for link in (*self._idle, *self._busy):
            link.give_up()
        self._cleared()

    def _cleared(self) -> None:
        self._idle.clear()
        self._busy.clear()
        self._orphans.clear()

    async def _all_closed(self) -> None:
        await self._mourned()
        while self._idle:
            await self._idle.pop().aclose()
        for link in tuple(self._busy):
            await link.aclose()

    async def _mourned(self) -> None:
        while self._orphans:
            release = self._orphans.popleft()
            await to_the_end(lambda: release(False))  # noqa: B023 - it is over before the next
