"""The recorded exchanges, read: what was asked, by which operation, and what came back.

The recordings stand beside a checkout of the project, not in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final, cast
from urllib.parse import parse_qsl

from attrs import field, frozen

from cvatfn import interpret
from cvatfn.codecs import native
from cvatfn.codecs.unset import UNSET
from cvatfn.finding import catalogue
from cvatfn.messages import Request, Response
from cvatfn.models.page import Page
from cvatfn.outcome import Failure, Success
from cvatfn.testing.sandbox.gates.routing import AnyEndpoint, match_path, path_texts
from cvatfn.transport.exchanges import Body, Exchange, outcome_of, read_line

__all__ = ["FOLDER", "NO_RECORDINGS", "Recorded", "read_recordings"]

FOLDER: Final = Path(__file__).parents[3] / "shared" / "recordings"
NO_RECORDINGS: Final = f"no recordings in {FOLDER}"


@frozen(kw_only=True)
class Recorded:
    """A recorded exchange.

    :param area: the tag of its operation; `other` for what is in no OpenAPI document.
    :param line: its line in the area's file, from 1; with the area, its name in reports.
    :param exchange: what was written down.
    :param endpoint: which endpoint of the catalogue was asked, if any.
    :param request: the request; without a body where that was left out.
    :param response: the response; without a body where that was left out.
    :param answer: what its endpoint reads in it, if it is a success that holds JSON.
    """

    area: str
    line: int
    exchange: Exchange = field(repr=False)
    endpoint: AnyEndpoint | None
    request: Request = field(repr=False)
    response: Response
    answer: object = field(repr=False)

    @property
    def name(self) -> str:
        """What reports call it, such as `tasks:12`."""
        return f"{self.area}:{self.line}"

    @property
    def status(self) -> int:
        """With which status it was answered."""
        return self.response.status

    @property
    def page(self) -> Page[object] | None:
        """What was answered, if it is a page of a listing."""
        answer = self.answer
        # of what, only the endpoint knows
        return cast("Page[object]", answer) if isinstance(answer, Page) else None

    @property
    def places(self) -> Mapping[str, str]:
        """The parameters in its path."""
        matched = match_path(self.request.path)
        return {} if matched is None else path_texts(matched.path, self.request)

    @property
    def left_out(self) -> tuple[int | None, int | None]:
        """How many bytes of the request's and of the response's body were not kept, if any."""
        return _omitted(self.exchange.request_body), _omitted(self.exchange.response_body)


@cache
def read_recordings(folder: Path = FOLDER) -> tuple[Recorded, ...]:
    """All recorded exchanges of a folder, file by file.

    :param folder: where the `*.jsonl` files are.
    """
    return tuple(_all(folder))


def _all(folder: Path) -> Iterator[Recorded]:
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            yield _recorded(path.stem, number, read_line(line).unwrap())


@cache
def _endpoints() -> Mapping[str, AnyEndpoint]:
    return {re.sub(r"\.", "_", each.name, count=1): each for each in catalogue()}


def _recorded(area: str, line: int, exchange: Exchange) -> Recorded:
    endpoint = _endpoints().get(exchange.operation or "")
    path, _, query = exchange.target.partition("?")
    request = Request(
        exchange.method,
        path,
        tuple(parse_qsl(query, keep_blank_values=True)),
        exchange.request_headers,
        _sent(exchange.request_body),
    )
    response = _response(exchange, request)
    return Recorded(
        area=area,
        line=line,
        exchange=exchange,
        endpoint=endpoint,
        request=request,
        response=response,
        answer=None if endpoint is None else _answer(endpoint, response),
    )


def _sent(body: Body | None) -> bytes | None:
    return None if body is None or body.json is UNSET else native.encode(body.json)


def _response(exchange: Exchange, request: Request) -> Response:
    match outcome_of(exchange, request):
        case Success(response):
            return response
        case Failure():  # the body was left out
            return Response(exchange.status or 0, exchange.response_headers)


def _answer(endpoint: AnyEndpoint, response: Response) -> object:
    if not 200 <= response.status < 300 or "json" not in response.content_type:
        return None
    match interpret(endpoint, response):
        case Success(answer):
            return answer
        case Failure():
            return None


def _omitted(body: Body | None) -> int | None:
    return None if body is None or body.omitted is UNSET else body.omitted
