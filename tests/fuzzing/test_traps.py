"""What is known to bring readers down: depth, breadth, long numbers, odd codings, telling names.

Each is given to every reader that could meet it; all of them come to a value, in little time.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import (
    call,
    dumps,
    in_memory,
    interpret,
    loads,
    prepare,
    structure,
    unstructure,
    unvalidated,
)
from cvatfn.api import auth, server, tasks
from cvatfn.codecs import native
from cvatfn.codecs.dicts import MOST_GIVEN
from cvatfn.codecs.dicts import MOST_READ as MOST
from cvatfn.codecs.json import guesses
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.codecs.masking import sent_secrets, without_fields, without_values
from cvatfn.codecs.plain import is_mapping
from cvatfn.codecs.rejections import LONGEST_PATH, MOST_FIELDS, read_refusal
from cvatfn.endpoints import Endpoint, lenient
from cvatfn.errors import InvalidParams, Rejected, Undecodable
from cvatfn.filters.parsing import DEEPEST, parsed
from cvatfn.finding import catalogue
from cvatfn.messages import Request, Response
from cvatfn.models import Label, Page, RequestStatus, TaskRead, TaskWriteRequestDict
from cvatfn.models import Request as Background
from cvatfn.outcome import Failure, Success
from cvatfn.testing.conformance.checks.bodies import peak_of
from cvatfn.testing.sandbox import World, step
from cvatfn.testing.strategies import models
from cvatfn.transfer.journal import journal_at
from cvatfn.transport.exchanges import exchange_of, is_torn, key_of, line_of, read_line
from tests.fuzzing.target import sound
from tests.fuzzing.targets.files import scratch

Reader: TypeAlias = Callable[[bytes], object]

CVAT = {"Content-Type": "application/vnd.cvat+json"}
LOGIN = ("Authorization", "Basic YWRhOnMzY3JldA==")
SECRETS = frozenset({"a", "password"})
SMALL_STACK = 1 << 19 if sys.version_info < (3, 12) else 1 << 22
"""Half a mebibyte: the least that a system which Python supports gives a thread by itself. From
3.12 on, Python's limit is ten thousand calls in C, whatever the stack: they take almost four
mebibytes.
"""
SECONDS = 10.0
"""Of the processor, for what takes a hundredth of it."""


@contextmanager
def _timely() -> Generator[None]:
    began = time.thread_time()
    yield
    assert time.thread_time() - began < SECONDS


def _refused(body: bytes) -> None:
    read_refusal(400, "application/json", body)


def _masked(body: bytes) -> None:
    without_fields(body, None, SECRETS)
    without_values(body, {"s3cret"}, SECRETS)
    sent_secrets(body, None, SECRETS)


READ: tuple[Endpoint[..., object], ...] = (
    tasks.list,
    server.retrieve_about,
    auth.create_login,
    lenient(tasks.list),
)


def _interpreted(body: bytes) -> None:
    for endpoint in READ:
        for status in (200, 400):
            match interpret(endpoint, Response(status, CVAT, body)):
                case Failure(error):
                    sound(error)
                case _:
                    pass


def _exchanged(body: bytes) -> None:
    asked = Request("POST", "/api/auth/login", (), {"Content-Type": "application/json"}, body)
    exchange = exchange_of(asked, Success(Response(200, CVAT, body)), 1 << 24)
    key_of(read_line(line_of(exchange)).unwrap())
    whole = b'{"method":"GET","target":"/","status":200,"response_body":{"json":%b}}' % body
    read_line(whole)
    is_torn(body)


def _asked(body: bytes) -> None:
    world = World.with_user("ada", "s3cret")
    fields = (LOGIN, ("Content-Type", "application/json"))
    assert step(world, Request("POST", "/api/tasks", (), fields, body))[1].status < 500
    query = (("filter", body.decode("utf-8", "replace")),)
    assert step(world, Request("GET", "/api/tasks", query, fields))[1].status < 500


READERS: dict[str, Reader] = {
    "plain": lambda body: loads(JSON, body),
    "model": lambda body: loads(TaskRead, body),
    "page": lambda body: loads(Page[TaskRead], body),
    "open model": lambda body: loads(Background, body),
    "guess": lambda body: guesses(Page[TaskRead], body),
    "refusal": _refused,
    "masking": _masked,
    "interpret": _interpreted,
    "exchange": _exchanged,
    "filter": lambda body: parsed(body.decode("utf-8", "replace")),
    "sandbox": _asked,
}

NESTS: dict[str, Callable[[int], bytes]] = {
    "arrays": lambda depth: b"[" * depth + b"]" * depth,
    "objects": lambda depth: b'{"a":' * depth + b"0" + b"}" * depth,
    "both": lambda depth: b'[{"a":' * depth + b"0" + b"}]" * depth,
    "left open": lambda depth: b"[" * depth,
    "details": lambda depth: b'{"detail":' * depth + b"0" + b"}" * depth,
    "results": lambda depth: b'{"results":[' * depth + b"]}" * depth,
}


@pytest.mark.parametrize("nest", NESTS.values(), ids=NESTS.keys())
@pytest.mark.parametrize("depth", [100, 900, 100_000])
def test_no_depth_breaks_a_reader(nest: Callable[[int], bytes], depth: int) -> None:
    body = nest(depth)
    for read in READERS.values():
        with _timely():
            read(body)


@pytest.mark.parametrize("name", READERS)
def test_no_depth_overflows_a_small_stack(name: str) -> None:
    raised = list[BaseException]()

    def read() -> None:
        try:
            for nest in NESTS.values():
                for depth in (900, 100_000):
                    READERS[name](nest(depth))
        except BaseException as error:
            raised.append(error)

    before = threading.stack_size(SMALL_STACK)
    try:
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert not raised


def _like_a_task(given: dict[str, object]) -> TaskWriteRequestDict:
    """What a caller may give, whatever the type checkers say."""
    return cast("TaskWriteRequestDict", given)  # it is to be refused


def _in_list(held: object) -> object:
    return [held]


def _in_dict(held: object) -> object:
    return {"a": held}


@pytest.mark.parametrize("depth", [400, 980, 50_000])
@pytest.mark.parametrize("form", [_in_list, _in_dict])
def test_no_depth_of_what_a_caller_gives_breaks_the_asking(
    depth: int, form: Callable[[object], object]
) -> None:
    held: object = 0
    for _ in range(depth):
        held = form(held)
    given_deep = _like_a_task({"name": held, "labels": held})
    for endpoint in (tasks.create, unvalidated(tasks.create)):
        match prepare(endpoint, given_deep):
            case Failure(InvalidParams() as error):
                sound(error)
            case _:
                pass
    wrong = structure(TaskRead, held).failure()
    assert str(wrong)
    assert repr(wrong)
    with suppress(*native.REFUSALS):
        dumps(held)


def test_what_is_too_deep_says_so() -> None:
    body = NESTS["arrays"](100_000)
    assert "nested too deeply" in str(loads(TaskRead, body).failure())
    deep = '{"!":' * (DEEPEST + 2) + '{"var":"a"}' + "}" * (DEEPEST + 2)
    assert f"more than {DEEPEST} deep" in str(parsed(deep).failure())


WIDE: dict[str, bytes] = {
    "a long key over many objects": b'{"'
    + b"k" * 500_000
    + b'":['
    + b'{"a":["x"]},' * 9_000
    + b"1]}",
    "long keys in one another": b'{"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk":' * 900
    + b"["
    + b'{"a":["x"]},' * 9_000
    + b"1]"
    + b"}" * 900,
    "many empty objects": b'{"count":1,"next":null,"previous":null,"results":['
    + b"{}," * 20_000
    + b"{}]}",
    "many texts": b"[" + b'"x",' * 50_000 + b'"x"]',
    "many keys": b"{" + b",".join(b'"k%d":0' % number for number in range(50_000)) + b"}",
    "one key many times": b"{" + b",".join([b'"name":1'] * 50_000) + b"}",
    "digits": b"1" * 1_000_000,
    "digits in a field": b'{"id":' + b"1" * 1_000_000 + b"}",
    "a fraction": b"0." + b"1" * 1_000_000,
    "an exponent": b"1e999999",
    "a negative exponent": b"-1e-999999",
    "escapes": b'"' + b"\\u0041" * 50_000 + b'"',
    "backslashes": b'"' + b"\\\\" * 80_000 + b'"',
    "entities": b"<" + b"&amp;" * 50_000,
    "percent signs": b"<" + b"%25" * 80_000,
    "titles": b"<title" * 100_000,
    "surrogates": b'{"name":"\\ud800","id":"\\udc00\\ud800"}',
    "NUL": b'{"name":"a\\u0000b"}',
    "bare NUL": b'{"name":"a\0b"}',
    "BOM": b'\xef\xbb\xbf{"name":"a"}',
    "UTF-16": '{"name":"a"}'.encode("utf-16"),
    "UTF-32": '{"name":"a"}'.encode("utf-32"),
    "no UTF-8": b'{"name":"\xff\xfe"}',
    "not a number": b'{"id":NaN,"size":Infinity}',
}


@pytest.mark.parametrize("name", WIDE)
def test_no_breadth_takes_time_or_memory_out_of_proportion(name: str) -> None:
    body = WIDE[name]
    for read in READERS.values():
        with _timely():
            read(body)


@pytest.mark.parametrize("name", ["a long key over many objects", "many empty objects"])
@pytest.mark.parametrize("reader", ["page", "refusal", "interpret"])
def test_what_is_wrong_takes_memory_in_proportion_to_the_answer(name: str, reader: str) -> None:
    body = WIDE[name]
    READERS[reader](body[:100])  # what is made once is made now
    assert peak_of(lambda: READERS[reader](body)) < 50 * (1 << 20)


def test_what_is_wrong_is_counted() -> None:
    body = b"[" + b"{}," * 10 * MOST + b"{}]"
    problems = loads(tuple[Label, ...], body).failure().problems
    assert problems[0].path == "$[0].id"
    assert len({problem.path.partition("]")[0] for problem in problems}) == MOST + 1
    assert "nobody looked on" in problems[-1].message
    few = loads(tuple[Label, ...], b"[" + b"{}," * (MOST - 2) + b"{}]").failure().problems
    assert "nobody looked on" not in few[-1].message
    assert few[-1].path.startswith(f"$[{MOST - 2}]")


def test_what_a_caller_gives_is_looked_through_further() -> None:
    wrong = _like_a_task({"name": "a", "labels": [{"name": 1}] * (MOST_GIVEN + 9)})
    match prepare(tasks.create, wrong):
        case Failure(InvalidParams(problems=problems)):
            assert len(problems) == MOST_GIVEN + 1
        case other:
            raise AssertionError(other)


def test_a_search_that_was_given_up_is_the_business_of_nobody_else() -> None:
    loads(tuple[Label, ...], b"[" + b"{}," * 2 * MOST + b"{}]")
    assert len(loads(tuple[int, ...], b'["a","b"]').failure().problems) == 2


def test_the_fields_of_a_refusal_are_counted_and_their_paths_cut() -> None:
    body = b'{"' + b"k" * 5_000 + b'":[' + b'{"a":["no"]},' * 5_000 + b'"last"]}'
    refusal = read_refusal(400, "", body)
    assert len(refusal.fields) == MOST_FIELDS
    assert all(len(field.path) <= LONGEST_PATH + 20 for field in refusal.fields)
    assert refusal.fields[0].message == "no"


@given(st.integers(-(1 << 63), (1 << 64) - 1))
def test_whole_numbers_stay_whole_and_exact(number: int) -> None:
    text = str(number).encode()
    for kind in (JSON, int, int | None, dict[str, int]):
        body = b'{"a":%b}' % text if kind == dict[str, int] else text
        read = loads(cast("type[object]", kind), body).unwrap()  # any type form will do
        value = read["a"] if is_mapping(read) else read
        assert type(value) is int
        assert value == number
    assert dumps(number) == text


@given(models(Background), st.text(max_size=30))
def test_one_unknown_choice_loses_no_answer(whole: Background, text: str) -> None:
    body = dumps({**unstructure(whole), "status": text})
    read = loads(Background, body).unwrap()
    assert isinstance(read.status, RequestStatus)
    assert read.status.value == text
    assert loads(Background, dumps(read)) == Success(read)


@pytest.mark.parametrize("kind", ["", "text/plain", "text/html", "application/vnd.cvat+json"])
@given(st.binary(max_size=60), st.sampled_from([400, 404, 429, 500, 503]))
def test_no_bytes_of_a_refusal_hide_its_status(kind: str, body: bytes, status: int) -> None:
    body = b"\xff\xfe" + body
    answer = in_memory(lambda _: Response(status, {"Content-Type": kind}, body))
    match call(answer, tasks.list):
        case Failure(Rejected() as error):
            assert error.status == status
            assert error.response.body == body
            sound(error)
        case other:
            raise AssertionError(other)


INTERNALS = [
    *("__class__", "__init__", "__dict__", "__slots__", "__attrs_attrs__", "__reduce__", "__new__"),
    *("__setattr__", "__getattribute__", "__attrs_init__", "__weakref__", "__doc__", "__module__"),
    *(
        "self",
        "cls",
        "kind",
        "mro",
        "_cached_value",
        "name\0",
        "__pydantic_fields__",
        "constructor",
    ),
]


@pytest.mark.parametrize("key", INTERNALS)
def test_no_key_of_an_answer_reaches_what_is_inside(key: str) -> None:
    good = {"name": "CVAT", "description": "", "version": "2.80.0", "logo_url": "", "subtitle": ""}
    expected = call(in_memory(lambda _: Response(200, CVAT, dumps(good))), server.retrieve_about)
    values: tuple[object, ...] = ("x", None, {"__class__": "x"}, [], 0)
    for value in values:
        body = dumps({**good, key: value})
        for endpoint in (server.retrieve_about, lenient(server.retrieve_about)):
            read = interpret(endpoint, Response(200, CVAT, body))
            assert read == expected
            about = read.unwrap()
            assert type(about).__name__ == "About"
            assert getattr(about, key, None) is getattr(expected.unwrap(), key, None) or callable(
                getattr(about, key)
            )
        wrong = interpret(server.retrieve_about, Response(200, CVAT, dumps({key: value})))
        assert isinstance(wrong.failure(), Undecodable)


@pytest.mark.parametrize("key", INTERNALS)
def test_no_key_of_a_callers_dict_reaches_what_is_inside(key: str) -> None:
    match prepare(tasks.create, _like_a_task({"name": "a", key: "x"})):
        case Failure(InvalidParams(problems=problems)):
            assert len(problems) == 1
        case other:
            raise AssertionError(other)


def test_every_endpoint_stands_all_of_it() -> None:
    bodies = [NESTS["both"](100_000), NESTS["results"](400), *(WIDE[name] for name in _SHORT)]
    for endpoint in catalogue():
        for body in bodies:
            for way in (endpoint, lenient(endpoint)):
                match interpret(way, Response(200, CVAT, body)):
                    case Failure(error):
                        assert str(error)
                        assert repr(error)
                    case _:
                        pass


_SHORT = ("surrogates", "NUL", "BOM", "UTF-16", "no UTF-8", "not a number", "an exponent")


def test_a_journal_stands_all_of_it() -> None:
    with scratch() as folder:
        path = Path(folder) / "journal"
        for body in (*WIDE.values(), *(nest(100_000) for nest in NESTS.values())):
            path.write_bytes(b'"tasks/7"\n' + body)
            with _timely(), journal_at(path, "tasks/7", None).unwrap() as journal:
                assert journal.past.started is False
