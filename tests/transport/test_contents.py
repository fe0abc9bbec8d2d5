"""Bodies that are read while they are sent: whole and as announced, or the server has none."""

from __future__ import annotations

import io
import os
import pickle
import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from io import BytesIO
from pathlib import Path
from typing import TypeAlias, cast

import pytest
from attrs import frozen
from hypothesis import example, given
from hypothesis import strategies as st

from cvatfn import File, Request, Response, call, in_memory, models, prepare
from cvatfn.api import cloudstorages
from cvatfn.auth import Session
from cvatfn.codecs.files import Content, Part, Source
from cvatfn.codecs.multipart import Form, write_form
from cvatfn.errors import ConnectFailed, Rejected, TransportError, Unsendable
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.transport.contents import Unreadable, length_of, pieces_of
from tests.codecs.test_forms import DRAWN, UNSIZED, Pipe, Shelf, Sort, meant, parsed
from tests.transport.conftest import Connect, Serve
from tests.transport.wire import (
    Peer,
    Server,
    always,
    error_of,
    fields_of,
    ok,
    silent,
    value_of,
)

CHUNKED = b"\r\nTransfer-Encoding: chunked\r\n"
pytestmark = pytest.mark.every_loop
"""What is sent while the server may speak takes its turns in another way under each loop."""
END = b"\r\n0\r\n\r\n"
PATIENT = 60.0


def _post(body: Content | bytes, content_type: str = "application/octet-stream") -> Request:
    return Request("POST", "/data", headers={"Content-Type": content_type}, body=body)


def _of(source: Source, start: int | None = None, size: int | None = None) -> Content:
    return Content((Part(source, start, size),))


def _read(content: Content) -> bytes:
    return b"".join(map(bytes, pieces_of(content)))


