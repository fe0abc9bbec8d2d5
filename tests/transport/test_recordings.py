"""What was recorded is replayed; no secret gets into the file; no crash costs more than a line."""

from __future__ import annotations

import os
import pickle
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import escape
from io import BytesIO
from itertools import count
from json import dumps as json_text
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qsl, quote, quote_plus

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import Transport, call, login, models, wait_for
from cvatfn.api import auth, cloudstorages, labels, tasks, users
from cvatfn.auth import AccessToken, Basic
from cvatfn.codecs.files import Content, Part
from cvatfn.codecs.json import dumps, loads
from cvatfn.codecs.unset import UNSET
from cvatfn.errors import (
    ConnectFailed,
    ConnectionLost,
    ForeignOrigin,
    TimedOut,
    TlsFailed,
    TooLarge,
    TransportError,
    Unsendable,
)
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.schedule import constant
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.testing.strategies.plain import JSON
from cvatfn.transfer import Saving, download_url
from cvatfn.transport import (
    Replay,
    authenticated,
    connect,
    gathered,
    in_memory,
    recorded,
    replayed,
    retrying,
)
from cvatfn.transport.exchanges import Exchange, line_of, read_line
from tests.sandbox.kit import make_task
from tests.transfer.downloads import CONTENT, URL, Shelf
from tests.transport.wire import error_of, value_of

Sent = Outcome[Response, TransportError]
GET = Request("GET", "/api/tasks")
SHARED = Path(__file__).parents[3] / "shared" / "recordings"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recording.jsonl"


def _answering(*outcomes: Sent) -> Transport:
    answers = iter(outcomes)
    return lambda _: next(answers)


def _lines(path: Path) -> list[Exchange]:
    return [read_line(line).unwrap() for line in path.read_bytes().splitlines(keepends=True)]


# What was recorded is replayed.

NAMES = st.sampled_from(["search", "page", "org"])
TEXTS = st.text("xyz é&=+%?#\n\u2028\x00", max_size=6)
QUERIES = st.lists(st.tuples(NAMES, TEXTS), max_size=2).map(tuple)
PLAIN = st.one_of(st.just(b""), st.binary(max_size=20), TEXTS.map(str.encode))
JSON_TYPES = st.sampled_from(["application/json", "application/vnd.cvat+json; charset=utf-8"])
TYPES = st.sampled_from(["image/png", "text/plain; charset=utf-8", "application/zip"])
BODIES = st.one_of(
    st.tuples(JSON_TYPES, JSON.map(dumps)),
    st.tuples(st.none(), st.dictionaries(NAMES, JSON).map(dumps)),
    st.tuples(TYPES, PLAIN),
)


def _request(
    method: str, path: str, query: tuple[tuple[str, str], ...], body: tuple[str | None, bytes]
) -> Request:
    return Request(method, path, query, _typed(body[0]), body[1])


def _response(status: int, said: str, body: tuple[str | None, bytes]) -> Response:
    return Response(status, {"X-Said": said, **_typed(body[0])}, body[1])


def _typed(content_type: str | None) -> dict[str, str]:
    return {} if content_type is None else {"Content-Type": content_type}


REQUESTS = st.builds(
    _request,
    st.sampled_from(["GET", "POST"]),
    st.sampled_from(["/api/tasks", "/api/jobs/7", "/api/caf%C3%A9"]),
    QUERIES,
    BODIES,
)
RESPONSES = st.builds(_response, st.sampled_from([200, 201, 302, 404, 500]), TEXTS, BODIES)
FAILURES = st.one_of(
    st.builds(ConnectFailed, st.just(GET), TEXTS),
    st.builds(ConnectionLost, st.just(GET), TEXTS, st.booleans()),
    st.builds(TimedOut, st.just(GET), TEXTS, st.booleans()),
    st.builds(TlsFailed, st.just(GET), TEXTS),
    st.builds(TooLarge, st.just(GET), st.integers(0, 99)),
    st.builds(ForeignOrigin, st.just(GET), TEXTS),
    st.builds(Unsendable, st.just(GET), TEXTS),
)
OUTCOMES = st.one_of(RESPONSES.map(Success), FAILURES.map(Failure))


