"""A world that is asked: the sandbox as a transport.

Rule: `step` is pure; only here is a current world kept, behind a lock.
"""

from __future__ import annotations

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
from cvatfn.transport.origins import origin_of

__all__ = ["Sandbox"]


@final
class Sandbox:
    """A stand-in for a CVAT server, in memory; a transport, for any number of threads.

    :param world: where it begins.

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

    def __init__(self, world: World) -> None:
        self._world = world
        self._lock = Lock()

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
            self._world, response = step(self._world, evolve(whole, origin=None))
            return Success(response)