class Listener:
    """A server that keeps each request that is whole, in chunks or not."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.server = Server(self.hear)

    def hear(self, peer: Peer) -> None:
        while CHUNKED not in peer.head().partition(b"\r\n\r\n")[0] + b"\r\n":
            whole = peer.request()
            if whole is None:
                return
            self.requests.append(whole)
            peer.send(ok())
        seen = b""
        while not peer.head().endswith(END) and peer.head() != seen:
            seen = peer.head()
            peer.pull()
        if peer.head().endswith(END):
            self.requests.append(peer.head())
            peer.send(ok(b"", "Connection: close"))

    @property
    def heard(self) -> bytes:
        return self.requests[-1]

    @property
    def content(self) -> bytes:
        return content_of(self.heard)


def content_of(request: bytes) -> bytes:
    head, _, rest = request.partition(b"\r\n\r\n")
    if CHUNKED not in head + b"\r\n":
        return rest
    whole = b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size, 16)
        whole, rest = whole + rest[:length], rest[length + 2 :]
    return whole


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    opened = Listener()
    with opened.server:
        yield opened


@pytest.fixture
def fresh(stack: ExitStack) -> Listener:
    opened = Listener()
    stack.enter_context(opened.server)
    return opened


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with ExitStack() as stack:
        yield Shelf(tmp_path_factory.mktemp("shelf"), stack)


@given(drawn=DRAWN)
@example(drawn=[("a", Sort("b", b"c" * 300_000, "generator")), ("d", "e")])
@example(drawn=[("a", Sort("b", b"c" * 300_000, "path")), ("d", Sort("e", b"f", "open file"))])
def test_a_form_arrives_as_it_was_meant(
    connect: Connect, listener: Listener, shelf: Shelf, drawn: list[tuple[str, str | Sort]]
) -> None:
    encoded = write_form(shelf.form(drawn))
    with connect(listener.server.url, timeout=PATIENT) as transport:
        value_of(transport(_post(encoded.body, encoded.content_type)))
    fields = fields_of(listener.heard)
    if any(isinstance(held, Sort) and held.source in UNSIZED for _, held in drawn):
        assert fields["transfer-encoding"] == "chunked"
        assert "content-length" not in fields
    else:
        assert fields["content-length"] == str(len(listener.content))
        assert "transfer-encoding" not in fields
    assert parsed(fields["content-type"], listener.content) == meant(drawn)


def test_an_iterator_whose_size_is_told_needs_no_chunks(
    connect: Connect, listener: Listener
) -> None:
    form: Form = (("a", File("b", (piece for piece in (b"12", b"34")), size=4)),)
    encoded = write_form(form)
    with connect(listener.server.url, timeout=PATIENT) as transport:
        value_of(transport(_post(encoded.body, encoded.content_type)))
    assert fields_of(listener.heard)["content-length"] == str(len(listener.content))
    assert parsed(encoded.content_type, listener.content)[1] == [("a", "b", b"1234")]


DATA = bytes(range(256)) * 4
STRETCHES = st.none() | st.integers(0, len(DATA) + 9)


@given(stood=st.integers(0, len(DATA)), start=STRETCHES, size=STRETCHES)
def test_a_part_is_its_stretch_whatever_it_is_read_from(
    shelf: Shelf, stood: int, start: int | None, size: int | None
) -> None:
    path = shelf.path(DATA)
    with path.open("rb") as opened:
        opened.seek(stood)
        buffer = BytesIO(DATA)
        buffer.seek(stood)
        for source, default in ((path, 0), (opened, stood), (buffer, stood)):
            begin = default if start is None else start
            wanted = DATA[begin:] if size is None else DATA[begin : begin + size]
            content = _of(source, start, size)
            assert length_of(content) == (len(wanted) if size is None else size)
            if size is not None and len(wanted) < size:
                with pytest.raises(Unreadable, match=f"ended .* bytes before its {size}"):
                    _read(content)
            else:
                assert _read(content) == _read(content) == wanted
        assert opened.tell() == buffer.tell() == stood
    path.unlink()


@pytest.mark.parametrize(
    ("source", "size"),
    [
        (BytesIO(b"1234"), 4),
        ([b"12", b"", b"34"], 4),
        ([memoryview(b"12345678").cast("I")], 8),
        ([], 0),
        ((b"1234",), 4),
        (iter([b"1234"]), None),
        ({b"1234": 0}.keys(), None),
        (Pipe(b"1234"), None),
    ],
    ids=["file", "list", "words of a view", "nothing", "tuple", "iterator", "keys", "pipe"],
)
def test_a_size_is_known_where_nothing_has_to_be_read_for_it(
    source: Source, size: int | None
) -> None:
    assert length_of(_of(source)) == size
    assert length_of(Content((b"56", Part(source)))) == (None if size is None else size + 2)
    assert len(_read(_of(source))) == (4 if size is None else size)


def test_a_pipe_is_read_to_its_end() -> None:
    end, begin = os.pipe()
    with open(begin, "wb") as written, open(end, "rb") as read:  # noqa: PTH123 - of a descriptor
        written.write(b"1234")
        written.close()
        assert length_of(_of(read)) is None
        assert _read(_of(read)) == b"1234"


def test_a_named_pipe_is_read_to_its_end(
    connect: Connect, tmp_path: Path, listener: Listener
) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(b"1234",))
    writer.start()
    with connect(listener.server.url, timeout=PATIENT) as transport:
        value_of(transport(_post(_of(path))))
    writer.join(PATIENT)
    assert listener.content == b"1234"


def _raising() -> Iterator[bytes]:
    yield b"x" * 1_000_000
    raise RuntimeError("the tape is torn")


def _texts() -> Iterator[bytes]:
    yield cast("bytes", "text")


class Torn:
    """A reader of one's own that breaks."""

    name = "torn.bin"

    def read(self, size: int, /) -> bytes:
        raise LookupError(f"not {size} bytes")


@frozen
class Bad:
    """What cannot be sent, and what is said of it."""

    source: Callable[[Path, ExitStack], Source]
    said: str


def _closed(path: Path, _: ExitStack) -> Source:
    with path.open("rb") as opened:
        pass
    return opened


def _closed_buffer(_: Path, __: ExitStack) -> Source:
    buffer = BytesIO(b"x")
    buffer.close()
    return buffer


def _sent_before(_: Path, __: ExitStack) -> Source:
    content = File("a", (piece for piece in (b"1", b"2"))).content
    assert not isinstance(content, bytes)
    assert _read(_of(content)) == b"12"
    return content


def _opened(mode: str) -> Callable[[Path, ExitStack], Source]:
    def source(path: Path, stack: ExitStack) -> Source:
        # The wrong modes are the point.
        return cast("Source", stack.enter_context(path.open(mode)))

    return source


