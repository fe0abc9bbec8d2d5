"""No secret that was sent or answered is left in an error; what a server explains stays."""

from __future__ import annotations

import pickle
from html import escape
from json import dumps as json_text
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import (
    CallError,
    Endpoint,
    File,
    Outcome,
    Request,
    Response,
    call,
    catalogue,
    dumps,
    in_memory,
    interpret,
    models,
    request,
)
from cvatfn.api import auth, cloudstorages
from cvatfn.auth import AccessToken
from cvatfn.calling import settled
from cvatfn.codecs.masking import sent_secrets, without_values
from cvatfn.codecs.secrets import SECRET_NAMES, secret_names_at
from cvatfn.errors import ConnectFailed, Rejected, UnexpectedStatus
from cvatfn.messages import masked_request
from cvatfn.outcome import Failure, Success
from cvatfn.plans import plan_of
from cvatfn.transport import authenticated

SECRET = 'hunter2<"é'
HARD = "hunter2 \"é/'&x\\"


def _refused(body: bytes, content_type: str = "application/json") -> Rejected:
    server = in_memory(lambda _: Response(400, {"Content-Type": content_type}, body))
    asked = models.LoginSerializerExRequest(username="ada", password=SECRET)
    return _rejected(call(server, auth.create_login, asked))


def _rejected(outcome: Outcome[object, CallError]) -> Rejected:
    error = outcome.failure()
    assert isinstance(error, Rejected)
    for shown in (str(error), repr(error), repr(pickle.dumps(error)), repr(error.response.body)):
        assert "hunter2" not in shown
    return error


def test_an_explanation_of_a_secret_field_stays() -> None:
    error = _refused(b'{"non_field_errors":["x"],"password":["This field may not be blank."]}')
    assert [str(field) for field in error.fields] == [
        "$: x",
        "$.password: This field may not be blank.",
    ]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"password":["hunter2<\\"\\u00e9","x"]}', "application/json"),
        (b'{"p\\u0061ssword":"hunter2<\\"\\u00e9"}', "application/json"),
        (b'{"detail":"bad password hunter2<\\"\\u00e9"}', "application/json"),
        ("<h1>hunter2&lt;&quot;é</h1>".encode(), "text/html"),
        ('you sent hunter2<"é'.encode(), "text/plain"),
        (b"password=hunter2%3C%22%C3%A9", "text/plain"),
    ],
)
def test_a_server_that_repeats_a_secret_is_not_repeated(body: bytes, content_type: str) -> None:
    error = _refused(body, content_type)
    assert "***" in error.detail or "***" in str(error.fields)


def test_a_page_of_a_proxy_is_told() -> None:
    assert _refused(b"<title>502 Bad Gateway</title>", "text/html").detail == "502 Bad Gateway"


def test_the_secrets_of_a_form_are_masked_too() -> None:
    server = in_memory(
        lambda _: Response(400, {"Content-Type": "text/plain"}, b"no bucket for hunter2!")
    )
    spec = models.CloudStorageWriteRequest(
        provider_type="AWS_S3_BUCKET",
        resource="cats",
        display_name="cats",
        credentials_type="KEY_SECRET_KEY_PAIR",
        secret_key="hunter2",
        key_file=File("key.json", b"{}"),
    )
    error = _rejected(call(server, cloudstorages.create, spec))
    assert error.detail == "no bucket for ***!"


def test_a_token_that_does_not_decode_is_masked() -> None:
    error = interpret(auth.create_login, Response(200, body=b'{"key": ["hunter2"]}')).failure()
    assert "hunter2" not in repr(pickle.dumps(error))


def test_requests_of_ones_own_are_masked_by_the_usual_names() -> None:
    server = in_memory(lambda _: Response(400, body=b'"hunter2 is wrong"'))
    asked = Request("POST", "/x", (("access_token", "hunter2"),), body=b'{"password": "hunter2"}')
    error = _rejected(request(server, asked))
    assert error.detail == "*** is wrong"


def test_a_login_does_not_come_back_with_an_error() -> None:
    def broken(asked: Request) -> Failure[ConnectFailed]:
        return Failure(ConnectFailed(asked, "nobody listens"))

    ada = authenticated(broken, AccessToken("hunter2"), "https://cvat.example")
    outcome = ada(Request("GET", "/api/tasks"))
    assert "hunter2" not in repr(pickle.dumps(outcome.failure()))


@pytest.mark.parametrize("endpoint", [*catalogue()], ids=lambda endpoint: endpoint.name)
def test_who_knows_the_path_alone_knows_every_secret(endpoint: Endpoint[..., object]) -> None:
    plan = plan_of(endpoint.declaration)
    assert plan.sent_secrets | plan.answered_secrets <= secret_names_at(endpoint.path)


