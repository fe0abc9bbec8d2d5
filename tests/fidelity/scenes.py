"""The world that an exchange starts from: what all exchanges tell, then what this one implies.

How it goes, in `scene_of`. Everything that any answer told is folded into one world, in which all
background work is over. On top of that comes what this exchange's own answer tells, for that was
so when it was given; then what the exchange implies of the time before it (`implied`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from attrs import evolve

from cvatfn.testing.sandbox.state.world import World
from tests.fidelity.implied import IMPLIED
from tests.fidelity.kinds import counted
from tests.fidelity.rebuilding import rebuilt
from tests.fidelity.rebuilding.annotated import coherent
from tests.fidelity.rebuilding.people import FIRST, MADE_UP, with_account, with_members
from tests.fidelity.rebuilding.talking import connected
from tests.fidelity.recorded import Recorded
from tests.fidelity.releases import RECORDED

__all__ = ["common_world", "scene_of"]

NOW: Final = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""After all that was recorded."""
ORIGIN: Final = "http://localhost:8081"


def common_world(recordings: Sequence[Recorded]) -> World:
    """The world that all exchanges together tell of.

    :param recordings: the exchanges.
    """
    world = World(now=NOW, origin=ORIGIN, version=RECORDED)
    world = with_account(with_account(world, FIRST), MADE_UP)
    for recorded in sorted(recordings, key=_is_told):
        world = rebuilt(world, recorded.answer, recorded)
    world = evolve(
        world,
        backgrounds={
            number: work if work.finished else evolve(work, finished=work.created)
            for number, work in world.backgrounds.items()
        },
    )
    for number in world.organizations:
        world = with_members(world, number)
    return counted(world)


def _is_told(recorded: Recorded) -> bool:
    """Whether an answer tells how things are; one that tells what they became counts less."""
    return recorded.request.method == "GET"


def scene_of(recorded: Recorded, common: World) -> World:
    """The world just before an exchange.

    :param recorded: the exchange.
    :param common: what all exchanges tell of.
    """
    world = rebuilt(common, recorded.answer, recorded)
    for imply in IMPLIED:
        world = imply(world, recorded)
    return coherent(connected(world))
