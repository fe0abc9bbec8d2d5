"""A small soak, all of it accounted for; and an account that notices what is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pytest
from attrs import evolve

from cvatfn import Outcome, Transport, call
from cvatfn.api import issues, jobs, labels, tasks
from cvatfn.auth import Basic
from cvatfn.errors import TransportError
from cvatfn.messages import Request, Response
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.testing.sandbox.state.world import dropped, put
from cvatfn.transport import authenticated
from tests.sandbox.kit import make_task, picture
from tests.soak.calls import KINDS
from tests.soak.ledger import Effect, Ledger, Line, Verb, lines_of
from tests.soak.reconciling import digest, marker_of, unaccounted
from tests.soak.running import Report, soak
from tests.soak.serving import LOGIN
from tests.transfer.uploads import content_of

CALLS: Final = 600
FAULTS: Final = (
    "Refuse",
    "CutRequest",
    "CutRequestUnseen",
    "CutAnswer",
    "DropAnswer",
    "Status",
    "StatusAfter",
    "Delay",
)


@pytest.mark.parametrize("seed", [1])
def test_of_mixed_calls_under_faults_from_several_threads_all_are_accounted_for(
    seed: int, tmp_path: Path
) -> None:
    report = soak(seed, tmp_path, calls=CALLS, threads=6, measured=False)
    assert all(report.done[fault] for fault in FAULTS), report.done
    _is_sound(report, CALLS)


@pytest.mark.parametrize(("seed", "loop"), [(2, "asyncio"), (3, "trio")])
def test_of_mixed_calls_under_faults_by_several_tasks_all_are_accounted_for(
    seed: int, loop: str, tmp_path: Path
) -> None:
    report = soak(seed, tmp_path, calls=CALLS // 2, threads=12, measured=False, loop=loop)
    _is_sound(report, CALLS // 2)


def _is_sound(report: Report, calls: int) -> None:
    assert report.problems == []
    assert report.total >= calls
    assert len({kind for kind, _ in report.calls}) >= len(KINDS)
    for certainty in ("once", "perhaps", "not at all"):
        assert report.looked_at[f"made: {certainty}"]


# The account itself.


def line(verb: Verb, what: str = "", *, acted: bool | None = True, on: str = "cats") -> Line:
    return Line(0, "a call", "", "", acted, 0.0, Effect(verb, on, what))


SHAPE: Final = [1.0, 2.0, 3.0, 4.0]
PICTURES: Final = [picture("0.png")]


def made_twice(transport: Transport) -> Transport:
    """A transport that sends what is no GET twice, as no client should."""

    def twice(request: Request) -> Outcome[Response, TransportError]:
        if request.path.endswith(("/issues", "/annotations/")):
            transport(request)
        return transport(request)

    return twice


def furnished(send: Callable[[Transport], Transport]) -> World:
    """A world with a task that was given pictures, a shape and a comment."""
    sandbox = Sandbox(World.with_user(*LOGIN))
    ada = authenticated(sandbox, Basic(*LOGIN), sandbox.world.origin)
    task = make_task(ada, PICTURES).id
    (job,) = call(ada, jobs.list).unwrap().results
    label = call(ada, labels.list).unwrap().results[0].id
    cvat = send(ada)
    call(
        cvat,
        jobs.partial_update_annotations,
        job.id,
        {"shapes": [{"type": "rectangle", "frame": 0, "label_id": label, "points": SHAPE}]},
        action="create",
    ).unwrap()
    call(
        cvat, issues.create, {"job": job.id, "frame": 0, "position": [1, 1], "message": "Hm."}
    ).unwrap()
    call(ada, tasks.partial_update, task, {"bug_tracker": "https://b.example"}).unwrap()
    return sandbox.world


def given() -> str:
    return digest((file.name, content_of(file)) for file in PICTURES)


def all_of_it() -> list[Line]:
    return [
        line("made"),
        line("gave", given()),
        line("drew", marker_of(SHAPE)),
        line("said", "Hm."),
        line("changed", "https://b.example"),
    ]


def problems(lines: Sequence[Line], world: World) -> list[str]:
    return list(unaccounted(lines, world))


def test_what_was_done_once_is_accounted_for() -> None:
    assert problems(all_of_it(), furnished(lambda cvat: cvat)) == []


def test_what_was_done_twice_is_not() -> None:
    found = problems(all_of_it(), furnished(made_twice))
    assert found == [
        "task cats: shape 1,2 is there 2 times, and not 1",
        "task cats: comment Hm. is there 2 times, and not 1",
    ]


@pytest.mark.parametrize("missing", range(5))
def test_what_no_line_explains_is_not(missing: int) -> None:
    lines = all_of_it()
    del lines[missing]
    assert len(problems(lines, furnished(lambda cvat: cvat))) == 1


@pytest.mark.parametrize("at", range(5))
def test_what_surely_was_not_done_and_is_there_is_not(at: int) -> None:
    lines = all_of_it()
    lines[at] = evolve(lines[at], acted=False)
    assert len(problems(lines, furnished(lambda cvat: cvat))) == 1


@pytest.mark.parametrize("at", range(5))
def test_what_may_have_been_done_is_accounted_for_be_it_there_or_not(at: int) -> None:
    lines = all_of_it()
    lines[at] = evolve(lines[at], acted=None)
    world = furnished(lambda cvat: cvat)
    assert problems(lines, world) == []
    assert problems([line("made", acted=None, on="dogs"), *lines], world) == []


def test_what_was_done_and_is_not_there_is_not() -> None:
    world = furnished(lambda cvat: cvat)
    assert problems([*all_of_it(), line("made", on="dogs")], world) == [
        "task dogs is there 0 times, and not 1"
    ]
    assert problems([*all_of_it(), line("removed")], world) == [
        "task cats is there 1 times, and not 0"
    ]
    assert problems([*all_of_it(), line("removed", acted=None)], world) == []
    assert problems([*all_of_it(), line("drew", "7,7")], world) == [
        "task cats: shape 7,7 is there 0 times, and not 1"
    ]
    assert problems([*all_of_it(), line("redrew", "7,7")], world) == [
        "task cats: shape 1,2 is there 1 times, and not 0",
        "task cats: shape 7,7 is there 0 times, and not 1",
    ]
    other = [*all_of_it(), line("gave", digest([("other", b"")]))]
    assert problems(other, world) == ["task cats has other media than it was given"]


def test_a_world_that_lost_a_task_is_noticed() -> None:
    world = furnished(lambda cvat: cvat)
    lost = evolve(world, tasks=dropped(world.tasks, 1))
    assert problems(all_of_it(), lost) == ["task cats is there 0 times, and not 1"]
    (task,) = world.tasks.values()
    strange = evolve(world, tasks=put(world.tasks, 2, evolve(task, id=2, name="dogs")))
    assert "task dogs is in the world, and no line says why" in problems(all_of_it(), strange)


def test_a_line_that_cannot_be_is_not_accounted_for() -> None:
    world = furnished(lambda cvat: cvat)
    wrong = evolve(line("made", on="none", acted=False), wrong="raised OSError()")
    assert problems([*all_of_it(), wrong], world) == ["line 0 (a call ): raised OSError()"]


def test_lines_come_back_as_they_were_written(tmp_path: Path) -> None:
    lines = all_of_it()
    with Ledger(tmp_path / "ledger") as ledger:
        for each in lines:
            ledger.write(each)
        assert ledger.count == len(lines)
    numbered = [evolve(each, number=number) for number, each in enumerate(lines, 1)]
    assert list(lines_of(tmp_path / "ledger")) == numbered
