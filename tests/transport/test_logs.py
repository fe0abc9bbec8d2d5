"""One line for each exchange, with the same as data, no secret in it, and nothing for nobody."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from cvatfn.auth import AccessToken, Auth, Basic, Session
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
from cvatfn.transport import authenticated, connect, logged

Sent = Outcome[Response, TransportError]
GET = Request("GET", "/api/tasks", (("search", "cat"),))
TEXTS = st.text(max_size=20)
SECRET = 'hunter2<"\u00e9 &'
DATA = {
    "cvat_method": "GET",
    "cvat_target": "/api/tasks?search=cat",
    "cvat_status": None,
    "cvat_failure": None,
    "cvat_reason": None,
    "cvat_seconds": 1.5,
    "cvat_request_id": None,
    "cvat_deprecated": None,
}


class Heard(logging.Handler):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


def _logger(level: int = logging.DEBUG) -> tuple[logging.Logger, Heard]:
    logger, heard = logging.Logger("cvatfn", level), Heard()
    logger.addHandler(heard)
    return logger, heard


def _clock() -> Callable[[], float]:
    now = iter([10.0, 11.5])
    return lambda: next(now)


def _record(request: Request, outcome: Sent) -> logging.LogRecord:
    logger, heard = _logger()
    assert logged(lambda _: outcome, logger, clock=_clock())(request) is outcome
    [record] = heard.records
    return record


def _data(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name.startswith("cvat_")}


def test_an_answer_is_told_in_a_line_and_as_data() -> None:
    record = _record(GET, Success(Response(200, {"X-Request-Id": "7f"}, b"[1]")))
    assert record.levelno == logging.DEBUG
    assert record.getMessage() == "GET /api/tasks?search=cat: 200 in 1.500 s [request id 7f]"
    assert _data(record) == {**DATA, "cvat_status": 200, "cvat_request_id": "7f"}


def test_what_is_deprecated_is_a_warning() -> None:
    record = _record(GET, Success(Response(200, {"Deprecation": "@1688169599"})))
    assert record.levelno == logging.WARNING
    assert record.getMessage().endswith(": 200 in 1.500 s, deprecated (@1688169599)")
    assert _data(record) == {**DATA, "cvat_status": 200, "cvat_deprecated": "@1688169599"}


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
def test_a_refusal_is_a_warning(status: int) -> None:
    record = _record(GET, Success(Response(status)))
    assert record.levelno == logging.WARNING
    assert _data(record) == {**DATA, "cvat_status": status}


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ConnectFailed(GET, "nobody listens"), "nobody listens"),
        (TimedOut(GET, "no answer"), "no answer"),
        (ConnectionLost(GET, "reset"), "reset"),
        (TlsFailed(GET, "unknown authority"), "unknown authority"),
        (TooLarge(GET, 5), "more than 5 bytes"),
        (ForeignOrigin(GET, "https://cvat.example"), "not https://cvat.example"),
        (Unsendable(GET, "closed"), "closed"),
    ],
)
def test_a_failure_is_a_warning_that_says_why(error: TransportError, reason: str) -> None:
    record, kind = _record(GET, Failure(error)), type(error).__name__
    assert record.levelno == logging.WARNING
    assert record.getMessage() == f"GET /api/tasks?search=cat: {kind} ({reason}) in 1.500 s"
    assert _data(record) == {**DATA, "cvat_failure": kind, "cvat_reason": reason}


def test_the_level_of_what_is_well_can_be_chosen() -> None:
    logger, heard = _logger(logging.INFO)
    for level in (logging.DEBUG, logging.INFO):
        logged(lambda _: Success(Response(200)), logger, level=level)(GET)
    assert [record.levelno for record in heard.records] == [logging.INFO]


def test_where_nobody_listens_nothing_is_computed() -> None:
    def never() -> float:
        raise AssertionError("nobody wants to know")

    logger, heard = _logger(logging.ERROR)
    transport = logged(lambda _: Success(Response(500)), logger, clock=never)
    assert transport(GET) == Success(Response(500))
    assert heard.records == []


@pytest.mark.parametrize(
    "auth", [Basic("ada", "hunter2-password"), AccessToken("hunter2-t"), Session("hunter2-s", "c")]
)
def test_no_credentials_are_told(auth: Auth) -> None:
    logger, heard = _logger()
    error = ConnectFailed(GET, "x")

    def send(asked: Request) -> Sent:
        login = asked.headers.get("authorization") or asked.headers.get("cookie") or ""
        return Failure(ConnectFailed(asked, f"{error.reason}: {login}"))

    ada = authenticated(logged(send, logger), auth, "https://cvat.example")
    ada(Request("POST", "/api/tasks", (("token", "hunter2-q"),), body=b'{"password":"hunter2-b"}'))
    [record] = heard.records
    shown = repr(vars(record))
    assert "hunter2" not in shown
    assert "aHVudGVyM" not in shown
    assert record.getMessage().count("***") >= 2


@pytest.mark.parametrize("name", ["token", "access_token", "password", "secret"])
def test_a_secret_in_the_query_is_told_nowhere(name: str) -> None:
    asked = Request("GET", "/api/x", ((name, SECRET), ("page", "2")))
    broken = Failure(ConnectFailed(asked, f"no route to {asked.target}"))
    shown = repr(vars(_record(asked, broken)))
    assert "hunter2" not in shown
    assert "page=2" in shown


def test_a_server_that_repeats_a_secret_is_not_told() -> None:
    asked = Request("GET", "/api/x?token=hunter2", (("X-Amz-Signature", "hunter2"),))
    answer = Success(Response(200, {"X-Request-Id": "hunter2", "Deprecation": "hunter2"}))
    assert "hunter2" not in repr(vars(_record(asked, answer)))


@given(TEXTS, TEXTS, TEXTS, TEXTS, st.sampled_from([200, 404]))
def test_nobody_can_forge_a_second_line(
    method: str, path: str, value: str, said: str, status: int
) -> None:
    asked = Request(method, path, ((value, value),))
    response = Response(status, {"X-Request-Id": said, "Deprecation": said})
    for outcome in (Success(response), Failure(ConnectionLost(asked, said))):
        record = _record(asked, outcome)
        assert record.getMessage().isprintable()
        shown = [value for value in _data(record).values() if isinstance(value, str)]
        assert all(value.isprintable() for value in shown)


def test_a_text_without_end_is_cut() -> None:
    record = _record(GET, Success(Response(200, {"X-Request-Id": "7" * 99_999})))
    assert len(record.getMessage()) < 2000


def test_what_the_logger_raises_goes_through() -> None:
    class Broken(logging.Handler):
        @override
        def emit(self, record: logging.LogRecord) -> None:
            raise RuntimeError(record.getMessage())

    logger, _ = _logger()
    logger.addHandler(Broken())
    with pytest.raises(RuntimeError, match="GET /api/tasks"):
        logged(lambda _: Success(Response(200)), logger)(GET)


@pytest.fixture
def heard() -> Iterator[Heard]:
    handler, logger = Heard(), logging.getLogger("cvatfn")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield handler
    logger.removeHandler(handler)
    logger.setLevel(before)


def test_a_copy_in_another_process_writes_to_the_logger_of_the_same_name(heard: Heard) -> None:
    transport = logged(connect("http://127.0.0.1:9"))
    again = pickle.loads(pickle.dumps(transport))  # noqa: S301 - our own pickle
    again(GET)
    assert [record.name for record in heard.records] == ["cvatfn"]
