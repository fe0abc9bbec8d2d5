"""Requests that no client makes: the sandbox answers them all the same, and never raises."""

from __future__ import annotations

import re

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import Request, Transport, call
from cvatfn.api import tasks
from cvatfn.auth import Basic
from cvatfn.finding import catalogue
from cvatfn.testing.sandbox import Sandbox, World, step
from cvatfn.testing.sandbox.gates.routing import AnyEndpoint
from cvatfn.transport import authenticated
from tests.sandbox.kit import make_task

ENDPOINTS = [*catalogue()]
LOGIN = ("Authorization", "Basic YWRtaW46czNjcmV0")
NOT_BUILT = 501
TEXTS = st.one_of(
    st.text(max_size=8),
    st.text(st.characters(categories=["Cs", "Nd", "Cc"]), max_size=4),
    st.sampled_from(
        ["1", "0", "-1", "²", "9" * 5000, "1_0", "%00", "%ED%A0%80", "..", "null", "nan"]
    ),
)
HEADERS = st.sampled_from(
    [
        *("Accept", "Authorization", "Content-Type", "Cookie", "Host", "If-Range", "Origin"),
        *("Range", "Upload-Length", "Upload-Offset", "X-CSRFToken", "X-Organization"),
    ]
)
BODIES = st.one_of(
    st.binary(max_size=20),
    st.sampled_from(
        [b"", b"{}", b"[]", b"null", b"1" * 5000, b"[" * 5000, b'"\\ud800"', b'{"id":NaN}']
    ),
)
TYPES = st.sampled_from(["application/json", "multipart/form-data; boundary=x", "text/plain"])


@pytest.fixture(scope="module")
def furnished() -> World:
    """A world with a task."""
    sandbox = Sandbox(World.with_user("admin", "s3cret"))
    make_task(authenticated(sandbox, Basic("admin", "s3cret"), sandbox.world.origin))
    return sandbox.world


@given(
    st.sampled_from(ENDPOINTS),
    st.lists(TEXTS, min_size=1, max_size=3),
    st.lists(TEXTS, max_size=2),
    st.lists(st.tuples(HEADERS, TEXTS), max_size=2),
    BODIES,
    TYPES,
    st.data(),
)
def test_whatever_is_asked_is_answered_and_the_same_each_time(
    furnished: World,
    endpoint: AnyEndpoint,
    ids: list[str],
    values: list[str],
    headers: list[tuple[str, str]],
    body: bytes,
    kind: str,
    data: st.DataObject,
) -> None:
    texts = iter([*ids, "1", "1", "1"])
    path = re.sub(r"\{\w+\}", lambda _: next(texts), endpoint.path)
    known = [each.wire_name for each in endpoint.parameters if each.place == "query"] or ["page"]
    query = tuple((data.draw(st.sampled_from(known)), value) for value in values)
    sent = (LOGIN, ("Content-Type", kind), *headers)
    asked = Request(endpoint.method, path, query, sent, body)
    after, response = step(furnished, asked)
    assert response.status < 500 or response.status == NOT_BUILT
    assert step(furnished, asked) == (after, response)


def test_texts_that_no_bytes_stand_for_are_read_as_question_marks(
    sandbox: Sandbox, admin: Transport
) -> None:
    call(admin, tasks.create, {"name": "what?"}).unwrap()
    asked = Request("GET", "/api/tasks", (("search", "what\ud83d"),), (LOGIN,))
    whole = evolve(asked, query=(("search", "what?"),))
    assert step(sandbox.world, asked) == step(sandbox.world, whole)
