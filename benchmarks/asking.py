"""One call over loopback: the library's own cost, with a server that has none.

Rule: every contender keeps its one connection, sends the same login, and ends with a value.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final, cast

from urllib3 import PoolManager

from benchmarks import bodies, official
from benchmarks.loopback import Canned, answer, serving
from benchmarks.measuring import Contender, raced, timed_small
from benchmarks.table import Row, Target
from cvatfn import call, connect, loads, models
from cvatfn.api import tasks
from cvatfn.auth import AccessToken

__all__ = ["retrieve"]

ID: Final = 42
TARGET: Final = f"/api/tasks/{ID}"
TOKEN: Final = "a.token"
POOL: Final = "urllib3, json.loads"
HEADERS: Final = {"Accept": "application/vnd.cvat+json", "Authorization": f"Bearer {TOKEN}"}


def retrieve(rounds: int) -> Row:
    """`tasks.retrieve` with a kept connection.

    :param rounds: how often to measure; each is some calls of every contender.
    """
    body = bodies.task(ID)
    response = answer(body)
    with ExitStack() as open_things:
        port = open_things.enter_context(serving(Canned(TARGET, response)))
        host = f"http://127.0.0.1:{port}"
        connection = open_things.enter_context(connect(host, auth=AccessToken(TOKEN)))
        plug = open_things.enter_context(socket.create_connection(("127.0.0.1", port)))
        plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        pool = PoolManager()
        open_things.callback(pool.clear)
        api = official.client(host, TOKEN)
        expected = loads(models.TaskRead, body).unwrap()

        def ours() -> models.TaskRead:
            return call(connection, tasks.retrieve, ID).unwrap()

        def bare() -> dict[str, object]:
            return _asked(pool, host + TARGET)

        def theirs() -> official.TaskRead:
            task, _ = api.tasks_api.retrieve(ID)
            return task

        assert ours() == expected
        assert loads(models.TaskRead, json.dumps(bare()).encode()).unwrap() == expected
        assert loads(models.TaskRead, official.written(api, theirs())).unwrap() == expected
        mine, *others = raced(
            (
                Contender("cvatfn: call", ours, 10),
                Contender(POOL, bare, 10),
                Contender("cvat-sdk: tasks_api.retrieve", theirs, 2),
                Contender("bytes through a socket", _exchange(plug, host, len(response)), 10),
            ),
            rounds,
            timed_small,
        )
    return Row(
        f"One call of tasks.retrieve over loopback, {len(body) / 1e3:.1f} kB",
        "ms",
        1e6,
        mine,
        tuple(others),
        Target(POOL, "at most", 1.1),
    )


def _asked(pool: PoolManager, url: str) -> dict[str, object]:
    response = pool.request("GET", url, headers=HEADERS)
    assert response.status == 200
    return cast("dict[str, object]", json.loads(response.data))


def _exchange(plug: socket.socket, host: str, size: int) -> Callable[[], object]:
    lines = (f"GET {TARGET} HTTP/1.1", f"Host: {host.removeprefix('http://')}", "", "")
    request = "\r\n".join(lines).encode()

    def exchange() -> int:
        plug.sendall(request)
        left = size
        while left:
            left -= len(plug.recv(65_536))
        return size

    return exchange
