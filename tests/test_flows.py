"""Conversations led in threads: what is done, what is thrown where, and what ends the others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from typing import Final, Self

import pytest
from attrs import define, field

from cvatfn import Request, Response
from cvatfn.codecs.files import Content, Part
from cvatfn.errors import TransportError
from cvatfn.flows import (
    Drop,
    Dropped,
    Flow,
    Pause,
    Pull,
    Reply,
    Step,
    Together,
    Work,
    done,
    driven,
    dropped,
    following,
    given,
    given_up,
    passable,
    taken,
    together,
    wrapped,
)
from cvatfn.outcome import Outcome, Success

GET: Final = Request("GET", "/x")
FINE: Final[Reply] = Success(Response(200, body=b"fine"))


@define
class _Pieces:
    """A stream that knows whether it was closed."""

    pieces: Iterator[bytes]
    closed: bool = False

    def __iter__(self) -> _Pieces:
        return self

    def __next__(self) -> Outcome[bytes, TransportError]:
        return Success(next(self.pieces))

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@define
class _Said:
    """What was done, in order."""

    words: list[object] = field(factory=list[object])

    def send(self, request: Request) -> Reply:
        self.words.append(request.path)
        return FINE


def _never(request: Request) -> Reply:
    raise AssertionError(f"{request} is sent")


def test_each_step_is_done_in_its_turn() -> None:
    said = _Said()

    def talk() -> Flow[int]:
        reply = yield GET
        assert reply is FINE
        yield Pause(3.0)
        said.words.append((yield from done(lambda: "worked")))
        said.words.append((yield from taken(lambda: "theirs")))
        return 7

    assert driven(talk(), said.send, said.words.append) == 7
    assert said.words == ["/x", 3.0, "worked", "theirs"]


def test_a_reply_stays_until_the_next_request() -> None:
    def talk() -> Flow[list[Reply]]:
        first = yield GET
        second = yield Pause(0.0)
        return [first, second]

    assert driven(talk(), lambda _: FINE) == [FINE, FINE]


def test_pieces_come_one_by_one_and_then_nothing() -> None:
    pieces = _Pieces(iter([b"a", b"b"]))
    head = Response(200, stream=pieces)

    def talk() -> Flow[list[object]]:
        first = yield from following(head)
        second = yield from following(head)
        third = yield from following(head)
        yield from dropped(head)
        return [first, second, third]

    assert driven(talk(), _never) == [Success(b"a"), Success(b"b"), None]
    assert pieces.closed


def test_what_is_whole_has_nothing_to_drop() -> None:
    assert driven(dropped(Response(200, body=b"x")), _never) is None
    assert [*_steps(dropped(Response(200)))] == []


def _pull(head: Response) -> Step:
    return Pull(head, lambda _: None)


@pytest.mark.parametrize("make", [Drop, _pull])
def test_what_is_no_stream_of_threads_says_so(make: Callable[[Response], Step]) -> None:
    def talk() -> Flow[None]:
        yield make(Response(200))

    with pytest.raises(TypeError, match=r"asynchronous transport: use `cvatfn\.aio`"):
        driven(talk(), _never)


def _steps(flow: Flow[object]) -> Iterator[Step]:
    try:
        wanted = next(flow)
        while True:
            yield wanted
            wanted = flow.send(FINE)
    except StopIteration:
        return


def test_a_conversation_may_be_over_before_it_begins() -> None:
    assert [*_steps(given(7))] == []
    assert driven(given(7), _never) == 7


def test_what_goes_wrong_is_raised_where_it_was_yielded() -> None:
    def talk() -> Flow[str]:
        with suppress(ZeroDivisionError):
            yield Work(lambda: 1 // 0)
        try:
            yield GET
        except LookupError as error:
            return str(error)
        raise AssertionError

    def wrong(_: Request) -> Reply:
        raise LookupError("theirs")

    assert driven(talk(), wrong) == "theirs"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), GeneratorExit(), SystemExit(3)])
def test_an_interruption_is_heard_clears_up_and_goes_on(error: BaseException) -> None:
    said = _Said()

    def inner() -> Flow[None]:
        try:
            yield GET
        finally:
            yield from done(lambda: said.words.append("cleared"))

    def talk() -> Flow[None]:
        yield from inner()

    def interrupted(_: Request) -> Reply:
        raise error

    with pytest.raises(type(error)) as caught:
        driven(talk(), interrupted)
    assert caught.value is error
    assert said.words == ["cleared"]


def test_only_a_generator_exit_is_wrapped() -> None:
    left, other = GeneratorExit(), KeyboardInterrupt()
    assert passable(other) is other
    within = passable(left)
    assert isinstance(within, Dropped)
    assert within.error is left
    assert within.args == (left,)


def test_whoever_is_given_up_clears_up_and_sends_nothing() -> None:
    said, pieces = _Said(), _Pieces(iter([]))
    head = Response(200, stream=pieces)

    def talk() -> Flow[None]:
        try:
            yield GET
        finally:
            yield Pause(1000.0)
            yield GET
            yield from dropped(head)
            yield from done(lambda: said.words.append("cleared"))

    flow = talk()
    next(flow)
    given_up(flow)
    assert said.words == ["cleared"]
    assert pieces.closed
    given_up(flow)  # it is over


def test_whoever_is_given_up_may_have_no_stream_to_close() -> None:
    def talk() -> Flow[None]:
        try:
            yield GET
        finally:
            yield Drop(Response(200))

    flow = talk()
    next(flow)
    given_up(flow)


def test_a_wrapper_has_a_conversation_for_each_request() -> None:
    said = _Said()

    def talk(request: Request) -> Flow[Reply]:
        yield Pause(1.0)
        return (yield Request("GET", f"{request.path}/y"))

    transport = wrapped(talk, said.send, said.words.append)
    assert transport(GET) is FINE
    assert transport(GET) is FINE
    assert said.words == [1.0, "/x/y"] * 2


# Several at once.


def _parts(count: int, ends: dict[int, str], said: _Said) -> list[Callable[[], Flow[str | None]]]:
    def part(number: int) -> Callable[[], Flow[str | None]]:
        def talk() -> Flow[str | None]:
            said.words.append(number)
            yield GET
            return ends.get(number)

        return talk

    return [part(number) for number in range(count)]


@pytest.mark.parametrize("most", [1, 3])
def test_all_are_led_where_none_comes_to_something(most: int) -> None:
    said = _Said()
    assert driven(together(_parts(5, {}, said), most), lambda _: FINE) is None
    assert sorted(map(str, said.words)) == [*"01234"]


def test_one_after_the_other_ends_with_the_first_that_comes_to_something() -> None:
    said = _Said()
    assert driven(together(_parts(5, {2: "second"}, said), 1), lambda _: FINE) == "second"
    assert said.words == [0, 1, 2]


def test_one_alone_needs_no_others() -> None:
    said = _Said()
    steps = [*_steps(together(_parts(1, {0: "it"}, said), 5))]
    assert steps == [GET]


def test_several_are_one_step_that_says_how_many_at_a_time() -> None:
    (step,) = _steps(together(_parts(4, {}, _Said()), 3))
    assert isinstance(step, Together)
    assert (len(step.flows), step.most) == (4, 3)


def test_of_several_that_come_to_something_it_is_the_first_in_order() -> None:
    def part(word: str) -> Callable[[], Flow[str | None]]:
        def talk() -> Flow[str | None]:
            yield Work(lambda: None)
            return word

        return talk

    flow = together([part("the first"), part("the second")], 2)
    step = next(flow)
    assert isinstance(step, Together)
    first, second = step.flows
    next(second)
    driven(first, _never)
    with pytest.raises(StopIteration):
        second.send(FINE)  # it was past what could be left out
    with pytest.raises(StopIteration) as end:
        flow.send(FINE)
    assert end.value.value == "the first"


def test_whoever_leads_several_may_stop_them() -> None:
    said = _Said()
    (step,) = _looked_at(together(_parts(2, {}, said), 2))
    assert isinstance(step, Together)
    step.stop()
    for each in step.flows:
        driven(each, _never)
    assert said.words == []


def test_several_are_sent_their_replies_and_wait_as_one_does() -> None:
    said = _Said()

    def part() -> Flow[str | None]:
        said.words.append((yield GET))
        yield Pause(3.0)
        return None

    driven(together([part] * 2, 2), lambda _: FINE, said.words.append)
    assert said.words.count(FINE) == said.words.count(3.0) == 2


def test_no_more_at_a_time_than_were_allowed() -> None:
    inside, most, lock = 0, 0, threading.Lock()
    threads = set[str]()
    full = threading.Barrier(3, timeout=30)

    def sent(_: Request) -> Reply:
        nonlocal inside, most
        with lock:
            threads.add(threading.current_thread().name)
            inside += 1
            most = max(most, inside)
        full.wait()
        with lock:
            inside -= 1
        return FINE

    assert driven(together(_parts(9, {}, _Said()), 3), sent) is None
    assert most == 3
    assert len(threads) == 3
    assert all(name.startswith("cvatfn-upload") for name in threads)


def test_the_others_send_nothing_more_and_wait_no_longer_but_clear_up() -> None:
    said, going = _Said(), threading.Event()
    over = threading.Event()

    def first() -> Flow[str | None]:
        yield Work(lambda: going.wait(30))
        return "it"

    def second() -> Flow[str | None]:
        try:
            yield GET
            yield Pause(1.0)
            yield GET
        finally:
            said.words.append("left")
        return None

    def sent(_: Request) -> Reply:
        said.words.append("sent")
        going.set()
        assert over.wait(30)
        return FINE

    def third() -> Flow[str | None]:
        # It is its turn when the first has come to its end: so the others are to stop by now.
        yield Work(over.set)
        return None

    flow = together([first, second, third], 2)
    (step,) = _looked_at(flow)
    assert isinstance(step, Together)
    led = [
        threading.Thread(target=driven, args=(each, sent, said.words.append))
        for each in step.flows[:2]
    ]
    for each in led:
        each.start()
    led[0].join(30)
    over.set()
    led[1].join(30)
    driven(step.flows[2], _never)
    assert said.words == ["sent", "left"]


def _looked_at(flow: Flow[object]) -> Iterator[Step]:
    yield next(flow)


def test_a_body_that_nobody_wants_any_more_is_broken_off() -> None:
    told: list[int] = []
    body = Content((Part(BytesIO(b"abc")),), told=told.append)
    stopped = threading.Event()

    def sending() -> Flow[str | None]:
        yield Request("POST", "/x", body=body)
        return "never"

    def other() -> Flow[str | None]:
        yield Pause(0.0)
        return "it"

    flow = together([sending, other], 2)
    (step,) = _looked_at(flow)
    assert isinstance(step, Together)
    sent, ended = step.flows

    def sent_slowly(request: Request) -> Reply:
        assert isinstance(request.body, Content)
        assert request.body.told is not None
        request.body.told(1)  # is told to who watches
        driven(ended, _never, lambda _: None)
        stopped.set()
        request.body.told(2)  # breaks it off
        raise AssertionError

    driven(sent, sent_slowly)
    assert stopped.is_set()
    assert told == [1]


def test_what_a_part_raises_is_raised_and_ends_the_others() -> None:
    said = _Said()

    def wrong() -> Flow[str | None]:
        yield GET
        raise LookupError("ours")

    with pytest.raises(LookupError, match="ours"):
        driven(together([wrong, *_parts(5, {}, said)], 2), lambda _: FINE)


def test_an_error_in_a_part_is_its_own_to_catch() -> None:
    def part() -> Flow[str | None]:
        try:
            yield GET
        except LookupError as error:
            return str(error)
        return None

    def wrong(_: Request) -> Reply:
        raise LookupError("theirs")

    assert driven(together([part] * 2, 2), wrong) == "theirs"
