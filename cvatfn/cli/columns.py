"""Columns: what of the listed objects is shown, by paths such as `owner.username`.

Rule: a path is held to the type of what is listed before anything is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Final

import attrs

from cvatfn.cli.shown import json_text
from cvatfn.codecs.building import field_types, plain
from cvatfn.codecs.hints import did_you_mean
from cvatfn.codecs.kinds import class_of, is_open
from cvatfn.codecs.plain import is_mapping
from cvatfn.codecs.problems import Problem
from cvatfn.codecs.unset import UNSET
from cvatfn.outcome import Failure, Outcome, Success

__all__ = ["brief", "cell", "chosen", "in_brief", "leaves", "picked", "value_at"]

_TELLING: Final = (
    "id",
    "key",
    "name",
    "slug",
    "username",
    "display_name",
    "task_id",
    "job",
    "project_id",
    "event",
    "operation.type",
    "target",
    "target_url",
    "user.username",
    "role",
    "type",
    "status",
    "stage",
    "state",
    "status_code",
    "metric",
    "severity",
    "progress",
    "message",
    "size",
    "frame_count",
    "frame",
    "resolved",
    "expired",
    "read_only",
    "is_active",
    "assignee.username",
    "owner.username",
    "joined_date",
    "expiry_date",
    "updated_date",
)
"""What people look for first, in the order in which a table shows what there is of it."""

_MOST: Final = 8
_DEEPEST: Final = 4


def leaves(kind: object) -> Mapping[str, object]:
    """All paths to what is no object, by path; a list is one value.

    :param kind: the type of what is listed.

    >>> from cvatfn.models import CommentRead
    >>> [*leaves(CommentRead)][:4]
    ['id', 'issue', 'owner.url', 'owner.id']
    """
    return dict(_leaves(kind, "", 0))


def in_brief(kind: object) -> tuple[str, ...]:
    """The paths that a table has unless told otherwise.

    :param kind: the type of what is listed.

    >>> from cvatfn.models import CommentRead
    >>> in_brief(CommentRead)
    ('id', 'message', 'owner.username', 'updated_date')
    """
    known = leaves(kind)
    found = tuple(path for path in _TELLING if path in known)
    return found[:_MOST] or tuple(known)[:_MOST]


def chosen(kind: object, text: str) -> Outcome[tuple[str, ...], tuple[Problem, ...]]:
    """The paths that somebody asks for.

    :param kind: the type of what is listed.
    :param text: paths, parted by commas.

    >>> from cvatfn.models import CommentRead
    >>> chosen(CommentRead, "id,owner.username").unwrap()
    ('id', 'owner.username')
    >>> print(*chosen(CommentRead, "onwer.username").failure())
    --fields: there is no 'onwer.username'; did you mean 'owner.username'?
    """
    paths = tuple(path.strip() for path in text.split(","))
    known = leaves(kind)
    unknown = [path for path in paths if not _leads_to(kind, path.split("."))]
    if not unknown:
        return Success(paths)
    return Failure(
        tuple(
            Problem("--fields", f"there is no {path!r}{did_you_mean(path, known)}")
            for path in unknown
        )
    )


def value_at(item: object, path: Sequence[str]) -> object:
    """What an object holds at a path; `None` where something on the way is absent or null.

    :param item: what is listed: a model, or plain data.
    :param path: the names on the way.

    >>> value_at({"owner": {"id": 3}}, ("owner", "id")), value_at({}, ("owner", "id"))
    (3, None)
    """
    for name in path:
        item = item.get(name) if is_mapping(item) else getattr(item, name, None)
        if item is None or item is UNSET:
            return None
    return item


def picked(item: object, paths: Sequence[str]) -> dict[str, object]:
    """The values of an object at several paths, by path.

    :param item: what is listed.
    :param paths: the paths.
    """
    return {path: value_at(item, path.split(".")) for path in paths}


def cell(value: object) -> str:
    """A value as a table or a CSV file shows it; null and absent ones are empty.

    :param value: what an object holds.

    >>> cell(None), cell(True), cell((1, 2))
    ('', 'true', '[1,2]')
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Enum():
            return str(value.value)
        case str():
            return value
        case datetime():
            return value.isoformat()
        case int() | float():
            return str(value)
        case _:
            return json_text(value)


def brief(value: object) -> str:
    """The same for people: times to the second, in UTC.

    :param value: what an object holds.

    >>> brief(datetime.fromisoformat("2026-01-01T10:30:00.123456+01:00"))
    '2026-01-01 09:30:00Z'
    """
    if isinstance(value, datetime) and value.utcoffset() is not None:
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
    return cell(value)


def _leaves(kind: object, before: str, depth: int) -> Iterator[tuple[str, object]]:
    for part in plain(kind):
        base = class_of(part)
        if not attrs.has(base):
            continue
        for name, held in field_types(base).items():
            path = f"{before}{name}"
            if depth < _DEEPEST and any(attrs.has(class_of(each)) for each in plain(held)):
                yield from _leaves(held, f"{path}.", depth + 1)
            else:
                yield path, held


def _leads_to(kind: object, path: Sequence[str]) -> bool:
    """Whether a path leads to something, be it an object."""
    if not path:
        return True
    name, *rest = path
    for part in plain(kind):
        base = class_of(part)
        if is_open(part) or base is dict:
            return True  # nobody knows what is in it
        if attrs.has(base) and name in (types := field_types(base)):
            return _leads_to(types[name], rest)
    return False
