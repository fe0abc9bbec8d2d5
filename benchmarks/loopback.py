"""A server that costs next to nothing: canned answers, over and over.

Rule: it runs in a process of its own, keeps connections alive (HTTP/1.1), and sends each answer as
one segment at once (TCP_NODELAY); every contender asks the same one.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread
from time import sleep
from typing import Final

from attrs import frozen
from typing_extensions import override

__all__ = ["Canned", "Late", "Paged", "answer", "serving"]


def answer(body: bytes) -> bytes:
    """A response as CVAT's front proxy sends it.

    :param body: its content.
    """
    head = (
        "HTTP/1.1 200 OK",
        "Server: nginx/1.29.1",
        "Date: Mon, 23 Nov 2026 10:47:05 GMT",
        "Content-Type: application/vnd.cvat+json",
        f"Content-Length: {len(body)}",
        "Connection: keep-alive",
        "vary: Accept, Accept-Encoding, Origin, Cookie",
        "allow: GET, PATCH, DELETE, HEAD, OPTIONS",
        "x-frame-options: DENY",
        "x-request-id: 6b8051b4-06ae-49e2-ab4b-bef9912fec75",
        "x-content-type-options: nosniff",
        "referrer-policy: strict-origin-when-cross-origin",
        "cross-origin-opener-policy: same-origin",
    )
    return "\r\n".join((*head, "", "")).encode() + body


@frozen
class Canned:
    """Always the same answer to GET requests for one target.

    :param target: path and query.
    :param response: the whole answer.
    """

    target: str
    response: bytes

    def to(self, request: bytes) -> bytes | None:
        """The answer to a request; `None` for one that was not meant.

        :param request: its head.
        """
        meant = request.startswith(f"GET {self.target} HTTP/1.1\r\n".encode())
        return self.response if meant else None


@frozen
class Paged:
    """The pages of a listing, by the `page` in the query.

    :param path: the listing's.
    :param responses: the whole answers, from page 1 on.
    :param latency: how long each takes, in seconds.
    """

    path: str
    responses: tuple[bytes, ...]
    latency: float = 0.0

    def to(self, request: bytes) -> bytes | None:
        """The answer to a request; `None` for one that was not meant.

        :param request: its head.
        """
        line, _, _ = request.partition(b"\r\n")
        if not line.startswith(f"GET {self.path}?".encode()):
            return None
        asked = _PAGE.search(line)
        sleep(self.latency)
        return self.responses[int(asked[1]) - 1 if asked else 0]


@frozen
class Late:
    """Always the same answer to GET requests for one target, after a while.

    No thread waits for each: so many can be on their way as there are connections.

    :param target: path and query.
    :param response: the whole answer.
    :param latency: how long it takes, in seconds.
    """

    target: str
    response: bytes
    latency: float


_PAGE: Final = re.compile(rb"[?&]page=([0-9]+)")


@contextmanager
def serving(answers: Canned | Paged | Late) -> Generator[int]:
    """Answer GET requests on a loopback port.

    :param answers: to what, and with what.
    """
    spawning = get_context("spawn")
    told, tells = spawning.Pipe(duplex=False)
    server = spawning.Process(target=_serve, args=(tells, answers), daemon=True)
    server.start()
    try:
        port: object = told.recv()
        assert isinstance(port, int)
        yield port
    finally:
        server.terminate()
        server.join()


def _serve(tells: Connection, answers: Canned | Paged | Late) -> None:
    if isinstance(answers, Late):
        asyncio.run(_serve_late(tells, answers))
        return
    listening = socket.create_server(("127.0.0.1", 0))
    tells.send(listening.getsockname()[1])
    while True:
        client, _ = listening.accept()
        Thread(target=_answer, args=(client, answers), daemon=True).start()


def _answer(client: socket.socket, answers: Canned | Paged) -> None:
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with client:
        received = b""
        while piece := client.recv(65_536):
            received += piece
            if received.endswith(b"\r\n\r\n"):
                response = answers.to(received)
                if response is None:
                    return
                client.sendall(response)
                received = b""


async def _serve_late(tells: Connection, answers: Late) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Later(answers, loop), "127.0.0.1", 0, backlog=1000)
    tells.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


class _Later(asyncio.Protocol):
    """A connection on which each answer is a while on its way."""

    def __init__(self, answers: Late, loop: asyncio.AbstractEventLoop) -> None:
        self._answers = answers
        self._loop = loop
        self._meant = f"GET {answers.target} HTTP/1.1\r\n".encode()
        self._received = b""
        self._transport: asyncio.Transport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._received.endswith(b"\r\n\r\n") and self._transport is not None:
            assert self._received.startswith(self._meant)
            self._received = b""
            self._loop.call_later(
                self._answers.latency, self._transport.write, self._answers.response
            )
