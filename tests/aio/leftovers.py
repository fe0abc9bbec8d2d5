"""What is left over when something has ended: sockets, work in threads, temporary files, open ones.

Rule: it is looked at while the event loop still runs. When that ends, it waits for its threads, and
whoever looks then sees nothing of what went on behind the back of whoever was cancelled.
"""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
import pytest
from anyio.abc import SocketAttribute, SocketStream
from attrs import define, field

from cvatfn.aio import threads
from cvatfn.outcome import Outcome

__all__ = ["Leftovers", "watching"]


@define
class Leftovers:
    """What was opened and begun.

    :param folder: for files; none of those in it may be open.
    :param spooled: for temporary files.
    :param opened: every socket that was connected.
    :param working: how much work goes on in threads.
    """

    folder: Path
    spooled: Path
    opened: list[socket.socket] = field(factory=list[socket.socket])
    working: list[object] = field(factory=list[object])

    @property
    def sockets(self) -> list[socket.socket]:
        """Those that are open."""
        return [each for each in self.opened if each.fileno() >= 0]

    def none(self) -> None:
        """See that there is none."""
        assert self.sockets == []
        self._none_else()

    def none_but_one_socket(self) -> None:
        """See that there is none; a connection that lives on may keep a link."""
        assert len(self.sockets) <= 1
        self._none_else()

    def _none_else(self) -> None:
        assert self.working == [], "work goes on in threads"
        assert [*self.spooled.iterdir()] == []
        assert [*_open_below(self.folder)] == []


@contextmanager
def watching(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Generator[Leftovers]:
    """Watch what `cvatfn.aio` opens and begins.

    :param monkeypatch: for that.
    :param folder: an empty one.
    """
    spooled = folder / "spooled"
    spooled.mkdir()
    left = Leftovers(folder, spooled)
    connect, duplicate = anyio.connect_tcp, socket.socket.dup
    # It is what runs in a thread, whatever is done there.
    caught: Callable[[Callable[[], object]], Outcome[object, BaseException]]
    caught = vars(threads)["_caught"]

    async def connected(host: str, port: int) -> SocketStream:
        stream = await connect(host, port)
        left.opened.append(stream.extra(SocketAttribute.raw_socket))  # noqa: S610 - no Django
        return stream

    def duplicated(sock: socket.socket) -> socket.socket:
        made = duplicate(sock)
        left.opened.append(made)
        return made

    def worked(act: Callable[[], object]) -> Outcome[object, BaseException]:
        left.working.append(act)
        try:
            return caught(act)
        finally:
            left.working.remove(act)

    monkeypatch.setattr(tempfile, "tempdir", str(spooled))
    monkeypatch.setattr(anyio, "connect_tcp", connected)
    monkeypatch.setattr(socket.socket, "dup", duplicated)
    monkeypatch.setattr(threads, "_caught", worked)
    yield left


def _open_below(folder: Path) -> Iterator[str]:
    descriptors = Path("/proc/self/fd")
    for each in descriptors.iterdir() if descriptors.is_dir() else ():
        try:
            target = str(each.readlink())
        except OSError:  # the one that lists them, or one that was closed meanwhile
            continue
        if target.startswith(str(folder)):
            yield target
