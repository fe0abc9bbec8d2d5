"""Files of the library's own: recordings, journals of uploads, parts of downloads, saved worlds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Final

from cvatfn.codecs.json import dumps
from cvatfn.messages import Headers, Request, Response
from cvatfn.outcome import Failure, Success
from cvatfn.testing.sandbox.files.exports.archives import read_zip, written_zip
from cvatfn.testing.sandbox.keeping.saving import read_world, written_world
from cvatfn.testing.sandbox.state.world import World
from cvatfn.transfer.journal import Past, journal_at
from cvatfn.transfer.partial import part_file
from cvatfn.transfer.receiving import range_headers
from cvatfn.transfer.tus import Spot
from cvatfn.transport.exchanges import (
    exchange_of,
    is_torn,
    key_of,
    keys_of,
    line_of,
    outcome_of,
    read_line,
)
from cvatfn.transport.recordings import recorded, replayed
from tests.fuzzing.target import Tape, Target, sound, value_or_told
from tests.fuzzing.targets.answers import HEADER_TOKENS, SECRET, head_of
from tests.fuzzing.targets.codecs import JSON_TOKENS

__all__ = ["TARGETS", "scratch"]

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a disk that is none, where there is one
_MADE: Final = datetime(2026, 1, 1, tzinfo=UTC)
_DOCUMENT: Final = "world.json"


def scratch() -> TemporaryDirectory[str]:
    """A folder that is gone when the target has run."""
    return TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else gettempdir())


def _exchange(data: bytes) -> None:
    is_torn(data)
    match read_line(data):
        case Failure(wrong):
            assert wrong
        case Success(exchange):
            asked = Request(exchange.method, "/x")
            line = line_of(exchange)
            assert line.endswith(b"}\n")
            assert line.count(b"\n") == 1
            assert line_of(read_line(line).unwrap()) == line
            assert hash(key_of(exchange)) == hash(key_of(read_line(line).unwrap()))
            answer = value_or_told(outcome_of(exchange, asked))
            assert answer is None or answer.status == exchange.status


def _recording(data: bytes) -> None:
    with scratch() as folder:
        path = Path(folder) / "r.jsonl"
        path.write_bytes(data)
        try:
            replay = replayed(path)
        except ValueError as error:
            said = str(error)
        else:
            said = "".join(replay.unused)
            sound(replay(Request("GET", "/api/tasks/", (("a", "b"),))).failure())
        assert said.isprintable(), ascii(said[:500])
        try:
            recorder = recorded(lambda _: Success(Response(200, body=b"{}")), path)
        except ValueError:
            assert path.read_bytes() == data, "a file that is no recording was changed"
        else:
            recorder(Request("GET", "/x")).unwrap()
            assert path.read_bytes().endswith(b"}\n")


def _recorded(data: bytes) -> None:
    """What is recorded of any answer holds no secret that was sent, and is read again."""
    tape = Tape(data)
    path = tape.pick(("/api/auth/login", "/api/tasks", "/api/cloudstorages/1"))
    sent = b'{"username":"ada","password":"%b"}' % SECRET.encode()
    login = (("Authorization", f"Bearer {SECRET}"), ("Content-Type", "application/json"))
    asked = Request("POST", path, (("token", SECRET),), login, sent)
    status, headers = head_of(tape)
    line = line_of(exchange_of(asked, Success(Response(status, headers, tape.rest())), 1 << 16))
    assert SECRET.encode() not in line
    exchange = read_line(line).unwrap()
    assert key_of(exchange) in keys_of(asked)
    value_or_told(outcome_of(exchange, asked))


def _journal(data: bytes) -> None:
    with scratch() as folder:
        path = Path(folder) / "journal"
        path.write_bytes(data)
        journal = value_or_told(journal_at(path, "tasks/7", "https://cvat.example"))
        if journal is None:
            assert path.read_bytes() == data
            return
        with journal:
            past = journal.past
            assert all(isinstance(spot, Spot) for _, spot in past.standing.values())
            assert repr(past)
            assert past == Past() or path.read_bytes().startswith(data)
        again = value_or_told(journal_at(path, "tasks/7", "https://cvat.example"))
        assert again is not None
        with again:
            assert again.past == past


def _part(data: bytes) -> None:
    tape = Tape(data)
    content, note = b"x" * tape.number(64), tape.rest()
    with scratch() as folder:
        (Path(folder) / ".cats.zip.ab.part").write_bytes(content)
        (Path(folder) / ".cats.zip.ab.part.json").write_bytes(note)
        part = part_file(Path(folder), "cats.zip", "ab")
        held = part.held
        assert 0 <= held.size <= len(content)
        assert held.total is None or held.size <= held.total
        assert bool(range_headers(held)) <= (held.size > 0)
        part.write(b"y")
        assert part.held.size == held.size + 1
        part.close()


@cache
def _saved() -> tuple[tuple[str, bytes], ...]:
    return read_zip(written_world(World.with_user("ada", "s3cret")).unwrap()).unwrap()


def _world(data: bytes) -> None:
    """`world.json` may be anything, and so may the archive that it is in."""
    tape = Tape(data)
    packed, rest = tape.number(2), tape.rest()
    content = written_zip([(_DOCUMENT, rest)], _MADE) if packed else rest
    match read_world(content):
        case Failure(problems):
            assert problems
            for problem in problems[:50]:
                sound(problem)
        case Success(world):
            assert read_world(written_world(world).unwrap()).unwrap() == world


def _exchange_seeds() -> Sequence[bytes]:
    asked = Request("POST", "/api/tasks", (("a", "b"),), Headers(), b'{"name":"cats"}')
    answers = (
        Success(Response(201, {"Content-Type": "application/vnd.cvat+json"}, b'{"id":1}')),
        Success(Response(200, {"Content-Type": "image/png"}, b"\x89PNG\r\n")),
        Success(Response(404, {"Content-Type": "text/html"}, b"<p>no</p>")),
    )
    lines = [line_of(exchange_of(asked, answer, 99)) for answer in answers]
    fault = b'{"method":"GET","target":"/x","failure":{"kind":"TooLarge","limit":9}}\n'
    return [*lines, fault, b'{"method":"GET","target":"/","status":200}']


def _journal_seeds() -> Sequence[bytes]:
    head, spot = dumps("tasks/7"), dumps(Spot("/a/1", "b.zip", 1, 2))
    lines = (
        b'{"done":"started"}',
        b'{"done":"sending","marks":{"a.png":"1"}}',
        b'{"done":"standing","marks":{"b.zip":"2"},"spot":%b}' % spot,
        b'{"done":"sent","marks":{"a.png":"1"}}',
    )
    return [b"\n".join((head, *lines)), head, b'"other"\n' + lines[0]]


def _world_seeds() -> Sequence[bytes]:
    return [b"\1" + dict(_saved())[_DOCUMENT], b"\0" + written_zip(_saved(), _MADE)]


_EXCHANGE_TOKENS: Final = (
    *JSON_TOKENS,
    *(b'"method":', b'"target":', b'"request_body":', b'"json":', b'"text":', b'"base64":'),
    *(b'"omitted":', b'"failure":{"kind":"TimedOut"}', b'"response_headers":[["a","b"]]', b"\n"),
)

TARGETS: Final = (
    Target(
        "exchanges",
        "A line of a recording is an exchange that is written as the same line, or is refused.",
        _exchange,
        _exchange_seeds,
        _EXCHANGE_TOKENS,
    ),
    Target(
        "recordings",
        "A file is a recording, or it is said where it is none, and it is left as it is.",
        _recording,
        lambda: [b"".join(_exchange_seeds()), *_exchange_seeds()],
        _EXCHANGE_TOKENS,
    ),
    Target(
        "recorded",
        "What is recorded of any answer holds no secret that was sent, and is read again.",
        _recorded,
        lambda: [
            b"\0\0\1\0application/vnd.cvat+json\n" + b'{"key":"' + SECRET.encode() + b'"}',
            b"\1\6\0" + b'{"password":["Not ' + SECRET.encode() + b'"]}',
            b"\2\0\1\x0aa=" + SECRET.encode() + b"; Path=/\n<p>x</p>",
        ],
        (*JSON_TOKENS, *HEADER_TOKENS),
    ),
    Target(
        "journals",
        "A journal is read as far as its lines are whole, and loses none of them by it.",
        _journal,
        _journal_seeds,
        (*JSON_TOKENS, b'{"done":"', b'"marks":', b'"spot":', b'"tasks/7"', b"\n"),
    ),
    Target(
        "parts",
        "A part of a download is gone on with only within what is there.",
        _part,
        lambda: [
            b'\x09{"size":0,"total":20,"validator":"\\"a1\\""}',
            b"\x05{}",
            b'\x05{"total":5,"validator":null}',
        ],
        (*JSON_TOKENS, b'"size":', b'"total":', b'"validator":'),
    ),
    Target(
        "worlds",
        "A saved world is loaded whole, or what is wrong with the file is said.",
        _world,
        _world_seeds,
        (*JSON_TOKENS, b'"world":', b'"format":', b'"version":', b'"bytes/', b"PK\3\4", b"PK\1\2"),
    ),
)
