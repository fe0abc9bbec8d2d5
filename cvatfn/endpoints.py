"""An endpoint is a value: where it is, how it is asked, what it takes and what it answers.

An endpoint is declared by the signature of a function whose body is never run. Placement goes by
rule: a name in the path template is a path parameter, the parameter annotated with `Body` is the
body, the rest is the query; `Header` and `Query` state the exceptions. Declaring costs next to
nothing: the annotations are read, and the models they name imported, at the first use.

How an answer is read is a function from endpoint to endpoint (`raw`, `lenient`, ...), never a
parameter of the call.
"""

from __future__ import annotations

import inspect
import pickle
import re
import sys
from collections.abc import Callable, Mapping
from typing import (
    Annotated,
    Final,
    Generic,
    Literal,
    ParamSpec,
    TypeAlias,
    TypeVar,
    final,
    get_args,
    get_origin,
    get_type_hints,
)

from attrs import evolve, field, fields_dict, frozen
from typing_extensions import override

from cvatfn.codecs.unset import UNSET
from cvatfn.forking import making
from cvatfn.messages import Response

__all__ = [
    "Answer",
    "Body",
    "Endpoint",
    "Header",
    "Parameter",
    "Query",
    "RequestBody",
    "Verb",
    "WithResponse",
    "accepting",
    "at_most",
    "delete",
    "get",
    "lenient",
    "patch",
    "post",
    "put",
    "raw",
    "sending",
    "unchecked",
    "unvalidated",
    "with_response",
]

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

CVAT_JSON: Final = "application/vnd.cvat+json"
"""The one media type in which CVAT answers JSON; `application/json` is refused with 406."""

Login: TypeAlias = Literal["basic", "token", "access_token", "session", "anonymous"]
ALL_LOGINS: Final[tuple[Login, ...]] = ("basic", "token", "access_token", "session")

Place: TypeAlias = Literal["path", "query", "header"]


@frozen
class Query:
    """Mark a parameter of the query: its name on the wire and the releases that know it.

    :param name: the name on the wire, where it is not the Python name.
    :param since: the first release of CVAT that takes it, such as `"2.48.1"`.
    :param until: the last one.
    :param deprecated: whether CVAT advises against it.
    """

    name: str | None = None
    since: str | None = field(default=None, kw_only=True)
    until: str | None = field(default=None, kw_only=True)
    deprecated: bool = field(default=False, kw_only=True)


@frozen
class Header:
    """Mark a parameter that travels as a header field.

    :param name: the field's name, such as `"X-Organization"`.
    :param since: the first release of CVAT that takes it.
    :param until: the last one.
    :param deprecated: whether CVAT advises against it.
    """

    name: str
    since: str | None = field(default=None, kw_only=True)
    until: str | None = field(default=None, kw_only=True)
    deprecated: bool = field(default=False, kw_only=True)


@frozen(init=False)
class Body:
    """Mark the parameter that is the body.

    :param content_types: the media types the endpoint takes; JSON where none is given.
    """

    content_types: tuple[str, ...]

    def __init__(self, *content_types: str) -> None:
        object.__setattr__(self, "content_types", content_types or ("application/json",))


@frozen
class Parameter:
    """A parameter of an endpoint, as data.

    :param name: its Python name.
    :param wire_name: its name in the request.
    :param place: where in the request it goes.
    :param required: whether a call must give it.
    :param type: what it takes, with its limits as `Annotated[..., Meta(...)]`.
    :param since: the first release that takes it, where that is not the endpoint's own.
    :param until: the last release that takes it.
    :param deprecated: whether CVAT advises against it.
    :param default: what is sent where a call does not give it; `UNSET` for nothing.
    """

    name: str
    wire_name: str
    place: Place
    required: bool
    type: object
    since: str | None = None
    until: str | None = None
    deprecated: bool = False
    default: object = UNSET


