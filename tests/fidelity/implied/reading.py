"""What a request names: in its path, in its query, and in the JSON that it sends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cvatfn.codecs.building import members
from cvatfn.codecs.native import read_json
from cvatfn.codecs.plain import is_array, is_mapping
from tests.fidelity.kinds import REFERENCES
from tests.fidelity.recorded import Recorded

__all__ = [
    "frames_named",
    "in_body",
    "in_query",
    "json_sent",
    "named_in_path",
    "numbers_in",
    "rows_of",
]


def frames_named(recorded: Recorded) -> int:
    """How many frames there are at least, where a request names some and is granted."""
    if recorded.status >= 400:
        return 1
    sent = json_sent(recorded)
    deleted = rows_of(dict(members(sent)).get("deleted_frames"))
    asked = dict(recorded.request.query).get("number", "")
    named = [
        *(number for name, number in numbers_in(sent) if name == "frame"),
        *(number for number in deleted if isinstance(number, int)),
        *([int(asked)] if asked.isdecimal() else []),
    ]
    return max(named, default=0) + 1


def rows_of(value: object) -> Sequence[object]:
    return value if is_array(value) else ()


def named_in_path(recorded: Recorded) -> Iterator[tuple[str, int]]:
    """The collections and ids of a path, such as `("tasks", 7)`."""
    segments = recorded.request.path.strip("/").split("/")
    for word, number in pairwise(segments):
        if number.isdecimal():
            yield word, int(number)


def in_query(recorded: Recorded) -> Iterator[tuple[str, int]]:
    for name, value in recorded.request.query:
        if name in REFERENCES and value.isdecimal():
            yield name, int(value)


def in_body(recorded: Recorded) -> Iterator[tuple[str, int]]:
    for name, value in members(json_sent(recorded)):
        if name in REFERENCES and isinstance(value, int | float) and not isinstance(value, bool):
            yield name, int(value)


def json_sent(recorded: Recorded) -> object:
    body = recorded.request.body
    return read_json(body) if isinstance(body, bytes) else None


def numbers_in(value: object) -> Iterator[tuple[str, int]]:
    """All integers in a JSON value, with the names of their fields."""
    if is_array(value):
        for held in value:
            yield from numbers_in(held)
    elif is_mapping(value):
        for name, held in value.items():
            if isinstance(held, int) and not isinstance(held, bool):
                yield str(name), held
            else:
                yield from numbers_in(held)
