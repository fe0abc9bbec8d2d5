"""From a model to JSON bytes: what replaces the annotations of a job.

Rule: the model stands before the time begins. `dumps` writes; `prepare` checks as well.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

import msgspec

from benchmarks import bodies, official
from benchmarks.measuring import Contender, raced, timed_large
from benchmarks.structs import struct_of
from benchmarks.table import Row, Target
from cvatfn import dumps, loads, models, prepare, unvalidated
from cvatfn.api import jobs

__all__ = ["shapes"]

SDK: Final = "cvat-sdk: sanitize, json.dumps"


def shapes(rounds: int, count: int = 10_000) -> Row:
    """A request with many shapes.

    :param rounds: how often to measure.
    :param count: how many.
    """
    contenders = _contenders(bodies.shapes(count))
    timings = raced(contenders, rounds, timed_large)
    ours, *others = (timing.per(count) for timing in timings)
    return Row(
        f"Encode annotations, {count:,} shapes",
        "us a shape",
        1e3,
        ours,
        tuple(others),
        Target(SDK, "at least", 25),
        ("`prepare` reads back what it wrote and holds it to types and limits before it is sent.",),
    )


def _contenders(body: bytes) -> tuple[Contender, ...]:
    model = loads(models.LabeledDataRequest, body).unwrap()
    struct = msgspec.json.Decoder[object](struct_of(models.LabeledDataRequest)).decode(body)
    data: object = json.loads(body)
    api = official.client()
    theirs = official.read(api, official.LabeledDataRequest, body)
    contenders: dict[str, Callable[[], bytes]] = {
        "cvatfn: dumps": lambda: dumps(model),
        "cvatfn: prepare, checked": lambda: _prepared(model),
        "cvatfn: prepare, unvalidated": lambda: _prepared_unchecked(model),
        "msgspec from Structs": lambda: msgspec.json.encode(struct),
        "json.dumps from dicts": lambda: json.dumps(data).encode(),
        SDK: lambda: official.written(api, theirs),
    }
    for write in contenders.values():
        assert loads(models.LabeledDataRequest, write()).unwrap() == model
    return tuple(Contender(name, write) for name, write in contenders.items())


def _prepared(model: models.LabeledDataRequest) -> bytes:
    return prepare(jobs.update_annotations, 1, model).unwrap().content


def _prepared_unchecked(model: models.LabeledDataRequest) -> bytes:
    return prepare(unvalidated(jobs.update_annotations), 1, model).unwrap().content
