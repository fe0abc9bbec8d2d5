"""What a fuzzer runs: a function from bytes that asserts what it promises, and what to begin with.

Rule: a target is data, and knows no fuzzer. It does nothing but read the bytes: no network, no
clock, no chance; what it writes to a disk is gone when it ends. Whatever it raises is a finding.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from attrs import evolve, field, frozen

from cvatfn.codecs.problems import DecodeError
from cvatfn.outcome import Failure, Outcome, Success

__all__ = ["Tape", "Target", "no_seeds", "sound", "value_or_told"]

T = TypeVar("T")

LONGEST_STR: Final = 1 << 17
"""How long an error may be when it is told: fifty problems of a thousand characters, and more."""


def no_seeds() -> Sequence[bytes]:
    """Nothing to begin with."""
    return ()


@frozen
class Target:
    """Something that reads bytes, and what it promises.

    :param name: its name, and that of its folder in `corpus`.
    :param promise: what it promises, as a sentence.
    :param run: reads the bytes and asserts the promise.
    :param seeds: good bytes to begin with, made when they are asked for.
    :param tokens: pieces that good bytes are made of.
    """

    name: str
    promise: str
    run: Callable[[bytes], None] = field(repr=False)
    seeds: Callable[[], Sequence[bytes]] = field(default=no_seeds, repr=False)
    tokens: tuple[bytes, ...] = field(default=(), repr=False)


class Tape:
    """Bytes that are taken one after another to choose with; at its end it gives zeros.

    :param data: the bytes.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self, below: int) -> int:
        """A number of at least zero.

        :param below: what it is less than.
        """
        size = 1 if below <= 256 else 2 if below <= 1 << 16 else 8
        return int.from_bytes(self._taken(size), "big") % below

    def pick(self, options: Sequence[T]) -> T:
        """One of some.

        :param options: at least one.
        """
        return options[self.number(len(options))]

    def line(self) -> bytes:
        """What comes up to the end of the line, without it."""
        found = self._data.find(b"\n", self._at)
        if found < 0:
            return self.rest()
        line, self._at = self._data[self._at : found], found + 1
        return line

    def text(self) -> str:
        """A line as a header's text: its bytes read as Latin-1."""
        return self.line().decode("latin-1")

    def rest(self) -> bytes:
        """All that is left."""
        rest, self._at = self._data[self._at :], len(self._data)
        return rest

    @property
    def ended(self) -> bool:
        """Whether nothing is left."""
        return self._at >= len(self._data)

    def _taken(self, size: int) -> bytes:
        taken = self._data[self._at : self._at + size]
        self._at += len(taken)
        return taken.ljust(size, b"\0")


def sound(error: object) -> object:
    """Look at an error in all the ways there are: it shows, compares, hashes and pickles.

    :param error: the error.
    :returns: itself.
    """
    said = str(error)
    assert said, "an error says nothing"
    assert len(said) < LONGEST_STR, f"an error of {len(said)} characters"
    assert all(line.isprintable() for line in said.split("\n")), ascii(said[:500])
    assert repr(error)
    assert hash(error) == hash(error)
    again: object = pickle.loads(pickle.dumps(error))  # noqa: S301 - pickled here
    # What did not fit stays at home: it may hold secrets.
    kept = evolve(error, data=None) if isinstance(error, DecodeError) else error
    assert again == kept
    return error


def value_or_told(outcome: Outcome[T, object]) -> T | None:
    """The value, or `None` once the error was seen to be sound.

    :param outcome: what a function of the library returned.
    """
    match outcome:
        case Success(value):
            return value
        case Failure(error):
            sound(error)
            return None
