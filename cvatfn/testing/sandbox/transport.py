"""A world that is asked: the sandbox as a transport.

Rule: `step` is pure; only here is a current world kept, behind a lock.
"""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import final

from attrs import evolve

from cvatfn.codecs.secrets import SECRET_NAMES
from cvatfn.errors import ForeignOrigin, TransportError
from cvatfn.messages import Request, Response, masked_request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.state.world import World
from cvatfn.testing.sandbox.stepping import step
from cvatfn.transport.contents import gathered
from cvatfn.transport.credentials import Auth
from cvatfn.transport.origins import origin_of
from cvatfn.transport.wrappers import authenticated

__all__ = ["Sandbox"]


@final
class Sandbox:
    """A stand-in for a CVAT server, in memory; a transport, for any number of threads.

    :param world: where it begins.
    :param auth: who asks where a request brings no login; without it, that is nobody. Over HTTP it
        would let everyone in.
    :param history: how many of its former worlds it remembers; each holds what was removed since.

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

    def __init__(self, world: World, *, auth: Auth | None = None, history: int = 0) -> None:
        self._world = world
        self._auth = auth
        self._past: deque[World] = deque(maxlen=max(history, 0))
        self._lock = Lock()

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
            other = Sandbox(self._world, auth=self._auth, history=self._past.maxlen or 0)
            other._past.extend(self._past)
            return other

    def __call__(self, request: Request) -> Outcome[Response, TransportError]:
        """Answer a request.

        :param request: the request; one with an `origin` must mean the sandbox's own.
        """
        if self._auth is None:
            return self._answer(request)
        return authenticated(self._answer, self._auth, self.world.origin)(request)

    def _answer(self, request: Request) -> Outcome[Response, TransportError]:
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
            before = self._world
            self._world, response = step(before, evolve(whole, origin=None))
            self._past.append(before)
            return Success(response)
