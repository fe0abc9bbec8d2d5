"""One link to a server for event loops: a socket that keeps a pace, and what comes over it.

Rule: httpcore2, the engine of httpx2, speaks HTTP; here is only how long a wait may be, how much
may come, and whether another request may follow: what `cvatfn.transport.links` is for urllib3.
"""

from __future__ import annotations

import select
import ssl
import zlib
from contextlib import suppress
from typing import Final, final

import anyio
import anyio.lowlevel
import httpcore2
from anyio.abc import ByteStream, SocketAttribute
from anyio.streams.tls import TLSStream
from typing_extensions import override

from cvatfn.aio.exchanges import Exchange
from cvatfn.aio.groups import first_of
from cvatfn.aio.hushing import hushed
from cvatfn.aio.threads import to_the_end
from cvatfn.transport.breaks import ClosedEarly, NotConnected, TooMuch, is_final
from cvatfn.transport.contents import Unreadable

__all__ = [
    "FAULTS",
    "AsyncLink",
    "Wire",
]

_BULKY: Final = 1 << 17
"""What a socket may not take at once: from here on it is heard whether the server wants it."""


_AT_ONCE: Final = 1 << 19
"""How much is sent within one wait, in bytes."""

_MOST: Final = 1 << 18
"""How much is read at once, in bytes."""

_TURNS: Final = 6
"""How many turns of the event loop it takes until what TLS has read is handed on."""


FAULTS: Final = (
    NotConnected,
    TooMuch,
    Unreadable,
    OSError,
    EOFError,
    zlib.error,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
)
"""All that is raised for what a network or a server does."""


@final
class Wire(httpcore2.AsyncNetworkStream):
    """A socket as httpcore2 takes it.

    :param stream: the socket, with TLS around it or without.
    """

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._said: list[bytes] = []
        self._closed = False
        self.exchange: Exchange = Exchange()

    @override
    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        # As much as a loop reads at once: what would stay in its queue could not be seen later.
        exchange = self.exchange
        exchange.asked()
        limit, began = exchange.within(timeout), anyio.current_time()
        try:
            data = self._said.pop(0) if self._said else await self._received(_MOST, limit)
        except TimeoutError:
            exchange.within(None)  # says which limit it was
            raise
        exchange.came(began, len(data))
        return data

    @override
    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer:
            return
        exchange = self.exchange
        exchange.written += len(buffer)
        try:
            for begin in range(0, len(buffer), _AT_ONCE):
                piece, began = buffer[begin : begin + _AT_ONCE], anyio.current_time()
                if exchange.written > _BULKY:
                    await self._written_unless_refused(piece, timeout)
                else:
                    await self._written(piece, timeout)
                exchange.keep_up(began, len(piece))
        except httpcore2.WriteError:
            exchange.refused = True
            raise

    @override
    async def aclose(self) -> None:
        if not self._closed:
            self._closed = True
            await to_the_end(self._stream.aclose)

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
        return Wire(secured)

    async def quiet(self) -> bool:
        """Whether the server has neither closed it nor sent what nobody asked for."""
        if self._closed or self._said:
            return False
        sock = self._stream.extra(SocketAttribute.raw_socket)  # noqa: S610 - no Django
        descriptor = sock.fileno()
        if descriptor < 0 or _readable(descriptor):
            return False
        if isinstance(self._stream, TLSStream):
            await self._overhear()
        return not self._said

    async def _overhear(self) -> None:
        """Take what TLS has read beforehand, of which the socket knows nothing any more."""

        async def listen() -> None:
            self._said.append(await self._received(_MOST, None))

        async with anyio.create_task_group() as listening:
            listening.start_soon(listen)
            for _ in range(_TURNS):
                await anyio.lowlevel.checkpoint()
            listening.cancel_scope.cancel()

    async def _received(self, most: int, timeout: float | None) -> bytes:
        try:
            with anyio.fail_after(timeout):
                return await self._stream.receive(most)
        except anyio.EndOfStream:
            return b""
        except (anyio.BrokenResourceError, anyio.ClosedResourceError) as error:
            raise _lost(error) from None

    async def _written(self, buffer: bytes, timeout: float | None) -> None:
        try:
            with anyio.fail_after(timeout):
                await self._stream.send(buffer)
        except (anyio.BrokenResourceError, anyio.ClosedResourceError) as error:
            # A server may refuse a body before it has read it: httpcore2 sees what it says.
            raise httpcore2.WriteError(str(error)) from error

    async def _written_unless_refused(self, buffer: bytes, timeout: float | None) -> None:
        """Send, and hear meanwhile whether the server has said already what it thinks."""
        refused = False

        async def listen() -> None:
            nonlocal refused
            with suppress(OSError):  # what it said before is still to be read
                while not is_final(b"".join(self._said)):
                    self._said.append(await self._received(_MOST, None))
                    if not self._said[-1]:
                        break
            refused = True
            writing.cancel_scope.cancel()

        try:
            async with anyio.create_task_group() as writing:
                writing.start_soon(listen)
                await self._written(buffer, timeout)
                writing.cancel_scope.cancel()
        except BaseExceptionGroup as group:
            raise first_of(group) from None
        if refused:
            raise httpcore2.WriteError("answered before the request was sent")


