"""Header fields and the texts in them: dates, ranges, names, URLs, versions, digests, offsets."""

from __future__ import annotations

import ntpath
import re
import sys
from collections.abc import Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final

from cvatfn.calling import request_of
from cvatfn.codecs.rejections import read_retry_after
from cvatfn.filters.parsing import parsed
from cvatfn.messages import Headers, Response
from cvatfn.outcome import Failure, Success
from cvatfn.transfer.digests import checking, digests_of, digests_of_part
from cvatfn.transfer.names import ROOM, name_sent, safe_name
from cvatfn.transfer.receiving import Fresh, Held, More, Unfit, brought, range_headers
from cvatfn.transfer.tus import (
    Arrived,
    Broken,
    Look,
    Nothing,
    Patch,
    Sending,
    Spot,
    State,
    Terms,
    action_of,
    begun,
    resumed,
    step,
)
from cvatfn.transport.fields import wrong_line
from cvatfn.transport.origins import Url, joined, origin_of, read_url
from cvatfn.versions import Version, version_of
from tests.fuzzing.target import Tape, Target, sound, value_or_told
from tests.fuzzing.targets.answers import HEADER_TOKENS, head_of
from tests.fuzzing.targets.codecs import JSON_TOKENS

__all__ = ["TARGETS"]

_HIDDEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_PLACE: Final = re.compile(r"[!-~]*")
_MOST_STEPS: Final = 400
"""How many answers a machine is given."""


def _retry_after(data: bytes) -> None:
    tape = Tape(data)
    wait = read_retry_after(tape.text(), tape.text() or None)
    assert wait is None or 0 <= wait <= 1e9


def _is_reserved(name: str) -> bool:
    """Whether Windows has a device of that name."""
    if sys.version_info >= (3, 13):
        return ntpath.isreserved(name)
    return PureWindowsPath(name).is_reserved()


def _name(data: bytes) -> None:
    field = data.decode("latin-1")
    sent = name_sent(Headers((("Content-Disposition", field),)))
    assert sent is None or sent
    for text in {sent or "", field, data.decode("utf-8", "surrogateescape")}:
        name = safe_name(text)
        assert 0 < len(name.encode()) <= ROOM
        assert name not in (".", "..")
        assert name[0] not in ".-~"
        assert PurePosixPath(name).name == name
        assert PureWindowsPath(name).name == name
        assert not _is_reserved(name)
        assert not _HIDDEN.search(name)
        assert not set(name) & set('<>:"/\\|?*')
        assert name == name.rstrip(" .")
        assert safe_name(name) == name, "what is safe is changed"


def _range(data: bytes) -> None:
    tape = Tape(data)
    held = Held(tape.number(1 << 16), (None, tape.number(1 << 16))[tape.number(2)], tape.text())
    asked = range_headers(held)
    assert all(_PLACE.fullmatch(value) for value in asked.values())
    status, headers = head_of(tape)
    match brought(held, Response(status, headers)):
        case Fresh(total, validator):
            assert total is None or 0 <= total < 10**18
            assert validator is None or Held(1, None, validator).resumable
        case More(count, total):
            assert asked
            assert status == 206
            assert 0 < count <= total
            assert held.size + count <= total
        case Unfit():
            assert asked
        case said:
            assert len(said) < 400
            assert said.isprintable()


def _digests(data: bytes) -> None:
    tape = Tape(data)
    _, headers = head_of(tape)
    for expected in (digests_of(headers), digests_of(headers, partial=True)):
        checker = checking(expected)
        checker.feed(b"x")
        wrong = checker.wrong()
        assert wrong is None or wrong.isprintable()
    checking(digests_of_part(headers))


def _url(data: bytes) -> None:
    tape = Tape(data)
    text, base = tape.text(), Url("https", "cvat.example", 443, "/api/tasks")
    read = read_url(text)
    if read is not None:
        assert read.scheme in ("http", "https")
        assert 0 < read.port < 65536
        assert "@" not in read.authority
        assert re.fullmatch(r"[a-z0-9_.:-]+", read.host)
        query = f"?{read.query}" if read.query else ""
        assert read_url(f"{read.origin}{read.path}{query}") == read
        assert origin_of(read.origin) == read.origin == origin_of(text)
    led = joined(base, text)
    if led is not None:
        target = (led.path or "/") + (f"?{led.query}" if led.query else "")
        assert wrong_line("GET", target) is None, "a redirect leads to what cannot be asked for"
    for url in (text, data.decode("utf-8", "surrogateescape")):
        asked = value_or_told(request_of(url))
        if asked is not None:
            assert asked.target.startswith("/") or asked.origin is not None
            assert repr(asked)


