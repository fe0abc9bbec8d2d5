"""How the pages of a listing follow one another: what to ask for next, given what was answered.

CVAT numbers its pages and says with each whether there is another one. Its `next` is a URL as the
server believes to be reached, which a proxy in between may make wrong; so where an endpoint takes a
page's number, `next` is no more than a yes or a no, and nobody goes where it leads. Only an
endpoint that takes no number, or was given one that is none, is asked at the `next` that it gave,
by a transport that sends nothing to another origin.

Rule: pure, and every step leads on. A page that brings nothing ends the walk; the same page twice
is an error, as are a `next` that leads in a circle and a page that leads on from behind its own
`count`. The listing may grow and shrink meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Generic, ParamSpec, TypeVar

from attrs import evolve, field, frozen

from cvatfn.calling import request_of
from cvatfn.codecs.problems import Problem
from cvatfn.endpoints import Endpoint
from cvatfn.errors import CallError, Rejected, TransportError
from cvatfn.interpreting import concluded, misfit
from cvatfn.messages import Request, Response
from cvatfn.models.page import Page
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.trail import Trail

__all__ = ["PAGE_SIZE", "Asked", "Turn", "begun", "turned"]

P = ParamSpec("P")
T = TypeVar("T")

PAGE_SIZE: Final = 100
"""How many items a page has where nobody said; CVAT itself would give 10."""


@frozen
class Asked:
    """A page that is to be asked for.

    :param request: what asks for it.
    :param number: its number; `None` where pages have none.
    :param last: the number of the last page, as far as is known.
    :param left: how many items are still wanted; `None`: all there are.
    :param size: how many items were on the page before; 0 where there was none.
    :param before: the body of the page before.
    :param barren: how many pages in a row, up to that one, brought nothing.
    :param trail: the way to where it is, where pages have no numbers.
    """

    request: Request
    number: int | None
    last: int = 0
    left: int | None = None
    size: int = 0
    before: bytes = field(default=b"", repr=False)
    barren: int = 0
    trail: Trail = field(factory=Trail)

    def coming(self, skipped: int = 0) -> Iterator[Request]:
        """What will ask for the pages after this one, if the listing stays as it is.

        :param skipped: how many of them are passed over.
        """
        if self.number is not None:
            for number in range(self.number + 1 + skipped, self.last + 1):
                yield _numbered(self.request, number)


@frozen
class Turn(Generic[T]):
    """What a page came to.

    :param page: the page; `None` where there was none any more.
    :param following: the one to ask for next; `None` at the end; or why it cannot be asked for.
    """

    page: Page[T] | None
    following: Asked | CallError | None


def begun(endpoint: Endpoint[P, Page[T]], request: Request) -> Asked:
    """The first page of a walk; pure.

    :param endpoint: the listing, and how it is to be walked.
    :param request: what was prepared for it.

    >>> from cvatfn.api import tasks
    >>> begun(tasks.list, Request("GET", "/api/tasks")).request.target
    '/api/tasks?page_size=100&page=1'
    """
    walking = endpoint.walking
    known = {each.wire_name for each in endpoint.parameters if each.place == "query"}
    given = dict(request.query)
    size = walking.page_size
    if size is None and "page" not in given:  # of pages of another size it is another one
        size = min(PAGE_SIZE, walking.most or PAGE_SIZE)
    if size is not None and "page_size" in known and "page_size" not in given:
        request = evolve(request, query=(*request.query, ("page_size", str(size))))
    number = given.get("page", "1")
    if "page" in known and number.isdecimal() and len(number) < _LONGEST:
        return Asked(_numbered(request, int(number)), int(number), left=walking.most)
    return Asked(request, None, left=walking.most, trail=Trail(request.target))


def turned(
    endpoint: Endpoint[P, Page[T]], asked: Asked, reply: Outcome[Response, TransportError]
) -> Outcome[Turn[T], CallError]:
    """What was answered, and what to ask for next; pure.

    :param endpoint: the listing.
    :param asked: what was asked for.
    :param reply: what that came to.

    >>> from cvatfn.api import tasks
    >>> first = begun(tasks.list, Request("GET", "/api/tasks"))
    >>> said = b'{"count": 0, "next": null, "previous": null, "results": []}'
    >>> turned(tasks.list, first, Success(Response(200, body=said))).unwrap().following is None
    True
    """
    match concluded(endpoint, asked.request, reply):
        case Failure(Rejected(status=404, detail=detail)) if (
            asked.before and asked.number is not None and detail == _NO_SUCH_PAGE
        ):
            return Success(Turn[T](None, None))  # what was there has been deleted meanwhile
        case Failure() as failure:
            return failure
        case Success(page):
            response = reply.unwrap()
    if not _is_page(page):
        wrong = Problem("$.results", "is no list")  # as a lenient reading may find
        return Failure(misfit(endpoint, response, asked.request, (wrong,)))
    unlikely = _unlikely(asked, page, response.body)
    if unlikely is not None:
        return Failure(misfit(endpoint, response, asked.request, (unlikely,), walked=True))
    match _following(asked, page, response.body):
        case Success(following):
            return Success(Turn(_within(page, asked.left), following))
        case Failure(problem):
            error = misfit(endpoint, response, asked.request, (problem,), walked=True)
            return Success(Turn(_within(page, asked.left), error))


_NO_SUCH_PAGE: Final = "Invalid page."
"""What CVAT says of a page behind the last one; any other 404 would hide what is lost."""

_LONGEST: Final = 16
"""A number of more digits is none that a page has."""

_BARREN: Final = 1_000
"""How many pages in a row may bring nothing and yet lead on."""


def _is_page(page: object) -> bool:
    """Whether it is one: a lenient reading may find anything."""
    results: object = getattr(page, "results", None)
    return isinstance(page, Page) and isinstance(results, tuple)


def _unlikely(asked: Asked, page: Page[T], body: bytes) -> Problem | None:
    """Why a page cannot follow the one before."""
    if body == asked.before:
        return Problem("$", "is the page before once more: the walk would never end")
    if asked.number is None or not asked.size or not page.next:
        return None
    # Who leads on has full pages, so all of them are as large as the one before.
    begins = (asked.number - 1) * asked.size
    if page.results and _is_beyond(begins, page.count):
        said = f"is {page.count}, and yet there are items behind the first {begins}"
        return Problem("$.count", f"{said}: does the server pass over `page`?")
    return None


def _is_beyond(begins: int, count: object) -> bool:
    return isinstance(count, int) and begins >= count  # a lenient reading may find any


def _following(asked: Asked, page: Page[T], body: bytes) -> Outcome[Asked | None, Problem]:
    number, size = asked.number, len(page.results)
    left = None if asked.left is None else asked.left - size
    if not page.next or (left is not None and left <= 0):
        return Success(None)
    if number is None:
        barren = 0 if size else asked.barren + 1
        return _led(evolve(asked, left=left, before=body, barren=barren), page.next)
    if not size:
        return Success(None)
    last = _pages(page.count, size)
    if left is not None:
        last = min(last, number + _pages(left, size))
    request = _numbered(asked.request, number + 1)
    return Success(Asked(request, number + 1, last, left, size, body))


def _led(asked: Asked, url: object) -> Outcome[Asked, Problem]:
    """Where the server leads to, with the fields of the request before."""
    match request_of(url) if isinstance(url, str) else None:
        case Success(to):
            request = evolve(asked.request, path=to.path, query=to.query, origin=to.origin)
        case _:
            return Failure(Problem("$.next", "is no http or https URL"))
    trail = asked.trail.on(request.target)
    if trail is None:
        return Failure(Problem("$.next", "leads back to a page before: the walk would never end"))
    if asked.barren > _BARREN:
        return Failure(Problem("$.results", f"is empty, as on {_BARREN} pages in a row before"))
    return Success(evolve(asked, request=request, trail=trail))


def _numbered(request: Request, number: int) -> Request:
    query = tuple(pair for pair in request.query if pair[0] != "page")
    return evolve(request, query=(*query, ("page", str(number))))


def _pages(items: object, size: int) -> int:
    return -(-items // size) if isinstance(items, int) else 0  # a lenient reading may find any


def _within(page: Page[T], left: int | None) -> Page[T]:
    return page if left is None else evolve(page, results=page.results[:left])