BAD = {
    "no such file": Bad(lambda path, _: path / "no" / "cat.png", "cat.png' cannot be read: "),
    "missing": Bad(lambda path, _: path.with_name("gone.png"), "gone.png' cannot be read: No such"),
    "a folder": Bad(lambda path, _: path.parent, "' cannot be read: it is a folder"),
    "a NUL in a path": Bad(lambda _, __: Path("a\0b.png"), "'a\\x00b.png' cannot be read: "),
    "opened as text": Bad(_opened("r"), "cat.png' gives no bytes: is it opened with mode 'rb'?"),
    "opened to write": Bad(_opened("ab"), "cat.png' cannot be read: read"),
    "closed": Bad(_closed, "cat.png' cannot be read: ValueError: "),
    "closed buffer": Bad(_closed_buffer, "the BytesIO cannot be read: ValueError: "),
    "text in memory": Bad(
        lambda _, __: cast("Source", io.StringIO("x")), "the StringIO gives no bytes: is it"
    ),
    "raises": Bad(lambda _, __: _raising(), "the generator cannot be read: RuntimeError: the tape"),
    "a reader that raises": Bad(
        lambda _, __: Torn(), "'torn.bin' cannot be read: LookupError: not "
    ),
    "sent before": Bad(_sent_before, "the iterator cannot be read: ValueError: an iterator gives"),
    "texts in a list": Bad(
        lambda _, __: [cast("bytes", "x")], "the list cannot be read: TypeError: memoryview: "
    ),
    "texts in a row": Bad(lambda _, __: _texts(), "the generator cannot be read: TypeError: "),
    "numbers in a list": Bad(
        lambda _, __: [cast("bytes", 5)], "the list cannot be read: TypeError: memoryview: "
    ),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "cat.png"
    found.write_bytes(b"1234")
    return found


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_what_cannot_be_read_is_a_failure_that_says_why(
    connect: Connect, fresh: Listener, stack: ExitStack, path: Path, bad: Bad
) -> None:
    with connect(fresh.server.url, timeout=PATIENT) as transport:
        body = Content((b"--boundary\r\n", Part(bad.source(path, stack)), b"--\r\n"))
        error = error_of(transport(_post(body)))
        assert value_of(transport(Request("GET", "/"))).status == 200
    _is_unsendable(error, bad.said)
    assert [request[:4] for request in fresh.requests] == [b"GET "]


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_without_a_network_it_is_the_same_failure(stack: ExitStack, path: Path, bad: Bad) -> None:
    asked: list[Request] = []

    def handler(request: Request) -> Response:
        asked.append(request)
        return Response(200)

    for transport in (in_memory(handler), Sandbox(World.with_user("ada", "s3cret"))):
        error = error_of(transport(_post(_of(bad.source(path, stack)))))
        _is_unsendable(error, bad.said)
    assert asked == []


def _is_unsendable(error: TransportError, said: str) -> None:
    assert isinstance(error, Unsendable)
    assert not error.may_have_acted
    assert said in error.reason
    assert "\n" not in str(error)
    assert pickle.loads(pickle.dumps(error)) == error  # noqa: S301 - our own


@pytest.mark.parametrize("kept", ["path", "open file"])
def test_what_shrinks_while_it_is_sent_never_arrives_whole(
    connect: Connect, serve: Serve, path: Path, kept: str
) -> None:
    body, close = _changing(path, kept, lambda: os.truncate(path, 1))
    server = serve(always(ok()))
    with close, connect(server.url, timeout=PATIENT) as transport:
        error = error_of(transport(_post(body)))
    assert isinstance(error, Unsendable)
    assert "cat.png' ended 3 bytes before its 4" in error.reason
    assert server.requests == []


@pytest.mark.parametrize("kept", ["path", "open file"])
def test_of_what_grows_while_it_is_sent_goes_what_was_announced(
    connect: Connect, listener: Listener, path: Path, kept: str
) -> None:
    def grow() -> None:
        with path.open("ab") as more:
            more.write(b"5678")

    body, close = _changing(path, kept, grow)
    with close, connect(listener.server.url, timeout=PATIENT) as transport:
        value_of(transport(_post(body)))
    assert listener.content == b"first,1234,last"
    assert fields_of(listener.heard)["content-length"] == "15"
    assert path.read_bytes() == b"12345678"


def _changing(path: Path, kept: str, change: Callable[[], object]) -> tuple[Content, ExitStack]:
    """A body with a file that changes after it was measured and before it is read."""

    def before() -> Iterator[bytes]:
        change()
        yield b"first,"

    stack = ExitStack()
    source: Source = path if kept == "path" else stack.enter_context(path.open("rb"))
    return Content((Part(before(), size=6), Part(source), b",last")), stack


def test_a_list_that_grows_is_held_to_what_was_announced(
    connect: Connect, listener: Listener
) -> None:
    pieces = [b"1234"]

    def before() -> Iterator[bytes]:
        pieces.append(b"5678")
        yield b"first,"

    with connect(listener.server.url, timeout=PATIENT) as transport:
        value_of(transport(_post(Content((Part(before(), size=6), Part(pieces))))))
    assert listener.content == b"first,1234"


def test_an_iterator_that_gives_less_than_it_was_said_to_never_arrives_whole(
    connect: Connect,
    serve: Serve,
) -> None:
    server = serve(always(ok()))
    with connect(server.url, timeout=PATIENT) as transport:
        error = error_of(transport(_post(_of(iter([b"123"]), size=4))))
    assert isinstance(error, Unsendable)
    assert "ended 1 bytes before its 4" in error.reason
    assert server.requests == []


def test_what_cannot_be_put_back_has_no_other_beginning() -> None:
    for source in (Pipe(b"1234"), iter([b"1234"])):
        with pytest.raises(Unreadable, match="from another place"):
            _read(_of(source, start=1))


def test_an_open_file_is_sent_from_where_it_stands_and_put_back(
    connect: Connect, listener: Listener, path: Path
) -> None:
    with path.open("rb") as opened, connect(listener.server.url, timeout=PATIENT) as transport:
        opened.seek(1)
        for _ in range(2):
            value_of(transport(_post(_of(opened))))
            assert (listener.content, opened.tell()) == (b"234", 1)
        value_of(transport(_post(Content((Part(opened), b",", Part(opened, 0, 2))))))
        assert (listener.content, opened.tell()) == (b"234,12", 1)


def test_an_open_file_is_put_back_when_its_body_is_not_sent(
    connect: Connect, serve: Serve, fresh: Listener, path: Path
) -> None:
    path.write_bytes(bytes(5_000_000))

    def refusing(peer: Peer) -> None:
        peer.head()
        peer.reset()

    with Server(silent) as closed:
        nobody = closed.url
    with path.open("rb") as opened:
        opened.seek(1)
        torn = Content((Part(opened), Part(Torn())))
        tries: list[tuple[str, Content]] = [
            (serve(refusing).url, _of(opened)),
            (fresh.server.url, torn),
            (nobody, _of(opened)),
        ]
        for url, body in tries:
            with connect(url, timeout=PATIENT) as transport:
                error_of(transport(_post(body)))
            assert opened.tell() == 1


def test_an_iterator_that_met_no_server_can_be_sent_once_more(
    connect: Connect, listener: Listener
) -> None:
    encoded = write_form((("a", File("b", (piece for piece in (b"12", b"34")))),))
    asked = _post(encoded.body, encoded.content_type)
    with Server(silent) as closed:
        pass
    with connect(closed.url) as transport:
        assert isinstance(error_of(transport(asked)), ConnectFailed)
    with connect(listener.server.url, timeout=PATIENT) as transport:
        value_of(transport(asked))
        assert parsed(encoded.content_type, listener.content)[1] == [("a", "b", b"1234")]
        assert isinstance(error_of(transport(asked)), Unsendable)


LARGE = 100_000_000


class Counter:
    """A server that takes no more memory than the request."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._count)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.counted = 0
        self.head = b""
        self._thread.start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(PATIENT)
        self._listener.close()

    def _count(self) -> None:
        with suppress(OSError):
            sock, _ = self._listener.accept()
            with sock:
                self._serve(sock)

    def _serve(self, sock: socket.socket) -> None:
        while b"\r\n\r\n" not in self.head:
            self.head += sock.recv(1)
        buffer, tail = bytearray(1 << 16), b""
        chunked = b"chunked" in self.head
        while self.counted < LARGE or (chunked and not tail.endswith(END)):
            count = sock.recv_into(buffer)
            if not count:
                return
            tail = (tail + bytes(buffer[max(0, count - 9) : count]))[-9:]
            self.counted += count
        sock.sendall(ok())


@pytest.fixture
def counter() -> Iterator[Counter]:
    opened = Counter()
    yield opened
    opened.close()


def _chunks() -> Iterator[bytes]:
    piece = bytes(1_000_000)
    return (piece for _ in range(LARGE // len(piece)))


Large: TypeAlias = Callable[[Path, ExitStack], Source]
LARGE_SOURCES: dict[str, Large] = {
    "path": lambda path, _: path,
    "open file": lambda path, stack: stack.enter_context(path.open("rb")),
    "iterator": lambda _, __: _chunks(),
}


@pytest.mark.parametrize("source", LARGE_SOURCES.values(), ids=LARGE_SOURCES.keys())
def test_memory_stays_small_however_large_a_file_is(
    connect: Connect, tmp_path: Path, stack: ExitStack, counter: Counter, source: Large
) -> None:
    path = tmp_path / "video.mp4"
    with path.open("wb") as sparse:
        sparse.truncate(LARGE)
    body = _of(source(path, stack))
    with connect(counter.url, timeout=(None, PATIENT)) as transport:
        tracemalloc.start()
        try:
            response = value_of(transport(_post(body)))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert response.status == 200
    assert peak < 10_000_000
    if length_of(body) is None:
        assert b"chunked" in counter.head
        assert LARGE < counter.counted < LARGE * 1.001
    else:
        assert b"Content-Length: %d\r\n" % LARGE in counter.head
        assert counter.counted == LARGE


MUCH = 50_000_000
LONG_ENOUGH_TO_FILL_A_SOCKET = 0.2
"""Where it is not, the answer is there before the client is stuck: that must do as well."""


def _in_pieces() -> Iterator[bytes]:
    return (bytes(MUCH // 50) for _ in range(50))


@pytest.mark.parametrize("interim", [b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"])
@pytest.mark.parametrize(
    "body",
    [lambda: bytes(MUCH), lambda: _of(BytesIO(bytes(MUCH))), lambda: _of(_in_pieces())],
    ids=["bytes", "buffer", "iterator"],
)
def test_a_server_that_refuses_and_reads_no_more_is_heard(
    connect: Connect, serve: Serve, interim: bytes, body: Callable[[], Content | bytes]
) -> None:
    def behaviour(peer: Peer) -> None:
        if peer.head().startswith(b"GET"):
            peer.send(ok(b"next"))
            return
        peer.send(interim)
        threading.Event().wait(LONG_ENOUGH_TO_FILL_A_SOCKET)
        peer.send(ok(b"too much", status="413 Payload Too Large"))
        peer.pause()

    server = serve(behaviour)
    with connect(server.url, timeout=(None, PATIENT)) as transport:
        response = value_of(transport(_post(body())))
        assert (response.status, response.body) == (413, b"too much")
        assert value_of(transport(Request("GET", "/"))).body == b"next"
    assert server.connections == 2


@pytest.mark.parametrize("sized", [True, False], ids=["length", "chunks"])
def test_an_interim_answer_does_not_stop_the_sending(
    connect: Connect, fresh: Listener, sized: bool
) -> None:
    said = threading.Event()

    def behaviour(peer: Peer) -> None:
        peer.head()
        peer.send(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
        said.set()
        fresh.hear(peer)

    def pieces() -> Iterator[bytes]:
        yield b"1" * 300_000
        assert said.wait(PATIENT)
        for _ in range(10):
            yield b"2" * 200_000

    with Server(behaviour) as server, connect(server.url, timeout=(None, PATIENT)) as transport:
        asked = _post(_of(pieces(), size=2_300_000 if sized else None))
        assert value_of(transport(asked)).status == 200
        assert value_of(transport(Request("GET", "/"))).status == 200
    assert content_of(fresh.requests[0]) == b"1" * 300_000 + b"2" * 2_000_000
    assert server.connections == (1 if sized else 2)  # it closes after chunks


@pytest.mark.parametrize(
    ("method", "named"),
    [
        *((method, False) for method in ("GET", "HEAD", "OPTIONS")),
        *((method, True) for method in ("POST", "PUT", "PATCH", "DELETE")),
    ],
)
def test_who_writes_names_its_origin(
    connect: Connect, serve: Serve, method: str, named: bool
) -> None:
    server = serve(always(ok()))
    session = Session("sessionid", "csrftoken")
    for auth in (None, session):
        with connect(f"{server.url}/cvat/", auth=auth) as transport:
            value_of(transport(Request(method, "/api/tasks")))
    for request in server.requests:
        assert request.lower().count(b"\r\norigin: ") == named
        assert fields_of(request).get("origin") == (server.url if named else None)


def test_an_origin_of_ones_own_wins(connect: Connect, serve: Serve) -> None:
    server = serve(always(ok()))
    with connect(server.url, headers={"Origin": "https://cvat.example"}) as transport:
        value_of(transport(Request("POST", "/")))
        value_of(transport(Request("POST", "/", headers={"origin": "https://other.example"})))
    origins = [fields_of(request)["origin"] for request in server.requests]
    assert origins == ["https://cvat.example", "https://other.example"]


def _storage(key_file: File) -> models.CloudStorageWriteRequest:
    return models.CloudStorageWriteRequest(
        provider_type="AWS_S3_BUCKET",
        resource="cats",
        display_name="cats",
        credentials_type="KEY_SECRET_KEY_PAIR",
        session_token="hunter3",
        secret_key="hunter2",
        key_file=key_file,
    )


ECHOES = [
    (b"no bucket for hunter2 and hunter3!", "text/plain"),
    (b'{"secret_key":"hunter2","detail":"hunter3?"}', "application/json"),
]


@pytest.mark.parametrize(("echo", "content_type"), ECHOES)
@pytest.mark.parametrize("kind", ["path", "open file", "iterator"])
def test_a_rejection_of_a_form_with_a_file_holds_no_secret(
    connect: Connect,
    serve: Serve,
    stack: ExitStack,
    path: Path,
    echo: bytes,
    content_type: str,
    kind: str,
) -> None:
    sources: dict[str, Source] = {
        "path": path,
        "open file": stack.enter_context(path.open("rb")),
        "iterator": iter([b"1234"]),
    }
    refusal = ok(echo, f"Content-Type: {content_type}", "Connection: close", status="400 No")
    spec = _storage(File("key.json", sources[kind], size=4))
    with connect(serve(always(refusal)).url, timeout=PATIENT) as transport:
        error = call(transport, cloudstorages.create, spec).failure()
    assert isinstance(error, Rejected)
    assert error.request is not None
    assert error.request.body is None
    _holds_no_secret(error)
    assert "***" in str(error)


def test_an_unsendable_form_holds_no_secret(connect: Connect, serve: Serve, path: Path) -> None:
    spec = _storage(File("key.json", path.with_name("gone.json")))
    with connect(serve(always(ok())).url, timeout=PATIENT) as transport:
        error = call(transport, cloudstorages.create, spec).failure()
    assert isinstance(error, Unsendable)
    assert error.endpoint == "cloudstorages.create"
    assert "gone.json" in error.reason
    _holds_no_secret(error)


def test_a_lost_form_holds_no_secret(connect: Connect, serve: Serve, path: Path) -> None:
    asked = prepare(cloudstorages.create, _storage(File("key.json", path))).unwrap()
    with connect(serve(silent).url, timeout=0.1) as transport:
        _holds_no_secret(error_of(transport(asked)))


def test_a_request_with_a_file_shows_neither_secrets_nor_contents(path: Path) -> None:
    asked = prepare(cloudstorages.create, _storage(File("key.json", path))).unwrap()
    assert isinstance(asked.body, Content)
    assert "hunter" not in f"{asked!r}{asked.body!r}"
    assert pickle.loads(pickle.dumps(asked)) == asked  # noqa: S301 - our own


def _holds_no_secret(error: object) -> None:
    pickled = pickle.dumps(error)
    assert pickle.loads(pickled) == error  # noqa: S301 - our own
    for shown in (str(error), repr(error), repr(pickled)):
        assert "hunter" not in shown
