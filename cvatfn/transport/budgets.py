"""How many retries there may be when nothing works: a budget that only answers fill again.

Rule: it needs no clock. A retry takes a token, a request that is answered well gives a part of one
back; so a server that is down is not asked many times as often as one that is up (gRPC proposal A6,
"Throttling Retry Attempts and Hedged RPCs", has the idea). It is for any number of threads.
"""

from __future__ import annotations

import math
from threading import Lock
from typing import Final, final

from typing_extensions import override

from cvatfn.forking import when_forked

__all__ = ["Budget"]

_ONE: Final = 1 - 1e-9
"""A token, were it in parts that do not quite add up to it, as ten tenths do."""


@final
class Budget:
    """Tokens for retries, shared by all that hold it: give one to several transports to one server.

    Over any time, retries are at most `tokens`, and `ratio` for each request that was answered
    well. It pickles by these two numbers: a copy in another process begins full.

    :param tokens: how many retries there may be before anything is answered well, and the most that
        are ever saved up; 0 is no retry, `math.inf` no limit.
    :param ratio: which part of a token an answer below 400 gives back.
    :raises ValueError: a number is negative or none.

    >>> budget = Budget(tokens=1, ratio=0.5)
    >>> budget.take(), budget.take()
    (True, False)
    >>> budget.give(), budget.give(), budget
    (None, None, Budget(tokens=1, ratio=0.5))
    >>> budget.take()
    True
    """

    __slots__ = ("__weakref__", "_left", "_lock", "_ratio", "_tokens")

    def __init__(self, tokens: float = 100, ratio: float = 0.2) -> None:
        if not tokens >= 0 or not 0 <= ratio < math.inf:
            raise ValueError(f"tokens and ratio must be at least 0, not {tokens!r} and {ratio!r}")
        self._tokens: Final = tokens
        self._ratio: Final = ratio
        self._left = tokens
        self._lock = Lock()
        when_forked(self)

    def take(self) -> bool:
        """Take a token.

        :returns: whether there was one.
        """
        with self._lock:
            if self._left < _ONE:
                return False
            self._left = max(0.0, self._left - 1)
            return True

    def give(self) -> None:
        """Give back what a good answer is worth."""
        with self._lock:
            self._left = min(self._tokens, self._left + self._ratio)

    def forked(self) -> None:
        """What is left stays, in a process that is forked off; whoever held the lock does not."""
        self._lock = Lock()

    def __reduce__(self) -> tuple[type[Budget], tuple[float, float]]:
        return Budget, (self._tokens, self._ratio)

    @override
    def __repr__(self) -> str:
        return f"Budget(tokens={self._tokens!r}, ratio={self._ratio!r})"
