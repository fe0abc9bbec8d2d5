"""Paths, queries, headers and forms: what goes out comes back, and nothing leads elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import Literal
from urllib.parse import unquote
from uuid import UUID

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from python_multipart import parse_form
from python_multipart.multipart import Field
from python_multipart.multipart import File as Upload

from cvatfn import UNSET, Failure, File, Success, Unset, models
from cvatfn.codecs.multipart import form, write_form
from cvatfn.codecs.params import header_text, param_codec, path_segment, text_of_segment


@given(st.text())
def test_a_segment_is_one_segment_and_comes_back(text: str) -> None:
    match path_segment(text):
        case Success(segment):
            assert not set("/?#\\ \r\n\x00") & set(segment)
            assert text_of_segment(segment) == text
            assert unquote(segment) not in (".", "..", "")
        case Failure():
            assert text in (".", "..", "") or "\ud800" <= max(text) <= "\udfff" or _lone(text)


def _lone(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


@given(st.text())
def test_a_header_that_passes_holds_one_line(text: str) -> None:
    match header_text(text):
        case Success(fit):
            assert fit == text.strip() == text
            assert not set("\r\n\x00") & set(fit)
            fit.encode("latin-1")
        case Failure(reason):
            assert reason


MOMENTS = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5.5))]))
KINDS = [
    (int, st.integers(-(10**300), 10**300)),
    (str, st.text(st.characters(codec="utf-8"))),
    (bool, st.booleans()),
    (float, st.floats(allow_nan=False, allow_infinity=False)),
    (datetime, MOMENTS),
    (UUID, st.uuids()),
    (models.JobStage, st.sampled_from(models.JobStage)),
    (int | Literal["all"] | Unset, st.integers() | st.just("all")),
    (tuple[int, ...], st.lists(st.integers()).map(tuple)),
]


@pytest.mark.parametrize(("kind", "drawn"), KINDS, ids=lambda kind: str(kind)[:40])
@given(data=st.data())
def test_a_parameter_comes_back(
    kind: object, drawn: st.SearchStrategy[object], data: st.DataObject
) -> None:
    value = data.draw(drawn)
    texts = param_codec(kind).encode(value).unwrap()
    assert param_codec(kind).decode(texts) == Success(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (int, "5"),
        (int, True),
        (int, 1.0),
        (int, 1 << 5000),
        (str, 5),
        (str, "\ud800"),
        (bool, 1),
        (float, float("nan")),
        (datetime, datetime(2026, 1, 1)),  # the missing zone is the point
        (models.JobStage, "annotation"),
        (Literal["all"], "none"),
        (tuple[int, ...], 3),
    ],
)
def test_what_does_not_fit_is_a_failure(kind: object, value: object) -> None:
    assert isinstance(param_codec(kind).encode(value), Failure)


@pytest.mark.parametrize("text", ["", " 1", "+1", "1_0", "٣", "0x1", "1.0"])
def test_only_plain_integers_are_read(text: str) -> None:
    assert isinstance(param_codec(int).decode((text,)), Failure)


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20)
FILES = st.builds(File, NAMES, st.binary(max_size=200))
FORMS = st.lists(
    st.tuples(st.sampled_from(["a", "client_files[0]", "name"]), st.text(max_size=30) | FILES),
    max_size=6,
).filter(lambda fields: not any(isinstance(held, str) and _lone(held) for _, held in fields))


@given(FORMS)
def test_an_independent_parser_reads_the_form(fields: list[tuple[str, str | File]]) -> None:
    encoded = write_form(tuple(fields))
    texts: list[tuple[str, str]] = []
    files: list[tuple[str, File]] = []

    def on_field(field: Field) -> None:
        texts.append(((field.field_name or b"").decode(), (field.value or b"").decode()))

    def on_file(file: Upload) -> None:
        file.file_object.seek(0)
        name = (file.file_name or b"").decode()
        files.append(((file.field_name or b"").decode(), File(name, file.file_object.read())))

    headers = {"Content-Type": encoded.content_type.encode()}
    parse_form(headers, BytesIO(encoded.body), on_field, on_file)
    assert texts == [(name, held) for name, held in fields if isinstance(held, str)]
    assert files == [
        (name, evolve(held, name=_as_browsers_say(held.name)))
        for name, held in fields
        if isinstance(held, File)
    ]


def _as_browsers_say(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


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
