"""A server of files that costs next to nothing: it sends one, and throws away what it is sent.

It speaks as much of CVAT as an upload of task data needs: `Upload-Start`, `Upload-Multiple`, TUS,
`Upload-Finish`; beside it takes a PUT, gives its file for any GET, and says who it is.

Rule: it runs in a process of its own, copies content at most once, and looks at it only where it
is checking: then it tells on `/received` the size and the CRC-32 of each file that arrived.
"""

from __future__ import annotations

import json
import os
import re
import socket
from base64 import b64decode
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path, PurePath
from threading import Thread
from typing import Final
from urllib.parse import urlsplit
from zlib import crc32

import msgspec
from attrs import define, field, frozen

__all__ = ["Arrived", "receiving", "taken_from"]

BUFFER: Final = 1 << 18
DATA: Final = "/api/tasks/1/data"
ABOUT: Final = {
    "name": "Computer Vision Annotation Tool",
    "description": "A server for benchmarks",
    "version": "2.80.0",
    "logo_url": "http://localhost:8080/logo.svg",
    "subtitle": "",
}


@frozen
class Arrived:
    """A file as it came.

    :param size: bytes.
    :param crc: their CRC-32.
    """

    size: int
    crc: int


@contextmanager
def receiving(served: Path, *, checking: bool = False) -> Generator[str]:
    """Serve on a loopback port.

    :param served: the file that any GET is given.
    :param checking: whether to look at what arrives.
    :returns: the server's origin.
    """
    spawning = get_context("spawn")
    told, tells = spawning.Pipe(duplex=False)
    server = spawning.Process(target=_serve, args=(tells, served, checking), daemon=True)
    server.start()
    tells.close()  # so that a server that dies is an end of the file, not a wait for ever
    try:
        port: object = told.recv()
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.join()


def taken_from(host: str) -> Mapping[str, Arrived]:
    """What arrived at a checking server since it was last asked, by the files' names.

    :param host: its origin.
    """
    connection = HTTPConnection(host.removeprefix("http://"))
    connection.request("GET", "/received")
    body = connection.getresponse().read()
    connection.close()
    return msgspec.json.decode(body, type=dict[str, Arrived])


@define
class _File:
    """A file on its way."""

    name: str
    size: int = 0
    crc: int = 0

    def add(self, piece: bytes | memoryview) -> None:
        self.crc = crc32(piece, self.crc)


@define
class _Store:
    """What all connections share."""

    served: Path
    checking: bool
    uploads: dict[str, _File] = field(factory=dict[str, _File])
    arrived: dict[str, _File] = field(factory=dict[str, _File])


@define
class _Head:
    """A request up to its content."""

    method: str
    path: str
    fields: dict[str, str]

    @property
    def length(self) -> int:
        return int(self.fields.get("content-length", "0"))


def _serve(tells: Connection, served: Path, checking: bool) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    store = _Store(served, checking)
    tells.send(listening.getsockname()[1])
    while True:
        client, _ = listening.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        Thread(target=_conversation, args=(_Peer(client), store), daemon=True).start()


def _conversation(peer: _Peer, store: _Store) -> None:
    with peer.sock:
        try:
            while head := peer.head():
                _answer(peer, store, head)
        except ConnectionError:  # whoever asked has gone
            return