@frozen
class RequestBody:
    """The body of an endpoint, as data.

    :param name: its Python name.
    :param type: what it takes: a model, its dict twin, or both.
    :param required: whether a call must give it.
    :param content_types: the media types the endpoint takes, the preferred one first.
    """

    name: str
    type: object
    required: bool
    content_types: tuple[str, ...]


@frozen
class Answer:
    """What an endpoint answers with one status, as data.

    :param status: the status code.
    :param type: what the body holds; `None` where there is none to read, `bytes` for a file.
    :param content_types: the media types it may come in.
    """

    status: int
    type: object
    content_types: tuple[str, ...]


@frozen
class WithResponse(Generic[T_co]):
    """A value together with the response it was read from.

    :param value: what the endpoint answers.
    :param response: the response, with its status and headers.
    """

    value: T_co
    response: Response


@frozen
class Reading:
    """How an endpoint's parameters are checked and its answer is read."""

    form: Literal["value", "response", "unchecked", "bytes"] = "value"
    pairs: int = 0
    lenient: bool = False
    validated: bool = True
    accept: str | None = None
    content_type: str | None = None
    max_body: int | None = None


@frozen
class Walking:
    """How the pages of a listing are walked.

    :param ahead: how many pages are asked for before they are needed; 0 for none.
    :param page_size: how many items a page is to have; `None`: nobody said.
    :param most: how many items are wanted in all; `None`: all there are.
    """

    ahead: int = 0
    page_size: int | None = None
    most: int | None = None


@frozen
class Facts:
    """What a declaration states beside the signature."""

    method: str
    path: str
    status: tuple[int, ...]
    errors: tuple[tuple[int, str | None], ...]
    produces: tuple[str, ...]
    logins: tuple[Login, ...]
    since: str | None
    until: str | None
    deprecated: bool


@frozen
class Signature:
    """A declaration's annotations, resolved."""

    parameters: tuple[Parameter, ...]
    body: RequestBody | None
    answers: tuple[Answer, ...]
    positional: tuple[str, ...]
    returns: object


@final
class Declaration:
    """A declared function and its facts; compares by identity, pickles by name as functions do."""

    def __init__(self, function: Callable[..., object], facts: Facts) -> None:
        self.function: Final = function
        self.facts: Final = facts
        self._signature: Signature | None = None

    @property
    def name(self) -> str:
        """The last part of the module and the function's name, such as `tasks.retrieve`."""
        module = self.function.__module__.rpartition(".")[2]
        return f"{_unescaped(module)}.{_unescaped(self.function.__name__)}"

    @property
    def signature(self) -> Signature:
        """The resolved annotations; this imports the models that they name."""
        found = self._signature
        if found is None:
            with making():
                found = self._signature = _signature(self.function, self.facts)
        return found

    @override
    def __reduce__(self) -> tuple[Callable[[str, str], Declaration], tuple[str, str]]:
        module, name = self.function.__module__, self.function.__qualname__
        if _declared(module, name) is not self:
            raise pickle.PicklingError(
                f"endpoint {self.name} is not found as {module}.{name}; "
                "declare it at the top of a module to pickle it"
            )
        return _declared_at, (module, name)