def _as_data(outcome: Sent) -> object:
    """What an outcome says: JSON as data, an error without its request."""
    match outcome:
        case Success(response):
            read = loads(object, response.body)
            said = read.unwrap() if isinstance(read, Success) else response.body
            return response.status, response.headers, said
        case Failure(error):
            return evolve(error, request=GET)


@given(st.lists(st.tuples(REQUESTS, OUTCOMES), max_size=8))
def test_the_same_requests_come_to_the_same(exchanges: list[tuple[Request, Sent]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "recording.jsonl")
        transport = recorded(_answering(*(outcome for _, outcome in exchanges)), path)
        for asked, outcome in exchanges:
            assert transport(asked) is outcome
        again = replayed(path)
        assert len(again.unused) == len(exchanges)
        for asked, outcome in exchanges:
            assert _as_data(again(asked)) == _as_data(outcome)
        assert again.unused == ()


@given(REQUESTS, OUTCOMES, st.integers(0, 12))
def test_of_what_is_too_large_the_size_is_kept(asked: Request, outcome: Sent, most: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "recording.jsonl")
        assert recorded(lambda _: outcome, path, max_body=most)(asked) is outcome
        again = replayed(path)(asked)
        if isinstance(outcome, Success) and len(outcome.unwrap().body) > most:
            assert isinstance(again, Failure)
            assert "left out" in str(again.failure())
        else:
            assert _as_data(again) == _as_data(outcome)


def test_a_body_of_the_limit_is_kept(path: Path) -> None:
    asked = Request("POST", "/api/x", body=b'{"a":1}')
    recorded(lambda _: Success(Response(200, body=b"1234567")), path, max_body=7)(asked)
    assert value_of(replayed(path)(asked)).body == b"1234567"
    [exchange] = _lines(path)
    assert exchange.request_body is not None
    assert exchange.request_body.json == {"a": 1}


def test_json_is_compared_as_data(path: Path) -> None:
    first = Request("POST", "/api/tasks", body=b'{"name": "a", "size": [1, true]}')
    recorded(lambda _: Success(Response(201)), path)(first)
    again = replayed(path)
    other = evolve(first, body=b'{"name":"a","size":[1,1]}')
    assert "another body" in str(error_of(again(other)))
    assert value_of(again(evolve(first, body=b'{"size":[1,true],"name":"\\u0061"}'))).status == 201


def test_a_recording_can_be_read_and_written_by_hand(path: Path) -> None:
    path.write_text(
        '{"method": "GET", "target": "/api/tasks?search=a%20b", "status": 200,\t'
        '"response_headers": [["Content-Type", "application/json"]],'
        ' "response_body": {"json": {"count": 0}}, "remark": "nothing there"}\n\n'
        '{"method": "GET", "target": "/api/tasks?search=a+b", "failure": {"kind": "TimedOut"}}'
    )
    again = replayed(path)
    asked = Request("GET", "/api/tasks", (("search", "a b"),))
    assert value_of(again(asked)).body == b'{"count":0}'
    assert isinstance(error_of(again(asked)), TimedOut)


def test_what_editors_on_windows_leave_is_read(path: Path) -> None:
    line = b'{"method":"GET","target":"/api/tasks","status":200}\r\n'
    path.write_bytes(b"\xef\xbb\xbf" + line + b"\r\n" + line)
    recorded(lambda _: Success(Response(404)), path)(GET)
    assert replayed(path).unused == ("GET /api/tasks",) * 3


def test_polling_is_replayed_step_by_step(path: Path) -> None:
    sandbox = Sandbox(World.with_user("admin", "s3cret"))
    admin = authenticated(sandbox, Basic("admin", "s3cret"), sandbox.world.origin)
    task = make_task(admin).id

    def work(transport: Transport) -> list[str]:
        seen: list[str] = []
        begun = call(transport, tasks.create_dataset_export, task, format="COCO 1.0").unwrap()
        done = wait_for(
            transport,
            begun,
            schedule=constant(0, attempts=50),
            progress=lambda now: seen.append(now.status.value),
        )
        return [*seen, done.unwrap().result_url or ""]

    first = work(recorded(admin, path))
    assert len(set(first)) > 2
    assert work(replayed(path)) == first


def test_a_login_is_replayed(path: Path) -> None:
    sandbox = Sandbox(World.with_user("admin", "s3cret"))
    session = login(recorded(sandbox, path), username="admin", password="s3cret").unwrap()
    assert session.sessionid not in path.read_text()
    again = login(replayed(path), username="admin", password="other").unwrap()
    assert (again.sessionid, again.csrftoken, again.key) == ("***", "***", "***")


def test_what_is_asked_once_more_than_recorded_is_told(path: Path) -> None:
    recorded(lambda _: Success(Response(200)), path)(GET)
    again = replayed(path)
    again(GET)
    assert "has it no further time" in str(error_of(again(GET)))


def test_what_is_not_there_is_told_with_what_comes_near(path: Path) -> None:
    transport = recorded(lambda _: Success(Response(200)), path)
    for name in ("tasks", "jobs", "labels?page=2"):
        transport(Request("GET", f"/api/{name}"))
    again = replayed(path)
    error = error_of(again(Request("GET", "/api/task", (("token", "hunter2"),))))
    assert isinstance(error, Unsendable)
    assert "no such request; it has GET /api/tasks" in error.reason
    assert "hunter2" not in repr(error)
    assert "nor one that comes near" in str(error_of(again(Request("PATCH", "/zzz"))))
    assert again.unused == ("GET /api/tasks", "GET /api/jobs", "GET /api/labels?page=2")


def test_fields_that_speak_of_other_bytes_are_left_out(path: Path) -> None:
    spaced = Response(200, {"Content-Length": "8", "ETag": "a"}, b'{"a": 1}')
    exact = Response(200, {"Content-Length": "7", "ETag": "a"}, b'{"a":1}')
    transport = recorded(_answering(Success(spaced), Success(exact)), path)
    transport(GET)
    transport(GET)
    again = replayed(path)
    assert value_of(again(GET)) == evolve(exact, headers={"ETag": "a"})
    assert value_of(again(GET)) == exact


def test_answers_come_whole_also_where_they_may_be_streamed(path: Path, tmp_path: Path) -> None:
    seen: list[Request] = []

    def send(asked: Request) -> Success[Response]:
        seen.append(asked)
        return Success(Response(200, {"Content-Type": "application/zip"}, CONTENT))

    first = download_url(recorded(send, path), URL, tmp_path / "first.zip").unwrap()
    second = download_url(replayed(path), URL, Saving(tmp_path / "second.zip")).unwrap()
    assert [asked.streamed for asked in seen] == [False]
    assert [asked.once for asked in seen] == [True]
    assert first.path is not None
    assert second.path is not None
    assert first.path.read_bytes() == second.path.read_bytes() == CONTENT


def test_a_stream_that_comes_unasked_is_not_taken_for_an_empty_answer(path: Path) -> None:
    response = value_of(recorded(Shelf(), path)(Request("GET", URL)))
    assert response.stream is not None
    assert "left out" in str(error_of(replayed(path)(Request("GET", URL))))


def test_uploads_are_sent_in_pieces_and_kept_by_their_size(path: Path) -> None:
    sizes: list[int] = []

    def send(asked: Request) -> Success[Response]:
        assert isinstance(asked.body, Content)
        sizes.append(len(gathered(asked).unwrap().content))
        return Success(Response(204))

    def upload(size: int | None) -> Request:
        part = Part(BytesIO(b"12345")) if size else Part(iter([b"12345"]))
        return Request("PATCH", "/up/1", body=Content((b"head", part)))

    transport = recorded(send, path)
    transport(upload(5))
    transport(upload(None))
    assert sizes == [9, 9]
    bodies = [exchange.request_body for exchange in _lines(path)]
    assert [body and body.omitted for body in bodies] == [9, None]
    again = replayed(path)
    assert value_of(again(upload(5))).status == value_of(again(upload(None))).status == 204


def test_each_try_or_only_its_end_is_recorded_as_the_wrappers_stand(path: Path) -> None:
    busy, well = Success(Response(503)), Success(Response(200))

    def patient(transport: Transport) -> Transport:
        return retrying(transport, constant(1, attempts=3), sleep=lambda _: None)

    assert patient(recorded(_answering(busy, busy, well), path))(GET) is well
    assert [exchange.status for exchange in _lines(path)] == [503, 503, 200]
    again = replayed(path)
    assert value_of(patient(again)(GET)).status == 200
    assert again.unused == ()


def test_a_copy_of_a_replay_begins_anew(path: Path) -> None:
    recorded(lambda _: Success(Response(200, body=b'{"a":1}')), path)(GET)
    first = replayed(path)
    first(GET)
    path.unlink()
    again = pickle.loads(pickle.dumps(first))  # noqa: S301 - our own pickle
    assert isinstance(again, Replay)
    assert value_of(again(GET)).body == b'{"a":1}'
    assert repr(again) == "<Replay: 1 of 1 exchanges used>"


def test_threads_share_a_replay_and_nothing_is_given_twice(path: Path) -> None:
    number = count()
    transport = recorded(lambda _: Success(Response(200, body=b"%d" % next(number))), path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(transport, [GET] * 200))
    again = replayed(path)
    with ThreadPoolExecutor(8) as pool:
        answers = [int(value_of(answer).body) for answer in pool.map(again, [GET] * 200)]
    assert sorted(answers) == list(range(200))


# No secret gets into the file.

PASSWORD = 'hunter2 <"é&+'


def _spellings(secret: str) -> Iterator[bytes]:
    texts = [secret, json_text(secret)[1:-1], escape(secret), quote(secret), quote_plus(secret)]
    texts += [json_text(text)[1:-1] for text in texts]
    texts += [b64encode(f"{before}{secret}".encode()).decode() for before in ("", "admin:")]
    return (text.encode() for text in texts)


def _assert_hidden(path: Path, *secrets: str | None) -> None:
    content = path.read_bytes()
    assert content.count(b"***") >= len(secrets)
    for secret in secrets:
        assert secret
        for spelling in _spellings(secret):
            assert spelling not in content, spelling


def test_no_login_gets_into_the_file(path: Path) -> None:
    sandbox = Sandbox(World.with_user("admin", PASSWORD))
    origin = sandbox.world.origin
    session = login(recorded(sandbox, path), username="admin", password=PASSWORD).unwrap()
    login(recorded(sandbox, path), username="admin", password=f"{PASSWORD}!").failure()
    basic = authenticated(recorded(sandbox, path), Basic("admin", PASSWORD), origin)
    made = call(basic, auth.create_access_tokens, {"name": "mine", "read_only": False}).unwrap()
    assert isinstance(made.value, str)
    for login_ in (session, AccessToken(made.value)):
        cvat = authenticated(recorded(sandbox, path), login_, origin)
        call(cvat, users.retrieve_self).unwrap()
        call(cvat, tasks.create, {"name": "cats"}).unwrap()
        call(cvat, auth.list_access_tokens).unwrap()
    outside = recorded(authenticated(sandbox, session, origin), path)
    call(outside, auth.create_access_tokens, {"name": "other", "read_only": True}).unwrap()
    secrets = (PASSWORD, session.sessionid, session.csrftoken, session.key, made.value)
    _assert_hidden(path, *secrets)
    assert [exchange.status for exchange in _lines(path)][:3] == [200, 400, 201]


def test_other_values_of_that_name_stay(path: Path) -> None:
    sandbox = Sandbox(World.with_user("admin", "s3cret"))
    admin = authenticated(sandbox, Basic("admin", "s3cret"), sandbox.world.origin)
    make_task(admin)
    cvat = recorded(admin, path)
    (label, _) = call(cvat, labels.list).unwrap().results
    attribute: models.AttributeRequestDict = {
        "name": "breed",
        "mutable": False,
        "input_type": "select",
        "default_value": "tabby",
        "values": ["tabby"],
    }
    call(cvat, labels.partial_update, label.id, {"attributes": [attribute]})
    asked = Request("POST", "/api/x", body=b'{"attributes":[{"value":"tabby","key":"k"}]}')
    cvat(asked)
    assert b'{"value":"tabby","key":"k"}' in path.read_bytes()


@pytest.mark.parametrize("area", ["/api/cloudstorages", "/base/api/cloudstorages/7"])
def test_the_keys_of_a_cloud_storage_are_hidden(path: Path, area: str) -> None:
    body = dumps({"key": "hunter2-k", "secret_key": "hunter2-s", "note": "not hunter2-s"})
    echo = in_memory(lambda asked: Response(400, body=dumps([f"no {asked.content.decode()}"])))
    recorded(echo, path)(Request("POST", area, body=body))
    _assert_hidden(path, "hunter2-k", "hunter2-s")


def test_the_keys_in_a_form_are_hidden(path: Path) -> None:
    spec = models.CloudStorageWriteRequest(
        provider_type="AWS_S3_BUCKET",
        resource="cats",
        display_name="cats",
        credentials_type="KEY_SECRET_KEY_PAIR",
        key="hunter2-k",
        secret_key=PASSWORD,
    )
    echo = in_memory(lambda asked: Response(400, {"Content-Type": "text/html"}, asked.content))
    call(recorded(echo, path), cloudstorages.create, spec).failure()
    content = path.read_bytes()
    assert b"hunter2" not in content


SECRETS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=4, max_size=9)
PLANTED = SECRETS.map(lambda text: f"hunter2{text}hunter2")


