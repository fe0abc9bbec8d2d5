"""Background work as a server shows it, and what a server says in its place."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cvatfn import Outcome, Response
from cvatfn.errors import TransportError
from cvatfn.outcome import Success

Sent = Outcome[Response, TransportError]


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
