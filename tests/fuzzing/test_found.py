"""What fuzzing found, in words: the files in `corpus` hold the same, in bytes."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from cvatfn import interpret
from cvatfn.api import tasks
from cvatfn.codecs.masking import without_values
from cvatfn.codecs.rejections import read_retry_after
from cvatfn.errors import Rejected
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Success
from cvatfn.testing.sandbox.keeping.saving import read_world
from cvatfn.transfer.partial import part_file
from cvatfn.transfer.receiving import Held, range_headers
from cvatfn.transfer.tus import Broken, Spot, Terms, resumed, step
from cvatfn.transport import recorded
from cvatfn.transport.exchanges import exchange_of, line_of

SECRET = "hunter2-correct-horse"
OWN_LOGIN = Request("GET", "/x", headers={"Authorization": f"Bearer {SECRET}"})


@pytest.mark.parametrize("blank", ["\x1e", "\x1c", "\x85", "\xa0", "\u2003"])
def test_a_wait_after_an_odd_blank_is_none_and_does_not_raise(blank: str) -> None:
    assert read_retry_after(f"{blank}120", None) is None
    match interpret(tasks.list, Response(503, {"Retry-After": f"{blank}120"})):
        case Failure(Rejected(retry_after=wait)):
            assert wait is None
        case other:
            raise AssertionError(other)


def test_a_date_far_away_is_no_longer_wait_than_any_other() -> None:
    wait = read_retry_after("Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT")
    assert wait == read_retry_after("9" * 400, None) == 1e9


def test_a_login_that_a_request_brings_is_masked_whatever_the_endpoint_is() -> None:
    answer = Response(400, body=f'{{"detail":"not {SECRET}"}}'.encode())
    match interpret(tasks.list, answer, OWN_LOGIN):
        case Failure(Rejected() as error):
            assert error.detail == "not ***"
            assert SECRET.encode() not in error.response.body
        case other:
            raise AssertionError(other)


@pytest.mark.parametrize(
    ("secret", "body", "shown"),
    [
        ("12345678", b'{"id":12345678}', b'{"id":"***"}'),
        (':["d', b'{"":["d"]}', b"***"),
    ],
)
def test_a_secret_that_is_no_text_of_the_body_is_masked(
    secret: str, body: bytes, shown: bytes
) -> None:
    assert without_values(body, {secret}, frozenset()) == shown


@pytest.mark.parametrize("name", ["Set-Cookie", f"X-{SECRET}"])
def test_a_secret_in_a_name_is_not_recorded(name: str) -> None:
    said = Success(Response(200, {name: f"{SECRET}=1; Path=/"}))
    assert SECRET.encode() not in line_of(exchange_of(OWN_LOGIN, said, 99))


def test_thousands_of_secrets_in_an_answer_leave_it_out_of_a_recording() -> None:
    many = ",".join(f'"token-{number}"' for number in range(50_000))
    said = Response(200, {"X": "token-7"}, f'{{"token":[{many}],"name":"token-7"}}'.encode())
    line = line_of(exchange_of(Request("GET", "/api/x"), Success(said), 1 << 22))
    assert b"token-7" not in line
    assert b'"omitted"' in line


@pytest.mark.parametrize("content", [b"}\n{", b"# Notes\n{", b"a,b\nc"])
def test_a_file_that_is_no_recording_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="no exchange"):
        recorded(lambda _: Success(Response(200)), path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("total", [0, 3, -1])
def test_a_part_is_not_longer_than_its_file(tmp_path: Path, total: int) -> None:
    (tmp_path / ".a.zip.ab.part").write_bytes(b"xxxxx" if total else b"")
    note = f'{{"size":0,"total":{total},"validator":"\\"a1\\""}}'
    (tmp_path / ".a.zip.ab.part.json").write_text(note)
    part = part_file(tmp_path, "a.zip", "ab")
    assert part.held in (Held(), Held(0, 0, '"a1"'))
    assert range_headers(part.held) == {}
    part.close()


def test_an_offset_beyond_the_file_is_a_lie_whatever_a_journal_says() -> None:
    terms, spot = Terms("a.zip", 5), Spot("/a/1", "a.zip", 0, 9)
    said = Success(Response(200, {"Upload-Offset": "7"}))
    after, _ = step(terms, resumed(terms, spot), said)
    assert isinstance(after, Broken)
    odd = Success(Response(200, {"Upload-Offset": "0", "Upload-Length": "\x1b[2J" * 99}))
    after, _ = step(terms, resumed(terms, spot), odd)
    assert isinstance(after, Broken)
    assert isinstance(after.why, str)
    assert after.why.isprintable()
    assert len(after.why) < 300


def test_an_archive_with_an_entry_without_a_name_is_no_world() -> None:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr("world.json", b"{}")
    nameless = written.getvalue().replace(b"world.json", b"\0orld.json")  # zipfile cuts it there
    assert isinstance(read_world(nameless), Failure)
