"""A socket for event loops, that can be read from when no more can be sent.

A server that refuses a large body says so and hangs up. What it said lies there to be read; but a
transport of asyncio that fails to send closes its socket at once, and the TLS of anyio takes a
stream in which sending has failed, or was cancelled, for broken. So the loop says only when a
socket is ready, and whoever sends over TLS looks here whether it was sent.

Rule: no wait for room is longer than its limit: a slow line is held to its rate, and not to what is
sent at once. Nothing that was received is lost to a cancellation.
"""

from __future__ import annotations

import select
import socket
from contextlib import ExitStack, suppress
from typing import Final, final

import anyio
from anyio.abc import ByteStream, SocketAttribute
from anyio.lowlevel import cancel_shielded_checkpoint, checkpoint_if_cancelled
from typing_extensions import override

from cvatfn.aio.threads import to_the_end

__all__ = ["Socket"]

_NOT_YET: Final = (BlockingIOError, InterruptedError)


@final
class Socket(ByteStream):
    """A socket below TLS, or without.

    :param sock: connected; it never blocks.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._sending: anyio.CancelScope | None = None
        self.limit: float | None = None
        self.fault: Exception | None = None

    @staticmethod
    async def connected(host: str, port: int) -> Socket:
        """A socket to a server, at the first of its addresses that answers (RFC 8305).

        :param host: its name or address.
        :param port: its port.
        :raises OSError: nobody answers.
        """
        stream = await anyio.connect_tcp(host, port)
        with ExitStack() as opened:
            try:
                raw = stream.extra(SocketAttribute.raw_socket)  # noqa: S610 - no Django
                sock = opened.enter_context(raw.dup())
            finally:  # from anyio 4.16 on; before, it said an end to the server, for both handles
                await to_the_end(stream.aclose)
            sock.setblocking(False)
            opened.pop_all()
        return Socket(sock)

    @property
    def speaks(self) -> bool:
        """Whether something is there to be read, or nothing will ever be."""
        descriptor = self._sock.fileno()
        return descriptor < 0 or _readable(descriptor)

    @override
    async def receive(self, max_bytes: int = 65536) -> bytes:
        await checkpoint_if_cancelled()
        while True:
            try:
                data = self._sock.recv(max_bytes)
            except _NOT_YET:
                await anyio.wait_readable(self._sock)
                continue
            except OSError as error:
                raise self._broken() from error
            await cancel_shielded_checkpoint()
            if data:
                return data
            raise anyio.EndOfStream

    @override
    async def send(self, item: bytes) -> None:
        left = memoryview(item)
        try:
            with anyio.CancelScope() as self._sending:
                while left and self.fault is None:
                    left = left[await self._sent(left) :]
        except (anyio.BrokenResourceError, anyio.ClosedResourceError, TimeoutError) as error:
            self.fault = error
        finally:
            self._sending = None
        if left and self.fault is None:
            self.fault = anyio.BrokenResourceError("given up before all was sent")

    def give_up(self) -> None:
        """Want no more of what is being sent to be sent; if all of it was, nothing is given up."""
        if self._sending is not None:
            self._sending.cancel()

    @override
    async def send_eof(self) -> None:
        self._sock.shutdown(socket.SHUT_WR)

    @override
    async def aclose(self) -> None:
        if self._sock.fileno() >= 0:
            anyio.notify_closing(self._sock)
        self.forked()

    def hang_up(self) -> None:
        """Tell the server that nothing comes any more, in whatever event loop that is."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def forked(self) -> None:
        """Close this process's handle, and nothing else."""
        self._sock.close()

    async def _sent(self, content: memoryview) -> int:
        await checkpoint_if_cancelled()
        while True:
            try:
                count = self._sock.send(content)
            except _NOT_YET:
                with anyio.fail_after(self.limit):
                    await anyio.wait_writable(self._sock)
                continue
            except OSError as error:
                raise self._broken() from error
            await cancel_shielded_checkpoint()
            return count

    def _broken(self) -> Exception:
        closed = self._sock.fileno() < 0
        return anyio.ClosedResourceError() if closed else anyio.BrokenResourceError()


def _readable(descriptor: int) -> bool:
    if not hasattr(select, "poll"):
        return bool(select.select([descriptor], [], [], 0)[0])
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(0))
