"""The machine of uploads: it ends, what it calls arrived has arrived, and it believes no lie."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping
from itertools import cycle
from typing import Final, Literal, TypeAlias, get_args

import pytest
from attrs import define, evolve, field
from hypothesis import given, settings
from hypothesis import strategies as st

from cvatfn.errors import ConnectFailed, ConnectionLost, ForeignOrigin
from cvatfn.flows import Reply
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Success
from cvatfn.transfer.tus import (
    MOST_LOST,
    Action,
    Arrived,
    Asking,
    Broken,
    Create,
    Creating,
    Look,
    Nothing,
    Patch,
    Sending,
    Spot,
    State,
    Terms,
    action_of,
    begun,
    resumed,
    step,
)

NAME: Final = "cats.zip"
SENT: Final = Request("PATCH", "/x")

Fault: TypeAlias = Literal[
    "lost before",
    "lost after",
    "lost, acts late",
    "no connection",
    "429",
    "500",
    "502 before",
    "502 after",
    "409",
    "413",
    "takes nothing",
    "forgets",
    "killed",
]
PASSING: Final[tuple[Fault, ...]] = tuple(
    fault for fault in get_args(Fault) if fault not in ("413", "forgets")
)


def lost() -> Reply:
    return Failure(ConnectionLost(SENT, "reset"))


@define
class Model:
    """A server that keeps uploads in a dict, as CVAT does: whole ones go to another dict."""

    terms: Terms
    content: bytes
    uploads: dict[str, bytes] = field(factory=dict[str, bytes])
    whole: dict[str, bytes] = field(factory=dict[str, bytes])
    made: int = 0
    late: list[Action] = field(factory=list[Action])

    def told(self, action: Action, fault: Fault | None) -> Reply:
        late, self.late = self.late, []
        reply = self._told(action, fault)
        for each in late:  # what a gateway gave up on is still being done
            self.act(each)
        return reply

    def _told(self, action: Action, fault: Fault | None) -> Reply:
        match fault:
            case None | "killed":
                return Success(self.act(action))
            case "lost before":
                return lost()
            case "lost after":
                self.act(action)
                return lost()
            case "lost, acts late":
                self.late = [action]
                return lost()
            case "no connection":
                return Failure(ConnectFailed(SENT, "refused"))
            case "502 before":
                return Success(Response(502))
            case "502 after":
                self.act(action)
                return Success(Response(502))
            case "forgets":
                self.uploads.clear()
                return Success(self.act(action))
            case "takes nothing" if isinstance(action, Patch) and action.size:
                if len(self.uploads.get(action.location, b"-" * 99)) != action.offset:
                    return Success(self.act(action))
                return Success(Response(204, {"Upload-Offset": str(action.offset)}))
            case "409" | "413" | "500" if isinstance(action, Patch):
                return Success(Response(int(fault)))
            case _:
                return Success(Response(429, {"Retry-After": "1"}))

    def act(self, action: Action) -> Response:
        match action:
            case Create():
                if self.terms.keeps_name and NAME in self.whole:
                    return Response(409)
                self.made += 1
                location = f"/uploads/{self.made}"
                self.uploads[location] = b""
                return Response(201, {"Location": location})
            case Patch(location, offset, size):
                held = self.uploads.get(location)
                if held is None:
                    return Response(404)
                if offset != len(held):
                    return Response(409)
                held += self.content[offset : offset + size]
                if len(held) == self.terms.length:
                    del self.uploads[location]
                    self.whole[NAME if self.terms.keeps_name else location] = held
                else:
                    self.uploads[location] = held
                return Response(204, {"Upload-Offset": str(len(held))})
            case Look(location):
                held = self.uploads.get(location)
                if held is None:
                    return Response(404)
                length = str(self.terms.length)
                return Response(200, {"Upload-Offset": str(len(held)), "Upload-Length": length})
            case Nothing():
                raise AssertionError("nothing was to be asked")


def same(value: object) -> None:
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own


def sound(terms: Terms, action: Action) -> None:
    """A piece lies within the file, and within the sizes that pieces may have."""
    if isinstance(action, Patch):
        assert 0 <= action.offset <= action.offset + action.size <= terms.length
        assert action.size <= terms.most
        assert action.size >= min(terms.least, terms.length - action.offset)


def tried(state: State) -> int:
    return 0 if isinstance(state, Arrived | Broken) else state.tried


def then_none(faults: Iterable[Fault | None]) -> Iterator[Fault | None]:
    yield from faults
    while True:
        yield None


def led(
    model: Model, faults: Iterable[Fault | None], tries: int, most: int = 4000
) -> tuple[State, bool]:
    """Lead the machine to its end: where it ended, and whether for want of tries."""
    terms, state, kept = model.terms, begun(), None
    for fault, _ in zip(then_none(faults), range(most), strict=False):
        action = action_of(terms, state)
        if isinstance(action, Nothing):
            return state, False
        same(state)
        same(action)
        sound(terms, action)
        if isinstance(state, Sending) and isinstance(action, Patch):
            kept = evolve(state.spot, sent=max(state.spot.sent, action.offset + action.size))
        reply = model.told(action, fault)
        if fault == "killed":
            state = begun() if kept is None else resumed(terms, kept)
            continue
        state, following = step(terms, state, reply)
        assert following == action_of(terms, state)
        if tried(state) >= tries:
            return state, True
    raise AssertionError(f"no end: {state}")


@st.composite
def models(draw: st.DrawFn) -> Model:
    content = draw(st.binary(max_size=40))
    most = draw(st.integers(1, 50))
    least = draw(st.integers(1, most))
    return Model(Terms(NAME, len(content), draw(st.booleans()), most, least), content)


def arrived_truly(model: Model, state: State) -> bool:
    return isinstance(state, Arrived) and model.content in model.whole.values()


@given(models())
def test_without_faults_it_arrives_in_as_many_pieces_as_needed(model: Model) -> None:
    state, _ = led(model, (), 1)
    assert state == Arrived(NAME)
    assert list(model.whole.values()) == [model.content]
    assert model.made == 1


@given(models(), st.lists(st.sampled_from([None, *PASSING]), max_size=30))
@settings(max_examples=300)
def test_with_faults_that_pass_it_arrives(model: Model, faults: list[Fault | None]) -> None:
    state, _ = led(model, faults, tries=1000)
    assert arrived_truly(model, state), (state, model)
    if isinstance(state, Arrived) and not state.sure:
        assert not model.terms.keeps_name


@given(models(), st.lists(st.sampled_from([None, *get_args(Fault)]), max_size=60))
@settings(max_examples=300)
def test_whatever_happens_it_ends_and_what_is_sure_is_true(
    model: Model, faults: list[Fault | None]
) -> None:
    state, gave_up = led(model, faults, tries=6)
    if isinstance(state, Arrived) and state.sure:
        assert arrived_truly(model, state), model
    elif isinstance(state, Broken):
        assert isinstance(state.why, Success | Failure) or len(state.why) > 10
    else:
        assert gave_up or isinstance(state, Arrived)
    assert all(held == model.content for held in model.whole.values())


@given(models(), st.lists(st.sampled_from([None, *get_args(Fault)]), min_size=1, max_size=6))
@settings(max_examples=300)
def test_the_same_faults_for_ever_end_it(model: Model, faults: list[Fault | None]) -> None:
    alive: list[Fault | None] = [None if fault == "killed" else fault for fault in faults]
    led(model, cycle(alive), tries=6)


# A server that lies.

NUMBERS: Final = st.one_of(
    st.integers(-3, 60).map(str),
    st.sampled_from(["", "many", "1e3", "0x1", "٣", " 1", "1 2", "9" * 30, str(1 << 60)]),
)


@st.composite
def lies(draw: st.DrawFn) -> Reply:
    if draw(st.integers(0, 9)) == 0:
        return lost()
    status = draw(st.sampled_from([200, 201, 204, 204, 200, 302, 400, 404, 409, 410, 413, 500]))
    said: dict[str, str] = {}
    if draw(st.integers(0, 3)):
        said["Location"] = "/uploads/1"
    if draw(st.integers(0, 5)):
        said["Upload-Offset"] = draw(NUMBERS)
    if draw(st.booleans()):
        said["Upload-Length"] = draw(NUMBERS)
    return Success(Response(status, said))


@given(models(), st.lists(lies(), min_size=1, max_size=5))
@settings(max_examples=500)
def test_lies_for_ever_end_it(model: Model, replies: list[Reply]) -> None:
    terms, state = model.terms, begun()
    for reply, _ in zip(cycle(replies), range(4000), strict=False):
        before = action_of(terms, state)
        sound(terms, before)
        state, action = step(terms, state, reply)
        same(state)
        if isinstance(action, Nothing):
            break
        if tried(state) >= 6:
            return
    else:
        raise AssertionError(f"no end: {state}")
    if isinstance(state, Broken) and isinstance(state.why, str):
        assert len(state.why) < 200


TERMS: Final = Terms(NAME, 10, keeps_name=True, most=4, least=1)
AT: Final = Spot("/uploads/1", NAME)


def answered(status: int, headers: Mapping[str, str] | None = None) -> Reply:
    return Success(Response(status, headers or {}))


def after(state: State, *replies: Reply, terms: Terms = TERMS) -> State:
    for reply in replies:
        state, _ = step(terms, state, reply)
    return state


def offset(said: str) -> dict[str, str]:
    return {"Upload-Offset": said}


@pytest.mark.parametrize("said", ["5", "-1", "many", "", "1e1", "9" * 19, "9" * 5000, "٣"])
def test_an_offset_beyond_what_was_sent_is_a_lie(said: str) -> None:
    for status in (200, 204):
        state = after(Sending(AT, 4), answered(status, offset(said)))
        assert isinstance(state, Broken)
        assert isinstance(state.why, str)
        assert "where only 0 to 4 are possible" in state.why
    state = after(Asking(evolve(AT, sent=4), 4), answered(200, offset(said)))
    assert isinstance(state, Broken)
    assert isinstance(state.why, str)
    assert len(state.why) < 120


def test_an_answer_without_an_offset_is_a_lie() -> None:
    for state in (Sending(AT, 4), Asking(AT, 4)):
        assert isinstance(after(state, answered(200)), Broken)


def test_an_offset_before_the_piece_is_a_lie_where_the_piece_was_taken() -> None:
    state = after(Sending(evolve(AT, offset=4, sent=4), 4), answered(204, offset("3")))
    assert isinstance(state, Broken)


@pytest.mark.parametrize("said", ["9", "11", "-10", "ten", "10 ", "010"])
def test_another_length_is_a_lie(said: str) -> None:
    headers = {**offset("0"), "Upload-Length": said}
    state = after(Asking(AT, 4), answered(200, headers))
    assert isinstance(state, Broken)
    assert isinstance(state.why, str)
    assert "has a length of" in state.why


def test_a_creation_without_a_place_is_a_lie() -> None:
    state = after(begun(), answered(201))
    assert isinstance(state, Broken)
    assert "does not say where" in str(state.why)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 403, 415, 501])
def test_what_will_not_pass_ends_it_with_the_reply(status: int) -> None:
    reply = answered(status, {"Location": "/elsewhere"})
    for state in (begun(), Sending(AT, 4), Asking(AT, 4)):
        assert after(state, reply) == Broken(reply)
    foreign: Reply = Failure(ForeignOrigin(SENT, "http://here.example"))
    for state in (begun(), Sending(AT, 4), Asking(AT, 4)):
        assert after(state, foreign) == Broken(foreign)


def test_a_server_that_loses_what_it_has_said_to_have_is_left_after_a_while() -> None:
    state: State = Sending(AT, 4)
    for _ in range(MOST_LOST + 1):
        assert isinstance(state, Sending)
        had = answered(204, offset(str(state.piece)))
        state = after(state, had, lost(), answered(200, offset("0")))
    assert isinstance(state, Broken)
    assert "lost" in str(state.why)


# After a doubt.

LAST: Final = Sending(evolve(AT, offset=8, sent=8), 4)


def test_a_lost_last_answer_is_settled_by_the_name() -> None:
    doubted = after(LAST, lost(), answered(404))
    assert isinstance(doubted, Creating)
    assert doubted.doubted
    assert after(doubted, answered(409)) == Arrived(NAME)
    assert after(doubted, lost(), answered(502), answered(409)) == Arrived(NAME)
    anew = after(doubted, answered(201, {"Location": "/uploads/2"}))
    assert isinstance(anew, Sending)
    assert anew.spot == Spot("/uploads/2", NAME)


def test_where_no_name_is_kept_a_lost_last_answer_leaves_a_doubt() -> None:
    terms = evolve(TERMS, keeps_name=False)
    assert after(LAST, lost(), answered(404), terms=terms) == Arrived(NAME, sure=False)


def test_a_last_piece_that_finds_nothing_may_have_come_before() -> None:
    # The first time it was still being written when the server was asked how far it is.
    state = after(LAST, lost(), answered(200, offset("8")), answered(404), answered(409))
    assert state == Arrived(NAME)


def test_what_was_being_written_when_it_was_asked_is_no_lie() -> None:
    state = after(Sending(AT, 4), lost(), answered(200, offset("0")), answered(409))
    state = after(state, answered(200, offset("4")))
    assert isinstance(state, Sending)
    assert state.spot == evolve(AT, offset=4, sent=4)


def test_a_lost_upload_is_begun_anew_some_times() -> None:
    created = answered(201, {"Location": "/uploads/1"})
    for fault in (answered(404), answered(410)):
        state = begun()
        for _ in range(MOST_LOST):
            state = after(state, created, fault)
            assert isinstance(state, Creating)
            assert not state.doubted
        assert isinstance(after(state, created, fault), Broken)


def test_a_name_that_is_taken_at_first_is_a_refusal() -> None:
    taken = answered(409)
    assert after(begun(), taken) == Broken(taken)


def test_pieces_shrink_with_faults_and_grow_again() -> None:
    terms = Terms(NAME, 1000, most=64, least=8)

    def sizes() -> Iterator[int]:
        state: State = Sending(Spot("/u", NAME), 64)
        while True:
            action = action_of(terms, state)
            assert isinstance(action, Patch)
            yield action.size
            if len(seen) < 6:
                state = after(state, lost(), answered(200, offset("0")), terms=terms)
            else:
                done = answered(204, offset(str(action.offset + action.size)))
                state = after(state, done, terms=terms)

    seen: list[int] = []
    for size in sizes():
        seen.append(size)
        if len(seen) == 10:
            break
    assert seen == [64, 32, 16, 8, 8, 8, 16, 32, 64, 64]


def test_a_piece_too_large_is_halved_until_it_cannot_be() -> None:
    large = answered(413)
    state = after(Sending(AT, 4), large, answered(200, offset("0")))
    assert isinstance(state, Sending)
    assert state.piece == 2
    assert after(Sending(AT, 1), large) == Broken(large)


def test_it_goes_on_where_another_process_was_stopped() -> None:
    spot = evolve(AT, offset=4, sent=8)
    state = resumed(TERMS, spot)
    assert action_of(TERMS, state) == Look("/uploads/1")
    assert action_of(TERMS, after(state, answered(200, offset("8")))) == Patch("/uploads/1", 8, 2)
    assert isinstance(after(state, answered(200, offset("9"))), Broken)
    assert after(state, answered(404)) == Creating(0, 1)


def test_pieces_do_not_grow_beyond_what_was_refused() -> None:
    state = after(Sending(AT, 4), answered(413), answered(200, offset("0")))
    for said in ("2", "4"):
        state = after(state, answered(204, offset(said)))
        assert isinstance(state, Sending)
        assert (state.piece, state.limit) == (2, 2)


def test_what_is_over_stays_over() -> None:
    for state in (Arrived(NAME), Broken("no")):
        assert step(TERMS, state, answered(500)) == (state, Nothing())
