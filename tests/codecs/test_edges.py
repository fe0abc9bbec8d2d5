"""The edges: odd values, odd declarations, many threads. Each was a fault once."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from enum import Enum, IntEnum
from typing import Annotated, Any, Literal

import msgspec
import pytest

from cvatfn import (
    Failure,
    File,
    Response,
    Success,
    accepting,
    convert,
    interpret,
    lenient,
    loads,
    models,
    prepare,
    sending,
    structure,
    unvalidated,
)
from cvatfn.api import tasks, users
from cvatfn.calling import request_of
from cvatfn.codecs.rejections import LONGEST, MOST_FIELDS, read_refusal
from cvatfn.endpoints import Body, get, post


class Subset(str, Enum):
    TRAIN = "train"


class Number(IntEnum):
    THREE = 3


def _deep() -> list[Any]:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    return deep


class Unshowable:
    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize("value", [10**5000, _deep(), Unshowable()], ids=["huge", "deep", "mute"])
def test_values_that_cannot_even_be_shown_are_refused(value: Any) -> None:
    assert isinstance(prepare(tasks.retrieve, value), Failure)
    assert isinstance(prepare(unvalidated(tasks.list), search=value), Failure)


@pytest.mark.parametrize(
    "file", [("a.png", "text"), (5, b"x"), ("a", b"x", None)], ids=["text", "number", "none"]
)
def test_files_that_are_none_are_refused(file: tuple[Any, ...]) -> None:
    spec: Any = {"image_quality": 70, "client_files": [File(*file)]}
    for endpoint in (tasks.create_data, unvalidated(tasks.create_data)):
        assert isinstance(prepare(endpoint, 1, spec), Failure)


def test_a_form_cannot_hold_half_a_character() -> None:
    spec: Any = {"filename_pattern": "\ud800", "client_files": [File("a", b"")]}
    assert isinstance(prepare(unvalidated(tasks.create_data), 1, spec), Failure)


def test_members_of_enums_go_out_by_value() -> None:
    assert prepare(tasks.list, subset=Subset.TRAIN).unwrap().target == "/api/tasks?subset=train"
    assert prepare(tasks.list, page=Number.THREE).unwrap().target == "/api/tasks?page=3"


def test_an_error_page_of_megabytes_is_read_at_once() -> None:
    html = b"<title" + b" " * 10
    assert len(read_refusal(400, "text/html", html * 100_000).detail) <= LONGEST
    many = b"[" + b"1," * 200_000 + b"1]"
    assert len(read_refusal(400, "application/json", many).fields) == MOST_FIELDS


class Cat(msgspec.Struct):
    name: str


@pytest.mark.parametrize("kind", [date, Cat, tuple[Cat, ...], dict[str, date]])
def test_types_beside_models_fail_as_values(kind: Any) -> None:
    assert isinstance(loads(kind, b'"x"'), Failure)
    assert isinstance(loads(kind, b"[5]"), Failure)


def test_fixed_tuples_and_choices_are_exact() -> None:
    assert structure(tuple[int, str], [1, "a"]) == Success((1, "a"))
    assert isinstance(structure(tuple[int, str], [1]), Failure)
    assert isinstance(structure(Literal[1], True), Failure)
    assert structure(Literal["a", 1], 1) == Success(1)


def test_of_two_models_the_one_with_the_fields_is_meant() -> None:
    page = (
        b'{"count":1,"next":null,"previous":null,"results":[{"url":"u","id":1,"username":"ada",'
        b'"first_name":"","last_name":"","groups":[],"is_staff":"bad","email":"a@b"}]}'
    )
    error = interpret(users.list, Response(200, body=page)).failure()
    assert "$.results[0].is_staff: expected bool, got str" in str(error)
    guessed = interpret(lenient(users.list), Response(200, body=page)).unwrap()
    assert isinstance(guessed.results[0], models.User)


def test_a_text_that_is_like_a_name_is_not_known() -> None:
    assert not models.JobStatus("COMPLETED").is_known
    assert models.JobStatus("completed").is_known


def test_elements_are_not_dropped_without_a_word() -> None:
    read: Any = {"shapes": ["oops"]}
    error = convert(read, models.LabeledDataRequest).failure()
    assert [problem.path for problem in error.problems] == ["$.shapes[0]"]


def test_a_list_is_converted_as_a_tuple_is() -> None:
    labels = [models.AttributeVal(spec_id=1, value="x")]
    assert convert(labels, list[models.AttributeValRequest]) == Success(
        [models.AttributeValRequest(spec_id=1, value="x")]
    )


def test_the_alternative_that_fits_is_taken() -> None:
    value = models.AttributeVal(spec_id=1, value="x")
    assert convert(value, models.LabelsSummary | models.AttributeValRequest) == Success(
        models.AttributeValRequest(spec_id=1, value="x")
    )


def test_only_media_types_that_an_endpoint_takes_are_sent() -> None:
    assert isinstance(prepare(sending(tasks.create_data, "text/plain"), 1, {}), Failure)
    assert isinstance(prepare(accepting(tasks.retrieve, "text/csv\r\nX: 1"), 1), Failure)


def test_bytes_in_a_query_come_through_as_they_are() -> None:
    assert request_of("/a?b=%FF&c=%C3%A9").unwrap().target == "/a?b=%FF&c=%C3%A9"
    assert isinstance(request_of("/a?x=\ud800"), Failure)


@get("/api/cats")
def cats(
    *, q: str | None = None, n: int = 10, kind: Literal[1, 2] = 2
) -> tuple[bytes, ...] | None: ...


@get("/api/say")
def say() -> str | None: ...


def test_defaults_of_a_declaration_are_sent_and_none_is_not() -> None:
    assert prepare(cats).unwrap().target == "/api/cats?n=10&kind=2"
    assert prepare(cats, q=None, n=3, kind=1).unwrap().target == "/api/cats?n=3&kind=1"
    assert prepare(cats, q="x").unwrap().target == "/api/cats?q=x&n=10&kind=2"


def test_texts_are_answers_also_where_there_may_be_none() -> None:
    assert interpret(say, Response(200, {"Content-Type": "text/plain"}, b"miau")) == Success("miau")
    assert interpret(say, Response(200)) == Success(None)
    plain = Response(200, {"Content-Type": "text/plain"}, b"..")
    assert isinstance(interpret(cats, plain), Failure)


def test_a_declaration_that_cannot_work_says_so() -> None:
    @get("/api/cats/{id}")
    def lost(idd: int) -> None: ...

    @get("/api/cats")
    def many(*ids: int) -> None: ...

    @post("/api/cats")
    def twice(a: Annotated[bytes, Body()], b: Annotated[bytes, Body()]) -> None: ...

    def untold(cat: object) -> None: ...

    del untold.__annotations__["cat"]
    vague = get("/api/cats")(untold)
    for declared, said in (
        (lost, "lost: the path /api/cats/{id} names ['id'], the signature does not"),
        (many, "many: ['ids']: an endpoint takes no * or **"),
        (twice, "twice: there are two bodies"),
        (vague, "untold: no annotation of ['cat']"),
    ):
        where = f"{__name__}.{test_a_declaration_that_cannot_work_says_so.__name__}.<locals>."
        with pytest.raises(TypeError, match=f"^{re.escape(where + said)}$"):
            _ = declared.parameters


RACE = """
import sys, threading
from cvatfn import Response, interpret
from cvatfn.api import tasks
sys.setswitchinterval(1e-4)
page = Response(200, body=b'{"results":[],"count":0,"next":null,"previous":null}')
ready = threading.Barrier(32)
def first_use():
    ready.wait()
    assert interpret(tasks.list, page).unwrap().count == 0
threads = [threading.Thread(target=first_use) for _ in range(32)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def test_many_threads_may_meet_a_type_for_the_first_time() -> None:
    for _ in range(3):
        command = [sys.executable, "-c", RACE]
        assert subprocess.run(command, check=False).returncode == 0  # noqa: S603 - our own
