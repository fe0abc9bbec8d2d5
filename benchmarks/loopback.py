"""A server that costs next to nothing: one canned answer to one request, over and over.

Rule: it runs in a process of its own, keeps connections alive (HTTP/1.1), and sends each answer as
one segment at once (TCP_NODELAY); every contender asks the same one.
"""

from __future__ import annotations

import socket
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread

__all__ = ["answer", "serving"]


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


@contextmanager
def serving(target: str, response: bytes) -> Generator[int]:
    """Answer GET requests for one target on a loopback port.

    :param target: path and query.
    :param response: the whole answer.
    """
    spawning = get_context("spawn")
    told, tells = spawning.Pipe(duplex=False)
    server = spawning.Process(target=_serve, args=(tells, target, response), daemon=True)
    server.start()
    try:
        port: object = told.recv()
        assert isinstance(port, int)
        yield port
    finally:
        server.terminate()
        server.join()


def _serve(tells: Connection, target: str, response: bytes) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    tells.send(listening.getsockname()[1])
    start = f"GET {target} HTTP/1.1\r\n".encode()
    while True:
        client, _ = listening.accept()
        Thread(target=_answer, args=(client, start, response), daemon=True).start()


def _answer(client: socket.socket, start: bytes, response: bytes) -> None:
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with client:
        received = b""
        while piece := client.recv(65_536):
            received += piece
            if received.endswith(b"\r\n\r\n"):
                if not received.startswith(start):
                    return
                client.sendall(response)
                received = b""
