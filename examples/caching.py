"""A cache around `call`, for every endpoint at once and with all of its types.

`cached(call)` is used as `call` is: checkers know the parameters and the answer of each endpoint.

    python -m examples.caching https://cvat.example TOKEN TASK
"""

from __future__ import annotations

import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeAlias, TypeVar, cast

from cvatfn import (
    CallError,
    Endpoint,
    Failure,
    Outcome,
    Request,
    Success,
    Transport,
    call,
    connect,
    prepare,
)
from cvatfn.api import tasks
from cvatfn.auth import AccessToken
from examples.running import run

P = ParamSpec("P")
T = TypeVar("T")


class Call(Protocol):
    """What `call` is: from any endpoint and its parameters to its answer."""

    def __call__(
        self, transport: Transport, endpoint: Endpoint[P, T], /, *args: P.args, **params: P.kwargs
    ) -> Outcome[T, CallError]:
        """Ask an endpoint."""
        ...


Key: TypeAlias = tuple[Transport, Endpoint[..., object], Request]


def cached(
    ask: Call, *, seconds: float, most: int = 1000, clock: Callable[[], float] = time.monotonic
) -> Call:
    """Ask for the same thing once in a while only.

    Endpoints and requests are values, so they are the key. Failures are not kept, and neither is
    what changes something.

    :param ask: what asks: `call`, or anything around it.
    :param seconds: how long an answer is good.
    :param most: how many answers are kept.
    :param clock: seconds that never go back.
    """
    kept: OrderedDict[Key, tuple[float, Success[object]]] = OrderedDict()

    def asked(
        transport: Transport, endpoint: Endpoint[P, T], /, *args: P.args, **params: P.kwargs
    ) -> Outcome[T, CallError]:
        match prepare(endpoint, *args, **params):
            case Failure() as refused:
                return refused
            case Success(request):
                key = (transport, endpoint, request)
        until, known = kept.get(key, (0.0, None))
        if known is not None and clock() < until:
            return cast("Success[T]", known)  # it was kept under this very endpoint
        outcome = ask(transport, endpoint, *args, **params)
        if isinstance(outcome, Success) and endpoint.method == "GET":
            kept[key] = (clock() + seconds, outcome)
            if len(kept) > most:
                kept.popitem(last=False)
        return outcome

    return asked  # but pyrefly: takes no generic function for a generic protocol


def main(url: str, token: str, task: str) -> int:
    """Look at a task twice, and ask the server once."""
    ask = cached(call, seconds=60)  # but pyrefly: takes no generic function for a generic protocol
    with connect(url, auth=AccessToken(token)) as cvat:
        for _ in range(2):
            match ask(cvat, tasks.retrieve, int(task)):
                case Success(found):
                    print(f"{found.name}: {found.status.value}")
                case Failure(error):
                    print(error, file=sys.stderr)
                    return 1
    return 0


if __name__ == "__main__":
    run(main)
