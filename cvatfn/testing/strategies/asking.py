"""From an endpoint to what it takes, and from the catalogue to calls.

Rule: none of the parameters is refused by `prepare`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Generic, TypeAlias, Union, cast, final, get_args

from attrs import field, frozen
from hypothesis import strategies as st
from typing_extensions import TypeVar, override

from cvatfn.calling import call
from cvatfn.codecs.building import plain
from cvatfn.codecs.kinds import is_union
from cvatfn.codecs.multipart import form, holds_file
from cvatfn.codecs.params import path_segment
from cvatfn.codecs.remembering import remembered
from cvatfn.codecs.unset import Unset
from cvatfn.endpoints import Endpoint, Parameter
from cvatfn.errors import CallError, InvalidParams
from cvatfn.finding import catalogue
from cvatfn.messages import Request
from cvatfn.outcome import Outcome, Success
from cvatfn.preparing import prepare
from cvatfn.testing.strategies.fitting import fitting
from cvatfn.testing.strategies.plain import HEADER
from cvatfn.testing.strategies.showing import code, code_of_endpoint, named, shown_as
from cvatfn.transport.types import Transport

__all__ = ["Call", "calls", "params"]

T = TypeVar("T", default=object)
T_co = TypeVar("T_co", covariant=True)

Drawn: TypeAlias = st.SearchStrategy[object]
AnyEndpoint: TypeAlias = Endpoint[..., object]


@final
@frozen(repr=False)
class Call(Generic[T_co]):
    """An endpoint with parameters that fit it; it is shown as the code that would send it.

    :param endpoint: which operation.
    :param params: its parameters by name, the body among them.

    >>> from cvatfn.api import tasks
    >>> from cvatfn.testing.sandbox import Sandbox, World
    >>> asked = Call(tasks.list, {"page_size": "all"})
    >>> asked
    tasks.list(page_size='all')
    >>> asked.request.unwrap().target
    '/api/tasks?page_size=all'
    >>> asked.send(Sandbox(World.empty())).failure().status
    401
    """

    endpoint: Endpoint[..., T_co]
    params: Mapping[str, object] = field(hash=False)

    @property
    def request(self) -> Outcome[Request, InvalidParams]:
        """What is sent, as `prepare` makes it."""
        return prepare(self.endpoint, **self.params)

    def send(self, transport: Transport) -> Outcome[T_co, CallError]:
        """Ask the endpoint: `call(transport, endpoint, **params)`.

        :param transport: what sends.
        :returns: the answer, or any error as a value.
        """
        return call(transport, self.endpoint, **self.params)

    @override
    def __repr__(self) -> str:
        given = ", ".join(f"{name}={code(value)}" for name, value in self.params.items())
        return f"{code_of_endpoint(self.endpoint)}({given})"


shown_as(Call, repr)


@st.composite
def params(draw: st.DrawFn, endpoint: AnyEndpoint, /, **given: Drawn) -> dict[str, object]:
    """Draw parameters that an endpoint takes, the body among them; none is refused by `prepare`.

    :param endpoint: any endpoint.
    :param given: draws a parameter in one's own way; it is never left out then.
    :raises TypeError: the endpoint has no parameter of such a name.

    >>> from hypothesis import find
    >>> from hypothesis import strategies as st
    >>> from cvatfn.api import tasks
    >>> find(params(tasks.list), lambda given: "page" in given)
    {'page': 0}
    >>> find(params(tasks.retrieve, id=st.integers(1, 9)), lambda given: True)
    {'id': 1}
    >>> params(tasks.list)
    params(tasks.list)
    """
    return draw(_params(endpoint, given) if given else _own_params(endpoint))


def calls(
    endpoints: Iterable[Endpoint[..., T]] | None = None, /, **given: Drawn
) -> st.SearchStrategy[Call[T]]:
    """Draw calls: an endpoint, and parameters that it takes.

    :param endpoints: which endpoints; the whole catalogue unless given.
    :param given: draws a parameter in one's own way, where an endpoint has one of that name.

    >>> from hypothesis import find
    >>> from hypothesis import strategies as st
    >>> from cvatfn.api import jobs, tasks
    >>> find(calls([tasks.list]), lambda asked: "page" in asked.params)
    tasks.list(page=0)
    >>> find(calls([jobs.retrieve, tasks.retrieve], id=st.integers(1, 9)), lambda asked: True)
    jobs.retrieve(id=1)
    """
    return _calls(endpoints, **given)


@st.composite
@named("calls")
def _calls(
    draw: st.DrawFn, endpoints: Iterable[Endpoint[..., T]] | None, /, **given: Drawn
) -> Call[T]:
    endpoint = draw(st.sampled_from(_chosen(endpoints)))
    own = {name: drawn for name, drawn in given.items() if name in _names(endpoint)}
    return Call(endpoint, draw(params(endpoint, **own)))


__test__: Final[dict[str, object]] = {made.__name__: made for made in (params,)}
"""The decorator hides their examples from doctest."""


def _chosen(endpoints: Iterable[Endpoint[..., T]] | None) -> tuple[Endpoint[..., T], ...]:
    if endpoints is not None:
        return tuple(endpoints)
    return cast("tuple[Endpoint[..., T], ...]", tuple(catalogue()))  # `T` is `object` then


def _names(endpoint: AnyEndpoint) -> frozenset[str]:
    names = [parameter.name for parameter in endpoint.parameters]
    return frozenset(names if endpoint.body is None else [*names, endpoint.body.name])


@remembered
def _own_params(endpoint: AnyEndpoint) -> st.SearchStrategy[dict[str, object]]:
    return _params(endpoint, {})


def _params(
    endpoint: AnyEndpoint, given: Mapping[str, Drawn]
) -> st.SearchStrategy[dict[str, object]]:
    unknown = given.keys() - _names(endpoint)
    if unknown:
        raise TypeError(f"{endpoint.name} takes no {', '.join(sorted(unknown))}")
    taken = [(each.name, each.required, _param(each)) for each in endpoint.parameters]
    if endpoint.body is not None:
        body = fitting(_present(endpoint.body.type)).filter(_fits_body)
        taken.append((endpoint.body.name, endpoint.body.required, body))
    required = {name: drawn for name, needed, drawn in taken if needed or name in given}
    optional = {name: drawn for name, _, drawn in taken if name not in required}
    return st.fixed_dictionaries({**required, **given}, optional=optional)


def _param(parameter: Parameter) -> Drawn:
    if parameter.place == "header" and str in plain(parameter.type):
        return HEADER
    drawn = fitting(_present(parameter.type))
    if parameter.place == "path":
        return drawn.filter(lambda value: isinstance(path_segment(str(value)), Success))
    return drawn


def _present(annotation: object) -> object:
    """A type without `Unset`: what need not be given is left out instead."""
    if not is_union(annotation):
        return annotation
    return Union[tuple(part for part in get_args(annotation) if part is not Unset)]  # noqa: UP007


def _fits_body(value: object) -> bool:
    """A file goes as a form, and a form carries nothing nested."""
    return not holds_file(value) or isinstance(form(value), Success)
