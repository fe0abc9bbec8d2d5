"""The scenarios: what a server does, what a user does, and by what the harm is known.

Each is written once and played twice: with this library, to which it does no harm
(`test_held_to_more.py`), and with cvat-sdk 2.80, to which it does (`tests/official`).
"""

from __future__ import annotations

import gc
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Final, TypeAlias

from attrs import field, frozen

from cvatfn import call, dumps, loads, raw
from cvatfn.api import tasks
from cvatfn.auth import Basic
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.testing.conformance.behaviours import always, ok, silent
from cvatfn.testing.conformance.peers import Behaviour, Head, Peer
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.transport import authenticated
from tests.held_to_more.clients import CSRF, LIMIT, PASSWORD, SESSION, TOKEN, Act, Came, Home

__all__ = ["SCENARIOS", "Scenario"]


@frozen
class Scenario:
    """One of the ways to go wrong.

    :param name: of the tests.
    :param item: what goes wrong, as the page `docs/held-to-more.md` calls it.
    :param act: what the user does.
    :param home: what the server does that the user trusts.
    :param harmed: whether it went wrong.
    :param instead: what the user of this library is told or given.
    :param stranger: what another server does, if it is asked at all.
    """

    name: str
    item: str
    act: Act
    home: Home
    harmed: Callable[[Came], bool]
    instead: str
    stranger: Behaviour = field(default=always(ok(b"PK mine now")))


Answers: TypeAlias = Callable[[Head], bytes]
"""From the head of a request to an answer."""

ABOUT: Final = {
    "name": "CVAT",
    "description": "",
    "version": "2.80.0",
    "logo_url": "",
    "subtitle": "",
}


def _json(value: object, *fields: str, status: str = "200 OK") -> bytes:
    body = value if isinstance(value, bytes) else dumps(value)
    return ok(body, "Content-Type: application/vnd.cvat+json", *fields, status=status)


def _answering(answers: Answers) -> Behaviour:
    def behaviour(peer: Peer) -> None:
        while (request := peer.request()) is not None:
            peer.send(answers(Head.of(request)))

    return behaviour


def _always(answer: bytes) -> Home:
    return lambda _stranger, _notes: always(answer)


@cache
def _task() -> dict[str, JSON]:
    """A task, as a server tells it."""
    sandbox = Sandbox(World.with_user("ada", PASSWORD))
    ada = authenticated(sandbox, Basic("ada", PASSWORD), sandbox.world.origin)
    call(ada, tasks.create, {"name": "cats"}).unwrap()
    return loads(dict[str, JSON], call(ada, raw(tasks.retrieve), 1).unwrap().body).unwrap()


def _work(result_url: str | None) -> dict[str, object]:
    """Work in the background that is done."""
    operation = {"type": "export:dataset", "target": "task", "task_id": 1, "function_id": None}
    moments = ("created_date", "started_date", "finished_date", "expiry_date")
    return {
        "status": "finished",
        "message": "",
        "id": "r1",
        "operation": {**operation, "project_id": None, "job_id": None, "format": "COCO 1.0"},
        "progress": 1.0,
        **dict.fromkeys(moments, "2026-11-26T23:00:00Z"),
        "owner": {"id": 1, "username": "ada"},
        "result_url": result_url,
        "result_id": None,
    }


STARTED: Final = _json({"rq_id": "r1"}, status="202 Accepted")


def _exporting(stranger: str, _notes: list[object]) -> Behaviour:
    def answers(head: Head) -> bytes:
        if head.target.startswith("/api/requests/"):
            return _json(_work(f"{stranger}/api/tasks/1/dataset/download?rq_id=r1"))
        return STARTED if head.method == "POST" else _json(_task())

    return _answering(answers)


def _importing(stranger: str, _notes: list[object]) -> Behaviour:
    place = f"{stranger}/api/tasks/1/annotations/7"

    def answers(head: Head) -> bytes:
        if head.target.startswith("/api/requests/"):
            return _json(_work(None))
        if head.headers.get("upload-length"):
            there = (f"Location: {place}", "Upload-Filename: a.zip")
            return ok(b"", *there, status="201 Created")
        return STARTED if head.method == "POST" else _json(_task())

    return _answering(answers)


def _moving(stranger: str, _notes: list[object]) -> Behaviour:
    cookies = (f"Set-Cookie: sessionid={SESSION}; Path=/", f"Set-Cookie: csrftoken={CSRF}; Path=/")

    def answers(head: Head) -> bytes:
        if head.target == "/api/auth/login":
            return _json({"key": "k3y"}, *cookies)
        return ok(b"", f"Location: {stranger}{head.target}", status="307 Temporary Redirect")

    return _answering(answers)


def _unheard_of(_stranger: str, _notes: list[object]) -> Behaviour:
    page = {"count": 2, "next": None, "previous": None}
    odd = {**_work(None), "id": "r2", "status": "unheard-of"}
    return always(_json({**page, "results": [_work(None), odd]}))


def _looking_at_waits(_stranger: str, notes: list[object]) -> Behaviour:
    """Note how long the client, which is in this very process, would wait for an answer."""

    def behaviour(peer: Peer) -> None:
        while peer.request() is not None:
            here = peer.sock.getsockname()
            for held in gc.get_objects():
                with suppress(OSError):
                    if type(held) is socket.socket and held.getpeername() == here:
                        notes.append(held.gettimeout())
            peer.send(_json(ABOUT))

    return behaviour


