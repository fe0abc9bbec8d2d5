"""Walks over pages that a server makes up: listings, cloud storages, and conversations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final, TypeAlias

from cvatfn import Transport, in_memory, paginate
from cvatfn.api import projects, tasks
from cvatfn.endpoints import lenient
from cvatfn.errors import CallError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome
from cvatfn.storage import walk_storage
from tests.fuzzing.target import Tape, Target, sound
from tests.fuzzing.targets.answers import HEADER_TOKENS
from tests.fuzzing.targets.codecs import JSON_TOKENS

__all__ = ["TARGETS"]

_MOST: Final = 300
"""How many items are taken of a walk: one may be as long as a server makes it."""


_Walk: TypeAlias = Callable[[Transport], Iterator[Outcome[object, CallError]]]
_WALKS: Final[tuple[_Walk, ...]] = (
    lambda send: paginate(send, tasks.list),
    lambda send: paginate(send, projects.list),
    lambda send: paginate(send, lenient(tasks.list)),
)


def _pages(data: bytes) -> None:
    tape = Tape(data)
    walk = tape.pick(_WALKS)
    asked = list[str]()

    def answer(request: Request) -> Response:
        asked.append(request.target)
        status = (200, 200, 404, 502)[tape.number(4)]
        return Response(status, body=tape.line())

    for found in islice(walk(in_memory(answer)), _MOST):
        if isinstance(found, Failure):
            sound(found.failure())
    assert len(set(asked)) == len(asked), "the same page was asked for twice"


def _storage(data: bytes) -> None:
    tape = Tape(data)

    def answer(_: Request) -> Response:
        status = (200, 200, 200, 404)[tape.number(4)]
        return Response(status, body=tape.line())

    for found in islice(walk_storage(in_memory(answer), 7), _MOST):
        match found:
            case Failure(error):
                sound(error)
            case _:
                assert len(found.unwrap().path) <= 1024


def _page_seeds() -> Sequence[bytes]:
    one = (
        b'{"count":3,"next":"http://localhost:8080/api/tasks?page=2","previous":null,"results":[]}'
    )
    return [
        b"\0\0" + one + b"\n\0" + one.replace(b"page=2", b"page=3"),
        b"\2\0" + one.replace(b'"results":[]', b'"results":[{"id":1,"name":"a"}]') + b"\n\0{}",
        b"\1\2" + one,
    ]


def _storage_seeds() -> Sequence[bytes]:
    file = b'{"name":"1.jpg","type":"REG","mime_type":"image"}'
    folder = b'{"name":"sub","type":"DIR","mime_type":"DIR"}'
    page = b'{"next":%b,"content":[%b]}'
    return [
        b"\0" + page % (b'"t"', b",".join((folder, file))) + b"\n\0" + page % (b"null", file),
        b"\0" + page % (b"null", folder) + b"\n\0" + page % (b"null", b""),
    ]


TARGETS: Final = (
    Target(
        "pages",
        "A walk over pages ends or leads on, and never asks for a page twice.",
        _pages,
        _page_seeds,
        (*JSON_TOKENS, *HEADER_TOKENS, b"?page=", b"\n"),
    ),
    Target(
        "storages",
        "A walk over a cloud storage ends or leads on, with no path longer than one can be.",
        _storage,
        _storage_seeds,
        (*JSON_TOKENS, b'"content":[', b'"type":"DIR"', b'"mime_type":', b"\n"),
    ),
)
