"""Two worlds, one surface: each public name that sends or waits has its asynchronous twin."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import TypeAlias

import pytest

from cvatfn import aio

Function: TypeAlias = Callable[..., object]

FACES = ("cvatfn", "cvatfn.auth", "cvatfn.transport", "cvatfn.transfer")
"""Where the synchronous names are."""

RENAMED = {"connect": "connect_async"}
"""Twins under another name, which are imported side by side."""

WAITING = {"collect", "connect", "poll", "unfold"}
"""What takes no transport, and yet is there for those who have one."""

OWN = {"AsyncConnection", "AsyncStream", "AsyncStreamed", "AsyncTransport", "as_future", "at_once"}
"""What only event loops need."""

TURNED: tuple[tuple[str, str], ...] = (
    (r"\bTransport\b", "AsyncTransport"),
    (r"\bConnection\b", "AsyncConnection"),
    (r"\bStreamed\b", "AsyncStreamed"),
    (r"\bReplay\b", "AsyncTransport"),
    (r"^Iterator\[", "AsyncGenerator["),
    (r"^Iterable\[Outcome\[", "AsyncIterable[Outcome["),
    (r"^Callable\[\[float\], object\]$", "AsyncSleep"),
    (r"^Callable\[\[(S?)\], (Outcome\[.*\])\]$", r"Callable[[\1], Awaitable[\2]]"),
)
"""How the type of a parameter or of a result is written in the other world."""


def _functions(face: str) -> Iterator[tuple[str, Function]]:
    module = import_module(face)
    for name in _names(module):
        found: object = getattr(module, name)
        if inspect.isfunction(found):
            yield name, found


def _names(module: object) -> list[str]:
    """What a face offers; checkers are shown imports in the place of its `__all__`."""
    names: list[str] = getattr(module, "__all__")  # noqa: B009
    return names


def _acting() -> Mapping[str, Function]:
    """The public functions that send, wait, or wrap what does."""
    found = dict(pair for face in FACES for pair in _functions(face))
    return {
        name: function
        for name, function in found.items()
        if name in WAITING or re.search(r"\bTransport\b", _written(function))
    }


def _written(function: Function) -> str:
    signature = inspect.signature(function)
    told = [each.annotation for each in signature.parameters.values()]
    return " ".join(map(str, (*told, signature.return_annotation)))


ACTING = _acting()


def _turned(annotation: object) -> str:
    text = str(annotation)
    for sync, turned in TURNED:
        text = re.sub(sync, turned, text)
    return text


def _twin(name: str) -> Function:
    found: object = getattr(aio, RENAMED.get(name, name))
    assert inspect.isfunction(found)
    return found


def test_each_name_that_acts_has_its_twin_and_no_twin_is_alone() -> None:
    assert {RENAMED.get(name, name) for name in ACTING} | {"replayed"} == {*set(_names(aio)) - OWN}


def test_the_names_are_those_that_were_meant() -> None:
    some = {"call", "paginate", "poll", "wait_for", "wait_all", "upload_data", "download", "export"}
    wrappers = {"authenticated", "in_organization", "retrying", "with_timeout", "with_headers"}
    wrappers |= {"logged", "recorded", "rate_limited", "in_memory"}
    assert some | wrappers | {"login", "logout", "walk_storage", "frames", "chunk"} <= {*ACTING}


@pytest.mark.parametrize("name", [*ACTING, "replayed"])
def test_a_twin_takes_the_same_parameters_and_comes_to_the_same(name: str) -> None:
    sync: Function = ACTING.get(name) or getattr(import_module("cvatfn.transport"), name)
    ours, theirs = inspect.signature(sync), inspect.signature(_twin(name))
    assert [*theirs.parameters] == [*ours.parameters]
    for each in ours.parameters.values():
        other = theirs.parameters[each.name]
        assert other.kind is each.kind
        assert _turned(each.annotation) == other.annotation
        if each.name != "sleep":
            assert other.default == each.default
    assert _turned(ours.return_annotation) == theirs.return_annotation


@pytest.mark.parametrize("name", ACTING)
def test_a_twin_is_awaited_unless_it_makes_an_iterator_or_a_transport(name: str) -> None:
    made = str(inspect.signature(_twin(name)).return_annotation)
    at_once = re.match(r"AsyncGenerator\[|AsyncTransport$|AsyncConnection$", made)
    assert inspect.iscoroutinefunction(_twin(name)) == (at_once is None)


def test_what_sends_nothing_is_not_there_twice() -> None:
    plain = {"prepare", "interpret", "prefetching", "raw", "Saving", "Uploading", "of_task"}
    assert not plain & {*_names(aio)}