@final
@frozen(repr=False)
class Endpoint(Generic[P, T_co]):
    """One operation of the API as an immutable value: hashable, picklable, introspectable.

    Made by `get`, `post`, `put`, `patch` and `delete`; sent by `cvatfn.call`.

    >>> from cvatfn.api import tasks
    >>> tasks.retrieve.name, tasks.retrieve.method, tasks.retrieve.path
    ('tasks.retrieve', 'GET', '/api/tasks/{id}')
    >>> [parameter.name for parameter in tasks.retrieve.parameters]
    ['id']
    """

    declaration: Declaration
    reading: Reading = Reading()
    walking: Walking = Walking()

    @property
    def name(self) -> str:
        """The endpoint's name, such as `tasks.retrieve`."""
        return self.declaration.name

    @property
    def method(self) -> str:
        """The HTTP method, in upper case."""
        return self.declaration.facts.method

    @property
    def path(self) -> str:
        """The path template, such as `/api/tasks/{id}`."""
        return self.declaration.facts.path

    @property
    def doc(self) -> str:
        """What the declaration's docstring says."""
        return inspect.getdoc(self.declaration.function) or ""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters of path, query and headers, in the order of the signature."""
        return self.declaration.signature.parameters

    @property
    def body(self) -> RequestBody | None:
        """The body, or `None` where the endpoint takes none."""
        return self.declaration.signature.body

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The documented answers, by status."""
        return self.declaration.signature.answers

    @property
    def logins(self) -> tuple[Login, ...]:
        """The kinds of login that the endpoint takes; `anonymous` where it takes none, too."""
        return self.declaration.facts.logins

    @property
    def since(self) -> str | None:
        """The first release of CVAT with this endpoint; `None`: older than the ledger."""
        return self.declaration.facts.since

    @property
    def until(self) -> str | None:
        """The last release of CVAT with this endpoint; `None`: it lives."""
        return self.declaration.facts.until

    @property
    def deprecated(self) -> bool:
        """Whether CVAT advises against using it."""
        return self.declaration.facts.deprecated

    @override
    def __repr__(self) -> str:
        signature = inspect.signature(self.declaration.function)
        names = ", ".join(signature.parameters)
        changed = [
            f"{key}={getattr(how, key)!r}"
            for how, usual in ((self.reading, Reading()), (self.walking, Walking()))
            for key in fields_dict(type(how))
            if getattr(how, key) != getattr(usual, key)
        ]
        answer = signature.return_annotation
        said = answer if isinstance(answer, str) else getattr(answer, "__name__", repr(answer))
        return (
            f"<Endpoint {self.name}({names}) {self.method} {self.path} -> {said}"
            f"{''.join(f' {change}' for change in changed)}>"
        )


@final
@frozen
class Verb:
    """A decorator that makes an `Endpoint` of a function's signature; one for each HTTP method.

    :param method: the HTTP method, in upper case.
    :param usual: the status of its answer, where a declaration states no other.

    >>> from cvatfn.models import TaskRead
    >>> @get("/api/tasks/{id}")
    ... def retrieve(id: int) -> TaskRead: ...
    >>> retrieve.answers[0].status, retrieve.answers[0].type.__name__
    (200, 'TaskRead')
    """

    method: str
    usual: int

    def __call__(
        self,
        path: str,
        /,
        *,
        status: int | tuple[int, ...] | None = None,
        errors: Mapping[int, str | None] | None = None,
        produces: str | tuple[str, ...] = CVAT_JSON,
        logins: tuple[Login, ...] = ALL_LOGINS,
        since: str | None = None,
        until: str | None = None,
        deprecated: bool = False,
    ) -> Callable[[Callable[P, T]], Endpoint[P, T]]:
        """State what the signature of the decorated function cannot say.

        :param path: the path template; a name in braces is a path parameter.
        :param status: the statuses of an answer.
        :param errors: documented 4xx statuses and, as text, the type of their body if it has one.
        :param produces: the media types of the answer, the one to ask for first.
        :param logins: the kinds of login it takes.
        :param since: the first release of CVAT that has it.
        :param until: the last one.
        :param deprecated: whether CVAT advises against it.
        """
        stated = self.usual if status is None else status
        facts = Facts(
            self.method,
            path,
            (stated,) if isinstance(stated, int) else stated,
            tuple((errors or {}).items()),
            (produces,) if isinstance(produces, str) else produces,
            logins,
            since,
            until,
            deprecated,
        )

        def declare(function: Callable[P, T]) -> Endpoint[P, T]:
            return Endpoint(Declaration(function, facts))

        return declare


get: Final = Verb("GET", 200)
"""Declare an endpoint that reads."""
post: Final = Verb("POST", 201)
"""Declare an endpoint that creates or starts something."""
put: Final = Verb("PUT", 200)
"""Declare an endpoint that replaces something."""
patch: Final = Verb("PATCH", 200)
"""Declare an endpoint that changes a part of something."""
delete: Final = Verb("DELETE", 204)
"""Declare an endpoint that removes something."""


