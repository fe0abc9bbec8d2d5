"""Conversations under an event loop: what is thrown into them, and what is done to the end."""

from __future__ import annotations

import asyncio
import pickle
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

import anyio
import pytest
from returns.io import IOFailure, IOSuccess

from cvatfn import Outcome, Request, Response, Success, aio, in_memory
from cvatfn.aio.driving import awaited, driven, led
from cvatfn.aio.threads import in_thread
from cvatfn.api import tasks
from cvatfn.auth import AccessToken
from cvatfn.errors import TransportError
from cvatfn.flows import Flow, Pause, Reply, done, together
from cvatfn.flows import driven as sync_driven
from cvatfn.schedule import constant
from cvatfn.transfer import Effort
from cvatfn.transport import retrying

GET = Request("GET", "/x")


async def _fine(request: Request) -> Reply:
    return Success(Response(200, body=request.path.encode()))


async def _silent(request: Request) -> Reply:
    await anyio.sleep_forever()
    raise AssertionError(request)


@contextmanager
def _told(said: list[str], name: str) -> Generator[None]:
    try:
        yield
    finally:
        said.append(name)


def test_both_drivers_lead_a_conversation_to_the_same_end(backend: str) -> None:
    def talk() -> Flow[list[object]]:
        reply = yield GET
        came: list[object] = [reply.unwrap().body]
        yield Pause(0.0)
        came.append((yield from done(lambda: 7)))
        try:
            yield from done(lambda: 1 // 0)
        except ZeroDivisionError:
            came.append("caught")
        return came

    expected: list[object] = [b"/x", 7, "caught"]
    assert anyio.run(driven, talk(), _fine, backend=backend) == expected
    told = in_memory(lambda request: Response(200, body=request.path.encode()))
    assert sync_driven(talk(), told) == expected


def test_an_interrupted_conversation_clears_up_undisturbed(backend: str) -> None:
    said: list[str] = []

    def talk() -> Flow[None]:
        with _told(said, "left"):
            try:
                yield GET
            finally:
                yield Pause(0.01)  # a cancelled scope would not let it wait
                yield from done(lambda: said.append("cleared"))

    async def act() -> None:
        with anyio.move_on_after(0.01) as scope:
            await driven(talk(), _silent)
        assert scope.cancelled_caught

    anyio.run(act, backend=backend)
    assert said == ["cleared", "left"]


def test_a_conversation_that_nobody_leads_any_further_clears_up_too() -> None:
    said: list[str] = []

    def talk() -> Flow[None]:
        try:
            yield GET
        finally:
            yield from done(lambda: said.append("cleared"))

    async def suspended(request: Request) -> Reply:
        await asyncio.sleep(60)
        raise AssertionError(request)

    async def act() -> None:
        leading = driven(talk(), suspended)
        leading.send(None)
        leading.close()

    asyncio.run(act())
    assert said == ["cleared"]


def test_work_that_was_begun_is_over_when_it_is_heard_of_the_cancelling() -> None:
    begun, said = threading.Event(), list[str]()

    def work() -> None:
        begun.set()
        release.wait()
        said.append("done")

    release = threading.Event()

    async def act() -> None:
        task = asyncio.get_running_loop().create_task(in_thread(work))
        while not begun.is_set():
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()
        asyncio.get_running_loop().call_later(0.01, release.set)
        with pytest.raises(asyncio.CancelledError):
            await task
        assert said == ["done"]

    asyncio.run(act())


def test_several_conversations_end_with_the_first_that_comes_to_something(backend: str) -> None:
    asked: list[str] = []

    async def send(request: Request) -> Reply:
        asked.append(request.path)
        return Success(Response(200))

    def part(number: int) -> Callable[[], Flow[str | None]]:
        def talk() -> Flow[str | None]:
            for turn in range(5):
                yield Request("GET", f"/{number}/{turn}")
                if (number, turn) == (1, 1):
                    return "failed"
            return None

        return talk

    flow = together([part(number) for number in range(9)], 3)
    assert anyio.run(driven, flow, send, backend=backend) == "failed"
    assert len(asked) < 9  # three at a time, and none goes on


def test_what_a_part_raises_is_raised(backend: str) -> None:
    def wrong() -> Flow[None]:
        yield GET
        raise LookupError("ours")

    with pytest.raises(LookupError, match="ours"):
        anyio.run(driven, together([wrong] * 3, 2), _fine, backend=backend)


def test_the_sleep_of_an_effort_is_awaited_where_it_can_be(backend: str) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    def talk() -> Flow[None]:
        yield Pause(7.0)

    async def act() -> None:
        await led(talk(), _fine, Effort(sleep=sleep))
        await led(talk(), _fine, Effort(sleep=waits.append))

    anyio.run(act, backend=backend)
    assert waits == [7.0, 7.0]
    assert Effort().sleep is time.sleep


def test_what_is_awaited_of_the_caller_may_raise(backend: str) -> None:
    async def wrong() -> int:
        raise LookupError("ours")

    with pytest.raises(LookupError):
        anyio.run(driven, awaited(wrong), _fine, backend=backend)


def test_an_asynchronous_answer_in_the_other_world_says_what_is_wrong() -> None:
    class Stream:
        def __aiter__(self) -> Stream:
            return self

        async def __anext__(self) -> Outcome[bytes, TransportError]:
            raise StopAsyncIteration

        async def aclose(self) -> None:
            pass

    def foreign(_: Request) -> Reply:
        return Success(Response(200, astream=Stream()))

    def drop() -> Flow[None]:
        from cvatfn.flows import dropped

        reply = yield GET
        yield from dropped(reply.unwrap())

    with pytest.raises(TypeError, match="asynchronous transport"):
        sync_driven(drop(), foreign)


def test_wrappers_pickle_if_what_they_wrap_does() -> None:
    inner: aio.AsyncTransport = _fine
    for wrapper in (
        aio.with_headers(inner, {"X": "y"}),
        aio.with_timeout(inner, 5),
        aio.in_organization(inner, "acme"),
        aio.authenticated(inner, AccessToken("s3cret"), "https://cvat.example"),
        aio.retrying(inner, constant(0)),
        aio.rate_limited(inner, 5),
    ):
        copy: aio.AsyncTransport = pickle.loads(pickle.dumps(wrapper))  # noqa: S301 - ours

        async def act(transport: aio.AsyncTransport = copy) -> Reply:
            return await transport(GET)

        assert anyio.run(act).unwrap().body == b"/x"


def test_one_wrapper_waits_as_its_twin_does(backend: str) -> None:
    def busy() -> Callable[[Request], Response]:
        answers = iter([503, 503, 200])
        return lambda _: Response(next(answers), {"Retry-After": "3"})

    ours, theirs = list[float](), list[float]()

    async def sleep(seconds: float) -> None:
        ours.append(seconds)

    async def act() -> Reply:
        return await aio.retrying(aio.in_memory(busy()), constant(1), sleep=sleep)(GET)

    came = anyio.run(act, backend=backend)
    assert came == retrying(in_memory(busy()), constant(1), sleep=theirs.append)(GET)
    assert ours == theirs == [3.0, 3.0]


def test_a_future_result_holds_what_was_awaited() -> None:
    async def chained(transport: aio.AsyncTransport) -> object:
        return await aio.as_future(aio.call(transport, tasks.destroy, 7)).map(lambda _: "gone")

    assert anyio.run(chained, aio.in_memory(lambda _: Response(204))) == IOSuccess("gone")
    refused: object = anyio.run(chained, aio.in_memory(lambda _: Response(404)))
    assert isinstance(refused, IOFailure)
