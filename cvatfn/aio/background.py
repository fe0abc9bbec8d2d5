"""Requests under way in tasks of their own, which nobody but their iterator knows.

A cancel scope must not stay open while an asynchronous generator gives something out, so no task
group can hold these. They belong to the iterator that began them, and end with it.

Rule: no task outlives the `aclose` of its iterator; what one raises goes to whoever waits for it.
"""

from __future__ import annotations

from typing import final

import anyio

from cvatfn.aio.driving import awaited
from cvatfn.aio.threads import running_loop, to_the_end
from cvatfn.aio.types import AsyncTransport
from cvatfn.flows import Flow, Reply
from cvatfn.messages import Request
from cvatfn.transport.ahead import Foreseen

__all__ = ["AsyncAhead"]


@final
class AsyncAhead:
    """Asks for what will be needed next while the present reply is looked at; for one task.

    :param transport: what sends.
    :param most: how many requests may be under way or answered before they are needed.
    """

    __slots__ = ("_running", "_transport", "foreseen")

    def __init__(self, transport: AsyncTransport, most: int) -> None:
        self._transport = transport
        self._running: set[_InTask] = set()
        self.foreseen: Foreseen = Foreseen(most, self._begun)

    async def aclose(self) -> None:
        """End what is under way, and wait for its end."""
        for each in self._running:
            each.cancel()
        await to_the_end(self._ended)

    async def _ended(self) -> None:
        for each in tuple(self._running):
            await each.over.wait()

    def _begun(self, request: Request) -> _InTask:
        task = _InTask(self._transport, request, self._running)
        self._running.add(task)
        task.start()
        return task


@final
class _InTask:
    """A request that a task sends."""

    __slots__ = (
        "_came",
        "_raised",
        "_request",
        "_running",
        "_scope",
        "_task",
        "_transport",
        "over",
    )

    def __init__(self, transport: AsyncTransport, request: Request, running: set[_InTask]) -> None:
        self._transport = transport
        self._request = request
        self._running = running
        self._scope = anyio.CancelScope()
        self._came: Reply | None = None
        self._raised: Exception | None = None
        self._task: object = None
        self.over = anyio.Event()

    def start(self) -> None:
        """Begin."""
        loop = running_loop()
        if loop is None:
            from trio.lowlevel import spawn_system_task

            spawn_system_task(self._asked)
        else:
            self._task = loop.create_task(self._asked())  # held, or it might be collected

    def cancel(self) -> None:
        """End it soon."""
        self._scope.cancel()

    def done(self) -> bool:
        """Whether the reply is there."""
        return self.over.is_set()

    def reply(self) -> Flow[Reply]:
        """The reply, waited for."""
        return awaited(self._awaited)

    async def _awaited(self) -> Reply:
        await self.over.wait()
        if self._raised is not None:
            raise self._raised
        if self._came is None:
            raise RuntimeError("the event loop ended before the reply came")
        return self._came

    async def _asked(self) -> None:
        try:
            with self._scope:
                self._came = await self._transport(self._request)
        except Exception as error:
            self._raised = error
        finally:
            self._running.discard(self)
            self.over.set()