def raw(endpoint: Endpoint[P, object]) -> Endpoint[P, Response]:
    """Answer the response itself; its status is still checked.

    :param endpoint: any endpoint.

    >>> from cvatfn.api import tasks
    >>> raw(tasks.retrieve).reading.form
    'response'
    """
    return Endpoint(endpoint.declaration, evolve(endpoint.reading, form="response", pairs=0))


def unchecked(endpoint: Endpoint[P, object]) -> Endpoint[P, Response]:
    """Answer the response itself, whatever its status.

    :param endpoint: any endpoint.
    """
    return Endpoint(endpoint.declaration, evolve(endpoint.reading, form="unchecked", pairs=0))


def with_response(endpoint: Endpoint[P, T]) -> Endpoint[P, WithResponse[T]]:
    """Answer the value together with its response, for status, headers and raw bytes.

    :param endpoint: any endpoint.
    """
    return Endpoint(
        endpoint.declaration, evolve(endpoint.reading, pairs=endpoint.reading.pairs + 1)
    )


def lenient(endpoint: Endpoint[P, T]) -> Endpoint[P, T]:
    """Read an answer as well as it goes, instead of refusing one that does not fit its type.

    Fields that do not fit keep the JSON they came as, missing ones are `UNSET`: the types are then
    a hope, not a promise.

    :param endpoint: any endpoint.
    """
    return evolve(endpoint, reading=evolve(endpoint.reading, lenient=True))


def unvalidated(endpoint: Endpoint[P, T]) -> Endpoint[P, T]:
    """Send parameters and body as given, without checking them against their types and limits.

    What cannot be put on the wire at all is still refused.

    :param endpoint: any endpoint.
    """
    return evolve(endpoint, reading=evolve(endpoint.reading, validated=False))


def accepting(endpoint: Endpoint[P, object], content_type: str, /) -> Endpoint[P, bytes]:
    """Ask for another media type; the answer is its bytes.

    :param endpoint: any endpoint.
    :param content_type: what to put into `Accept`, such as `text/csv`.
    """
    reading = evolve(endpoint.reading, accept=content_type, form="bytes", pairs=0)
    return Endpoint(endpoint.declaration, reading)


def at_most(endpoint: Endpoint[P, T], size: int, /) -> Endpoint[P, T]:
    """Take an answer of at most so many bytes; a larger one is `TooLarge`, found out on the way.

    It takes the place of the endpoint's own limit: 16 MiB where the answer has no list, no file and
    no open JSON in it, none for any other. `max_body` of `connect` holds in any case. Of a refusal
    at most 16 MiB are read, whatever this says.

    :param endpoint: any endpoint.
    :param size: bytes, once decoded.
    :raises ValueError: the size is negative.

    >>> from cvatfn import prepare
    >>> from cvatfn.api import tasks
    >>> prepare(at_most(tasks.retrieve_annotations, 1 << 20), 7).unwrap().max_body
    1048576
    """
    if size < 0:
        raise ValueError(f"an answer has at least no bytes, not {size}")
    return evolve(endpoint, reading=evolve(endpoint.reading, max_body=size))


def sending(endpoint: Endpoint[P, T], content_type: str, /) -> Endpoint[P, T]:
    """Send the body in another of the media types that the endpoint takes.

    :param endpoint: an endpoint with a body.
    :param content_type: `application/json` or `multipart/form-data`.
    """
    return evolve(endpoint, reading=evolve(endpoint.reading, content_type=content_type))


def _unescaped(name: str) -> str:
    """A Python name without the underscore that keeps it apart from a keyword or a builtin."""
    return name if name.endswith("__") else name.removesuffix("_")


def _declared(module: str, name: str) -> Declaration | None:
    found: object = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found.declaration if isinstance(found, Endpoint) else None


