"""What a hop may do to a request, as data; and plans of it, drawn from a seed.

Rule: nothing here does I/O, and a plan depends on its `Faults` alone: the same seed is the same
plan, on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final, TypeAlias

from attrs import field, frozen
from attrs.validators import and_, deep_iterable, ge, le, lt, min_len

from tests.hop.retellings import Retelling

__all__ = [
    "CutAnswer",
    "CutRequest",
    "CutRequestUnseen",
    "Deaf",
    "Delay",
    "DropAnswer",
    "Fault",
    "Faults",
    "Pass",
    "Place",
    "Refuse",
    "RequestFault",
    "Share",
    "Status",
    "StatusAfter",
    "Wrong",
    "kind_of",
    "place_in",
    "plan",
]

LONGEST_DELAY: Final = 0.02

_probability = and_(ge(0), le(1))
_refusing = and_(ge(400), le(599))


@frozen
class Share:
    """A place in a message whose length is not known yet, as a share of it.

    :param of: from 0, its first byte, to just below 1, its last.
    """

    of: float = field(validator=and_(ge(0), lt(1)))


Place: TypeAlias = int | Share


def place_in(at: Place, choices: int) -> int:
    """How many bytes come before the cut.

    :param choices: how many cuts there are to choose from; each is as likely.

    >>> place_in(Share(0.0), 10), place_in(Share(0.999), 10), place_in(3, 10)
    (0, 9, 3)
    """
    return at if isinstance(at, int) else int(at.of * choices)


@frozen
class Pass:
    """Do nothing to it."""


@frozen
class Delay:
    """Wait a little, then pass it.

    :param seconds: at most 0.02; the end of the hop ends the wait.
    """

    seconds: float = field(validator=and_(ge(0.0), le(LONGEST_DELAY)))


@frozen
class Refuse:
    """Break the connection, new or kept, as soon as a request begins to come.

    Not sooner: whether a reset at once after `accept` is a failure to connect depends on time.

    :param reset: by RST, as a crashed process; else by FIN, and what still comes is read away.
    """

    reset: bool = True


@frozen
class CutRequest:
    """Break the connection when the server has so many bytes of the request.

    The server is done with them before the client hears of it. With all of them it has acted.

    :param at: bytes of head and body; beyond their end, all.
    :param reset: by RST, as a crashed process; else by FIN, and what still comes is read away.
    """

    at: Place
    reset: bool = True


@frozen
class CutRequestUnseen:
    """Break the connection after so many bytes of the request; the server gets none of them.

    :param at: bytes of head and body; beyond their end, all.
    :param reset: by RST, as a crashed process; else by FIN, and what still comes is read away.
    """

    at: Place
    reset: bool = True


@frozen
class CutAnswer:
    """Let the server act, and break the connection after so many bytes of its answer.

    The last byte is always lost, so that no client can take the answer for whole and keep the
    connection. (Where only the end of the connection ends the answer, use `reset`: nobody can see
    the other cut.)

    :param at: bytes of head and body.
    :param reset: by RST, as a crashed process; else by FIN, and what still comes is read away.
    """

    at: Place
    reset: bool = True


@frozen
class DropAnswer:
    """Let the server act, and break the connection before a byte of its answer.

    :param reset: by RST, as a crashed process; else by FIN, and what still comes is read away.
    """

    reset: bool = True


@frozen
class Status:
    """Read the request and refuse it, as a gateway does; the server is never asked.

    :param retry_after: what the header of that name says; `None` leaves it out.
    """

    code: int = field(validator=_refusing)
    retry_after: int | str | None = None


@frozen
class StatusAfter:
    """Let the server act, and put a gateway's refusal in the place of its answer."""

    code: int = field(validator=_refusing)


@frozen
class Deaf:
    """Read the head of a request and no more, and stay silent until the hop ends."""


