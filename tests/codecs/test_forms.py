"""Forms, as an independent parser reads them: whatever a file is made of, its bytes arrive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

import pytest
from attrs import frozen
from hypothesis import example, given
from hypothesis import strategies as st
from python_multipart import parse_form
from python_multipart.multipart import Field
from python_multipart.multipart import File as Upload

from cvatfn import UNSET, Endpoint, File, Request, catalogue, models, prepare
from cvatfn.api import tasks
from cvatfn.codecs.bodies import sent_kind
from cvatfn.codecs.building import reached
from cvatfn.codecs.files import (
    Content,
    Source,
    as_file,
    is_path,
    is_readable,
    is_seekable,
    is_source,
)
from cvatfn.codecs.multipart import Form, form, write_form
from cvatfn.errors import InvalidParams
from cvatfn.transport.contents import length_of, pieces_of

MULTIPART = "multipart/form-data"
SIZED = ("bytes", "path", "open file", "buffer", "list")
UNSIZED = ("generator", "pipe")

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20)
FIELDS = NAMES.filter(lambda name: "\\" not in name)  # parsers differ, and no field of CVAT has one
TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)

Parsed: TypeAlias = tuple[list[tuple[str, str]], list[tuple[str, str, bytes]]]


@frozen
class Sort:
    """A file to be: its name, its bytes, and what it is to be read from."""

    name: str
    data: bytes
    source: str


SORTS = st.builds(Sort, NAMES, st.binary(max_size=200), st.sampled_from(SIZED + UNSIZED))
DRAWN = st.lists(st.tuples(FIELDS, TEXTS | SORTS), max_size=6)


class Pipe:
    """What can be read, and neither be measured nor be put back."""

    def __init__(self, data: bytes) -> None:
        self._data = BytesIO(data)

    def read(self, size: int, /) -> bytes:
        return self._data.read(min(size, 7))


class Shelf:
    """Makes files of every sort; what was opened is closed with it."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack

    def path(self, data: bytes) -> Path:
        path = self._folder / str(sum(1 for _ in self._folder.iterdir()))
        path.write_bytes(data)
        return path

    def file(self, sort: Sort) -> File:
        return File(sort.name, self._source(sort), "image/png")

    def form(self, drawn: list[tuple[str, str | Sort]]) -> Form:
        return tuple((n, held if isinstance(held, str) else self.file(held)) for n, held in drawn)

    def _source(self, sort: Sort) -> bytes | Source:
        data = sort.data
        pieces = [data[:3], b"", data[3:]]
        match sort.source:
            case "bytes":
                return data
            case "path":
                return self.path(data)
            case "open file":
                return self._stack.enter_context(self.path(data).open("rb"))
            case "buffer":
                return BytesIO(data)
            case "list":
                return pieces
            case "generator":
                return (piece for piece in pieces)
            case _:
                return Pipe(data)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with ExitStack() as stack:
        yield Shelf(tmp_path_factory.mktemp("shelf"), stack)


def parsed(content_type: str, body: bytes) -> Parsed:
    """Texts and files, as python-multipart reads them."""
    texts: list[tuple[str, str]] = []
    files: list[tuple[str, str, bytes]] = []

    def on_field(field: Field) -> None:
        texts.append(((field.field_name or b"").decode(), (field.value or b"").decode()))

    def on_file(file: Upload) -> None:
        file.file_object.seek(0)
        name = (file.file_name or b"").decode()
        files.append(((file.field_name or b"").decode(), name, file.file_object.read()))

    parse_form({"Content-Type": content_type.encode()}, BytesIO(body), on_field, on_file)
    return texts, files


def meant(drawn: list[tuple[str, str | Sort]]) -> Parsed:
    """What a parser should make of it."""
    texts = [(_quoted(name), held) for name, held in drawn if isinstance(held, str)]
    files = [
        (_quoted(name), _quoted(held.name), held.data)
        for name, held in drawn
        if isinstance(held, Sort)
    ]
    return texts, files


def sent(body: bytes | Content | None) -> bytes:
    if isinstance(body, Content):
        return b"".join(map(bytes, pieces_of(body)))
    assert body is not None
    return body