def _declared_at(module: str, name: str) -> Declaration:
    __import__(module)
    found = _declared(module, name)
    if found is None:
        raise pickle.UnpicklingError(f"{module}.{name} is no endpoint here")
    return found


_VARIADIC: Final = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
_IN_BRACES: Final = re.compile(r"{(\w+)}")


def _signature(function: Callable[..., object], facts: Facts) -> Signature:
    hints: dict[str, object] = get_type_hints(function, include_extras=True)
    in_path = frozenset(_IN_BRACES.findall(facts.path))
    signature = inspect.signature(function)
    unsaid = [name for name in (*signature.parameters, "return") if name not in hints]
    variadic = [given.name for given in signature.parameters.values() if given.kind in _VARIADIC]
    if unsaid or variadic:
        wrong = (
            f"no annotation of {unsaid}" if unsaid else f"{variadic}: an endpoint takes no * or **"
        )
        raise TypeError(f"{function.__module__}.{function.__qualname__}: {wrong}")
    parameters: list[Parameter] = []
    body: RequestBody | None = None
    for name, given in signature.parameters.items():
        required = given.default is inspect.Parameter.empty
        kind, marker = _unmarked(hints[name])
        if not isinstance(marker, Body):
            default: object = UNSET if required or given.default is None else given.default
            stated = _parameter(name, kind, required, marker, in_path)
            parameters.append(evolve(stated, default=default))
        elif body is None:
            body = RequestBody(name, kind, required, marker.content_types)
        else:
            raise TypeError(f"{function.__module__}.{function.__qualname__}: there are two bodies")
    lacking = in_path - {each.wire_name for each in parameters}
    if lacking:
        raise TypeError(
            f"{function.__module__}.{function.__qualname__}: the path {facts.path} names "
            f"{sorted(lacking)}, the signature does not"
        )
    return Signature(
        parameters=tuple(parameters),
        body=body,
        answers=_answers(function, facts, hints["return"]),
        positional=tuple(
            name
            for name, given in signature.parameters.items()
            if given.kind is not inspect.Parameter.KEYWORD_ONLY
        ),
        returns=hints["return"],
    )


def _unmarked(hint: object) -> tuple[object, Body | Query | Header | None]:
    """Part an annotation into its type, with its limits, and the marker of its place."""
    if get_origin(hint) is not Annotated:
        return hint, None
    kind, *extras = get_args(hint)
    markers = [extra for extra in extras if isinstance(extra, Body | Query | Header)]
    limits = [extra for extra in extras if not isinstance(extra, Body | Query | Header)]
    for limit in limits:
        kind = Annotated[kind, limit]
    return kind, markers[0] if markers else None


def _parameter(
    name: str,
    kind: object,
    required: bool,
    marker: Query | Header | None,
    in_path: frozenset[str],
) -> Parameter:
    wire_name = name if marker is None or marker.name is None else marker.name
    place: Place = "header" if isinstance(marker, Header) else "query"
    return Parameter(
        name,
        wire_name,
        "path" if wire_name in in_path else place,
        required,
        kind,
        marker.since if marker else None,
        marker.until if marker else None,
        marker.deprecated if marker else False,
    )


def _answers(function: Callable[..., object], facts: Facts, returns: object) -> tuple[Answer, ...]:
    space: dict[str, object] = getattr(function, "__globals__", {})
    documented = [
        Answer(status, None if text is None else _named(text, space), facts.produces)
        for status, text in facts.errors
    ]
    # NoneType is how an annotation says None; data says it with None itself.
    answer = None if returns is type(None) else returns
    return (*(Answer(status, answer, facts.produces) for status in facts.status), *documented)


def _named(text: str, space: Mapping[str, object]) -> object:
    """Look up a dotted name, such as `models.RqId`, in a module's names."""
    first, *rest = text.split(".")
    found = space[first]
    for part in rest:
        found = getattr(found, part)
    return found
