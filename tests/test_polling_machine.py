"""Waiting for background work, whatever clock, server and network do.

Theory of operation: a server whose work goes its way by a clock that only sleeping and answering
move, and which can be told to misbehave for its next requests. Every request is written down with
the answer. After each waiting, a model that knows nothing of how waiting is done reads what was
written and says what must have come out of it, and when which wait was due.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final

from attrs import define
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from cvatfn import CallError, Failure, Outcome, Success, models, wait_all, wait_for
from cvatfn.errors import ConnectFailed, ConnectionLost, Rejected, TimedOut, TlsFailed, Undecodable
from cvatfn.polling import PollTimedOut, RequestFailed
from cvatfn.schedule import Schedule
from tests.background_work import LISTING, Exchange, Server, Trouble, Work

Waited = Outcome[models.Request, CallError | RequestFailed | PollTimedOut]

PASSING: Final = ("429", "502", "503", "504", "lost", "slow", "unreachable")
OF_ALL: Final = ("401", "tls")
OF_ONE: Final = ("404", "403", "500", "garbled")
APPEARING: Final = 10.0


TIMES = st.integers(0, 40).map(lambda tenths: tenths / 2)
SCHEDULES = st.builds(
    Schedule,
    initial=st.sampled_from([0.25, 1.0, 4.0]),
    factor=st.sampled_from([1.0, 1.5, 3.0]),
    cap=st.sampled_from([0.5, 2.0, 8.0]),
    jitter=st.sampled_from([0.0, 0.5, 1.0]),
    attempts=st.integers(1, 12),
    deadline=st.none() | st.integers(0, 60).map(float),
    patience=st.sampled_from([0.0, 5.0, 60.0]),
)


class Waiting(RuleBasedStateMachine):
    """Time passes, work is begun and goes its way, faults come, and one waits."""

    @initialize(works=st.lists(st.tuples(TIMES, TIMES, TIMES, st.booleans()), max_size=9))
    def begin(self, works: Sequence[tuple[float, float, float, bool]]) -> None:
        self.server = Server()
        for appears, starts, lasts, is_listed in works:
            self.begin_work(appears, starts, lasts, "finished", "started", is_listed=is_listed)

    @rule(
        appears=TIMES,
        starts=TIMES,
        lasts=TIMES,
        end=st.sampled_from(["finished", "failed"]),
        begun=st.sampled_from(["started", "paused"]),
        is_listed=st.booleans(),
    )
    def begin_work(
        self, appears: float, starts: float, lasts: float, end: str, begun: str, *, is_listed: bool
    ) -> None:
        now, works = self.server.now, self.server.works
        times = (now + appears, is_listed, now + starts, now + starts + lasts)
        works.append(Work(self._id(len(works), new=True), *times, end, begun))

    @rule(which=st.integers(0, 9), after=TIMES, how=st.sampled_from(["end", "vanish", "stay"]))
    def move_work(self, which: int, after: float, how: str) -> None:
        for each in self.server.works[which : which + 1]:
            match how:
                case "end":
                    each.ends = self.server.now + after
                case "vanish":
                    each.vanishes = self.server.now + after
                case _:
                    each.ends = float("inf")

    @rule(seconds=TIMES)
    def let_time_pass(self, seconds: float) -> None:
        self.server.now += seconds

    @rule(most=st.integers(1, 5), takes=st.sampled_from([0.0, 0.125, 2.0]))
    def change_the_server(self, most: int, takes: float) -> None:
        self.server.most, self.server.takes = most, takes

    @rule(
        kind=st.sampled_from([*PASSING, *PASSING, *OF_ONE, *OF_ALL]),
        of_listing=st.booleans(),
        times=st.integers(1, 5),
        asked=st.none() | st.sampled_from([0.0, 1.0, 7.0, 30.0]),
    )
    def make_trouble(self, kind: str, times: int, asked: float | None, *, of_listing: bool) -> None:
        # a page that asks to wait before one finds out that it is none means nothing
        can_ask = kind.isdigit() and not (of_listing and kind == "404")
        trouble = Trouble(kind, of_listing, times, asked if can_ask else None)
        self.server.troubles.append(trouble)

    @rule(
        which=st.lists(st.integers(0, 9), max_size=3) | st.permutations(range(8)),
        schedule=SCHEDULES,
        chance=st.sampled_from([0.0, 0.75]),
    )
    def wait_for_many(self, which: Sequence[int], schedule: Schedule, chance: float) -> None:
        ids = [self._id(number) for number in which]
        seen: list[models.Request] = []
        began = self._clear()
        outcomes = wait_all(
            self.server.send,
            ids,
            schedule=schedule,
            progress=seen.append,
            clock=lambda: self.server.now,
            sleep=self.server.sleep,
            random=lambda: chance,
        )
        check(self.server, began, ids, schedule, chance, outcomes, seen)

    @rule(which=st.integers(0, 9), schedule=SCHEDULES, chance=st.sampled_from([0.0, 0.75]))
    def wait_for_one(self, which: int, schedule: Schedule, chance: float) -> None:
        rq_id = self._id(which)
        seen: list[models.Request] = []
        began = self._clear()
        outcome = wait_for(
            self.server.send,
            models.RqId(rq_id=rq_id),
            schedule=schedule,
            progress=seen.append,
            clock=lambda: self.server.now,
            sleep=self.server.sleep,
            random=lambda: chance,
        )
        assert LISTING not in {each.asked for each in self.server.log}
        check(self.server, began, [rq_id], schedule, chance, [outcome], seen)

    def _id(self, number: int, *, new: bool = False) -> str:
        """The id of work that was begun, or one of no work at all."""
        some = number if new else number % (len(self.server.works) + 1)
        return f"action=create&target=task&target_id={some}"

    def _clear(self) -> float:
        self.server.log.clear()
        self.server.waits.clear()
        return self.server.now


TestWaiting = Waiting.TestCase


@define
class Told:
    """What the exchanges so far said of one piece of work.

    :param end: `finished`, `failed`, or the fault that was the end of waiting.
    """

    status: str | None = None
    fault: str = ""
    end: str = ""


def check(
    server: Server,
    began: float,
    ids: Sequence[str],
    schedule: Schedule,
    chance: float,
    outcomes: Sequence[Waited],
    seen: Sequence[models.Request],
) -> None:
    """Hold what came out against what was written down."""
    looks = [list(each) for _, each in groupby(server.log, key=lambda exchange: exchange.look)]
    assert len(looks) == (len(server.waits) + 1 if ids else 0)
    told = {number: Told() for number in ids}
    shown: list[tuple[str, str]] = []
    broke_off_at = ""
    for look in looks:
        left = [number for number in told if not told[number].end]
        assert left  # nobody looks when all is over
        at = look[0].sent - began
        one_by_one = [each.asked for each in look if each.asked != LISTING]
        _check_pages([each for each in look if each.asked == LISTING], left, one_by_one)
        assert len(look) < 2 * len(left)
        assert len(set(one_by_one)) == len(one_by_one)
        assert broke_off_at not in one_by_one[:-1]
        broke_off_at = ""
        assert not any(map(_breaks_off, look[:-1]))
        statuses = _read(look, left, told, at)
        shown += statuses.items()
        if _breaks_off(look[-1]):
            broke_off_at = look[-1].asked
        else:  # then nothing was left out
            assert statuses.keys() | {*one_by_one} == {*left}
    assert sorted((each.id, each.status.value) for each in seen) == sorted(shown)
    _check_waits(server, began, looks, schedule, chance, over=all(x.end for x in told.values()))
    assert len(outcomes) == len(ids)
    for number, outcome in zip(ids, outcomes, strict=True):
        _check_outcome(server, began, told[number], number, len(looks), outcome)


def _check_pages(pages: Sequence[Exchange], left: Sequence[str], one_by_one: Sequence[str]) -> None:
    """The listing was walked for as long as that was worth it, and what it showed was taken."""
    assert [each.page for each in pages] == list(range(1, len(pages) + 1))
    assert bool(pages) == (len(left) > 1)
    missing = set(left)
    for each in pages:
        missing -= {number for number, _ in each.shown}
        worth_it = each.more and each.page + 1 < len(missing)
        assert (each is not pages[-1]) == (worth_it and not each.fault)
    assert set(one_by_one) <= missing


def _read(
    look: Sequence[Exchange], left: Sequence[str], told: dict[str, Told], at: float
) -> dict[str, str]:
    """Write down what a look told of each piece of work that was left, and the states it saw."""
    statuses = {number: status for each in look for number, status in each.shown if number in left}
    for number, status in statuses.items():
        told[number] = Told(status, end=status if status in ("finished", "failed") else "")
    for each in look:
        if each.fault and each.asked != LISTING:
            passes = each.fault in PASSING or (each.fault == "404" and at < APPEARING)
            _fail(told[each.asked], each.fault, passes=passes)
    last = look[-1]
    asked = {each.asked for each in look} | statuses.keys()
    if _breaks_off(last) and last.fault in (*PASSING, *OF_ALL):
        for number in left:
            if number not in asked:
                _fail(told[number], last.fault, passes=last.fault in PASSING)
    return statuses


def _fail(told: Told, fault: str, *, passes: bool) -> None:
    told.fault = fault
    told.end = "" if passes else fault


def _breaks_off(last: Exchange) -> bool:
    if last.fault in OF_ALL or last.retry_after is not None:
        return True
    return last.fault in PASSING and last.asked != LISTING


def _check_waits(
    server: Server,
    began: float,
    looks: Sequence[Sequence[Exchange]],
    schedule: Schedule,
    chance: float,
    *,
    over: bool,
) -> None:
    """Each wait was the one that was due, and after the last look none was."""
    due = list(_due(began, looks, schedule, chance))
    assert [wait for _, wait in server.waits] == due[: len(server.waits)]
    for (at, wait), after in zip(server.waits, looks[1:], strict=True):
        assert after[0].sent == at + wait
        assert wait <= max(schedule.cap, schedule.patience)
        assert schedule.deadline is None or at + wait - began <= schedule.deadline
    assert schedule.attempts is None or len(looks) <= schedule.attempts
    for this, following in pairwise(server.log):
        assert following.sent >= this.came + (this.retry_after or 0.0)
    if not over:
        assert due[-1:] == [None]


def _due(
    began: float, looks: Sequence[Sequence[Exchange]], schedule: Schedule, chance: float
) -> Iterator[float | None]:
    """The wait after each look; `None` where the schedule ends."""
    for number, look in enumerate(looks):
        asked = look[-1].retry_after or 0.0
        own = min(schedule.cap, schedule.initial * schedule.factor**number)
        wait = max(asked, own * (1 - schedule.jitter * chance))
        until = look[-1].came + wait - began
        ends = (
            number + 1 == schedule.attempts
            or asked > schedule.patience
            or (schedule.deadline is not None and until > schedule.deadline)
        )
        yield None if ends else wait


def _check_outcome(
    server: Server, began: float, told: Told, number: str, looks: int, outcome: Waited
) -> None:
    match outcome:
        case Success(request):
            assert (request.id, request.status.value, told.end) == (number, *2 * ("finished",))
            assert any(each.id == number and each.ends <= server.now for each in server.works)
        case Failure(RequestFailed(request)):
            assert (request.id, request.status.value, told.end) == (number, *2 * ("failed",))
        case Failure(PollTimedOut() as error):
            assert not told.end
            assert told.fault != "404"
            assert (error.waited, error.tries) == (server.now - began, looks)
            assert number in error.what
            last = error.last
            assert told.status == (last.status.value if isinstance(last, models.Request) else last)
            assert told.fault == ("" if error.error is None else _name(error.error))
        case Failure(error):
            assert _name(error) == told.fault
            assert told.end == told.fault or (not told.end and told.fault == "404")


def _name(error: object) -> str:
    match error:
        case Rejected():
            return str(error.status)
        case ConnectionLost():
            return "lost"
        case TimedOut():
            return "slow"
        case ConnectFailed():
            return "unreachable"
        case TlsFailed():
            return "tls"
        case Undecodable():
            return "garbled"
        case _:
            raise AssertionError(error)