def _quoted(name: str) -> str:
    """As browsers say it."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


@given(drawn=DRAWN)
@example(drawn=[("a", Sort('"\r\n--\\', b"\r\n--", "path")), ("a", "\r\n--")])
def test_an_independent_parser_reads_the_form(
    shelf: Shelf, drawn: list[tuple[str, str | Sort]]
) -> None:
    encoded = write_form(shelf.form(drawn))
    sources = [held.source for _, held in drawn if isinstance(held, Sort)]
    assert isinstance(encoded.body, bytes) == (set(sources) <= {"bytes"})
    length = length_of(encoded.body) if isinstance(encoded.body, Content) else len(encoded.body)
    body = sent(encoded.body)
    assert length == (None if set(sources) & set(UNSIZED) else len(body))
    assert parsed(encoded.content_type, body) == meant(drawn)
    boundary = encoded.content_type.partition("boundary=")[2].encode()
    assert body.count(boundary) == len(drawn) + 1


@given(drawn=DRAWN)
def test_the_same_form_is_written_the_same(
    shelf: Shelf, drawn: list[tuple[str, str | Sort]]
) -> None:
    fields = shelf.form([(n, h) for n, h in drawn if isinstance(h, str) or h.source in SIZED])
    once, again = write_form(fields), write_form(fields)
    assert once.content_type == again.content_type
    assert sent(once.body) == sent(once.body) == sent(again.body)


def test_a_form_that_holds_the_boundary_of_another_has_one_of_its_own() -> None:
    first = write_form((("a", "x"),))
    assert isinstance(first.body, bytes)
    second = write_form((("a", first.body.decode()),))
    assert parsed(second.content_type, sent(second.body)) == ([("a", first.body.decode())], [])


@pytest.mark.parametrize("content_type", ["image/png\r\nX: y", "image/png\r\n\r\n", "a\x00b"])
def test_a_media_type_adds_no_line(content_type: str) -> None:
    encoded = write_form((("a", File("b", b"c", content_type)),))
    assert parsed(encoded.content_type, sent(encoded.body)) == ([], [("a", "b", b"c")])
    assert len(sent(encoded.body).split(b"\r\n")) == 7


def test_half_a_character_in_a_name_is_no_reason_to_raise() -> None:
    encoded = write_form((("a", File("\ud800.png", b"c")),))
    assert parsed(encoded.content_type, sent(encoded.body)) == ([], [("a", "?.png", b"c")])


def test_a_form_names_what_it_cannot_carry() -> None:
    spec = models.DataRequest(
        image_quality=70,
        client_files=[File("a.png", b"1"), b"2"],
        job_file_mapping=[["a.png"]],
        validation_params={"mode": "gt"},
        use_cache=True,
    )
    problems = form(spec).failure()
    assert [problem.path for problem in problems] == ["$.job_file_mapping", "$.validation_params"]


def test_a_form_holds_arrays_as_cvat_reads_them() -> None:
    spec = models.DataRequest(
        image_quality=70, client_files=[File("a.png", b"1"), b"2"], use_cache=True
    )
    fields = dict(form(spec).unwrap())
    assert fields["image_quality"] == "70"
    assert fields["use_cache"] == "true"
    assert fields["client_files[0]"] == File("a.png", b"1")
    assert fields["client_files[1]"] == File("file", b"2")
    assert spec.chunk_size is UNSET
    assert "chunk_size" not in fields


STORAGE = {
    "provider_type": "AWS_S3_BUCKET",
    "resource": "cats",
    "display_name": "cats",
    "credentials_type": "KEY_FILE_PATH",
}
WITH_A_FILE: dict[type, Callable[[Path], dict[str, object]]] = {
    models.AnnotationFileRequest: lambda path: {"annotation_file": path},
    models.AssetWriteRequest: lambda path: {"file": path, "guide_id": 1},
    models.CloudStorageWriteRequest: lambda path: {**STORAGE, "key_file": path},
    models.DataRequest: lambda path: {"image_quality": 70, "client_files": [path]},
    models.DatasetFileRequest: lambda path: {"dataset_file": path},
    models.PatchedCloudStorageWriteRequest: lambda path: {"key_file": path},
    models.ProjectFileRequest: lambda path: {"project_file": path},
    models.TaskFileRequest: lambda path: {"task_file": path},
}
WITHOUT: dict[str, object] = {"version": 1, "tags": [], "shapes": [], "tracks": []}

FORMS = [
    endpoint
    for endpoint in catalogue()
    if endpoint.body is not None and MULTIPART in endpoint.body.content_types
]
OF_FILES = [
    endpoint
    for endpoint in FORMS
    if endpoint.body is not None and any(kind is File for kind in reached(endpoint.body.type))
]
CREATE_DATA = next(endpoint for endpoint in FORMS if endpoint.name == "tasks.create_data")


def test_thirteen_endpoints_take_forms_and_nine_of_them_files() -> None:
    assert (len(FORMS), len(OF_FILES)) == (13, 9)


def _prepared(endpoint: Endpoint[..., object], body: object) -> Request:
    assert endpoint.body is not None
    path = {parameter.name: 1 for parameter in endpoint.parameters if parameter.place == "path"}
    query: dict[str, object] = {}
    if endpoint.name.endswith("partial_update_annotations"):
        query["action"] = "create"
    return prepare(endpoint, **path, **query, **{endpoint.body.name: body}).unwrap()


@pytest.mark.parametrize("endpoint", OF_FILES, ids=lambda endpoint: endpoint.name)
@pytest.mark.parametrize("wrapped", [True, False], ids=["file", "path"])
def test_a_file_goes_as_a_form(
    tmp_path: Path, endpoint: Endpoint[..., object], wrapped: bool
) -> None:
    path = tmp_path / "cäts.zip"
    path.write_bytes(b"\x00\r\n--")
    assert endpoint.body is not None
    kind = sent_kind(endpoint.body.type)
    assert isinstance(kind, type)
    fields = WITH_A_FILE[kind](path)
    asked = _prepared(endpoint, kind(**fields) if wrapped else fields)
    assert isinstance(asked.body, Content)
    content_type = asked.headers.get("content-type") or ""
    texts, files = parsed(content_type, sent(asked.body))
    (holder,) = (name for name, held in fields.items() if held in (path, [path]))
    name = f"{holder}[0]" if fields[holder] == [path] else holder
    assert files == [(name, "cäts.zip", b"\x00\r\n--")]
    assert dict(texts) == {name: str(held) for name, held in fields.items() if name != holder}
    assert length_of(asked.body) == len(sent(asked.body))


@pytest.mark.parametrize(
    ("endpoint", "body"),
    [
        *((endpoint, WITHOUT) for endpoint in FORMS if endpoint not in OF_FILES),
        *((e, STORAGE) for e in FORMS if e.name.startswith("cloudstorages")),
        (tasks.create_data, {"image_quality": 70, "server_files": ["a.png"]}),
    ],
    ids=lambda given: given.name if isinstance(given, Endpoint) else "",
)
def test_what_holds_no_file_goes_as_json(
    endpoint: Endpoint[..., object], body: dict[str, object]
) -> None:
    asked = _prepared(endpoint, body)
    assert asked.headers.get("content-type") == "application/json"
    assert isinstance(asked.body, bytes)
    assert asked.body.startswith(b"{")


def test_what_is_nested_beside_a_file_is_refused_with_the_way_out() -> None:
    spec = models.DataRequest(
        image_quality=70,
        client_files=[Path("a.png")],
        validation_params={"mode": "gt", "frame_selection_method": "manual", "frames": ["a.png"]},
    )
    refused = prepare(tasks.create_data, 1, data_request=spec).failure()
    assert isinstance(refused, InvalidParams)
    (problem,) = refused.problems
    assert problem.path.endswith(".validation_params")
    assert "upload_data" in str(refused)


class Proxy:
    """Has all that a file has, and none of it in its class, as `NamedTemporaryFile` does."""

    def __init__(self, file: object) -> None:
        self._file = file

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)


def test_what_names_itself_is_called_so(tmp_path: Path) -> None:
    path = tmp_path / "cat.png"
    path.write_bytes(b"1234")
    with path.open("rb") as opened:
        taken = [path, opened, Proxy(opened), BytesIO(b"1234"), b"1234"]
        spec: dict[str, object] = {"image_quality": 70, "client_files": taken}
        asked = _prepared(CREATE_DATA, spec)
        _, files = parsed(asked.headers.get("content-type") or "", sent(asked.body))
    names = ["cat.png", "cat.png", "cat.png", "file", "file"]
    assert files == [(f"client_files[{i}]", name, b"1234") for i, name in enumerate(names)]


class Place:
    """What stands for a path and is no `Path`."""

    def __init__(self, path: str | bytes) -> None:
        self._path = path

    def __fspath__(self) -> str | bytes:
        return self._path


def test_a_path_is_one_in_text() -> None:
    assert (is_path(Place("a/cat.png")), is_path(Place(b"a/cat.png"))) == (True, False)
    place: object = Place("a/cat.png")
    assert as_file(place) == File("cat.png", place)  # type: ignore[arg-type]  # a text, as said
    assert as_file(Place(b"a/cat.png")) is None
    for no_path in ("a/cat.png", b"a/cat.png", None, Place):
        assert not is_path(no_path)


def test_what_can_be_read_and_put_back() -> None:
    for value, read, put_back in (
        (BytesIO(b"1"), True, True),
        (Proxy(BytesIO(b"1")), True, True),
        (Pipe(b"1"), True, False),
        (BytesIO, False, False),
        (b"1", False, False),
        ([b"1"], False, False),
    ):
        assert (is_readable(value), is_seekable(value)) == (read, put_back)


def test_bytes_come_from_all_but_texts() -> None:
    for source in (Path("a"), Place("a"), BytesIO(), Pipe(b""), [b"1"], iter([b"1"])):
        assert is_source(source)
    for none in ("a", b"a", bytearray(b"a"), memoryview(b"a"), 5, None, Place(b"a")):
        assert not is_source(none)


@pytest.mark.parametrize("no_file", ["cat.png", 5, None, bytearray(b"x"), ["cat.png"]])
def test_what_is_no_file_is_refused_before_it_is_sent(no_file: object) -> None:
    spec: dict[str, object] = {"image_quality": 70, "client_files": [no_file]}
    refused = prepare(CREATE_DATA, 1, spec).failure()
    assert isinstance(refused, InvalidParams)
    assert "client_files[0]" in str(refused)
