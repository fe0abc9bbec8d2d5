"""Where `cvatfn.aio` waits, read off its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attrs import frozen

from cvatfn import aio

__all__ = ["BESIDES", "Await", "awaits"]

MODULES: Final = (
    "background",
    "connection",
    "contents",
    "driving",
    "links",
    "opening",
    "pagination",
    "pool",
    "sockets",
    "streaming",
    "streams",
    "threads",
    "wires",
    "wrappers",
)
"""Those that do something; the other ones have one line for each twin, which awaits these."""


BESIDES: Final = {
    "pool: await self._mourned()": "waits where a stream was dropped open, which is rare",
    "pool: await to_the_end(lambda: release(False))": "the same",
    "connection: await self._pool.given_back(link, kept=whole and": "the same",
    "pool: await link.aclose()": "is within `to_the_end`, in a task of its own",
    "driving: await _if_awaitable(sleep(seconds))": "a sleep of the caller's",
    "driving: return None if head.stream is None": "a stream of the other world, in memory",
    "driving: await in_thread(head.stream.close)": "the same",
    "driving: await head.astream.aclose()": "has its rest in `streams`",
    "driving: await _dropped(head)": "the same",
    "pagination: async with aclosing(walk):": "closes what has come to its end",
    "streaming: return await driven(flow, transport)": "`stream`, the twin of `stream_url`",
    "sockets: await anyio.wait_writable(self._sock)": "a server that is slow: see `test_sockets`",
    "streams: await self._over(whole=False)": "after an error, as after a cancellation",
    "wires: await self._overhear()": "one of two, where a server answers before it was asked",
}
"""What no scene has, or what is met by chance."""


@frozen
class Await:
    """A place where something waits, or may.

    :param lines: where, as a `Place` names it.
    :param source: what is written there.
    """

    lines: frozenset[str]
    source: str


def awaits() -> Iterator[Await]:
    """Each `await`, `async for` and `async with`."""
    for name in MODULES:
        source = (Path(next(iter(aio.__path__))) / f"{name}.py").read_text()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Await):
                last = node.end_lineno or node.lineno
            elif isinstance(node, ast.AsyncFor):
                last = node.iter.end_lineno or node.lineno
            elif isinstance(node, ast.AsyncWith):
                last = node.items[-1].context_expr.end_lineno or node.lineno
            else:
                continue
            lines = frozenset(f"{name}:{line}" for line in range(node.lineno, last + 1))
            yield Await(lines, f"{name}: {source.splitlines()[node.lineno - 1].strip()}")
