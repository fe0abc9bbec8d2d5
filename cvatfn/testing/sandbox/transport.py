"""A world that is asked: the sandbox as a transport.

Rule: `step` is pure; only here is a current world kept, behind a lock. What a step leaves in the
world's outbox is sent from here, outside the lock, so that whoever receives it may ask the sandbox
meanwhile; without a sender it stays in the outbox, and its deliveries have no status.
"""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import TYPE_CHECKING, Final, final

from attrs import evolve

from cvatfn.codecs.json import dumps
from cvatfn.errors import ForeignOrigin, TransportError
from cvatfn.forking import when_forked
from cvatfn.messages import Request, Response, masked_request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.deliveries import shown
from cvatfn.testing.sandbox.areas.posting import answered, taken
from cvatfn.testing.sandbox.state.hooks import Posting
from cvatfn.testing.sandbox.state.world import World
from cvatfn.testing.sandbox.stepping import step
from cvatfn.transport.contents import gathered
from cvatfn.transport.credentials import Auth
from cvatfn.transport.limits import held_to
from cvatfn.transport.origins import origin_of
from cvatfn.transport.types import Transport
from cvatfn.transport.wrappers import authenticated

if TYPE_CHECKING:
    from cvatfn.aio.types import AsyncTransport

__all__ = ["Sandbox"]


@final
class Sandbox:
    """A stand-in for a CVAT server, in memory; a transport, for any number of threads.

    :param world: where it begins.
    :param auth: who asks where a request brings no login; without it, that is nobody. Over HTTP it
        would let everyone in.
    :param history: how many of its former worlds it remembers; each holds what was removed since.
    :param sender: sends messages to webhooks, such as `to_loopback`; each request's `origin` says
        where to. One message goes out at a time, before the call that caused it returns; if another
        call is at it already, that one sends it.

    >>> from cvatfn import call
    >>> from cvatfn.api import server, tasks
    >>> from cvatfn.auth import Basic
    >>> from cvatfn.transport import authenticated
    >>> sandbox = Sandbox(World.with_user("ada", "s3cret"))
    >>> call(sandbox, server.retrieve_about).unwrap().version
    '2.80.0'
    >>> ada = authenticated(sandbox, Basic("ada", "s3cret"), sandbox.world.origin)
    >>> call(ada, tasks.create, {"name": "cats"}).unwrap().id
    1
    >>> before = sandbox.world
    >>> call(ada, tasks.destroy, 1)
    <Success: None>
    >>> sandbox.rewind(before)
    >>> call(ada, tasks.retrieve, 1).unwrap().name
    'cats'
    """

    def __init__(
        self,
        world: World,
        *,
        auth: Auth | None = None,
        history: int = 0,
        sender: Transport | None = None,
    ) -> None:
        self._world = world
        self._auth = auth
        self._past: deque[World] = deque(maxlen=max(history, 0))
        self._lock = Lock()
        self._sender = sender
        self._is_sending = False
        when_forked(self)

    @property
    def world(self) -> World:
        """The present world; keep it to come back to it, or set another one."""
        with self._lock:
            return self._world

    @world.setter
    def world(self, world: World) -> None:
        self.rewind(world)

    @property
    def history(self) -> tuple[World, ...]:
        """The worlds before the last requests, the oldest first; as many as it was to remember."""
        with self._lock:
            return tuple(self._past)

    def rewind(self, world: World) -> None:
        """Go back to a world that was, or on to any other.

        :param world: the world; from there on, the same requests get the same answers, byte for
            byte. Of the history, what came after it is forgotten, and all where it is not in it.
        """
        with self._lock:
            if world is self._world:
                return
            past = tuple(self._past)
            place = next((at for at, each in enumerate(past) if each is world), 0)
            self._past.clear()
            self._past.extend(past[:place])
            self._world = world

    def branch(self) -> Sandbox:
        """Begin another sandbox at the present world; what happens in one, the other never sees.

        :returns: a sandbox with the same world and history; they share what they hold.

        >>> first = Sandbox(World.empty())
        >>> second = first.branch()
        >>> second.rewind(World.with_user("ada", "s3cret"))
        >>> len(first.world.accounts), len(second.world.accounts)
        (0, 1)
        """
        with self._lock:
            other = Sandbox(
                self._world,
                auth=self._auth,
                history=self._past.maxlen or 0,
                sender=self._sender,
            )
            other._past.extend(self._past)
            return other

    @property
    def aio(self) -> AsyncTransport:
        """The same sandbox as an asynchronous transport (extra `async`)."""
        from cvatfn.aio import at_once  # what event loops need is for those who have one

        return at_once(self)

    def __call__(self, request: Request) -> Outcome[Response, TransportError]:
        """Answer a request.

        :param request: the request; one with an `origin` must mean the sandbox's own.
        """
        if self._auth is None:
            return self._answer(request)
        return authenticated(self._answer, self._auth, self.world.origin)(request)

    def forked(self) -> None:
        """In a process that is forked off the world is as it was, and no thread is at it."""
        self._lock = Lock()
        self._is_sending = False

    def _answer(self, request: Request) -> Outcome[Response, TransportError]:
        match gathered(request):
            case Failure() as unreadable:
                return unreadable
            case Success(whole):
                pass
        with self._lock:
            own = origin_of(self._world.origin)
            if request.origin is not None and origin_of(request.origin) != own:
                kept = masked_request(request)
                return Failure(ForeignOrigin(kept, self._world.origin))
            before = self._world
            self._world, response = step(before, evolve(whole, origin=None))
            self._past.append(before)
            awaited = _awaited(before.outbox, self._world.outbox)
            sender = self._begun()
        if sender is not None:
            self._send(sender)
        return held_to(request, response if awaited is None else self._known(awaited, response))

    def _begun(self) -> Transport | None:
        """What to send with, if there is something to send and nobody is at it already."""
        if self._is_sending or not self._world.outbox:
            return None
        self._is_sending = self._sender is not None
        return self._sender

    def _send(self, sender: Transport) -> None:
        """Send what waits, and what comes of it meanwhile, but not forever."""
        sent = 0
        while (posting := self._next(sent)) is not None:
            try:
                outcome = sender(posting.request)
                with self._lock:
                    self._world = answered(self._world, posting, outcome)
            except BaseException:  # a sender that raises is a bug, and heard of as one
                with self._lock:
                    self._is_sending = False
                raise
            sent += 1

    def _next(self, sent: int) -> Posting | None:
        """The next message to send; with none, nobody is sending any more from that moment on.

        Both are said at once: in between, a call could leave a message to who has stopped already.
        """
        with self._lock:
            posting = None
            if sent < _MOST_AT_ONCE:
                self._world, posting = taken(self._world)
            self._is_sending = posting is not None
            return posting

    def _known(self, delivery: int, response: Response) -> Response:
        """The answer to who waited for a delivery: what is known of it by now."""
        known = self.world.deliveries.get(delivery)
        return response if known is None else evolve(response, body=dumps(shown(known)))


_MOST_AT_ONCE: Final = 100
"""How many messages one call sends: a receiver that changes what it is told of never ends."""


def _awaited(before: tuple[Posting, ...], after: tuple[Posting, ...]) -> int | None:
    """The delivery that the last step put out for somebody who waits for it, if it did."""
    is_new = after is not before and bool(after)
    return after[-1].delivery if is_new and after[-1].awaited else None
