"""Paths, queries and headers: what goes out comes back, and nothing leads elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Literal
from urllib.parse import unquote
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cvatfn import Failure, Success, Unset, models
from cvatfn.codecs.params import header_text, param_codec, path_segment, text_of_segment


@given(st.text() | st.text("./\\a%\n", max_size=6))
@example("a/../b")
@example("..\\")
@example("..\n")
def test_a_segment_is_one_segment_and_comes_back(text: str) -> None:
    steps = text.replace("\\", "/").split("/")
    match path_segment(text):
        case Success(segment):
            assert not set("/?#\\ \r\n\x00") & set(segment)
            assert text_of_segment(segment) == text
            assert unquote(segment) == text != ""
            assert not {".", ".."} & {*steps}
        case Failure():
            assert text == "" or {".", ".."} & {*steps} or _lone(text)


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
