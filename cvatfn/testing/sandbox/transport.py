"""A world that is asked: the sandbox as a transport.

Rule: `step` is pure; only here is a current world kept, behind a lock. What a step leaves in the
world's outbox is sent from here, outside the lock, so that whoever receives it may ask the sandbox
meanwhile; without a sender it stays in the outbox, and its deliveries have no status.
"""

from __future__ import annotations

from threading import Lock
from typing import Final, final

from attrs import evolve

from cvatfn.codecs.json import dumps
from cvatfn.codecs.secrets import SECRET_NAMES
from cvatfn.errors import ForeignOrigin, TransportError
from cvatfn.messages import Request, Response, masked_request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.deliveries import shown
from cvatfn.testing.sandbox.areas.posting import answered, taken
from cvatfn.testing.sandbox.state.hooks import Posting
from cvatfn.testing.sandbox.state.world import World
from cvatfn.testing.sandbox.stepping import step
from cvatfn.transport.contents import gathered
from cvatfn.transport.origins import origin_of
from cvatfn.transport.types import Transport

__all__ = ["Sandbox"]


@final
class Sandbox:
    """A stand-in for a CVAT server, in memory; a transport, for any number of threads.

    :param world: where it begins.
    :param sender: sends messages to webhooks, such as `to_loopback`; each request's `origin` says
        where to. One message goes out at a time, before the call that caused it returns.

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
    >>> sandbox.world = before
    >>> call(ada, tasks.retrieve, 1).unwrap().name
    'cats'
    """

    def __init__(self, world: World, *, sender: Transport | None = None) -> None:
        self._world = world
        self._lock = Lock()
        self._sender = sender
        self._is_sending = False

    @property
    def world(self) -> World:
        """The present world; keep it to come back to it, or set another one."""
        with self._lock:
            return self._world

    @world.setter
    def world(self, world: World) -> None:
        with self._lock:
            self._world = world

    def __call__(self, request: Request) -> Outcome[Response, TransportError]:
        """Answer a request.

        :param request: the request; one with an `origin` must mean the sandbox's own.
        """
        match gathered(request):
            case Failure() as unreadable:
                return unreadable
            case Success(whole):
                pass
        with self._lock:
            own = origin_of(self._world.origin)
            if request.origin is not None and origin_of(request.origin) != own:
                kept = masked_request(request, SECRET_NAMES)
                return Failure(ForeignOrigin(kept, self._world.origin))
            before = self._world.outbox
            self._world, response = step(self._world, evolve(whole, origin=None))
            awaited = _awaited(before, self._world.outbox)
            sender = self._begun()
        if sender is not None:
            self._send(sender)
        return Success(response if awaited is None else self._known(awaited, response))

    def _begun(self) -> Transport | None:
        """What to send with, if there is something to send and nobody is at it already."""
        if self._is_sending or not self._world.outbox:
            return None
        self._is_sending = self._sender is not None
        return self._sender

    def _send(self, sender: Transport) -> None:
        """Send what waits, and what comes of it meanwhile, but not forever."""
        try:
            for _ in range(_MOST_AT_ONCE):
                with self._lock:
                    self._world, posting = taken(self._world)
                if posting is None:
                    return
                outcome = sender(posting.request)
                with self._lock:
                    self._world = answered(self._world, posting, outcome)
        finally:
            with self._lock:
                self._is_sending = False

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
