"""Which endpoint a request is for.

Rule: a path matches a template segment by segment; a fixed segment comes before a parameter
(`/users/self` before `/users/{id}`). Where a template ends in a slash, CVAT takes the path without
it too; where it does not, the path with one is a page that says 404.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final, TypeAlias

from attrs import frozen

from cvatfn.codecs.params import text_of_segment
from cvatfn.endpoints import Endpoint
from cvatfn.finding import catalogue
from cvatfn.messages import Request
from cvatfn.testing.sandbox.gates import downloads, pieces

__all__ = ["AnyEndpoint", "Matched", "allowed_methods", "match_path", "path_texts"]

AnyEndpoint: TypeAlias = Endpoint[..., object]


@frozen
class Matched:
    """What answers at a path, by method."""

    path: str
    endpoints: Mapping[str, AnyEndpoint]


def match_path(path: str) -> Matched | None:
    """Find what a path names.

    :param path: the request's path, percent-encoded, without the query.

    >>> match_path("/api/tasks/7").endpoints["PATCH"].name
    'tasks.partial_update'
    >>> match_path("/api/tasks/") is None
    True
    """
    segments = path.split("/")
    fitting = [route for route in _routes() if _fits(route.path, segments)]
    return min(fitting, key=_parameters_first, default=None)


def path_texts(template: str, request: Request) -> Mapping[str, str]:
    """The texts of a path's parameters, decoded.

    :param template: the endpoint's path.
    :param request: a request that it matches.

    >>> path_texts("/api/requests/{id}", Request("GET", "/api/requests/a%3D1"))
    {'id': 'a=1'}
    """
    given = request.path.split("/")
    return {
        piece[1:-1]: text_of_segment(segment)
        for piece, segment in zip(template.split("/"), given, strict=False)
        if piece.startswith("{")
    }


def allowed_methods(matched: Matched) -> tuple[str, ...]:
    """The methods that may be used at a path, in CVAT's order.

    >>> allowed_methods(match_path("/api/tasks/7"))
    ('GET', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS')
    >>> allowed_methods(match_path("/api/webhooks/7"))
    ('GET', 'DELETE', 'PATCH', 'PUT')
    """
    if matched.path.startswith(_WEBHOOKS):
        return tuple(method for method in _ORDER_OF_WEBHOOKS if method in matched.endpoints)
    known = [method for method in _ORDER if method in matched.endpoints]
    known = [*_ALSO.get(matched.path, ()), *known]
    head = "GET" in known or "HEAD" in matched.endpoints
    return (*known, *(["HEAD"] if head else []), "OPTIONS")


_WEBHOOKS: Final = "/api/webhooks"
_ORDER_OF_WEBHOOKS: Final = ("GET", "POST", "DELETE", "PATCH", "PUT")
"""CVAT lists the methods of webhooks itself, in this order, and `HEAD` and `OPTIONS` not at all."""
_ORDER: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_ALSO: Final[Mapping[str, tuple[str, ...]]] = {"/api/auth/logout": ("GET",)}
"""Methods that CVAT names at a path and refuses there all the same."""


@cache
def _routes() -> tuple[Matched, ...]:
    by_path: dict[str, dict[str, AnyEndpoint]] = {}
    for endpoint in _all():
        by_path.setdefault(endpoint.path, {})[endpoint.method] = endpoint
    return tuple(Matched(path, endpoints) for path, endpoints in by_path.items())


def _all() -> Iterator[AnyEndpoint]:
    yield from catalogue()
    yield from downloads.DOWNLOADS
    yield from pieces.PIECES


def _fits(template: str, segments: Sequence[str]) -> bool:
    pieces = template.split("/")
    if template.endswith("/") and segments[-1]:
        pieces.pop()
    return len(pieces) == len(segments) and all(
        _fills(piece, segment) if piece.startswith("{") else piece == segment
        for piece, segment in zip(pieces, segments, strict=True)
    )


def _fills(parameter: str, segment: str) -> bool:
    # an upload's id has a form of its own, lest `data/anything` be taken for one
    return _FILE_ID.fullmatch(segment) is not None if parameter == "{file_id}" else bool(segment)


_FILE_ID: Final = re.compile(r"[0-9]+_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _parameters_first(route: Matched) -> tuple[bool, ...]:
    return tuple(piece.startswith("{") for piece in route.path.split("/"))