@given(PLANTED, st.sampled_from(["token", "access_token", "password", "secret"]), st.booleans())
def test_what_a_server_repeats_is_hidden_in_whatever_it_says(
    secret: str, name: str, well: bool
) -> None:
    asked = Request(
        "POST",
        "/api/x",
        ((name, secret),),
        {"X-Note": quote(secret)},
        dumps({"password": secret, "note": f"<{secret}>", secret: 1}),
    )
    said = f"{escape(secret)} {quote(secret)} {quote_plus(secret)} {json_text(secret)} {secret}"
    outcomes: list[Sent] = [
        Success(Response(200 if well else 400, {"Location": f"/?x={quote(secret)}"}, body))
        for body in (
            dumps({"next": f"http://x/?{name}={quote_plus(secret)}", "said": [said], secret: said}),
            said.encode(),
            b"\xff" + said.encode(),
            b'{"half": ' + said.encode(),
        )
    ]
    outcomes.append(Failure(ConnectFailed(asked, said)))
    with TemporaryDirectory() as folder:
        path = Path(folder, "recording.jsonl")
        transport = recorded(_answering(*outcomes), path)
        for _ in outcomes:
            transport(asked)
        _assert_hidden(path, secret)
        again = replayed(path)
        for outcome in outcomes:
            match outcome, again(asked):
                case Success(before), Success(after):
                    assert after.status == before.status
                case Failure(), Failure(error):
                    assert isinstance(error, ConnectFailed)
                case Success(before), Failure(error):  # half of a JSON text, with escapes in it
                    assert before.body.startswith(b'{"half"')
                    assert "left out" in str(error)
                case other:
                    raise AssertionError(other)