def _delivery() -> bytes:
    return _json(
        {
            "id": 1,
            "webhook_id": 1,
            "event": "create:task",
            "status_code": 200,
            "redelivery": False,
            "created_date": "2026-11-26T23:00:00Z",
            "updated_date": "2026-11-26T23:00:00Z",
            "changed_fields": "",
            "request": {},
            "response": ODD_NUMBER,
        }
    )


ODD_NUMBER: Final = (1 << 53) + 1
"""The least whole number that no float is."""

DEEP: Final = dumps({**ABOUT, "more": 0}).replace(b"0}", b"[" * 100_000 + b"]" * 100_000 + b"}")


def _left_folder(came: Came) -> bool:
    return any(not name.startswith("folder/") for name in came.written)


def _asked_other_endpoint(came: Came) -> bool:
    """Whether anything was asked but `DELETE /api/invitations/{key}`."""
    paths = [Head.of(request).target.split("/") for request in came.home]
    return any(path[:3] != ["", "api", "invitations"] or not path[3:4] > [""] for path in paths)


def _tells_secrets(text: object) -> bool:
    return any(secret in str(text) for secret in (TOKEN, PASSWORD))


SCENARIOS: Final = (
    Scenario(
        "result-url",
        "the bearer token goes to another origin, by a `result_url`",
        lambda client: client.exports_a_dataset,
        _exporting,
        lambda came: any(TOKEN.encode() in request for request in came.stranger),
        "is not http://127.0.0.1",
    ),
    Scenario(
        "tus-location",
        "the bearer token goes to another origin, by a TUS `Location`",
        lambda client: client.imports_annotations,
        _importing,
        lambda came: any(TOKEN.encode() in request for request in came.stranger),
        "is not http://127.0.0.1",
        always(ok(b"", "Upload-Offset: 5", status="204 No Content")),
    ),
    Scenario(
        "csrf-token",
        "`X-CSRFToken` is sent again across a cross-origin redirect",
        lambda client: client.creates_a_project,
        _moving,
        lambda came: any(CSRF.encode() in request for request in came.stranger),
        "status 307",
    ),
    Scenario(
        "body-again",
        "a POST's body is sent again across a cross-origin redirect",
        lambda client: client.creates_a_project,
        _moving,
        lambda came: any(b"cats" in request for request in came.stranger),
        "status 307",
    ),
    Scenario(
        "file-name",
        "a file name in `Content-Disposition` leaves the folder",
        lambda client: client.fetches_a_chunk,
        _always(ok(b"mine", 'Content-Disposition: attachment; filename="../escaped.zip"')),
        _left_folder,
        "folder/escaped.zip",
    ),
    Scenario(
        "path-parameter",
        "a path parameter `..` or empty reaches another endpoint",
        lambda client: client.withdraws_invitations,
        _always(ok(b"", status="204 No Content")),
        _asked_other_endpoint,
        "nothing was sent",
    ),
    Scenario(
        "unknown-enum-value",
        "one unknown enum value loses a whole answer",
        lambda client: client.lists_the_work,
        _unheard_of,
        lambda came: came.value != ["r1", "r2"],
        "r1",
    ),
    Scenario(
        "json-key",
        "a JSON key reaches internals",
        lambda client: client.reads_the_version,
        _always(_json({**ABOUT, "version": [1], "_check_type": False})),
        lambda came: came.value == [1],
        "$.version: expected str",
    ),
    Scenario(
        "nested-json",
        "nested JSON is a `RecursionError`",
        lambda client: client.reads_the_version,
        _always(_json(DEEP)),
        lambda came: isinstance(came.raised, RecursionError),
        "nested too deeply",
    ),
    Scenario(
        "no-utf-8",
        "an error's body that is no UTF-8 hides its status",
        lambda client: client.reads_a_status,
        _always(ok("caf\xe9".encode("latin-1"), "Content-Type: text/plain", status="418 Odd")),
        lambda came: came.value != 418,
        "418",
    ),
    Scenario(
        "no-timeout",
        "there is no timeout unless one is given",
        lambda client: client.reads_the_version,
        _looking_at_waits,
        lambda came: None in came.notes or not came.notes,
        "2.80.0",
    ),
    Scenario(
        "timeout-times-retries",
        "retries turn a timeout of 0.5 s into one of 5 s",
        lambda client: client.waits_for_a_while,
        lambda _stranger, _notes: silent,
        lambda came: came.seconds > 5 * LIMIT,
        "timed out",
    ),
    Scenario(
        "repr",
        "the `repr` of a login and of its request has the secret",
        lambda client: client.shows_a_login,
        _always(ok()),
        lambda came: _tells_secrets(came.value),
        "***",
    ),
    Scenario(
        "debug-log",
        "the debug log has the token",
        lambda client: client.writes_a_log,
        _always(_json(ABOUT)),
        lambda came: _tells_secrets(came.told),
        "GET /api/server/about: 200",
    ),
    Scenario(
        "integers",
        "whole numbers become floats",
        lambda client: client.reads_a_delivery,
        lambda _stranger, _notes: always(_delivery()),
        lambda came: not (isinstance(came.value, int) and came.value == ODD_NUMBER),
        "9007199254740993",
    ),
    Scenario(
        "body-of-502",
        "what a 502 says is lost after retries",
        lambda client: client.tries_again,
        _always(ok(b"closed until noon", "Content-Type: text/plain", status="502 Bad Gateway")),
        lambda came: "until noon" not in str(came.value),
        "502: closed until noon",
    ),
)
