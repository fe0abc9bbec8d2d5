"""One log record for each exchange: what was asked, what it came to, how long that took.

Rule: a record is one line, and holds no bodies, no header fields but those named here, and no
secret. Where nobody listens, nothing is computed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from attrs import evolve, frozen

from cvatfn.codecs.clearing import cleared_text
from cvatfn.codecs.secrets import secret_names_at
from cvatfn.codecs.showing import one_line
from cvatfn.errors import ForeignOrigin, TooLarge, TransportError
from cvatfn.flows import Flow, Reply, wrapped
from cvatfn.messages import Request, Response, masked_target, secrets_of
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transport.types import Transport

__all__ = ["logged", "telling"]

_LARGEST: Final = 1 << 16
"""How large a body may be, in bytes, to be looked through for what the answer's head repeats."""

_LONGEST: Final = 1000
"""How much of a text that a server or a network made is told."""


def logged(
    transport: Transport,
    logger: logging.Logger | None = None,
    *,
    level: int = logging.DEBUG,
    clock: Callable[[], float] = time.monotonic,
) -> Transport:
    """A transport that writes a log record for each exchange.

    An answer below 400 is told at `DEBUG`: an upload or a walk over pages makes thousands of them,
    and all that they say is that all is well. What an administrator has to look at is a `WARNING`:
    a 4xx, a 5xx, a transport failure, and an answer with a `Deprecation` (RFC 9745), which CVAT
    sends where an endpoint is about to go.

    A record's message is for people. The same is data, by `extra`, for handlers that write JSON;
    each record has all of these attributes, `None` where there is nothing to say:

    - `cvat_method`, `cvat_target`: what was asked; query values that are secret are masked.
    - `cvat_status`: the status, if there was a response.
    - `cvat_failure`, `cvat_reason`: the name of the transport error's class, and why.
    - `cvat_seconds`: how long it took; for a streamed answer, until its head was there.
    - `cvat_request_id`: the id under which CVAT's administrators find it.
    - `cvat_deprecated`: what the answer says in `Deprecation`.

    Around `retrying` it tells of what came out in the end, inside of it of each try. What the
    logger or its handlers raise goes through.

    :param transport: what sends.
    :param logger: where to write to; the logger `cvatfn` unless given.
    :param level: of answers that all is well with; `logging.INFO` to see them in most programs.
    :param clock: seconds that never go back.
    :returns: the transport.

    >>> import logging, sys
    >>> logger = logging.getLogger("doctest")
    >>> logger.addHandler(logging.StreamHandler(sys.stdout))
    >>> busy = lambda request: Success(Response(503, {"X-Request-Id": "7f"}))
    >>> asked = Request("GET", "/api/tasks", (("search", "cat"), ("token", "s3cret")))
    >>> logged(busy, logger, clock=lambda: 0.0)(asked).unwrap().status
    GET /api/tasks?search=cat&token=***: 503 in 0.000 s [request id 7f]
    503
    """
    return wrapped(telling(logger, level, clock), transport)


def telling(
    logger: logging.Logger | None, level: int, clock: Callable[[], float]
) -> Callable[[Request], Flow[Reply]]:
    """The same as a conversation for each request.

    :param logger: where to write to; the logger `cvatfn` unless given.
    :param level: of answers that all is well with.
    :param clock: seconds that never go back.
    """
    return partial(_logged, _Log(logger or logging.getLogger("cvatfn"), level, clock))


@frozen
class _Log:
    logger: logging.Logger
    level: int
    clock: Callable[[], float]


def _logged(log: _Log, request: Request) -> Flow[Reply]:
    if not log.logger.isEnabledFor(max(log.level, logging.WARNING)):
        return (yield request)
    began = log.clock()
    outcome = yield request
    seconds = log.clock() - began
    level = log.level if _is_well(outcome) else logging.WARNING
    if log.logger.isEnabledFor(level):
        data = _data(request, outcome, seconds)
        log.logger.log(level, _message(data), extra=data)
    return outcome


def _is_well(outcome: Outcome[Response, TransportError]) -> bool:
    match outcome:
        case Success(response):
            return response.status < 400 and response.headers.get("deprecation") is None
        case Failure():
            return False


def _data(
    request: Request, outcome: Outcome[Response, TransportError], seconds: float
) -> Mapping[str, object]:
    names = secret_names_at(request.path)
    data: dict[str, object] = {key: None for key in _KEYS}  # noqa: C420 - its values are objects
    data["cvat_method"] = one_line(request.method)
    data["cvat_target"] = one_line(masked_target(request, names))
    data["cvat_seconds"] = seconds
    match outcome:
        case Success(response):
            small = len(request.content) <= _LARGEST
            # No look at a whole upload.
            values = secrets_of(request if small else evolve(request, body=None), names)
            values |= response.unshown.texts
            data["cvat_status"] = response.status
            data["cvat_request_id"] = _shown(response.request_id, values)
            data["cvat_deprecated"] = _shown(response.headers.get("deprecation"), values)
        case Failure(error):
            values = secrets_of(request, names)
            data["cvat_failure"] = type(error).__name__
            data["cvat_reason"] = _shown(_reason(error), values)
    return data


_KEYS: Final = (
    "cvat_method",
    "cvat_target",
    "cvat_status",
    "cvat_failure",
    "cvat_reason",
    "cvat_seconds",
    "cvat_request_id",
    "cvat_deprecated",
)


def _message(data: Mapping[str, object]) -> str:
    came = data["cvat_status"] or f"{data['cvat_failure']} ({data['cvat_reason']})"
    deprecated, traced = data["cvat_deprecated"], data["cvat_request_id"]
    return (
        f"{data['cvat_method']} {data['cvat_target']}: {came} in {data['cvat_seconds']:.3f} s"
        f"{'' if deprecated is None else f', deprecated ({deprecated})'}"
        f"{'' if traced is None else f' [request id {traced}]'}"
    )


def _shown(text: str | None, values: set[str]) -> str | None:
    return None if text is None else one_line(cleared_text(text, values)[:_LONGEST])


def _reason(error: TransportError) -> str:
    match error:
        case TooLarge(limit=limit):
            return f"more than {limit} bytes"
        case ForeignOrigin(origin=origin):
            return f"not {origin}"
        case _:
            return error.reason
