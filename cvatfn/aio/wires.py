"""A socket as httpcore2 takes it, that keeps a pace, and hears while it speaks.

Rule: no wait is longer than what passes over it allows, and all that passes is told. What a server
says before it has the whole request is heard, and then no more of the request is sent.
"""

from __future__ import annotations

import ssl
from contextlib import suppress
from typing import Final, final

import anyio
import anyio.lowlevel
import httpcore2
from anyio import current_time
from anyio.abc import ByteStream
from anyio.streams.tls import TLSStream
from typing_extensions import override

from cvatfn.aio.groups import first_of
from cvatfn.aio.heads import Heads
from cvatfn.aio.sockets import Socket
from cvatfn.aio.threads import event_loop, to_the_end
from cvatfn.transport.breaks import is_final
from cvatfn.transport.pacing import SENT_AT_ONCE, Passing

__all__ = ["Wire"]

_MOST: Final = 1 << 18
"""How much is read at once, in bytes."""

_TURNS: Final = 6
"""How many turns of the event loop it takes until what TLS has read is handed on."""


@final
class Wire(httpcore2.AsyncNetworkStream):
    """A socket, with TLS around it or without.

    :param socket: the socket itself.
    :param secured: the TLS around it.
    """

    def __init__(self, socket: Socket, secured: TLSStream | None = None) -> None:
        self._socket = socket
        self._stream: ByteStream = socket if secured is None else secured
        self._said: list[bytes] = []
        self._closed = False
        self._heads = Heads()
        self._home = event_loop()
        self.passing: Passing = Passing()

    @override
    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._be_at_home()
        self.passing.asked(current_time())
        while True:
            data = await self._next()
            read = self._heads.fed(data)
            if read or not data:
                return read

    @override
    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._be_at_home()
        passing, begun = self.passing, self.passing.sent > 0
        passing.sent += len(buffer)
        for begin in range(0, len(buffer), SENT_AT_ONCE):
            try:
                await self._written(buffer[begin : begin + SENT_AT_ONCE], begun=begun)
            except httpcore2.WriteError:
                passing.refused = True
                raise
            begun = True

    @override
    async def aclose(self) -> None:
        if self._closed:
            return
        if event_loop() is not self._home:
            self.give_up()
            return
        self._closed = True
        await to_the_end(self._stream.aclose)

    def give_up(self) -> None:
        """Have done with the socket where the event loop is not that can close it."""
        self._closed = True
        self._socket.hang_up()

    @override
    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> Wire:
        try:
            secured = await TLSStream.wrap(
                self._stream,
                hostname=server_hostname,
                ssl_context=ssl_context,
                standard_compatible=False,  # no farewell is waited for
                server_side=False,
            )
        except (anyio.EndOfStream, anyio.BrokenResourceError) as error:
            lost = error.__cause__
            raise (lost if isinstance(lost, OSError) else ssl.SSLEOFError("closed")) from None
        return Wire(self._socket, secured)

    @property
    def doubtful(self) -> bool:
        """Whether nobody knows where the answer ends for others."""
        return self._heads.doubtful

    def begin(self, passing: Passing) -> None:
        """Get ready for an exchange.

        :param passing: is told what passes.
        """
        self.passing, self._heads = passing, Heads()

    def forked(self) -> None:
        """Leave it to the parent: only this process's handle is closed, without a farewell."""
        self._socket.forked()

    async def quiet(self) -> bool:
        """Whether the server has neither closed it nor sent what nobody asked for."""
        if self._closed or self._said or self._socket.speaks:
            return False
        if self._stream is not self._socket:
            await self._overhear()
        return not self._said

    def _be_at_home(self) -> None:
        if event_loop() is not self._home:
            self.give_up()
            raise ConnectionError("it was opened in another event loop")

    async def _next(self) -> bytes:
        passing, began = self.passing, current_time()
        limit = passing.within(began)
        try:
            data = self._said.pop(0) if self._said else await self._received(limit)
        except TimeoutError:
            passing.within(current_time())  # says which limit it was
            raise
        passing.came(current_time() - began, len(data))
        return data

    async def _overhear(self) -> None:
        """Take what is there, also what TLS has read and the socket knows nothing of any more."""

        async def listen() -> None:
            self._said.append(await self._heard())

        async with anyio.create_task_group() as listening:
            listening.start_soon(listen)
            for _ in range(_TURNS):
                await anyio.lowlevel.checkpoint()
            listening.cancel_scope.cancel()

    async def _heard(self) -> bytes:
        """What the server says next; where it is lost, nothing more."""
        with suppress(OSError):
            return await self._received(None)
        return b""

    async def _received(self, limit: float | None) -> bytes:
        try:
            with anyio.fail_after(limit):
                return await self._stream.receive(_MOST)
        except anyio.EndOfStream:
            return b""
        except (anyio.BrokenResourceError, anyio.ClosedResourceError) as error:
            raise _lost(error) from None

    async def _written(self, piece: bytes, *, begun: bool) -> None:
        """Send a piece.

        :param piece: not too large.
        :param begun: whether some of the request was sent before.
        :raises httpcore2.WriteError: it cannot be sent, or is not wanted; httpcore2 reads why.
        """
        passing, socket, began = self.passing, self._socket, current_time()
        socket.limit = passing.within(began)
        if begun and self._socket.speaks:
            await self._overhear()
        if self._knows():
            raise httpcore2.WriteError("answered before the request was sent")
        if passing.bulky:
            await self._sent_and_heard(piece)
        else:
            await self._sent(piece)
        match socket.fault:
            case None:
                passing.keep_up(current_time() - began, len(piece))
            case TimeoutError() as late:
                passing.within(current_time())  # says which limit it was
                raise late
            case fault:
                raise httpcore2.WriteError(str(fault)) from fault

    async def _sent(self, piece: bytes) -> None:
        try:
            await self._stream.send(piece)
        except (anyio.BrokenResourceError, anyio.ClosedResourceError) as error:
            raise httpcore2.WriteError(str(error)) from error

    async def _sent_and_heard(self, piece: bytes) -> None:
        """Send, and hear meanwhile whether the server has said already what it thinks."""

        async def listen() -> None:
            while not self._knows():
                self._said.append(await self._heard())
            self._socket.give_up()

        try:
            async with anyio.create_task_group() as writing:
                writing.start_soon(listen)
                await self._sent(piece)
                writing.cancel_scope.cancel()
        except BaseExceptionGroup as group:
            raise first_of(group) from None

    def _knows(self) -> bool:
        """Whether the server has said what it thinks of the request, or will say nothing more."""
        said = self._said
        return bool(said) and (not said[-1] or is_final(b"".join(said)))


def _lost(error: Exception) -> OSError:
    cause = error.__cause__
    return cause if isinstance(cause, OSError) else ConnectionError(str(error) or "it was closed")
