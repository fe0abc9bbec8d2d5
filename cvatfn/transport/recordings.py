"""Recordings: what passed through a transport, in a file, and a transport that answers from it.

A recording is a file of JSON Lines, an exchange a line (`exchanges.py` has the format), for people
to read, to edit and to keep beside their tests. Secrets are masked before anything is written.

Rule: a file only grows, by whole lines, so that a crash costs the last line at most. It is read
whole before the first request is answered from it, and what is wrong with it is told then.
"""

from __future__ import annotations

import os
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from io import SEEK_END
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import BinaryIO, Final, final

from attrs import evolve
from typing_extensions import override

from cvatfn.codecs.secrets import secret_names_at
from cvatfn.codecs.showing import one_line
from cvatfn.errors import ConnectionLost, TransportError, Unsendable
from cvatfn.flows import Flow, Reply, done, wrapped
from cvatfn.forking import when_forked
from cvatfn.messages import Request, Response, masked_request, masked_target
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transport.exchanges import (
    Exchange,
    Key,
    exchange_of,
    is_torn,
    key_of,
    keys_of,
    line_of,
    outcome_of,
    read_line,
)
from cvatfn.transport.limits import held_to
from cvatfn.transport.types import Transport

__all__ = ["Replay", "recorded", "replayed", "writing"]

_BLOCK: Final = 1 << 16
_LONGEST_LINE: Final = 1 << 28
_LONGEST: Final = 200
"""How much of a target is told."""
_MOST_COMPARED: Final = 1000
"""Among how many exchanges it is looked for one that comes near."""


def recorded(
    transport: Transport, path: str | os.PathLike[str], *, max_body: int = 1 << 22
) -> Transport:
    """A transport that writes down each exchange, for `replayed`.

    A file that is there is gone on with; a new one may be read by its owner only. Masked are
    logins, cookies, and whatever bears a secret's name in a query, a body or an answer, also where
    an answer repeats it; still, look through a recording before you give it away: names, labels
    and pictures are what they were.

    Answers are asked for whole, also where the caller would take a stream. Forms, files and other
    uploads are sent as they are, in pieces if need be, and only their size is written down.

    Inside of `retrying` each try is written down, around it what came out in the end. A login that
    an answer repeats is masked, be it that of `connect`, of `authenticated` on either side of the
    recorder, or one that a request brings.

    :param transport: what sends.
    :param path: the file; one recorder at a time may write to it, for any number of threads.
    :param max_body: the largest body that is written down, in bytes; of a larger one it is the
        size. The caller gets it whole.
    :returns: the transport. When the file can no longer be written, a request fails unsent
        (`Unsendable`), or as `ConnectionLost` if the answer was there already.
    :raises ValueError: the file cannot be written, is no recording, or `max_body` is negative.

    >>> from tempfile import mkdtemp
    >>> path = Path(mkdtemp()) / "about.jsonl"
    >>> cvat = recorded(lambda request: Success(Response(200, body=b'{"name":"CVAT"}')), path)
    >>> cvat(Request("GET", "/api/server/about", (("token", "s3cret"),))).unwrap().status
    200
    >>> path.read_text()[:55]
    '{"method":"GET","target":"/api/server/about?token=***",'
    """
    return wrapped(writing(path, max_body), transport)


def writing(path: str | os.PathLike[str], max_body: int) -> Callable[[Request], Flow[Reply]]:
    """The same as a conversation for each request.

    :param path: the file.
    :param max_body: the largest body that is written down, in bytes.
    :raises ValueError: the file cannot be written, is no recording, or `max_body` is negative.
    """
    if max_body < 0:
        raise ValueError("max_body must be zero or more")
    recorder = _Recorder(Path(path), max_body)
    wrong = _stranger(Path(path)) or recorder.unready()
    if wrong is not None:
        raise ValueError(f"the recording {os.fspath(path)!r} cannot be written: {wrong}")
    return recorder.talk


