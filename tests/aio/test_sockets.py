"""A socket for event loops: sending that fails leaves what was received to be read."""

from __future__ import annotations

import socket
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, suppress

import anyio
import pytest

from cvatfn.aio.sockets import Socket

PATIENT = 30.0
MUCH = bytes(1_000_000)


@contextmanager
def _pair() -> Generator[tuple[Socket, socket.socket]]:
    """A socket that takes little at once, and its peer."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        ours.setblocking(False)
        yield Socket(ours), theirs


def test_each_wait_for_room_has_the_whole_limit(
    backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One limit for all that is sent at once would cut a slow line off."""
    limits: list[float | None] = []
    fail_after = anyio.fail_after

    def making_room(limit: float | None) -> AbstractContextManager[anyio.CancelScope]:
        limits.append(limit)
        with suppress(BlockingIOError):
            while theirs.recv(1 << 16):
                pass
        return fail_after(limit)

    monkeypatch.setattr(anyio, "fail_after", making_room)
    with _pair() as (ours, theirs):
        theirs.setblocking(False)
        ours.limit = PATIENT
        anyio.run(ours.send, MUCH, backend=backend)
    assert ours.fault is None
    assert len(limits) > 5
    assert {*limits} == {PATIENT}


def test_what_was_said_is_there_when_no_more_is_taken(backend: str) -> None:
    async def act(ours: Socket) -> bytes:
        await ours.send(MUCH)
        await ours.send(MUCH)  # of no consequence any more
        return await ours.receive()

    with _pair() as (ours, theirs):
        theirs.sendall(b"no")
        theirs.close()
        assert anyio.run(act, ours, backend=backend) == b"no"
    assert isinstance(ours.fault, anyio.BrokenResourceError)


@pytest.mark.parametrize("size", [1, len(MUCH)])
def test_giving_up_counts_where_something_was_left(backend: str, size: int) -> None:
    async def act(ours: Socket) -> None:
        async with anyio.create_task_group() as sending:
            sending.start_soon(ours.send, bytes(size))
            await anyio.wait_all_tasks_blocked()
            ours.give_up()

    with _pair() as (ours, _):
        anyio.run(act, ours, backend=backend)
    assert (ours.fault is None) == (size == 1)


def test_who_waits_for_room_too_long_is_told(backend: str) -> None:
    with _pair() as (ours, _):
        ours.limit = 0.01
        anyio.run(ours.send, MUCH, backend=backend)
    assert isinstance(ours.fault, TimeoutError)


def test_closing_wakes_who_waits(backend: str) -> None:
    async def act(ours: Socket) -> None:
        async def listen() -> None:
            with pytest.raises(anyio.ClosedResourceError):
                await ours.receive()

        async with anyio.create_task_group() as listening:
            listening.start_soon(listen)
            await anyio.wait_all_tasks_blocked()
            await ours.aclose()
            await ours.aclose()
        with pytest.raises(anyio.ClosedResourceError):
            await ours.receive()

    with _pair() as (ours, _):
        anyio.run(act, ours, backend=backend)
