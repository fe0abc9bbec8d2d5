"""What is drawn, as code: how Hypothesis prints it when a test fails.

Rule: what is printed can be pasted into a test. Fields that hold their default are left out.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import reduce
from typing import TypeVar

import attrs
from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter, for_type_by_name

from cvatfn.codecs.building import fields_of
from cvatfn.codecs.enums import OpenEnum
from cvatfn.codecs.files import File
from cvatfn.endpoints import Endpoint
from cvatfn.filters.filter import Filter
from cvatfn.messages import Request, Response

__all__ = ["built", "code", "code_of_endpoint", "named", "shown_as", "shown_by_fields"]

F = TypeVar("F", bound=Callable[..., object])
P = TypeVar("P")
T = TypeVar("T")


@st.composite
def built(draw: st.DrawFn, parts: st.SearchStrategy[P], make: Callable[[P], T]) -> T:
    """`parts.map(make)`, but what was made is shown as it is, and not as how it was made.

    :param parts: draws what it is made of.
    :param make: makes it.
    """
    return make(draw(parts))


def named(name: str) -> Callable[[F], F]:
    """Have Hypothesis show a strategy by the name of the public function that gives it.

    That function states the strategy's type itself: not every checker carries the type variables of
    a function through `composite`, and what is drawn would be of any type.

    :param name: the public function's.
    """

    def rename(function: F) -> F:
        function.__name__ = name
        return function

    return rename


def code(value: object) -> str:
    """The code of a value, on one line.

    :param value: anything that is drawn here.

    >>> from cvatfn.models import JobStage
    >>> code([JobStage.ANNOTATION, JobStage("new"), Response(204)])
    "[JobStage.ANNOTATION, JobStage('new'), Response(status=204)]"
    """
    printer = RepresentationPrinter()
    printer.max_width = sys.maxsize
    printer.pretty(value)
    return printer.getvalue()


def code_of_endpoint(endpoint: Endpoint[..., object]) -> str:
    """The code of an endpoint, after `from cvatfn.api import ...`.

    :param endpoint: any endpoint.

    >>> from cvatfn import lenient, limited, raw
    >>> from cvatfn.api import tasks
    >>> code_of_endpoint(raw(lenient(tasks.retrieve))), code_of_endpoint(limited(tasks.list, 3))
    ('raw(lenient(tasks.retrieve))', 'limited(tasks.list, 3)')
    """
    function = endpoint.declaration.function
    package, _, module = function.__module__.rpartition(".")
    own = function.__qualname__
    return reduce(
        lambda inner, wrap: f"{wrap[0]}({', '.join((inner, *map(repr, wrap[1:])))})",
        _wrappers(endpoint),
        f"{module}.{own}" if package == "cvatfn.api" else own,
    )


def _wrappers(endpoint: Endpoint[..., object]) -> list[tuple[object, ...]]:
    """The functions that made it of the declared one, with their options, the innermost first."""
    reading, walking = endpoint.reading, endpoint.walking
    said: list[tuple[bool, tuple[object, ...]]] = [
        (not reading.validated, ("unvalidated",)),
        (reading.content_type is not None, ("sending", reading.content_type)),
        (reading.lenient, ("lenient",)),
        (reading.form == "response", ("raw",)),
        (reading.form == "unchecked", ("unchecked",)),
        (reading.form == "bytes", ("accepting", reading.accept)),
        (walking.ahead > 0, ("prefetching", walking.ahead)),
        (walking.page_size is not None, ("in_pages_of", walking.page_size)),
        (walking.most is not None, ("limited", walking.most)),
    ]
    return [wrap for is_there, wrap in said if is_there] + [("with_response",)] * reading.pairs


def shown_as(kind: type[T], text: Callable[[T], str]) -> None:
    """Have Hypothesis show the instances of a class by a text.

    :param kind: the class.
    :param text: the code of an instance.
    """

    def show(value: T, printer: RepresentationPrinter, cycle: bool) -> None:
        printer.text("..." if cycle else text(value))

    for_type_by_name(kind.__module__, kind.__name__, show)


def shown_by_fields(kind: type) -> None:
    """Have Hypothesis show the instances of an attrs class by the fields that were given.

    :param kind: the class.
    """
    for_type_by_name(kind.__module__, kind.__name__, _show_fields)


def _show_fields(value: object, printer: RepresentationPrinter, cycle: bool) -> None:
    with printer.group(4, f"{type(value).__name__}(", ")"):
        for index, (name, held) in enumerate([] if cycle else _given(value)):
            if index:
                printer.text(",")
                printer.breakable()
            printer.text(f"{name}=")
            printer.pretty(held)


def _given(model: object) -> list[tuple[str, object]]:
    held = ((field, getattr(model, field.name)) for field in fields_of(type(model)) if field.init)
    return [(field.name, value) for field, value in held if not _is_default(field, value)]


def _is_default(field: attrs.Attribute[object], value: object) -> bool:
    default: object = field.default
    return type(value) is type(default) and value == default


def _member(member: OpenEnum) -> str:
    kind = type(member).__name__
    return f"{kind}.{member.name}" if member.is_known else f"{kind}({member.value!r})"


shown_as(OpenEnum, _member)
shown_as(Endpoint, code_of_endpoint)
shown_as(Filter, repr)
for _shown in (File, Request, Response):
    shown_by_fields(_shown)