@pytest.mark.parametrize(
    "response",
    [
        Response(200, {"Content-Type": "application/json"}, b'{"token": "hunter2", "ha'),
        Response(200, {"Content-Type": "application/json"}, b'{"t\\u006fken": "hunter2'),
        Response(200, {"Content-Type": "application/json"}, '{"token":"hunter2"}'.encode("utf-16")),
        Response(500, {"Content-Type": "text/html"}, b"<pre>SECRET_KEY = 'hunter2'</pre>"),
        Response(200, body=b"token=hunter2"),
        Response(200, {"Content-Type": "text/plain"}, "token=hunter2".encode("utf-16")),
        Response(200, {"Content-Encoding": "br"}, b"\x0b\x06\x80hunter2"),
    ],
)
def test_what_cannot_be_looked_through_and_may_hold_a_secret_is_left_out(
    path: Path, response: Response
) -> None:
    assert recorded(lambda _: Success(response), path)(GET) == Success(response)
    assert b"hunter2" not in path.read_bytes()
    [exchange] = _lines(path)
    assert exchange.response_body is not None
    assert exchange.response_body.omitted == len(response.body)


def test_of_a_field_that_comes_twice_neither_is_kept(path: Path) -> None:
    body = b'{"password":"hunter2","password":"***"}'
    recorded(lambda asked: Success(Response(200, body=asked.content)), path)(
        Request("POST", "/api/x", body=body)
    )
    assert b"hunter2" not in path.read_bytes()


