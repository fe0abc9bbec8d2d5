"""What a forked process finds of this package, and what a fork waits for.

A forked process has one thread, the one that forked: a lock that any other thread held is held in
it for ever, work that was half done stays so, and an open socket is open in both processes.

Rule: no lock of this package is held in a forked process, and no socket is used by two. While
something is made that all threads share (a module that is imported late, a signature, a decoder),
no process is forked: that is `making`. Whatever holds a lock of its own, or a handle, says what
becomes of it in the child: that is `Forked`. What is kept here is global, because a fork is.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from threading import Condition, get_ident
from typing import Final, Protocol
from weakref import WeakSet

__all__ = ["Forked", "making", "when_forked"]

LONGEST_WAIT: Final = 10.0
"""How long a fork waits at most, in seconds; nothing takes so long that comes to an end at all."""


class Forked(Protocol):
    """Something that has to know in which process it is."""

    def forked(self) -> None:
        """Get ready for the forked process; the thread that calls this is the only one there."""


def when_forked(held: Forked) -> None:
    """Have something told in each process that is forked off from here on, as long as it lives.

    :param held: what is told; it is not kept alive.
    """
    _HELD.add(held)


@contextmanager
def making() -> Generator[None]:
    """Let no process be forked while a block runs, but by the block itself.

    Any number of threads may be within. Nothing that may last belongs here.
    """
    who = object()
    try:
        _MAKING.enter(who)
        yield
    finally:
        _MAKING.leave(who)


class _Making:
    """Who is making something. They are known one by one, so that an interrupt leaves nobody."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._inside: dict[object, int] = {}

    def enter(self, who: object) -> None:
        with self._changed:
            self._inside[who] = get_ident()

    def leave(self, who: object) -> None:
        with self._changed:
            self._inside.pop(who, None)
            self._changed.notify_all()

    def hold(self) -> None:
        """Wait until nobody is inside, and let nobody in."""
        self._changed.acquire()
        # Who is inside may need another one to come in first: so it is let go while waiting.
        self._changed.wait_for(lambda: not self._others(), LONGEST_WAIT)

    def release(self) -> None:
        self._changed.release()

    def forked(self) -> None:
        self._changed = Condition()
        for who in self._others():
            del self._inside[who]

    def _others(self) -> list[object]:
        own = get_ident()
        return [who for who, thread in self._inside.items() if thread != own]


def _in_child() -> None:
    _MAKING.forked()
    for held in tuple(_HELD):
        held.forked()


_MAKING: Final = _Making()
_HELD: Final = WeakSet[Forked]()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_MAKING.hold, after_in_parent=_MAKING.release, after_in_child=_in_child
    )
