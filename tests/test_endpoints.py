"""Endpoints are values: they can be looked at, compared, hashed, pickled and made anew."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, cast

import pytest
from msgspec import Meta

from cvatfn import (
    UNSET,
    Endpoint,
    Success,
    Unset,
    accepting,
    catalogue,
    find,
    lenient,
    models,
    prepare,
    raw,
    sending,
    unchecked,
    unvalidated,
    with_response,
)
from cvatfn.api import auth, events, server, tasks
from cvatfn.endpoints import (
    Answer,
    Body,
    Header,
    Parameter,
    Query,
    RequestBody,
    get,
    post,
)

ENDPOINTS = list(catalogue())
DOCUMENT: Any = json.loads(
    Path(__file__).parent.parent.joinpath("schema", "cvat-2.80.0.json").read_text(encoding="utf-8")
)
OPERATIONS: Mapping[str, tuple[str, str, Any]] = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
ADDED: Mapping[str, tuple[str, ...]] = dict.fromkeys(
    ("jobs_create_annotations", "projects_create_dataset", "tasks_create_annotations"),
    ("conv_mask_to_poly",),
)
"""Parameters that the document lacks; each has its reason in `schema/overrides.toml`."""
ALL = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)


def test_the_catalogue_is_whole() -> None:
    named = {endpoint.name.replace(".", "_", 1): endpoint for endpoint in ENDPOINTS}
    assert named.keys() == OPERATIONS.keys()
    assert len(ENDPOINTS) == 166
    assert all(find(endpoint.name) is endpoint for endpoint in ENDPOINTS)
    assert find("tasks.retreive") is None


@ALL
def test_every_endpoint_says_what_the_document_says(endpoint: Endpoint[..., object]) -> None:
    method, path, operation = OPERATIONS[endpoint.name.replace(".", "_", 1)]
    assert (endpoint.method, endpoint.path) == (method, path)
    said = {(each["name"], each["in"]) for each in operation.get("parameters", [])}
    said |= {(name, "query") for name in ADDED.get(operation["operationId"], ())}
    assert {(each.wire_name, each.place) for each in endpoint.parameters} == said
    required = {each["name"] for each in operation.get("parameters", []) if each.get("required")}
    assert {each.wire_name for each in endpoint.parameters if each.required} == required
    assert {answer.status for answer in endpoint.answers} >= {
        int(status) for status in operation["responses"]
    }
    body = operation.get("requestBody")
    assert (endpoint.body is None) == (body is None)
    if endpoint.body is not None:
        assert endpoint.body.content_types == tuple(body["content"])
        assert endpoint.body.required == body.get("required", False)
    assert endpoint.deprecated == operation.get("deprecated", False)
    assert endpoint.doc


@ALL
def test_every_endpoint_is_a_value(endpoint: Endpoint[..., object]) -> None:
    ways = [
        endpoint,
        raw(endpoint),
        unchecked(endpoint),
        with_response(endpoint),
        lenient(endpoint),
        unvalidated(endpoint),
        accepting(endpoint, "text/csv"),
        sending(endpoint, "application/json"),
    ]
    assert len(set(ways)) == len(ways)
    for way in ways:
        assert pickle.loads(pickle.dumps(way)) == way  # noqa: S301 - made here
        assert endpoint.name in repr(way)
        assert endpoint.path in repr(way)


def test_facts_that_a_person_asks_for() -> None:
    assert server.retrieve_about.logins == (
        "basic",
        "token",
        "access_token",
        "session",
        "anonymous",
    )
    assert auth.retrieve_access_tokens_self.logins == ("access_token",)
    assert auth.create_access_tokens.since == "2.48.1"
    assert tasks.retrieve.since is None
    assert tasks.retrieve_status.deprecated
    assert [answer.type for answer in tasks.create_annotations.answers][:1] == [models.RqId | None]
    conflict = [each for each in tasks.create_dataset_export.answers if each.status == 409]
    assert [each.type for each in conflict] == [models.RqId]
    assert tasks.retrieve_preview.answers[0].type is bytes


def test_wire_names_are_mapped_back() -> None:
    by_name = {each.name: each for each in events.create_export.parameters}
    assert by_name["from_"].wire_name == "from"
    headers = {each.name: each for each in tasks.create_data.parameters}
    assert headers["upload_start"].wire_name == "Upload-Start"
    assert headers["upload_start"].place == "header"


@get("/api/cats/{id}", since="2.50")
def cat(id: int, *, org: str | Unset = UNSET) -> models.Label: ...


@post("/api/cats", status=(201, 202))
def create_cat(
    label: Annotated[models.PatchedLabelRequestLike, Body("application/json")],
    *,
    from_: Annotated[int | Unset, Query("from", since="2.60")] = UNSET,
    x_cat: Annotated[str | Unset, Header("X-Cat")] = UNSET,
) -> models.Label | None: ...


def test_a_user_declares_endpoints_the_same_way() -> None:
    assert cat.name == "test_endpoints.cat"
    assert cat.since == "2.50"
    assert pickle.loads(pickle.dumps(raw(cat))) == raw(cat)  # noqa: S301 - made here
    asked = prepare(create_cat, {"name": "cat"}, from_=3, x_cat="tabby").unwrap()
    assert (asked.method, asked.target, asked.body) == (
        "POST",
        "/api/cats?from=3",
        b'{"name":"cat"}',
    )
    assert asked.headers.get("x-cat") == "tabby"
    assert [parameter.since for parameter in create_cat.parameters] == ["2.60", None]
    assert [answer.status for answer in create_cat.answers] == [201, 202]


def test_an_endpoint_of_a_function_does_not_pickle_and_says_why() -> None:
    @get("/api/dogs")
    def dogs() -> None: ...

    with pytest.raises(pickle.PicklingError, match="at the top of a module"):
        pickle.dumps(dogs)


PRODUCES = ("application/x-cat", "text/plain")


@post(
    "/api/kittens/{id}",
    status=202,
    errors={400: "models.RqId", 409: None},
    produces=PRODUCES,
    logins=("basic",),
    since="2.1",
    until="2.9",
    deprecated=True,
)
def create_kitten(
    id: Annotated[int, Meta(ge=1)],
    kitten: Annotated[models.PatchedLabelRequestLike, Body()],
    *,
    age: Annotated[int | Unset, Meta(ge=0), Query(until="2.5", deprecated=True)] = UNSET,
    name: Annotated[str, Header("X-Name", since="2.3")] = "tom",
) -> None:
    """Say all there is to say."""


def test_all_that_a_declaration_says_is_data() -> None:
    assert (create_kitten.method, create_kitten.path) == ("POST", "/api/kittens/{id}")
    assert create_kitten.parameters == (
        Parameter("id", "id", "path", True, Annotated[int, Meta(ge=1)]),
        Parameter(
            "age",
            "age",
            "query",
            False,
            Annotated[int | Unset, Meta(ge=0)],
            until="2.5",
            deprecated=True,
        ),
        Parameter("name", "X-Name", "header", False, str, since="2.3", default="tom"),
    )
    assert create_kitten.body == RequestBody(
        "kitten", models.PatchedLabelRequestLike, True, ("application/json",)
    )
    assert create_kitten.answers == (
        Answer(202, None, PRODUCES),
        Answer(400, models.RqId, PRODUCES),
        Answer(409, None, PRODUCES),
    )
    assert create_kitten.logins == ("basic",)
    assert (create_kitten.since, create_kitten.until) == ("2.1", "2.9")
    assert create_kitten.deprecated
    assert create_kitten.doc == "Say all there is to say."


def test_what_a_declaration_does_not_say_is_the_usual() -> None:
    assert cat.answers == (Answer(200, models.Label, ("application/vnd.cvat+json",)),)
    assert cat.logins == ("basic", "token", "access_token", "session")
    assert (cat.since, cat.until, cat.deprecated, cat.doc) == ("2.50", None, False, "")
    assert [answer.content_types for answer in Zoo.owls.answers] == [("text/csv",)]
    assert create_cat.body is not None
    assert not create_cat.deprecated


class Zoo:
    @get("/api/owls", produces="text/csv")
    def owls() -> None: ...


def test_an_endpoint_in_a_class_pickles() -> None:
    assert pickle.loads(pickle.dumps(Zoo.owls)) is not None  # noqa: S301 - made here
    assert pickle.loads(pickle.dumps(Zoo.owls)) == Zoo.owls  # noqa: S301 - made here


def test_a_pickle_of_an_endpoint_that_is_gone_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    pickled = pickle.dumps(cat)
    monkeypatch.delattr(f"{__name__}.cat")
    with pytest.raises(pickle.UnpicklingError, match=r"test_endpoints\.cat is no endpoint here"):
        pickle.loads(pickled)  # noqa: S301 - made here


def test_endpoints_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        cast("Any", cat).reading = None


def test_a_raw_body_is_sent_as_it_is() -> None:
    @post("/api/bytes")
    def send(content: Annotated[bytes, Body("application/octet-stream")]) -> None: ...

    asked = prepare(send, b"\x00\x01").unwrap()
    assert asked.body == b"\x00\x01"
    assert asked.headers.get("content-type") == "application/octet-stream"
    assert isinstance(prepare(send, b""), Success)