def _version(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    version = Version.read(text)
    if version is not None:
        assert Version(str(version)) == version
        assert version < Version("99999") or text.lstrip("v")[0].isdigit()
        assert not version < version
        assert hash(version) == hash(Version(text))
    value_or_told(version_of(Success(Response(200, body=data))))


def _filter(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    match parsed(text):
        case Failure(problem):
            sound(problem)
        case Success(found):
            assert parsed(found.text) == Success(found), "what was written reads otherwise"
            sound(found)
            assert found.names is not None
            assert ~~found == found
            assert repr(found.data)


def _machine(data: bytes) -> None:
    """Lead an upload through any answers: it asks for nothing outside of the file, and it ends."""
    tape = Tape(data)
    length = tape.number(64)
    terms = Terms(tape.text(), length, tape.number(2) == 1, most=16, least=1)
    spot = Spot("/a/1", "a", tape.number(64), tape.number(64))
    state: State = resumed(terms, spot) if tape.number(2) else begun()
    action = action_of(terms, state)
    for _ in range(_MOST_STEPS):
        if isinstance(action, Patch):
            assert isinstance(state, Sending)
            assert 0 <= action.offset <= action.offset + action.size <= length
            assert action.size or not length
        if isinstance(action, Patch | Look):
            assert action.location
        if isinstance(action, Nothing) or tape.ended:
            break
        status, headers = head_of(tape)
        state, action = step(terms, state, Success(Response(status, headers)))
    if isinstance(state, Broken):
        said = state.why if isinstance(state.why, str) else ""
        assert len(said) < 400
        assert said.isprintable(), ascii(said)
    if isinstance(state, Arrived):
        assert state.filename or not terms.name


def _seeds(*texts: str) -> Sequence[bytes]:
    return [text.encode("latin-1") for text in texts]


_DATE: Final = "Mon, 23 Nov 2026 10:00:00 GMT"

TARGETS: Final = (
    Target(
        "retry-after",
        "A wait that is asked for is a number of seconds of at least zero, or none.",
        _retry_after,
        lambda: _seeds("120\n", f"{_DATE}\n{_DATE}", "1.5\n", "-1", "9" * 400),
        (*HEADER_TOKENS, b"+2400", b"-0000", b"31 Dec 9999", b"1 Jan 0001", b"\n"),
    ),
    Target(
        "names",
        "A file's name never leaves its folder, is never empty, hidden or a device.",
        _name,
        lambda: _seeds(
            'attachment; filename="cvat 1.1.zip"',
            "attachment; filename*=UTF-8''caf%C3%A9.zip; filename=cafe.zip",
            'attachment; filename="..\\..\\con .txt"',
            "filename*=iso-8859-1'en'%2e%2e%2f",
            "inline; filename=aux; x=y",
        ),
        (*HEADER_TOKENS, b"CON", b"nul.", b"COM1", b"\xc2\xb9", b"\xe2\x80\xae", b"~", b"."),
    ),
    Target(
        "ranges",
        "A part is taken only where it goes on with what is here, within the file.",
        _range,
        lambda: [
            b'\0\5\0\x09\1"a1"\n\4\2\5bytes 5-8/9\n\x08"a1"\n',
            b'\0\5\0\0\0"a1"\n\0\2\x085\n\x08"b2"\n',
        ],
        HEADER_TOKENS,
    ),
    Target(
        "digests",
        "What is no digest is none; nothing raises.",
        _digests,
        lambda: [
            b"\0\1\x103421780262\n",
            b"\0\2\x13md5=:mZ9iAA==:\n\x11SHA-256=abc\n",
            b"\0\1\x0fmd5=abc,crc-32=1\n",
        ],
        (*HEADER_TOKENS, b"sha-256=:", b"=:", b"md5=", b"sha-512=", b"sha=", b":"),
    ),
    Target(
        "urls",
        "A URL is read without doubt or not at all, and what it leads to can be asked for.",
        _url,
        lambda: _seeds(
            "https://CVAT.example:8443/api/tasks?page=2",
            "http://[::1]:8080/a%20b?c=d#e",
            "//evil.example/x",
            "../x?y=%zz",
            "/api/requests/action%3Dexport%26target",
            "https://me:secret@cvat.example/",
        ),
        HEADER_TOKENS,
    ),
    Target(
        "versions",
        "A server's version is read and has its place among all, or it is none.",
        _version,
        lambda: _seeds(
            "2.48.1",
            "2.75.0-alpha.1",
            "v2.9.1.dev3+g12ab",
            '{"name":"","description":"","version":"2.80.0","logo_url":"","subtitle":""}',
        ),
        (b"alpha", b"rc", b"dev", b".", b"-", b"+", b"\xd9\xa3", b"9" * 40, b'"version":"'),
    ),
    Target(
        "filters",
        "A text in JSON Logic is a filter that is written and read as the same, or a problem.",
        _filter,
        lambda: _seeds(
            '{"and":[{"var":"assignee"},{"<=":[1,{"var":"id"},9]}]}',
            '{"!":{"or":[{"==":[{"var":"id"},7]},{"in":["a",{"var":"name"}]}]}}',
            '{"in":[{"var":"id"},[1,2.5,null,true,"x"]]}',
            '{"!!":{">=":[{"var":"size"},1e30]}}',
        ),
        (*JSON_TOKENS, b'{"var":"', b'{"and":[', b'{"or":[', b'{"!":', b'{"==":[', b'{"<=":['),
    ),
    Target(
        "tus",
        "An upload asks for nothing outside of its file, whatever offsets a server says.",
        _machine,
        lambda: [
            b"\x09a.zip\n\0\0\0\0" + b"\1\1\3/files/1\n" + b"\2\1\x0c9\n",
            b"\x20a.zip\n\1\0\0\0" + b"\1\1\3/files/1\n" + b"\2\1\x0c16\n" + b"\x09\0\2\1\x0c32\n",
            b"\x20a\n\0\5\x09\1" + b"\0\2\x0c4\n\x0d32\n" + b"\2\1\x0c20\n",
        ],
        (*HEADER_TOKENS, b"/files/1", b"\n", b"16", b"32"),
    ),
)