def test_names_that_are_secret_in_one_area_are_none_elsewhere() -> None:
    for path in ("/api/jobs/7/annotations", "/api/webhooks/1/deliveries", "/api/invitations"):
        assert secret_names_at(path) == SECRET_NAMES
    for path in ("/api/auth/login", "/base/api/auth/login", "/api/%61uth/access_tokens"):
        assert secret_names_at(path) == {*SECRET_NAMES, "key", "value"}


def test_what_was_sent_in_the_query_and_is_repeated_is_masked_too() -> None:
    server = in_memory(lambda asked: Response(400, body=dumps({asked.target: [asked.target]})))
    asked = Request("POST", "/x", (("access_token", "hunter2<&"),))
    error = _rejected(request(server, asked))
    assert str(error.fields[0]).count("***") == 2


def _percented(text: str) -> str:
    return quote(text, safe="")


ESCAPED = {
    "UTF-16": HARD.encode("utf-16"),
    "UTF-16, big end first": HARD.encode("utf-16-be"),
    "Latin-1": HARD.encode("latin-1"),
    "half of a JSON text": b'{"half": ' + json_text(HARD, ensure_ascii=False).encode(),
    "JSON in JSON": json_text(json_text(json_text(HARD))).encode()[:-1],
    "JSON as Go writes it": json_text(HARD).replace("&", "\\u0026").encode() + b"!",
    "every character": "".join(f"\\u{ord(sign):04X}" for sign in HARD).encode(),
    "a URL's component": _percented(HARD).encode(),
    "a URL in small letters": _percented(HARD).replace("%2F", "%2f").encode(),
    "a URL in a URL": _percented(_percented(HARD)).encode(),
    "HTML with numbers": escape(HARD).replace("&#x27;", "&#39;").encode(),
    "HTML without quotes": escape(HARD, quote=False).encode(),
    "a URL in HTML": escape(f"/?q={_percented(HARD)}&a=1").encode(),
}


@pytest.mark.parametrize("body", ESCAPED.values(), ids=ESCAPED)
def test_however_a_server_escapes_what_it_repeats(body: bytes) -> None:
    server = in_memory(lambda _: Response(400, {"Content-Type": "text/plain"}, body))
    error = _rejected(request(server, Request("POST", "/x", body=dumps({"password": HARD}))))
    assert b"hunter2" not in error.response.body.replace(b"\0", b"")
    assert b"%68" not in error.response.body
    assert b"0068" not in error.response.body


def test_a_text_too_large_to_be_looked_through_is_hidden_if_it_has_escapes() -> None:
    values = {"hunter2&"}
    for text in (b"hunter2%26 ", b"all is well "):
        large = text * (1 << 20)
        assert b"hunter2" not in without_values(large, values, frozenset())
    assert without_values(b"%25" * (1 << 21), values, frozenset()) == b"***"
    assert without_values(b"yes" * (1 << 21), values, frozenset()) == b"yes" * (1 << 21)


@pytest.mark.parametrize("said", [b"hunter2", b"hunter\\u0032", b"\\ud83d\\ude00 \\u0026 \\u0022"])
def test_of_two_fields_of_one_name_neither_is_kept(said: bytes) -> None:
    server = in_memory(lambda _: Response(400, body=b'{"detail":"%s","detail":"x"}' % said))
    once = dumps({"p": {"password": ["hunter2"]}, "secret": {"of": '\U0001f600 & "'}})
    assert _rejected(request(server, Request("POST", "/x", body=once))).response.body == (
        b'{"detail":"x"}'
    )
    twice = Request("POST", "/x", body=b'{"a":{"password":"hunter2"},"a":1}')
    kept = _rejected(request(in_memory(lambda _: Response(400)), twice)).request
    assert kept is not None
    assert kept.body == b'{"a":1}'


def test_a_name_may_be_escaped_too() -> None:
    server = in_memory(lambda _: Response(400, body=b'["hunter2"]'))
    error = _rejected(request(server, Request("POST", "/x", body=b'{"p\\u0061ssword":"hunter2"}')))
    assert error.request is not None
    assert error.request.body == b'{"password":"***"}'
    assert error.response.body == b'["***"]'


def test_what_a_server_says_in_a_header_is_masked_too() -> None:
    said = {"Location": "/y?token=hunter2", "X-Said": "hunter3!", "Vary": "Origin"}
    server = in_memory(lambda _: Response(302, said))
    asked = Request("GET", "/x", (("token", "hunter3"),))
    error = request(server, asked).failure()
    assert isinstance(error, UnexpectedStatus)
    assert dict(error.response.headers) == {
        "Location": "/y?token=***",
        "X-Said": "***!",
        "Vary": "Origin",
    }


