"""What a handler says: an answer or a refusal, both as values; how they become responses.

Rule: a refusal is data until the last moment, and leaves the world as it was. Bodies go out through
the library's own encoder, as `application/vnd.cvat+json` and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from attrs import field, frozen

from cvatfn.codecs.json import dumps
from cvatfn.codecs.problems import Problem
from cvatfn.endpoints import CVAT_JSON
from cvatfn.messages import Headers, Response
from cvatfn.outcome import Failure

__all__ = [
    "Answer",
    "Refusal",
    "answer_response",
    "conflicting",
    "forbidden",
    "invalid",
    "missing",
    "no_such",
    "not_there",
    "page_not_found",
    "refusal_response",
    "refused",
    "server_error",
    "unbuilt",
    "wrong_fields",
]

Steps: TypeAlias = tuple[str | int, ...]
Fields: TypeAlias = tuple[tuple[str, str], ...]


@frozen
class Answer:
    """What an endpoint answers.

    :param value: a model, bytes, or `None` for no body.
    :param status: the status code.
    :param headers: fields beside the usual ones.
    :param content_type: of bytes; anything else is JSON.
    """

    value: object
    status: int = 200
    headers: Fields = ()
    content_type: str = "application/octet-stream"


@frozen
class Refusal:
    """Why a request is not granted.

    :param status: the status code.
    :param body: what JSON says of it: an object, a list of texts or a text; bytes are a page.
    :param headers: fields beside the usual ones.
    """

    status: int
    body: object = field(hash=False)
    headers: Fields = ()


def refused(status: int, detail: str, *headers: tuple[str, str]) -> Failure[Refusal]:
    """Refuse with a sentence.

    >>> refused(404, "Not found.").failure().body
    {'detail': 'Not found.'}
    """
    return Failure(Refusal(status, {"detail": detail}, headers))


def missing(kind: str) -> Failure[Refusal]:
    """Refuse because nothing of that id is there.

    :param kind: CVAT's name of the kind, such as `Task`.
    """
    return refused(404, f"No {kind} matches the given query.")


def forbidden() -> Failure[Refusal]:
    """Refuse because the person may not."""
    return refused(403, "You do not have permission to perform this action.")


def invalid(*messages: str, **fields: str) -> Failure[Refusal]:
    """Refuse what was sent: as a list of sentences, or by fields.

    >>> invalid("No.").failure().body, invalid(name="Too long.").failure().body
    (['No.'], {'name': ['Too long.']})
    """
    body: object = {name: [said] for name, said in fields.items()} if fields else [*messages]
    return Failure(Refusal(400, body))


def page_not_found(said: str) -> Failure[Refusal]:
    """Refuse as the web server behind CVAT's API does: by a page, not by JSON.

    :param said: what the page says.
    """
    return Failure(Refusal(404, said.encode()))


def server_error() -> Failure[Refusal]:
    """Break down where CVAT does: it says so with a page, and nothing has changed."""
    said = "<!doctype html><title>Server Error (500)</title><h1>Server Error (500)</h1>"
    return Failure(Refusal(500, said.encode()))


def conflicting(value: object) -> Failure[Refusal]:
    """Refuse because the same is under way; the body says which."""
    return Failure(Refusal(409, value))


def unbuilt(what: str) -> Failure[Refusal]:
    """Say honestly that the sandbox cannot do a thing yet."""
    return refused(501, f"The sandbox does not have {what}.")


def wrong_fields(problems: Iterable[Problem]) -> Failure[Refusal]:
    """Refuse a body by its fields, nested as the body was.

    :param problems: what is wrong, with JSON paths.

    >>> wrong_fields([Problem("$.labels[1].name", "is missing")]).failure().body
    {'labels': [{}, {'name': ['is missing']}]}
    """
    said = [
        (_steps(problem.path), _AS_DJANGO.get(problem.message, problem.message))
        for problem in problems
    ]
    return Failure(Refusal(400, _tree([(steps or _WHOLE, message) for steps, message in said])))


def answer_response(answer: Answer) -> Response:
    """The response that an answer comes to.

    :param answer: what the handler said.
    """
    value = answer.value
    if value is None:
        return Response(answer.status, Headers(answer.headers))
    if isinstance(value, bytes):
        kind = ("Content-Type", answer.content_type)
        return Response(answer.status, Headers((kind, *answer.headers)), value)
    return Response(answer.status, Headers((_JSON, *answer.headers)), dumps(value))


def refusal_response(refusal: Refusal) -> Response:
    """The response that a refusal comes to.

    :param refusal: why not.

    >>> refusal_response(Refusal(404, {"detail": "Not found."})).body
    b'{"detail":"Not found."}'
    """
    if isinstance(refusal.body, bytes):
        return Response(refusal.status, Headers((_PAGE, *refusal.headers)), refusal.body)
    return Response(refusal.status, Headers((_JSON, *refusal.headers)), dumps(refusal.body))


_JSON: Final = ("Content-Type", CVAT_JSON)
_PAGE: Final = ("Content-Type", "text/html; charset=utf-8")
_STEP: Final = re.compile(r"\.(\w+)|\['((?:[^'\\]|\\.)*)'\]|\[(\d+)\]")
_WHOLE: Final = ("non_field_errors",)
_MOST_ELEMENTS: Final = 1000
_AS_DJANGO: Final = {
    "is no URI": "Enter a valid URL.",
    "is no email address": "Enter a valid email address.",
    r"does not match ^[\w.@+-]+\Z": (
        "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ "
        "characters."
    ),
    r"does not match ^[-a-zA-Z0-9_]+\Z": (
        "Enter a valid \N{LEFT DOUBLE QUOTATION MARK}slug\N{RIGHT DOUBLE QUOTATION MARK} "
        "consisting of letters, numbers, underscores or hyphens."
    ),
}
"""What Django says where a text has not the form it should have."""


def _steps(path: str) -> Steps:
    """The parts of a JSON path.

    >>> _steps("$.labels[1].name")
    ('labels', 1, 'name')
    """
    return tuple(
        int(index) if index else name or quoted for name, quoted, index in _STEP.findall(path)
    )


def _tree(said: Sequence[tuple[Steps, str]]) -> object:
    """Messages hung into objects and lists, as deep as their paths go."""
    here = [message for steps, message in said if not steps]
    below: dict[str | int, list[tuple[Steps, str]]] = {}
    for steps, message in said:
        if steps:
            below.setdefault(steps[0], []).append((steps[1:], message))
    if not below:
        return here
    trees = {key: _tree(held) for key, held in below.items()}
    indices = [key for key in trees if isinstance(key, int)]
    nested = all(isinstance(tree, dict) for tree in trees.values())
    if nested and len(indices) == len(trees) and max(indices) < _MOST_ELEMENTS:
        return [trees.get(index, {}) for index in range(max(indices) + 1)]
    named = {str(key): tree for key, tree in trees.items()}
    return {**named, "non_field_errors": here} if here else named


def not_there(kind: str) -> Failure[Refusal]:
    """Refuse because a body names what there is not.

    :param kind: CVAT's name of the kind.
    """
    return invalid(f"{kind} matching query does not exist.")


def no_such(field: str, number: int) -> Failure[Refusal]:
    """Refuse because a field of a body has the id of what there is not.

    :param field: the field's name.
    :param number: the id.
    """
    return invalid(**{field: f'Invalid pk "{number}" - object does not exist.'})
