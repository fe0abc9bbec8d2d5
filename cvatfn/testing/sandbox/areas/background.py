"""Background work: what goes on after a request was answered.

How it goes: work is queued when it is asked for, started two ticks of the world's clock later, and
finished three ticks after it was asked for; then, and not before, it has its effect. Every request
moves the clock on by a tick, so the first look sees it queued, the second started, the third
finished; setting the clock forward brings the end at once. As long as it is queued, it can be
cancelled, and is as if it had never been asked for. All that steps this machine is in `settled`;
`_STARTED` and `_FINISHED` are its table.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from attrs import evolve

from cvatfn import models
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done
from cvatfn.testing.sandbox.gates.replies import conflicting
from cvatfn.testing.sandbox.state.works import Background, Work
from cvatfn.testing.sandbox.state.world import World, put

__all__ = ["began_at", "begun", "creation_of", "settled", "started", "status_of"]

Effect = Callable[[World, Background], Outcome[World, str]]

_STARTED: Final = 2
"""After how many ticks work is started."""

_FINISHED: Final = 3
"""After how many ticks work is finished, or has failed."""


def creation_of(task: int) -> str:
    """The id of the work that makes a task's frames.

    >>> creation_of(7)
    'action=create&target=task&target_id=7'
    """
    return f"action=create&target=task&target_id={task}"


def started(world: World, asked: Asked, number: str, work: Work) -> tuple[World, str]:
    """Queue work.

    :param asked: the request that asks for it.
    :param number: its id.
    :param work: what is to be done; what it makes belongs to what it is asked within.
    """
    queued = Background(
        id=number,
        user=asked.account.id,
        organization=asked.organization_id,
        work=work,
        created=world.now,
    )
    return evolve(world, backgrounds=put(world.backgrounds, number, queued)), number


def begun(world: World, asked: Asked, number: str, work: Work) -> Done:
    """Queue work and answer its id, unless the same is under way.

    :param number: its id.
    :param work: what is to be done.
    """
    same = world.backgrounds.get(number)
    if same is not None and same.finished is None:
        return conflicting(models.RqId(rq_id=number))
    world, number = started(world, asked, number, work)
    return done(world, models.RqId(rq_id=number), 202)


def settled(world: World, effect: Effect) -> World:
    """The world after all work whose time has come had its effect.

    :param world: the world at its present time.
    :param effect: does one piece of work.
    """
    for work in tuple(world.backgrounds.values()):
        if work.finished is None and world.now >= _due(world, work):
            match effect(world, work):
                case Success(after):
                    world, failure = after, None
                case Failure(why):
                    failure = why
            made = world.backgrounds.get(work.id, work)
            ended = evolve(made, finished=_due(world, work), failure=failure)
            world = evolve(world, backgrounds=put(world.backgrounds, work.id, ended))
    return world


def began_at(world: World, work: Background) -> datetime:
    """When work is started, or will be.

    :param work: the work.
    """
    return work.created + _STARTED * world.tick


def _due(world: World, work: Background) -> datetime:
    return work.created + _FINISHED * world.tick


def status_of(world: World, work: Background) -> models.RequestStatus:
    """How far work is, by the world's clock.

    :param work: the work.
    """
    if work.failure is not None:
        return models.RequestStatus.FAILED
    if work.finished is not None:
        return models.RequestStatus.FINISHED
    if world.now >= began_at(world, work):
        return models.RequestStatus.STARTED
    return models.RequestStatus.QUEUED
