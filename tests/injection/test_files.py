"""Names of files, both ways: in forms and uploads, and from a server to a folder."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from unicodedata import category
from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cvatfn import File, call, connect, download, models, raw
from cvatfn.api import cloudstorages, tasks
from cvatfn.filters import Tasks
from cvatfn.outcome import Failure
from cvatfn.testing.conformance.peers import Head, Peer, Server
from cvatfn.transfer import Saving, import_annotations
from cvatfn.transfer.journal import Line, journal_at
from cvatfn.transfer.tus import Spot
from cvatfn.transport import Transport
from tests.codecs.test_forms import parsed
from tests.injection.texts import HOSTILE
from tests.transport.wire import fields_of, ok

TEXTS = HOSTILE.filter(lambda text: "\ud800" not in text)
# Of backslashes in quotes each reader makes something else: in names that are compared is none.
SHORT = HOSTILE.filter(lambda text: len(text) < 1000)  # what python-multipart takes in a head


class Storing:
    """A server that takes uploads, and says a header field."""

    def __init__(self) -> None:
        self.said = ""

    def __call__(self, peer: Peer) -> None:
        while (sent := peer.request()) is not None:
            head = Head.of(sent.partition(b"\r\n\r\n")[0])
            peer.send(self._answer(head))

    def _answer(self, head: Head) -> bytes:
        if head.headers.get("upload-length"):
            place = ("Location: /api/tasks/1/annotations/7", f"Upload-Filename: {self.said}")
            return ok(b"", *place, status="201 Created")
        if head.method == "PATCH":
            return ok(b"", "Upload-Offset: 5", status="200 OK")
        if head.method == "GET":
            return ok(b"mine", f"Content-Disposition: {self.said}")
        return ok(b'{"rq_id":"r1"}', status="202 Accepted")


@pytest.fixture(scope="module")
def storing() -> Storing:
    return Storing()


@pytest.fixture(scope="module")
def server(storing: Storing) -> Iterator[Server]:
    with Server(storing) as running:
        yield running


@pytest.fixture(scope="module")
def cvat(server: Server) -> Iterator[Transport]:
    with connect(server.url) as transport:
        yield transport


def _line(text: str) -> str:
    """A text as it stands in a header: its bytes read as Latin-1, on one line."""
    said = text.encode("utf-8", "replace").decode("latin-1")
    return said.replace("\r", "").replace("\n", "").replace("\0", "").strip()


@given(SHORT.map(lambda text: text.replace("\\", "")), SHORT, TEXTS)
@example('a"\r\nContent-Type: text/html\r\n\r\nevil', "image/png\r\nX-Evil: 1", "--\r\n")
def test_a_form_arrives_as_its_own_parts(
    server: Server, cvat: Transport, name: str, content_type: str, text: str
) -> None:
    server.requests.clear()
    spec: models.CloudStorageWriteRequestDict = {
        "provider_type": "AWS_S3_BUCKET",
        "resource": "cats",
        "display_name": text,
        "credentials_type": "KEY_SECRET_KEY_PAIR",
        "key_file": File(name, b"\r\n--", content_type),
    }
    came = call(cvat, raw(cloudstorages.create), spec)
    if isinstance(came, Failure):  # the name of the storage has its limits
        assert server.requests == []
        return
    [sent] = server.requests
    head, _, body = sent.partition(b"\r\n\r\n")
    said = fields_of(head)
    texts, files = parsed(said["content-type"], body)
    assert dict(texts)["display_name"] == text
    assert len(texts) == 4
    quoted = name.encode("utf-8", "replace").decode()
    quoted = quoted.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    assert files == [("key_file", quoted or "key_file", b"\r\n--")]
    assert int(said["content-length"]) == len(body)


@given(HOSTILE, HOSTILE)
@example("a,b c.zip", "x&format=evil#")
def test_an_upload_keeps_both_names(
    server: Server, storing: Storing, cvat: Transport, name: str, said: str
) -> None:
    server.requests.clear()
    storing.said = _line(said)
    file = File(name, b"12345")
    came = import_annotations(cvat, tasks.create_annotations, file, 1, format="COCO 1.0")
    if isinstance(came, Failure):  # no file has such a name
        assert server.requests == []
        return
    finished = server.requests[-1]
    [metadata] = [
        fields["upload-metadata"].split(" ")
        for fields in map(fields_of, server.requests)
        if "upload-length" in fields
    ]
    assert metadata[0] == "filename"
    assert b64decode(metadata[1], validate=True).decode() == name
    assert len(metadata) == 2
    query = finished.split(b" ", 2)[1].decode("ascii").partition("?")[2]
    asked = parse_qsl(query, keep_blank_values=True, strict_parsing=True)
    assert sorted(asked) == [("filename", storing.said or name), ("format", "COCO 1.0")]


DISPOSITIONS = st.sampled_from(
    [
        "attachment; filename={}",
        'attachment; filename="{}"',
        "attachment; filename*=UTF-8''{}",
        "{}",
    ]
)


@given(DISPOSITIONS, HOSTILE)
@example('attachment; filename="{}"', "../../escaped")
@example("attachment; filename*=UTF-8''{}", "..%2f..%2fescaped")
def test_a_file_stays_in_its_folder_whatever_it_is_called(
    tmp_path_factory: pytest.TempPathFactory,
    storing: Storing,
    cvat: Transport,
    disposition: str,
    name: str,
) -> None:
    storing.said = _line(disposition.format(name))
    parent = tmp_path_factory.mktemp("to")
    folder = parent / "folder"
    folder.mkdir()
    arrived = download(cvat, tasks.retrieve_preview, Saving(folder), 1).unwrap()
    assert [path for path in parent.rglob("*") if path != folder] == [arrived.path]
    assert arrived.path is not None
    assert arrived.path.parent == folder
    assert arrived.path.read_bytes() == b"mine"
    assert not {"Cc", "Cs", "Zl", "Zp"} & {*map(category, arrived.path.name)}


@given(TEXTS)
@example('"},{"var":"owner"}')
def test_a_filter_holds_its_text(server: Server, cvat: Transport, text: str) -> None:
    server.requests.clear()
    call(cvat, raw(tasks.list), filter=Tasks.name == text)
    [sent] = server.requests
    query = sent.split(b" ", 2)[1].decode("ascii").partition("?")[2]
    [(name, told)] = parse_qsl(query, keep_blank_values=True, strict_parsing=True)
    assert name == "filter"
    assert json.loads(told) == {"==": [{"var": "name"}, text]}


@given(TEXTS, TEXTS, TEXTS)
@example("task 1", 'x"}\n{"done":"sent","marks":{"evil":"1"}}', "/a\n/b")
def test_a_journal_of_any_names_says_them_again(
    tmp_path_factory: pytest.TempPathFactory, subject: str, name: str, location: str
) -> None:
    path: Path = tmp_path_factory.mktemp("journal") / "j"
    lines = [Line("started"), Line("standing", {name: "1"}, Spot(location, name, 2))]
    with journal_at(path, subject, "https://cvat.example").unwrap() as journal:
        before = path.read_bytes().count(b"\n")
        assert [journal.write(line) for line in lines] == [None, None]
        assert path.read_bytes().count(b"\n") == before + len(lines)
    with journal_at(path, subject, "https://cvat.example").unwrap() as again:
        assert again.past.standing == {name: ("1", Spot(location, name, 2))}
        assert (again.past.sent, again.past.doubted) == ({}, {})