def replayed(path: str | os.PathLike[str], *, max_size: int = 1 << 28) -> Replay:
    """A transport that answers from a recording, without a network.

    A request is answered with the first exchange that is left of the same method, target and body:
    JSON is compared as data, other bodies by their size, secrets not at all; of header fields only
    those by which parts of an upload are told apart (`Upload-...`). Each exchange answers once; so
    work that was queued, started and finished is so again.

    :param path: the file that `recorded` wrote, or one like it.
    :param max_size: the largest file that is read, in bytes.
    :returns: the transport. What the recording does not have is `Unsendable`, with what it has
        instead. A pickled copy begins anew.
    :raises ValueError: the file cannot be read, is too large, or holds a line that is no exchange;
        half a line at its end, which a crash may leave, is passed over.

    >>> from tempfile import mkdtemp
    >>> path = Path(mkdtemp()) / "about.jsonl"
    >>> _ = path.write_text('{"method": "GET", "target": "/api/tasks", "status": 404}')
    >>> cvat = replayed(path)
    >>> cvat(Request("GET", "/api/tasks")).unwrap().status
    404
    >>> cvat.unused
    ()
    """
    shown = os.fspath(path)
    try:
        with Path(path).open("rb") as file:
            content = file.read(max_size + 1)
    except (OSError, ValueError) as error:
        raise ValueError(f"the recording {shown!r} cannot be read: {_said(error)}") from None
    if len(content) > max_size:
        raise ValueError(f"the recording {shown!r} is larger than {max_size} bytes")
    return Replay(tuple(_exchanges(content, shown)))


@final
class Replay:
    """A transport that answers from exchanges; made by `replayed`.

    :param exchanges: what it answers with, in order.
    """

    __slots__ = ("__weakref__", "_exchanges", "_left", "_lock", "_used")

    def __init__(self, exchanges: tuple[Exchange, ...]) -> None:
        self._exchanges: Final = exchanges
        self._left: Final = defaultdict[Key, deque[int]](deque)
        for number, exchange in enumerate(exchanges):
            self._left[key_of(exchange)].append(number)  # stays when it is empty: what was there
        self._used: Final = set[int]()
        self._lock = Lock()
        when_forked(self)

    @property
    def unused(self) -> tuple[str, ...]:
        """Method and target of each exchange that has answered nothing yet, in order."""
        with self._lock:
            return tuple(self._unused())

    def __call__(self, request: Request, /) -> Outcome[Response, TransportError]:
        """Answer a request.

        :param request: the request.
        :returns: what it came to when it was recorded.
        """
        keys = keys_of(request)
        with self._lock:
            found = [self._left[key] for key in keys if self._left.get(key)]
            if not found:
                return Failure(Unsendable(_masked(request), self._missing(request, keys)))
            number = min(found, key=lambda numbers: numbers[0]).popleft()
            self._used.add(number)
        match outcome_of(self._exchanges[number], request):
            case Success(response):
                return held_to(request, response)
            case Failure() as failed:
                return failed

    def _unused(self) -> Iterator[str]:
        for number, exchange in enumerate(self._exchanges):
            if number not in self._used:
                yield _line(exchange.method, exchange.target)

    def _missing(self, request: Request, keys: tuple[Key, ...]) -> str:
        """Why there is no answer, and what comes near."""
        if any(key in self._left for key in keys):
            return "the recording has it no further time: it was asked as often before"
        if any(key[:3] == keys[0][:3] for key in self._left):
            return "the recording has it with another body only, or of another upload"
        target = masked_target(request, secret_names_at(request.path))
        left = islice(dict.fromkeys(self._unused()), _MOST_COMPARED)
        near = get_close_matches(_line(request.method, target), left, cutoff=0.5)
        return f"the recording has no such request{_instead(near)}"

    def forked(self) -> None:
        """What is left stays, in a process that is forked off; whoever held the lock does not."""
        self._lock = Lock()

    def __reduce__(self) -> tuple[type[Replay], tuple[tuple[Exchange, ...]]]:
        return Replay, (self._exchanges,)

    @override
    def __repr__(self) -> str:
        return f"<Replay: {len(self._used)} of {len(self._exchanges)} exchanges used>"


