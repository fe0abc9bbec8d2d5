"""How long an exchange may take and how much may come in it, for event loops; and what has.

Rule: it accounts for what a socket does, and touches none. A limit that is over says which it is,
as `Pace` does for sockets of threads.
"""

from __future__ import annotations

from typing import Final

import anyio
from attrs import define, frozen

from cvatfn.transport.breaks import Late, TooMuch

__all__ = ["Exchange", "Limits"]

_BESIDES: Final = 1 << 23
"""How much may come with content that is none: the frames of chunks, trailers."""

_LONGEST_HEAD: Final = 1 << 18
"""How much the head of an answer and those of all interim ones before it may take, in bytes."""

_HEADS: Final = 1 << 20
"""How much may come with the head of an answer: it, and what was read with it at once."""

_SILENCE: Final = 60.0
"""What is taken for the longest silence, in seconds, where none is too long."""


@frozen
class Limits:
    """How long to wait, in seconds; `None` is for ever.

    :param connect: until a connection stands.
    :param read: for each silence, and for each piece that is sent.
    :param deadline: on the event loop's clock: when the whole must be over.
    :param answer: from the end of the request until the answer is there.
    :param rate: the least that content may make, in bytes a second of waiting.
    """

    connect: float | None
    read: float | None
    deadline: float | None
    answer: float | None = None
    rate: float | None = None

    def scope(self) -> anyio.CancelScope:
        """A scope that ends when the whole must be over."""
        if self.deadline is None:
            return anyio.CancelScope()
        return anyio.CancelScope(deadline=self.deadline)

    @property
    def over(self) -> bool:
        """Whether the whole must be over by now."""
        return self.deadline is not None and anyio.current_time() >= self.deadline

    @property
    def stretch(self) -> float:
        """Over how many seconds of waiting the rate is looked at."""
        return 2 * (_SILENCE if self.read is None else self.read)


_ENDLESS: Final = Limits(None, None, None)


@define
class Exchange:
    """What passes over a wire for one request.

    :param limits: how long to wait.
    :param budget: how many bytes may come, all in all.
    :param written: how many bytes were sent, or begun to be.
    :param heard: whether the server said anything since.
    :param refused: whether it took no more before all was sent.
    :param head: how many bytes came before the head of the answer was whole; `None` since it is.
    :param due: on the event loop's clock: when the answer must be there, once it is asked for.
    :param waited: how long content was waited for since its rate was looked at.
    :param passed: how much of it there was, in bytes.
    """

    limits: Limits = _ENDLESS
    budget: int = _HEADS
    written: int = 0
    heard: bool = False
    refused: bool = False
    head: int | None = 0
    due: float | None = None
    waited: float = 0.0
    passed: int = 0

    def begin(self) -> None:
        """Get ready for a request, and for the head of its answer."""
        self.budget, self.written, self.head = _HEADS, 0, 0
        self.heard = self.refused = False
        self.due = None
        self._count_anew()

    def asked(self) -> None:
        """From now on the answer is waited for: the request is sent, or was refused."""
        if self.due is None and self.limits.answer is not None and self.head is not None:
            self.due = anyio.current_time() + self.limits.answer
            self._count_anew()

    def answered(self, limit: int) -> None:
        """The head is there.

        :param limit: how much content is expected at most, in bytes.
        """
        self.head = None
        self.budget += 2 * limit + _BESIDES

    def streams(self) -> None:
        """The content may be of any length, and take any time: the answer is there."""
        self.due, self.budget = None, _BESIDES

    def came(self, began: float, count: int) -> None:
        """Account for what was received.

        :param began: when the wait for it began.
        :param count: how many bytes there were in the end.
        :raises TooMuch: there are more than may come.
        :raises Late: content does not make its rate.
        """
        self.heard = self.heard or count > 0
        if self.head is None:
            self.keep_up(began, count)
        else:
            self.head += count
        self.budget -= count
        if self.budget < 0:
            raise TooMuch

    def within(self, limit: float | None) -> float | None:
        """How long the next wait may be.

        :param limit: in seconds; or what is left until the answer is due, if that is less.
        :raises Late: nothing is left.
        :raises ConnectionError: what comes leads to no answer.
        """
        if self.head is not None and self.head > _LONGEST_HEAD:
            raise ConnectionError("the head of its answer has no end")
        if self.due is None:
            return limit
        left = self.due - anyio.current_time()
        if left <= 0:
            answer = self.limits.answer
            raise Late(f"the answer was not there {answer:g} s after the request")
        return left if limit is None else min(limit, left)

    def keep_up(self, began: float, count: int) -> None:
        """Look whether content makes its rate; one that is always there is never too slow.

        :param began: when the wait for it began.
        :param count: how many bytes there were in the end.
        :raises Late: it does not.
        """
        rate = self.limits.rate
        if rate is None:
            return
        self.waited += anyio.current_time() - began
        self.passed += count
        if self.waited >= self.limits.stretch:
            if self.passed < rate * self.waited:
                said = f"{self.passed} bytes in {self.waited:.3g} s are below {rate:g} B/s"
                raise Late(said)
            self._count_anew()

    def _count_anew(self) -> None:
        self.waited, self.passed = 0.0, 0
