"""What arrives of a request's line and header fields."""

from __future__ import annotations

from typing import Final, cast

from cvatfn.errors import TransportError, Unsendable
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.conformance.checking import Check, check
from cvatfn.testing.conformance.stage import Stage, expect, failed, succeeded

__all__ = ["CHECKS"]


@check("answers")
def methods_arrive(stage: Stage) -> None:
    """Methods arrive as they are, also those that nobody knows."""
    facing = stage.facing()
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"):
        seen = facing.seen(Request(method, "/x"))
        expect(seen.method == method, f"{method} arrived as {seen.method}")


@check("answers")
def any_method_may_have_content(stage: Stage) -> None:
    """Content arrives with any method."""
    facing = stage.facing()
    for method in ("POST", "PUT", "PATCH", "DELETE", "PURGE"):
        seen = facing.seen(Request(method, "/x", body=b"abc"))
        expect(seen.content == b"abc", f"with {method}, b'abc' arrived as {seen.content!r}")


@check("answers")
def paths_arrive_as_written(stage: Stage) -> None:
    """A path arrives as it was written: nothing is decoded, encoded or resolved."""
    facing = stage.facing()
    for path in ("/a%2Fb", "/a%20b", "/%C3%A9", "/a%3Fb%23c", "/%7e", "/a=b&c;d:e@f!$'()*+,~"):
        seen = facing.seen(Request("GET", path))
        expect(seen.path == path, f"{path} arrived as {seen.path}")


@check("answers")
def queries_arrive_in_order(stage: Stage) -> None:
    """Names and values of a query arrive whole, in order, and as often as they were given."""
    query = (("b", "1"), ("a", "2"), ("b", "3"), ("e", ""), ("&=", "a b+c&d=e#f%41?"), ("é", "🐈"))
    seen = stage.facing().seen(Request("GET", "/x", query))
    expect(seen.query == query, f"{query} arrived as {seen.query}")


@check("answers")
def fields_arrive(stage: Stage) -> None:
    """Header fields arrive with their values as they are."""
    given = {
        "X-Organization": "Acme",
        "Accept": "application/vnd.cvat+json",
        "Upload-Metadata": "filename Y2F0LnBuZw==",
        "X-Long": "x" * 4000,
        "If-None-Match": '"a", W/"b"',
        "X-Empty": "",
    }
    seen = stage.facing().seen(Request("GET", "/x", (), given))
    for name, value in given.items():
        expect(seen.all(name) == (value,), f"{name}: {value[:40]} arrived as {seen.all(name)}")


@check("answers")
def repeated_fields_arrive(stage: Stage) -> None:
    """A field that comes twice arrives twice, or as one list, in order."""
    given = (("X-Thing", "a"), ("X-Other", "-"), ("x-thing", "b"))
    seen = stage.facing().seen(Request("GET", "/x", (), given)).all("X-Thing")
    expect(", ".join(seen) == "a, b", f"`a` and `b` arrived as {seen}")


@check("answers")
def own_fields_take_the_place_of_others(stage: Stage) -> None:
    """What a transport would say of itself gives way to what a request says."""
    given = {"Accept": "image/png", "User-Agent": "mine", "Accept-Encoding": "identity"}
    seen = stage.facing().seen(Request("GET", "/x", (), given))
    for name, value in given.items():
        expect(seen.all(name) == (value,), f"{name}: {value} arrived as {seen.all(name)}")


@check("answers")
def values_may_be_latin_1(stage: Stage) -> None:
    """The value of a field is Latin-1, of which each character is one byte."""
    given = {"X-Name": "café\tnoir ÿ"}
    seen = stage.facing().seen(Request("GET", "/x", (), given)).all("X-Name")
    expect(seen == ("café\tnoir ÿ",), f"'café\\tnoir ÿ' arrived as {seen}")


BROKEN: Final = (
    Request("GET", "/a b"),
    Request("GET", "/a\r\nX-More: b"),
    Request("GET", "no/slash"),
    Request("GET / HTTP/1.1\r\nX-More: b\r\n\r\nGET", "/"),
    Request("GET", "/x", headers={"X-A": "a\r\nX-More: b"}),
    Request("GET", "/x", headers={"X-A": "a\nb"}),
    Request("GET", "/x", headers={"X-A: b\r\nX-More": "c"}),
    Request("GET", "/x", headers={"X-A": "a\0b"}),
)


@check("wire")
def what_would_break_a_message_is_not_sent(stage: Stage) -> None:
    """What would end a line, or be another one, is refused; nothing of it is sent."""
    facing = stage.facing()
    for request in BROKEN:
        _refused(facing.transport(request), request)
    expect(not facing.server.requests, f"{facing.server.requests} was sent")
    succeeded(facing.transport(Request("GET", "/status/200")))


@check("wire")
def values_beyond_latin_1_are_not_sent(stage: Stage) -> None:
    """A field whose value is not Latin-1 is refused, not written in another way."""
    facing = stage.facing()
    request = Request("GET", "/x", headers={"X-Name": "снег"})
    _refused(facing.transport(request), request)
    expect(not facing.server.requests, f"{facing.server.requests} was sent")


@check("wire")
def half_characters_are_not_sent(stage: Stage) -> None:
    """A query with half a character is refused, not written in another way."""
    facing = stage.facing()
    request = Request("GET", "/x", (("search", "\ud800"),))
    _refused(facing.transport(request), request)
    expect(not facing.server.requests, f"{facing.server.requests} was sent")


def _refused(outcome: Outcome[Response, TransportError], request: Request) -> None:
    error = failed(outcome, Unsendable)
    expect(not error.may_have_acted, f"a server may have acted on {request!r}, it says")


@check()
def odd_requests_come_to_an_outcome(stage: Stage) -> None:
    """Many fields, long targets and unusual texts come to an outcome like any other."""
    transport = stage.facing().transport
    for request in (
        Request("GET", "/x", (), tuple((f"X-{number}", "y") for number in range(60))),
        Request("GET", "/" + "x" * 3000, (("q", "y" * 3000),)),
        Request("GET", "/x", (("", ""), ("=", "="), ("\0", "\r\n"))),
        Request("GET", "//x//"),
    ):
        outcome = cast("object", transport(request))  # whatever it is
        expect(isinstance(outcome, Success | Failure), f"{request.target[:40]} came to {outcome!r}")


CHECKS: Final[tuple[Check, ...]] = (
    methods_arrive,
    any_method_may_have_content,
    paths_arrive_as_written,
    queries_arrive_in_order,
    fields_arrive,
    repeated_fields_arrive,
    own_fields_take_the_place_of_others,
    values_may_be_latin_1,
    what_would_break_a_message_is_not_sent,
    values_beyond_latin_1_are_not_sent,
    half_characters_are_not_sent,
    odd_requests_come_to_an_outcome,
)
