"""One step of a world: a request in, the world after it and the response out; pure.

Rule: a request passes the same gates in the same order as on a real server: path, media type,
login, method, parameters, organization. Whatever is refused changes nothing but the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, cast
from uuid import NAMESPACE_URL, uuid5

from attrs import evolve, frozen

from cvatfn.codecs.building import members
from cvatfn.codecs.enums import OpenEnum
from cvatfn.codecs.problems import Problem, at_index, at_key
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import CVAT_JSON
from cvatfn.messages import Headers, Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.background import settled
from cvatfn.testing.sandbox.areas.handlers import HANDLERS
from cvatfn.testing.sandbox.areas.noting import completed, noted, on_behalf
from cvatfn.testing.sandbox.areas.working import effect
from cvatfn.testing.sandbox.gates.asking import Asked, Done
from cvatfn.testing.sandbox.gates.governing import is_admitted
from cvatfn.testing.sandbox.gates.logins import CHALLENGE, identify
from cvatfn.testing.sandbox.gates.reading import Params, Unreadable, read_request
from cvatfn.testing.sandbox.gates.replies import (
    Refusal,
    answer_response,
    forbidden,
    invalid,
    page_not_found,
    refusal_response,
    refused,
    unbuilt,
    wrong_fields,
)
from cvatfn.testing.sandbox.gates.routing import AnyEndpoint, Matched, allowed_methods, match_path
from cvatfn.testing.sandbox.state.people import Organization
from cvatfn.testing.sandbox.state.works import Background
from cvatfn.testing.sandbox.state.world import World

__all__ = ["step"]


def step(world: World, request: Request) -> tuple[World, Response]:
    """Answer a request; the same world and request always give the same.

    :param world: before; it stays as good as it was.
    :param request: what is asked, with its credentials.
    :returns: the world after it, and the response.

    >>> world, response = step(World.empty(), Request("GET", "/api/server/about"))
    >>> response.status, world.steps
    (200, 1)
    """
    world = evolve(world, now=world.now + world.tick, steps=world.steps + 1)
    world = _settled(world)
    origin = _origin(world, request)
    matched = match_path(request.path)
    match _answered(world, request, origin, matched):
        case Success(outgoing):
            world, response = outgoing.world, answer_response(outgoing.answer)
        case Failure(refusal):
            response = refusal_response(refusal)
    if request.method == "HEAD":
        size = ("Content-Length", str(len(response.body)))  # of what a GET would bring
        response = Response(response.status, Headers((*response.headers.pairs, size)))
    return world, _signed(world, matched, response)


def _settled(world: World) -> World:
    """The world after all work whose time has come had its effect, and webhooks were told."""
    return completed(world, settled(world, _worked))


def _worked(world: World, background: Background) -> Outcome[World, str]:
    match effect(world, background):
        case Success(after):
            return Success(noted(world, after, on_behalf(world, background.user)))
        case Failure() as failed:
            return failed


def _origin(world: World, request: Request) -> str:
    host = request.headers.get("host")
    return world.origin if host is None else f"http://{host}"


@frozen
class _Entered:
    """A request that passed the gates before its parameters."""

    asked: Asked
    world: World


def _answered(world: World, request: Request, origin: str, matched: Matched | None) -> Done:
    if matched is None:
        return page_not_found("<!doctype html><title>Not Found</title><h1>Not Found</h1>")
    if not _acceptable(request, matched):
        return refused(406, "Could not satisfy the request Accept header.")
    match _entered(world, request, origin, matched):
        case Failure() as refusal:
            return refusal
        case Success(entered):
            pass
    asked, world = entered.asked, entered.world
    handler = HANDLERS.get(asked.endpoint.name)
    if handler is None:
        return unbuilt(f"{asked.endpoint.name} yet")
    match _read(asked.endpoint, request):
        case Failure() as refusal:
            return refusal
        case Success(params):
            pass
    match _organization(world, asked):
        case Failure() as refusal:
            return refusal
        case Success(organization):
            asked = evolve(asked, params=params, organization=organization)
            return _noted(world, asked, handler(world, asked))


def _noted(world: World, asked: Asked, outcome: Done) -> Done:
    match outcome:
        case Success(outgoing):
            return Success(evolve(outgoing, world=noted(world, outgoing.world, asked)))
        case Failure() as refusal:
            return refusal


def _entered(
    world: World, request: Request, origin: str, matched: Matched
) -> Outcome[_Entered, Refusal]:
    """Past the login and the method; CVAT asks who it is first."""
    identified = identify(world, request, origin)
    if isinstance(identified, Failure):
        return identified
    login = identified.unwrap().login
    endpoint = matched.endpoints.get(request.method)
    if endpoint is None and request.method == "HEAD":
        endpoint = matched.endpoints.get("GET")
    anonymous = endpoint is not None and "anonymous" in endpoint.logins
    if login is None and not anonymous:
        return refused(401, "Authentication credentials were not provided.", CHALLENGE)
    if request.method in ("HEAD", "OPTIONS") and request.method not in allowed_methods(matched):
        return refused(405, f'Method "{request.method}" not allowed.')
    if request.method == "OPTIONS":
        return Failure(Refusal(200, _DESCRIPTION))
    if endpoint is None:
        return refused(405, f'Method "{request.method}" not allowed.')
    if login is not None and login.kind not in endpoint.logins and not anonymous:
        return refused(403, "You do not have permission to perform this action.")
    asked = Asked(endpoint, {}, login, origin, request)
    return Success(_Entered(asked, identified.unwrap().world))


def _acceptable(request: Request, matched: Matched) -> bool:
    """Whether the answer may come as CVAT's own media type, or as what the endpoint makes."""
    said = request.headers.get("accept") or "*/*"
    kinds = {part.partition(";")[0].strip().lower() for part in said.split(",")}
    if kinds & {"*/*", "application/*", CVAT_JSON}:
        return True
    endpoint = matched.endpoints.get(request.method)
    made = () if endpoint is None else endpoint.answers
    return any(kinds.intersection(answer.content_types) for answer in made)


