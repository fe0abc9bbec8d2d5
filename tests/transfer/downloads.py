"""What the tests of downloads have in common: servers that break off where they are told, and
a sandbox with something to export."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Final, Self

from attrs import define, field, frozen

from cvatfn import Transport, call, models
from cvatfn.api import jobs, labels, projects, tasks
from cvatfn.auth import Basic
from cvatfn.errors import ConnectionLost, TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.schedule import exponential
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.transfer.flows import Effort
from cvatfn.transport import authenticated
from tests.sandbox.kit import settle, three

ADA: Final = Basic("ada", "s3cret")
URL: Final = "/api/tasks/1/dataset/download?rq_id=x"
TAG: Final = '"a1"'
CONTENT: Final = bytes(range(256)) * 4


def hurried(attempts: int = 40) -> Effort:
    """So many tries without a wait, on a clock that stands."""
    return Effort(
        sleep=lambda _: None, clock=lambda: 0.0, schedule=exponential(0.5, attempts=attempts)
    )


class Pieces:
    """A `Stream` of what it is given; an exception among it is raised."""

    def __init__(
        self, pieces: Iterable[Outcome[bytes, TransportError] | BaseException | bytes]
    ) -> None:
        self._pieces = iter(pieces)
        self.closed = False

    def __iter__(self) -> Iterator[Outcome[bytes, TransportError]]:
        return self

    def __next__(self) -> Outcome[bytes, TransportError]:
        if self.closed:
            raise StopIteration
        match next(self._pieces):
            case BaseException() as raised:
                raise raised
            case bytes(piece):
                return Success(piece)
            case outcome:
                return outcome

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        self.close()


def lost(request: Request) -> Failure[TransportError]:
    return Failure(ConnectionLost(request, "reset by peer"))


_RANGE: Final = re.compile(r"bytes=([0-9]+)-")


@define
class Shelf:
    """A server that has one file.

    :param content: the file.
    :param tag: its `ETag`, if any.
    :param ranges: whether it knows of them.
    :param lengths: whether it announces them.
    :param breaks: after how many bytes of each answer it breaks off; `None` is never.
    :param broken: what breaking off is.
    :param fields: more header fields.
    :param size: of a piece.
    """

    content: bytes = CONTENT
    tag: str | None = TAG
    ranges: bool = True
    lengths: bool = True
    breaks: Iterable[int | None] = ()
    broken: Callable[[Request], Failure[TransportError] | BaseException] = lost
    fields: dict[str, str] = field(factory=dict[str, str])
    size: int = 100
    requests: list[Request] = field(factory=list[Request], init=False)
    streams: list[Pieces] = field(factory=list[Pieces], init=False)
    given: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self.breaks = iter(self.breaks)

    def __call__(self, request: Request) -> Outcome[Response, TransportError]:
        self.requests.append(request)
        fields = {"Content-Type": "application/zip", **self.fields}
        if self.tag is not None:
            fields["ETag"] = self.tag
        span = _RANGE.fullmatch(request.headers.get("range") or "")
        same = request.headers.get("if-range") == self.tag
        status, first = 200, 0
        if span is not None and same and self.ranges:
            status, first = 206, int(span[1])
            total = len(self.content)
            if first >= total:
                return Success(Response(416, {"Content-Range": f"bytes */{total}"}))
            fields["Content-Range"] = f"bytes {first}-{total - 1}/{total}"
        if self.lengths:
            fields["Content-Length"] = str(len(self.content) - first)
        stream = Pieces(self._pieces(request, first))
        self.streams.append(stream)
        return Success(Response(status, fields, stream=stream))

    def _pieces(
        self, request: Request, first: int
    ) -> Iterator[bytes | BaseException | Failure[TransportError]]:
        cut = next(iter(self.breaks), None)
        body = self.content[first:] if cut is None else self.content[first : first + cut]
        for at in range(0, len(body), self.size):
            piece = body[at : at + self.size]
            self.given += len(piece)
            yield piece
        if cut is not None:
            yield self.broken(request)

    @property
    def froms(self) -> list[str | None]:
        """Which range each request asked for."""
        return [request.headers.get("range") for request in self.requests]


@frozen
class Place:
    """A sandbox, a login to it, and a project with a task of three pictures in it."""

    sandbox: Sandbox
    ada: Transport
    project: int
    task: int
    job: int


def furnished() -> Place:
    sandbox = Sandbox(World.with_user("ada", "s3cret"))
    ada = authenticated(sandbox, ADA, sandbox.world.origin)
    body: models.ProjectWriteRequestDict = {"name": "pets", "labels": [{"name": "cat"}]}
    project = call(ada, projects.create, body).unwrap().id
    task = call(ada, tasks.create, {"name": "cats", "project_id": project}).unwrap().id
    begun = call(ada, tasks.create_data, task, {"client_files": three()}).unwrap()
    assert begun is not None
    settle(ada, begun.rq_id)
    (job,) = call(ada, jobs.list).unwrap().results
    (label,) = call(ada, labels.list).unwrap().results
    shape: models.LabeledShapeRequestDict = {
        "type": "rectangle",
        "frame": 0,
        "label_id": label.id,
        "points": [1, 2, 11, 22],
    }
    call(ada, jobs.update_annotations, job.id, {"shapes": [shape]}).unwrap()
    return Place(sandbox, ada, project, task, job.id)
