"""Scenes played: each is cancelled at all its steps, or at each place where anything waits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final

from tests.aio.cancelling import Came, Place, cancelled_at
from tests.aio.leftovers import Leftovers
from tests.aio.scenes import SCENES, Scene, Stage

__all__ = ["played"]

MOST: Final = 3000
"""More steps than anything takes here: whoever comes so far goes round in a circle."""


def played(name: str, stage: Stage, left: Leftovers, *, every: bool) -> set[str]:
    """Cancel a scene wherever it can be, and see that nothing is left.

    :param name: which scene.
    :param stage: where.
    :param left: knows what is left.
    :param every: whether at all its steps, and not once at each place.
    :returns: the lines in which it was cancelled.
    """
    with SCENES[name](stage) as scene:
        numbers = count()
        number = next(numbers)
        whole = _tried(-1, number, scene, stage, left).places
        assert len(whole) > scene.steps
        met: set[str] = set()
        for points in _every() if every else ([place] * 3 for place in dict.fromkeys(whole)):
            at = _cancelled(points, scene, stage, left, numbers)
            if every and not at:
                break
            met |= {line for place in at for line in place}
        scene.after()
        left.none()
    return met


def _every() -> Iterator[Sequence[int]]:
    """Each step, or the next one: what passes over sockets differs a little from time to time."""
    for point in range(MOST):
        yield point, point + 1
    raise AssertionError("it goes round in a circle")


def _cancelled(
    points: Sequence[int | Place],
    scene: Scene,
    stage: Stage,
    left: Leftovers,
    numbers: Iterator[int],
) -> tuple[Place, ...]:
    """Cancel at one of some points, the first that is come to; where that was."""
    for point in points:
        at = _tried(point, next(numbers), scene, stage, left).at
        if at:
            return at
    return ()


def _tried(point: int | Place, number: int, scene: Scene, stage: Stage, left: Leftovers) -> Came:
    settled = left.none_but_one_socket if scene.lives_on else left.none
    then = None if scene.then is None else scene.then(number)
    try:
        came = cancelled_at(point, stage.way, scene.act(number), settled, then)
        left.none()  # now that the loop is over
    except BaseException as error:
        error.add_note(f"cancelled at {point}")
        raise
    return came
