"""What goes wrong, row by row of the page's table of exceptions: what a server does, what is asked.

Rule: each situation is played to both clients. Ours is here; that of cvat-sdk is with its tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from attrs import evolve, frozen

from cvatfn import (
    Failure,
    Outcome,
    Request,
    Success,
    Transport,
    call,
    download_url,
    dumps,
    request,
    unstructure,
    wait_for,
)
from cvatfn.api import requests, server, tasks
from cvatfn.models import About
from cvatfn.polling import WAITING
from cvatfn.testing.conformance.behaviours import always, doing, ok, saying, silent
from cvatfn.testing.conformance.peers import Behaviour
from tests.background_work import work

__all__ = ["LIMIT", "SITUATIONS", "Situation"]

ABOUT: Final = unstructure(
    About(name="", description="", version="2.80.0", logo_url="", subtitle="")
)
"""What a server says of itself."""
LIMIT: Final = 0.3
"""How many seconds a caller has, where a test is about that."""

Asked: TypeAlias = Callable[[Transport], Outcome[object, object]]


@frozen
class Situation:
    """Something that goes wrong.

    :param does: what the server does; nobody listens where it is `None`.
    :param asks: what is asked of it.
    :param scheme: what the client believes it speaks.
    """

    does: Behaviour | None
    asks: Asked
    scheme: str = "http"


def _about(transport: Transport) -> Outcome[object, object]:
    return call(transport, server.retrieve_about)


def _create(transport: Transport) -> Outcome[object, object]:
    return call(transport, tasks.create, {"name": "cats"})


def _wrong(**params: Any) -> Asked:
    """A listing that is asked for as no type checker would let it be."""
    return lambda transport: call(transport, tasks.list, **params)


def _create_wrong(**body: Any) -> Asked:
    """A task that is wanted as no type checker would let it be."""
    wanted: Any = body
    return lambda transport: call(transport, tasks.create, wanted)


def _attribute(transport: Transport) -> Outcome[object, object]:
    match call(transport, server.retrieve_about):
        case Success(about):
            return Success(getattr(about, "nme"))  # noqa: B009 - checkers would see it
        case Failure() as failed:
            return failed


def _work(transport: Transport) -> Outcome[object, object]:
    return call(transport, requests.retrieve, "work")


def _wait(transport: Transport) -> Outcome[object, object]:
    return wait_for(transport, "work", schedule=evolve(WAITING, deadline=0))


def _fetch(transport: Transport) -> Outcome[object, object]:
    return download_url(transport, "http://stranger.example/result", "result.zip")


def _at_most(transport: Transport) -> Outcome[object, object]:
    return request(transport, Request("GET", "/api/server/about", max_body=10))


def _json(value: object, status: str = "200 OK") -> Behaviour:
    return always(ok(dumps(value), "Content-Type: application/vnd.cvat+json", status=status))


def _refused(status: str) -> Situation:
    return Situation(_json({"detail": "No."}, status), _about)


SITUATIONS: Final[Mapping[str, Situation]] = MappingProxyType(
    {
        "404": _refused("404 Not Found"),
        "401": _refused("401 Unauthorized"),
        "403": _refused("403 Forbidden"),
        "500": _refused("500 Internal Server Error"),
        "any other refusal: 400, 409, 429...": _refused("409 Conflict"),
        "a redirect that leads nowhere": _refused("302 Found"),
        "TLS fails": Situation(doing(lambda peer: peer.send(ok())), _about, "https"),
        "502, 503 or 504 to the end; what the server said is lost": _refused("502 Bad Gateway"),
        "no connection": Situation(None, _about),
        "no answer in time": Situation(silent, _about),
        "the connection breaks": Situation(saying(b""), _create),
        "a parameter of a wrong type": Situation(_json(ABOUT), _wrong(page="two")),
        "a parameter that there is not": Situation(_json(ABOUT), _wrong(pag=2)),
        "a limit is not kept": Situation(_json(ABOUT), _create_wrong(name="c" * 300)),
        "an enum does not have the value": Situation(_json(ABOUT), _wrong(status="complete")),
        "a body lacks a required field": Situation(_json(ABOUT), _create_wrong(subset="Train")),
        "a field of the answer has another type": Situation(
            _json({**ABOUT, "version": 2.80}), _about
        ),
        "a field of the answer is missing": Situation(_json({"version": "2.80.0"}), _about),
        "the answer is no JSON": Situation(always(ok(b"<html>")), _about),
        "the answer has an enum value of a newer release": Situation(
            _json(work("work", "paused")), _work
        ),
        "a field that the model does not have": Situation(_json(ABOUT), _attribute),
        "the server's work came to nothing": Situation(_json(work("work", "failed")), _wait),
        "the server's work does not end": Situation(_json(work("work", "started")), _wait),
        "`result_url` leads to another host": Situation(_json(ABOUT), _fetch),
        "an answer larger than the memory": Situation(_json(ABOUT), _at_most),
    }
)
"""By what the table says of when, in its order."""
