"""Transports that each do one thing wrong, by the check that is meant for it.

Rule: each is the connection itself, with one mistake around it.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from io import BytesIO
from threading import Lock, current_thread
from typing import Self, TypeAlias
from urllib.parse import urlsplit

from attrs import evolve

from cvatfn.codecs.files import Content, Once, Part, is_path
from cvatfn.errors import (
    ConnectFailed,
    ConnectionLost,
    ForeignOrigin,
    TimedOut,
    TooLarge,
    TransportError,
)
from cvatfn.messages import Headers, Request, Response, Timeout
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.conformance import MakeTransport
from cvatfn.testing.conformance.checks.bodies import VAST
from cvatfn.transport import Transport, connect, gathered

Reply: TypeAlias = Outcome[Response, TransportError]
Wrap: TypeAlias = Callable[[Transport], Transport]
Pieces: TypeAlias = Iterable[Outcome[bytes, TransportError]]


def asking(change: Callable[[Request], Request]) -> Wrap:
    """A transport that sends something else."""
    return lambda send: lambda request: send(change(request))


def answering(change: Callable[[Request, Response], Response]) -> Wrap:
    """A transport that hands back something else."""

    def wrap(send: Transport) -> Transport:
        def sent(request: Request) -> Reply:
            match send(request):
                case Success(response):
                    return Success(change(request, response))
                case failed:
                    return failed

        return sent

    return wrap


def failing(change: Callable[[Request, TransportError], TransportError | Response]) -> Wrap:
    """A transport that makes something else of a fault."""

    def wrap(send: Transport) -> Transport:
        def sent(request: Request) -> Reply:
            match send(request):
                case Failure(error):
                    made = change(request, error)
                    return Success(made) if isinstance(made, Response) else Failure(made)
                case succeeded:
                    return succeeded

        return sent

    return wrap


def _fields(change: Callable[[str, str], str]) -> Wrap:
    def changed(request: Request) -> Request:
        pairs = tuple((name, change(name, value)) for name, value in request.headers)
        return evolve(request, headers=Headers(pairs))

    return asking(changed)


def _last_of_each(headers: Headers) -> Headers:
    return Headers(tuple({name.lower(): (name, value) for name, value in headers}.values()))


def _one_line(request: Request) -> Request:
    pairs = ((name, " ".join(value.split("\n"))) for name, value in request.headers)
    return evolve(request, headers=tuple((n, v.replace("\r", "")) for n, v in pairs))


def _stripped(request: Request) -> Request:
    query = ((name, value.encode("utf-8", "replace").decode()) for name, value in request.query)
    return evolve(request, query=tuple(query))


def _refusing_many(request: Request) -> Request:
    if len(request.headers) > 50:
        raise ValueError("too many fields")
    return request


# What is sent of a body.


def _with_body(change: Callable[[bytes], bytes | Content]) -> Wrap:
    def changed(request: Request) -> Request:
        body = request.body
        return evolve(request, body=change(body)) if isinstance(body, bytes) and body else request

    return asking(changed)


def _with_parts(change: Callable[[tuple[bytes | Part, ...]], tuple[bytes | Part, ...]]) -> Wrap:
    def changed(request: Request) -> Request:
        body = request.body
        if not isinstance(body, Content):
            return request
        return evolve(request, body=evolve(body, parts=change(body.parts)))

    return asking(changed)


def _is_once(part: bytes | Part) -> bool:
    return isinstance(part, Part) and isinstance(part.source, Once)


def _without_iterators(parts: tuple[bytes | Part, ...]) -> tuple[bytes | Part, ...]:
    return tuple(part for part in parts if len(parts) == 1 or not _is_once(part))


def _there(part: bytes | Part) -> bool:
    if isinstance(part, bytes) or not is_path(part.source):
        return True
    with suppress(OSError), open(part.source, "rb"):  # noqa: PTH123 - any path-like
        return True
    return False


def _padded(part: bytes | Part) -> bytes | Part:
    if isinstance(part, bytes) or not isinstance(part.source, Once) or not part.size:
        return part
    return b"".join(part.source).ljust(part.size) if part.size < 100 else part


def _left_at_the_end(send: Transport) -> Transport:
    def sent(request: Request) -> Reply:
        reply = send(request)
        for part in request.body.parts if isinstance(request.body, Content) else ():
            if isinstance(part, Part) and isinstance(part.source, BytesIO):
                part.source.seek(0, 2)
        return reply

    return sent


def _gathering(send: Transport) -> Transport:
    def sent(request: Request) -> Reply:
        match gathered(request):
            case Success(whole):
                return send(whole)
            case Failure() as unreadable:
                return unreadable

    return sent


# What comes back.


def _text_where_small(_: Request, response: Response) -> Response:
    if not 60_000 < len(response.body) < 1_000_000:
        return response
    return evolve(response, body=response.body.decode("ascii", "replace").encode())


def _refusing_errors(send: Transport) -> Transport:
    def sent(request: Request) -> Reply:
        match send(request):
            case Success(response) if response.status >= 500:
                return Failure(ConnectionLost(request, "the server is broken"))
            case other:
                return other

    return sent


def _refusing_what_is_too_large(send: Transport) -> Transport:
    def sent(request: Request) -> Reply:
        match send(request):
            case Success(response) if len(response.body) > (request.max_body or VAST):
                return Failure(TooLarge(request, request.max_body or VAST))
            case other:
                return other

    return sent


def _needing_a_length(_: Request, response: Response) -> Response:
    told = {name.lower() for name, _ in response.headers} & {"content-length", "transfer-encoding"}
    return response if told or len(response.body) > 100 else evolve(response, body=b"")


def _taking_the_first_head(send: Transport, url: str) -> Transport:
    """What http.client would be, did it not pass over `100 Continue`."""

    def sent(request: Request) -> Reply:
        if (request.method, request.body, request.timeout) != ("POST", b"abc", None):
            return send(request)
        parts = urlsplit(url)
        with socket.create_connection((str(parts.hostname), parts.port or 80)) as sock:
            sock.sendall(b"POST %s HTTP/1.1\r\nHost: x\r\n" % request.path.encode())
            sock.sendall(b"Content-Length: 3\r\n\r\nabc")
            with sock.makefile("rb") as file:
                status = int(file.readline().split()[1])
                fields = [*iter(file.readline, b"\r\n")]
                length = [line for line in fields if line.lower().startswith(b"content-length")]
                body = file.read(int(length[0].split()[1])) if length else b""
        return Success(Response(status, (), body))

    return sent


def _still_packed(_: Request, response: Response) -> Response:
    if len(response.body) != 5000 or response.headers.get("Content-Length"):
        return response
    return evolve(response, headers=(*response.headers, ("Content-Encoding", "gzip")))


# What comes in pieces.


class _Stream:
    """Pieces as a stream; closing it is for those who do it right."""

    def __init__(self, pieces: Pieces, close: Callable[[], object]) -> None:
        self._pieces = iter(pieces)
        self._close = close

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Outcome[bytes, TransportError]:
        return next(self._pieces)

    def close(self) -> None:
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def streaming(change: Callable[[Response, Pieces], Pieces]) -> Wrap:
    """A transport whose streams give something else."""

    def changed(_: Request, response: Response) -> Response:
        stream = response.stream
        if stream is None:
            return response
        return evolve(response, stream=_Stream(change(response, stream), stream.close))

    return answering(changed)


def _all_but_the_last(_: Response, pieces: Pieces) -> Pieces:
    held: Outcome[bytes, TransportError] | None = None
    total = 0
    for piece in pieces:
        total += len(piece.unwrap()) if isinstance(piece, Success) else 0
        if held is not None:
            yield held
        held = piece
    if held is not None and (isinstance(held, Failure) or total > 1_000_000):
        yield held


def _at_once(response: Response, pieces: Pieces) -> Pieces:
    if response.headers.get("Content-Length") != str(VAST):
        yield from pieces
    else:
        yield Success(b"".join(piece.unwrap() for piece in pieces))


def _silently(_: Response, pieces: Pieces) -> Pieces:
    return (piece for piece in pieces if isinstance(piece, Success))


def _going_on(_: Request, response: Response) -> Response:
    stream = response.stream
    if stream is None:
        return response
    closed = list[bool]()

    def pieces() -> Pieces:
        for piece in stream:
            yield piece
            if closed:
                yield Success(b"more")

    return evolve(response, stream=_Stream(pieces(), lambda: closed.append(True)))


def _always_in_pieces(request: Request, response: Response) -> Response:
    if not request.streamed or response.status < 400:
        return response
    return evolve(response, stream=_Stream([Success(response.body)], bool), body=b"")


# What a fault becomes.


def _renamed(request: Request, error: TransportError) -> TransportError:
    if isinstance(error, TimedOut) and request.method == "POST" and error.may_have_acted:
        return ConnectionLost(error.request, error.reason)
    return error


def _what_came_before(request: Request, error: TransportError) -> TransportError | Response:
    limits = request.timeout
    if isinstance(error, TimedOut) and request.method == "GET" and limits and limits.read:
        return Response(200, (), b"123")
    return error


def _acted(_: Request, error: TransportError) -> TransportError:
    return evolve(error, may_have_acted=True) if isinstance(error, TimedOut) else error


def _patient(request: Request) -> Request:
    limits = request.timeout
    return evolve(request, timeout=Timeout()) if limits and limits.total else request


def _impatient(send: Transport) -> Transport:
    def sent(request: Request) -> Reply:
        if request.timeout == Timeout(60.0, 60.0):
            return Failure(TimedOut(request, "it is late"))
        return send(request)

    return sent


def _lost_instead(_: Request, error: TransportError) -> TransportError:
    if isinstance(error, ConnectFailed):
        return ConnectionLost(error.request, error.reason)
    return error


def forgiving(reason: str, method: str) -> Wrap:
    """A transport that takes a fault for a page of a gateway."""

    def changed(request: Request, error: TransportError) -> TransportError | Response:
        meant = isinstance(error, ConnectionLost) and reason in error.reason
        return Response(502) if meant and request.method == method else error

    return failing(changed)


def _taking_heads(request: Request, error: TransportError) -> TransportError | Response:
    meant = isinstance(error, ConnectionLost) and error.reason.startswith("closed")
    return Response(200) if meant and (request.method, request.body) == ("POST", b"{}") else error


def _taking_chunks_that_came(request: Request, error: TransportError) -> TransportError | Response:
    meant = isinstance(error, ConnectionLost) and error.reason.endswith("(0 bytes read)")
    return Response(200) if meant and request.method == "POST" else error


def _offended(send: Transport) -> Transport:
    faults = list[Reply]()

    def sent(request: Request) -> Reply:
        if faults and request.method == "PATCH":
            return faults[0]
        reply = send(request)
        if isinstance(reply, Failure) and request.method == "PATCH":
            faults.append(reply)
        return reply

    return sent


def again(when: Callable[[Request], bool]) -> Wrap:
    """A transport that sends a second time what came to nothing."""

    def wrap(send: Transport) -> Transport:
        def sent(request: Request) -> Reply:
            reply = send(request)
            lost = isinstance(reply, Failure) and isinstance(reply.failure(), ConnectionLost)
            return send(request) if lost and when(request) else reply

        return sent

    return wrap


# Whom it asks.


def _following_anywhere(send: Transport) -> Transport:
    def sent(request: Request) -> Reply:
        reply = send(request)
        location = reply.unwrap().headers.get("location") if isinstance(reply, Success) else None
        if location is None or not location.startswith("http"):
            return reply
        parts = urlsplit(location)
        with connect(f"{parts.scheme}://{parts.netloc}") as other:
            return other(Request("GET", parts.path))

    return sent


def following(method: str, most: int) -> Wrap:
    """A transport that follows redirects within its server."""

    def wrap(send: Transport) -> Transport:
        def sent(request: Request) -> Reply:
            reply = send(request)
            for _ in range(most):
                led = isinstance(reply, Success) and reply.unwrap().headers.get("location")
                if not led or not led.startswith("/") or request.method != method:
                    break
                reply = send(Request("GET", led))
            return reply

        return sent

    return wrap


def _belonging_to_nobody(send: Transport) -> Transport:
    def sent(request: Request) -> Reply:
        if request.origin is not None and request.origin.lower().startswith("http://127.0.0.1:"):
            reply = send(request)
            if isinstance(reply, Success):
                return Failure(ForeignOrigin(request, "nobody"))
        return send(request)

    return sent


def _with_a_jar(send: Transport) -> Transport:
    jar = list[tuple[str, str]]()

    def sent(request: Request) -> Reply:
        reply = send(evolve(request, headers=(*jar, *request.headers)))
        for value in reply.unwrap().headers.all("set-cookie") if isinstance(reply, Success) else ():
            jar.append(("Cookie", value.partition(";")[0]))
        return reply

    return sent


# Who asks.


def _of_other_threads(send: Transport) -> Transport:
    made_in, first = current_thread(), dict[str, Reply]()

    def sent(request: Request) -> Reply:
        if current_thread() is made_in or not request.path.startswith("/bytes/"):
            return send(request)
        return first.setdefault(request.path[:8], send(request))

    return sent


def _one_at_a_time(send: Transport) -> Transport:
    lock = Lock()

    def sent(request: Request) -> Reply:
        with lock:
            return send(request)

    return sent


MUTANTS: Mapping[str, Wrap] = {
    "methods_arrive": asking(
        lambda request: evolve(request, method="POST") if request.method == "PURGE" else request
    ),
    "any_method_may_have_content": asking(
        lambda request: evolve(request, body=None) if request.method == "DELETE" else request
    ),
    "paths_arrive_as_written": asking(
        lambda request: evolve(request, path=request.path.replace("%2F", "/"))
    ),
    "queries_arrive_in_order": asking(
        lambda request: evolve(request, query=tuple(dict(request.query).items()))
    ),
    "fields_arrive": _fields(lambda _, value: value.lower() if value.isascii() else value),
    "repeated_fields_arrive": asking(
        lambda request: evolve(request, headers=_last_of_each(request.headers))
    ),
    "own_fields_take_the_place_of_others": asking(
        lambda request: evolve(
            request, headers=tuple(pair for pair in request.headers if pair[0] != "User-Agent")
        )
    ),
    "values_may_be_latin_1": _fields(
        lambda _, value: value.encode().decode("latin-1") if "é" in value else value
    ),
    "what_would_break_a_message_is_not_sent": asking(_one_line),
    "values_beyond_latin_1_are_not_sent": _fields(
        lambda _, value: value.encode("latin-1", "replace").decode("latin-1")
    ),
    "half_characters_are_not_sent": asking(_stripped),
    "odd_requests_come_to_an_outcome": asking(_refusing_many),
    "content_arrives_as_it_is": _with_body(lambda body: body.replace(b"\r\n", b"\n")),
    "large_content_arrives_whole": _with_body(lambda body: body[:1_000_000]),
    "lengths_are_told": _with_body(lambda body: Content((Part(Once(iter([body]))),))),
    "content_is_read_from_sources": _with_parts(_without_iterators),
    "open_files_are_put_back": _left_at_the_end,
    "unreadable_sources_are_told": _with_parts(
        lambda parts: tuple(part if _there(part) else b"" for part in parts)
    ),
    "short_sources_are_told": _with_parts(lambda parts: tuple(map(_padded, parts))),
    "sources_are_read_while_they_are_sent": _gathering,
    "every_status_is_a_response": _refusing_errors,
    "content_comes_as_bytes": answering(_text_where_small),
    "large_answers_come_whole": answering(
        lambda _, response: evolve(response, body=response.body[: 1 << 20])
    ),
    "answers_are_no_larger_than_allowed": asking(lambda request: evolve(request, max_body=None)),
    "refusals_are_not_lost_for_their_size": _refusing_what_is_too_large,
    "fields_come_as_they_are": answering(
        lambda _, response: evolve(response, headers=_last_of_each(response.headers))
    ),
    "head_has_no_content": asking(
        lambda request: evolve(request, method="GET") if request.method == "HEAD" else request
    ),
    "some_statuses_have_no_content": answering(
        lambda _, response: (
            evolve(response, body=b"null") if response.status in (204, 304) else response
        )
    ),
    "chunks_are_joined": answering(
        lambda _, response: (
            evolve(response, body=response.body + b"\r\n")
            if response.headers.get("transfer-encoding")
            else response
        )
    ),
    "an_answer_may_end_with_its_connection": answering(_needing_a_length),
    "packed_content_is_unpacked": answering(_still_packed),
    "damaged_packing_is_no_answer": forgiving("end-of-stream", "GET"),
    "streamed_content_is_whole": streaming(_all_but_the_last),
    "refusals_are_never_streamed": answering(_always_in_pieces),
    "streams_take_little_memory": streaming(_at_once),
    "a_broken_stream_says_so": streaming(_silently),
    "a_stream_may_be_given_up": answering(_going_on),
    "a_silent_server_is_given_up": failing(_renamed),
    "a_silence_within_an_answer_is_given_up": failing(_what_came_before),
    "connecting_is_limited": failing(_acted),
    "a_trickle_ends_with_the_time_for_the_whole": asking(_patient),
    "limits_that_are_kept_cost_nothing": _impatient,
    "nobody_there_is_no_connection": failing(_lost_instead),
    "a_reset_is_a_lost_connection": forgiving("reset", "POST"),
    "hanging_up_is_a_lost_connection": forgiving("closed", "PUT"),
    "a_head_that_is_cut_is_none": failing(_taking_heads),
    "an_answer_that_is_cut_is_none": forgiving("more expected", "POST"),
    "chunks_that_are_cut_are_none": failing(_taking_chunks_that_came),
    "what_is_no_http_is_a_lost_connection": forgiving("BadStatusLine", "GET"),
    "a_fault_ends_with_its_request": _offended,
    "errors_say_what_was_asked": failing(
        lambda _, error: evolve(error, request=Request("GET", "/"))
    ),
    "errors_hold_no_secret": failing(lambda request, error: evolve(error, request=request)),
    "changes_are_sent_once": again(lambda request: request.method == "DELETE"),
    "once_is_once": again(lambda request: request.once),
    "redirects_to_others_are_handed_back": _following_anywhere,
    "redirected_changes_are_handed_back": following("POST", 1),
    "redirects_end": following("GET", 500),
    "other_origins_are_not_asked": asking(lambda request: evolve(request, origin=None)),
    "its_own_origin_is_asked": _belonging_to_nobody,
    "cookies_are_not_kept": _with_a_jar,
    "threads_get_their_own_answers": _of_other_threads,
    "threads_do_not_wait_for_each_other": _one_at_a_time,
}
"""By the check that is meant for it, what a transport does wrong."""


@contextmanager
def _endless(url: str) -> Generator[Transport]:
    """It does not end with its block."""
    yield connect(url, pool_size=0)


@contextmanager
def _hasty(url: str) -> Generator[Transport]:
    """It takes the first head for the last."""
    with connect(url) as send:
        yield _taking_the_first_head(send, url)


MADE: Mapping[str, MakeTransport] = {
    "interim_answers_are_passed_over": _hasty,
    "after_its_end_nothing_is_sent": _endless,
}
"""The same, for what a wrapper cannot do wrong."""


def made(name: str) -> MakeTransport:
    """The transport that does wrong what a check looks at."""

    @contextmanager
    def make(url: str) -> Generator[Transport]:
        with connect(url) as send:
            yield MUTANTS[name](send)

    return MADE.get(name, make)
