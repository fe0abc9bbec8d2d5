"""What is given to `connect` and to wrappers stands where it was meant to, and nowhere else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given

from cvatfn.messages import Request
from cvatfn.outcome import Success
from cvatfn.transport import connect, in_organization, with_headers
from tests.injection.texts import HOSTILE, NASTY
from tests.transport.wire import Server, always, fields_of, ok

ASKED = Request("GET", "/x")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(always(ok())) as running:
        yield running


def _arrived(server: Server, send: Callable[[], object]) -> dict[str, str] | None:
    """The fields of the one request that arrived; `None` if it was refused before."""
    server.requests.clear()
    try:
        sent = send()
    except ValueError:
        assert server.requests == []
        return None
    assert isinstance(sent, Success)
    [request] = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    assert (lines[0], body) == ("GET /x HTTP/1.1", b"")
    names = Counter(line.partition(":")[0].lower() for line in lines[1:])
    assert max(names.values()) == 1
    assert names.keys() <= {*OWN, "cookie", "x-organization", "x-a", "x-b"}
    return fields_of(request)


def _is_token(text: str) -> bool:
    """Whether a text may name a field, a cookie or a method (RFC 9110, section 5.6.2)."""
    signs = "!#$%&'*+-.^_`|~"
    return text != "" and all(sign in signs or (sign.isascii() and sign.isalnum()) for sign in text)


OWN = ("host", "user-agent", "accept-encoding")


@given(HOSTILE)
@example("acme\r\nX-Evil: 1")
def test_a_slug_is_the_value_of_one_field(server: Server, slug: str) -> None:
    def by_option() -> object:
        with connect(server.url, organization=slug) as cvat:
            return cvat(ASKED)

    def by_wrapper() -> object:
        with connect(server.url) as cvat:
            return in_organization(cvat, slug)(ASKED)

    for send in (by_option, by_wrapper):
        fields = _arrived(server, send)
        assert fields is None or fields["x-organization"].strip(" \t") == slug.strip(" \t")
        assert fields is not None or any(_is_no_field(letter) for letter in slug)


@given(HOSTILE, HOSTILE)
@example("X-A", "1\r\nEvil: 2")
@example("X-A: 1\r\nEvil", "2")
def test_a_field_is_one_field(server: Server, name: str, value: str) -> None:
    def by_option() -> object:
        with connect(server.url, headers={name: "1", "X-A": value}) as cvat:
            return cvat(ASKED)

    def by_wrapper() -> object:
        with connect(server.url) as cvat:
            return with_headers(cvat, {"X-B": value})(ASKED)

    if not _is_token(name):
        assert _arrived(server, by_option) is None
    fields = _arrived(server, by_wrapper)
    assert fields is None or fields["x-b"].strip(" \t") == value.strip(" \t")


@given(HOSTILE)
@example("1; sessionid=evil")
@example("1\r\nEvil: 2")
def test_a_cookie_is_one_cookie(server: Server, value: str) -> None:
    def send() -> object:
        with connect(server.url, cookies={"c": value, "d": "2"}) as cvat:
            return cvat(ASKED)

    fields = _arrived(server, send)
    if fields is not None:
        assert [*map(str.strip, fields["cookie"].split(";"))] == [f"c={value}".strip(), "d=2"]


@pytest.mark.parametrize("name", [text for text in NASTY if not _is_token(text)])
def test_a_cookie_has_a_plain_name(server: Server, name: str) -> None:
    with pytest.raises(ValueError, match="cookie"):
        connect(server.url, cookies={name: "1"})


@given(HOSTILE)
@example("GET / HTTP/1.1\r\nEvil: 1\r\n\r\n")
def test_a_method_is_one_word(server: Server, method: str) -> None:
    server.requests.clear()
    with connect(server.url) as cvat:
        sent = cvat(Request(method, "/x"))
    assert isinstance(sent, Success) == _is_token(method)
    if isinstance(sent, Success):
        [request] = server.requests
        assert request.split(b" ")[:2] == [method.encode(), b"/x"]
    else:
        assert server.requests == []


def _is_no_field(letter: str) -> bool:
    """Whether a letter may not stand in a header's value (RFC 9110, section 5.5)."""
    return letter > "\xff" or letter == "\x7f" or (letter < " " and letter != "\t")