@final
class AsyncLink:
    """A connection that stands; one task at a time may use it.

    :param wire: its socket.
    :param origin: whom the HTTP library takes it to lead to.
    """

    __slots__ = ("_http", "_wire")

    def __init__(self, wire: Wire, origin: httpcore2.Origin) -> None:
        self._wire = wire
        self._http = httpcore2.AsyncHTTP11Connection(origin, wire)

    @property
    def idle(self) -> bool:
        """Whether another request may follow."""
        return self._http.is_idle()

    async def quiet(self) -> bool:
        """Whether the server has neither closed it nor sent what nobody asked for."""
        return not self._left_over() and await self._wire.quiet()

    async def answered(
        self, request: httpcore2.Request, limit: int, exchange: Exchange
    ) -> httpcore2.Response:
        """Send a request and read the head of its answer.

        :param request: the request.
        :param limit: how much content is expected at most, in bytes.
        :param exchange: is told what passes.
        :returns: the answer; its content is still to be read, as it was sent.
        :raises FAULTS: no head of an answer came; `ClosedEarly` if nothing came at all.
        """
        exchange.begin()
        self._wire.exchange = exchange
        try:
            with hushed():
                answer = await self._http.handle_async_request(request)
        except TimeoutError:
            raise
        except (OSError, httpcore2.NetworkError, httpcore2.RemoteProtocolError) as error:
            if exchange.heard:
                raise
            raise ClosedEarly("closed without an answer") from error
        exchange.answered(limit)
        if not exchange.heard:
            raise ClosedEarly("an answer came before its request")
        if exchange.refused and 200 <= answer.status < 300:
            raise ConnectionError("granted before the whole request was there")
        return answer

    async def aclose(self) -> None:
        """Close the socket; nothing is sent any more."""
        await self._wire.aclose()

    def _left_over(self) -> bool:
        """Whether the HTTP library holds what came after an answer, and with it.

        It tells nobody: without a look into it, what is left would be seen in the next exchange
        only, where a request was sent in vain.
        """
        parser: object = getattr(self._http, "_h11_state", None)
        left: object = getattr(parser, "trailing_data", None)
        return isinstance(left, tuple) and left[:1] != (b"",)


def _readable(descriptor: int) -> bool:
    if not hasattr(select, "poll"):
        return bool(select.select([descriptor], [], [], 0)[0])
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(0))


def _lost(error: Exception) -> OSError:
    cause = error.__cause__
    return cause if isinstance(cause, OSError) else ConnectionError(str(error) or "it was closed")