def _read(endpoint: AnyEndpoint, request: Request) -> Outcome[Params, Refusal]:
    match read_request(endpoint, request):
        case Failure(problems):
            return _unreadable(problems)
        case Success(params):
            pass
    unknown = tuple(_unknown_choices(params))
    if unknown:
        return wrong_fields(unknown)
    return Success(params)


def _unreadable(problems: Sequence[Unreadable]) -> Failure[Refusal]:
    places = {problem.place for problem in problems}
    if "path" in places:
        return refused(404, "Not found.")
    if "media type" in places:
        return refused(415, problems[0].message)
    if "query" in places and any(problem.path == "page" for problem in problems):
        return refused(404, "Invalid page.")
    if "JSON" in places:
        return refused(400, f"JSON parse error - {problems[0].message}")
    return wrong_fields(
        Problem(
            problem.path if problem.place == "body" else at_key("$", problem.path),
            problem.message,
        )
        for problem in problems
    )


def _unknown_choices(params: Params) -> Iterator[Problem]:
    """Texts that are no member of their enum: fine from a server, not from a client."""
    for name, value in params.items():
        whole = next(members(value), None) is not None
        yield from _unknown_in(value, "$" if whole else at_key("$", name))


def _unknown_in(value: object, path: str) -> Iterator[Problem]:
    match value:
        case OpenEnum():
            if not value.is_known:
                yield Problem(path, f'"{value.value}" is not a valid choice.')
        case tuple() if value and isinstance(value[0], OpenEnum):
            # a list of choices is one field: it is refused as a whole
            for element in cast("tuple[object, ...]", value):  # whatever they are
                yield from _unknown_in(element, path)
        case str() | bytes() | int() | float():
            pass
        case tuple():
            elements = cast("tuple[object, ...]", value)  # whatever they are
            # Points are many, and no choices: one look at the first is enough for them.
            if elements and not isinstance(elements[0], int | float):
                for index, element in enumerate(elements):
                    yield from _unknown_in(element, at_index(path, index))
        case _:
            for name, held in members(value):
                yield from _unknown_in(held, at_key(path, name))


def _organization(world: World, asked: Asked) -> Outcome[Organization | Unset | None, Refusal]:
    """What a request is asked within; who is not a member is let into nothing of it."""
    query = dict(asked.request.query)
    by_slug, number = query.get("org"), query.get("org_id")
    header = asked.request.headers.get("x-organization")
    if number is not None and not (by_slug is None and header is None):
        return invalid(_TWO_WAYS)
    if by_slug is not None and header is not None and by_slug != header:
        return invalid(_TWO_SLUGS)
    slug = header if by_slug is None else by_slug
    if asked.login is None or not (slug or number):
        return Success(UNSET if slug is None and number is None else None)
    for organization in world.organizations.values():
        if organization.slug == slug if slug else str(organization.id) == number:
            admitted = is_admitted(world, asked.account, asked.endpoint, organization)
            return Success(organization) if admitted else forbidden()
    return refused(404, f"{slug or number} organization does not exist.")


_TWO_WAYS: Final = (
    'You cannot specify "org_id" query parameter with "org" query parameter or "X-Organization" '
    "HTTP header at the same time."
)
_TWO_SLUGS: Final = (
    'You cannot specify "org" query parameter and "X-Organization" HTTP header with different '
    "values."
)


_DESCRIPTION: Final = {
    "name": "CVAT sandbox",
    "description": "",
    "renders": [CVAT_JSON],
    "parses": ["application/json"],
}
_BROKEN: Final = 500
"""With this the server behind CVAT's API answers, which knows no methods."""
VARY: Final = ("Vary", "Accept, Origin, Cookie")


def _signed(world: World, matched: Matched | None, response: Response) -> Response:
    """The fields that CVAT's responses have; the id is made of the seed and the step's number."""
    if response.headers.get("etag") is not None:
        return response  # CVAT leaves prepared files to the web server before it
    number = uuid5(NAMESPACE_URL, f"{world.seed}/{world.steps}")
    allowed = () if matched is None or response.status == _BROKEN else allowed_methods(matched)
    allow = () if not allowed else (("Allow", ", ".join(allowed)),)
    common = (*allow, VARY, ("X-Request-Id", str(number)), ("X-Content-Type-Options", "nosniff"))
    return evolve(response, headers=Headers((*response.headers.pairs, *common)))
