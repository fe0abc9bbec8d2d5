"""From JSON bytes to values: annotations and a page of tasks.

Rule: every contender gets the same bytes; each result, written back to JSON, reads as the very
model that cvatfn read.
"""

from __future__ import annotations

import json
from typing import Final, TypeVar

import msgspec
from typing_extensions import TypeForm

from benchmarks import bodies, official
from benchmarks.measuring import Contender, Timing, raced, timed_large
from benchmarks.structs import many, struct_of
from benchmarks.table import Row, Target
from cvatfn import loads, models

__all__ = ["shapes", "task_page"]

T = TypeVar("T")

SDK: Final = "cvat-sdk: deserialize"


def shapes(rounds: int, count: int = 10_000) -> Row:
    """An answer with many shapes.

    :param rounds: how often to measure.
    :param count: how many.
    """
    body = bodies.shapes(count)
    title = f"Decode annotations, {count:,} shapes, {len(body) / 1e6:.1f} MB"
    structs = struct_of(models.LabeledData)
    contenders = _contenders(models.LabeledData, structs, official.LabeledData, body)
    return _row(title, "us a shape", count, raced(contenders, rounds, timed_large), 60)


def task_page(rounds: int, tasks: int = 100) -> Row:
    """A page of tasks.

    :param rounds: how often to measure.
    :param tasks: how many.
    """
    body = bodies.task_page(tasks)
    title = f"Decode a page of {tasks} tasks, {len(body) / 1e3:.0f} kB"
    page = msgspec.defstruct(
        "Page",
        [
            ("count", int),
            ("next", str | None),
            ("previous", str | None),
            ("results", many(struct_of(models.TaskRead))),
        ],
    )
    kind = models.Page[models.TaskRead]
    contenders = _contenders(kind, page, official.PaginatedTaskReadList, body, 5)
    return _row(title, "us a task", tasks, raced(contenders, rounds, timed_large), 120)


def _contenders(
    kind: TypeForm[T], structs: object, theirs: type[object], body: bytes, times: int = 1
) -> tuple[Contender, ...]:
    api = official.client()
    bare, into_structs = msgspec.json.Decoder[T](kind), msgspec.json.Decoder[object](structs)
    ours = loads(kind, body).unwrap()
    assert bare.decode(body) == ours
    _assert_same(kind, ours, msgspec.json.encode(into_structs.decode(body)))
    _assert_same(kind, ours, json.dumps(json.loads(body)).encode())
    _assert_same(kind, ours, official.written(api, official.read(api, theirs, body)))
    return (
        Contender("cvatfn: loads", lambda: loads(kind, body), times),
        Contender("msgspec into attrs", lambda: bare.decode(body), times),
        Contender("msgspec into Structs", lambda: into_structs.decode(body), times),
        Contender("json.loads", lambda: json.loads(body), times),
        Contender(SDK, lambda: official.read(api, theirs, body)),
    )


def _row(title: str, unit: str, count: int, timings: tuple[Timing, ...], target: float) -> Row:
    ours, *others = (timing.per(count) for timing in timings)
    return Row(title, unit, 1e3, ours, tuple(others), Target(SDK, "at least", target))


def _assert_same(kind: TypeForm[T], ours: T, written: bytes) -> None:
    assert loads(kind, written).unwrap() == ours