@pytest.mark.parametrize(
    "asked",
    [
        Request("GET", "/x?a=1&token=hunter2"),
        Request("GET", "/x", (("X-Amz-Signature", "hunter2"),)),
        Request("GET", "/x", headers={"X-Auth-Token": "hunter2", "CF-Client-Secret": "hunter2"}),
        Request("GET", "/x", headers={"Cookie": 'a="hunter2"'}),
    ],
)
def test_wherever_a_request_of_ones_own_holds_a_secret(asked: Request) -> None:
    error = _rejected(request(in_memory(lambda _: Response(400, body=b'"hunter2"')), asked))
    assert error.detail == "***"


def test_the_login_in_an_origin_is_masked() -> None:
    asked = Request("GET", "/", origin="https://ada:hunter2@cvat.example")
    assert masked_request(asked, frozenset()).origin == "https://***@cvat.example"


@given(
    st.binary(max_size=40) | st.sampled_from([b"\r\n", b"\r\n\r\n", b"a\r\n"]),
    st.sampled_from([None, "application/json", "multipart/form-data", "image/png", ""]),
)
def test_any_body_is_looked_through_for_secrets(body: bytes, content_type: str | None) -> None:
    assert sent_secrets(body, content_type, SECRET_NAMES) <= {body.decode("utf-8", "replace")}


DEEP = 4000


@pytest.mark.parametrize("wrap", ["[{}]", '{{"a":{}}}', '{{"a":[{}]}}'])
def test_json_of_any_depth_keeps_no_secret(wrap: str) -> None:
    body = '{"password":"hunter2"}'
    opening, _, closing = wrap.format("|").partition("|")
    deep = (opening * DEEP + body + closing * DEEP).encode()
    server = in_memory(lambda asked: Response(400, body=asked.content))
    error = _rejected(request(server, Request("POST", "/x", body=deep)))
    assert b'"password":"***"' in error.response.body
    half = _rejected(request(server, Request("POST", "/x", body=deep[:-DEEP])))
    assert b"***" in half.response.body


def test_a_secret_that_a_server_brings_up_itself_is_masked_at_any_depth() -> None:
    told = b"[" * DEEP + b'{"secret": "hunter2", "token": ["is wrong"]}' + b"]" * DEEP
    error = _rejected(request(in_memory(lambda _: Response(500, body=told)), Request("GET", "/")))
    assert b'{"secret": "***", "token": ["is wrong"]}' in error.response.body
    half = _rejected(
        request(in_memory(lambda _: Response(500, body=told[:-9])), Request("GET", "/"))
    )
    assert b'{"secret": "***"' in half.response.body


@pytest.mark.parametrize(
    "password", ["a", "id", "true", "field", "password", "Required", "username"]
)
def test_a_common_word_for_a_password_leaves_the_explanation_readable(password: str) -> None:
    said = {"username": ["This field is required."], "password": ["A password must be valid."]}
    server = in_memory(lambda _: Response(400, body=dumps(said)))
    asked = models.LoginSerializerExRequest(username="ada", password=password)
    error = call(server, auth.create_login, asked).failure()
    assert isinstance(error, Rejected)
    assert [str(field) for field in error.fields] == [
        "$.username: This field is required.",
        "$.password: A password must be valid.",
    ]


@pytest.mark.parametrize("password", ["a", "id", "true", "field", "password", "12"])
def test_a_common_word_is_masked_where_it_is_all_that_is_said(password: str) -> None:
    for said in ({"password": [password]}, {"detail": password}, [f" {password}\n"]):
        asked = Request("POST", "/x", body=dumps({"password": password}))
        error = settled(asked, Success(Response(400, body=dumps(said)))).failure()
        assert isinstance(error, Rejected)
        assert b'"***"' in error.response.body
        assert error.request is not None
        assert error.request.body == b'{"password":"***"}'


@pytest.mark.parametrize("sent", [12345678, -1234.5, "12345678"])
@pytest.mark.parametrize("said", [b'{"was":%s}', b'"was %s"', b"was %s", b'{"a":[%s,1]}'])
def test_a_number_is_a_secret_as_well(sent: float | str, said: bytes) -> None:
    number = str(sent).encode()
    server = in_memory(lambda _: Response(400, body=said % number))
    error = request(server, Request("POST", "/x", body=dumps({"password": sent}))).failure()
    assert isinstance(error, Rejected)
    assert number not in error.response.body
    assert b"***" in error.response.body


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"user=ada&password=hunter2%26"),
        ("text/plain", b'{"password":"hunter2&"}'),
        ("application/json", b'{"password":"hunter2&"'),
    ],
)
def test_whatever_a_body_calls_itself_its_secrets_are_known(content_type: str, body: bytes) -> None:
    server = in_memory(
        lambda _: Response(400, {"Content-Type": "text/plain"}, b"hunter2& is wrong")
    )
    asked = Request("POST", "/x", headers={"Content-Type": content_type}, body=body)
    error = _rejected(request(server, asked))
    assert error.detail == "*** is wrong"
    assert error.request is not None
    assert error.request.body == b"***"
