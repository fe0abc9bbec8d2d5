"""The hot path: JSON bytes straight into attrs classes and straight out, without a Python loop.

Rule: nothing here explains. Where the native decoder refuses, `dicts` finds out what is wrong.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final, Protocol

import msgspec

from cvatfn.codecs.remembering import remembered
from cvatfn.forking import making, when_forked

__all__ = [
    "REFUSALS",
    "NativeDecoder",
    "decoded",
    "decoder",
    "encode",
    "paused_collector",
    "read_json",
]

REFUSALS: Final = (msgspec.MsgspecError, ValueError, TypeError, RecursionError, OverflowError)
"""All that the native codec may raise because of data: no JSON, a misfit, depth, bad UTF-8."""

LARGE: Final = 1 << 16
"""From how many bytes on pausing the collector pays."""

UNSWEPT: Final = 1 << 26
"""After how many bytes without a full collection one is made."""

FROZEN_AT_START: Final = 1000
"""More than Python freezes by itself: 3.12 some hundreds, where a program freezes thousands."""


class NativeDecoder(Protocol):
    """What reads JSON bytes as one type."""

    def decode(self, data: bytes, /) -> object:
        """Read the bytes, or raise one of `REFUSALS`."""
        ...


@remembered
def decoder(kind: object) -> NativeDecoder | None:
    """The cached native decoder of a type.

    :param kind: any type that a signature can name.
    :returns: `None` for the few types it does not know: unions of two models.
    """
    with making(), _BUILDING:
        try:
            return msgspec.json.Decoder(kind)
        except TypeError:
            return None


def decoded(decoder: NativeDecoder, data: bytes) -> object:
    """Read JSON bytes with a decoder.

    :param decoder: of the wanted type.
    :param data: UTF-8 encoded JSON.
    :raises: one of `REFUSALS`.
    """
    if len(data) < LARGE:
        return decoder.decode(data)
    with paused_collector(len(data)):
        return decoder.decode(data)


def encode(value: object) -> bytes:
    """Write JSON; absent fields are left out, null is written.

    :param value: models, dicts, lists and scalars in any mixture.
    :raises: one of `REFUSALS`, for what JSON cannot say.
    """
    return _ENCODER.encode(value)


def read_json(data: bytes) -> object:
    """Read JSON into plain dicts, lists and scalars.

    :param data: UTF-8 encoded JSON.
    :raises: one of `REFUSALS`.
    """
    with paused_collector(len(data)):
        return msgspec.json.decode(data)


@contextmanager
def paused_collector(size: int) -> Generator[None]:
    """Keep the garbage collector still while a large body is decoded.

    Decoding makes nothing but fresh objects, all of them reachable and without cycles: the
    collector would walk them again and again, or once as a whole when it wakes, and find none to
    free. So they count as old when it wakes. Threads may overlap: the last one out wakes it, and
    only if it was awake before.

    :param size: the body's size in bytes; small ones are not worth the pause.
    """
    if size < LARGE:
        yield
        return
    who = object()
    try:
        _PAUSE.enter(who)
        yield
    finally:
        _PAUSE.leave(who, size)


class _Pause:
    """Who is inside is known by name, so that an interrupt anywhere leaves nobody there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside: set[object] = set()
        self._wake = False
        self._unswept = 0
        self._sweeps: int = 0
        when_forked(self)

    def enter(self, who: object) -> None:
        with self._lock:
            self._inside.add(who)
            if len(self._inside) == 1:
                self._wake = gc.isenabled()
                gc.disable()

    def leave(self, who: object, size: int) -> None:
        with self._lock:
            self._inside.discard(who)
            self._unswept += size
            awake = not self._inside and self._wake
            overdue = awake and self._aged()
            if awake:
                self._wake = False
                gc.enable()
        if overdue:  # without the lock: finalizers are the program's code
            gc.collect()

    def forked(self) -> None:
        """None of the threads that were inside is here, to wake the collector."""
        self._lock = threading.Lock()
        self._inside.clear()
        if self._wake:
            self._wake = False
            gc.enable()

    def _aged(self) -> bool:
        """Make all objects old without walking them, as freezing and thawing does.

        This takes the program's own young objects along and sets the collector's counts to zero: a
        program that does little else might never come to a full collection by itself. The answer is
        whether one has to be made.
        """
        if gc.get_freeze_count() > FROZEN_AT_START:
            return False  # the program has frozen objects itself; thawing would undo that
        gc.freeze()
        gc.unfreeze()
        sweeps: int = gc.get_stats()[-1]["collections"]
        overdue = sweeps == self._sweeps and self._unswept > UNSWEPT
        if overdue or sweeps != self._sweeps:
            self._unswept, self._sweeps = 0, sweeps
        return overdue


_BUILDING: Final = threading.Lock()
"""Two threads that build decoders of one class at once crash the process (msgspec 0.22)."""

_PAUSE: Final = _Pause()
_ENCODER: Final = msgspec.json.Encoder()