def test_cookies_and_headers_of_a_login_are_hidden_and_named(path: Path) -> None:
    fields = (("Set-Cookie", "sessionid=hunter2; HttpOnly; Path=/"), ("Set-Cookie", "hunter2"))
    asked = Request("GET", "/", headers={"Cookie": "a=hunter2", "X-CSRFToken": "hunter2"})
    recorded(lambda _: Success(Response(200, fields)), path)(asked)
    [exchange] = _lines(path)
    assert exchange.response_headers[0] == ("Set-Cookie", "sessionid=***; HttpOnly; Path=/")
    assert b"hunter2" not in path.read_bytes()


def test_the_secrets_of_urls_are_hidden_wherever_one_stands(path: Path) -> None:
    signed = "https://cats.example/7?X-Amz-Credential=hunter2%2Fa&a=1&x-amz-signature=hunter2"
    invited = "/auth/login?next=/&token=hunter2"
    answer = Response(201, {"Location": invited}, dumps({"result_url": signed, "next": invited}))
    recorded(lambda _: Success(answer), path)(Request("GET", "/x", headers={"Referer": invited}))
    assert b"hunter2" not in path.read_bytes()
    body = value_of(replayed(path)(Request("GET", "/x"))).body
    assert loads(object, body).unwrap() == {
        "result_url": "https://cats.example/7?X-Amz-Credential=***&a=1&x-amz-signature=***",
        "next": "/auth/login?next=/&token=***",
    }


