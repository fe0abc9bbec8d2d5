"""The sandbox, which is shipped: any request, any form, and any file that is uploaded into it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Final

from python_multipart.multipart import MultipartParser, parse_options_header

from cvatfn import call, models
from cvatfn.api import tasks
from cvatfn.auth import Basic
from cvatfn.codecs.bodies import sent_kind
from cvatfn.codecs.files import File
from cvatfn.codecs.masking import sent_secrets
from cvatfn.codecs.multipart import write_form
from cvatfn.messages import Headers, Request, Response
from cvatfn.outcome import Failure, Success
from cvatfn.testing.sandbox import Sandbox, World, step
from cvatfn.testing.sandbox.files.exports.archives import read_zip, written_zip
from cvatfn.testing.sandbox.files.images import frames_of, inside
from cvatfn.testing.sandbox.files.imports import IMPORTERS
from cvatfn.testing.sandbox.files.manifests import names_in
from cvatfn.testing.sandbox.files.packed import unpacked
from cvatfn.testing.sandbox.files.painted import masks_in
from cvatfn.testing.sandbox.gates.forms import read_form, read_parts
from cvatfn.testing.sandbox.state.media import Received
from cvatfn.transport import authenticated
from tests.fuzzing.target import Tape, Target
from tests.fuzzing.targets.answers import HEADER_TOKENS, endpoints
from tests.fuzzing.targets.codecs import JSON_TOKENS
from tests.sandbox.kit import make_task, picture

__all__ = ["TARGETS", "furnished"]

_LOGIN: Final = ("Authorization", "Basic YWRtaW46czNjcmV0")
_NOT_BUILT: Final = 501
_FIELDS: Final = (
    *("Accept", "Authorization", "Content-Type", "Cookie", "Host", "If-Range", "Origin", "Range"),
    *("Upload-Length", "Upload-Offset", "Upload-Start", "Upload-Finish", "Upload-Multiple"),
    *("Upload-Metadata", "X-CSRFToken", "X-Organization", "If-None-Match", "Tus-Resumable"),
)
_TYPES: Final = (
    "application/json",
    "multipart/form-data; boundary=x",
    "application/offset+octet-stream",
    "text/plain",
    "application/vnd.cvat+json",
)
_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)
_BOUNDARY: Final = "x"
_FORM: Final = f"multipart/form-data; boundary={_BOUNDARY}"
_WORK: Final = 4
"""How often background work is looked at: queued, started, finished, and once more."""


@cache
def furnished() -> World:
    """A world with a task, its data and some annotations."""
    sandbox = Sandbox(World.with_user("admin", "s3cret"))
    cvat = authenticated(sandbox, Basic("admin", "s3cret"), sandbox.world.origin)
    task = make_task(cvat)
    shapes: models.LabeledDataRequestDict = {
        "shapes": [{"type": "rectangle", "frame": 0, "label_id": 1, "points": [1, 2, 11, 22.5]}]
    }
    call(cvat, tasks.update_annotations, task.id, shapes).unwrap()
    return sandbox.world


def _answered(world: World, asked: Request) -> tuple[World, Response]:
    after, response = step(world, asked)
    assert response.status < 500 or response.status == _NOT_BUILT, response.body
    for name, value in response.headers:
        assert "\n" not in name + value
        assert "\r" not in name + value
    return after, response


def _steps(data: bytes) -> None:
    """Ask for anything, several times in a row."""
    tape, world = Tape(data), furnished()
    for _ in range(1 + tape.number(4)):
        endpoint = tape.pick(endpoints())
        path = endpoint.path
        for each in endpoint.parameters:
            if each.place == "path":
                path = path.replace(f"{{{each.wire_name}}}", tape.text()[:200])
        known = [each.wire_name for each in endpoint.parameters if each.place == "query"]
        names = [*known, "org", "org_id", "page", "filter", "sort"]
        query = tuple((tape.pick(names), tape.text()) for _ in range(tape.number(3)))
        fields = tuple((tape.pick(_FIELDS), tape.text()) for _ in range(tape.number(3)))
        login = (_LOGIN,) if tape.number(8) else ()
        kind = ("Content-Type", tape.pick(_TYPES))
        method = endpoint.method if tape.number(8) else tape.pick(("HEAD", "OPTIONS", "PUT", "X"))
        body = tape.line() if tape.number(2) else tape.rest()
        asked = Request(method, path, query, Headers((*login, kind, *fields)), body)
        before = world
        world, response = _answered(before, asked)
        assert step(before, asked) == (world, response), "the same step gives something else"


def _forms(data: bytes) -> None:
    """Read a form: in our way, and by a parser of others."""
    match read_parts(_FORM, data):
        case Failure(wrong):
            assert wrong
        case Success(parts):
            for name, value in parts:
                assert isinstance(name, str)
                assert isinstance(value, str | File)
    sent_secrets(data, _FORM, frozenset({"password"}))
    tape = Tape(data)
    kind = sent_kind(tape.pick([each.body for each in endpoints() if each.body is not None]).type)
    if isinstance(kind, type) and hasattr(kind, "__attrs_attrs__"):
        read_form(kind, _FORM, tape.rest())


def _written_forms(data: bytes) -> None:
    """Write a form of any names and contents: whoever reads it finds the same."""
    tape = Tape(data)
    fields: list[tuple[str, str | File]] = []
    for _ in range(tape.number(5)):
        name = tape.line().decode("utf-8", "replace")
        if tape.number(2):
            content = tape.line() + b"\n" * tape.number(3)
            fields.append((name, File(tape.line().decode("utf-8", "replace"), content)))
        else:
            fields.append((name, tape.line().decode("utf-8", "replace")))
    written = write_form(tuple(fields))
    assert isinstance(written.body, bytes)
    read = read_parts(written.content_type, written.body).unwrap()
    contents = _by_others(written.content_type, written.body)
    assert len(read) == len(contents) == len(fields)
    for (name, value), content, (given, sent) in zip(read, contents, fields, strict=True):
        assert name == _named(given)
        match value, sent:
            case File(), File():
                assert value.name == _named(sent.name)
                assert content == value.content == sent.content
            case str(), str():
                assert value == sent
                assert content == sent.encode()
            case _:
                raise AssertionError(f"{name} became another kind of part")


def _named(name: str) -> str:
    """What of a name a form can say: three escapes may as well be meant."""
    for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%22", '"')):
        name = name.replace(escape, character)
    return name


def _by_others(content_type: str, body: bytes) -> list[bytes]:
    """The contents of a form's parts, as python-multipart reads them."""
    _, options = parse_options_header(content_type)
    contents: list[bytes] = []

    def begin() -> None:
        contents.append(b"")

    def more(data: bytes, start: int, end: int) -> None:
        contents[-1] += data[start:end]

    parser = MultipartParser(
        options[b"boundary"],
        {"on_part_begin": begin, "on_part_data": more},
        max_header_size=1 << 20,
    )
    parser.write(body)
    parser.finalize()
    return contents


