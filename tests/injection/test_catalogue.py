"""Whatever text stands in a parameter, one request arrives, and it says what was meant.

For each endpoint of the catalogue, with all its checks switched off (`unvalidated`), so that
numbers and choices are texts, too. What arrives is read by the standard library, not by this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import Endpoint, call, catalogue, connect, raw, unvalidated
from cvatfn.errors import CallError, InvalidParams
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transport import Transport
from tests.injection.texts import HOSTILE, NASTY
from tests.transport.wire import Server, always, fields_of, ok

AnyEndpoint = Endpoint[..., object]
PLAIN = "7"


class Wire:
    """A server, a connection to it, and what arrived."""

    def __init__(self, server: Server, transport: Transport) -> None:
        self.server = server
        self.transport = transport

    def sent(
        self, endpoint: AnyEndpoint, params: Mapping[str, object]
    ) -> Outcome[object, CallError]:
        """What an endpoint comes to, its checks off."""
        self.server.requests.clear()
        return call(self.transport, raw(unvalidated(endpoint)), **params)


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    with Server(always(ok())) as server, connect(server.url) as transport:
        yield Wire(server, transport)


def _params(endpoint: AnyEndpoint, text: str) -> dict[str, object]:
    """The text in each of an endpoint's parameters, and a body if it must have one."""
    given: dict[str, object] = {each.name: text for each in endpoint.parameters}
    if endpoint.body is not None and endpoint.body.required:
        given[endpoint.body.name] = {}
    return given


def _is_as_meant(
    wire: Wire, endpoint: AnyEndpoint, given: Mapping[str, object], came: Outcome[object, CallError]
) -> None:
    """What arrived is what was given; or it was refused, and nothing did."""
    if isinstance(came, Failure):
        assert isinstance(came.failure(), InvalidParams)
        assert wire.server.requests == []
        return
    [sent] = wire.server.requests
    method, target, version = sent.partition(b"\r\n")[0].decode("ascii").split(" ")
    assert (method, version) == (endpoint.method, "HTTP/1.1")
    path, _, query = target.partition("?")
    wanted, found = endpoint.path.split("/"), path.split("/")
    assert len(wanted) == len(found)
    for piece, segment in zip(wanted, found, strict=True):
        meant = str(given[piece[1:-1]]) if piece.startswith("{") else piece
        assert unquote(segment, errors="strict") == meant
        assert segment or not piece
        assert not {".", ".."} & {*meant.replace("\\", "/").split("/")}
    pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), errors="strict")
    asked = [each for each in endpoint.parameters if each.place == "query"]
    assert pairs == [(each.wire_name, given[each.name]) for each in asked if each.name in given]
    fields = fields_of(sent)
    own = [each for each in endpoint.parameters if each.place == "header"]
    for each in own:
        assert fields.get(each.wire_name.lower()) == given.get(each.name)
    assert fields.keys() <= KNOWN | {each.wire_name.lower() for each in own}
    assert len(fields) == sent.partition(b"\r\n\r\n")[0].count(b"\r\n")


KNOWN = {"host", "user-agent", "accept", "accept-encoding", "origin", "content-type"} | {
    "content-length"
}


FINE = ("a;b=c", "a&page=2", "a#b", "a?b", "a+b c", "%2e%2e", "%00", "{id}", "a'b\\")
"""Texts that any parameter can carry."""


@pytest.mark.parametrize("endpoint", [*catalogue()], ids=lambda endpoint: endpoint.name)
def test_each_endpoint_sends_a_hostile_text_as_a_text(endpoint: AnyEndpoint, wire: Wire) -> None:
    paths = {each.name: PLAIN for each in endpoint.parameters if each.place == "path"}
    for text in NASTY:
        everywhere = _params(endpoint, text)
        for params in (everywhere, everywhere | paths) if paths else (everywhere,):
            came = wire.sent(endpoint, params)
            assert text not in FINE or isinstance(came, Success)
            _is_as_meant(wire, endpoint, params, came)


@given(st.sampled_from([*catalogue()]), HOSTILE, st.data())
def test_any_endpoint_sends_any_text_as_a_text(
    wire: Wire, endpoint: AnyEndpoint, text: str, data: st.DataObject
) -> None:
    names = [each.name for each in endpoint.parameters]
    some = data.draw(st.sets(st.sampled_from(names))) if names else set[str]()
    given = {**_params(endpoint, PLAIN), **dict.fromkeys(some, text)}
    _is_as_meant(wire, endpoint, given, wire.sent(endpoint, given))


WITH_PATHS = [each for each in catalogue() if "{" in each.path]


@pytest.mark.parametrize("endpoint", WITH_PATHS, ids=lambda endpoint: endpoint.name)
def test_no_path_parameter_leads_to_another_endpoint(endpoint: AnyEndpoint, wire: Wire) -> None:
    names = [each.name for each in endpoint.parameters if each.place == "path"]
    for name, text in product(names, ("", ".", "..", "../..", "a/../../users/self", "..\\..")):
        given = {**_params(endpoint, PLAIN), name: text}
        error = wire.sent(endpoint, given).failure()
        assert isinstance(error, InvalidParams)
        assert [problem.path for problem in error.problems] == [name]
        assert wire.server.requests == []


def test_a_slash_in_a_parameter_makes_no_path_of_another_endpoint() -> None:
    """Not even where somebody decodes it."""
    texts = [
        (endpoint, each.name)
        for endpoint in catalogue()
        for each in endpoint.parameters
        if each.place == "path" and each.type is not int
    ]
    assert texts
    for (endpoint, name), other in product(texts, catalogue()):
        before, _, after = endpoint.path.partition(f"{{{name}}}")
        pattern = re.escape(before) + ".+/.+" + re.escape(after)
        reached = re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", pattern), other.path)
        assert reached is None or other.method != endpoint.method
