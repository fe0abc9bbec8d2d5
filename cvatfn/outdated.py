"""A refusal by a server of another release says so: which release it takes, which the server is.

Rule: only a refusal costs anything. Whether the release may be the reason is told from the endpoint
and the request alone; only where it may, is the server asked for its version, once, and unless that
proves it, the error stays as it was (docs/decisions/0019-a-refusal-asks-for-the-version.md).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, TypeVar

from attrs import evolve, frozen

from cvatfn.endpoints import Endpoint
from cvatfn.errors import Outdated, Rejected, TransportError
from cvatfn.flows import Flow
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.versions import BASELINE, Version, about, version_of

__all__ = ["Edge", "Needs", "dated", "doubted", "explained", "given", "needs", "outdated"]

T = TypeVar("T")
E = TypeVar("E")

UNKNOWING: Final = frozenset({400, 404, 405})
"""The statuses with which a server refuses what its release does not know."""


@frozen
class Edge:
    """A release at which something begins or ends.

    :param release: the first release that has it, or the last.
    :param parameter: the parameter that it is; `None` for the endpoint itself.
    """

    release: Version
    parameter: str | None = None


@frozen
class Needs:
    """Which releases may be asked for something.

    :param since: what came last of all that is asked for; `None` where all supported ones have it.
    :param until: what went first of it; `None` where nothing went.
    """

    since: Edge | None = None
    until: Edge | None = None


def needs(endpoint: Endpoint[..., object], names: Collection[str]) -> Needs:
    """Which releases an endpoint needs when it is given some of its parameters; pure.

    Fields of a body are not covered: models do not hold their releases at run time.

    :param endpoint: which operation.
    :param names: the parameters that are given.

    >>> from cvatfn.api import tasks
    >>> needs(tasks.create_annotations, ["id", "import_mode"]).since
    Edge(release=Version(text='2.65.0'), parameter='import_mode')
    >>> needs(tasks.create_annotations, ["id"])
    Needs(since=None, until=None)
    """
    asked = [each for each in endpoint.parameters if each.name in names]
    first = [_edge(endpoint.since), *(_edge(each.since, each.name) for each in asked)]
    last = [_edge(endpoint.until), *(_edge(each.until, each.name) for each in asked)]
    late = [edge for edge in first if edge is not None and edge.release > BASELINE]
    gone = [edge for edge in last if edge is not None]
    return Needs(
        max(late, key=lambda edge: edge.release, default=None),
        min(gone, key=lambda edge: edge.release, default=None),
    )


def outdated(needed: Needs, server: Version) -> Outdated | None:
    """Why a server cannot know what it is asked; `None` if its release has all of it. Pure.

    :param needed: what is asked for.
    :param server: the server's release.

    >>> str(outdated(Needs(since=Edge(Version("2.48.1"))), Version("2.40.1")))
    'needs CVAT 2.48.1, the server is 2.40.1'
    """
    first, last = needed.since, needed.until
    if first is not None and server < first.release:
        return Outdated(str(first.release), str(server), first.parameter)
    if last is not None and last.release < server:
        return Outdated(str(last.release), str(server), last.parameter, gone=True)
    return None


def given(endpoint: Endpoint[..., object], request: Request) -> tuple[str, ...]:
    """The parameters that a request carries; pure.

    :param endpoint: which operation.
    :param request: a request to it, as it was prepared.
    """
    queried = {name for name, _ in request.query}
    return tuple(
        each.name
        for each in endpoint.parameters
        if each.place == "path"
        or (each.place == "query" and each.wire_name in queried)
        or (each.place == "header" and request.headers.get(each.wire_name) is not None)
    )


def doubted(
    endpoint: Endpoint[..., object], request: Request, outcome: Outcome[object, object]
) -> Needs | None:
    """What to hold against the server's release; `None` where that cannot be the reason. Pure.

    :param endpoint: which operation was asked.
    :param request: what was sent.
    :param outcome: what it came to.
    """
    match outcome:
        case Failure(Rejected(status=status)) if status in UNKNOWING:
            needed = needs(endpoint, given(endpoint, request))
            return None if needed == Needs() else needed
        case _:
            return None


def dated(
    outcome: Outcome[T, E], needed: Needs, reply: Outcome[Response, TransportError]
) -> Outcome[T, E | Rejected]:
    """A refusal that says which release it takes, where the server's is another; pure.

    :param outcome: the refusal.
    :param needed: what was asked for.
    :param reply: what the server says of its version.
    """
    match outcome, version_of(reply):
        case Failure(Rejected() as error), Success(server):
            return Failure(evolve(error, outdated=outdated(needed, server)))
        case _:
            return outcome


def explained(
    endpoint: Endpoint[..., object], request: Request, outcome: Outcome[T, E]
) -> Flow[Outcome[T, E | Rejected]]:
    """What a request came to, with the server's release where that explains a refusal.

    :param endpoint: which operation was asked.
    :param request: what was sent.
    :param outcome: what it came to.
    """
    needed = None if isinstance(outcome, Success) else doubted(endpoint, request, outcome)
    return outcome if needed is None else dated(outcome, needed, (yield about()))


def _edge(release: str | None, parameter: str | None = None) -> Edge | None:
    version = None if release is None else Version.read(release)
    return None if version is None else Edge(version, parameter)