@pytest.mark.parametrize("status", [200, 299])
def test_what_an_answer_says_twice_is_hidden_twice(path: Path, status: int) -> None:
    said = dumps({"token": "hunter2-t", "note": "hunter2-t, hunter2-c"})
    answer = Response(status, {"Set-Cookie": 'sessionid="hunter2-c"; Path=/'}, said)
    recorded(lambda _: Success(answer), path)(GET)
    assert b"hunter2" not in path.read_bytes()
    assert b'"note":"***, ***"' in path.read_bytes()


def test_headers_whose_names_say_so_are_hidden(path: Path) -> None:
    fields = {"X-Auth-Token": "hunter2", "X-Api-Key": "hunter2", "WWW-Authenticate": "Token"}
    recorded(lambda _: Success(Response(200, fields)), path)(Request("GET", "/", headers=fields))
    [exchange] = _lines(path)
    hidden = (("X-Auth-Token", "***"), ("X-Api-Key", "***"), ("WWW-Authenticate", "Token"))
    assert exchange.request_headers == exchange.response_headers == hidden


# The file.


def test_only_its_owner_may_read_it(path: Path) -> None:
    recorded(_answering(), path)
    assert path.stat().st_mode & 0o777 == 0o600 or os.name == "nt"


def test_a_recording_is_gone_on_with(path: Path) -> None:
    for status in (200, 404):
        recorded(_answering(Success(Response(status))), path)(GET)
    assert [exchange.status for exchange in _lines(path)] == [200, 404]


def test_a_crash_at_any_byte_costs_the_last_line_at_most(path: Path) -> None:
    transport = recorded(lambda _: Success(Response(200, body=b'{"a":1}')), path)
    for number in range(3):
        transport(Request("GET", f"/{number}"))
    content = path.read_bytes()
    for cut in range(len(content)):
        path.write_bytes(content[:cut])
        whole = content[: cut + 1].count(b"\n")  # a last line without its break is whole, too
        assert len(replayed(path).unused) == whole
        recorded(lambda _: Success(Response(404)), path)(GET)
        assert [exchange.target for exchange in _lines(path)] == [
            *(f"/{number}" for number in range(whole)),
            "/api/tasks",
        ]


def test_a_large_last_line_that_broke_off_is_found(path: Path) -> None:
    transport = recorded(lambda _: Success(Response(200, body=b"x" * 200_000)), path)
    transport(GET)
    transport(GET)
    path.write_bytes(path.read_bytes()[:-1_000])
    recorded(lambda _: Success(Response(404)), path)(GET)
    assert [exchange.status for exchange in _lines(path)] == [200, 404]


@pytest.mark.parametrize("content", [b"# Notes\n", b"# Notes", b'{"a": 1}\n', b'{"a": 1}'])
def test_a_file_of_something_else_is_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(ValueError, match="no exchange"):
        recorded(_answering(), path)
    assert path.read_bytes() == content


