"""From a response to an answer: `interpret`, pure; `concluded` does it for all a request comes to.

Rule: nothing that a server sends makes it raise. Errors keep messages without their secrets.
"""

from __future__ import annotations

from types import NoneType
from typing import ParamSpec, TypeVar, cast

from attrs import evolve

from cvatfn.codecs.clearing import cleared_of, sought_of
from cvatfn.codecs.json import guesses, loads
from cvatfn.codecs.problems import Problem
from cvatfn.codecs.rejections import read_refusal, read_retry_after
from cvatfn.endpoints import Endpoint, Reading, WithResponse
from cvatfn.errors import CallError, Rejected, TransportError, Undecodable, UnexpectedStatus
from cvatfn.messages import Request, Response, known_secrets, masked_request, masked_response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.plans import plan_of
from cvatfn.transport.clearing import masked_error

__all__ = ["concluded", "interpret", "misfit", "not_answered", "told"]

P = ParamSpec("P")
T = TypeVar("T")


def interpret(
    endpoint: Endpoint[P, T], response: Response, request: Request | None = None
) -> Outcome[T, CallError]:
    """Read a response as the endpoint's answer; pure.

    :param endpoint: which operation was asked.
    :param response: what came back.
    :param request: what was sent; errors keep it with its secrets masked.
    :returns: the answer, or `Rejected`, `UnexpectedStatus` or `Undecodable`.

    >>> from cvatfn.api import tasks
    >>> from cvatfn.messages import Response
    >>> interpret(tasks.destroy, Response(204))
    <Success: None>
    >>> interpret(tasks.destroy, Response(404, body=b'{"detail":"Not found."}')).failure().detail
    'Not found.'
    """
    reading = endpoint.reading
    if reading.form == "unchecked":
        return Success(cast("T", _paired(response, response, reading)))  # as `unchecked` says
    if not 200 <= response.status < 300:
        return Failure(_refused(endpoint, response, request))
    match _read(endpoint, response, reading):
        case Success(value):
            # The types of the endpoint functions and of the decoder both say that this is a `T`.
            return Success(cast("T", _paired(value, response, reading)))
        case Failure(problems):
            return Failure(misfit(endpoint, response, request, problems))


def concluded(
    endpoint: Endpoint[P, T], request: Request, reply: Outcome[Response, TransportError]
) -> Outcome[T, CallError]:
    """What a request came to, as the endpoint's answer or error; pure.

    :param endpoint: which operation was asked.
    :param request: what was sent.
    :param reply: what the transport made of it.
    """
    match reply:
        case Failure(error):
            return Failure(told(error, endpoint))
        case Success(response):
            return interpret(endpoint, response, request)


def told(error: TransportError, endpoint: Endpoint[..., object] | None) -> TransportError:
    """A transport's error with the name of what was asked, and none of its secrets.

    :param error: the error.
    :param endpoint: which operation was asked; `None` for a request outside the catalogue.
    """
    name = "" if endpoint is None else endpoint.name
    secrets = frozenset[str]() if endpoint is None else plan_of(endpoint.declaration).sent_secrets
    return evolve(masked_error(error, secrets), endpoint=name)


def misfit(
    endpoint: Endpoint[..., object],
    response: Response,
    request: Request | None,
    problems: tuple[Problem, ...],
    *,
    walked: bool = False,
) -> Undecodable:
    """The error that an answer which does not fit its type comes to.

    :param endpoint: which operation was asked.
    :param response: what came back.
    :param request: what was sent.
    :param problems: all that does not fit.
    :param walked: whether it is a page from which a walk cannot go on.
    """
    sent, got = _masked(endpoint, response, request)
    sought = sought_of(known_secrets(response, request, *_names(endpoint)))
    kept = tuple(
        Problem(cleared_of(problem.path, sought), cleared_of(problem.message, sought))
        for problem in problems
    )
    return Undecodable(endpoint.name, sent, got, kept, walked)


def not_answered(
    name: str, sent: Request | None, response: Response
) -> Rejected | UnexpectedStatus:
    """The error that a status other than 2xx comes to.

    :param name: the endpoint's name; empty for a request outside the catalogue.
    :param sent: the request, with its secrets masked.
    :param response: the response, with its secrets masked.
    """
    if not 400 <= response.status < 600:
        return UnexpectedStatus(name, sent, response)
    refusal = read_refusal(response.status, response.content_type, response.body)
    wait = read_retry_after(response.headers.get("retry-after"), response.headers.get("date"))
    return Rejected(name, sent, response, refusal.detail, refusal.fields, wait)


def _read(
    endpoint: Endpoint[P, object], response: Response, reading: Reading
) -> Outcome[object, tuple[Problem, ...]]:
    plan = plan_of(endpoint.declaration)
    if reading.form == "response":
        return Success(response)
    if reading.form == "bytes" or plan.returns is bytes:
        return Success(response.body)
    if plan.may_be_empty and (not response.body or plan.returns is NoneType):
        return Success(None)
    if plan.bytes_among and (not response.body or "json" not in response.content_type):
        return Success(response.body)
    if plan.text_among and response.content_type.startswith("text/"):
        return Success(response.body.decode("utf-8", "replace"))
    if not response.body:
        return Failure((Problem("$", "the body is empty"),))
    match loads(cast("type[object]", plan.json_returns), response.body):  # any type form will do
        case Success() as decoded:
            return decoded
        case Failure(error):
            if reading.lenient:
                return Success(guesses(plan.json_returns, response.body))
            return Failure(_hinted(error.problems, response))


def _hinted(problems: tuple[Problem, ...], response: Response) -> tuple[Problem, ...]:
    coding = response.headers.get("content-encoding") or "identity"
    if coding.lower() != "identity":  # what a transport undoes is no longer said
        said = "the body is coded (Content-Encoding) in a way that nobody asked for"
        return (Problem("$", said), *problems)
    if not response.content_type or "json" in response.content_type:
        return problems
    said = f"the body is {response.content_type}, not JSON: is this a CVAT server?"
    return (Problem("$", said), *problems)


def _paired(value: object, response: Response, reading: Reading) -> object:
    for _ in range(reading.pairs):
        value = WithResponse(value, response)
    return value


def _masked(
    endpoint: Endpoint[..., object], response: Response, request: Request | None
) -> tuple[Request | None, Response]:
    names = _names(endpoint)
    sent = None if request is None else masked_request(request, names[0])
    return sent, masked_response(response, request, *names)


def _names(endpoint: Endpoint[..., object]) -> tuple[frozenset[str], frozenset[str]]:
    plan = plan_of(endpoint.declaration)
    return plan.sent_secrets, plan.answered_secrets


def _refused(
    endpoint: Endpoint[P, object], response: Response, request: Request | None
) -> Rejected | UnexpectedStatus:
    return not_answered(endpoint.name, *_masked(endpoint, response, request))
