"""How a value can be looked at, by people and by programs: each way is a text to search."""

from __future__ import annotations

import copy
import pickle
import pprint
import reprlib
import traceback
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum

import attrs
from _pytest._io.saferepr import saferepr
from hypothesis.vendor.pretty import pretty
from rich.pretty import pretty_repr

from cvatfn import dumps, raise_on_failure
from cvatfn.codecs.plain import is_mapping, is_walkable
from cvatfn.errors import CallFailed
from cvatfn.outcome import Failure, Outcome

__all__ = ["by_hypothesis", "by_rich", "held_in", "of_error", "of_exception", "of_value"]


def of_value(value: object) -> Iterator[tuple[str, str]]:
    """What is shown of a value; of one that is data too, such as an answer or a login.

    :param value: the value.
    """
    yield "repr", repr(value)
    yield "str", str(value)
    yield "ascii", ascii(value)
    yield "format", format(value)
    yield "in a text", f"{value!r:>9}{value!s}{value!a}"
    yield "by %", "%r %s" % (value, value)  # noqa: UP031 - as `logging` does
    yield "in a list", repr([value, {"a": value}])
    yield "pprint", pprint.pformat(value)
    yield "reprlib", reprlib.repr(value)
    yield "pytest", saferepr(value)


def by_rich(value: object) -> Iterator[tuple[str, str]]:
    """What rich makes of it, which looks at the `repr` of fields, past that of the whole.

    :param value: the value.
    """
    yield "rich", pretty_repr(value)


def by_hypothesis(value: object) -> Iterator[tuple[str, str]]:
    """What Hypothesis makes of it, which looks past every `repr`: data are shown as code.

    :param value: an error, or a login: nothing that is drawn.
    """
    yield "Hypothesis", pretty(value)


def of_error(error: object) -> Iterator[tuple[str, str | bytes]]:
    """All that can be got out of an error: it is not to hold a secret, whatever is done with it.

    :param error: the error.
    """
    yield from of_value(error)
    yield from by_rich(error)
    yield from by_hypothesis(error)
    yield from held_in(error)
    yield "pickle", pickle.dumps(error)
    yield "a pickled copy", repr(pickle.loads(pickle.dumps(error)))  # noqa: S301 - our own
    yield "copy", pickle.dumps(copy.deepcopy(copy.copy(error)))
    if attrs.has(type(error)):
        yield "asdict", repr(attrs.asdict(error))  # type: ignore[arg-type]  # it has fields
        with suppress(TypeError):
            yield "JSON", dumps(error)
    yield from of_exception(Failure(error))


def of_exception(outcome: Outcome[object, object]) -> Iterator[tuple[str, str | bytes]]:
    """What is printed, kept and sent of the exceptions that a failure is made into.

    :param outcome: the failure.
    """
    for raiser in (_raised, _unwrapped):
        error = raiser(outcome)
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
        yield f"{type(error).__name__}'s traceback", "".join(told.format())
        yield f"{type(error).__name__}", f"{error!r} {error} {error.args!r} {vars(error)!r}"
        if isinstance(error, CallFailed):
            yield "CallFailed's pickle", pickle.dumps(error)


def _raised(outcome: Outcome[object, object]) -> Exception:
    try:
        raise_on_failure(outcome)
    except CallFailed as error:
        return error
    raise AssertionError("it is no failure")


def _unwrapped(outcome: Outcome[object, object]) -> Exception:
    try:
        outcome.unwrap()
    except Exception as error:
        return error
    raise AssertionError("it is no failure")


def held_in(value: object, path: str = "") -> Iterator[tuple[str, str | bytes]]:
    """Every text and all bytes that a value holds, in fields, slots, attributes and elements.

    :param value: the value.
    :param path: where it is.
    """
    if isinstance(value, str | bytes):
        yield path, value
    elif is_mapping(value):
        for key, held in value.items():
            yield from held_in(key, f"{path} key")
            yield from held_in(held, f"{path}[{key!r}]")
    elif is_walkable(value) and not isinstance(value, Enum | type):
        for index, held in enumerate(value):
            yield from held_in(held, f"{path}[{index}]")
    elif not isinstance(value, Enum | type):
        slots = {name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())}
        for name in sorted({*slots, *getattr(value, "__dict__", {})} - {"__weakref__"}):
            held = getattr(value, name, None)
            if not callable(held):
                yield from held_in(held, f"{path}.{name}")
