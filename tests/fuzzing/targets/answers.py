"""Answers: any endpoint given any status, header fields and body; refusals, and masking."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final, TypeAlias

from cvatfn import interpret, prepare
from cvatfn.api import auth
from cvatfn.codecs.clearing import cleared_text
from cvatfn.codecs.masking import sent_secrets, without_fields, without_values
from cvatfn.codecs.rejections import LONGEST, read_refusal
from cvatfn.codecs.secrets import SECRET_NAMES
from cvatfn.endpoints import Endpoint, lenient, raw, unchecked, with_response
from cvatfn.errors import Rejected, Undecodable
from cvatfn.finding import catalogue
from cvatfn.messages import Headers, Request, Response
from cvatfn.outcome import Failure
from tests.fuzzing.target import Tape, Target, sound
from tests.fuzzing.targets.codecs import JSON_TOKENS, documents

__all__ = ["FIELDS", "HEADER_TOKENS", "SECRET", "STATUSES", "TARGETS", "endpoints", "head_of"]

AnyEndpoint: TypeAlias = Endpoint[..., object]

SECRET: Final = "hunter2-correct-horse"
STATUSES: Final = (
    *(200, 201, 202, 204, 206, 299, 400, 401, 403, 404, 405, 406, 409, 413, 416, 429, 500, 502),
    *(503, 504, 599, 100, 101, 300, 301, 302, 303, 304, 307, 308, 0, 600, 999),
)
FIELDS: Final = (
    *("Content-Type", "Retry-After", "Date", "Location", "Content-Disposition", "Content-Range"),
    *("Content-Length", "Content-Encoding", "ETag", "X-Request-Id", "Set-Cookie", "Deprecation"),
    *("Upload-Offset", "Upload-Length", "Upload-Filename", "X-Checksum", "Digest", "Repr-Digest"),
    *("Accept-Ranges", "Last-Modified", "WWW-Authenticate", "Content-MD5", "Content-Digest"),
)
HEADER_TOKENS: Final = (
    *(b"application/vnd.cvat+json", b"text/html", b"text/plain", b"application/json", b"bytes "),
    *(b"Mon, 23 Nov 2026 10:00:00 GMT", b"gzip", b"identity", b"chunked", b"UTF-8''", b"filename="),
    *(b"filename*=", b'"', b"..", b"/", b"\\", b"%00", b"%2e", b"https://", b"http://localhost/"),
    *(b"//", b"@", b"?", b"#", b"[::1]", b"; ", b",", b"*", b"W/", b"\x85", b"\xa0", b"\t"),
    *(b"9" * 30, b"-1", b"1e3", b"+0000", b"-9999", SECRET.encode(), b"hunter2\\u002d"),
)
_WAYS: Final[tuple[Callable[[AnyEndpoint], AnyEndpoint], ...]] = (
    lambda endpoint: endpoint,
    lenient,
    raw,
    unchecked,
    with_response,
    lambda endpoint: with_response(lenient(endpoint)),
)


@cache
def endpoints() -> tuple[AnyEndpoint, ...]:
    """All endpoints of the catalogue."""
    return tuple(catalogue())


def head_of(tape: Tape) -> tuple[int, Headers]:
    """A status, and up to three header fields.

    :param tape: what chooses.
    """
    status = tape.pick(STATUSES)
    pairs = [(tape.pick(FIELDS), tape.text()) for _ in range(tape.number(4))]
    return status, Headers(tuple(pairs))


@cache
def _login() -> Request:
    return prepare(auth.create_login, {"username": "ada", "password": SECRET}).unwrap()


@cache
def _logged_in() -> Request:
    return Request("GET", "/x", headers={"Authorization": f"Bearer {SECRET}"})


def _interpret(data: bytes) -> None:
    tape = Tape(data)
    endpoint = tape.pick(endpoints())
    way = tape.pick(_WAYS)
    asked = tape.pick((_logged_in(), None))
    if endpoint == auth.create_login:
        asked = _login()
    status, headers = head_of(tape)
    response = Response(status, headers, tape.rest())
    match interpret(way(endpoint), response, asked):
        case Failure(error):
            sound(error)
            if asked is not None:
                assert SECRET.encode() not in pickle.dumps(error)
            if isinstance(error, Rejected):
                assert error.status == status
                assert error.detail
                assert error.retry_after is None or 0 <= error.retry_after <= 1e9
            if isinstance(error, Undecodable):
                assert error.problems
        case _:
            assert way is unchecked or 200 <= status < 300


def _refusal(data: bytes) -> None:
    tape = Tape(data)
    status, kind, body = tape.pick(STATUSES), tape.text(), tape.rest()
    refusal = read_refusal(status, kind, body)
    assert 0 < len(refusal.detail) <= LONGEST
    assert refusal.detail == " ".join(refusal.detail.split())
    assert sum(len(field.path) for field in refusal.fields) <= 1 << 24
    for field in refusal.fields:
        sound(field)
        assert field.path.startswith("$")
        assert len(field.message) <= LONGEST


def _masked(data: bytes) -> None:
    tape = Tape(data)
    kind = tape.pick((None, "application/json", "multipart/form-data; boundary=x", "text/plain"))
    values = {SECRET, "pass&word<1>", tape.text()} - {""}
    values = {value for value in values if len(value) >= 4}
    body = tape.rest()
    secrets = sent_secrets(body, kind, SECRET_NAMES)
    assert all(secrets) or not secrets
    shown = without_fields(body, kind, SECRET_NAMES)
    if kind in (None, "application/json"):
        for secret in secrets:
            # What stands elsewhere in the body, too, is no secret by its name.
            assert len(secret) < 12 or secret.encode("utf-8") not in shown or secret in repr(shown)
    kept = without_values(body, values, SECRET_NAMES)
    text = cleared_text(body.decode("latin-1"), values)
    for value in values:
        if value in "***":
            continue
        assert value.encode() not in kept, "a value is left in the bytes"
        assert value not in text, "a value is left in the text"
    assert without_values(kept, values, SECRET_NAMES) == kept, "masked twice is masked more"


def _interpreted_seeds() -> Sequence[bytes]:
    heads = (b"\0\0", b"\6\1\0application/vnd.cvat+json\n", b"\x0f\2\1" + b"120\n\0text/html\n")
    return [
        index.to_bytes(1, "big") + way + asked + head + document
        for index in range(0, len(endpoints()), 9)
        for way, asked in ((b"\0", b"\0"), (b"\1", b"\1"))
        for head, document in zip(heads, documents(), strict=False)
    ]


def _refused_seeds() -> Sequence[bytes]:
    bodies = (*documents(), b"<html><head><title>502 Bad Gateway</title></head>", b"plain text")
    return [b"\6" + kind + b"\n" + body for kind in (b"", b"text/html") for body in bodies]


def _masked_seeds() -> Sequence[bytes]:
    secret = SECRET.encode()
    bodies = (
        b'{"user":"ada","password":"' + secret + b'"}',
        b'{"password":["Not ' + secret + b' again."]}',
        b"<p>" + secret + b"</p>?token=abcdef&sig=abc",
        b'{"a":"pass\\u0026word\\u003c1>"}',
        b'--x\r\nContent-Disposition: form-data; name="password"\r\n\r\nabcd\r\n--x--\r\n',
    )
    return [bytes([kind]) + b"abcd\n" + body for kind in range(4) for body in bodies]


TARGETS: Final = (
    Target(
        "interpret",
        "Any endpoint makes a value of any answer, and its errors hold no secret that was sent.",
        _interpret,
        _interpreted_seeds,
        (*JSON_TOKENS, *HEADER_TOKENS),
    ),
    Target(
        "refusals",
        "A refusal says something, in one short line, whatever its body is.",
        _refusal,
        _refused_seeds,
        (*JSON_TOKENS, b"<title>", b"</title>", b"<", b">", b"&amp;", b"non_field_errors", b"&#0;"),
    ),
    Target(
        "masking",
        "Of what is to be masked nothing is left, however it is written, and nothing raises.",
        _masked,
        _masked_seeds,
        (*JSON_TOKENS, b'"password":', b"&amp;", b"%26", b"\\u0026", SECRET.encode(), b"pass"),
    ),
)
