from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Final, Never

import pytest

import cvatfn
from cvatfn import Request, Response, models, structure
from cvatfn.cli.exits import ADVICE, Exit, Stopped, exit_of, message_of
from cvatfn.cli.refusals import as_object
from cvatfn.errors import (
    ConnectFailed,
    ConnectionLost,
    ForeignOrigin,
    InvalidParams,
    Outdated,
    Problem,
    Rejected,
    TimedOut,
    TlsFailed,
    TooLarge,
    TransportError,
    Undecodable,
    UnexpectedStatus,
    Unsendable,
)
from cvatfn.polling import PollTimedOut, RequestFailed
from cvatfn.transfer.errors import DiskError, Implausible
from tests.cli.kit import Echo, run

ASKED: Final = Request("GET", "/api/tasks/1")
WORDS: Final = ("call", "tasks.retrieve", "--id=1")

FAILED: Final = structure(
    models.Request,
    {
        "status": "failed",
        "message": "\n".join(["Traceback", *(f"line {n}" for n in range(20)), "no space left"]),
        "id": "action=create&target=task&id=1",
        "operation": {
            "type": "create:task",
            "target": "task",
            "project_id": None,
            "task_id": 1,
            "job_id": None,
            "format": None,
            "function_id": None,
        },
        "progress": None,
        "created_date": "2026-01-01T00:00:00Z",
        "started_date": None,
        "finished_date": None,
        "expiry_date": None,
        "owner": {"id": 1, "username": "ada"},
        "result_url": None,
        "result_id": None,
    },
).unwrap()

OF_STATUS = [
    (400, Exit.REFUSED),
    (401, Exit.NOT_LOGGED_IN),
    (403, Exit.FORBIDDEN),
    (404, Exit.NOT_FOUND),
    (405, Exit.REFUSED),
    (408, Exit.TIMED_OUT),
    (409, Exit.CONFLICT),
    (410, Exit.NOT_FOUND),
    (413, Exit.REFUSED),
    (418, Exit.REFUSED),
    (429, Exit.RATE_LIMITED),
    (500, Exit.SERVER_FAILED),
    (502, Exit.SERVER_FAILED),
    (503, Exit.SERVER_FAILED),
    (302, Exit.UNREADABLE),
    (200, Exit.UNREADABLE),
]

OF_TRANSPORT: list[tuple[TransportError, Exit]] = [
    (ConnectFailed(ASKED, "refused"), Exit.NETWORK),
    (ConnectionLost(ASKED, "reset"), Exit.NETWORK),
    (TlsFailed(ASKED, "self-signed"), Exit.NETWORK),
    (ForeignOrigin(ASKED, "https://a"), Exit.NETWORK),
    (TimedOut(ASKED, "60 s"), Exit.TIMED_OUT),
    (TooLarge(ASKED, 5), Exit.UNREADABLE),
    (Unsendable(ASKED, "closed"), Exit.USAGE),
]


@pytest.mark.parametrize(("status", "code"), OF_STATUS)
def test_a_status_has_its_code(status: int, code: Exit) -> None:
    answered = Echo(Response(status, body=b"nonsense"))
    for words in (WORDS, (*WORDS, "--raw"), ("list", "tasks")):
        if status == 200 and "--raw" in words:
            continue
        said = run(answered, *words)
        assert said.exit_code == code
        assert said.stderr.startswith("cvatfn: ")


@pytest.mark.parametrize(("error", "code"), OF_TRANSPORT)
def test_a_fault_of_the_wire_has_its_code(error: TransportError, code: Exit) -> None:
    said = run(Echo(error), *WORDS)
    assert said.exit_code == code
    (told,) = objects_of(run(Echo(error), *WORDS, "--json").stderr)
    assert (told["error"], told["exit_code"]) == (type(error).__name__, code)
    assert told["endpoint"] == "tasks.retrieve"
    assert told["may_have_acted"] == error.may_have_acted


def objects_of(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidParams("tasks.list", ()), Exit.USAGE),
        (Rejected("", None, Response(404), "no"), Exit.NOT_FOUND),
        (UnexpectedStatus("", None, Response(302)), Exit.UNREADABLE),
        (Undecodable("", None, Response(200)), Exit.UNREADABLE),
        (PollTimedOut(1.0, 2, "the export"), Exit.TIMED_OUT),
        (Implausible("", "9 of 5"), Exit.UNREADABLE),
        (DiskError("a", "full"), Exit.DISK),
        ("anything else", Exit.FAILED),
        *OF_TRANSPORT,
    ],
)
def test_every_error_has_its_code(error: object, code: Exit) -> None:
    assert exit_of(error) == code


