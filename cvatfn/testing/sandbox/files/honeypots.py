"""Honeypots: frames that repeat others, and what is drawn on both.

Rule: what is right on a frame of the pool is right on every honeypot that repeats it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.unset import UNSET
from cvatfn.testing.sandbox.state.annotated import Task

__all__ = ["pool_of", "repeated"]

R = TypeVar("R", models.LabeledImageRequest, models.LabeledShapeRequest)


def pool_of(task: Task) -> Mapping[int, Sequence[int]] | None:
    """The frames of the pool, and the honeypots that repeat each; `None` where there are none.

    :param task: the task.
    """
    media = task.media
    if media is None or media.validation is None or not media.validation.is_pool:
        return None
    pots = [(number, frame.real) for number, frame in enumerate(media.frames)]
    return {
        frame: [number for number, real in pots if real == frame]
        for frame in media.validation.frames
    }


def repeated(items: Sequence[R], pool: Mapping[int, Sequence[int]]) -> tuple[R, ...]:
    """What is given, but on honeypots what is given for the frames that they repeat.

    :param items: tags or shapes.
    :param pool: the frames of the pool, and the honeypots that repeat each.
    """
    pots = {number for numbers in pool.values() for number in numbers}
    given: list[R] = [item for item in items if item.frame not in pots]
    for item in tuple(given):
        given.extend(_moved(item, number) for number in pool.get(item.frame, ()))
    return tuple(given)


def _moved(item: R, frame: int) -> R:
    if isinstance(item, models.LabeledShapeRequest):
        parts = tuple(evolve(part, frame=frame, id=UNSET) for part in item.elements or ())
        return evolve(item, frame=frame, id=UNSET, elements=parts)
    return evolve(item, frame=frame, id=UNSET)
