"""What arrives of a request's content: bytes, and what is read while it is sent."""

from __future__ import annotations

import tempfile
import tracemalloc
from collections.abc import Callable, Generator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final

from cvatfn.codecs.files import Content, Once, Part
from cvatfn.errors import Unsendable
from cvatfn.messages import Request
from cvatfn.testing.conformance.behaviours import ok
from cvatfn.testing.conformance.checking import Check, check
from cvatfn.testing.conformance.peers import Head, Peer
from cvatfn.testing.conformance.service import digest, pattern
from cvatfn.testing.conformance.stage import Stage, expect, failed, succeeded

__all__ = ["CHECKS", "peak_of"]

LARGE: Final = 3_000_001
VAST: Final = 1 << 25
"""More than a transport may keep in memory."""
KEPT: Final = 1 << 24
"""As much as it may keep of that."""


@check("answers")
def content_arrives_as_it_is(stage: Stage) -> None:
    """Bytes arrive as they are, whatever they are."""
    facing = stage.facing()
    for content in (b"x", bytes(range(256)) * 3, b"\r\n\r\n0\r\n\r\n", "é🐈".encode()):
        headers = {"Content-Type": "application/octet-stream"}
        seen = facing.seen(Request("POST", "/x", (), headers, content))
        expect(seen.content == content, f"{content[:40]!r} arrived as {seen.content[:40]!r}")


@check("answers")
def large_content_arrives_whole(stage: Stage) -> None:
    """Three megabytes arrive whole."""
    content = pattern(LARGE)
    seen = stage.facing().seen(Request("PUT", "/x", body=content))
    expect(seen.size == LARGE, f"of {LARGE} bytes {seen.size} arrived")
    expect(seen.digest == digest(content), "other bytes arrived than were sent")


@check("wire")
def lengths_are_told(stage: Stage) -> None:
    """The length of the content is told once, and is its own; no content has none, or zero."""
    facing = stage.facing()
    cases: tuple[tuple[str, bytes | None, tuple[str, ...]], ...] = (
        ("GET", None, ()),
        ("POST", b"", ("0",)),
        ("POST", b"abc", ("3",)),
    )
    for method, body, lengths in cases:
        succeeded(facing.transport(Request(method, "/x", (), {"Content-Length": "77"}, body)))
        head = Head.of(facing.server.requests[-1].partition(b"\r\n\r\n")[0])
        told = head.headers.all("Content-Length")
        chunks = head.headers.all("Transfer-Encoding")
        expect(told == lengths, f"the length of {method} with {body!r} is told as {told}")
        expect(not chunks, f"{method} with {body!r} goes in {chunks}")


@check("answers")
def content_is_read_from_sources(stage: Stage) -> None:
    """Content of bytes, files, open files and iterators arrives as one, in order."""
    with _file(b"from a path") as path:
        iterator = Once(iter((b"an ", b"", b"iterator")))
        parts = (
            b"bytes, ",
            Part(path),
            b", ",
            Part(BytesIO(b"-an open file-"), 1, 12),
            b", ",
            Part(iterator),
        )
        seen = stage.facing().seen(Request("POST", "/x", body=Content(parts)))
    expected = b"bytes, from a path, an open file, an iterator"
    expect(seen.content == expected, f"{expected!r} arrived as {seen.content!r}")


@check("answers")
def open_files_are_put_back(stage: Stage) -> None:
    """An open file is read from where it stands and put back there, so it can be sent again."""
    file = BytesIO(b"headcontent")
    file.seek(4)
    facing = stage.facing()
    for _ in range(2):
        seen = facing.seen(Request("POST", "/x", body=Content((Part(file),))))
        expect(seen.content == b"content", f"b'content' arrived as {seen.content!r}")
        expect(file.tell() == 4, f"the file stands at {file.tell()}, not at 4")


@check()
def unreadable_sources_are_told(stage: Stage) -> None:
    """A source that is not there is a failure, on which no server has acted."""
    with tempfile.TemporaryDirectory() as folder:
        missing = Content((b"x", Part(Path(folder) / "missing")))
        error = failed(stage.facing().transport(Request("POST", "/x", body=missing)), Unsendable)
    expect(not error.may_have_acted, "a server may have acted on it, it says")


@check()
def short_sources_are_told(stage: Stage) -> None:
    """A source that gives less than was announced is a failure; nothing is made up for it."""
    short = Content((Part(Once(iter((b"12345",))), size=10),))
    failed(stage.facing().transport(Request("POST", "/x", body=short)), Unsendable)


@check("wire", "pieces")
def sources_are_read_while_they_are_sent(stage: Stage) -> None:
    """Content larger than the memory is sent in little memory, at its length."""
    told = list[tuple[str | None, int, str]]()

    def count(peer: Peer) -> None:
        while (head := peer.taken()) is not None:
            size, hashed = 0, sha256()
            for piece in peer.content(head):
                size += len(piece)
                hashed.update(piece)
            told.append((head.headers.get("content-length"), size, hashed.hexdigest()))
            peer.send(ok(b"done"))

    facing = stage.facing(count)
    block = pattern(1 << 16)
    source = Once(iter([block] * (VAST // len(block))))
    request = Request("POST", "/x", body=Content((Part(source, size=VAST),)))
    small = Request("POST", "/x", body=Content((Part(BytesIO(block)),)))
    succeeded(facing.transport(small))  # what is made once for all requests is made now
    peak = peak_of(lambda: succeeded(facing.transport(request)))
    hashed = sha256()
    for _ in range(VAST // len(block)):
        hashed.update(block)
    expect(told[-1] == (str(VAST), VAST, hashed.hexdigest()), f"{told[-1]} arrived")
    expect(peak < KEPT, f"{peak} bytes of memory were taken for {VAST}")


def peak_of(act: Callable[[], object]) -> int:
    """How many bytes of memory are taken at once, at most.

    :param act: what takes them.
    """
    was_on = tracemalloc.is_tracing()
    if not was_on:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        act()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        if not was_on:
            tracemalloc.stop()


@contextmanager
def _file(content: bytes) -> Generator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "content"
        path.write_bytes(content)
        yield path


CHECKS: Final[tuple[Check, ...]] = (
    content_arrives_as_it_is,
    large_content_arrives_whole,
    lengths_are_told,
    content_is_read_from_sources,
    open_files_are_put_back,
    unreadable_sources_are_told,
    short_sources_are_told,
    sources_are_read_while_they_are_sent,
)
