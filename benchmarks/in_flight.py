"""5,000 calls of a server that takes 20 ms to answer, 100 of them under way at once.

Rule: everybody asks for the same task with the same login over as many kept connections as it has
calls under way, and ends with a value for each call. The server waits without a thread for each, so
that it is no bottleneck; nobody can be faster than its latency allows.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import Final

import anyio
import httpx2

from benchmarks import bodies, official
from benchmarks.loopback import Late, answer, serving
from benchmarks.measuring import Contender, raced, timed_large
from benchmarks.table import Row
from cvatfn import aio, call, connect, loads, models
from cvatfn.api import tasks
from cvatfn.auth import AccessToken

__all__ = ["in_flight"]

ID: Final = 42
TARGET: Final = f"/api/tasks/{ID}"
TOKEN: Final = AccessToken("a.token")
LATENCY: Final = 0.02
AT_ONCE: Final = 100
THREADS: Final = 8
HEADERS: Final = {
    "Accept": "application/vnd.cvat+json",
    "Authorization": f"Bearer {TOKEN.token}",
}


def in_flight(rounds: int, calls: int = 5000) -> Row:
    """Many calls under way at once.

    :param rounds: how often to measure.
    :param calls: how many calls.
    """
    body = bodies.task(ID)
    with ExitStack() as open_things:
        port = open_things.enter_context(serving(Late(TARGET, answer(body), LATENCY)))
        host = f"http://127.0.0.1:{port}"
        expected = loads(models.TaskRead, body).unwrap()
        assert ours(host, 2) == [expected] * 2
        assert in_threads(host, 2) == [expected] * 2
        assert [loads(models.TaskRead, each).unwrap() for each in bare(host, 2)] == [expected] * 2
        assert theirs(host, 2) == 2
        mine, *others = raced(
            (
                Contender(f"cvatfn: aio.call, {AT_ONCE} in flight", partial(ours, host, calls)),
                Contender(f"httpx2, json.loads, {AT_ONCE} in flight", partial(bare, host, calls)),
                Contender(f"cvatfn: call in {THREADS} threads", partial(in_threads, host, calls)),
                Contender(f"cvat-sdk in {THREADS} threads", partial(theirs, host, calls)),
            ),
            rounds,
            timed_large,
        )
    return Row(
        f"{calls:,} calls of tasks.retrieve over loopback, {LATENCY * 1e3:.0f} ms of latency",
        "s",
        1e9,
        mine,
        tuple(others),
        notes=(
            f"Of that, the latency alone is {_least(calls, AT_ONCE)}, {_least(calls, THREADS)}.",
        ),
    )


def _least(calls: int, at_once: int) -> str:
    return f"{calls / at_once * LATENCY:.1f} s with {at_once} at once"


def ours(host: str, calls: int) -> list[models.TaskRead]:
    """With cvatfn, in one event loop.

    :param host: the server's origin.
    :param calls: how many calls.
    """
    found: list[models.TaskRead] = []

    async def main() -> None:
        async with aio.connect_async(host, auth=TOKEN, pool_size=AT_ONCE) as connection:

            async def ask() -> None:
                found.append((await aio.call(connection, tasks.retrieve, ID)).unwrap())

            await _many(ask, calls)

    anyio.run(main)
    return found


def bare(host: str, calls: int) -> list[bytes]:
    """With httpx2 alone, and the standard library's JSON.

    :param host: the server's origin.
    :param calls: how many calls.
    """
    found: list[bytes] = []

    async def main() -> None:
        limits = httpx2.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
        async with httpx2.AsyncClient(limits=limits, headers=HEADERS) as client:

            async def ask() -> None:
                response = await client.get(host + TARGET)
                assert response.status_code == 200
                json.loads(response.content)
                found.append(response.content)

            await _many(ask, calls)

    anyio.run(main)
    return found


def in_threads(host: str, calls: int) -> list[models.TaskRead]:
    """With cvatfn, in threads.

    :param host: the server's origin.
    :param calls: how many calls.
    """
    with connect(host, auth=TOKEN) as connection, ThreadPoolExecutor(THREADS) as pool:

        def ask(_: int) -> models.TaskRead:
            return call(connection, tasks.retrieve, ID).unwrap()

        return list(pool.map(ask, range(calls)))


def theirs(host: str, calls: int) -> int:
    """With the official client, in threads.

    :param host: the server's origin.
    :param calls: how many calls.
    """
    api = official.client(host, TOKEN.token)

    def ask(_: int) -> official.TaskRead:
        return api.tasks_api.retrieve(ID)[0]

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(ask, range(calls)))
    assert all(task.id == ID for task in found)
    return len(found)


async def _many(ask: Callable[[], Awaitable[None]], calls: int) -> None:
    left = iter(range(calls))

    async def work() -> None:
        for _ in left:
            await ask()

    async with anyio.create_task_group() as working:
        for _ in range(AT_ONCE):
            working.start_soon(work)