def _archives(data: bytes) -> None:
    """Take any file for an archive, a picture, a manifest, or annotations."""
    tape = Tape(data)
    name = tape.pick(("a.zip", "a.tar", "a.tar.gz", "a.png", "a.jpg", "a.jsonl", "a.xml", "a.json"))
    content = tape.rest()
    assert inside(name) == name
    match unpacked([Received(name, content)]):
        case Failure(wrong):
            assert wrong
        case Success(files):
            assert all(".." not in file.name.split("/") for file in files)
            frames_of(files)
    names_in(Received("manifest.jsonl", content))
    masks_in(content)
    entries = read_zip(content)
    for importer in IMPORTERS.values():
        importer.read([(name, content)])
        if isinstance(entries, Success):
            importer.read(entries.unwrap())


def _imports(data: bytes) -> None:
    """Import any annotations into a task, and look at the work until it is over."""
    tape = Tape(data)
    format = tape.pick([*IMPORTERS])
    alone = tape.number(2)
    inner = tape.pick(("annotations.xml", "annotations/instances_default.json", "a.xml"))
    content = tape.rest()
    if not alone:
        content = written_zip([(inner, content)], _DAY)
    file = File(inner.rpartition("/")[2] if alone else "a.zip", content)
    form = write_form((("annotation_file", file),))
    assert isinstance(form.body, bytes)
    fields = (_LOGIN, ("Content-Type", form.content_type))
    query = (("format", format),)
    asked = Request("POST", "/api/tasks/1/annotations", query, Headers(fields), form.body)
    world, _ = _answered(furnished(), asked)
    for _ in range(_WORK):
        world, _ = _answered(world, Request("GET", "/api/requests", (), Headers((_LOGIN,))))
    whole = Request("GET", "/api/tasks/1/annotations", (), Headers((_LOGIN,)))
    _, response = _answered(world, whole)
    assert response.status == 200


def _step_seeds() -> Sequence[bytes]:
    seeds: list[bytes] = []
    for number in range(len(endpoints())):
        places = sum(each.place == "path" for each in endpoints()[number].parameters)
        plain = bytes([0, number]) + b"1\n" * places + b"\0\0\1\0\1\0{}"
        asked = bytes([0, number]) + b"1\n" * places + b"\1\0001\n\1\x11Zm9v\n\1\1\1\0--x--\r\n"
        seeds += [plain, asked] if number % 3 else [plain]
    return seeds


def _form_seeds() -> Sequence[bytes]:
    part = b'--x\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n%b\r\n'
    file = b'; filename="a.png"\r\nContent-Type: image/png'
    return [
        part % (b"image_quality", b"", b"70") + b"--x--\r\n",
        part % (b"client_files[0]", file, b"\x89PNG") + part % (b"name", b"", b"a") + b"--x--\r\n",
        part % (b"a[1]", b"", b"b") + part % (b"a[0]", b"", b"c") + b"--x--",
    ]


