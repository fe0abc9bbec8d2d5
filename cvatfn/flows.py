"""Conversations with a server as generators: what to do next, given what came of the last thing.

A flow yields what is to be done: a request to send, a pause, work that may block, the next piece of
an answer. It is sent what the last request came to, and its return value is what the conversation
came to. So it is written once; whoever has sockets and a clock drives it: `driven` here, its
asynchronous twin in `cvatfn.aio`.

Rule: a flow does no I/O of its own. What goes wrong with a thing that it yielded is raised where it
yielded it, also an interruption; so `try` and `with` do in a flow what they do anywhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable
from functools import partial
from typing import Final, TypeAlias, TypeVar, assert_never

from attrs import evolve, frozen

from cvatfn.codecs.files import Content
from cvatfn.errors import TransportError
from cvatfn.messages import Request, Response, Stream
from cvatfn.outcome import Outcome, Success
from cvatfn.transport.types import Transport

__all__ = [
    "Drop",
    "Dropped",
    "Flow",
    "Own",
    "Pause",
    "Piece",
    "Pull",
    "Reply",
    "Step",
    "Together",
    "Work",
    "done",
    "driven",
    "dropped",
    "following",
    "given",
    "given_up",
    "passable",
    "taken",
    "together",
    "wrapped",
]

T = TypeVar("T")
R = TypeVar("R")

Reply: TypeAlias = Outcome[Response, TransportError]
"""What a request comes to."""

Piece: TypeAlias = Outcome[bytes, TransportError] | None
"""What the next piece of a stream comes to; nothing at its end."""


@frozen
class Pause:
    """Wait before the next request.

    :param seconds: how long.
    """

    seconds: float


@frozen
class Work:
    """Do what may block for a while, as a disk does: an event loop would stand still meanwhile.

    :param act: what to do.
    """

    act: Callable[[], object]


@frozen
class Own:
    """Do something of the caller's that is asynchronous where the caller is.

    :param act: what to do; its result is awaited there.
    """

    act: Callable[[], object]


@frozen
class Pull:
    """Fetch the next piece of an answer that comes as a stream.

    :param head: the answer.
    :param put: is given the piece.
    """

    head: Response
    put: Callable[[Piece], object]


@frozen
class Drop:
    """Give up the rest of an answer that comes as a stream.

    :param head: the answer.
    """

    head: Response


@frozen
class Together:
    """Drive several flows at once.

    :param flows: which; each is begun when it is its turn.
    :param most: how many at a time.
    :param stop: is told when one of them is interrupted; it ends the others soon.
    """

    flows: tuple[Flow[None], ...]
    most: int
    stop: Callable[[], object]


Step: TypeAlias = Request | Pause | Work | Own | Pull | Drop | Together
"""What a flow wants to have done."""

Flow: TypeAlias = Generator[Step, Reply, T]
"""A conversation that comes to a `T`."""

_NOTHING: Final[Reply] = Success(Response(204))
"""What is sent where there was no request yet; nobody looks at it."""


def driven(flow: Flow[T], transport: Transport, sleep: Callable[[float], object] = time.sleep) -> T:
    """Lead a conversation to its end.

    :param flow: the conversation.
    :param transport: what sends.
    :param sleep: how to wait.

    >>> def about() -> Flow[int]:
    ...     reply = yield Request("GET", "/api/server/about")
    ...     return reply.unwrap().status
    >>> driven(about(), lambda request: Success(Response(200)))
    200
    """
    reply = _NOTHING
    try:
        wanted = next(flow)
        while True:
            try:
                if isinstance(wanted, Request):
                    reply = transport(wanted)
                else:
                    _done(wanted, transport, sleep)
            except BaseException as error:
                wanted = flow.throw(passable(error))
            else:
                wanted = flow.send(reply)
    except StopIteration as end:
        value: T = end.value
        return value
    except Dropped as dropped:
        raise dropped.error from None
    except BaseException:  # between two steps, too: then the flow knows nothing of it yet
        given_up(flow)
        raise


class Dropped(BaseException):
    """A `GeneratorExit` on its way through a flow.

    One that is thrown into a generator closes those within it, and what is being closed may yield
    nothing more: not even that its files are to be closed.

    :param error: what was raised.
    """

    def __init__(self, error: GeneratorExit) -> None:
        super().__init__(error)
        self.error = error


def passable(error: BaseException) -> BaseException:
    """What went wrong with a step, as it is thrown into the flow.

    :param error: what was raised.
    """
    return Dropped(error) if isinstance(error, GeneratorExit) else error


def given_up(flow: Flow[object]) -> None:
    """End a conversation that nobody will lead any further: it has but its clearing up done.

    :param flow: the conversation, be it over or not.
    """
    try:
        wanted = flow.throw(Dropped(GeneratorExit()))
        while True:
            if isinstance(wanted, Work):
                wanted.act()
            elif isinstance(wanted, Drop) and wanted.head.stream is not None:
                wanted.head.stream.close()
            wanted = flow.send(_NOTHING)
    except (StopIteration, Dropped):
        return


def wrapped(
    talk: Callable[[Request], Flow[Reply]],
    transport: Transport,
    sleep: Callable[[float], object] = time.sleep,
) -> Transport:
    """A transport that has a conversation for each request.

    :param talk: the conversation; what it comes to is the reply.
    :param transport: what sends.
    :param sleep: how to wait.
    """
    return partial(_through, transport, talk, sleep)


def given(value: T) -> Flow[T]:
    """The conversation that is over before it begins.

    :param value: what it comes to.
    """
    yield from ()
    return value


def done(act: Callable[[], T]) -> Flow[T]:
    """Do what may block, and have its result.

    :param act: what to do.
    """
    came: list[T] = []
    yield Work(lambda: came.append(act()))
    return came.pop()


def taken(act: Callable[[], T]) -> Flow[T]:
    """Do something of the caller's, and have its result; only where the caller is synchronous.

    :param act: what to do.
    """
    came: list[T] = []
    yield Own(lambda: came.append(act()))
    return came.pop()


def following(head: Response) -> Flow[Piece]:
    """The next piece of an answer.

    :param head: the answer, whose content is a stream.
    """
    came: list[Piece] = []
    yield Pull(head, came.append)
    return came.pop()


def dropped(head: Response) -> Flow[None]:
    """Give up what is still to come of an answer.

    :param head: the answer, be it streamed or whole.
    """
    if head.stream is not None or head.astream is not None:
        yield Drop(head)


def together(parts: Iterable[Callable[[], Flow[R | None]]], most: int) -> Flow[R | None]:
    """Have several conversations at once, until one of them comes to something.

    :param parts: the conversations; each comes to nothing, or to what ends the others: they send
        nothing more, and wait no longer.
    :param most: how many at a time.
    :returns: what the first of them came to that came to something.
    """
    ended: dict[int, R] = {}
    stopped: list[bool] = []

    def part(number: int, make: Callable[[], Flow[R | None]]) -> Flow[None]:
        if not stopped:
            came = yield from _unless(stopped, make)
            if came is not None:
                stopped.append(True)
                ended[number] = came

    flows = tuple(part(number, make) for number, make in enumerate(parts))
    if len(flows) == 1 or most == 1:
        for flow in flows:
            yield from flow
    else:
        yield Together(flows, most, lambda: stopped.append(True))
    return ended[min(ended)] if ended else None


def _unless(stopped: list[bool], make: Callable[[], Flow[R | None]]) -> Flow[R | None]:
    """Go on with a conversation as long as nothing has stopped it."""

    def heed() -> None:
        if stopped:
            raise _Stopped

    flow = make()
    try:
        wanted = next(flow)
        while not (stopped and isinstance(wanted, Request | Pause)):
            try:
                reply = yield _heeding(wanted, heed) if isinstance(wanted, Request) else wanted
            except _Stopped:
                break
            except BaseException as error:
                wanted = flow.throw(error)
            else:
                wanted = flow.send(reply)
    except StopIteration as end:
        value: R | None = end.value
        return value
    flow.close()
    return None


class _Stopped(Exception):  # noqa: N818 - no error: somebody else's is known already
    """A request is broken off, since nobody wants it any more."""


def _heeding(request: Request, heed: Callable[[], None]) -> Request:
    """The request, whose body is broken off where nobody wants it any more."""
    body = request.body
    if not isinstance(body, Content):
        return request
    told = body.told

    def tell(count: int) -> None:
        heed()
        if told is not None:
            told(count)

    return evolve(request, body=evolve(body, told=tell))


def _through(
    transport: Transport,
    talk: Callable[[Request], Flow[Reply]],
    sleep: Callable[[float], object],
    request: Request,
) -> Reply:
    return driven(talk(request), transport, sleep)


def _done(
    wanted: Pause | Work | Own | Pull | Drop | Together,
    transport: Transport,
    sleep: Callable[[float], object],
) -> None:
    match wanted:
        case Pause(seconds):
            sleep(seconds)
        case Work(act) | Own(act):
            act()
        case Pull(head, put):
            put(next(_stream_of(head), None))
        case Drop(head):
            _stream_of(head).close()
        case Together():
            _all_at_once(wanted, transport, sleep)
        case _:
            assert_never(wanted)


def _stream_of(head: Response) -> Stream:
    if head.stream is None:
        raise TypeError("the answer is that of an asynchronous transport: use `cvatfn.aio`")
    return head.stream


def _all_at_once(wanted: Together, transport: Transport, sleep: Callable[[float], object]) -> None:
    def lead(flow: Flow[None]) -> None:
        try:
            driven(flow, transport, sleep)
        except BaseException:  # not ours, such as Ctrl-C: the other threads end all the same
            wanted.stop()
            raise

    from concurrent.futures import ThreadPoolExecutor  # it is for those who want several

    with ThreadPoolExecutor(wanted.most, "cvatfn-upload") as pool:
        try:
            for _ in pool.map(lead, wanted.flows):
                pass
        except BaseException:
            wanted.stop()  # whatever ended it here ends it in the threads
            raise
