"""A server with background work and a clock, and what it shows of that work."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote

from attrs import define, evolve, field, frozen

from cvatfn import Outcome, Request, Response
from cvatfn.errors import ConnectFailed, ConnectionLost, TimedOut, TlsFailed, TransportError
from cvatfn.outcome import Failure, Success

Sent = Outcome[Response, TransportError]

LISTING: Final = "listing"


def work(
    number: str, status: str, message: str = "", progress: float | None = None
) -> dict[str, object]:
    """A piece of work, as JSON has it."""
    return {
        "status": status,
        "message": message,
        "id": number,
        "operation": {
            "type": "create:task",
            "target": "task",
            "project_id": None,
            "task_id": 7,
            "job_id": None,
        },
        "progress": progress,
        "created_date": "2026-11-23T10:00:00Z",
        "started_date": None,
        "finished_date": None,
        "expiry_date": None,
        "owner": {"id": 1, "username": "ada"},
        "result_url": None,
        "result_id": None,
    }


def listed(rows: Sequence[object], page: int, size: int) -> Sent:
    """A page of a listing; one past the end is a 404, but for the first."""
    shown = rows[(page - 1) * size : page * size]
    if not shown and page > 1:
        return refusal(404, b'{"detail":"Invalid page."}')
    after = f"http://cvat/api/requests?page={page + 1}" if page * size < len(rows) else None
    return answered({"count": len(rows), "next": after, "previous": None, "results": shown})


def answered(value: object) -> Sent:
    """An answer with JSON in it."""
    return refusal(200, json.dumps(value).encode())


def refusal(status: int, body: bytes = b"", **fields: str) -> Sent:
    """An answer of any status."""
    headers = {name.replace("_", "-"): value for name, value in fields.items()}
    return Success(Response(status, {"Content-Type": "application/json", **headers}, body))


@define
class Work:
    """A piece of work and the times of what becomes of it.

    :param appears: from when on the server knows its id.
    :param is_listed: whether the listing shows it, or it is of another organization.
    :param begun: what the server calls work that goes on.
    """

    id: str
    appears: float
    is_listed: bool
    starts: float
    ends: float
    end: str
    begun: str
    vanishes: float = float("inf")

    def is_known(self, now: float) -> bool:
        return self.appears <= now < self.vanishes

    def status(self, now: float) -> str:
        return self.end if now >= self.ends else self.begun if now >= self.starts else "queued"


@define
class Trouble:
    """A fault of the next few requests to the listing, or by id."""

    kind: str
    of_listing: bool
    times: int
    retry_after: float | None


@frozen
class Exchange:
    """A request and its answer, written down.

    :param look: after how many waits it was sent.
    :param asked: the id, or `LISTING`.
    :param page: which page of the listing it was.
    :param more: whether there was another one.
    :param shown: the work that the answer showed, by id.
    :param fault: what it failed with.
    """

    look: int
    sent: float
    came: float
    asked: str
    page: int = 0
    more: bool = False
    shown: tuple[tuple[str, str], ...] = ()
    fault: str = ""
    retry_after: float | None = None


@define
class Server:
    """A server and its clock."""

    now: float = 1000.0
    takes: float = 0.0
    most: int = 3
    works: list[Work] = field(factory=list[Work])
    troubles: list[Trouble] = field(factory=list[Trouble])
    waits: list[tuple[float, float]] = field(factory=list[tuple[float, float]])
    log: list[Exchange] = field(factory=list[Exchange])

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.waits.append((self.now, seconds))
        self.now += seconds

    def send(self, request: Request) -> Sent:
        sent = self.now
        self.now += self.takes
        number = unquote(request.path).removeprefix("/api/requests").removeprefix("/")
        page = int(dict(request.query).get("page", "1"))
        exchange = Exchange(len(self.waits), sent, self.now, number or LISTING, page)
        answer, exchange = self._answer(request, number, exchange)
        self.log.append(exchange)
        return answer

    def _answer(self, request: Request, number: str, exchange: Exchange) -> tuple[Sent, Exchange]:
        for trouble in self.troubles:
            if trouble.times and trouble.of_listing == (not number):
                trouble.times -= 1
                told = evolve(exchange, fault=trouble.kind, retry_after=trouble.retry_after)
                return _fault(trouble, request), told
        known = [each for each in reversed(self.works) if each.is_known(self.now)]
        if not number:
            rows = [(each.id, each.status(self.now)) for each in known if each.is_listed]
            page, size = exchange.page, min(int(dict(request.query)["page_size"]), self.most)
            shown, more = tuple(rows[(page - 1) * size : page * size]), page * size < len(rows)
            answer = listed([work(*row) for row in rows], page, size)
            past = "404" if page > 1 and not shown else ""
            return answer, evolve(exchange, shown=shown, more=more, fault=past)
        for each in known:
            if each.id == number:
                row = (number, each.status(self.now))
                return answered(work(*row)), evolve(exchange, shown=(row,))
        return refusal(404), evolve(exchange, fault="404")


def _fault(trouble: Trouble, request: Request) -> Sent:
    match trouble.kind:
        case "lost":
            return Failure(ConnectionLost(request, "reset"))
        case "slow":
            return Failure(TimedOut(request, "silence"))
        case "unreachable":
            return Failure(ConnectFailed(request, "refused"))
        case "tls":
            return Failure(TlsFailed(request, "unknown authority"))
        case "garbled":
            return refusal(200, b'{"results": [{}]}')
        case status:
            asked = trouble.retry_after
            fields = {} if asked is None else {"Retry_After": f"{asked:g}"}
            return refusal(int(status), b"", **fields)
