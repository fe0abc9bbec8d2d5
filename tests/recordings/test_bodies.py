"""Every recorded body is read with the type that is declared for it, and nothing of it is lost.

Unknown fields pass, so that newer servers can be spoken to. Of each recorded one that does it is
known why: it ended with a release (the ledger), or CVAT passes over it, too (`overlooked.toml`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import Enum
from pathlib import Path

import pytest

pytest.importorskip("openapi_pydantic", reason="the ledger is read with the generator")

from cvatfn import interpret
from cvatfn.codecs.bodies import sent_kind
from cvatfn.codecs.building import members
from cvatfn.codecs.json import dumps, loads
from cvatfn.codecs.native import read_json
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.codecs.secrets import MASK
from cvatfn.codecs.unset import UNSET
from cvatfn.errors import Rejected
from cvatfn.interpreting import not_answered
from cvatfn.outcome import Failure, Outcome, Success
from generator.__main__ import ROOT
from generator.tables import load, newest_document, release
from tests.fidelity.recorded import Recorded

OVERLOOKED = tomllib.loads((Path(__file__).parent / "overlooked.toml").read_text("utf-8"))
SECRET = b'"at-least-8-characters"'
"""What is sent in the place of secrets, which the recordings mask."""


def test_every_recorded_answer_is_read_strictly(recordings: Sequence[Recorded]) -> None:
    read = 0
    for recorded in recordings:
        if recorded.endpoint is not None and holds_json(recorded) and recorded.status < 300:
            assert isinstance(interpret(recorded.endpoint, recorded.response), Success), recorded
            read += 1
    assert read > 900


def test_answers_lose_what_has_ended_and_nothing_else(recordings: Sequence[Recorded]) -> None:
    lost = {
        place
        for recorded in recordings
        if recorded.answer is not None and not isinstance(recorded.answer, bytes)
        for place in left_out(read_json(recorded.response.body), recorded.answer, recorded.name)
    }
    assert lost <= ended(), lost - ended()


def test_every_recorded_request_is_read_with_its_type(recordings: Sequence[Recorded]) -> None:
    refused: list[str] = []
    for recorded in recordings:
        body = json_sent(recorded)
        if body is not None and isinstance(read(recorded, body), Failure):
            assert recorded.status == 400, recorded  # what the server refuses, too
            refused.append(recorded.name)
    assert len(refused) < 5


def test_requests_lose_what_cvat_passes_over_and_nothing_else(
    recordings: Sequence[Recorded],
) -> None:
    lost = {
        place
        for recorded in recordings
        if (body := json_sent(recorded)) is not None
        if isinstance(sent := read(recorded, body), Success)
        for place in left_out(read_json(body), sent.unwrap(), recorded.name)
    }
    assert lost - ended() == {
        f"{model}.{field}" for model, entry in OVERLOOKED.items() for field in entry["fields"]
    }
    assert all(entry["why"] for entry in OVERLOOKED.values())


def test_requests_are_written_as_they_were_read(recordings: Sequence[Recorded]) -> None:
    for recorded in recordings:
        body = json_sent(recorded)
        if body is None:
            continue
        match read(recorded, body):
            case Success(sent):
                again = dumps(sent)
                assert read(recorded, again) == Success(sent), recorded.name
                assert not set(left_out(read_json(again), sent, recorded.name)), recorded.name
            case Failure():
                pass


def test_every_refusal_can_be_read_by_a_person(recordings: Sequence[Recorded]) -> None:
    refused = 0
    for recorded in recordings:
        if recorded.status < 400:
            continue
        error = rejection(recorded)
        refused += 1
        assert isinstance(error, Rejected)
        assert error.status == recorded.status
        said = " ".join([error.detail, *map(str, error.fields)])
        assert said.strip()
        assert error.detail in str(error)
        for text in messages(recorded):
            assert text in said, recorded.name
    assert refused > 190


def test_bodies_that_were_left_out_are_told_apart(recordings: Sequence[Recorded]) -> None:
    for recorded in recordings:
        sent, got = recorded.left_out
        if sent is not None:
            assert sent > 0
            assert recorded.request.body is None
        if got is not None:
            assert str(got) == recorded.response.headers.get("content-length")
            assert not recorded.response.body
            assert recorded.answer is None


def holds_json(recorded: Recorded) -> bool:
    return bool(recorded.response.body) and "json" in recorded.response.content_type


def json_sent(recorded: Recorded) -> bytes | None:
    """The JSON that was sent to an endpoint of the catalogue."""
    body = recorded.request.body
    declared = recorded.endpoint is not None and recorded.endpoint.body is not None
    if not declared or not isinstance(body, bytes):
        return None
    return body.replace(f'"{MASK}"'.encode(), SECRET)


def read(recorded: Recorded, body: bytes) -> Outcome[object, object]:
    assert recorded.endpoint is not None
    assert recorded.endpoint.body is not None
    kind = sent_kind(recorded.endpoint.body.type)
    assert isinstance(kind, type)
    return loads(kind, body)


def rejection(recorded: Recorded) -> object:
    if recorded.endpoint is None:
        return not_answered("", None, recorded.response)
    match interpret(recorded.endpoint, recorded.response):
        case Failure(error):
            return error
        case Success(answer):
            return answer


def messages(recorded: Recorded) -> Iterator[str]:
    """The texts of an error body, each as one line."""
    if holds_json(recorded):
        for text in texts(read_json(recorded.response.body)):
            yield " ".join(text.split())
    elif recorded.response.content_type.startswith("text/plain"):
        yield recorded.response.body.decode()


def texts(said: object) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif is_mapping(said):
        for held in said.values():
            yield from texts(held)
    elif is_array(said):
        for held in said:
            yield from texts(held)


def left_out(said: object, value: object, place: str) -> Iterator[str]:
    """What of plain JSON is not in the value that was read of it: `Model.field`, or a place."""
    if is_mapping(said):
        held, model = dict(members(value)), type(value).__name__
        for name, inner in said.items():
            if held.get(str(name), UNSET) is UNSET:
                yield f"{model}.{name}"
            else:
                yield from left_out(inner, held[str(name)], f"{model}.{name}")
    elif is_array(said):
        if not is_array(value) or len(value) != len(said):
            yield place
        else:
            for inner, kept in zip(said, value, strict=True):
                yield from left_out(inner, kept, place)
    elif not same(said, value):
        yield place


def same(said: object, value: object) -> bool:
    match value:
        case Enum():
            return bool(said == value.value)
        case datetime():
            return datetime.fromisoformat(str(said)) == value
        case _:
            return said == value or str(said) == str(value)  # a UUID


def ended() -> frozenset[str]:
    """The fields that the newest release no longer has, as `Model.field`."""
    newest = release(newest_document(ROOT / "schema").stem.removeprefix("cvat-"))
    return frozenset(
        name
        for name, lives in load(ROOT / "schema").ledger.fields.items()
        if lives.until is not None and release(lives.until) < newest
    )
