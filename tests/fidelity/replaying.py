"""All recorded exchanges, asked of the sandbox again: a verdict on each."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import field, frozen

from cvatfn.messages import Response
from cvatfn.testing.sandbox import World, step
from tests.fidelity.asking import Asker, askers, asking
from tests.fidelity.comparing import compared
from tests.fidelity.recorded import Recorded
from tests.fidelity.scenes import common_world, scene_of
from tests.fidelity.shapes import Difference

__all__ = ["Verdict", "judged", "verdicts"]


@frozen(kw_only=True)
class Verdict:
    """Whether the sandbox answered an exchange as the server did.

    :param recorded: the exchange.
    :param asker: who asked.
    :param differences: how the answers differ; nothing where they agree.
    :param response: what the sandbox answered.
    """

    recorded: Recorded
    asker: Asker
    differences: tuple[Difference, ...]
    response: Response = field(repr=False)

    @property
    def agrees(self) -> bool:
        """Whether there is no difference."""
        return not self.differences


def verdicts(recordings: Sequence[Recorded]) -> tuple[Verdict, ...]:
    """A verdict on each exchange.

    :param recordings: all exchanges: each starts from a world that all of them tell of.
    """
    common = common_world(recordings)
    return tuple(judged(recorded, common) for recorded in recordings)


def judged(recorded: Recorded, common: World) -> Verdict:
    """The verdict on one exchange.

    :param recorded: the exchange.
    :param common: the world that all exchanges tell of.
    """
    scene = scene_of(recorded, common)
    tried = [_asked(recorded, scene, asker) for asker in askers(recorded, scene)[:1]]
    for asker in askers(recorded, scene)[1:]:
        if tried[0][1].status == recorded.status:
            break
        again = _asked(recorded, scene, asker)
        if again[1].status == recorded.status:
            tried = [again]
    asker, response = tried[0]
    found = compared(recorded, response)
    return Verdict(recorded=recorded, asker=asker, differences=found, response=response)


def _asked(recorded: Recorded, scene: World, asker: Asker) -> tuple[Asker, Response]:
    world, request = asking(recorded, scene, asker)
    return asker, step(world, request)[1]
