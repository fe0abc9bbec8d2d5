"""Uploads step by step: what CVAT's dialect of TUS does, and that cutting changes no file."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from cvatfn import File, Request, Response, Transport, call, connect, models
from cvatfn.api import tasks
from cvatfn.auth import Basic
from cvatfn.outcome import Outcome, Success
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.testing.sandbox.areas.uploads import NOT_UPLOADED, stepped
from cvatfn.testing.sandbox.gates.asking import Asked, Done, Login, Outgoing, done
from cvatfn.testing.sandbox.gates.replies import Refusal, invalid
from cvatfn.testing.sandbox.state.media import Received
from cvatfn.transport import authenticated
from tests.sandbox.kit import picture, settle

DATA = "/api/tasks/1/data/"
ANNOTATIONS = "/api/tasks/1/annotations/"
LARGEST = 26843545600
SAID = {
    "Tus-Resumable": "1.0.0",
    "Tus-Version": "1.0.0",
    "Tus-Extension": "",
    "Tus-Max-Size": str(LARGEST),
    "Access-Control-Allow-Methods": "PATCH,HEAD,GET,POST,OPTIONS",
    "Cache-Control": "no-store",
}


def ask(
    transport: Transport, method: str, path: str, body: bytes | None = None, /, **headers: object
) -> Response:
    """One request by hand; `upload_offset` is the header `Upload-Offset`."""
    fields = [(name.replace("_", "-").title(), str(value)) for name, value in headers.items()]
    return transport(Request(method, path, (), fields, body)).unwrap()


def announce(transport: Transport, name: str, length: object, path: str = DATA) -> Response:
    """Announce a file."""
    said = f"filename {b64encode(name.encode()).decode()},kind"
    return ask(transport, "POST", path, upload_length=length, upload_metadata=said)


def location(response: Response) -> str:
    """The path where the pieces go."""
    assert response.status == 201, response.body
    return urlsplit(response.headers.get("location") or "").path


def send(transport: Transport, path: str, offset: object, content: bytes) -> Response:
    """Send a piece."""
    kind = "application/offset+octet-stream"
    return ask(transport, "PATCH", path, content, upload_offset=offset, content_type=kind)


def head(transport: Transport, path: str) -> tuple[int, str | None]:
    """How much has come."""
    answer = ask(transport, "HEAD", path, tus_resumable="1.0.0")
    assert answer.body == b""
    return answer.status, answer.headers.get("upload-offset")


def held(sandbox: Sandbox, task: int = 1) -> dict[str, bytes]:
    """The files of a task that are whole."""
    upload = sandbox.world.uploads.get(task)
    return {} if upload is None else {file.name: file.content for file in upload.files}


def empty_task() -> tuple[Sandbox, Transport]:
    """A sandbox with one task that has no data."""
    sandbox = Sandbox(World.with_user("admin", "x").joined("worker", "y"))
    admin = authenticated(sandbox, Basic("admin", "x"), sandbox.world.origin)
    call(admin, tasks.create, {"name": "empty"}).unwrap()
    return sandbox, admin


@pytest.fixture(autouse=True)
def task(admin: Transport) -> models.TaskRead:
    """A task without data."""
    return call(admin, tasks.create, {"name": "empty"}).unwrap()


def test_a_file_in_pieces(sandbox: Sandbox, admin: Transport) -> None:
    created = announce(admin, "a/b.png", 5)
    path = location(created)
    assert (created.headers.get("location") or "") == f"http://localhost:8080{path}"
    assert path.startswith(f"{DATA}1_")
    assert created.headers.get("upload-filename") == "a/b.png"
    assert created.headers.get("allow") == "GET, POST, HEAD, OPTIONS"
    assert created.body == b""
    assert head(admin, path) == (200, "0")
    first = send(admin, path, 0, b"123")
    assert (first.status, first.headers.get("upload-offset"), first.body) == (204, "3", b"")
    assert first.headers.get("allow") == "PATCH, HEAD, OPTIONS"
    for name, value in SAID.items():
        assert (name, created.headers.get(name)) == (name, value)
        assert (name, first.headers.get(name)) == (name, value)
    assert head(admin, path) == (200, "3")
    assert ask(admin, "HEAD", path).headers.get("upload-length") == "5"
    assert held(sandbox) == {}
    assert send(admin, path, 3, b"45").headers.get("upload-offset") == "5"
    assert held(sandbox) == {"a/b.png": b"12345"}
    assert head(admin, path) == (404, None)
    assert send(admin, path, 5, b"").status == 404


def test_the_location_is_where_the_sandbox_was_asked(admin: Transport) -> None:
    said = f"filename {b64encode(b'a.png').decode()}"
    host = "cvat.example:81"
    created = ask(admin, "POST", DATA, upload_length=1, upload_metadata=said, host=host)
    assert (created.headers.get("location") or "").startswith("http://cvat.example:81/api/tasks/1/")


def test_pieces_over_http(sandbox: Sandbox, url: str) -> None:
    with connect(url, auth=Basic("admin", "s3cret")) as cvat:
        created = announce(cvat, "кот.png", 4)
        assert (created.headers.get("location") or "").startswith(f"{url}{DATA}1_")
        path = location(created)
        assert send(cvat, path, 0, b"\r\n").status == 204
        assert head(cvat, path) == (200, "2")
        assert send(cvat, path, 0, b"\r\n").status == 409
        assert send(cvat, path, 2, b"\0\xff").status == 204
        assert head(cvat, path) == (404, None)
    assert held(sandbox) == {"кот.png": b"\r\n\0\xff"}


@pytest.mark.parametrize(
    ("offset", "content", "status"),
    [(500, b"1", 409), (1, b"1", 409), (0, b"1" * 11, 413), ("x", b"1", 400), ("-1", b"1", 400)],
)
def test_wrong_pieces_change_nothing(
    sandbox: Sandbox, admin: Transport, offset: object, content: bytes, status: int
) -> None:
    path = location(announce(admin, "a.png", 10))
    before = sandbox.world.arriving
    answer = send(admin, path, offset, content)
    assert answer.status == status
    assert answer.headers.get("upload-offset") is None
    assert status == 400 or answer.body == b""
    assert sandbox.world.arriving == before


def test_a_piece_of_another_kind_is_refused(admin: Transport) -> None:
    path = location(announce(admin, "a.png", 10))
    answer = ask(admin, "PATCH", path, b"1", upload_offset=0, content_type="image/png")
    assert answer.status == 415
    assert head(admin, path) == (200, "0")


@pytest.mark.parametrize(
    ("name", "length", "status"),
    [
        ("a.png", LARGEST + 1, 413),
        ("a.png", LARGEST, 201),
        ("a.png", 0, 201),
        ("a.png", "", 400),
        ("a.png", "-1", 400),
        ("a.png", "1e3", 400),
        ("", 1, 400),
        ("/etc/a.png", 1, 400),
        ("../a.png", 1, 400),
        ("a/../../b.png", 1, 400),
        ("..\\b.png", 1, 400),
        ("a/", 1, 400),
        ("a\n.png", 1, 400),
        ("a/./b..png", 1, 201),
        ("кот.png", 1, 201),
    ],
)
def test_what_may_be_announced(admin: Transport, name: str, length: object, status: int) -> None:
    answer = announce(admin, name, length)
    assert answer.status == status
    assert answer.headers.get("tus-resumable") == "1.0.0"
    for value in answer.headers:
        assert value[1].isascii()


@pytest.mark.parametrize(
    "metadata", [None, "", "filename", "filename !!!", "name YQ==", "filename /w=="]
)
def test_a_file_needs_a_name_that_can_be_read(admin: Transport, metadata: str | None) -> None:
    said = {} if metadata is None else {"upload_metadata": metadata}
    assert ask(admin, "POST", DATA, upload_length=1, **said).status == 400


def test_a_name_that_is_there_whole_is_taken(sandbox: Sandbox, admin: Transport) -> None:
    first, second = location(announce(admin, "a.b.png", 1)), location(announce(admin, "a.b.png", 1))
    assert send(admin, first, 0, b"1").status == 204
    taken = announce(admin, "a.b.png", 1)
    assert (taken.status, taken.body) == (409, b'"File with same name already exists"')
    assert send(admin, second, 0, b"2").status == 204
    assert held(sandbox) == {"a.b.png": b"1", "a.b_1.png": b"2"}


def test_only_its_own_user_may_touch_it(
    sandbox: Sandbox, admin: Transport, worker: Transport
) -> None:
    path = location(announce(admin, "a.png", 10))
    assert ask(sandbox, "HEAD", path).status == 401
    assert send(sandbox, path, 0, b"1").status == 401
    assert head(worker, path)[0] == 403
    call(admin, tasks.partial_update, 1, {"assignee_id": 2}).unwrap()
    assert head(worker, path)[0] == 404
    assert send(worker, path, 0, b"1").status == 404
    assert head(admin, path) == (200, "0")
    assert (
        head(admin, path.replace("/tasks/1/", "/jobs/1/").replace("data", "annotations"))[0] == 404
    )


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("HEAD", "/api/tasks/1/data/1_61a4480b-6783-456a-b019-68a204d15b65", 404),
        ("HEAD", "/api/tasks/9/data/1_61a4480b-6783-456a-b019-68a204d15b65", 404),
        ("HEAD", "/api/tasks/backup/1_61a4480b-6783-456a-b019-68a204d15b65", 404),
        ("HEAD", "/api/tasks/1/data/1_61a4480b", 404),
        ("GET", "/api/tasks/1/data/1_61a4480b-6783-456a-b019-68a204d15b65", 405),
        ("HEAD", "/api/server/about", 200),
    ],
)
def test_paths_of_no_upload(admin: Transport, method: str, path: str, status: int) -> None:
    assert ask(admin, method, path).status == status


def test_a_batch_sent_twice_spoils_its_files(sandbox: Sandbox, admin: Transport) -> None:
    batch: models.DataRequestDict = {"client_files": [File("a.png", b"ab"), File("b.png", b"c")]}
    for _ in range(2):
        call(admin, tasks.create_data, 1, batch, upload_multiple=True).unwrap()
    assert held(sandbox) == {"a.png": b"abab", "b.png": b"cc"}


def test_an_upload_by_both_ways_becomes_frames(sandbox: Sandbox, admin: Transport) -> None:
    small, large = picture("small.png"), picture("large.png", (50, 20))
    assert call(admin, tasks.create_data, 1, upload_start=True) == Success(None)
    call(admin, tasks.create_data, 1, {"client_files": [small]}, upload_multiple=True).unwrap()
    assert isinstance(large.content, bytes)
    path = location(announce(admin, "large.png", len(large.content)))
    assert send(admin, path, 0, large.content).status == 204
    ended = call(admin, tasks.create_data, 1, {"image_quality": 70}, upload_finish=True).unwrap()
    assert ended is not None
    assert (sandbox.world.uploads, sandbox.world.arriving) == ({}, {})
    assert settle(admin, ended.rq_id).status is models.RequestStatus.FINISHED
    frames = call(admin, tasks.retrieve_data_meta, 1).unwrap().frames or ()
    assert [(frame.name, frame.width) for frame in frames] == [("large.png", 50), ("small.png", 40)]
    assert announce(admin, "more.png", 1).status == 400


def test_an_end_before_the_last_piece_fails(admin: Transport) -> None:
    call(admin, tasks.create_data, 1, {"client_files": [picture("a.png")]}, upload_multiple=True)
    path = location(announce(admin, "late.png", 10))
    ended = call(admin, tasks.create_data, 1, upload_finish=True).unwrap()
    assert ended is not None
    failed = settle(admin, ended.rq_id)
    assert failed.status is models.RequestStatus.FAILED
    assert "late.png" in failed.message
    assert head(admin, path)[0] == 404


def test_start_and_finish_together_are_one_request(admin: Transport) -> None:
    sent: models.DataRequestDict = {"client_files": [picture("a.png")]}
    ended = call(admin, tasks.create_data, 1, sent, upload_start=True, upload_finish=True).unwrap()
    assert ended is not None
    assert settle(admin, ended.rq_id).status is models.RequestStatus.FINISHED


def cut(content: bytes, cuts: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """A content in pieces, with their offsets."""
    for begin, end in pairwise(
        [0, *sorted(cut % (len(content) + 1) for cut in cuts), len(content)]
    ):
        yield begin, content[begin:end]


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=1, max_size=200), st.lists(st.integers(0, 1000), max_size=8))
def test_any_cutting_gives_the_same_file(content: bytes, cuts: list[int]) -> None:
    sandbox, admin = empty_task()
    path = location(announce(admin, "a.png", len(content)))
    for offset, piece in cut(content, cuts):
        if head(admin, path)[0] == 200:  # a piece of nothing may follow the last one
            assert send(admin, path, offset, piece).status == 204
    assert held(sandbox) == {"a.png": content}


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(st.sampled_from("abcdef"), st.binary(max_size=20), min_size=1),
    st.integers(1, 6),
)
def test_any_batches_give_the_same_files(files: dict[str, bytes], size: int) -> None:
    sandbox, admin = empty_task()
    rows = [File(name, content) for name, content in files.items()]
    for begin in range(0, len(rows), size):
        batch = models.DataRequest(client_files=rows[begin : begin + size])
        sent = call(admin, tasks.create_data, 1, batch, upload_multiple=True)
        assert isinstance(sent, Success)
    assert held(sandbox) == files


def finish(world: World, _: Asked, subject: str, file: Received | None) -> Done:
    """Answer what there is to import."""
    if file is None:
        return invalid(NOT_UPLOADED)
    return done(world, (subject, file.name, file.content), 202)


def import_step(world: World, **params: object) -> Outcome[Outgoing, Refusal]:
    """One step of an upload of annotations, past the reading."""
    headers = {name: str(value) for name, value in params.items() if name[0].isupper()}
    request = Request("POST", ANNOTATIONS, (), headers)
    login = Login(world.accounts[1], "basic")
    asked = Asked(tasks.create_annotations, params, login, world.origin, request)
    return stepped(finish)(world, asked, "it")


def test_a_file_to_be_imported_is_named_by_its_id() -> None:
    sandbox, admin = empty_task()
    begun = import_step(sandbox.world, **{"Upload-Start": ""}).unwrap()
    assert (begun.answer.status, begun.answer.value) == (202, None)
    metadata = f"filename {b64encode(b'coco.json').decode()}"
    headers = {"Upload-Length": "4", "Upload-Metadata": metadata}
    created = import_step(begun.world, **headers).unwrap()
    sandbox.world = created.world
    told = dict(created.answer.headers)
    number = told["Upload-Filename"]
    assert told["Location"] == f"http://localhost:8080{ANNOTATIONS}{number}"
    ended = {"Upload-Finish": "", "filename": number}
    assert import_step(sandbox.world, **ended).failure().body == [NOT_UPLOADED]
    assert send(admin, ANNOTATIONS + number, 0, b"[4]\n").status == 204
    assert head(admin, ANNOTATIONS + number)[0] == 404
    for other in (number[:-1], f"../tasks/1/annotations/{number}", "coco.json", ""):
        refused = import_step(sandbox.world, **{**ended, "filename": other}).failure()
        assert (refused.status, refused.body) == (400, [NOT_UPLOADED])
    imported = import_step(sandbox.world, **ended).unwrap()
    assert imported.answer.value == ("it", "coco.json", b"[4]\n")
    assert imported.world.received == {}
    assert import_step(imported.world, **ended).failure().body == [NOT_UPLOADED]


def test_a_file_to_be_imported_may_come_at_once() -> None:
    sandbox, _ = empty_task()
    sent = models.AnnotationFileRequest(annotation_file=File("a.json", b"[]", "application/json"))
    imported = import_step(sandbox.world, annotation_file_request=sent).unwrap()
    assert imported.answer.value == ("it", "a.json", b"[]")


class Uploading(RuleBasedStateMachine):
    """Two people upload files to one task; a dict of bytes is all that the model knows."""

    paths = Bundle("paths")

    def __init__(self) -> None:
        super().__init__()
        self.sandbox, self.admin = empty_task()
        self.lengths: dict[str, tuple[str, int]] = {}
        self.sent: dict[str, bytes] = {}
        self.whole: dict[str, bytes] = {}

    @rule(target=paths, length=st.integers(0, 6))
    def announced(self, length: int) -> str:
        name = f"{len(self.lengths)}.png"
        path = location(announce(self.admin, name, length))
        self.lengths[path] = name, length
        self.sent[path] = b""
        return path

    @rule(path=paths, content=st.binary(max_size=4), drift=st.sampled_from([0, 0, 0, 1, -1, 3]))
    def a_piece(self, path: str, content: bytes, drift: int) -> None:
        before = self.sent.get(path)
        offset = max(0, len(before or b"") + drift)
        answer = send(self.admin, path, offset, content)
        if before is None:
            assert answer.status == 404
            return
        name, length = self.lengths[path]
        if offset != len(before):
            assert answer.status == 409
        elif len(before) + len(content) > length:
            assert answer.status == 413
        else:
            grown = before + content
            assert (answer.status, answer.headers.get("upload-offset")) == (204, str(len(grown)))
            self.sent[path] = grown
            if len(grown) == length:
                self.whole[name] = self.sent.pop(path)

    @rule(path=paths)
    def the_same_name_again(self, path: str) -> None:
        name, _ = self.lengths[path]
        if name in self.whole:
            assert announce(self.admin, name, 1).status == 409

    @rule(path=paths)
    def a_look(self, path: str) -> None:
        before = self.sent.get(path)
        expected = (404, None) if before is None else (200, str(len(before)))
        assert head(self.admin, path) == expected

    @rule(path=consumes(paths))
    def a_stranger(self, path: str) -> None:
        worker = authenticated(self.sandbox, Basic("worker", "y"), self.sandbox.world.origin)
        assert send(worker, path, 0, b"").status == 403

    @invariant()
    def what_is_held(self) -> None:
        assert held(self.sandbox) == self.whole
        arriving = self.sandbox.world.arriving
        assert {path: b"".join(file.pieces) for path, file in arriving.items()} == self.sent


TestUploading = Uploading.TestCase
TestUploading.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
