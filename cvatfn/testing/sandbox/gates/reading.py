"""A request, read back: the mirror of `cvatfn.prepare`.

Rule: for every endpoint, what `prepare` wrote of some parameters is read as the same parameters.
Unknown query parameters, headers and body fields are passed over, as CVAT does; what is there has
to fit its type and limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, cast, get_args

from attrs import frozen
from typing_extensions import override

from cvatfn.codecs.bodies import sent_kind
from cvatfn.codecs.files import Content
from cvatfn.codecs.json import loads
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.codecs.multipart import MULTIPART
from cvatfn.codecs.params import param_codec
from cvatfn.codecs.problems import Problem
from cvatfn.codecs.unset import UNSET
from cvatfn.endpoints import Endpoint, Parameter, RequestBody
from cvatfn.messages import Request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.gates.forms import read_form
from cvatfn.testing.sandbox.gates.routing import path_texts

__all__ = ["Params", "Unreadable", "read_request"]

Params: TypeAlias = Mapping[str, object]
"""An endpoint's parameters by name; what was not sent is not in it."""

REQUIRED: Final = "This field is required."


@frozen
class Unreadable:
    """One thing of a request that could not be read.

    :param place: where in the request.
    :param path: the parameter's wire name, or a JSON path into the body.
    :param message: what is wrong.

    >>> print(Unreadable("query", "page", "expected int, got 'x'"))
    query page: expected int, got 'x'
    """

    place: Literal["path", "query", "header", "body", "media type", "JSON"]
    path: str
    message: str

    @override
    def __str__(self) -> str:
        return f"{self.place} {self.path}: {self.message}"


def read_request(
    endpoint: Endpoint[..., object], request: Request
) -> Outcome[Params, tuple[Unreadable, ...]]:
    """Read a request as an endpoint's parameters; pure.

    :param endpoint: what was asked.
    :param request: the request, as the server got it.
    :returns: the parameters by name, bodies as models; or everything that could not be read.

    >>> from cvatfn import prepare
    >>> from cvatfn.api import tasks
    >>> read_request(tasks.list, prepare(tasks.list, page=2, search="a b").unwrap()).unwrap()
    {'page': 2, 'search': 'a b'}
    """
    values: dict[str, object] = {}
    problems: list[Unreadable] = []
    in_path = path_texts(endpoint.path, request)
    for parameter in endpoint.parameters:
        match _parameter(parameter, request, in_path):
            case Failure(wrong):
                problems.append(Unreadable(parameter.place, parameter.wire_name, wrong))
            case Success(value) if value is not UNSET:
                values[parameter.name] = value
            case Success():
                pass
    if endpoint.body is not None:
        match _body(endpoint.body, request):
            case Failure(wrong_ones):
                problems.extend(wrong_ones)
            case Success(value) if value is not UNSET:
                values[endpoint.body.name] = value
            case Success():
                pass
    return Failure(tuple(problems)) if problems else Success(values)


def _parameter(
    parameter: Parameter, request: Request, in_path: Mapping[str, str]
) -> Outcome[object, str]:
    texts = _texts(parameter, request, in_path)
    if not texts:
        return Failure(REQUIRED) if parameter.required else Success(UNSET)
    if parameter.place == "header" and bool in get_args(parameter.type):
        return Success(True)
    codec = param_codec(parameter.type)
    match codec.decode(texts):
        case Success() as decoded:
            return _within_limits(parameter, decoded)
        case Failure() as wrong:
            # cvat-sdk and browsers write Python's and JavaScript's booleans
            lowered = tuple(_BOOLEANS.get(text, text) for text in texts)
            return wrong if lowered == texts else codec.decode(lowered)


_BOOLEANS: Final = {"True": "true", "False": "false"}


def _within_limits(parameter: Parameter, decoded: Success[object]) -> Outcome[object, str]:
    match param_codec(parameter.type).encode(decoded.unwrap()):
        case Failure() as wrong:
            return wrong
        case Success():
            return decoded


def _texts(parameter: Parameter, request: Request, in_path: Mapping[str, str]) -> tuple[str, ...]:
    match parameter.place:
        case "path":
            return (in_path[parameter.wire_name],) if parameter.wire_name in in_path else ()
        case "query":
            return tuple(value for name, value in request.query if name == parameter.wire_name)
        case "header":
            return request.headers.all(parameter.wire_name)[:1]


def _body(body: RequestBody, request: Request) -> Outcome[object, tuple[Unreadable, ...]]:
    said = request.headers.get("content-type") or ""
    media_type = said.partition(";")[0].strip().lower()
    if isinstance(request.body, Content):
        wrong = "is still to be read from its sources: `cvatfn.transport.gathered` does so"
        return Failure((Unreadable("body", "$", wrong),))
    if not request.body:
        return _json(body, b"{}") if body.required else Success(UNSET)
    if media_type == MULTIPART and MULTIPART in body.content_types:
        return _form(body, said, request.body)
    if media_type in body.content_types or media_type.endswith("+json"):
        return _json(body, request.body)
    wrong = f'Unsupported media type "{media_type}" in request.'
    return Failure((Unreadable("media type", "Content-Type", wrong),))


def _json(body: RequestBody, content: bytes) -> Outcome[object, tuple[Unreadable, ...]]:
    kind = sent_kind(body.type)
    if kind is bytes:
        return Success(content)
    match loads(cast("type[object]", kind), content):  # any type form will do
        case Success() as decoded:
            return decoded
        case Failure(error) if _is_json(content):
            return Failure(_in_body(error.problems))
        case Failure(error):
            return Failure((Unreadable("JSON", "$", error.problems[0].message),))


def _form(
    body: RequestBody, content_type: str, content: bytes
) -> Outcome[object, tuple[Unreadable, ...]]:
    kind = sent_kind(body.type)
    if not isinstance(kind, type):
        return Failure((Unreadable("media type", "Content-Type", "no form fits this body"),))
    match read_form(kind, content_type, content):
        case Success() as decoded:
            return decoded
        case Failure(problems):
            return Failure(_in_body(problems))


def _is_json(content: bytes) -> bool:
    return isinstance(loads(JSON, content), Success)


def _in_body(problems: tuple[Problem, ...]) -> tuple[Unreadable, ...]:
    return tuple(
        Unreadable(
            "body", problem.path, REQUIRED if problem.message == _MISSING else problem.message
        )
        for problem in problems
    )


_MISSING: Final = "is missing"
"""What the library says of a field that has to be there; CVAT says it otherwise."""