RequestFault: TypeAlias = (
    Pass | Delay | CutRequest | CutRequestUnseen | CutAnswer | DropAnswer | Status | StatusAfter
)
Fault: TypeAlias = RequestFault | Refuse
"""What is drawn."""

Wrong: TypeAlias = Fault | Deaf | Retelling
"""All that a hop may do to a request or its answer."""


def kind_of(fault: Wrong) -> str:
    """The name that a fault is counted by.

    >>> kind_of(CutAnswer(at=7))
    'CutAnswer'
    """
    return type(fault).__name__


@frozen
class Faults:
    """How often what goes wrong: probabilities for each request, one fault at most for each.

    What they leave of 1 passes.

    :param seed: what the plan is drawn from.
    :param statuses: the codes of `Status` and `StatusAfter`, each as likely.
    :param retry_afters: seconds that `Status` says, each as likely; `None` says nothing.
    :param in_a_row: after so many failures in succession, over all connections, one comes through:
        a single client that tries once more than that gets its answer. A delay is no failure.
    :raises ValueError: a probability is out of range, or their sum is above 1.
    """

    seed: int
    refuse: float = field(default=0, validator=_probability)
    cut_requests: float = field(default=0, validator=_probability)
    cut_requests_unseen: float = field(default=0, validator=_probability)
    cut_answers: float = field(default=0, validator=_probability)
    drop_answers: float = field(default=0, validator=_probability)
    status: float = field(default=0, validator=_probability)
    status_after: float = field(default=0, validator=_probability)
    delay: float = field(default=0, validator=_probability)
    statuses: tuple[int, ...] = field(
        default=(502, 503, 504), validator=[min_len(1), deep_iterable(_refusing)]
    )
    retry_afters: tuple[int | None, ...] = field(default=(None, 0), validator=min_len(1))
    in_a_row: int = field(default=2, validator=ge(0))

    def __attrs_post_init__(self) -> None:
        together = sum(
            (
                self.refuse,
                self.cut_requests,
                self.cut_requests_unseen,
                self.cut_answers,
                self.drop_answers,
                self.status,
                self.status_after,
                self.delay,
            )
        )
        if together > 1 + 1e-9:
            raise ValueError(f"the probabilities come to {together}, which is above 1")


def plan(faults: Faults) -> Iterator[Fault]:
    """What happens to one request after the other, without end.

    >>> from itertools import islice
    >>> [kind_of(each) for each in islice(plan(Faults(seed=1, drop_answers=1, in_a_row=2)), 4)]
    ['DropAnswer', 'DropAnswer', 'Pass', 'DropAnswer']
    """
    random = Random(faults.seed)  # noqa: S311 - the same plan in each run is the point
    row = 0
    while True:
        fault = _drawn(faults, random)
        if isinstance(fault, Pass | Delay):
            row = 0
        elif row == faults.in_a_row:
            fault, row = Pass(), 0
        else:
            row += 1
        yield fault


def _drawn(faults: Faults, random: Random) -> Fault:
    # Four numbers for each fault, used or not: other probabilities move no later draw.
    chance, of, how, which = (random.random() for _ in range(4))
    reset = how < 0.5
    code = faults.statuses[int(of * len(faults.statuses))]
    retry_after = faults.retry_afters[int(which * len(faults.retry_afters))]
    choices: tuple[tuple[float, Fault], ...] = (
        (faults.refuse, Refuse(reset)),
        (faults.cut_requests, CutRequest(Share(of), reset)),
        (faults.cut_requests_unseen, CutRequestUnseen(Share(of), reset)),
        (faults.cut_answers, CutAnswer(Share(of), reset)),
        (faults.drop_answers, DropAnswer(reset)),
        (faults.status, Status(code, retry_after)),
        (faults.status_after, StatusAfter(code)),
        (faults.delay, Delay(of * LONGEST_DELAY)),
    )
    for probability, fault in choices:
        if chance < probability:
            return fault
        chance -= probability
    return Pass()