@final
class _Recorder:
    """Writes to a file, which it opens anew for each line."""

    __slots__ = ("__weakref__", "_lock", "_max_body", "_path")

    def __init__(self, path: Path, max_body: int) -> None:
        self._path = path
        self._max_body = max_body
        self._lock = Lock()
        when_forked(self)

    def unready(self) -> str | None:
        """Why nothing can be written; `None` if it can."""
        return self._write(b"")

    def talk(self, request: Request) -> Flow[Reply]:
        """Have a request answered, and write both down.

        :param request: the request.
        """
        wrong = yield from done(self.unready)
        if wrong is not None:
            return Failure(Unsendable(_masked(request), f"it could not be recorded: {wrong}"))
        asked = evolve(request, streamed=False) if request.streamed else request
        outcome = yield asked
        exchange = exchange_of(request, outcome, self._max_body)
        wrong = yield from done(lambda: self._write(line_of(exchange)))
        if wrong is not None:
            lost = f"the answer came, but could not be recorded: {wrong}"
            return Failure(ConnectionLost(_masked(request), lost))
        return outcome

    def _write(self, line: bytes) -> str | None:
        try:
            with self._lock, open(self._path, "ab+", opener=_opener) as file:
                _mend(file)
                file.write(line)
        except (OSError, ValueError) as error:
            return _said(error)
        return None

    def forked(self) -> None:
        """No thread of the parent's writes in a process that is forked off."""
        self._lock = Lock()

    def __reduce__(self) -> tuple[type[_Recorder], tuple[Path, int]]:
        return _Recorder, (self._path, self._max_body)


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _mend(file: BinaryIO) -> None:
    """End a last line that has no end; what a crash left of one is taken away.

    :raises ValueError: it is no line of a recording.
    """
    size = file.seek(0, SEEK_END)
    file.seek(max(0, size - 1))
    if file.read(1) in (b"", b"\n"):
        return
    begins, tail = size, b""
    while begins and b"\n" not in tail:
        until, begins = begins, max(0, begins - _BLOCK)
        file.seek(begins)
        tail = file.read(until - begins) + tail
    last = tail.rpartition(b"\n")[2]
    if is_torn(last):
        file.truncate(size - len(last))
        return
    match read_line(last):
        case Success():
            file.write(b"\n")
        case Failure(wrong):
            raise ValueError(f"its last line is no exchange: {wrong}")


def _stranger(path: Path) -> str | None:
    """What shows that a file is something else; `None` if it is a recording, or not there yet.

    It is asked before anything is written: to end a line of a stranger's file would change it.
    """
    try:
        with path.open("rb") as file:
            first = file.readline(_LONGEST_LINE)
    except (OSError, ValueError):  # whoever writes to it will say so
        return None
    if not first.strip() or (not first.endswith(b"\n") and is_torn(first)):
        return None
    match read_line(first):
        case Success():
            return None
        case Failure(wrong):
            return f"its first line is no exchange: {wrong}"


def _exchanges(content: bytes, shown: str) -> Iterator[Exchange]:
    lines = content.split(b"\n")
    for number, line in enumerate(lines, 1):
        if not line.strip() or (number == len(lines) and is_torn(line)):
            continue
        match read_line(line):
            case Success(exchange):
                yield exchange
            case Failure(wrong):
                raise ValueError(f"{shown}:{number} is no exchange: {wrong}")


def _line(method: str, target: str) -> str:
    return one_line(f"{method} {target}"[:_LONGEST])


def _instead(near: list[str]) -> str:
    return f"; it has {' and '.join(near)} instead" if near else ", nor one that comes near"


def _said(error: OSError | ValueError) -> str:
    said = error.strerror if isinstance(error, OSError) else None
    return said or str(error)


def _masked(request: Request) -> Request:
    return masked_request(request)
