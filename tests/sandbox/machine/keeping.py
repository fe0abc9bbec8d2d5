"""Rules for worlds themselves: kept and gone back to, saved and loaded, tried out on a branch."""

from __future__ import annotations

from copy import deepcopy

from attrs import define
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from cvatfn import call, catalogue, prepare
from cvatfn.api import server
from cvatfn.auth import Basic
from cvatfn.testing import strategies
from cvatfn.testing.sandbox import World, compare, dangling, read_world, written_world
from cvatfn.transport import authenticated, gathered
from tests.sandbox.machine.base import Base, people
from tests.sandbox.machine.model import PASSWORD, PEOPLE, Model

ENDPOINTS = sorted(catalogue(), key=lambda endpoint: endpoint.name)


@define
class Snapshot:
    """A moment: the world, the model of it, and how much had been asked."""

    world: World
    model: Model
    asked: int


class Keeping(Base):
    """Time goes back, and what was there is there again."""

    def __init__(self) -> None:
        super().__init__()
        self.snapshots: list[Snapshot] = []

    def _past(self) -> list[Snapshot]:
        """The moments through which the way here leads; another one may have been taken since."""
        self.snapshots = [
            each
            for each in self.snapshots
            if each.asked < len(self.way) and self.way[each.asked] is each.world
        ]
        return self.snapshots

    @precondition(lambda self: not self._past() or self._past()[-1].asked < len(self.journal))
    @rule()
    def remember(self) -> None:
        moment = Snapshot(self.sandbox.world, deepcopy(self.model), len(self.journal))
        self.snapshots.append(moment)

    @precondition(lambda self: self._past())
    @rule(data=st.data())
    def rewind(self, data: st.DataObject) -> None:
        snapshot = data.draw(st.sampled_from(self._past()))
        self.sandbox.rewind(snapshot.world)
        self.model = deepcopy(snapshot.model)
        del self.journal[snapshot.asked :]
        del self.way[snapshot.asked + 1 :]

    @rule(data=st.data())
    def save_and_load(self, data: st.DataObject) -> None:
        world = self.sandbox.world
        content = written_world(world).unwrap()
        loaded = read_world(content).unwrap()
        assert loaded == world
        assert written_world(loaded).unwrap() == content
        if data.draw(st.booleans()):
            self.sandbox.rewind(loaded)
            self.way[-1] = loaded

    @rule(data=st.data(), person=people)
    def ask_anything_on_a_branch(self, data: st.DataObject, person: int) -> None:
        """Whatever is asked, an answer comes and nothing dangles; and here nothing happens."""
        before = self.sandbox.world
        branch = self.sandbox.branch()
        cvat = authenticated(branch, Basic(PEOPLE[person], PASSWORD), before.origin)
        for endpoint in data.draw(st.lists(st.sampled_from(ENDPOINTS), min_size=1, max_size=4)):
            params = data.draw(strategies.params(endpoint))
            asked = gathered(prepare(endpoint, **params).unwrap()).unwrap()
            status = cvat(asked).unwrap().status
            assert 200 <= status < 600
            assert status != 500
            assert list(dangling(branch.world)) == []
        for _ in range(3):  # what is begun ends
            call(cvat, server.retrieve_about).unwrap()
        assert list(dangling(branch.world)) == []
        assert read_world(written_world(branch.world).unwrap()).unwrap() == branch.world
        assert str(compare(before, branch.world))
        assert self.sandbox.world is before
