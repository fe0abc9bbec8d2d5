"""Worlds are compared, saved, loaded, rewound and branched; and nothing of them is lost."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from io import BytesIO
from pathlib import Path
from typing import Literal, Protocol
from uuid import UUID
from zipfile import ZIP_BZIP2, ZipFile

import attrs
import pytest
from attrs import evolve, field, frozen
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import Request, Transport, call, models
from cvatfn.api import jobs, projects, server, tasks, webhooks
from cvatfn.auth import Basic
from cvatfn.codecs.building import field_types, fields_of, plain, reached
from cvatfn.codecs.json import dumps
from cvatfn.codecs.jsonvalue import JSON, JSONObject
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.testing.sandbox import (
    Change,
    Function,
    Sandbox,
    Thing,
    World,
    compare,
    dangling,
    example_world,
    load,
    read_world,
    save,
    step,
    written_world,
)
from cvatfn.testing.sandbox.files.exports.archives import written_zip
from cvatfn.testing.sandbox.keeping.forming import form_of
from cvatfn.testing.sandbox.keeping.forms import Reading, Writing
from cvatfn.testing.sandbox.keeping.leaves import is_function
from cvatfn.testing.sandbox.state.media import Upload
from tests.sandbox.kit import make_task
from tests.sandbox.talk import Receiver, entered, organized

CLASSES = [kind for kind in reached(World) if isinstance(kind, type) and attrs.has(kind)]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_class_of_the_state_can_be_saved_and_compared(kind: type) -> None:
    for name, hint in field_types(kind).items():
        try:
            form_of(hint)
        except TypeError as error:
            pytest.fail(f"{kind.__name__}.{name} cannot be saved: {error}", pytrace=False)
    for each in fields_of(kind):
        is_code = any(map(is_function, plain(field_types(kind)[each.name])))
        assert each.eq or is_code, (
            f"{kind.__name__}.{each.name} is left out of ==, so worlds would seem equal"
        )


def test_the_example_is_saved_and_loaded_whole(tmp_path: Path) -> None:
    world = example_world()
    path = tmp_path / "example.world"
    size = save(world, path).unwrap()
    assert size == path.stat().st_size
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load(path).unwrap() == world
    assert save(load(path).unwrap(), tmp_path / "again.world").unwrap() == size
    assert (tmp_path / "again.world").read_bytes() == path.read_bytes()
    assert [held.name for held in sorted(tmp_path.iterdir())] == ["again.world", "example.world"]


def test_a_loaded_world_answers_as_the_saved_one(sandbox: Sandbox, admin: Transport) -> None:
    task = make_task(admin)
    call(admin, tasks.create_dataset_export, task.id, format="COCO 1.0", save_images=True).unwrap()
    loaded = read_world(written_world(sandbox.world).unwrap()).unwrap()
    assert loaded == sandbox.world
    login = {"Authorization": "Basic YWRtaW46czNjcmV0"}
    for path in ("/api/tasks", "/api/requests", "/api/tasks/1/preview", "/api/jobs/1/annotations"):
        asked = Request("GET", path, headers=login)
        assert step(loaded, asked) == step(sandbox.world, asked)


class Color(Enum):
    RED = 1


class Caller(Protocol):
    def __call__(self, image: bytes) -> bytes: ...


@frozen(kw_only=True)
class Leaf:
    name: str
    size: int = 0


@frozen(kw_only=True)
class Twig:
    name: str
    leaves: tuple[Leaf, ...] = ()
    twigs: tuple[Twig, ...] = ()


@frozen(kw_only=True)
class Everything:
    texts: tuple[str, ...]
    number: int | float | None
    secret: str | bytes
    moment: datetime
    long: timedelta
    color: Color
    kind: Literal["a", "b"]
    id: UUID
    one: Leaf | Twig
    maybe: Leaf | Unset | None = UNSET
    certain: bool | Unset = False
    pairs: Mapping[tuple[int, str], float]
    names: Mapping[str, Mapping[int, bytes]]
    set: frozenset[int]
    fixed: tuple[int, str]
    open: object = field(hash=False)
    status: models.JobStage


leaves = st.builds(Leaf, name=st.text(), size=st.integers(-(2**63), 2**63 - 1))
twigs = st.recursive(
    st.builds(Twig, name=st.text(), leaves=st.lists(leaves, max_size=2).map(tuple)),
    lambda below: st.builds(Twig, name=st.text(), twigs=st.lists(below, max_size=2).map(tuple)),
    max_leaves=4,
)
numbers = st.floats(allow_nan=False, allow_infinity=False)
opened = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | numbers | st.text(),
    lambda below: st.lists(below, max_size=2) | st.dictionaries(st.text(), below, max_size=2),
    max_leaves=4,
)
everything = st.builds(
    Everything,
    texts=st.lists(st.text(), max_size=3).map(tuple),
    number=st.none() | st.integers(-(2**63), 2**64 - 1) | numbers,
    secret=st.text() | st.binary(),
    moment=st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(fold=0)),
    long=st.timedeltas(),
    color=st.sampled_from(Color),
    kind=st.sampled_from(["a", "b"]),
    id=st.uuids(),
    one=leaves | twigs,
    maybe=st.just(UNSET) | st.none() | leaves,
    certain=st.booleans() | st.just(UNSET),
    pairs=st.dictionaries(st.tuples(st.integers(0, 9), st.text()), numbers, max_size=2),
    names=st.dictionaries(
        st.text(), st.dictionaries(st.integers(-9, 9), st.binary(), max_size=2), max_size=2
    ),
    set=st.frozensets(st.integers(0, 99), max_size=3),
    fixed=st.tuples(st.integers(0, 9), st.text()),
    open=opened,
    status=st.sampled_from(models.JobStage) | st.just(models.JobStage("of tomorrow")),
)


@given(everything)
def test_whatever_a_class_holds_comes_back(value: Everything) -> None:
    writing = Writing()
    said = form_of(Everything).write(value, writing, None)
    assert writing.problems == []
    reading = Reading(writing.contents, {})
    again = form_of(Everything).read(_through_json(said), reading, None)
    assert reading.problems == []
    assert again == value
    assert isinstance(again, Everything)
    assert sorted(map(repr, again.set)) == sorted(map(repr, value.set))  # a set has no order
    plain, other = (evolve(each, set=frozenset()) for each in (again, value))
    assert repr(plain) == repr(other)  # order, and 1 that is not True


def _through_json(said: object) -> object:
    from cvatfn.codecs.native import read_json

    return read_json(dumps(said))


@pytest.mark.parametrize("kind", [Leaf | Twig, Callable[[int], int], Caller])
def test_functions_are_found_by_their_name(kind: object) -> None:
    if kind == Leaf | Twig:
        assert form_of(kind).write(len, (wrong := Writing()), None) is None
        assert [problem.path for problem in wrong.problems] == ["$"]
        return
    form = form_of(Mapping[str, kind])  # type: ignore[valid-type]  # made at run time
    said = form.write({"detect": len}, Writing(), None)
    assert said == {"detect": None}
    assert form.read(said, Reading({}, {"detect": len}), None) == {"detect": len}
    form.read(said, (reading := Reading({}, {})), None)
    assert [problem.path for problem in reading.problems] == ["$.detect"]


def _looking(_image: bytes, _: JSONObject) -> JSON:
    return []


def test_functions_are_given_their_code_again_by_their_ids(tmp_path: Path) -> None:
    spots = Function(id="spots", kind="detector", call=_looking)
    named_as_the_field = Function(id="call", kind="detector", call=_looking)
    world = World.empty().serving(spots, named_as_the_field)
    save(world, tmp_path / "a.world").unwrap()
    loaded = load(tmp_path / "a.world", functions={"call": _looking}).unwrap()
    assert loaded == world
    assert {key: held.call for key, held in loaded.functions.items()} == {
        "spots": None,
        "call": _looking,
    }


def test_what_is_still_to_be_sent_is_sent_by_who_loads_the_world(receiver: Receiver) -> None:
    sandbox = Sandbox(organized())
    project = call(entered(sandbox, "owner"), projects.create, {"name": "p"}).unwrap()
    body: models.WebhookWriteRequestDict = {
        "type": "project",
        "project_id": project.id,
        "target_url": "http://listener.example/hear?all=1",
        "events": ["update:project"],
        "secret": "s3cret",
    }
    call(entered(sandbox, "owner"), webhooks.create, body).unwrap()
    call(entered(sandbox, "owner"), projects.partial_update, project.id, {"name": "q"}).unwrap()
    (waiting,) = sandbox.world.outbox
    loaded = read_world(written_world(sandbox.world).unwrap()).unwrap()
    assert loaded == sandbox.world
    call(Sandbox(loaded, sender=receiver), server.retrieve_about).unwrap()
    assert receiver.got == [waiting.request]


def test_what_no_file_can_hold_is_told_in_a_sentence() -> None:
    for kind in (complex, Path, int | complex):
        with pytest.raises(TypeError, match="has no form in which a world could be saved"):
            form_of(kind)
    naive = evolve(World.empty(), now=datetime(2026, 1, 1))
    (problem,) = written_world(naive).failure()
    assert problem.path == "$.now"


DAY = datetime(2026, 1, 1, tzinfo=UTC)


def _file(document: object, **contents: bytes) -> bytes:
    said = document if isinstance(document, bytes) else dumps(document)
    entries = [("world.json", said), *((f"bytes/{name}", held) for name, held in contents.items())]
    return written_zip(entries, DAY)


def _with(**fields: object) -> bytes:
    return _file({"format": "cvatfn sandbox world", "version": 1, "world": fields})


def _bzipped() -> bytes:
    written = BytesIO()
    with ZipFile(written, "w", ZIP_BZIP2) as archive:
        archive.writestr("world.json", b"{}")
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "$: File is not a zip file"),
        (written_zip([("other.json", b"{}")], DAY), "$: there is no world.json in it"),
        (_bzipped(), "compressed in a way"),
        (_file(b"{"), "$: Input data was truncated"),
        (_file(b"\xff"), "$: "),
        (_file(b"[" * 100_000), "$: is nested too deeply"),
        (_file([]), "$: world.json is not that of a cvatfn sandbox world"),
        (
            _file({"format": "cvatfn sandbox world", "version": 2, "world": {}}),
            "$: is of version 2, and this release of cvatfn reads version 1",
        ),
        (
            _file({"format": "cvatfn sandbox world", "version": True, "world": {}}),
            "$: is of version True",
        ),
        (_file({"format": "cvatfn sandbox world", "version": 1}), "$: expected World as an object"),
        (_with(nothing=1), "$.nothing: is no field of World"),
        (_with(now="2026-01-01T00:00:00"), "$.now: has no time zone"),
        (_with(steps="1"), "$.steps: expected int, got str"),
        (_with(tick=10**30), "$.tick: "),
        (_with(tasks={"x": {}}), "$.tasks.x: is no whole number"),
        (_with(tasks={"1": {"id": 1}}), "$.tasks['1'].name: is missing"),
        (_with(share={"a": "00"}), "$.share.a: names bytes that are not in the file"),
        (_with(tokens={"s3cret": "7"}), "$.tokens: is secret, and does not fit its type"),
        (_with(tokens={"s3cret": 7}), "$.tokens[***]: 7 is in no accounts"),
        (
            _with(backgrounds={"x": {"work": {"$": "os.system"}}}),
            "$.backgrounds.x.work: '$' has to be one of",
        ),
    ],
)
def test_a_file_that_is_no_world_is_refused_with_its_place(content: bytes, said: str) -> None:
    told = "\n".join(map(str, read_world(content).failure()))
    assert said in told
    assert len(told) < 5000
    assert "s3cret" not in told


@given(st.data())
def test_a_damaged_file_never_raises(data: st.DataObject) -> None:
    whole = written_world(World.with_user("ada", "s3cret")).unwrap()
    place = data.draw(st.integers(0, len(whole) - 1))
    broken = bytearray(whole)
    broken[place] ^= data.draw(st.integers(1, 255))
    read_world(bytes(broken))
    read_world(whole[:place])


@given(
    st.recursive(
        st.none() | st.integers() | st.text() | st.booleans(),
        lambda below: (
            st.lists(below)
            | st.dictionaries(
                st.sampled_from(sorted(field_types(World)))
                | st.sampled_from(["$", "id", "work", "1"]),
                below,
            )
        ),
        max_leaves=20,
    )
)
def test_whatever_json_a_file_holds_never_raises(said: object) -> None:
    document = {"format": "cvatfn sandbox world", "version": 1, "world": said}
    try:
        content = _file(document)
    except OverflowError:  # JSON of our own writer has no such numbers
        return
    read_world(content)


def test_large_files_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cvatfn.testing.sandbox.keeping.saving.LARGEST", 100)
    path = tmp_path / "large.world"
    path.write_bytes(bytes(101))
    assert "larger than 100 bytes" in str(load(path).failure())
    (problem,) = written_world(World.empty()).failure()
    assert "larger" in problem.message
    monkeypatch.undo()
    monkeypatch.setattr("cvatfn.testing.sandbox.keeping.saving.LONGEST", 100)
    (problem,) = read_world(_file(b" " * 101)).failure()
    assert problem.message == "world.json is larger than 100 bytes"


def test_what_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.world"
    save(World.empty(), path).unwrap()
    kept = path.read_bytes()
    broken = evolve(World.empty(), origin="\ud800")
    assert "surrogate" in str(save(broken, path).failure())
    assert path.read_bytes() == kept
    missing = save(World.empty(), tmp_path / "no" / "a.world").failure()
    assert "No such file" in str(missing)
    assert "s3cret" not in repr(load(tmp_path).failure())


def test_a_rewound_world_answers_byte_for_byte_the_same(sandbox: Sandbox, admin: Transport) -> None:
    make_task(admin)
    before = sandbox.world

    def go_on() -> list[object]:
        made = call(admin, tasks.create, {"name": "dogs"}).unwrap()
        answers: list[object] = [made, call(admin, jobs.list).unwrap()]
        answers += [call(admin, tasks.destroy, 1), call(admin, tasks.list).unwrap()]
        return [*answers, sandbox(Request("GET", "/api/server/about")).unwrap()]

    first = go_on()
    after = sandbox.world
    sandbox.rewind(before)
    assert go_on() == first
    assert sandbox.world == after != before


def test_branches_do_not_see_each_other(sandbox: Sandbox) -> None:
    other = sandbox.branch()
    assert other.world is sandbox.world
    ada = Sandbox(World.with_user("ada", "x"), auth=Basic("ada", "x"), history=2)
    for name in ("a", "b", "c"):
        call(ada, tasks.create, {"name": name}).unwrap()
    twin = ada.branch()
    assert twin.history == ada.history
    assert [len(world.tasks) for world in ada.history] == [1, 2]
    call(twin, tasks.create, {"name": "d"}).unwrap()
    assert (len(twin.world.tasks), len(ada.world.tasks)) == (4, 3)
    ada.rewind(ada.world)
    assert len(ada.history) == 2
    ada.rewind(ada.history[1])
    assert [len(world.tasks) for world in (*ada.history, ada.world)] == [1, 2]
    ada.rewind(World.empty())
    assert not ada.history


def test_a_comparison_says_what_a_call_changed(sandbox: Sandbox, admin: Transport) -> None:
    task = make_task(admin)
    before = sandbox.world
    call(admin, tasks.partial_update, task.id, {"name": "dogs"}).unwrap()
    moved = compare(before, sandbox.world)
    assert moved.changed[0] == Change("tasks", task.id, "name", "cats", "dogs")
    assert {change.field for change in moved.changed} == {"name", "updated"}
    assert (moved.added, moved.removed) == ((), ())
    assert {change.field for change in moved.passing} == {"now", "steps", "log"}
    call(admin, tasks.create, {"name": "more"}).unwrap()
    call(admin, tasks.destroy, task.id).unwrap()
    whole = compare(before, sandbox.world)
    assert whole.of("tasks").added == (Thing("tasks", 2),)
    assert whole.of("jobs").removed == (Thing("jobs", 1),)
    assert "- tasks 1" in str(whole).splitlines()
    assert str(compare(before, before)) == "the same"
    assert str(compare(before, evolve(before, steps=9))) == "nothing but time has passed"


def test_a_comparison_goes_into_what_is_annotated(sandbox: Sandbox, admin: Transport) -> None:
    task = make_task(admin)
    label = min(sandbox.world.labels)
    box: models.LabeledShapeRequestDict = {
        "type": "rectangle",
        "frame": 0,
        "label_id": label,
        "points": [1, 2, 3, 4],
    }
    call(admin, tasks.update_annotations, task.id, {"shapes": [box, box]}).unwrap()
    before = sandbox.world
    stored = call(admin, tasks.retrieve_annotations, task.id).unwrap().shapes
    removed: models.PatchedLabeledDataRequestDict = {"shapes": [{**box, "id": stored[0].id}]}
    call(admin, tasks.partial_update_annotations, task.id, removed, action="delete").unwrap()
    (gone,) = [
        change
        for change in compare(before, sandbox.world).of("jobs").changed
        if change.field.startswith("annotations.shapes")
    ]
    assert gone.field == f"annotations.shapes[{stored[0].id}]"
    assert (gone.before, gone.after) == (f"<LabeledShape {stored[0].id}>", UNSET)


def test_a_comparison_shows_no_secret_and_no_long_bytes() -> None:
    before = World.with_user("ada", "s3cret")
    changed = evolve(before.accounts[1], password="0ther")
    after = evolve(
        before, accounts={1: changed}, tokens={"t0ken": 1}, share={"a": bytes(10**6)}, seed="new"
    )
    for told in (compare(before, after), compare(after, before)):
        shown = f"{told}{told!r}"
        assert len(shown) < 2000
        for secret in ("s3cret", "0ther", "t0ken", "'new'"):
            assert secret not in shown
    longer = evolve(after, share={"a": bytes(5)})
    (change,) = compare(after, longer).changed
    assert (str(change.before)[:15], str(change.after)[:9]) == ("<1000000 bytes,", "<5 bytes,")


@given(st.integers(0, 3), st.integers(0, 3))
def test_worlds_are_equal_when_nothing_differs(one: int, other: int) -> None:
    worlds = [World.empty(), World.with_user("a", "x"), World.with_user("a", "y"), example_world()]
    before, after = worlds[one], worlds[other]
    told = compare(before, after)
    assert (before == after) == (told == compare(before, before))


def test_loose_ends_are_found(sandbox: Sandbox, admin: Transport) -> None:
    make_task(admin)
    world = sandbox.world
    assert list(dangling(world)) == list(dangling(example_world())) == []
    for broken, place in (
        (evolve(world, tasks={}), "$.jobs[1].task"),
        (evolve(world, labels={}, tasks={}, uploads={5: Upload()}), "$.uploads[5]"),
        (evolve(world, accounts={}), "$.tasks[1].owner"),
        (
            evolve(world, labels={1: evolve(world.labels[1], parent=77)}),
            "$.labels[1].parent",
        ),
    ):
        assert place in [problem.path for problem in dangling(broken)]