LINE = line_of(Exchange(method="GET", target="/", status=200)).decode()


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("# Notes", "malformed"),
        ("[]", "object"),
        ('{"method": "GET"}', "target"),
        ('{"method": "GET", "target": "/"}', "either"),
        ('{"method": "GET", "target": "/", "status": "x"}', "status"),
        ('{"method":"GET","target":"/","status":200,"failure":{"kind":"TimedOut"}}', "either"),
        ('{"method": "GET", "target": "/", "failure": {"kind": "Tired"}}', "failure"),
        ('{"method":"GET","target":"/","status":200,"response_body":{"base64":"?"}}', "body"),
        ('{"method":"GET","target":"/","status":200,"response_body":{}}', "has to have one of"),
        (
            '{"method":"GET","target":"/","status":200,"request_body":{"text":"","json":1}}',
            "one of",
        ),
    ],
)
def test_a_line_that_is_no_exchange_is_named(path: Path, line: str, wrong: str) -> None:
    path.write_text(f"{LINE}{line}\n{LINE}")
    with pytest.raises(ValueError, match=rf"recording\.jsonl:2 is no exchange: .*{wrong}"):
        replayed(path)


def test_what_cannot_be_read_or_is_too_large_is_refused(path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be read: No such file"):
        replayed(path)
    path.write_text(LINE * 3)
    with pytest.raises(ValueError, match="larger than 99 bytes"):
        replayed(path, max_size=99)
    assert len(replayed(path, max_size=3 * len(LINE)).unused) == 3


def test_what_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "no" / "folder", tmp_path / "a\0b"):
        with pytest.raises(ValueError, match="cannot be written"):
            recorded(_answering(), path)
    with pytest.raises(ValueError, match="max_body"):
        recorded(_answering(), tmp_path / "a", max_body=-1)


def test_what_cannot_be_recorded_is_not_sent(path: Path) -> None:
    transport = recorded(_answering(), path)
    path.unlink()
    path.mkdir()
    error = error_of(transport(GET))
    assert isinstance(error, Unsendable)
    assert "could not be recorded: Is a directory" in error.reason


def test_an_answer_that_cannot_be_recorded_is_not_given_as_if_it_was(path: Path) -> None:
    def send(_: Request) -> Success[Response]:
        path.unlink()
        path.mkdir()
        return Success(Response(200))

    error = error_of(recorded(send, path)(GET))
    assert isinstance(error, ConnectionLost)
    assert error.may_have_acted
    assert "the answer came, but could not be recorded" in str(error)


def test_a_recorder_pickles_and_its_copy_writes_to_the_same_file(path: Path) -> None:
    transport = recorded(connect("http://127.0.0.1:9"), path)
    again = pickle.loads(pickle.dumps(transport))  # noqa: S301 - our own pickle
    transport(GET)
    again(GET)
    kinds = [None if each.failure is UNSET else each.failure.kind for each in _lines(path)]
    assert kinds == ["ConnectFailed", "ConnectFailed"]


@given(st.text(max_size=9), st.text(max_size=9), st.text(max_size=9))
def test_whatever_is_asked_a_line_is_a_line(method: str, place: str, value: str) -> None:
    asked = Request(
        method, place, ((value, value),), {value: value}, value.encode("utf-8", "replace")
    )
    with TemporaryDirectory() as folder:
        path = Path(folder, "recording.jsonl")
        recorded(lambda _: Failure(ConnectFailed(GET, value)), path)(asked)
        assert path.read_bytes().count(b"\n") == 1
        assert isinstance(error_of(replayed(path)(asked)), ConnectFailed)


# Recordings of a real server.


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no recordings in {SHARED}")
def test_the_recordings_of_a_real_server_are_replayed() -> None:
    given_ = left_out = 0
    for path in sorted(SHARED.glob("*.jsonl")):
        again = replayed(path)
        for exchange in _lines(path):
            outcome = again(_asked(exchange))
            if isinstance(outcome, Failure):
                assert "left out" in str(outcome.failure())
                left_out += 1
            else:
                assert outcome.unwrap().status == exchange.status
                given_ += 1
        assert again.unused == ()
    assert given_ > 1000
    assert left_out < 20


def _asked(exchange: Exchange) -> Request:
    path, _, query = exchange.target.partition("?")
    body, fields = exchange.request_body, exchange.request_headers
    content = None if body is None or body.json is UNSET else dumps(body.json)
    if body is not None and isinstance(body.omitted, int):
        content = bytes(body.omitted)
    pairs = tuple(parse_qsl(query, keep_blank_values=True))
    return Request(exchange.method, path, pairs, fields, content)
