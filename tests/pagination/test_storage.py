"""The whole tree of a cloud storage, whatever its shape, its pages and the server's temper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count, islice

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import CallError, Outcome, Request, Response, collect, in_memory, walk_storage
from cvatfn.auth import Basic
from cvatfn.errors import InvalidParams, Rejected, Undecodable
from cvatfn.outcome import Failure, Success
from cvatfn.storage import StorageFile
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.transport import Transport, authenticated
from tests.sandbox.test_cloudstorages import empty, filled

NAMES = st.text("ab.é ", max_size=3)
KEYS = (
    st.lists(NAMES, min_size=1, max_size=4)
    .map("/".join)
    .filter(lambda key: key.strip("/") == key != "")
)
JSON = {"Content-Type": "application/vnd.cvat+json"}


def _entries(keys: list[str], prefix: str) -> list[Mapping[str, str]]:
    """What is right at a prefix: files, and the names of folders."""
    found: dict[str, str] = {}
    for key in keys:
        if key.startswith(prefix):
            name, slash, _ = key[prefix.rfind("/") + 1 :].partition("/")
            found[name + slash] = "DIR" if slash else "REG"
    return [
        {
            "name": name.removesuffix("/"),
            "type": kind,
            "mime_type": "DIR" if kind == "DIR" else "image",
        }
        for name, kind in found.items()
    ]


def _storage(keys: list[str], size: int) -> tuple[Transport, list[Request]]:
    asked: list[Request] = []

    def handler(request: Request) -> Response:
        asked.append(request)
        query = dict(request.query)
        at = int(query.get("next_token", "t0")[1:])
        entries = _entries(keys, query.get("prefix", ""))
        token = f"t{at + size}" if at + size < len(entries) else None
        return _content(entries[at : at + size], token)

    return in_memory(handler), asked


def _content(entries: object, token: object) -> Response:
    return Response(200, JSON, msgspec.json.encode({"next": token, "content": entries}))


def _paths(walk: Iterator[Outcome[StorageFile, CallError]]) -> list[str]:
    return [file.path for file in collect(walk).unwrap()]


@given(st.lists(KEYS, unique=True, max_size=12), st.integers(1, 5))
def test_every_file_is_found_once(keys: list[str], size: int) -> None:
    transport, _ = _storage(keys, size)
    assert sorted(_paths(walk_storage(transport, 7))) == sorted(keys)


@given(st.lists(KEYS, unique=True, max_size=12), KEYS, st.sampled_from(["", "/"]))
def test_a_prefix_leaves_the_others_out(keys: list[str], prefix: str, slash: str) -> None:
    transport, asked = _storage(keys, 3)
    found = _paths(walk_storage(transport, 7, prefix=prefix + slash))
    assert sorted(found) == sorted(key for key in keys if key.startswith(prefix + slash))
    assert all(dict(request.query)["prefix"].startswith(prefix) for request in asked)


def test_a_file_comes_as_soon_as_its_page_is_there() -> None:
    transport, asked = _storage(["1", "2", "a/3", "a/4"], 2)
    walk = walk_storage(transport, 7, manifest_path="m.jsonl", page_size=2)
    assert asked == []
    assert next(walk) == Success(StorageFile("1", "image"))
    assert [request.target for request in asked] == [
        "/api/cloudstorages/7/content-v2?manifest_path=m.jsonl&page_size=2"
    ]
    assert _paths(walk) == ["2", "a/3", "a/4"]
    assert len(asked) == 3


def test_folders_that_end_in_a_slash_are_the_same_folders() -> None:
    pages = {
        None: _content([{"name": "a/", "type": "DIR", "mime_type": "DIR"}], None),
        "a/": _content([{"name": "1", "type": "REG", "mime_type": "image"}], None),
    }
    transport = in_memory(lambda request: pages[dict(request.query).get("prefix")])
    assert _paths(walk_storage(transport, 7)) == ["a/1"]


def test_a_folder_without_a_name_at_the_top_is_passed_over() -> None:
    entries = [{**FOLDER, "name": ""}, {"name": "1", "type": "REG", "mime_type": "image"}]
    assert _paths(walk_storage(in_memory(lambda _: _content(entries, None)), 7)) == ["1"]


def test_a_failure_is_the_last_outcome() -> None:
    transport, asked = _storage(["1", "2", "3"], 1)

    def send(request: Request) -> Success[Response]:
        return Success(Response(403) if len(asked) == 2 else transport(request).unwrap())

    *files, last = walk_storage(send, 7)
    assert files == [Success(StorageFile(path, "image")) for path in ("1", "2")]
    assert isinstance(last.failure(), Rejected)
    (refused,) = walk_storage(transport, "x")  # type: ignore[arg-type] # what it is about
    assert isinstance(refused.failure(), InvalidParams)


FOLDER = {"name": "a", "type": "DIR", "mime_type": "DIR"}


@pytest.mark.parametrize(
    ("entry", "token", "told"),
    [
        (FOLDER, None, "$.content[0].name: makes a longer path than a storage can hold"),
        ({**FOLDER, "name": "x" * 1025}, None, "$.content[0].name: makes a longer path than"),
        (FOLDER, "t", "$.next: is a token from before"),
    ],
)
def test_a_server_that_leads_in_circles_is_an_error(
    entry: object, token: object, told: str
) -> None:
    outcomes = list(walk_storage(in_memory(lambda _: _content([entry], token)), 7))
    error = outcomes[-1].failure()
    assert isinstance(error, Undecodable)
    assert str(error.problems[0]).startswith(told)
    assert error.endpoint == "cloudstorages.retrieve_content_v2"


def test_a_path_as_long_as_a_storage_can_hold_is_one() -> None:
    longest = {"name": "x" * 1024, "type": "REG", "mime_type": "image"}
    transport = in_memory(lambda _: _content([longest], None))
    assert _paths(walk_storage(transport, 7)) == ["x" * 1024]


def test_a_server_that_has_nothing_and_always_more_of_it_is_an_error() -> None:
    turn = count()
    (outcome,) = walk_storage(in_memory(lambda _: _content([], f"t{next(turn)}")), 7)
    assert isinstance(outcome, Failure)
    assert "$.content: holds no file, as on 1000 pages before" in str(outcome.failure())
    assert next(turn) == 1001


def test_a_thousand_pages_without_a_file_may_lead_to_one() -> None:
    turn = count()
    file = {"name": "x", "type": "REG", "mime_type": "image"}

    def handler(_: Request) -> Response:
        at = next(turn)
        return _content([], f"t{at}") if at < 1000 else _content([file], None)

    assert _paths(walk_storage(in_memory(handler), 7)) == ["x"]


def test_a_file_makes_up_for_all_the_pages_without_one() -> None:
    turn = count()
    file = {"name": "x", "type": "REG", "mime_type": "image"}

    def handler(_: Request) -> Response:
        at = next(turn)
        return _content([file] if at % 1001 == 0 else [], f"t{at}" if at < 2002 else None)

    assert _paths(walk_storage(in_memory(handler), 7)) == ["x", "x", "x"]


def test_however_many_folders_are_empty_the_others_are_walked() -> None:
    folders = [{**FOLDER, "name": f"{number}"} for number in range(3000)]
    file = {"name": "x", "type": "REG", "mime_type": "image"}
    inner = {None: folders, "0/": [file]}

    def handler(request: Request) -> Response:
        return _content(inner.get(dict(request.query).get("prefix"), []), None)

    assert _paths(walk_storage(in_memory(handler), 7)) == ["0/x"]


def test_folders_in_folders_without_a_file_are_an_error_at_last() -> None:
    def handler(request: Request) -> Response:
        deep = len(dict(request.query).get("prefix", "")) > 30
        return _content([] if deep else [FOLDER, {**FOLDER, "name": "b"}], None)

    (outcome,) = walk_storage(in_memory(handler), 7)
    assert "$.content: holds no file, as on 1000 pages before" in str(outcome.failure())


@given(st.integers(0, 20), st.integers(1, 20))
def test_tokens_that_go_round_in_a_circle_are_an_error(before: int, around: int) -> None:
    def handler(request: Request) -> Response:
        at = int(dict(request.query).get("next_token", 0))
        to = at + 1 if at < before + around else before + 1
        return _content([{"name": f"{at}", "type": "REG", "mime_type": "image"}], f"{to}")

    outcomes = list(islice(walk_storage(in_memory(handler), 7), 200))
    assert "$.next: is a token from before" in str(outcomes[-1].failure())
    assert len(outcomes) <= 4 * (before + around) + 4


def test_a_storage_without_end_is_walked_as_far_as_somebody_wants() -> None:
    turn = count()
    file = {"name": "x", "type": "REG", "mime_type": "image"}
    walk = walk_storage(in_memory(lambda _: _content([file], f"t{next(turn)}")), 7)
    assert len(list(islice(walk, 50))) == 50


@given(st.sets(KEYS, max_size=12), st.integers(1, 4), st.sampled_from(["", "a", "a/", "a/b"]))
def test_in_the_sandbox(keys: set[str], size: int, prefix: str) -> None:
    sandbox = Sandbox(World.with_user("ada", "s3cret"))
    ada = authenticated(sandbox, Basic("ada", "s3cret"), sandbox.world.origin)
    number = filled(sandbox, ada, empty(*keys))
    found = _paths(walk_storage(ada, number, prefix=prefix, page_size=size))
    assert sorted(found) == sorted(key for key in keys if key.startswith(prefix))