class _Peer:
    """A connection with one buffer for all that comes over it."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._buffer = memoryview(bytearray(BUFFER))
        self._begin: int = 0
        self._end: int = 0

    def head(self) -> _Head | None:
        received = bytes(self._buffer[self._begin : self._end])
        while b"\r\n\r\n" not in received:
            count = self.sock.recv_into(self._buffer)
            if not count:
                return None
            self._begin, self._end = 0, count
            received += self._buffer[:count]
        text, _, rest = received.partition(b"\r\n\r\n")
        self._begin = self._end - len(rest)
        first, *lines = text.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ")
        pairs = (line.partition(":") for line in lines)
        return _Head(method, path, {name.lower(): value.strip() for name, _, value in pairs})

    def content(self, length: int) -> Iterator[memoryview]:
        left = length
        while left:
            if self._begin == self._end:
                self._begin, self._end = 0, self.sock.recv_into(self._buffer)
                if not self._end:
                    raise ConnectionError("closed before its content was whole")
            piece = self._buffer[self._begin : min(self._end, self._begin + left)]
            self._begin += len(piece)
            left -= len(piece)
            yield piece

    def passed_over(self, length: int) -> None:
        for _ in self.content(length):
            pass

    def answer(self, status: str, body: bytes = b"", **fields: str) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
        self.sock.sendall("\r\n".join((*lines, "", "")).encode() + body)

    def answer_json(self, status: str, value: object) -> None:
        self.answer(status, json.dumps(value).encode(), Content_Type="application/vnd.cvat+json")


def _answer(peer: _Peer, store: _Store, head: _Head) -> None:
    if head.fields.get("expect") == "100-continue":
        peer.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    path, fields = urlsplit(head.path).path, head.fields
    match head.method:
        case "GET" if path == "/api/server/about":
            peer.answer_json("200 OK", ABOUT)
        case "GET" if path == "/received":
            arrived = {file.name: [file.size, file.crc] for file in store.arrived.values()}
            store.arrived.clear()
            told = {name: {"size": size, "crc": crc} for name, (size, crc) in arrived.items()}
            peer.answer_json("200 OK", told)
        case "GET":
            _give(peer, store, fields.get("range"))
        case "HEAD":
            file = store.uploads[path]
            peer.answer("200 OK", Upload_Offset=str(file.size), Tus_Resumable="1.0.0")
        case "PUT":
            _take(peer, store, _File(PurePath(path).name), head.length)
            peer.answer("201 Created")
        case "PATCH":
            _take_piece(peer, store, store.uploads[path], head)
        case "POST" if "upload-length" in fields:
            peer.passed_over(head.length)
            _begin(peer, store, fields)
        case "POST" if "upload-start" in fields:
            peer.passed_over(head.length)
            peer.answer("202 Accepted")
        case "POST" if "upload-finish" in fields:
            peer.passed_over(head.length)
            peer.answer_json("202 Accepted", {"rq_id": "action=create&target=task&target_id=1"})
        case "POST":  # `Upload-Multiple`, or all in one
            _take_form(peer, store, head)
            peer.answer_json("200 OK", None)
        case _:
            peer.passed_over(head.length)
            peer.answer("405 Method Not Allowed")


def _give(peer: _Peer, store: _Store, wanted: str | None) -> None:
    size = store.served.stat().st_size
    start = int(re.sub(r"bytes=(\d+)-", r"\1", wanted)) if wanted else 0
    lines = [
        "HTTP/1.1 206 Partial Content" if wanted else "HTTP/1.1 200 OK",
        f"Content-Length: {size - start}",
        "Content-Type: application/zip",
        'Content-Disposition: attachment; filename="task 1.zip"',
        "Accept-Ranges: bytes",
        f'ETag: "{size:x}"',
    ]
    if wanted:
        lines.append(f"Content-Range: bytes {start}-{size - 1}/{size}")
    peer.sock.sendall("\r\n".join((*lines, "", "")).encode())
    with store.served.open("rb", buffering=0) as file:
        file.seek(start)
        peer.sock.sendfile(file)


def _take(peer: _Peer, store: _Store, file: _File, length: int) -> None:
    if not store.checking:
        peer.passed_over(length)
    else:
        for piece in peer.content(length):
            file.add(piece)
    file.size += length
    store.arrived[file.name] = file


def _begin(peer: _Peer, store: _Store, fields: Mapping[str, str]) -> None:
    metadata = dict(pair.split(" ") for pair in fields["upload-metadata"].split(","))
    name = b64decode(metadata["filename"]).decode()
    location = f"{DATA}/{len(store.uploads)}"
    store.uploads[location] = _File(name)
    origin = f"http://{fields['host']}"
    peer.answer(
        "201 Created",
        Location=origin + location,
        Upload_Filename=name,
        Upload_Offset="0",
        Tus_Resumable="1.0.0",
    )


def _take_piece(peer: _Peer, store: _Store, file: _File, head: _Head) -> None:
    if int(head.fields["upload-offset"]) != file.size:
        peer.passed_over(head.length)
        peer.answer("409 Conflict", Upload_Offset=str(file.size), Tus_Resumable="1.0.0")
        return
    _take(peer, store, file, head.length)
    peer.answer("204 No Content", Upload_Offset=str(file.size), Tus_Resumable="1.0.0")


def _take_form(peer: _Peer, store: _Store, head: _Head) -> None:
    if not store.checking:
        peer.passed_over(head.length)
        return
    boundary = head.fields["content-type"].partition("boundary=")[2].strip('"').encode()
    whole = b"\r\n" + b"".join(map(bytes, peer.content(head.length)))
    for part in whole.split(b"\r\n--" + boundary)[1:-1]:
        lines, _, content = part.partition(b"\r\n\r\n")
        named = re.search(rb'filename="([^"]*)"', lines)
        if named:
            file = _File(PurePath(os.fsdecode(named[1])).name, len(content), crc32(content))
            store.arrived[file.name] = file
