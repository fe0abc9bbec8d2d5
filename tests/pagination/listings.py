"""Servers of listings, in memory: numbers instead of tasks, so that a test can say all it means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Literal

import msgspec
from attrs import define, field

from cvatfn import UNSET, Outcome, Request, Response, Unset
from cvatfn.endpoints import get
from cvatfn.errors import TransportError
from cvatfn.models import Page
from cvatfn.outcome import Success

HOME = "https://cvat.example"


@get("/api/numbers")
def numbers(
    *,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    search: str | Unset = UNSET,
) -> Page[int]:
    """A listing as all of CVAT's are."""
    raise NotImplementedError


@get("/api/letters")
def letters(*, cursor: str | Unset = UNSET) -> Page[str]:
    """A listing whose pages have no numbers."""
    raise NotImplementedError


@define
class Listing:
    """A listing of numbers that anybody may change at any time."""

    items: list[int]
    most: int = 1000
    usual: int = 10
    origin: str = HOME
    asked: list[Request] = field(factory=list[Request])
    before: Callable[[Request], object] = field(default=id)
    _lock: Lock = field(factory=Lock)

    def send(self, request: Request) -> Outcome[Response, TransportError]:
        """Answer one page, as CVAT does."""
        with self._lock:
            self.asked.append(request)
        self.before(request)
        query = dict(request.query)
        size = min(int(query.get("page_size", self.usual)), self.most)
        return Success(numbered(self.items, int(query.get("page", 1)), size, self.origin))

    @property
    def pages_asked(self) -> list[int]:
        """The numbers of the pages that were asked for, in order."""
        return [int(dict(request.query).get("page", 1)) for request in self.asked]


def numbered(items: Sequence[int], number: int, size: int, origin: str = HOME) -> Response:
    """A page of some items; 404 past the last one."""
    last = max(1, -(-len(items) // size))
    if number > last:
        return Response(404, {"Content-Type": "application/json"}, b'{"detail":"Invalid page."}')
    following = f"{origin}/api/numbers?page={number + 1}" if number < last else None
    return said(items[(number - 1) * size : number * size], following, count=len(items))


def said(results: object, following: object, *, count: object = 0) -> Response:
    """A page, whatever is on it."""
    page = {"count": count, "next": following, "previous": None, "results": results}
    return Response(200, {"Content-Type": "application/vnd.cvat+json"}, msgspec.json.encode(page))
