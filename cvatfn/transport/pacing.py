"""How long an exchange may take and how much may come in it; and what has: for every kind of link.

Rule: it accounts for what a socket does, and touches none; whoever has the socket has the clock,
too, and says what time it is. A limit that is over says which it is.
"""

from __future__ import annotations

from typing import Final

from attrs import define, evolve, field, frozen

from cvatfn.messages import Timeout
from cvatfn.transport.breaks import Late, TooMuch

__all__ = ["RECORD", "SENT_AT_ONCE", "UNLIMITED", "Pace", "Passing"]

SENT_AT_ONCE: Final = 1 << 19
"""How much is offered to a socket at once, in bytes."""

RECORD: Final = 1 << 14
"""What is sent within one wait, in bytes, where a wait is for all of it: as much as TLS seals."""

_BULKY: Final = 1 << 17
"""What a socket may not take at once: from here on it is heard whether the server wants it."""

_SILENCE: Final = 60.0
"""What is taken for the longest silence, in seconds, where none is too long."""

_LONGEST_HEAD: Final = 1 << 18
"""How much the head of an answer and those of all interim ones before it may take, in bytes."""

_BESIDES: Final = 1 << 23
"""How much may come that is no content: heads, the frames of chunks, trailers."""

_FRAMED: Final = 8
"""How many times its own size a piece of a stream may have taken, in the smallest chunks."""


@frozen
class Pace:
    """How long to wait, in seconds; `None` is for ever.

    :param connect: until a connection stands.
    :param read: for each silence, and for each piece that is sent.
    :param deadline: on the clock of whoever waits: when the whole must be over.
    :param answer: from the end of the request until the answer is there.
    :param rate: the least that content may make, in bytes a second of waiting.
    :param over: what is over at the deadline.
    """

    connect: float | None
    read: float | None
    deadline: float | None
    answer: float | None = None
    rate: float | None = None
    over: str = "the time for the whole exchange is over"

    @staticmethod
    def of(timeout: Timeout, now: float) -> Pace:
        """What a request's limits are on a clock.

        :param timeout: the limits.
        :param now: what the clock says.

        >>> Pace.of(Timeout(read=9.0, total=10.0), 5.0).deadline
        15.0
        """
        deadline = None if timeout.total is None else now + timeout.total
        return Pace(timeout.connect, timeout.read, deadline, timeout.answer, timeout.rate)

    def within(self, limit: float | None, now: float) -> float | None:
        """A limit, or what is left until the deadline if that is less.

        :param limit: seconds.
        :param now: what the clock says.
        :raises Late: nothing is left.

        >>> Pace(None, None, 15.0).within(60.0, 11.0)
        4.0
        """
        if self.deadline is None:
            return limit
        left = self.deadline - now
        if left <= 0:
            raise Late(self.over)
        return left if limit is None else min(limit, left)

    def asked(self, now: float) -> Pace:
        """How long to wait from now on, that the request is sent, until the answer is there.

        :param now: what the clock says.
        """
        if self.answer is None:
            return self
        due = now + self.answer
        if self.deadline is not None and self.deadline <= due:
            return self
        over = f"the answer was not there {self.answer:g} s after the request"
        return evolve(self, deadline=due, answer=None, over=over)

    @property
    def stretch(self) -> float:
        """Over how many seconds of waiting the rate is looked at."""
        return 2 * (_SILENCE if self.read is None else self.read)


UNLIMITED: Final = Pace(None, None, None)


@define
class Passing:
    """What passes over a link for one request.

    :param whole: how long to wait, all in all.
    :param limit: how much content is expected at most, in bytes.
    :param sent: how many bytes were sent, or begun to be.
    :param heard: whether the server said anything since.
    :param refused: whether it took no more before all was sent.
    :param waiting: whether the answer is waited for.
    :param pace: how long to wait now: an answer has a time of its own.
    :param budget: how many bytes may still come, all in all.
    :param head: how many bytes came before the head of the answer was whole; `None` since it is.
    :param waited: how long content was waited for since its rate was looked at.
    :param passed: how much of it there was, in bytes.
    """

    whole: Pace = UNLIMITED
    limit: int = 0
    sent: int = 0
    heard: bool = False
    refused: bool = False
    waiting: bool = field(default=False, init=False)
    pace: Pace = field(init=False)
    budget: int = field(init=False)
    head: int | None = field(default=0, init=False)
    waited: float = field(default=0.0, init=False)
    passed: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self.pace = self.whole
        self.budget = 2 * self.limit + _BESIDES

    @property
    def bulky(self) -> bool:
        """Whether so much was sent that the server may want no more of it."""
        return self.sent > _BULKY

    def asked(self, now: float) -> None:
        """From now on the answer is waited for: the request is sent, or was refused.

        :param now: what the clock says; it is looked at once.
        """
        if not self.waiting:
            self.waiting = True
            self.pace = self.whole.asked(now)
            self._count_anew()

    def answered(self) -> None:
        """The head of the answer is there."""
        self.head = None

    def streams(self) -> None:
        """The content may be of any length, and take any time: the answer is there."""
        self.pace, self.budget = self.whole, _BESIDES

    def streamed(self, count: int) -> None:
        """Another piece of a stream was had: its frames may take so much more.

        :param count: its size, in bytes.
        """
        self.budget += _FRAMED * count

    def within(self, now: float) -> float | None:
        """How long the next wait may be.

        :param now: what the clock says.
        :raises Late: nothing is left.
        :raises ConnectionError: what comes leads to no answer.
        """
        if self.head is not None and self.head > _LONGEST_HEAD:
            raise ConnectionError("the head of its answer has no end")
        return self.pace.within(self.pace.read, now)

    def came(self, waited: float, count: int) -> None:
        """Account for what was received.

        :param waited: how long it was waited for.
        :param count: how many bytes there were in the end.
        :raises TooMuch: there are more than may come.
        :raises Late: content does not make its rate.
        """
        self.heard = self.heard or count > 0
        if self.head is None:
            self.keep_up(waited, count)
        else:
            self.head += count
        self.budget -= count
        if self.budget < 0:
            raise TooMuch

    def keep_up(self, waited: float, count: int) -> None:
        """Look whether content makes its rate; one that is always there is never too slow.

        :param waited: how long it was waited for, or for room in the socket.
        :param count: how many bytes there were in the end.
        :raises Late: it does not.
        """
        rate = self.pace.rate
        if rate is None:
            return
        self.waited += waited
        self.passed += count
        if self.waited >= self.pace.stretch:
            if self.passed < rate * self.waited:
                said = f"{self.passed} bytes in {self.waited:.3g} s are below {rate:g} B/s"
                raise Late(said)
            self._count_anew()

    def _count_anew(self) -> None:
        self.waited, self.passed = 0.0, 0