@cache
def _tar() -> bytes:
    import tarfile

    written = BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as archive:
        info = tarfile.TarInfo("a/b.png")
        content = _picture()
        info.size = len(content)
        archive.addfile(info, BytesIO(content))
    return written.getvalue()


def _picture() -> bytes:
    content = picture("a.png", (4, 3)).content
    assert isinstance(content, bytes)
    return content


_XML: Final = (
    b"<annotations><version>1.1</version>"
    b'<image id="0" name="1.png" width="40" height="30">'
    b'<box label="cat" xtl="1" ytl="2" xbr="3" ybr="4" occluded="0" z_order="0" rotation="9"/>'
    b'<polygon label="dog" points="1,2;3,4;5,6"/><mask label="cat" rle="1, 2" left="0" top="0" '
    b'width="1" height="3"/><tag label="cat"><attribute name="a">b</attribute></tag>'
    b'<skeleton label="cat"><points label="x" points="1,2"/></skeleton></image>'
    b'<track id="0" label="cat"><box frame="0" xtl="1" ytl="2" xbr="3" ybr="4" outside="1"/>'
    b"</track></annotations>"
)
_COCO: Final = (
    b'{"categories":[{"id":1,"name":"cat"}],"images":[{"id":1,"file_name":"1.png","width":40,'
    b'"height":30}],"annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,2,3,4],'
    b'"segmentation":{"counts":[0,5,1195],"size":[30,40]},"iscrowd":1,"area":5},{"id":2,'
    b'"image_id":1,"category_id":1,"segmentation":[[1,2,3,4,5,6]],"iscrowd":0}]}'
)


def _archive_seeds() -> Sequence[bytes]:
    zipped = written_zip([("a/1.png", _picture()), ("manifest.jsonl", b"{}")], _DAY)
    manifest = b'{"version":"1.1"}\n{"type":"images"}\n{"name":"a","extension":".png"}'
    voc = written_zip(
        [("Annotations/a.xml", b"<annotation><filename>a.png</filename></annotation>")], _DAY
    )
    coco = written_zip([("annotations/instances_default.json", _COCO)], _DAY)
    files = (zipped, _tar(), _tar(), _picture(), _picture(), manifest, _XML, _COCO)
    return [bytes([kind]) + content for kind, content in enumerate(files)] + [
        b"\0" + voc,
        b"\0" + coco,
    ]


def _import_seeds() -> Sequence[bytes]:
    return [
        b"\0\1\1" + _COCO,
        b"\1\1\0" + _XML,
        b"\1\0\0" + _XML,
        b"\0\0\1" + _COCO,
        b"\2\0\2" + _XML,
    ]


_XML_TOKENS: Final = (
    *(b"<image ", b"<box ", b"<polygon ", b"<mask ", b"<track ", b"<tag ", b"<skeleton ", b"/>"),
    *(b"<!DOCTYPE ", b"<!ENTITY ", b"&a;", b'points="', b'rle="', b'frame="', b'label="', b"nan"),
    *(b'"segmentation":', b'"counts":', b'"bbox":', b'"image_id":', b"1e308", b'id="', b"inf"),
    *(b"PK\3\4", b"PK\1\2", b"PK\5\6", b"\x1f\x8b\x08", b"ustar", b"\x89PNG\r\n\x1a\n", b"IHDR"),
)
_UPLOADS: Final = b64encode(b"a.zip")

TARGETS: Final = (
    Target(
        "sandbox",
        "The sandbox answers whatever it is asked, the same each time, and never by a 500.",
        _steps,
        _step_seeds,
        (*JSON_TOKENS, *HEADER_TOKENS, _UPLOADS, b"filename ", b"\n1\n", b"all", b"-id", b"--x"),
    ),
    Target(
        "forms",
        "A form is read as texts and files, or is refused.",
        _forms,
        _form_seeds,
        (b"--x", b"\r\n", b"\r\n\r\n", b'; name="', b'; filename="', b"Content-Type: ", b"[0]"),
    ),
    Target(
        "written-forms",
        "Whatever a form is made of is read from it again, by others too.",
        _written_forms,
        lambda: [b"\2name\n\0text\nfile\n\1content\n\2a.png\n", b'\1a"b\n\1\r--x\n\0c\r\n'],
        (b"--", b"\r\n", b'"', b"\\", b"%22", b"%0D", b"\xc3\xa9", b"\0", b"\1", b"\n"),
    ),
    Target(
        "archives",
        "An uploaded file is unpacked within limits, into its folder, or is refused.",
        _archives,
        _archive_seeds,
        (*JSON_TOKENS, *_XML_TOKENS, b"../", b"/etc/", b"\\"),
    ),
    Target(
        "imports",
        "Whatever is imported, the task can be read afterwards.",
        _imports,
        _import_seeds,
        (*JSON_TOKENS, *_XML_TOKENS),
    ),
)