def test_what_the_server_did_in_vain_has_its_code() -> None:
    assert exit_of(RequestFailed(FAILED)) == Exit.WORK_FAILED
    (told,) = objects_of(as_object(Stopped(RequestFailed(FAILED))))
    assert (told["rq_id"], told["exit_code"]) == (FAILED.id, 12)
    assert "no space left" in str(told["detail"])


def test_codes_are_told_apart_and_leave_the_shells_alone() -> None:
    assert len({*Exit}) == len(Exit)
    own = [code for code in Exit if code not in (Exit.INTERRUPTED, Exit.READER_GONE)]
    assert all(0 <= code < 64 for code in own)  # from 64 on sysexits, from 126 on the shell's own


def test_a_wrong_command_line_says_where_help_is() -> None:
    for words in (("lst",), ("call",), ("call", "tasks.retrieve", "--idd=1"), ("--lst",)):
        said = run(Echo(), *words)
        assert said.exit_code in (0, 2)
    said = run(Echo(), "call", "tasks.retrieve", "--idd=1")
    assert said.stderr.splitlines()[-1] == "Try `cvatfn call tasks.retrieve --help`."
    (told,) = objects_of(run(Echo(), "call", "tasks.retrieve", "--idd=1", "--json").stderr)
    assert (told["error"], told["exit_code"]) == ("NoSuchOption", 2)


def test_a_refusal_is_told_to_programs_with_all_that_is_known() -> None:
    body = b'{"name": ["too long"], "non_field_errors": ["no"]}'
    refused = Echo(Response(429, {"Retry-After": "7", "X-Request-Id": "7f"}, body))
    (told,) = objects_of(run(refused, *WORDS, "--json").stderr)
    assert told["error"] == "Rejected"
    assert told["status"] == 429
    assert told["retry_after"] == 7
    assert told["request_id"] == "7f"
    assert told["problems"] == [
        {"path": "$.name", "message": "too long"},
        {"path": "$", "message": "no"},
    ]


def test_wrong_parameters_are_told_to_programs_one_by_one() -> None:
    said = run(Echo(), "call", "tasks.create", "--segment-size=-1", "--json")
    (told,) = objects_of(said.stderr)
    assert (said.exit_code, told["error"], said.stdout) == (2, "InvalidParams", "")
    assert told["problems"] == [
        {"path": "--name", "message": "is missing"},
        {"path": "--segment-size", "message": "is less than 0"},
    ]


def test_programs_learn_that_a_server_is_too_old() -> None:
    old = Rejected("", None, Response(404), "no", outdated=Outdated("2.48.1", "2.40.1"))
    (told,) = objects_of(as_object(Stopped(old)))
    assert told["outdated"] == "needs CVAT 2.48.1, the server is 2.40.1"


ERRORS: Final = (
    Rejected("", None, Response(401), "who are you"),
    Rejected("", None, Response(503), "busy"),
    TlsFailed(ASKED, "self-signed"),
    Undecodable("", None, Response(200), (Problem("$", "is no JSON"),)),
    Undecodable("", None, Response(200), (Problem("$", "is no JSON"),), walked=True),
    TooLarge(ASKED, 5),
    PollTimedOut(1.0, 2, "the export"),
    RequestFailed(FAILED),
    DiskError("x", "is there already: remove it, or say `Saving(to, overwrite=True)`"),
    DiskError("x", "has changed since its upload began: remove the journal and use a new task"),
    DiskError("x", "was sent before: give it, or begin anew with another task"),
)


def test_advice_is_for_who_writes_commands() -> None:
    for error in ERRORS:
        told = [advice for advice in ADVICE if advice in str(error)]
        said = message_of(Stopped(error))
        assert told, error
        assert all(advice not in said and ADVICE[advice] in said for advice in told)


def test_the_advice_that_is_put_in_other_words_is_the_librarys_own() -> None:
    package = Path(cvatfn.__file__).parent
    files = [
        *package.glob("errors.py"),
        *package.glob("polling.py"),
        *package.glob("transfer/*.py"),
    ]
    texts = [
        node.value
        for path in files
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    for advice in ADVICE:
        assert any(advice in text for text in texts), advice


def test_ctrl_c_is_no_traceback() -> None:
    def interrupted(_: Request) -> Never:
        raise KeyboardInterrupt

    said = run(interrupted, *WORDS)
    assert (said.exit_code, said.stdout) == (130, "")


def test_a_bug_is_not_hidden() -> None:
    def broken(_: Request) -> Never:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(broken, *WORDS)


def test_the_table_of_codes_is_in_the_help() -> None:
    said = " ".join(run(Echo(), "--help").stdout.split())
    for code in Exit:
        assert f" {code.value} " in said, code
